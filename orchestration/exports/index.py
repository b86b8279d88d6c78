"""What lies in the folder of the exports: `index.json` for programs, `README.txt` for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.exports.cells import COMPUTED
from orchestration.exports.earlier import INDEX
from orchestration.exports.run import published_run
from orchestration.exports.tables import Written
from sources.store import sha256_of

_README = """\
คลังข้อมูลคลัสเตอร์: ตารางที่ประกาศ ไม่มีข้อมูลส่วนบุคคล
Cluster warehouse: the published tables, without personal data

Published at {published_at} (UTC) by run {run_id}.

reports.xlsx   รายงาน เปิดด้วย Excel / the reports, for people
csv/           ทุกตาราง / every table: RFC 4180, UTF-8 with a byte order mark
parquet/       ทุกตาราง / every table with its types, for programs
index.json     tables, columns, rows and SHA-256, for programs

In CSV and in the workbook an apostrophe stands before a text that begins with = + - @ (also behind
spaces or apostrophes), with a tab or with a line break, so that no program computes it. Take one
apostrophe away to have the text as it was. Parquet has every text as it is.
A missing value is empty in CSV; an empty text is "". Instants are UTC.
"""


def write_readme(db: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Writes `README.txt`, as Windows' editor likes text."""
    run = published_run(db)
    text = _README.format(
        published_at=f"{run.published_at:%Y-%m-%d %H:%M:%S}" if run else "an unknown time",
        run_id=run.run_id if run else "unknown",
    )
    (folder / "README.txt").write_text(text, encoding="utf-8-sig", newline="\r\n")


def write_index(
    db: duckdb.DuckDBPyConnection, written: Sequence[Written], folder: Path, workbook: str
) -> None:
    """Writes `index.json`: of which night, and every file with its size and SHA-256.

    Args:
        db: the warehouse.
        written: its tables and their files.
        folder: of the exports; paths in the index are relative to it.
        workbook: the name of the workbook.
    """
    run = published_run(db)
    index = {
        "run_id": run.run_id if run else None,
        "published_at": f"{run.published_at.isoformat()}Z" if run else None,
        "git_sha": run.git_sha if run else None,
        "csv": {
            "encoding": "utf-8",
            "byte_order_mark": True,
            "line_terminator": "\r\n",
            "missing": "",
            "empty_text": '""',
            "apostrophe_before_texts_matching": COMPUTED,
        },
        "tables": [
            {
                "table": one.table.name,
                "description": one.table.comment,
                "rows": one.rows,
                "content": one.content,
                "columns": [
                    {"name": column.name, "type": column.type, "description": column.comment}
                    for column in one.table.columns
                ],
                "files": [_described(file, folder) for file in one.files],
            }
            for one in written
        ],
        "workbook": _described(folder / workbook, folder),
    }
    text = json.dumps(index, ensure_ascii=False, indent=1)
    (folder / INDEX).write_text(f"{text}\n", encoding="utf-8")


def _described(file: Path, folder: Path) -> dict[str, Any]:
    return {
        "path": file.relative_to(folder).as_posix(),
        "bytes": file.stat().st_size,
        "sha256": sha256_of(file),
    }
