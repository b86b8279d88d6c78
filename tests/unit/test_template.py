"""The workbook that coordinators fill in: what it offers, and that it loads once filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from good_rows import GOOD_ROWS
from openpyxl.utils import get_column_letter

from sources.contracts import Column, Contract, discover
from sources.headers import find_header
from sources.template import DATA_SHEET, HELP_SHEET, write_template
from sources.workbook import LIST_SHEET, header_text

DATASETS = sorted(discover())
#: Rows below those that the form has drop-downs for are read as well.
LAST_FORMATTED = 5_001

#: Value form → what a person's keys make of it in a spreadsheet's cell.
TYPED: dict[str, Any] = {
    "text": "ข้อความ",
    "firm_name": "บริษัท ไหมไทย จำกัด",
    "identifier": "C01",
    "date": dt.datetime(2558, 1, 20),  # 20/01/2558 typed into a date cell
    "money": 1234.5,
    "integer": 12,
    "fiscal_year": 2558,
    "quarter": 2,
    "province": "อุดรธานี",
    "enterprise_id": "0105558000014",
}
#: Value form → what must come of that.
READ: dict[str, Any] = {
    "date": dt.date(2015, 1, 20),
    "province": "41",
    "fiscal_year": 2558,
    "quarter": 2,
    "integer": 12,
}


@pytest.fixture(params=DATASETS)
def contract(request: pytest.FixtureRequest) -> Contract:
    return discover()[request.param]


@pytest.fixture
def template(contract: Contract, tmp_path: Path) -> Path:
    return write_template(contract, tmp_path / "แบบฟอร์ม" / f"{contract.dataset}.xlsx")


def _filled(
    template: Path, contract: Contract, rows: Sequence[Mapping[str, Any]], first: int = 2
) -> bytes:
    book = openpyxl.load_workbook(template)
    for number, row in enumerate(rows, start=first):
        for position, column in enumerate(contract.columns, start=1):
            if column.name in row:
                book[DATA_SHEET].cell(number, position, row[column.name])
    filled = template.with_name("filled.xlsx")
    book.save(filled)
    return filled.read_bytes()


def _as_typed(column: Column) -> Any:
    if column.is_list:
        return ";".join(column.examples) if column.form == "enterprise_id" else "เลย;อุดรธานี"
    if column.name == "tsic_code":
        return 13110
    return column.codes[0].label if column.codes else TYPED[column.form]


def test_a_template_filled_in_loads_without_a_complaint(
    contract: Contract, template: Path, take_in
) -> None:
    row = GOOD_ROWS[contract.dataset]
    taken = take_in(contract.dataset, {"a.xlsx": _filled(template, contract, [row])})["a.xlsx"]
    assert (taken.outcome.status, taken.outcome.rows_accepted) == ("loaded", 1)
    assert "unknown_columns" not in taken.outcome.details


def test_every_column_filled_in_as_people_type_is_read_as_they_meant(
    contract: Contract, template: Path, take_in
) -> None:
    key = contract.key[-1]
    row = {column.name: _as_typed(column) for column in contract.columns}
    # A second row of another key, far below: nobody's rows are cut off at the formatted ones.
    other = {
        "code": key.codes[1].label if key.codes else None,
        "enterprise_id": "4-57-01-01/1-0001",
        "identifier": "C02",
        "text": "ข้อความอื่น",
    }
    rows = [row, {**row, key.name: other[key.form]}]
    content = _filled(template, contract, rows[:1])
    path = template.with_name("both.xlsx")
    path.write_bytes(content)
    content = _filled(path, contract, rows[1:], first=LAST_FORMATTED + 3)
    taken = take_in(contract.dataset, {"a.xlsx": content})["a.xlsx"]
    assert taken.problems == set()
    assert (taken.outcome.status, taken.outcome.rows_read) == ("loaded", 2)
    assert "unknown_columns" not in taken.outcome.details
    assert sorted(taken.accepted) == [2, LAST_FORMATTED + 3]
    read = taken.accepted[2]
    for column in contract.columns:
        if column.codes:
            assert read[column.name] == column.codes[0].value
        elif not column.is_list and column.form in READ:
            assert read[column.name] == READ[column.form]
        else:
            assert read[column.name], column.name


def test_a_template_left_empty_is_refused_as_empty(
    contract: Contract, template: Path, take_in
) -> None:
    taken = take_in(contract.dataset, {"a.xlsx": template.read_bytes()})["a.xlsx"]
    assert (taken.outcome.status, taken.outcome.reason) == ("rejected", "empty")


def test_the_header_is_thai_and_marks_what_is_required(contract: Contract, template: Path) -> None:
    (header, *_) = openpyxl.load_workbook(template)[DATA_SHEET].iter_rows(values_only=True)
    assert header == tuple(header_text(column) for column in contract.columns)
    starred = {text.removesuffix(" *") for text in header if text.endswith(" *")}
    assert starred == {column.label for column in contract.required}


def test_every_header_has_a_comment_in_both_languages(contract: Contract, template: Path) -> None:
    (header, *_) = openpyxl.load_workbook(template)[DATA_SHEET].iter_rows()
    for cell, column in zip(header, contract.columns, strict=True):
        name, thai, english = cell.comment.text.split("\n")
        assert name == column.name
        assert not thai.isascii()
        assert english.isascii()


def test_every_code_has_a_drop_down_of_its_thai_labels(contract: Contract, template: Path) -> None:
    book = openpyxl.load_workbook(template)
    lists = {
        cells[0]: [cell for cell in cells[1:] if cell is not None]
        for cells in book[LIST_SHEET].iter_cols(values_only=True)
    }
    offered = {}
    for validation in book[DATA_SHEET].data_validations.dataValidation:
        assert validation.formula1.startswith(f"'{LIST_SHEET}'!$")
        (area,) = validation.sqref.ranges
        cells = [c[0].value for c in book[LIST_SHEET][validation.formula1.split("!")[1]]]
        offered[contract.columns[area.min_col - 1].name] = cells
        assert (area.min_row, area.max_row) == (2, LAST_FORMATTED)
    for column in contract.columns:
        if column.codes:
            assert offered[column.name] == [code.label for code in column.codes]
            assert lists[column.label] == offered[column.name]
    provinces = [c for c in contract.columns if c.form == "province" and not c.is_list]
    assert all(len(offered[column.name]) == 77 for column in provinces)
    assert len(offered) == sum(bool(c.codes) for c in contract.columns) + len(provinces)


def test_ids_are_cells_of_text_so_that_no_leading_zero_is_lost(
    contract: Contract, template: Path
) -> None:
    sheet = openpyxl.load_workbook(template)[DATA_SHEET]
    for position, column in enumerate(contract.columns):
        if column.form in ("enterprise_id", "identifier"):
            letter = get_column_letter(position + 1)
            assert sheet.column_dimensions[letter].number_format == "@"


def test_the_help_sheet_says_of_every_column_what_it_takes_with_an_example(
    contract: Contract, template: Path
) -> None:
    rows = list(openpyxl.load_workbook(template)[HELP_SHEET].iter_rows(values_only=True))
    (top,) = (number for number, row in enumerate(rows) if row[:2] == ("ช่อง", "Column"))
    explained = rows[top + 1 :]
    assert [row[:2] for row in explained] == [(c.label, c.name) for c in contract.columns]
    assert all(row[3] for row in explained)
    assert all(row[5] for row, c in zip(explained, contract.columns, strict=True) if c.required)


@pytest.mark.parametrize("other", DATASETS)
def test_no_form_is_taken_for_the_form_of_another_dataset(contract: Contract, other: str) -> None:
    header = find_header([[header_text(column) for column in contract.columns]], discover()[other])
    fits = header is not None and not header.missing and not header.ambiguous
    assert fits == (other == contract.dataset)
