"""From text to judged rows: each reason, defaults, duplicates, totals, masking."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from good_rows import GOOD_ROWS, as_csv
from intake_home import SECRET, Home, Taken

from sources import lists as lists_typed
from sources import typed
from sources.contracts import Contract, discover
from sources.headers import find_header
from sources.intake import empty_relations, public_quarantined_sql, public_rows_sql
from sources.reading import open_tables
from sources.typed import Workbench

TakeIn = Callable[[str, Mapping[str, bytes | str]], dict[str, Taken]]

#: Two other rows of each dataset that are good beside GOOD_ROWS: half of a file may be bad.
OTHER_KEYS: dict[str, list[dict[str, str]]] = {
    "cluster_registrations": [{"cluster_code": "C02"}, {"cluster_code": "C03"}],
    "member_registrations": [{"cluster_code": "C02"}, {"cluster_code": "C03"}],
    "activity_reports": [{"activity_id": "A-2"}, {"activity_id": "A-3"}],
    "financial_outcomes": [{"quarter": "2"}, {"quarter": "3"}],
}

MISSING = [
    (contract.dataset, {column.name: ""}, {(column.name, "missing_required")})
    for contract in discover().values()
    for column in contract.required
]

#: dataset, what is typed instead in the fourth row, its problems (column, reason).
BAD: list[tuple[str, dict[str, str], set[tuple[str, str]]]] = [
    *MISSING,
    ("cluster_registrations", {"cluster_code": "C1"}, {("cluster_code", "bad_code")}),
    ("cluster_registrations", {"cluster_code": "คลัสเตอร์ 1"}, {("cluster_code", "bad_code")}),
    ("cluster_registrations", {"branch": "แฟชั่นโชว์"}, {("branch", "bad_code")}),
    ("cluster_registrations", {"provinces": "เลย;เมืองนอก"}, {("provinces", "bad_province")}),
    ("cluster_registrations", {"registered_on": "31/02/2558"}, {("registered_on", "bad_date")}),
    ("cluster_registrations", {"status": "ไม่แน่ใจ"}, {("status", "bad_code")}),
    ("member_registrations", {"juristic_id": "0105558000015"}, {("juristic_id", "bad_id")}),
    ("member_registrations", {"juristic_id": "12345"}, {("juristic_id", "bad_id")}),
    ("member_registrations", {"legal_form": "บริษัท"}, {("legal_form", "bad_code")}),
    ("member_registrations", {"province": "แดนไกล"}, {("province", "bad_province")}),
    ("member_registrations", {"business_type": "อื่น"}, {("business_type", "bad_code")}),
    ("member_registrations", {"tsic_code": "131115"}, {("tsic_code", "bad_code")}),
    ("member_registrations", {"role": "นายก"}, {("role", "bad_code")}),
    ("member_registrations", {"employees": "12.5"}, {("employees", "bad_number")}),
    ("member_registrations", {"employees": "-1"}, {("employees", "out_of_range")}),
    (
        "member_registrations",
        {"annual_revenue_baht": "(5)", "fixed_assets_baht": "1,20"},
        {("annual_revenue_baht", "out_of_range"), ("fixed_assets_baht", "bad_number")},
    ),
    (
        "member_registrations",
        {"annual_revenue_baht": "ห้าล้าน", "fixed_assets_baht": "-0.01"},
        {("annual_revenue_baht", "bad_number"), ("fixed_assets_baht", "out_of_range")},
    ),
    ("activity_reports", {"activity_type": "ปาร์ตี้"}, {("activity_type", "bad_code")}),
    ("activity_reports", {"start_date": "20/13/2558"}, {("start_date", "bad_date")}),
    ("activity_reports", {"end_date": "19/01/2558"}, {("end_date", "end_before_start")}),
    ("activity_reports", {"end_date": "ไม่ทราบ"}, {("end_date", "bad_date")}),
    ("activity_reports", {"province": "?"}, {("province", "bad_province")}),
    (
        "activity_reports",
        {"participant_ids": "0105558000014;0105558000015"},
        {("participant_ids", "bad_id")},
    ),
    ("activity_reports", {"participants_people": "มาก"}, {("participants_people", "bad_number")}),
    ("activity_reports", {"participants_people": "-1"}, {("participants_people", "out_of_range")}),
    ("activity_reports", {"partner_type": "เพื่อน"}, {("partner_type", "bad_code")}),
    (
        "activity_reports",
        {"budget_baht": "-1", "spent_baht": "สองพัน"},
        {("budget_baht", "out_of_range"), ("spent_baht", "bad_number")},
    ),
    (
        "activity_reports",
        {"budget_baht": "1.2.3", "spent_baht": "(0.01)", "submitted_on": "พรุ่งนี้"},
        {
            ("budget_baht", "bad_number"),
            ("spent_baht", "out_of_range"),
            ("submitted_on", "bad_date"),
        },
    ),
    (
        "cluster_registrations",
        {"submitted_on": "32/01/2558"},
        {("submitted_on", "bad_date")},
    ),
    (
        "member_registrations",
        {"registered_on": "2558", "submitted_on": "0/0/0", "status": "?"},
        {("registered_on", "bad_date"), ("submitted_on", "bad_date"), ("status", "bad_code")},
    ),
    ("financial_outcomes", {"juristic_id": "9105558000014"}, {("juristic_id", "bad_id")}),
    ("financial_outcomes", {"fiscal_year": "2549"}, {("fiscal_year", "out_of_range")}),
    ("financial_outcomes", {"fiscal_year": "2601"}, {("fiscal_year", "out_of_range")}),
    ("financial_outcomes", {"fiscal_year": "2005"}, {("fiscal_year", "out_of_range")}),
    ("financial_outcomes", {"fiscal_year": "ปีนี้"}, {("fiscal_year", "bad_number")}),
    ("financial_outcomes", {"quarter": "0"}, {("quarter", "out_of_range")}),
    ("financial_outcomes", {"quarter": "5"}, {("quarter", "out_of_range")}),
    ("financial_outcomes", {"quarter": "แรก"}, {("quarter", "bad_number")}),
    ("financial_outcomes", {"measure": "กำไร"}, {("measure", "bad_code")}),
    ("financial_outcomes", {"amount": "มาก"}, {("amount", "bad_number")}),
    ("financial_outcomes", {"amount": "?5"}, {("amount", "bad_number")}),
    (
        "financial_outcomes",
        {"measure": "jobs_created", "amount": "2.5"},
        {("amount", "bad_number")},
    ),
    ("financial_outcomes", {"submitted_on": "20/01/2958"}, {("submitted_on", "bad_date")}),
    (
        "financial_outcomes",
        {"quarter": "9", "amount": "x", "submitted_on": "", "juristic_id": "1"},
        {
            ("quarter", "out_of_range"),
            ("amount", "bad_number"),
            ("submitted_on", "missing_required"),
            ("juristic_id", "bad_id"),
        },
    ),
]

#: dataset, what is typed, the values it is accepted with.
GOOD: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("cluster_registrations", {"provinces": ""}, {"provinces": None, "status": "active"}),
    ("cluster_registrations", {"provinces": "-"}, {"provinces": None}),
    (
        "cluster_registrations",
        {"provinces": "จ.เลย; Udon Thani , 39;", "status": " ถอนตัว "},
        {"provinces": ["42", "41", "39"], "status": "withdrawn"},
    ),
    ("cluster_registrations", {"cluster_code": "c ๐๑"}, {"cluster_code": "C01"}),
    ("cluster_registrations", {"branch": "อื่นๆ"}, {"branch": "other"}),
    ("cluster_registrations", {"branch": "FASHION"}, {"branch": "fashion"}),
    (
        "member_registrations",
        {"role": "", "status": "-", "employees": "n/a", "annual_revenue_baht": "ไม่มี"},
        {"role": "member", "status": "active", "employees": None, "annual_revenue_baht": None},
    ),
    ("member_registrations", {"tsic_code": "1311"}, {"tsic_code": "01311"}),
    (
        "member_registrations",
        {"juristic_id": "1-1017-00230-70-8"},
        {"juristic_id": "1101700230708", "is_natural_person": True},
    ),
    (
        "member_registrations",
        {"juristic_id": "4-57-01-01/1-0001"},
        {"juristic_id": "4-57-01-01/1-0001", "is_natural_person": False},
    ),
    ("activity_reports", {"end_date": ""}, {"end_date": dt.date(2015, 1, 20)}),
    ("activity_reports", {"end_date": "20 ม.ค. 58"}, {"end_date": dt.date(2015, 1, 20)}),
    ("activity_reports", {"partner_type": "ไม่มี"}, {"partner_type": "none"}),
    ("activity_reports", {"partner_type": "-"}, {"partner_type": None}),
    (
        "activity_reports",
        {"budget_baht": "1.25 ล้านบาท", "spent_baht": "๑,๒๓๔.๕๐"},
        {
            "budget_baht": Decimal("1250000.00"),
            "spent_baht": Decimal("1234.50"),
            "control_total": Decimal("1251234.50"),
        },
    ),
    (
        "financial_outcomes",
        {"amount": "(1,200)", "fiscal_year": "2015"},
        {"amount": Decimal("-1200.00"), "fiscal_year": 2558},
    ),
    (
        "financial_outcomes",
        {"measure": "การจ้างงานเพิ่ม", "amount": "-3.00"},
        {"measure": "jobs_created", "amount": Decimal("-3.00")},
    ),
    ("financial_outcomes", {"evidence_ref": "  แฟ้ม   3 "}, {"evidence_ref": "แฟ้ม 3"}),
]


def _file(dataset: str, changed: Mapping[str, str]) -> str:
    good = GOOD_ROWS[dataset]
    return as_csv([*({**good, **other} for other in OTHER_KEYS[dataset]), {**good, **changed}])


@pytest.fixture(scope="module")
def judged(take_in: TakeIn) -> dict[str, dict[str, Taken]]:
    """All cases, taken in together: dataset → file name → what became of it."""
    files: dict[str, dict[str, bytes | str]] = {}
    for kind, cases in (("bad", BAD), ("good", GOOD)):
        for number, (dataset, changed, _) in enumerate(cases):
            files.setdefault(dataset, {})[f"{kind}{number}.csv"] = _file(dataset, changed)
    return {dataset: take_in(dataset, of_dataset) for dataset, of_dataset in files.items()}


def _label(case: Any) -> str:
    dataset, changed, _ = case
    return f"{dataset}: {', '.join(f'{name}={text!r}' for name, text in changed.items())}"


@pytest.mark.parametrize("number", range(len(BAD)), ids=[_label(case) for case in BAD])
def test_a_bad_row_is_quarantined_with_all_its_reasons_and_the_rest_loads(
    judged: Any, number: int
) -> None:
    dataset, _, problems = BAD[number]
    taken = judged[dataset][f"bad{number}.csv"]
    assert taken.problems == {(4, column, reason) for column, reason in problems}
    assert (taken.outcome.status, taken.outcome.rows_read, taken.outcome.rows_accepted) == (
        "loaded",
        3,
        2,
    )
    assert set(taken.accepted) == {2, 3}


@pytest.mark.parametrize("number", range(len(GOOD)), ids=[_label(case) for case in GOOD])
def test_a_good_row_is_accepted_with_the_values_it_means(judged: Any, number: int) -> None:
    dataset, _, values = GOOD[number]
    taken = judged[dataset][f"good{number}.csv"]
    assert taken.problems == set()
    assert {name: taken.accepted[4][name] for name in values} == values


def test_every_rule_of_every_contract_is_broken_by_some_case() -> None:
    from sources.rules import derive

    broken = {
        (dataset, column, reason) for dataset, _, problems in BAD for column, reason in problems
    }
    rules = {
        (contract.dataset, rule.column.name, rule.reason)
        for contract in discover().values()
        for rule in derive(contract)
        if rule.kind not in {"duplicate", "shape"}
    }
    assert rules - broken == set()


# ── Within one file ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Verdict:
    """What the workbench made of one file: accepted rows by number, problems, figures."""

    accepted: dict[int, dict[str, Any]]
    problems: set[tuple[int, str | None, str]]
    figures: dict[str, Any]


@pytest.fixture
def verdicts(tmp_path: Path) -> Callable[..., list[Verdict]]:
    """Types and judges texts as files of one batch, without the night around it."""

    def rows(bench: Workbench, query: str) -> list[dict[str, Any]]:
        relation = bench.db.sql(query)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

    def judged_by(bench: Workbench, number: int) -> Verdict:
        accepted = rows(bench, bench.accepted_sql(number, "id"))
        quarantined = rows(bench, bench.quarantined_sql(number, "id"))
        return Verdict(
            {row["row_number"]: row for row in accepted},
            {
                (row["row_number"], problem["column_name"], problem["reason"])
                for row in quarantined
                for problem in row["problems"]
            },
            bench.file_counts()[number],
        )

    def judged(dataset: str, *texts: str) -> list[Verdict]:
        contract = discover()[dataset]
        with Workbench(contract, SECRET) as bench:
            numbers = []
            for text in texts:
                path = tmp_path / "file"
                path.write_text(text, encoding="utf-8")
                numbers.append(bench.add_file())
                for table in open_tables(path, contract).tables:
                    for batch in table.batches():
                        bench.add_rows(numbers[-1], table.name, table.header, batch, 0)
            bench.judge()
            return [judged_by(bench, number) for number in numbers]

    return judged


def test_of_a_key_twice_in_a_file_the_later_good_row_counts(verdicts: Any) -> None:
    good = GOOD_ROWS["financial_outcomes"]
    rows = [
        {**good, "amount": "1"},
        {**good, "amount": "2", "juristic_id": "0-1055-58000-01-4"},
        {**good, "amount": "3", "fiscal_year": "2015", "measure": "ยอดขายเพิ่ม"},
        {**good, "quarter": "2", "amount": "4"},
        {**good, "quarter": "3", "amount": "5"},
        {**good, "amount": "bad"},
    ]
    (taken,) = verdicts("financial_outcomes", as_csv(rows))
    assert taken.problems == {
        (2, "cluster_code", "duplicate_in_file"),
        (3, "cluster_code", "duplicate_in_file"),
        (7, "amount", "bad_number"),
    }
    assert {number: row["amount"] for number, row in taken.accepted.items()} == {4: 3, 5: 4, 6: 5}


def test_one_key_in_two_files_is_a_duplicate_in_neither(verdicts: Any) -> None:
    good = GOOD_ROWS["activity_reports"]
    again = {**good, "title": "อีกครั้ง"}
    both = verdicts("activity_reports", as_csv([good]), as_csv([again]))
    assert [(one.problems, len(one.accepted)) for one in both] == [(set(), 1), (set(), 1)]


def test_a_total_row_is_no_row_but_a_row_that_lost_its_key_is_bad(verdicts: Any) -> None:
    good = GOOD_ROWS["financial_outcomes"]
    blank = dict.fromkeys(good, "")
    rows = [{**good, "quarter": str(quarter)} for quarter in (1, 2, 3, 4)]
    others = [
        {**blank, "cluster_code": "รวม", "amount": "4000"},
        {**blank, "measure": "รวมทั้งสิ้น", "amount": "4,000"},
        {**blank, "juristic_id": "Grand Total", "amount": "4,000"},
        {**blank, "amount": "4,000"},
    ]
    (taken,) = verdicts("financial_outcomes", as_csv([*rows, *others]))
    assert taken.figures["total_rows"] == 3
    assert taken.figures["rows"] == 5
    assert {number for number, _, _ in taken.problems} == {9}


def test_a_name_that_contains_the_word_for_total_is_a_row(verdicts: Any) -> None:
    good = GOOD_ROWS["member_registrations"]
    rows = [
        {**good, "enterprise_name": "บริษัท รวมพล จำกัด"},
        {**good, "cluster_code": "C02", "enterprise_name": "รวม"},
        {**good, "cluster_code": "C03", "enterprise_name": "Total Services"},
    ]
    (taken,) = verdicts("member_registrations", as_csv(rows))
    assert (taken.figures["good"], taken.problems) == (3, set())


def test_a_header_said_again_is_no_row(verdicts: Any) -> None:
    text = as_csv([GOOD_ROWS["activity_reports"]])
    header, row = text.splitlines()
    again = "\n".join([header, row, header.upper(), row.replace("A-1", "A-2"), ""])
    (taken,) = verdicts("activity_reports", again)
    assert (taken.figures["rows"], sorted(taken.accepted)) == (2, [2, 4])


def test_a_row_with_too_many_cells_is_unreadable_and_keeps_them(home: Home) -> None:
    text = as_csv([GOOD_ROWS["activity_reports"]])
    header, row = text.splitlines()
    home.put(
        "activity_reports/a.csv",
        f"{header}\n{row}\n{row.replace('A-1', 'A-2')},เกิน\n{row.replace('A-1', 'A-3')}\n",
    )
    _, taken = home.night()
    (one,) = taken.values()
    assert one.shown == {(3, None, "unreadable"): "เกิน"}
    (original,) = _quarantined(home, one)
    assert json.loads(original["original"])["overflow"] == "เกิน"


def test_half_of_the_rows_may_be_bad_but_not_more(take_in: TakeIn) -> None:
    good = GOOD_ROWS["activity_reports"]
    rows = [{**good, "activity_id": f"A-{n}"} for n in range(4)]
    half = [*rows[:2], {**rows[2], "activity_type": "x"}, {**rows[3], "activity_type": "x"}]
    more = [*half, {**rows[3], "activity_id": "A-9", "start_date": "x"}]
    taken = take_in("activity_reports", {"half.csv": as_csv(half), "more.csv": as_csv(more)})
    assert (taken["half.csv"].outcome.status, taken["half.csv"].outcome.rows_accepted) == (
        "loaded",
        2,
    )
    rejected = taken["more.csv"]
    assert (rejected.outcome.status, rejected.outcome.reason) == ("rejected", "too_many_bad_rows")
    assert rejected.accepted == {}
    assert rejected.problems == {
        (2, None, "too_many_bad_rows"),
        (3, None, "too_many_bad_rows"),
        (4, "activity_type", "bad_code"),
        (5, "activity_type", "bad_code"),
        (6, "start_date", "bad_date"),
    }


def test_unknown_columns_stay_with_the_raw_row_and_are_reported(home: Home) -> None:
    good = GOOD_ROWS["activity_reports"]
    header, row = as_csv([good]).splitlines()
    bad = row.replace("linkage", "x")
    home.put(
        "activity_reports/a.csv",
        f"{header},หมายเหตุ,หมายเหตุ,\n{row},ดี,มาก,\n{bad},ไม่,ดี,เลย\n",
    )
    _, taken = home.night()
    (one,) = taken.values()
    assert one.outcome.details["unknown_columns"] == ["หมายเหตุ"]
    (original,) = _quarantined(home, one)
    assert sorted(json.loads(original["original"])["extra"].values()) == ["ดี", "เลย", "ไม่"]


def test_a_unit_in_the_header_counts_for_bare_numbers_only(verdicts: Any) -> None:
    good = GOOD_ROWS["financial_outcomes"]
    rows = [
        {**good, "quarter": "1", "amount": "1.25"},
        {**good, "quarter": "2", "amount": "(๑.๕)"},
        {**good, "quarter": "3", "amount": "500 พันบาท"},
    ]
    text = as_csv(rows).replace(",amount,", ",จำนวน (ล้านบาท),")
    (taken,) = verdicts("financial_outcomes", text)
    assert {number: row["amount"] for number, row in taken.accepted.items()} == {
        2: 1_250_000,
        3: -1_500_000,
        4: 500_000,
    }


@pytest.mark.parametrize("blank", ["\u00a0" * 9, "\t" * 9, " " * 9, "\u200b" * 9])
def test_a_required_text_of_nothing_but_space_is_missing(verdicts: Any, blank: str) -> None:
    good = GOOD_ROWS["member_registrations"]
    rows = [
        {**good, "enterprise_name": blank},
        *({**good, "cluster_code": code} for code in ("C02", "C03")),
    ]
    (taken,) = verdicts("member_registrations", as_csv(rows))
    assert taken.problems == {(2, "enterprise_name", "missing_required")}


def test_a_row_of_nothing_but_space_is_no_row(verdicts: Any) -> None:
    good = GOOD_ROWS["activity_reports"]
    rows = [dict.fromkeys(good, blank) for blank in (" ", "\t", "\u00a0", "\u200b")]
    (taken,) = verdicts("activity_reports", as_csv([good, *rows]))
    assert (taken.figures["rows"], taken.problems) == (1, set())


# ── Figures ───────────────────────────────────────────────────────────────────────────────────


def test_the_control_total_is_all_money_read_also_of_bad_rows(verdicts: Any) -> None:
    good = GOOD_ROWS["activity_reports"]
    rows = [
        {**good, "budget_baht": "0.10", "spent_baht": "0.20"},
        {**good, "activity_id": "A-2", "budget_baht": "0.30", "spent_baht": "x"},
        {**good, "activity_id": "A-3", "budget_baht": "1.25 ล้านบาท"},
        {"activity_id": "รวม", "budget_baht": "999"},
    ]
    (taken,) = verdicts("activity_reports", as_csv(rows))
    assert taken.figures["control_total"] == Decimal("1250000.60")
    assert sum(row["control_total"] for row in taken.accepted.values()) == Decimal("1250000.30")


def test_the_enterprise_key_is_the_keyed_hash_of_the_id_however_it_was_typed(
    verdicts: Any,
) -> None:
    good = GOOD_ROWS["member_registrations"]
    rows = [
        {**good, "juristic_id": text, "cluster_code": f"C0{n}"}
        for n, text in enumerate(["0105558000014", "105558000014", "0-1055-58000-01-4"], start=1)
    ]
    (taken,) = verdicts("member_registrations", as_csv(rows))
    key = hmac.new(SECRET, b"0105558000014", hashlib.sha256).hexdigest()
    assert {row["enterprise_key"] for row in taken.accepted.values()} == {key}


def test_participants_are_keyed_and_persons_among_them_have_no_id(verdicts: Any) -> None:
    row = {
        **GOOD_ROWS["activity_reports"],
        "participant_ids": "0105558000014; 1101700230708\n4-57-01-01/1-0001",
    }
    (taken,) = verdicts("activity_reports", as_csv([row]))
    (accepted,) = taken.accepted.values()
    ids = ["0105558000014", "1101700230708", "4-57-01-01/1-0001"]
    assert accepted["participant_ids"] == [
        {
            "enterprise_key": hmac.new(SECRET, ident.encode(), hashlib.sha256).hexdigest(),
            "juristic_id": None if ident.startswith("1") else ident,
        }
        for ident in ids
    ]


# ── What is personal ──────────────────────────────────────────────────────────────────────────

PERSONAL = ("สมชาย", "1101700230709", "0812345678", "somchai", "Prasert")


@pytest.fixture(scope="module")
def personal_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A night with bad rows that are full of personal data."""
    home = Home(tmp_path_factory.mktemp("personal") / "home")
    member = {
        **GOOD_ROWS["member_registrations"],
        "contact_name": "Prasert",
        "contact_phone": "0812345678",
        "contact_email": "somchai@example.com",
    }
    bad = [
        {"juristic_id": "1101700230709", "enterprise_name": "นายสมชาย"},
        {"juristic_id": "0812345678"},
        {"juristic_id": "นายสมชาย 1101700230709"},
        {"province": "โทร 0812345678"},
        {"employees": "somchai@example.com"},
        {"annual_revenue_baht": "1101700230709 นาย"},
        {"registered_on": "0812345678, 081-234-5678"},
    ]
    good = [
        {"cluster_code": f"C{n}", "juristic_id": "1101700230708", "enterprise_name": "นายสมชาย"}
        for n in range(10, 20)
    ]
    home.put(
        "member_registrations/a.csv",
        as_csv(
            [{**member, **changed} for changed in good] + [{**member, **changed} for changed in bad]
        ),
    )
    _, taken = home.night()
    assert len(next(iter(taken.values())).problems) == len(bad)
    return home


def _files(home: Home, verdict: str) -> list[Any]:
    return [p for p in (home.root / "store").rglob("*.parquet") if p.parent.name == verdict]


def _quarantined(home: Home, taken: Taken) -> list[dict[str, Any]]:
    (file,) = [p for p in _files(home, "quarantined") if taken.outcome.file_id in p.name]
    relation = duckdb.sql(f"from read_parquet('{file}')")
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def test_nothing_personal_is_shown_of_quarantined_rows(personal_home: Home) -> None:
    query = public_quarantined_sql(_files(personal_home, "quarantined"))
    shown = str(duckdb.sql(query).fetchall())
    assert "duplicate" not in shown
    assert [text for text in PERSONAL if text in shown] == []


def test_the_transformation_sees_no_persons_id_or_name_and_no_contact(personal_home: Home) -> None:
    contract = discover()["member_registrations"]
    relation = duckdb.sql(public_rows_sql(contract, _files(personal_home, "accepted")))
    assert not {"contact_name", "contact_phone", "contact_email"} & set(relation.columns)
    assert [text for text in (*PERSONAL, "1101700230708") if text in str(relation.fetchall())] == []
    assert len(relation.fetchall()) == 10


def test_the_ledger_and_what_is_said_of_a_file_hold_nothing_personal(personal_home: Home) -> None:
    told = (personal_home.root / "ledger.sqlite").read_bytes()
    wal = personal_home.root / "ledger.sqlite-wal"
    told += wal.read_bytes() if wal.exists() else b""
    assert b"member_registrations/a.csv" in told
    assert [text for text in PERSONAL if text.encode() in told] == []


def test_the_original_of_a_quarantined_row_is_kept_whole_in_the_store(personal_home: Home) -> None:
    (file,) = _files(personal_home, "quarantined")
    originals = duckdb.sql(f"select original from read_parquet('{file}')").fetchall()
    assert json.loads(originals[0][0])["enterprise_name"] == "นายสมชาย"


def test_cells_shifted_by_a_comma_too_many_show_nobodys_name(take_in: TakeIn) -> None:
    good = GOOD_ROWS["member_registrations"]
    rows = [
        {**good, "cluster_code": code, "contact_phone": "0812345678", "contact_name": "Prasert"}
        for code in ("C01", "C02", "C03")
    ]
    header, first, second, third = as_csv(rows).splitlines()
    person = third.replace("บริษัท ตัวอย่าง จำกัด", "นาย สมชาย, ใจดี")
    taken = take_in("member_registrations", {"a.csv": "\n".join([header, first, second, person])})
    shown = taken["a.csv"].shown
    assert (4, None, "unreadable") in shown
    assert [text for text in shown.values() if text and set(text) & set("Prasertใจดี")] == []


# ── The workbench itself ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("dataset", sorted(discover()))
def test_a_dataset_has_its_columns_before_any_file_came(home: Home, dataset: str) -> None:
    contract = discover()[dataset]
    paths = empty_relations(contract, home.store, SECRET)
    columns = duckdb.sql(f"from read_parquet('{paths['accepted']}')").columns
    assert {column.name for column in contract.columns} <= set(columns)
    assert duckdb.sql(f"from read_parquet('{paths['quarantined']}')").fetchall() == []


