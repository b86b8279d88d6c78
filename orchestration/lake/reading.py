"""The lake as people read it: attached read-only, the whole of a night, and nothing else.

Where a file is opened, DuckDB keeps a statement from every other file. A lake's files must stay in
reach, and DuckDB grants reading and writing of a folder together; so what may be asked is decided
before a statement runs, too (`orchestration.lake.questions`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.lake.attaching import LAKE, NoLake, attached, data_path, in_words, quoted
from orchestration.lake.snapshots import Publication, chosen, publications
from orchestration.settings import Home

if TYPE_CHECKING:
    import duckdb


def lake_of(home: Home, night: str | None = None) -> duckdb.DuckDBPyConnection:
    """A read-only connection to what is published in the lake, or to an earlier night.

    Args:
        home: whose settings.
        night: see `orchestration.lake.snapshots.chosen`; what is published now when unset.

    Raises:
        orchestration.lake.attaching.LakeFailed: it cannot be read, or no such night is there.
    """
    import duckdb

    try:
        db = attached(home)
        try:
            found = publications(db)
            if not found:
                raise NoLake(
                    "Nothing is published in the lake yet. Run `warehouse run` on the machine that "
                    "has the nights."
                )
            if night is None:
                return db
            snapshot = chosen(found, night).snapshot
        except BaseException:
            db.close()
            raise
        db.close()
        return attached(home, snapshot=snapshot)
    except duckdb.Error as error:
        raise in_words(error, home) from None


def nights(home: Home) -> list[Publication]:
    """Every night that the lake still has, the earliest first.

    Raises:
        orchestration.lake.attaching.LakeFailed: it cannot be read.
    """
    import duckdb

    with attached(home) as db:
        try:
            return publications(db)
        except duckdb.Error as error:
            raise in_words(error, home) from None


def lock(db: duckdb.DuckDBPyConnection) -> None:
    """Has a connection to a lake reach nothing else any more, whatever is asked of it."""
    db.execute(f"set allowed_directories = [{quoted(data_path(db))}]")
    db.execute("set enable_external_access = false")
    db.execute("set lock_configuration = true")


def snapshot_of(db: duckdb.DuckDBPyConnection) -> int:
    """The number of the snapshot that a connection reads now."""
    found = db.execute(f"select id from ducklake_current_snapshot('{LAKE}')").fetchone()
    return int(found[0]) if found else 0
