"""Dagster's event log in SQLite, with one engine a database instead of one an event.

Dagster's own storage makes a new SQLAlchemy engine for every event it writes or reads, so that no
statement's compilation is ever reused. Over the 500 events of a small night that was half of the
CPU time of its process; the events, their tables and their files are the same.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData

#: How long a writer waits for another (seconds): the webserver reads while a night writes.
BUSY_SECONDS = 60


@cache
def _engine(url: str) -> sa.Engine:
    return sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": BUSY_SECONDS})


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
            engine = _engine(self.conn_string_for_shard(shard))
            # A run's database goes when house is kept, also while another process knows it.
            gone = not Path(self.path_for_shard(shard)).exists()
            if gone or shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection
