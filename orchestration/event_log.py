"""Dagster's event log in SQLite, with its databases kept open instead of opened for every event.

Dagster's own storage makes a new SQLAlchemy engine and a new connection for every event it writes
or reads: no statement's compilation is reused, and each time the last connection to a database
closes, SQLite copies its write-ahead log back and waits for the disk. Over the 800 events of a
small night that was half of its CPU time and most of its waiting; the events, their tables
and their files are the same.

An event is written to its run's database and, where it tells of an asset, by several transactions
to the index. Here all of an event is one transaction a database. What Dagster asks the database
before each, whether a table and a column are there, is asked once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dagster import AssetKey, EventLogRecord
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData, deserialize_value

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

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._writing = threading.local()
        self._seen: set[tuple[str, str]] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> EventLog:
        """Makes the storage from `dagster.yaml`, whose `base_dir` is the instance's folder."""
        runs = Path(config_value["base_dir"]) / "history" / "runs"
        return cls(base_dir=str(runs), inst_data=inst_data)

    def store_event(self, event: EventLogEntry) -> None:
        """Stores an event, in one transaction of each database that has to do with it."""
        with self._in_one_transaction():
            super().store_event(event)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Stores events in one transaction of each database that has to do with them."""
        with self._in_one_transaction():
            for event in events:
                super().store_event(event)

    @contextmanager
    def _in_one_transaction(self) -> Generator[None, None, None]:
        """Has what the block writes be one transaction of each database."""
        with self._db_lock, ExitStack() as databases:
            opened: dict[str, sa.Connection] = {}

            def of(shard: str) -> sa.Connection:
                if shard not in opened:
                    opened[shard] = databases.enter_context(self._opened(shard))
                return opened[shard]

            self._writing.connection_of = of
            try:
                yield
            finally:
                self._writing.connection_of = None

    def has_table(self, table_name: str) -> bool:
        """Whether a table is there; one that is stays."""
        return self._is_there(
            "table", table_name, lambda: super(EventLog, self).has_table(table_name)
        )

    def has_secondary_index(self, name: str) -> bool:
        """Whether a table of Dagster's that sums others up is complete; one that is stays so."""
        return self._is_there(
            "index", name, lambda: super(EventLog, self).has_secondary_index(name)
        )

    def _has_asset_key_col_on_connection(self, conn: sa.Connection, column_name: str) -> bool:
        return self._is_there(
            "column",
            column_name,
            lambda: super(EventLog, self)._has_asset_key_col_on_connection(conn, column_name),
        )

    def _get_latest_materialization_records(
        self, raw_asset_rows: Iterable[Any]
    ) -> Mapping[AssetKey, EventLogRecord | None]:
        """The last materializations that rows of assets hold; Dagster asks for others besides.

        It asks also where there are no others: a question for each asset that a night looks at.
        """
        rows = list(raw_asset_rows)
        found: dict[AssetKey, EventLogRecord | None] = {}
        for row in rows:
            key = AssetKey.from_db_string(row["asset_key"])
            record = row["last_materialization"] and deserialize_value(row["last_materialization"])
            if key is None or row["asset_details"] or not isinstance(record, EventLogRecord):
                return super()._get_latest_materialization_records(rows)
            found[key] = record
        return found

    def _is_there(self, kind: str, name: str, ask: Callable[[], bool]) -> bool:
        """Asks the database until the answer is yes."""
        if (kind, name) not in self._seen:
            if not ask():
                return False
            self._seen.add((kind, name))
        return True

    @contextmanager
    def _connect(self, shard: str) -> Generator[sa.Connection, None, None]:
        if of := getattr(self._writing, "connection_of", None):
            yield of(shard)
        else:
            with self._db_lock, self._opened(shard) as connection:
                yield connection

    @contextmanager
    def _opened(self, shard: str) -> Generator[sa.Connection, None, None]:
        """A database in a transaction; the lock must be held."""
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