def test_a_contract_with_more_rules_than_an_integer_has_bits_is_refused(
    contracts: Mapping[str, Contract],
) -> None:
    import dataclasses

    outcome = contracts["financial_outcomes"]
    wide = dataclasses.replace(
        outcome,
        columns=outcome.columns
        + tuple(dataclasses.replace(outcome.column("amount"), name=f"a{n}") for n in range(40)),
    )
    with pytest.raises(ValueError, match="63 rules"):
        Workbench(wide, SECRET)


def test_a_file_taken_out_again_leaves_nothing(tmp_path: Any, contracts: Any) -> None:
    contract = contracts["financial_outcomes"]
    path = tmp_path / "a.csv"
    path.write_text(as_csv([GOOD_ROWS["financial_outcomes"]]), encoding="utf-8")
    with Workbench(contract, SECRET) as bench:
        for keep in (False, True):
            number = bench.add_file()
            for table in open_tables(path, contract).tables:
                for batch in table.batches():
                    bench.add_rows(number, table.name, table.header, batch, 0)
            if not keep:
                bench.drop_file(number)
        bench.judge()
        assert {n: figures["rows"] for n, figures in bench.file_counts().items()} == {1: 0, 2: 1}


def test_rows_of_a_batch_that_is_narrower_than_its_header_are_read(contracts: Any) -> None:
    contract = contracts["activity_reports"]
    header = find_header([["activity_id", "cluster_code", "title"]], contract)
    assert header is not None
    batch = pa.record_batch(
        [pa.array([2], pa.int32()), pa.nulls(1, pa.string()), pa.array(["A-1"]), pa.array(["C01"])],
        names=["row_number", "overflow", "c0", "c1"],
    )
    with Workbench(contract, SECRET) as bench:
        number = bench.add_file()
        bench.add_rows(number, None, header, batch, 0)
        bench.judge()
        assert bench.file_counts()[1]["rows"] == 1


