"""Which schema a ledger has, and bringing it up to this software's by versioned steps.

    revision_of ──▶ HEAD: open it
                ├─▶ none, or an earlier one: upgrade (sources/migrations), all or nothing
                └─▶ one that this software does not know: refuse it

Alembic is imported only to upgrade: a ledger that is up to date opens by one small query.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sources import log
from sources.ledger_engine import LedgerError, engine_of

#: The revision of the tables in `sources.ledger_tables`.
HEAD = "0005"
#: Not alembic's usual name: Dagster keeps its own revision by that one, maybe in this database.
VERSION_TABLE = "ledger_revision"

_MIGRATIONS = Path(__file__).parent / "migrations"
#: The one version that software without revisions wrote into `schema_version`.
_BEFORE_REVISIONS = 1
#: Two processes that upgrade one PostgreSQL ledger wait for each other by this number.
_ADVISORY_LOCK = 2_558_001
#: Seconds until a server that does not answer is given up.
_CONNECT_SECONDS = 10
#: Copies of a SQLite ledger from before an upgrade that are kept.
_COPIES_KEPT = 2


class LedgerBehind(LedgerError):
    """The ledger must be upgraded first, and whoever opened it may not do that."""


def revision_of(connection: sa.Connection) -> str | None:
    """The revision a ledger has.

    Returns:
        None where there is no ledger yet, and of one that is older than revisions.

    Raises:
        LedgerError: it was written by a newer version of this software.
    """
    inspector = sa.inspect(connection)
    if inspector.has_table(VERSION_TABLE):
        found = connection.scalar(sa.text(f"select version_num from {VERSION_TABLE}"))
        if found is not None and found > HEAD:
            raise _newer(connection, f"revision {found}", HEAD)
        return None if found is None else str(found)
    if inspector.has_table("schema_version"):
        version = connection.scalar(sa.text("select version from schema_version"))
        if version is not None and version > _BEFORE_REVISIONS:
            raise _newer(connection, f"schema version {version}", str(_BEFORE_REVISIONS))
    return None


def _newer(connection: sa.Connection, found: str, known: str) -> LedgerError:
    return LedgerError(
        f"The ledger {connection.engine.url!r} has {found}; this software knows up to {known}. "
        "A newer version wrote it: install that version, or put back the back-up from before "
        "the upgrade."
    )


def upgrade(url: sa.URL) -> None:
    """Brings a ledger up to `HEAD`, or makes a new one: one process at a time, all or nothing.

    A SQLite ledger is copied first, to `<file>.before-<HEAD>`.

    Raises:
        LedgerError: it was written by a newer version of this software.
    """
    with _alone(url) as connection:
        if (before := revision_of(connection)) == HEAD:
            return  # another process was first
        if connection.dialect.name == "sqlite" and sa.inspect(connection).get_table_names():
            _copy_beside(Path(str(url.database)))
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    log.info("ledger upgraded", revision_before=before, revision=HEAD)


@contextmanager
def _alone(url: sa.URL) -> Generator[sa.Connection, None, None]:
    """One transaction in which nobody else can upgrade."""
    engine = engine_of(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _leave_transactions_to_us)
        sa.event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("begin immediate"))
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
            yield connection
    finally:
        engine.dispose()


def _copy_beside(file: Path) -> None:
    """Copies a SQLite database whole, whatever is still in its write-ahead log."""
    copy = file.with_name(f"{file.name}.before-{HEAD}")
    temporary = copy.with_name(f".{copy.name}.part")
    temporary.unlink(missing_ok=True)
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_WRONLY, 0o600))
        with (
            contextlib.closing(sqlite3.connect(file)) as source,
            contextlib.closing(sqlite3.connect(temporary)) as target,
        ):
            source.backup(target)
        temporary.replace(copy)
    finally:
        temporary.unlink(missing_ok=True)
    for older in sorted(file.parent.glob(f"{file.name}.before-*"))[:-_COPIES_KEPT]:
        older.unlink()


def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
    """Python's driver begins no transaction before a `create table`."""
    connection.isolation_level = None
