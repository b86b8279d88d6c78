"""Which night a warehouse is of, as the database says itself."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import duckdb

#: As old as a file packed into a workbook can be said to be.
LONG_AGO = dt.datetime(1980, 1, 1)

_RUN_SQL = """
select run_id, published_at, git_sha, files_loaded, rows_loaded
from audit.published_run order by published_at desc limit 1
"""


class PublishedRun(NamedTuple):
    """The night that published a warehouse; the instant is UTC."""

    run_id: str
    published_at: dt.datetime
    git_sha: str
    files_loaded: int
    rows_loaded: int


def published_run(db: duckdb.DuckDBPyConnection) -> PublishedRun | None:
    """The last night on record in a warehouse; None where it names none."""
    found = db.execute(_RUN_SQL).fetchone()
    return PublishedRun(*found) if found else None
