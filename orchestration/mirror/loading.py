"""A table's rows on their way: from DuckDB as CSV through a pipe into a temporary table, by COPY.

A text is quoted and null is not, so that an empty text stays one. The pipe holds some kilobytes:
whatever the table's size, neither process has more of it in memory at once.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import duckdb

from orchestration.mirror.shape import Table
from sources.sql import identifier

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

#: Bytes handed to PostgreSQL at a time.
_CHUNK = 64 * 1024


def stage(db: duckdb.DuckDBPyConnection, cursor: Cursor, table: Table) -> int:
    """Copies a table's rows into a new temporary table of the session.

    Args:
        db: the published file, open.
        cursor: of a session whose times are in UTC.
        table: which.

    Returns:
        How many rows there are.
    """
    columns = ", ".join(f"{identifier(column.name)} {column.kind}" for column in table.columns)
    cursor.execute(f"create temporary table {table.staged.removeprefix('pg_temp.')} ({columns})")
    reading, writing = os.pipe()
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(_write, db, table, writing)
        try:
            with os.fdopen(reading, "rb") as pipe:  # closed early, it ends the writing as well
                cursor.copy_expert(f"copy {table.staged} from stdin (format csv)", pipe, _CHUNK)
        except BaseException:
            if isinstance(why := written.exception(), duckdb.Error) and not _is_cut_off(why):
                raise why from None
            raise
        written.result()
    rows: int = cursor.rowcount
    cursor.execute(f"analyze {table.staged}")
    return rows


def _write(db: duckdb.DuckDBPyConnection, table: Table, writing: int) -> None:
    values = ", ".join(f"{column.sent} as {identifier(column.name)}" for column in table.columns)
    names = [identifier(column.name) for column in table.columns if column.is_quoted]
    quote = f", force_quote ({', '.join(names)})" if names else ""
    try:
        db.cursor().execute(
            f"copy (select {values} from {table.sql}) to '/dev/fd/{writing}' "
            f"(format csv, header false, nullstr '', use_tmp_file false{quote})"
        )
    finally:
        os.close(writing)


def _is_cut_off(error: duckdb.Error) -> bool:
    """Whether DuckDB could not go on because nobody reads any more."""
    return "pipe" in str(error).lower()
