"""The data dictionary: every column that comes in and every column that is published.

It is what the contracts and the dbt project say, not what the warehouse holds; beside the page
stand the same for programs, and dbt's own documentation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from orchestration.dbt_docs import dbt_docs
from orchestration.dictionary import files
from orchestration.dictionary.incoming import IncomingDataset, incoming_datasets
from orchestration.dictionary.published import SCHEMAS, Table, published_tables
from orchestration.dictionary.thai import read_glossary
from orchestration.manifest import load_manifest
from orchestration.report.edition import Edition
from orchestration.report.language import Text
from orchestration.report.page import Document, Page, Sheet
from sources.contracts import discover

PATH = "dictionary.html"
TITLE = Text("พจนานุกรมข้อมูล", "Data dictionary")
#: What stands beside it, below the site's folder.
CSV, JSON, DBT = "dictionary.csv", "dictionary.json", "dbt.html"
_SCHEMAS = dict(
    zip(
        SCHEMAS,
        (
            Text("ตารางหลัก (marts)", "Marts: dimensions and facts"),
            Text("รายงาน (reports)", "Reports: the programme's questions"),
            Text("การตรวจสอบ (audit)", "Audit: files, rows, checks and nights"),
        ),
        strict=True,
    )
)
UNITS = {
    "baht": Text("บาท", "baht"),
    "people": Text("คน", "people"),
    "ratio": Text("สัดส่วน", "ratio"),
    "count": Text("จำนวน", "count"),
    "days": Text("วัน", "days"),
    "year BE": Text("ปี พ.ศ.", "year BE"),
    "UTC": Text("เวลา UTC", "instant, UTC"),
    "date": Text("วันที่", "date"),
}
PERSONAL = {
    "always": Text("ใช่ ไม่เผยแพร่", "yes; never published"),
    "natural_person": Text("เมื่อเป็นบุคคลธรรมดา ไม่เผยแพร่", "a natural person's; never published"),
    "never": Text("ไม่ใช่", "no"),
}


def documents(db: duckdb.DuckDBPyConnection, edition: Edition) -> Iterable[Document]:
    """The one document, and what stands beside it."""
    del edition
    manifest = load_manifest()
    tables = published_tables(manifest, read_glossary())
    datasets = incoming_datasets(discover().values())
    beside = {
        CSV: files.as_csv(datasets, tables),
        JSON: files.as_json(datasets, tables),
        DBT: dbt_docs(db, manifest, tables),
    }
    yield Document(
        PATH, TITLE, "dictionary.jinja", lambda sheet: _values(sheet, datasets, tables), beside
    )


def _values(
    sheet: Sheet, datasets: Sequence[IncomingDataset], tables: Sequence[Table]
) -> Mapping[str, Any]:
    def named(words: Mapping[str, Text], code: str | None) -> str | None:
        return None if code is None else sheet.say(words.get(code, code))

    return {
        "datasets": datasets,
        "schemas": [
            (title, [table for table in tables if table.schema == schema])
            for schema, title in _SCHEMAS.items()
        ],
        "known": {dataset.contract.dataset for dataset in datasets},
        "unit": lambda code: named(UNITS, code),
        "personal": lambda code: named(PERSONAL, code),
        "beside": {"csv": sheet.root + CSV, "json": sheet.root + JSON, "dbt": sheet.root + DBT},
    }


PAGE = Page(PATH, TITLE, documents)
