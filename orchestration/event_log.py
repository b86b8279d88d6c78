"""Dagster's event log in SQLite, with its databases kept open instead of opened for every event.

Dagster's own storage makes a new SQLAlchemy engine and a new connection for every event it writes
or reads: no statement's compilation is reused, and each time the last connection to a database
closes, SQLite copies its write-ahead log back and waits for the disk. Over the 800 events of a
small night that was half of its CPU time and most of its waiting; the events, their tables
and their files are the same.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData

#: How long a writer waits for another (seconds): the webserver reads while a night writes.
BUSY_SECONDS = 60
#: Databases kept open: the index, and those of the runs that are written or looked at.
OPEN_DATABASES = 8


class _Engines:
    """The engines of the databases used last, one connection each; the others are closed."""

    def __init__(self) -> None:
        self._engines: OrderedDict[str, sa.Engine] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, url: str) -> sa.Engine:
        """The engine of a database."""
        with self._lock:
            engine = self._engines.pop(url, None) or self._made(url)
            self._engines[url] = engine
            if len(self._engines) > OPEN_DATABASES:
                _, unused = self._engines.popitem(last=False)
                unused.dispose()
            return engine

    def close(self, url: str) -> None:
        """Closes a database that is no more: it would be written to without a name."""
        with self._lock:
            if engine := self._engines.pop(url, None):
                engine.dispose()

    @staticmethod
    def _made(url: str) -> sa.Engine:
        engine = sa.create_engine(
            url, pool_size=1, max_overflow=-1, connect_args={"timeout": BUSY_SECONDS}
        )
        sa.event.listen(engine, "connect", _settle)
        return engine


def _settle(connection: Any, _record: Any) -> None:
    """A killed process loses no event; a machine without power may lose the last few, no more."""
    cursor = connection.cursor()
    cursor.execute("pragma synchronous = normal")
    cursor.close()


_engines = _Engines()


class EventLog(SqliteEventLogStorage):
    """SQLite event log storage that keeps its engines."""

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> EventLog:
        """Makes the storage from `dagster.yaml`, whose `base_dir` is the instance's folder."""
        runs = Path(config_value["base_dir"]) / "history" / "runs"
        return cls(base_dir=str(runs), inst_data=inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Generator[sa.Connection, None, None]:
        with self._db_lock:
            url = self.conn_string_for_shard(shard)
            # A run's database goes when house is kept, also while another process knows it.
            gone = not Path(self.path_for_shard(shard)).exists()
            if gone:
                _engines.close(url)
            engine = _engines.of(url)
            if gone or shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection
