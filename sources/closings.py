"""What counted when a quarter was closed: one Parquet file a closing in the store, never changed.

The file is written before the ledger's event that makes it count, and named by it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sources.objects import Place
from sources.sql import quoted
from sources.store import written_whole

#: Column → its type and meaning; the transformation's source has the same.
COLUMNS = {
    "snapshot_id": ("varchar", "The closing, as the ledger names it."),
    "fiscal_year_be": ("integer", "Fiscal year, Buddhist era."),
    "fiscal_quarter": ("integer", "Quarter of the fiscal year."),
    "cluster_code": ("varchar", "The cluster."),
    "enterprise_key": ("varchar", "Keyed hash of the id: what enterprises join on."),
    "measure": ("varchar", "The measure."),
    "amount": ("decimal(18, 2)", "What counted; baht or people."),
    "submitted_on": ("date", "Day it was submitted."),
    "file_id": ("varchar", "SHA-256 of the file it came in."),
    "sheet_name": ("varchar", "The workbook's sheet; null for other files."),
    "row_number": ("integer", "The row as a person sees it in the file."),
}


def snapshot_name(fiscal_year_be: int, fiscal_quarter: int, closed_at: dt.datetime) -> str:
    """The name of a closing's snapshot; a quarter closed again gets another."""
    return f"{fiscal_year_be}Q{fiscal_quarter}-{closed_at:%Y%m%dT%H%M%S%fZ}"


def rows_sql(paths: Sequence[Path]) -> str:
    """The query of the rows of these snapshots; without any, no row but every column."""
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, (kind, _) in COLUMNS.items())
    if not paths:
        nulls = ", ".join(f"null as {name}" for name in COLUMNS)
        return f"select {columns} from (select {nulls}) where false"
    listed = ", ".join(quoted(str(path)) for path in paths)
    return f"select {columns} from read_parquet([{listed}])"


@dataclass(frozen=True)
class Snapshots:
    """The snapshots of closed quarters in a store."""

    root: Place

    def path(self, snapshot_id: str) -> Place:
        """Where a snapshot is."""
        return self.root / "closed" / f"{snapshot_id}.parquet"

    def write(self, db: duckdb.DuckDBPyConnection, query: str, snapshot_id: str) -> Place:
        """Writes the rows of a query, which has every column, whole or not at all."""
        path = self.path(snapshot_id)
        with written_whole(path) as temporary:
            db.execute(
                f"copy ({query}) to {quoted(str(temporary))} (format parquet, compression zstd)"
            )
        return path
