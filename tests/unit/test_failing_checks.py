"""Since when a check fails, from the results of all runs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sources.failing_checks import Failing, failing_since
from sources.ledger import Ledger

BEGAN = dt.datetime(2015, 1, 1, 18, 30)


def night(number: int) -> dt.datetime:
    """When the night of that number checked; the first is 1."""
    return BEGAN + dt.timedelta(days=number - 1)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Four nights: what passed (1) and failed (0) in each; nothing where it was not checked."""
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    passed = {
        ("dbt", "apples", "relapsed"): "0100",
        ("dbt", "apples", "always"): "0000",
        ("dbt", "pears", "relapsed"): "1110",
        ("dbt", "apples", "mended"): "0001",
        ("dbt", "apples", "not checked for a night"): "00 0",
        ("great_expectations", "apples", "relapsed"): "0000",
    }
    for number in range(1, 5):
        ledger.record_checks(
            [
                {
                    "run_id": f"n{number}",
                    "checked_at": night(number),
                    "tool": tool,
                    "dataset_or_model": about,
                    "check_name": check,
                    "severity": "warn",
                    "passed": results[number - 1] == "1",
                }
                for (tool, about, check), results in passed.items()
                if results[number - 1] != " "
            ]
        )
    return ledger


def test_a_check_fails_since_the_run_after_it_last_passed(ledger: Ledger) -> None:
    assert failing_since(ledger, "n4", "dbt") == {
        ("apples", "relapsed"): Failing("n3", night(3), 2),
        ("apples", "always"): Failing("n1", night(1), 4),
        ("pears", "relapsed"): Failing("n4", night(4), 1),
        ("apples", "not checked for a night"): Failing("n1", night(1), 3),
    }


def test_the_checks_of_another_tool_are_told_apart(ledger: Ledger) -> None:
    assert failing_since(ledger, "n4", "great_expectations") == {
        ("apples", "relapsed"): Failing("n1", night(1), 4)
    }


def test_a_run_that_checked_nothing_has_nothing_that_fails(ledger: Ledger) -> None:
    assert failing_since(ledger, "n5", "dbt") == {}
