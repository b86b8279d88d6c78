"""What is published, for those who do not open DuckDB: Parquet, CSV and a workbook beside it.

    warehouse.duckdb, closed ──▶ parquet/<schema>.<table>.parquet   every table, types kept
                             ├─▶ csv/<schema>.<table>.csv           every table, also for Excel
                             ├─▶ reports.xlsx                       the reports and what they mean
                             └─▶ index.json, README.txt             what lies here, and its SHA-256

The files follow from the database alone: the same one gives the same bytes. Rows go through in
the order of their table and are held a batch at a time, so memory does not grow with them. A
table that is as an earlier night exported it keeps its files (`orchestration.exports.earlier`).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.exports.earlier import Earlier, content_of, read_earlier
from orchestration.exports.index import write_index, write_readme
from orchestration.exports.tables import Table, Written, published_tables, write_csv, write_parquet
from orchestration.finished_file import open_finished

__all__ = ["write_exports"]

WORKBOOK = "reports.xlsx"


def write_exports(database: Path, folder: Path, before: Path | None = None) -> None:
    """Writes every table of a warehouse as Parquet and CSV, and its reports as a workbook.

    Args:
        database: a finished warehouse that no process has open for writing.
        folder: where to; made where it is missing, and empty.
        before: an earlier night's exports, whose files are taken over where a table is as it was.

    Raises:
        duckdb.Error: the database cannot be read.
        OSError: a file cannot be written.
    """
    from orchestration.exports.workbook import write_workbook

    (folder / "parquet").mkdir(parents=True)
    (folder / "csv").mkdir()
    with open_finished(database) as db:
        tables, earlier = published_tables(db), read_earlier(before)
        written = [_written(db, table, folder, earlier) for table in tables]
        write_workbook(db, tables, folder / WORKBOOK)
        write_readme(db, folder)
        write_index(db, written, folder, WORKBOOK)


def _written(
    db: duckdb.DuckDBPyConnection, table: Table, folder: Path, earlier: Earlier | None
) -> Written:
    parquet = folder / "parquet" / f"{table.name}.parquet"
    csv = folder / "csv" / f"{table.name}.csv"
    files, content = (parquet, csv), content_of(db, table)
    if earlier is not None:
        rows = earlier.rows_if_same(table, content)
        if rows is not None and earlier.taken_over(table, folder, files):
            return Written(table, rows, files, content)
    rows = write_parquet(db, table, parquet)
    write_csv(db, table, csv)
    return Written(table, rows, files, content)
