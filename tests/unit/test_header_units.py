"""Amounts under a header that states a unit: read with it, shown without, refused against it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
import excel97
import pytest
from good_rows import GOOD_ROWS, as_csv
from intake_home import Home, Taken

from sources.contracts import discover

GOOD = GOOD_ROWS["financial_outcomes"]


def under(unit: str, amounts: Sequence[str], **other: str) -> str:
    """A file of outcomes whose amounts stand under a unit."""
    rows = [
        {**GOOD, "fiscal_year": str(2551 + n // 4), "quarter": str(n % 4 + 1), "amount": a, **other}
        for n, a in enumerate(amounts)
    ]
    return as_csv(rows).replace("amount", f"จำนวน ({unit})", 1)


def amounts_of(one: Taken) -> list[Decimal]:
    """The accepted amounts."""
    return [row["amount"] for row in one.rows]


def refused_of(one: Taken) -> dict[int, str | None]:
    """Row → the amount that was refused, as it is shown."""
    return {
        row: shown for (row, column, reason), shown in one.shown.items() if reason == "bad_number"
    }


Files = Mapping[str, bytes | str]


@pytest.mark.parametrize(
    ("typed", "baht"),
    [
        ("1.25", "1250000"),
        (" 1.25 ", "1250000"),
        ("๑.๒๕", "1250000"),
        ("(0.5)", "-500000"),
        ("-0.5", "-500000"),
        ("−0.5", "-500000"),
        ("+2", "2000000"),
        ("\u00a02\u200b", "2000000"),
        ("0", "0"),
        ("500 พันบาท", "500000"),
        ("1,200 บาท", "1200"),
        ("2 ล้านบาท", "2000000"),
    ],
)
def test_a_bare_number_has_the_unit_of_its_header(home: Home, typed: str, baht: str) -> None:
    home.put("financial_outcomes/a.csv", under("ล้านบาท", [typed]))
    (one,) = home.night()[1].values()
    assert (amounts_of(one), home.disagreements) == ([Decimal(baht)], ())


def test_where_half_of_a_table_contradicts_its_unit_all_of_it_is_asked_about(home: Home) -> None:
    files = {
        "half.csv": under("ล้านบาท", ["1000", "2", "3 ล้านบาท", "4 ล้านบาท"]),
        "third.csv": under("ล้านบาท", ["1000", "2", "3"]),
        "below.csv": under("ล้านบาท", ["999.99"]),
        "thousands.csv": under("พันบาท", ["1,000,000", "999,999", "5"]),
        "baht.csv": under("บาท", ["5000000000"]),
    }
    for name, content in files.items():
        home.put(f"financial_outcomes/{name}", content)
    taken = {Path(path).name: one for path, one in home.night()[1].items()}
    assert home.disagreements == ()
    assert refused_of(taken["half.csv"]) == {2: "1000", 3: "2"}
    assert amounts_of(taken["half.csv"]) == [3_000_000, 4_000_000]
    assert refused_of(taken["third.csv"]) == {2: "1000"}
    assert refused_of(taken["below.csv"]) == {}
    assert refused_of(taken["thousands.csv"]) == {2: "1,000,000"}
    assert amounts_of(taken["baht.csv"]) == [5_000_000_000]


def test_one_sheet_in_doubt_leaves_the_others_alone(home: Home) -> None:
    header = [*(name for name in GOOD if name != "amount"), "จำนวน (ล้านบาท)"]

    def rows(year: str, *amounts: float) -> list[list[object]]:
        good = {**GOOD, "fiscal_year": year}
        return [
            [*({**good, "quarter": str(n)}[name] for name in header[:-1]), amount]
            for n, amount in enumerate(amounts, start=1)
        ]

    sheets = {
        "ถูก": [header, *rows("2557", 1.5, 2, 3)],
        "ผิด": [header, *rows("2558", 1_250_000, 3)],
    }
    home.put("financial_outcomes/a.xls", excel97.workbook(sheets))
    (one,) = home.night()[1].values()
    assert {row["sheet_name"] for row in one.rows} == {"ถูก"}
    assert (refused_of(one), home.disagreements) == ({2: "1250000", 3: "3"}, ())


def test_what_is_kept_of_a_refused_row_is_what_was_typed(home: Home) -> None:
    home.put("financial_outcomes/a.csv", under("ล้านบาท", ["  1,250,000 ", "x"]))
    (one,) = home.night()[1].values()
    assert one.outcome.reason == "too_many_bad_rows"
    contract = discover()["financial_outcomes"]
    file = home.store.path(contract.dataset, "quarantined", one.outcome.file_id, contract.version)
    originals = duckdb.sql(f"select original from read_parquet('{file}')").fetchall()
    assert [json.loads(original)["amount"] for (original,) in originals] == ["  1,250,000 ", "x"]


def test_the_sender_is_asked_in_two_languages_and_only_where_it_matters(home: Home) -> None:
    home.put("financial_outcomes/in_baht.csv", under("ล้านบาท", ["1250000"]))
    home.put("financial_outcomes/unread.csv", under("ล้านบาท", ["x"]))
    home.put("financial_outcomes/jobs.csv", under("ล้านบาท", ["2500"], measure="jobs_created"))
    taken = {Path(path).stem: one.outcome for path, one in home.night()[1].items()}
    asked = taken["in_baht"].message or ""
    assert "ตัวเลขเป็นบาทหรือล้านบาท" in asked
    assert "are the amounts in baht or in ล้านบาท?" in asked
    assert "1,000,000,000" in asked
    assert "ล้านบาท" not in (taken["unread"].message or "")
    assert taken["jobs"].status == "loaded"


def test_people_are_counted_one_by_one_under_any_unit(home: Home) -> None:
    home.put("financial_outcomes/a.csv", under("ล้านบาท", ["๑๒", "3,000"], measure="จ้างงานเพิ่ม"))
    (one,) = home.night()[1].values()
    assert (amounts_of(one), home.disagreements) == ([12, 3000], ())
