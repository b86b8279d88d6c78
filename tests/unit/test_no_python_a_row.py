"""Reading and typing think in sets: more rows of a text file cost Python no more calls."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from good_rows import GOOD_ROWS, as_csv
from intake_home import Home

#: Calls that any further row may cost, in all: far below one.
CALLS_A_ROW = 0.02
FEW, MANY = 2_000, 22_000


def outcomes(rows: int) -> str:
    """A file of that many outcomes, every tenth of them bad, in the forms that people type."""
    good = GOOD_ROWS["financial_outcomes"]
    amounts = ("1234567.5", "1,234.50", "๑,๒๓๔.๕๐", "1.25 ล้านบาท", "(1,200)", "x")
    return as_csv(
        [
            {
                **good,
                "cluster_code": f"C{number % 90 + 10}",
                "fiscal_year": str(2550 + number // 360 % 50),
                "quarter": str(number // 90 % 4 + 1),
                "measure": ("sales_increase", "ลดต้นทุน")[number // 18_000 % 2],
                "amount": "x" if number % 10 == 0 else amounts[number % 5] + " " * (number % 7),
                "submitted_on": f"{number % 28 + 1}/01/2558",
            }
            for number in range(rows)
        ]
    )


def calls_of(home: Home, rows: int) -> int:
    """Python and C function calls of loading a file of that many rows."""
    home.put(f"financial_outcomes/{rows}.csv", outcomes(rows))
    intake = home.intake()
    received = intake.receive()
    count = 0

    def counted(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        loaded = intake.load("financial_outcomes", received.new)
    finally:
        sys.setprofile(None)
    (outcome,) = loaded.outcomes
    assert (outcome.status, outcome.rows_read) == ("loaded", rows)
    assert outcome.rows_quarantined >= rows // 10
    assert loaded.disagreements == ()
    return count


def test_ten_times_the_rows_cost_python_no_more_calls(home: Home) -> None:
    calls_of(home, FEW)  # imports, caches
    few = calls_of(home, FEW + 1)
    many = calls_of(home, MANY)
    assert (many - few) / (MANY - FEW) < CALLS_A_ROW


def test_the_count_would_notice_a_call_a_row(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from sources.reading import delimited

    original = delimited._arrow_batches

    def by_row(*arguments: Any) -> Any:
        for batch in original(*arguments):
            for _ in batch.column(0).to_pylist():
                len("")
            yield batch

    calls_of(home, FEW)
    few = calls_of(home, FEW + 1)
    monkeypatch.setattr(delimited, "_arrow_batches", by_row)
    many = calls_of(home, MANY)
    assert (many - few) / (MANY - FEW) > 10 * CALLS_A_ROW
