"""The workbook that coordinators fill in: what it offers, and that it loads once filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from good_rows import GOOD_ROWS

from sources.contracts import Contract, discover
from sources.template import DATA_SHEET, HELP_SHEET, LIST_SHEET, write_template

DATASETS = sorted(discover())


@pytest.fixture(params=DATASETS)
def contract(request: pytest.FixtureRequest) -> Contract:
    return discover()[request.param]


@pytest.fixture
def template(contract: Contract, tmp_path: Path) -> Path:
    return write_template(contract, tmp_path / "แบบฟอร์ม" / f"{contract.dataset}.xlsx")


def _filled(template: Path, contract: Contract, row: Mapping[str, str]) -> bytes:
    book = openpyxl.load_workbook(template)
    for position, column in enumerate(contract.columns, start=1):
        if column.name in row:
            book[DATA_SHEET].cell(2, position, row[column.name])
    filled = template.with_name("filled.xlsx")
    book.save(filled)
    return filled.read_bytes()


def test_a_template_filled_in_loads_without_a_complaint(
    contract: Contract, template: Path, take_in
) -> None:
    row = GOOD_ROWS[contract.dataset]
    taken = take_in(contract.dataset, {"a.xlsx": _filled(template, contract, row)})["a.xlsx"]
    assert (taken.outcome.status, taken.outcome.rows_accepted) == ("loaded", 1)
    assert "unknown_columns" not in taken.outcome.details


def test_a_template_left_empty_is_refused_as_empty(
    contract: Contract, template: Path, take_in
) -> None:
    taken = take_in(contract.dataset, {"a.xlsx": template.read_bytes()})["a.xlsx"]
    assert (taken.outcome.status, taken.outcome.reason) == ("rejected", "empty")


def test_every_code_has_a_drop_down_of_its_thai_labels(contract: Contract, template: Path) -> None:
    book = openpyxl.load_workbook(template)
    offered = {v.formula1 for v in book[DATA_SHEET].data_validations.dataValidation}
    lists = {
        cells[0]: {cell for cell in cells[1:] if cell is not None}
        for cells in book[LIST_SHEET].iter_cols(values_only=True)
        if cells and cells[0]
    }
    coded = [column for column in contract.columns if column.codes]
    for column in coded:
        assert lists[column.label] == {code.label for code in column.codes}
    provinces = sum(c.form == "province" and not c.is_list for c in contract.columns)
    assert len(offered) == len(coded) + provinces


def test_the_help_sheet_says_of_every_column_what_it_takes(
    contract: Contract, template: Path
) -> None:
    rows = list(openpyxl.load_workbook(template)[HELP_SHEET].iter_rows(values_only=True))[1:]
    assert [(row[0], row[1]) for row in rows] == [(c.label, c.name) for c in contract.columns]
    assert all(row[3] for row in rows)
