"""The bench's measure: the same files read, typed and joined by SQL written for them by hand.

    landing zone ─▶ files in CP874 decoded ─▶ by_hand.sql ─▶ totals and row counts, as JSON

Knows nothing of the warehouse: no contract, no store, no ledger, and imports none of its code.

    python -m tests.bench.by_hand LANDING
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import duckdb

SQL = Path(__file__).with_name("by_hand.sql")
SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
DATASETS = (
    "cluster_registrations",
    "member_registrations",
    "activity_reports",
    "financial_outcomes",
)
MARKS = {"comma": b",", "semicolon": b";", "tab": b"\t"}


def files_of(landing: Path, dataset: str, scratch: Path) -> dict[str, list[str]]:
    """A dataset's files by what parts their columns, all of them in UTF-8.

    Those parted by semicolons are in CP874, which DuckDB cannot read: they are decoded here.
    """
    found: dict[str, list[str]] = {mark: [] for mark in MARKS}
    for file in sorted(path for path in (landing / dataset).rglob("*") if path.is_file()):
        with file.open("rb") as opened:
            header = opened.readline()
        mark = max(MARKS, key=lambda name: header.count(MARKS[name]))
        readable = file
        if mark == "semicolon":
            readable = scratch / f"{dataset}-{len(found[mark])}{file.suffix}"
            readable.write_bytes(file.read_bytes().decode("cp874").encode())
        found[mark].append(str(readable))
    return found


def totals(landing: Path) -> dict[str, list[list[object]]]:
    """What comes of a landing zone of the bench.

    Returns:
        ``totals``: fiscal year (BE), measure and amount (baht; people for jobs), as text;
        ``rows``: dataset, rows read and rows that count.
    """
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as db:
        for dataset in DATASETS:
            for mark, files in files_of(landing, dataset, Path(scratch)).items():
                db.execute(f"set variable {dataset}_{mark} = $files", {"files": files})
        for table in ("provinces", "province_aliases"):
            db.execute(f"set variable {table} = $file", {"file": str(SEEDS / f"{table}.csv")})
        db.execute(SQL.read_text(encoding="utf-8"))
        return {
            "totals": [
                [year, measure, str(amount)]
                for year, measure, amount in db.execute("from total order by all").fetchall()
            ],
            "rows": [list(row) for row in db.execute("from row_count order by all").fetchall()],
        }


if __name__ == "__main__":
    print(json.dumps(totals(Path(sys.argv[1]))))
