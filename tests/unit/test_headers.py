"""Which row of a table is its header, and which column is which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sources.contracts import Column, Contract, discover
from sources.headers import Header, find_header, spellings_of
from sources.text import spelling_key

CONTRACTS = discover()
OUTCOMES = CONTRACTS["financial_outcomes"]


@pytest.mark.parametrize(
    ("dataset", "column", "spelling"),
    [
        (contract.dataset, column.name, spelling)
        for contract in CONTRACTS.values()
        for column in contract.columns
        for spelling in column.spellings
    ],
)
def test_every_spelling_of_the_contract_names_its_column(
    contracts: Mapping[str, Contract], dataset: str, column: str, spelling: str
) -> None:
    for written in (spelling, f"  {spelling.upper()} ", spelling.replace(" ", ""), f"{spelling}*"):
        header = find_header([[written, "ไม่รู้จัก"]], contracts[dataset])
        assert header is not None
        assert header.positions == {column: 0}
        assert header.unknown == ("ไม่รู้จัก",)


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS.keys())
def test_no_spelling_names_two_columns(contract: Contract) -> None:
    spellings = [
        (spelling.lower().replace(" ", ""), column.name)
        for column in contract.columns
        for spelling in column.spellings
    ]
    named: dict[str, set[str]] = {}
    for spelling, column in spellings:
        named.setdefault(spelling, set()).add(column)
    assert {spelling: columns for spelling, columns in named.items() if len(columns) > 1} == {}


def test_the_header_is_the_row_that_names_most_columns() -> None:
    rows = [
        ["ผลลัพธ์ทางการเงิน ปีงบประมาณ 2558"],
        [],
        ["ปี", "2558"],
        ["รหัสคลัสเตอร์", "เลขทะเบียน", "ปีงบประมาณ", "ไตรมาส", "ตัวชี้วัด", "จำนวน", "วันที่ส่งข้อมูล"],
        ["C01", "0105558000014", "2558", "1", "ยอดขายเพิ่ม", "100", "1/2/2558"],
    ]
    header = find_header(rows, OUTCOMES)
    assert header is not None
    assert (header.index, header.missing, header.ambiguous) == (3, (), ())


def test_columns_stand_in_any_order() -> None:
    names = [column.name for column in OUTCOMES.columns]
    header = find_header([names[::-1]], OUTCOMES)
    assert header is not None
    assert header.positions == {name: place for place, name in enumerate(names[::-1])}


def test_a_header_lacks_what_it_does_not_name() -> None:
    header = find_header([["cluster_code", "amount"]], OUTCOMES)
    assert header is not None
    assert header.missing == ("juristic_id", "fiscal_year", "quarter", "measure", "submitted_on")


def test_a_column_named_twice_is_ambiguous() -> None:
    header = find_header([["amount", "จำนวนเงิน", "cluster_code"]], OUTCOMES)
    assert header is not None
    assert header.ambiguous == ("amount",)


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        ("จำนวน (ล้านบาท)", "ล้านบาท"),
        ("จำนวน (พันบาท)", "พันบาท"),
        ("จำนวน [ลบ.]", "ลบ."),
        ("จำนวน (หน่วย: ล้านบาท)", "ล้านบาท"),
        ("amount (baht)", None),
        ("จำนวน (บาท)", None),
        ("จำนวน (บาท/คน)", None),
        ("จำนวน", None),
    ],
)
def test_a_money_header_may_say_its_unit(cell: str, unit: str | None) -> None:
    header = find_header([[cell, "cluster_code"]], OUTCOMES)
    assert header is not None
    assert header.positions["amount"] == 0
    assert header.units == ({"amount": unit} if unit else {})


def test_a_unit_on_a_column_that_is_no_money_names_nothing() -> None:
    header = find_header([["ไตรมาส (บาท)", "cluster_code"]], OUTCOMES)
    assert header is not None
    assert header.unknown == ("ไตรมาส (บาท)",)


@pytest.mark.parametrize("rows", [[], [[]], [["", " "]], [["ก", "ข"], ["1", "2"]]])
def test_where_no_row_names_a_column_there_is_no_header(rows: list[Any]) -> None:
    assert find_header(rows, OUTCOMES) is None


def test_a_header_below_the_fortieth_row_is_not_looked_for() -> None:
    assert find_header([["หัวเรื่อง"]] * 40 + [["cluster_code"]], OUTCOMES) is None


def test_invisible_characters_in_a_header_do_not_matter() -> None:
    header = find_header([["\ufeffcluster_code\u200b", "จํานวน\u00a0"]], OUTCOMES)
    assert header is not None
    assert header.positions == {"cluster_code": 0, "amount": 1}


ACTIVITIES = CONTRACTS["activity_reports"]
NEEDED = [column.label for column in ACTIVITIES.required]


def found(*rows: list[str]) -> Header:
    """The header of these rows."""
    header = find_header(rows, ACTIVITIES)
    assert header is not None
    return header


def test_a_group_title_and_the_titles_below_it_are_one_header() -> None:
    header = found(["x"], [*NEEDED, "งบประมาณ", ""], [""] * 5 + ["ตั้งไว้", "ใช้จริง"])
    assert (header.index, header.positions["budget_baht"], header.positions["spent_baht"]) == (
        (2, 5, 6)
    )
    assert header.missing == header.ambiguous == header.unknown == ()


def test_a_header_merged_over_two_rows_is_one_header() -> None:
    header = found([*NEEDED, "งบประมาณ", ""], [*NEEDED, "ตั้งไว้", "ใช้จริง"], ["A-1"])
    assert (header.index, header.positions["budget_baht"], header.positions["spent_baht"]) == (
        (1, 5, 6)
    )


def test_of_two_rows_with_a_full_header_above_the_lower_is_not_needed() -> None:
    english = [column.name for column in ACTIVITIES.required]
    assert found(NEEDED, english).index == 0


def test_a_record_is_never_taken_for_the_second_row_of_a_header() -> None:
    record = ["A-1", "C01", "อบรม", "20/01/2558", "01/02/2558", "ใช้จริง", "งบประมาณ"]
    header = found([*NEEDED, "หมายเหตุ", ""], record)
    assert (header.index, header.unknown) == (0, ("หมายเหตุ",))


def test_a_title_above_a_blank_header_cell_does_not_name_its_column() -> None:
    header = found(["ใช้จริง", "", "", "", "", "", "จังหวัด"], [*NEEDED, "หมายเหตุ", ""])
    assert (header.index, header.positions.keys()) == (1, {c.name for c in ACTIVITIES.required})


@pytest.mark.parametrize(
    ("rows", "units"),
    [
        (
            [[*NEEDED, "งบประมาณ (ล้านบาท)", ""], [""] * 5 + ["ตั้งไว้", "ใช้จริง"]],
            {"budget_baht": "ล้านบาท", "spent_baht": "ล้านบาท"},
        ),
        (
            [[*NEEDED, "งบประมาณ (ล้านบาท)", ""], [""] * 5 + ["ตั้งไว้", "ใช้จริง (พันบาท)"]],
            {"budget_baht": "ล้านบาท", "spent_baht": "พันบาท"},
        ),
        (
            [[*NEEDED, "งบประมาณ", "ใช้จริง"], [""] * 5 + ["(ล้านบาท)", "(บาท)"]],
            {"budget_baht": "ล้านบาท"},
        ),
        (
            [["รายงาน", "หน่วย : ล้านบาท"], [], [*NEEDED, "งบประมาณ", "ใช้จริง (บาท)"]],
            {"budget_baht": "ล้านบาท"},
        ),
        ([["(หน่วย: บาท)"], [*NEEDED, "งบประมาณ"]], {}),
        ([["หน่วย: ล้านบาท"], ["หน่วย: พันบาท"], [*NEEDED, "งบประมาณ"]], {}),
        ([[*NEEDED, "งบประมาณ"], ["หน่วย: ล้านบาท"]], {}),
    ],
)
def test_where_a_unit_may_stand(rows: list[list[str]], units: dict[str, str]) -> None:
    assert found(*rows).units == units


@pytest.mark.parametrize("column", OUTCOMES.columns, ids=lambda column: column.name)
def test_what_names_a_column_is_known_by_its_key(column: Column) -> None:
    keys = spellings_of(OUTCOMES, column.name)
    assert {spelling_key(spelling) for spelling in column.spellings} <= set(keys)
    assert not set(keys) & {
        key for c in OUTCOMES.columns if c != column for key in spellings_of(OUTCOMES, c.name)
    }
