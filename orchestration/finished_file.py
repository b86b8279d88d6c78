"""A finished warehouse as those open it who make something of it: the exports and the report.

They work at the same time, and within a process DuckDB opens a file for all alike.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

#: One thread for each who reads keeps the order of rows and costs least; of DuckDB's buffers this
#: is room for any row group, and for the report's sums.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "512MB",
    "autoinstall_known_extensions": False,
}


def open_finished(database: Path) -> duckdb.DuckDBPyConnection:
    """Opens a finished warehouse, only to read it.

    Args:
        database: a file that no process has open for writing.

    Raises:
        duckdb.Error: it cannot be read, or is open in this process otherwise.
    """
    db = duckdb.connect(str(database), read_only=True, config=_CONFIG)
    db.execute("set timezone = 'UTC'")
    return db