def test_lists_are_the_same_in_however_many_passes_they_are_put_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = ("0105558000014", "0105558000103", "4-57-01-01/1-0001")
    lists = ["", ids[0], f"{ids[1]};{ids[0]}", ";".join(reversed(ids)), f"{ids[0]};x", "-", ";"]
    rows = [
        {**GOOD_ROWS["activity_reports"], "activity_id": f"A-{number}", "participant_ids": text}
        for number, text in enumerate(lists * 2)
    ]
    found = []
    for passes in (100_000, 2):
        monkeypatch.setattr(lists_typed, "LISTS_A_PASS", passes)
        home = Home(tmp_path / f"home-{passes}")
        home.put("activity_reports/a.csv", as_csv(rows))
        _, taken = home.night()
        assert home.disagreements == ()
        (one,) = taken.values()
        found.append(([row["participant_ids"] for row in one.rows], one.problems))
    assert found[0] == found[1]
    values = [row and [member["juristic_id"] for member in row] for row in found[0][0]]
    assert values[:4] == [None, [ids[0]], [ids[1], ids[0]], list(reversed(ids))]
    assert {reason for _, _, reason in found[0][1]} == {"bad_id"}


def test_rows_lie_in_the_store_in_their_order_whatever_order_they_were_typed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_order = Workbench._typed_sql
    monkeypatch.setattr(
        Workbench, "_typed_sql", lambda bench: f"{in_order(bench)} order by row_id desc"
    )
    home = Home(tmp_path / "home")
    home.put("financial_outcomes/a.csv", as_csv(outcomes_of_quarters()))
    _, taken = home.night()
    (one,) = taken.values()
    assert [row["row_number"] for row in one.rows] == list(range(2, 10))


