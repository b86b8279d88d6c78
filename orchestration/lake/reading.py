"""The lake as people read it: attached read-only, the whole of a night, and nothing else.

Where a file is opened, DuckDB keeps a statement from every other file. A lake's files must stay in
reach, and DuckDB grants reading and writing of a folder together; so what may be asked is decided
before a statement runs, too (`orchestration.lake.questions`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.lake.attaching import (
    LAKE,
    NoLake,
    attached,
    catalog_says,
    data_path,
)
from orchestration.lake.snapshots import CATALOG_SQL, Publication, chosen, read
from orchestration.settings import Home
from sources.sql import quoted

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
    found = nights(home)
    if not found:
        raise NoLake(
            "Nothing is published in the lake yet. Run `warehouse run` on the machine that has the "
            "nights."
        )
    return attached(home, snapshot=None if night is None else chosen(found, night).snapshot)


def nights(home: Home) -> list[Publication]:
    """Every night that the lake still has, the earliest first.

    Raises:
        orchestration.lake.attaching.LakeFailed: it cannot be read.
    """
    return [read(int(number), info) for number, info in catalog_says(home, CATALOG_SQL)]


def lock(db: duckdb.DuckDBPyConnection) -> None:
    """Has a connection to a lake reach nothing else any more, whatever is asked of it."""
    db.execute(f"set allowed_directories = [{quoted(data_path(db))}]")
    db.execute("set enable_external_access = false")
    db.execute("set lock_configuration = true")


def snapshot_of(db: duckdb.DuckDBPyConnection) -> int:
    """The number of the snapshot that a connection reads now."""
    found = db.execute(f"select id from ducklake_current_snapshot('{LAKE}')").fetchone()
    return int(found[0]) if found else 0
