"""The reports as a workbook for people: notes first, then a sheet a report, then the definitions.

Numbers, dates and instants are cells of their kind with a format; text is text, and none of it a
formula (`orchestration.exports.cells`). A row is on its way to disk when the next one begins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from orchestration.exports.labels import COLUMNS, SHEETS, UNITS, Label
from orchestration.exports.notes import Sheet, write_notes
from orchestration.exports.run import LONG_AGO, published_run
from orchestration.exports.tables import Column, Table, shown
from sources.sql import identifier
from sources.workbook import LONGEST_CELL, legal, sheet_names

#: Rows of a sheet. Excel takes 1,048,576, but nobody reads as many, and a night would write them
#: for minutes: 100,000 of the widest report took 18 CPU seconds. The CSV has them all.
MOST_ROWS = 50_000
#: From here on a spreadsheet's binary numbers are not exact to the satang: 15 digits.
INEXACT = Decimal(10) ** 13
_BATCH = 1_000
_NARROWEST, _WIDEST = 10, 60
_HEAD_POINTS = 66

_METRICS_SQL = """
select c.table_name, c.column_name, d.label_th, d.label_en, d.unit
from reports.metric_column as c
join reports.metric_definition as d on d.name = c.metric_name
"""


@dataclass(frozen=True)
class _Form:
    """How cells of a column look: the number format, the width in characters."""

    num_format: str
    width: int


_TEXT = _Form("@", _NARROWEST)
_FORMS = {
    "ratio": _Form("0.0%", 12),
    "instant": _Form("yyyy-mm-dd hh:mm:ss", 20),
    "date": _Form("yyyy-mm-dd", 12),
    "money": _Form("#,##0.00", 20),
    "number": _Form("#,##0.0", 12),
    "name": _Form("0", 10),
    "count": _Form("#,##0", 12),
    "boolean": _Form("General", 10),
}
_KINDS = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "instant",
    "DOUBLE": "number",
    "FLOAT": "number",
}
#: Whole numbers that are names rather than counts.
_NAMES = ("_be", "_quarter", "_number", "_id")


def write_workbook(
    db: duckdb.DuckDBPyConnection,
    tables: Sequence[Table],
    path: Path,
    most_rows: int = MOST_ROWS,
) -> None:
    """Writes the tables of the schema `reports`.

    Args:
        db: an open warehouse.
        tables: what is published; others than reports are passed over.
        path: the .xlsx file.
        most_rows: how many rows a sheet gets; the notes say where there are more.
    """
    reports = _in_reading_order(table for table in tables if table.schema == "reports")
    run = published_run(db)
    with path.open("wb") as file:
        book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        # The same warehouse gives the same bytes: not the hour of writing.
        book.set_properties({"created": run.published_at if run else LONG_AGO})
        names = sheet_names([table.plain_name for table in reports], taken=("notes",))
        sheets = [
            Sheet(name, table, SHEETS.get(table.plain_name), _rows(db, table), most_rows)
            for name, table in zip(names, reports, strict=True)
        ]
        write_notes(book, run, sheets)
        labels = _labels(db, reports)
        for sheet in sheets:
            _write_sheet(book, db, sheet, labels)
        book.close()


def _in_reading_order(tables: Any) -> list[Table]:
    order = list(SHEETS)
    known = {name: position for position, name in enumerate(order)}
    return sorted(tables, key=lambda table: (known.get(table.plain_name, len(order)), table.name))


def _rows(db: duckdb.DuckDBPyConnection, table: Table) -> int:
    (count,) = db.execute(f"select count(*) from {table.relation}").fetchall()[0]
    return int(count)


def _labels(
    db: duckdb.DuckDBPyConnection, reports: Sequence[Table]
) -> Mapping[tuple[str, str], tuple[Label | None, str | None]]:
    """(table, column) → what it is called and its unit; of a metric, what the metric says."""
    found: dict[tuple[str, str], tuple[Label | None, str | None]] = {
        (table.name, column.name): (COLUMNS.get(column.name), None)
        for table in reports
        for column in table.columns
    }
    if {"metric_column", "metric_definition"} <= {table.plain_name for table in reports}:
        for table, column, th, en, unit in db.execute(_METRICS_SQL).fetchall():
            found[table, column] = (Label(th, en), unit)
    return found


def _write_sheet(
    book: Any,
    db: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    labels: Mapping[tuple[str, str], tuple[Label | None, str | None]],
) -> None:
    page = book.add_worksheet(sheet.name)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    page.set_row(0, _HEAD_POINTS)
    table, rows = sheet.table, sheet.rows_shown
    page.autofilter(0, 0, rows, len(table.columns) - 1)
    head = book.add_format(
        {"bold": True, "bg_color": "#E3F2E9", "border": 1, "text_wrap": True, "valign": "top"}
    )
    relation = f"(from {table.relation} limit {rows})"
    widths = _text_widths(db, table, relation)
    writers = []
    for position, column in enumerate(table.columns):
        label, unit = labels[table.name, column.name]
        form = _form(column, unit)
        width = max(widths.get(column.name, 0), form.width)
        style = book.add_format(
            {"num_format": form.num_format, "valign": "top", "text_wrap": width == _WIDEST}
        )
        page.set_column(position, position, width, style)
        page.write_string(0, position, _heading(column, label, unit), head)
        writers.append((_writer(page, column), style))
    cells = ", ".join(shown(column) for column in table.columns)
    answer = db.execute(f"select {cells} from {relation}")
    number = 1
    while batch := answer.fetchmany(_BATCH):
        for row in batch:
            for position, (value, (write, style)) in enumerate(zip(row, writers, strict=True)):
                if value is not None:
                    write(number, position, value, style)
            number += 1


def _text_widths(db: duckdb.DuckDBPyConnection, table: Table, relation: str) -> Mapping[str, int]:
    """Column of text → a width, in characters, that most of its cells fit into."""
    texts = [column.name for column in table.columns if column.is_text]
    if not texts:
        return {}
    longest = ", ".join(f"max(length({identifier(name)}))" for name in texts)
    (found,) = db.execute(f"select {longest} from {relation}").fetchall()
    return {
        name: min(max((length or 0) + 2, _NARROWEST), _WIDEST)
        for name, length in zip(texts, found, strict=True)
    }


def _heading(column: Column, label: Label | None, unit: str | None) -> str:
    """Thai, English and the column's own name, a line each."""
    if label is None:
        return column.name
    said = UNITS.get(unit or "")
    zone = " (UTC)" if _KINDS.get(column.type) == "instant" else ""
    th = label.th + (f" ({said.th})" if said else zone)
    en = label.en + (f" ({said.en})" if said else zone)
    return f"{th}\n{en}\n{column.name}"