def test_texts_that_repeat_are_kept_as_the_texts_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for repeated in (1, 1_000_000):
        monkeypatch.setattr(typed, "REPEATED", repeated)
        home = Home(tmp_path / f"home-{repeated}")
        rows = [{**row, "measure": "กำไร"} for row in outcomes_of_quarters()[:2]]
        rows += outcomes_of_quarters()[2:]
        home.put("financial_outcomes/a.csv", as_csv(rows))
        members = [
            {**GOOD_ROWS["member_registrations"], "cluster_code": f"C{n + 10}", "status": ""}
            for n in range(8)
        ]
        home.put("member_registrations/a.csv", as_csv(members))
        _, taken = home.night()
        assert home.disagreements == ()
        stored = sorted((home.root / "store").rglob("accepted/*.parquet"))
        kinds = [
            duckdb.sql(f"select column_name, column_type from (describe from '{file}')").fetchall()
            for file in stored
        ]
        found.append(([(one.rows, one.shown) for one in taken.values()], kinds))
    assert found[0] == found[1]
    assert len(found[0][1]) == len(taken)
    assert all("ENUM" not in kind for of_file in found[0][1] for _, kind in of_file)


def outcomes_of_quarters() -> list[dict[str, str]]:
    """Eight outcomes of one enterprise."""
    return [
        {**GOOD_ROWS["financial_outcomes"], "fiscal_year": year, "quarter": quarter}
        for year in ("2558", "2559")
        for quarter in "1234"
    ]


def test_a_stretch_of_row_numbers_without_a_row_is_nothing_to_judge(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed, "ROWS_A_CHUNK", 3)
    rows = as_csv(outcomes_of_quarters()[:3]) + "\n" * 10
    home.put(
        "financial_outcomes/a.csv", rows + as_csv(outcomes_of_quarters()[3:]).split("\n", 1)[1]
    )
    _, taken = home.night()
    assert home.disagreements == ()
    (one,) = taken.values()
    assert len(one.rows) == 8
