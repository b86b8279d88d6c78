"""The ledger as one SQLite file, for a back-up: taken from any database, put into any database.

    copied      a ledger at a URL  ──▶  a SQLite file, all rows as of one moment
    put_back    such a file        ──▶  a ledger at a URL that has no event yet
    named_files what lies in archive and store according to such a file

Reading and writing go on meanwhile: SQLite is copied by its own online back-up, another database in
one transaction that sees one moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sources.closings import Snapshots
from sources.ledger import Ledger
from sources.ledger_engine import LedgerError
from sources.ledger_forgetting import redacted_files
from sources.ledger_tables import file_event, metadata, quarter_event
from sources.objects import Place
from sources.store import Archive, Store

#: Rows carried from one database to the other at a time.
_BATCH_ROWS = 5_000
#: Where a ledger says the version of its tables: table, column.
_VERSIONS = (("ledger_revision", "version_num"), ("schema_version", "version"))


@dataclass(frozen=True)
class Named:
    """A file that the ledger names.

    Attributes:
        path: where it lies.
        sha256: of its bytes, where it is known; None of a file of the store.
    """

    path: Place
    sha256: str | None = None


def sqlite_file(url: str) -> Path | None:
    """The file of a ledger in SQLite; None of one in another database."""
    database = sa.make_url(url)
    if database.get_backend_name() != "sqlite":
        return None
    return Path(database.database or "")


def copied(url: str, to: Path) -> None:
    """Copies the ledger at a URL into a new SQLite file, as of one moment.

    Raises:
        LedgerError: there is no ledger.
        sqlalchemy.exc.SQLAlchemyError, sqlite3.Error: it cannot be read.
    """
    if (source := sqlite_file(url)) is not None:
        if not source.is_file():
            raise LedgerError(f"There is no ledger {source}: nothing has been taken in yet.")
        sqlite_copied(source, to)
        return
    Ledger(url, upgrade=False).close()  # it is of the schema that this software knows
    target = Ledger(f"sqlite:///{to}")
    source_engine = sa.create_engine(url, isolation_level="REPEATABLE READ")
    try:
        with source_engine.connect() as reading, target.engine.begin() as writing:
            _carry(reading, writing)
    finally:
        source_engine.dispose()
        target.close()
    _one_file(to)


def put_back(file: Path, url: str) -> None:
    """Fills the ledger at a URL from a file that `copied` made: all of it, or nothing.

    Args:
        file: the copy; brought to what this software knows beforehand.
        url: of a database without a ledger, or with one that is empty.

    Raises:
        LedgerError: the ledger there has events already.
    """
    copy, target = Ledger(f"sqlite:///{file}"), Ledger(url)
    try:
        if has_events(target.engine):
            raise LedgerError(
                f"The ledger {target.engine.url!r} has events already. Restore into an empty "
                "database: make one, and name it in WAREHOUSE_LEDGER_URL."
            )
        with copy.engine.connect() as reading, target.engine.begin() as writing:
            _carry(reading, writing)
            if target.engine.dialect.name == "postgresql":
                _number_on(writing)
    finally:
        copy.close()
        target.close()


def has_events(engine: sa.Engine) -> bool:
    """Whether anything ever happened in the ledger."""
    tables = set(sa.inspect(engine).get_table_names())
    with engine.connect() as connection:
        return any(
            connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
            for table in metadata.sorted_tables
            if table.name in tables and table.name.endswith("_event")
        )


def named_files_of(file: Path, archive: Archive, store: Store) -> list[Named]:
    """What a ledger's SQLite file names in archive and store; the file is only read."""
    engine = sa.create_engine(f"sqlite:///file:{file}?mode=ro&uri=true")
    try:
        return named_files(engine, archive, store)
    finally:
        engine.dispose()


