"""A contract calls a broken rule an error: the night does not publish, and says why.

By a copy of the software with the changed contract, over a copy of the sample's home: the sample
has a row that breaks the rule.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.integration.conftest import changed_software

if TYPE_CHECKING:
    from tests.integration.conftest import Home, Sample

pytestmark = pytest.mark.night

PROJECT = Path(__file__).parents[2]
RULE = "end_not_before_start__end_before_start"


@dataclass(frozen=True)
class Blocked:
    """What a night under the changed contract did and said."""

    exit_code: int
    report: dict[str, Any]
    status: dict[str, Any]
    before: str | None
    home: Home


@pytest.fixture(scope="module")
def blocked(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Blocked:
    software = changed_software(
        sample.home,
        tmp_path_factory.mktemp("blocked"),
        "sources/activity_reports/contract.odcs.yaml",
        "        severity: warning\n",
        "        severity: error\n",
    )
    home = software.home
    before = home.digest()
    night = software.run("run", "--json")
    status = json.loads(software.run("status", "--json").stdout)
    return Blocked(night.returncode, json.loads(night.stdout), status, before, home)


def test_the_night_does_not_publish_and_says_which_rule_how_many_files_and_what_to_do(
    blocked: Blocked,
) -> None:
    assert blocked.exit_code == 1
    assert blocked.home.digest() == blocked.before
    reason = blocked.report["reason"]
    assert f"activity_reports.{RULE} is broken by 1 rows in 1 files" in reason
    assert "Correct the dates and send it again." in reason
    assert "warehouse withdraw" in reason


def test_status_is_not_healthy_and_repeats_the_reason(blocked: Blocked) -> None:
    assert blocked.status["healthy"] is False
    assert any(RULE in problem for problem in blocked.status["problems"])


def test_the_result_is_on_record_as_an_error_and_no_matter_was_opened_or_resolved(
    blocked: Blocked,
) -> None:
    ledger = sa.create_engine(f"sqlite:///{blocked.home.root / 'ledger.sqlite'}")
    run = {"run_id": blocked.report["run_id"], "rule": RULE}
    with ledger.connect() as db:
        assert db.execute(
            sa.text(
                "select severity, passed, unexpected_count from check_result "
                "where run_id = :run_id and check_name = :rule"
            ),
            run,
        ).fetchall() == [("error", 0, 1)]
        assert db.scalar(sa.text("select count(*) from matter_event")) > 0
        assert (
            db.scalar(sa.text("select count(*) from matter_event where run_id = :run_id"), run) == 0
        )
    ledger.dispose()


def test_dagster_shows_the_check_as_an_error_with_since_when_and_what_to_do(
    blocked: Blocked,
) -> None:
    asked = """
import json, sys
from orchestration import settings
home = settings.load()
from dagster import AssetCheckSeverity, DagsterEventType, DagsterInstance
with DagsterInstance.from_config(str(home.dagster)) as instance:
    for entry in instance.all_logs(sys.argv[1], of_type=DagsterEventType.ASSET_CHECK_EVALUATION):
        found = entry.dagster_event.event_specific_data
        if found.check_name == sys.argv[2]:
            told = {
                name: value.value for name, value in found.metadata.items() if name != "where"
            }
            print(json.dumps([found.severity.value, found.passed, told]))
"""
    done = subprocess.run(
        [sys.executable, "-c", asked, blocked.report["run_id"], RULE],
        env=blocked.home.environment(),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    severity, passed, told = json.loads(done.stdout)
    assert (severity, passed) == ("ERROR", False)
    assert told["when it fails, it"] == "blocks publication"
    assert told["nights failing"] == 3
    assert told["failing since"]
    assert "Correct the dates" in told["what to do"]
