"""Definitions: what every figure is, with its formula, as `reports.metric_definition` says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from orchestration.report.asking import ask
from orchestration.report.edition import Edition
from orchestration.report.language import Text
from orchestration.report.page import Document, Page, Sheet
from orchestration.report.tables import Column, Table

PATH = "definitions.html"
TITLE = Text("นิยามตัวเลข", "Definitions")

_SQL = """
select name, label_th, label_en, text_th, text_en, formula, unit, grain,
    bound = 'floor' as is_floor, appears_in
from reports.metric_definition order by name
"""
_UNITS = {
    "baht": Text("บาท", "baht"),
    "count": Text("จำนวน", "count"),
    "ratio": Text("สัดส่วน (0 ถึง 1)", "ratio (0 to 1)"),
    "days": Text("วัน", "days"),
    "people": Text("คน", "people"),
}


def documents(db: duckdb.DuckDBPyConnection, edition: Edition) -> Iterable[Document]:
    """The one document of all metrics."""
    del edition
    metrics = ask(db, _SQL)
    yield Document(PATH, TITLE, "definitions.jinja", lambda sheet: _values(sheet, metrics))


def _values(sheet: Sheet, metrics: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    shown = [
        {
            **metric,
            "label": sheet.t(metric["label_th"], metric["label_en"]),
            "text": sheet.t(metric["text_th"], metric["text_en"]),
            "unit": sheet.say(_UNITS.get(metric["unit"], metric["unit"])),
            "place": f"{PATH}#{metric['name']}",
        }
        for metric in metrics
    ]
    index = Table(
        "metrics",
        Text("ตัวเลขทั้งหมด", "All figures"),
        (
            Column("label", Text("ตัวเลข", "Figure"), link="place"),
            Column("unit", Text("หน่วย", "Unit")),
            Column("name", Text("ชื่อ", "Name"), "code"),
        ),
        shown,
    )
    return {"metrics": shown, "index": sheet.table(index)}


PAGE = Page(PATH, TITLE, documents)