def _form(column: Column, unit: str | None) -> _Form:
    if column.is_text:
        return _TEXT
    if unit == "ratio" or column.name.endswith("_ratio"):
        return _FORMS["ratio"]
    if column.type.startswith("DECIMAL"):
        return _FORMS["money"]
    whole = "name" if column.name.endswith(_NAMES) else "count"
    return _FORMS[_KINDS.get(column.type, whole)]


def _writer(page: Any, column: Column) -> Callable[[int, int, Any, Any], Any]:
    """What writes a value of the column into a cell."""

    def write_text(row: int, position: int, value: Any, style: Any) -> None:
        page.write_string(row, position, legal(str(value))[:LONGEST_CELL], style)

    def write_exactly(row: int, position: int, value: Any, style: Any) -> None:
        if abs(value) < INEXACT:
            page.write_number(row, position, value, style)
        else:
            page.write_string(row, position, str(value), style)

    kind = _KINDS.get(column.type)
    if kind in ("date", "instant"):
        return page.write_datetime  # type: ignore[no-any-return]
    if kind == "boolean":
        return page.write_boolean  # type: ignore[no-any-return]
    if kind == "number":
        return page.write_number  # type: ignore[no-any-return]
    is_whole = column.type.endswith(("INT", "INTEGER"))
    return write_exactly if is_whole or column.type.startswith("DECIMAL") else write_text
