"""What Dagster shows beside a check's result."""

from __future__ import annotations

import datetime as dt

import pytest
from dagster import AssetCheckSeverity

from orchestration.check_standing import dagster_severity, described, standing
from sources.contracts import SEVERITIES
from sources.failing_checks import Failing
from sources.rules import EFFECTS, RECORDED_AS
from sources.sentences import Said

DO = Said("แก้", "Correct it.")


def test_every_severity_of_a_contract_is_recorded_and_means_something() -> None:
    assert set(RECORDED_AS) == set(SEVERITIES)
    assert set(RECORDED_AS.values()) == set(EFFECTS)


@pytest.mark.parametrize(
    ("severity", "shown"),
    [
        ("error", AssetCheckSeverity.ERROR),
        ("warn", AssetCheckSeverity.WARN),
        ("info", AssetCheckSeverity.WARN),
    ],
)
def test_only_what_blocks_is_an_error_to_dagster(severity: str, shown: AssetCheckSeverity) -> None:
    assert dagster_severity(severity) == shown


def test_a_failing_check_says_since_when_how_often_and_what_to_do() -> None:
    failing = Failing("one", dt.datetime(2015, 1, 20, 18, 30), 3)
    told = standing("warn", DO, failing)
    assert told["failing since"] == "2015-01-20 18:30 UTC (run one)"
    assert told["nights failing"] == 3
    assert told["what to do"] == "แก้ / Correct it."
    assert told["when it fails, it"] == "warns"


def test_a_check_that_passes_fails_since_never() -> None:
    told = standing("error", DO, None)
    assert (told["failing since"], told["nights failing"]) == ("", 0)


def test_a_description_says_what_a_failure_means_and_what_to_do() -> None:
    assert described("error", DO) == (
        "When it fails, it blocks publication (error). แก้ / Correct it."
    )
