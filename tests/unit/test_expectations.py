"""The two judges: they agree on whatever comes, and where one of them is wrong it shows."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from good_rows import GOOD_ROWS, as_csv
from intake_home import SECRET, Home
from programs import said_by

from sources import expectations, intake, rules
from sources.contracts import Column, Contract, discover
from sources.headers import Header
from sources.reading import open_tables
from sources.typed import Workbench

NOTHING = ["", "-", "n/a", "ไม่มี", " ", "\u00a0"]
#: Texts of each value form, good, bad and in between; each batch draws its cells from these.
CELLS: Mapping[str, list[str]] = {
    "text": ["ก", "?", "0", "  ข  ", "\u200b"],
    "firm_name": ["บริษัท ก จำกัด", "หจก.ก", "ก", "?", "บริษัท", "...", "\u200b"],
    "identifier": ["C01", "c 02", "?C03", "C1", "13111", "101", "131115", "C01\nC02"],
    "date": [
        "20/01/2558",
        "20 ม.ค. 58",
        "42024",
        "2015-01-19",
        "31/02/2558",
        "20/01/9999",
        "วันอังคารที่ 20 มกราคม พ.ศ. 2558",
        "'20/01/2558",
        "?",
        "1",
    ],
    "money": [
        "1,200",
        "(5)",
        "0",
        "'-5",
        "5-",
        "-0.001",
        "1.25 ล้านบาท",
        "1e9",
        "1,20",
        "?5",
        "0.5",
        "2.50",
    ],
    "integer": ["0", "12", "-1", "1.5", "๑๒", "99999999999", "12 คน", "x"],
    "fiscal_year": ["2558", "2015", "2549", "2601", "58", "ปีนี้", "9999", "0"],
    "quarter": ["1", "4", "0", "5", "-1", "Q2", "x", "999999"],
    "province": ["เลย", "42", "จ.เลย", "เมืองนอก", "99", "เลย (Loei)", "เลย/ตาก", "อ.เมือง จ.เลย"],
    "enterprise_id": ["0105558000014", "0105558000015", "1101700230708", "4-57-01-01/1-0001", "?"],
}
ROWS_A_FILE = 250


def _cells(column: Column) -> list[str]:
    if column.form == "code":
        return [*(s for code in column.codes for s in code.spellings), "?", "อะไร", *NOTHING]
    cells = CELLS[column.form]
    lists = [f"{a};{b}" for a in cells for b in (*cells, "")] if column.is_list else []
    return [*cells, *lists, *NOTHING]


def _messy(contract: Contract, seed: int) -> str:
    choose = random.Random(f"{contract.dataset}{seed}")
    good = GOOD_ROWS[contract.dataset]
    rows = []
    for _ in range(ROWS_A_FILE):
        share = choose.random()
        rows.append(
            {
                column.name: choose.choice(_cells(column))
                if choose.random() < share
                else good.get(column.name, "")
                for column in contract.columns
            }
        )
    lines = as_csv(rows).splitlines(keepends=True)
    return "".join(
        line.rstrip("\n") + ",เกิน\n" if choose.random() < 0.02 else line for line in lines
    )


def _judged(bench: Workbench, paths: list[Path]) -> Workbench:
    for path in paths:
        number = bench.add_file()
        for table in open_tables(path, bench.contract).tables:
            assert isinstance(table.header, Header)
            for batch in getattr(table, "careful", table.batches)():
                bench.add_rows(number, table.name, table.header, batch, 0)
    bench.judge()
    return bench


def _disagreements(bench: Workbench) -> dict[str, tuple[int, int]]:
    counted = expectations.judge(bench.contract, bench.chunks(), bench.key_hashes())
    ours = bench.expected_counts()
    assert set(counted) == set(ours)
    return {
        rule: (ours[rule], count.unexpected)
        for rule, count in counted.items()
        if count.unexpected != ours[rule]
    }


@pytest.fixture(scope="module", params=sorted(discover()))
def messy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workbench]:
    """Three random messy files of a dataset, judged by the SQL."""
    contract = discover()[request.param]
    folder = tmp_path_factory.mktemp("messy")
    paths = [folder / f"{seed}.csv" for seed in (1, 2, 3)]
    for seed, path in enumerate(paths):
        path.write_text(_messy(contract, seed), encoding="utf-8")
    with Workbench(contract, SECRET) as bench:
        yield _judged(bench, paths)


def test_both_judges_count_the_same_on_random_messy_rows(messy: Workbench) -> None:
    assert _disagreements(messy) == {}
    counts = messy.expected_counts()
    assert [rule for rule, count in counts.items() if not count] == []


@pytest.mark.parametrize("kind", ["missing", "unread", "range", "row", "shape", "duplicate"])
def test_every_kind_of_rule_is_judged_by_great_expectations(kind: str) -> None:
    of_kind = [
        rule
        for contract in discover().values()
        for rule in rules.derive(contract)
        if rule.kind == kind
    ]
    assert of_kind
    for rule in of_kind:
        name, kwargs = expectations.expectation_of(rule)
        assert name.startswith("expect_")
        assert any(key.startswith("column") for key in kwargs)


# ── Where the SQL is wrong ────────────────────────────────────────────────────────────────────


@pytest.fixture
def one_bad_row(tmp_path: Path) -> Path:
    """Two good rows and one whose date cannot be read."""
    good = GOOD_ROWS["financial_outcomes"]
    path = tmp_path / "a.csv"
    rows = [good, {**good, "quarter": "2"}, {**good, "quarter": "3", "submitted_on": "31/02/2558"}]
    path.write_text(as_csv(rows), encoding="utf-8")
    return path


def test_a_verdict_forgotten_afterwards_is_contradicted(one_bad_row: Path) -> None:
    with Workbench(discover()["financial_outcomes"], SECRET) as bench:
        _judged(bench, [one_bad_row])
        assert _disagreements(bench) == {}
        bench.db.execute("update typed set broken = 0")
        assert _disagreements(bench) == {"submitted_on__bad_date": (0, 1)}


def test_a_good_row_called_bad_is_contradicted(one_bad_row: Path) -> None:
    with Workbench(discover()["financial_outcomes"], SECRET) as bench:
        _judged(bench, [one_bad_row])
        bit = next(n for n, r in enumerate(bench.rules) if r.name == "quarter__out_of_range")
        bench.db.execute(f"update typed set broken = broken + {1 << bit} where quarter = 1")
        assert "quarter__out_of_range" in _disagreements(bench)


class Blind(Workbench):
    """A judge that overlooks one kind of fault from the start."""

    overlooks = "unread"

    def _breaks(self, rule: rules.Rule) -> str:
        return "false" if rule.kind == self.overlooks else super()._breaks(rule)


@pytest.mark.parametrize(
    ("kind", "dataset", "fault"),
    [
        ("unread", "financial_outcomes", {"quarter": "3", "submitted_on": "31/02/2558"}),
        ("unread", "activity_reports", {"activity_id": "A-3", "province": "แดนไกล"}),
        ("unread", "activity_reports", {"activity_id": "A-3", "participant_ids": "12345"}),
        ("unread", "activity_reports", {"activity_id": "A-3", "budget_baht": "1,20"}),
        ("missing", "financial_outcomes", {"quarter": "3", "submitted_on": ""}),
        ("range", "financial_outcomes", {"quarter": "5"}),
        ("row", "financial_outcomes", {"quarter": "3", "measure": "jobs_created", "amount": "2.5"}),
        ("shape", "financial_outcomes", {"quarter": "3"}),
    ],
)
def test_a_kind_of_fault_that_the_sql_overlooks_is_contradicted(
    tmp_path: Path, kind: str, dataset: str, fault: dict[str, str]
) -> None:
    good = GOOD_ROWS[dataset]
    other = {"quarter": "2"} if dataset == "financial_outcomes" else {"activity_id": "A-2"}
    path = tmp_path / "a.csv"
    text = as_csv([good, {**good, **other}, {**good, **fault}]).rstrip("\n")
    path.write_text(text + (",เกิน\n" if kind == "shape" else "\n"), encoding="utf-8")
    with Blind(discover()[dataset], SECRET) as bench:
        bench.overlooks = kind
        _judged(bench, [path])
        assert list(_disagreements(bench).values()) == [(0, 1)]


def test_duplicates_that_the_sql_overlooks_are_contradicted(tmp_path: Path) -> None:
    good = GOOD_ROWS["activity_reports"]
    path = tmp_path / "a.csv"
    path.write_text(as_csv([good, {**good, "title": "อีกครั้ง"}]), encoding="utf-8")
    with Workbench(discover()["activity_reports"], SECRET) as bench:
        _judged(bench, [path])
        assert _disagreements(bench) == {}
        bench.db.execute("update typed set broken = 0; delete from repeated")
        assert _disagreements(bench) == {"key__duplicate_in_file": (0, 2)}


def test_where_the_judges_differ_nothing_of_the_batch_is_taken_in(
    home: Home, one_bad_row: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Wrong(Workbench):
        def judge(self) -> None:
            super().judge()
            self.db.execute("update typed set broken = 0")

    monkeypatch.setattr(intake, "Workbench", Wrong)
    home.put("financial_outcomes/a.csv", one_bad_row.read_bytes())
    _, taken = home.night()
    (one,) = taken.values()
    assert (one.outcome.status, one.accepted) == ("refused", {})
    assert [d.rule for d in home.disagreements] == ["financial_outcomes.submitted_on__bad_date"]
    assert home.ledger.known_files() == {}
    monkeypatch.undo()
    _, taken = home.night()
    assert next(iter(taken.values())).outcome.status == "loaded"


@pytest.mark.parametrize("spark", ["", "import pyspark; from pyspark import sql; "])
def test_great_expectations_is_imported_without_spark_by_a_process_of_any_kind(spark: str) -> None:
    program = (
        f"import sys; {spark}before = sys.modules.get('pyspark'); "
        "from sources.expectations import great_expectations; "
        "gx = great_expectations(); import great_expectations as again; "
        "print(gx is again, sys.modules.get('pyspark') is before, "
        "'pyspark.testing' in sys.modules)"
    )
    assert said_by(program).split() == ["True", "True", "False"]
