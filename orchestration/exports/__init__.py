"""What is published, for those who do not open DuckDB: Parquet, CSV and a workbook beside it.

    warehouse.duckdb, closed ──▶ parquet/<schema>.<table>.parquet   every table, types kept
                             ├─▶ csv/<schema>.<table>.csv           every table, also for Excel
                             ├─▶ reports.xlsx                       the reports and what they mean
                             └─▶ index.json, README.txt             what lies here, and its SHA-256

The files follow from the database alone: the same one gives the same bytes. Rows go through in
the order of their table and are held a batch at a time, so memory does not grow with them.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.exports.index import write_index, write_readme
from orchestration.exports.tables import Table, Written, published_tables, write_csv, write_parquet
from orchestration.finished_file import open_finished

__all__ = ["write_exports"]

WORKBOOK = "reports.xlsx"


def write_exports(database: Path, folder: Path) -> None:
    """Writes every table of a warehouse as Parquet and CSV, and its reports as a workbook.

    Args:
        database: a finished warehouse that no process has open for writing.
        folder: where to; made where it is missing, and empty.

    Raises:
        duckdb.Error: the database cannot be read.
        OSError: a file cannot be written.
    """
    from orchestration.exports.workbook import write_workbook

    (folder / "parquet").mkdir(parents=True)
    (folder / "csv").mkdir()
    with open_finished(database) as db:
        tables = published_tables(db)
        written = [_written(db, table, folder) for table in tables]
        write_workbook(db, tables, folder / WORKBOOK)
        write_readme(db, folder)
        write_index(db, written, folder, WORKBOOK)


def _written(db: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> Written:
    parquet = folder / "parquet" / f"{table.name}.parquet"
    csv = folder / "csv" / f"{table.name}.csv"
    rows = write_parquet(db, table, parquet)
    write_csv(db, table, csv)
    return Written(table, rows, (parquet, csv))