def named_files(engine: sa.Engine, archive: Archive, store: Store) -> list[Named]:
    """What a ledger names in archive and store, in the order of its events."""
    with engine.connect() as connection:
        events = connection.execute(
            sa.select(
                file_event.c.dataset, file_event.c.file_id, file_event.c.contract_version,
                file_event.c.event_kind, file_event.c.rows_accepted,
                file_event.c.rows_quarantined,
            ).where(file_event.c.event_kind.in_(("loaded", "rejected")))
            .order_by(file_event.c.event_id)
        ).all()  # fmt: skip
        snapshots: list[str] = []
        if sa.inspect(connection).has_table(quarter_event.name):
            snapshots = [
                str(row.snapshot_id)
                for row in connection.execute(
                    sa.select(quarter_event.c.snapshot_id).where(
                        quarter_event.c.snapshot_id.is_not(None)
                    )
                )
            ]
        redacted = redacted_files(connection)
    named: dict[Place, Named] = {}
    for event in events:
        sha256 = redacted.get((event.dataset, event.file_id))
        kept = (
            Named(archive.path(event.file_id), event.file_id)
            if sha256 is None
            else Named(archive.redacted(event.dataset, event.file_id), sha256)
        )
        named[kept.path] = kept
        for verdict, rows in (
            ("accepted", event.rows_accepted),
            ("quarantined", event.rows_quarantined),
        ):
            if rows:
                path = store.path(event.dataset, verdict, event.file_id, event.contract_version)
                named[path] = Named(path)
    for snapshot in snapshots:
        path = Snapshots(store.root).path(snapshot)
        named[path] = Named(path)
    return list(named.values())


def revision(file: Path) -> str:
    """The version of a ledger's tables that a SQLite file has, as it says itself."""
    engine = sa.create_engine(f"sqlite:///file:{file}?mode=ro&uri=true")
    try:
        with engine.connect() as connection:
            for table, column in (
                ("ledger_revision", "version_num"),
                ("schema_version", "version"),
            ):
                if sa.inspect(connection).has_table(table):
                    return str(connection.scalar(sa.text(f"select max({column}) from {table}")))
    finally:
        engine.dispose()
    raise LedgerError(f"{file} is no ledger.")


def sqlite_copied(source: Path, to: Path) -> None:
    """Copies a SQLite database that others may be writing to, as of one moment.

    Raises:
        sqlite3.Error: it cannot be read, or is no database.
    """
    uri = f"{source.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True, timeout=60)) as reading,
        closing(sqlite3.connect(to)) as writing,
    ):
        reading.backup(writing)
    _one_file(to)


def _one_file(path: Path) -> None:
    """Has a SQLite database be a single file, without a log beside it."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("pragma journal_mode = delete").fetchall()


def _carry(reading: sa.Connection, writing: sa.Connection) -> None:
    """Copies every row of every table of the ledger, in an order that keeps references whole."""
    there = set(sa.inspect(reading).get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in there or not table.info.get("is_record", True):
            continue
        writing.execute(table.delete())
        columns = [column.name for column in table.primary_key.columns] or list(table.c.keys())
        rows = reading.execution_options(yield_per=_BATCH_ROWS).execute(
            sa.select(table).order_by(*(table.c[name] for name in columns))
        )
        for batch in rows.mappings().partitions(_BATCH_ROWS):
            writing.execute(table.insert(), [_plain(row) for row in batch])


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row whose money is text: what either database takes without loss."""
    return {str(name): str(v) if isinstance(v, Decimal) else v for name, v in row.items()}


def _number_on(connection: sa.Connection) -> None:
    """Has PostgreSQL number new rows after those that came with their numbers."""
    for table in metadata.sorted_tables:
        for column in table.primary_key.columns:
            if column.autoincrement is True:
                connection.execute(
                    sa.text(
                        f"select setval(pg_get_serial_sequence('{table.name}', '{column.name}'), "
                        f"(select max({column.name}) from {table.name}))"
                    )
                )
