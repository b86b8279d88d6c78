"""What Dagster keeps of a night, and that its own commands open the project.

The night is the sample's; the instance is looked into with Dagster's library, as its webserver
does.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:
    from dagster import DagsterInstance, DagsterRun

    from tests.integration.conftest import Sample

pytestmark = pytest.mark.night

PROJECT = Path(__file__).parents[2]
DATASETS = (
    "cluster_registrations",
    "member_registrations",
    "activity_reports",
    "financial_outcomes",
)

#: What the definitions hold, told by a process of its own: loading them sets the environment.
DEFINITIONS = """
import json
from dagster import AssetKey
from orchestration.definitions import defs
graph = defs.resolve_asset_graph()
policy = graph.get(AssetKey(["published", "warehouse"])).freshness_policy
print(json.dumps({
    "jobs": sorted(job.name for job in defs.resolve_all_job_defs()),
    "schedules": [
        [one.name, one.job.name, one.cron_schedule, one.execution_timezone,
         one.default_status.value]
        for one in defs.schedules
    ],
    "assets": ["/".join(key.path) for key in graph.materializable_asset_keys],
    "checks": [["/".join(key.asset_key.path), key.name] for key in graph.asset_check_keys],
    "told": {
        "/".join(key.path): [
            graph.get(key).group_name, list(graph.get(key).owners), sorted(graph.get(key).kinds),
            graph.get(key).description,
        ]
        for key in graph.get_all_asset_keys()
    },
    "nightly": sorted(
        "/".join(key.path) for key in
        defs.resolve_job_def("nightly").asset_layer.executable_asset_keys
    ),
    "sensors": {one.name: [one.default_status.value, one.description] for one in defs.sensors},
    "days": graph.get(AssetKey(["rebuilt", "warehouse_as_of"])).partitions_def.get_partition_keys(),
    "deadline": [
        policy.deadline_cron, policy.timezone, policy.lower_bound_delta.total_seconds(),
    ],
    "executable": sorted(
        key.name for key in
        defs.resolve_job_def("nightly").asset_layer.asset_graph.asset_check_keys
    ),
}))
"""


@pytest.fixture(scope="module")
def instance(sample: Sample) -> Iterator[DagsterInstance]:
    """The instance in the home, opened in the environment that the project's commands set."""
    from dagster import DagsterInstance

    from orchestration import settings

    before = dict(os.environ)
    os.environ["WAREHOUSE_HOME"] = str(sample.home.root)
    try:
        settings.load()
        with DagsterInstance.from_config(str(sample.home.root / "dagster")) as instance:
            yield instance
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="module")
def runs(instance: DagsterInstance) -> dict[str, DagsterRun]:
    return {run.run_id: run for run in instance.get_runs()}


@pytest.fixture(scope="module")
def definitions(sample: Sample) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", DEFINITIONS],
        env=sample.home.environment(),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def evaluations(instance: DagsterInstance, run_id: str) -> list[Any]:
    """A run's asset check evaluations."""
    from dagster import DagsterEventType

    return [
        entry.dagster_event.event_specific_data
        for entry in instance.all_logs(run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION)
        if entry.dagster_event
    ]


def test_both_nights_are_runs_that_succeeded(sample: Sample, runs: dict[str, DagsterRun]) -> None:
    from dagster import DagsterRunStatus

    assert set(runs) == {sample.first.report["run_id"], sample.second.report["run_id"]}
    assert {run.status for run in runs.values()} == {DagsterRunStatus.SUCCESS}
    assert {run.job_name for run in runs.values()} == {"nightly"}


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_night_materializes_every_dataset(
    sample: Sample, instance: DagsterInstance, dataset: str
) -> None:
    from dagster import DagsterEventType

    logs = instance.all_logs(
        sample.first.report["run_id"], of_type=DagsterEventType.ASSET_MATERIALIZATION
    )
    keys = [entry.dagster_event.asset_key.path for entry in logs if entry.dagster_event]
    assert [path for path in keys if path[-1] == dataset]


def test_a_night_materializes_what_is_published(sample: Sample, instance: DagsterInstance) -> None:
    from dagster import DagsterEventType

    logs = instance.all_logs(
        sample.second.report["run_id"], of_type=DagsterEventType.ASSET_MATERIALIZATION
    )
    names = {entry.dagster_event.asset_key.path[-1] for entry in logs if entry.dagster_event}
    assert {table.split(".")[1] for table in sample.second.tables} <= names


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_rule_of_a_dataset_is_a_check_that_tells_the_rows_failing(
    sample: Sample, instance: DagsterInstance, dataset: str
) -> None:
    told = {
        check.check_name: check.metadata["rows failing"].value
        for check in evaluations(instance, sample.first.report["run_id"])
        if check.asset_key.path[-1] == dataset and "rows failing" in check.metadata
    }
    # A rule warns; that the two judges agree is an error where it fails, and no rule of a row's.
    counted = {
        row["check_name"]: row["unexpected_count"]
        for row in sample.first.where(
            "audit.check_result",
            tool="great_expectations",
            dataset_or_model=dataset,
            severity="warn",
        )
    }
    assert told
    assert told == counted


def test_a_rule_that_rows_break_is_a_failed_check_that_does_not_block(
    sample: Sample, instance: DagsterInstance
) -> None:
    from dagster import AssetCheckSeverity

    failed = [
        check
        for check in evaluations(instance, sample.first.report["run_id"])
        if "rows failing" in check.metadata and check.metadata["rows failing"].value
    ]
    assert failed
    assert not any(check.passed for check in failed)
    assert {check.severity for check in failed} == {AssetCheckSeverity.WARN}


def test_a_night_evaluates_the_reconciliation(sample: Sample, instance: DagsterInstance) -> None:
    """Were it left out of the job, nights would publish that do not reconcile."""
    for night in (sample.first, sample.second):
        names = {
            check.check_name: check.passed
            for check in evaluations(instance, night.report["run_id"])
            if "reconcil" in check.check_name
        }
        assert list(names.values()) == [True]


def test_a_night_evaluates_every_check_that_is_defined(
    sample: Sample, instance: DagsterInstance, definitions: dict[str, Any]
) -> None:
    done = {
        ("/".join(check.asset_key.path), check.check_name)
        for check in evaluations(instance, sample.first.report["run_id"])
    }
    assert {tuple(check) for check in definitions["checks"]} - done == set()


def test_a_check_is_on_an_asset_that_exists(definitions: dict[str, Any]) -> None:
    assert {asset for asset, _ in definitions["checks"]} <= set(definitions["assets"])


def test_dbts_tests_are_checks_too(sample: Sample, instance: DagsterInstance) -> None:
    of_dbt = {row["check_name"] for row in sample.first.where("audit.check_result", tool="dbt")}
    names = {check.check_name for check in evaluations(instance, sample.first.report["run_id"])}
    assert of_dbt & names


def test_the_schedule_is_half_past_one_in_bangkok_and_runs_by_itself(
    definitions: dict[str, Any],
) -> None:
    schedules = {name: told for name, *told in definitions["schedules"]}
    assert schedules["every_night"] == ["nightly", "30 1 * * *", "Asia/Bangkok", "RUNNING"]
    assert schedules["every_morning"] == ["housekeeping", "15 4 * * *", "Asia/Bangkok", "RUNNING"]


def test_every_asset_says_whose_it_is_what_it_is_made_of_and_what_to_do_when_it_is_red(
    definitions: dict[str, Any],
) -> None:
    assert len(definitions["told"]) > 100
    untold = {}
    for asset, (group, owners, kinds, description) in definitions["told"].items():
        what, _, when_red = (description or "").partition("**When it is red:**")
        if not all((group, owners, kinds, what.strip(), when_red.strip())):
            untold[asset] = (group, owners, kinds, description)
    assert untold == {}


def test_the_night_takes_everything_but_what_is_made_apart_from_it(
    definitions: dict[str, Any],
) -> None:
    apart = {"quarantine/workbooks", "rebuilt/warehouse_as_of"}
    assert set(definitions["nightly"]) == set(definitions["assets"]) - apart
    assert apart <= set(definitions["assets"])


def test_new_files_are_looked_for_by_day_only_where_somebody_switches_it_on(
    definitions: dict[str, Any],
) -> None:
    status, description = definitions["sensors"]["new_files"]
    assert status == "STOPPED"
    assert "Switch it on" in description
    assert definitions["sensors"]["quarantine_changed"][0] == "RUNNING"


def test_the_days_that_can_be_rebuilt_begin_with_the_first_that_published(
    sample: Sample, definitions: dict[str, Any]
) -> None:
    first = min(row["published_at"] for row in sample.first.tables["audit.published_run"])
    in_bangkok = first.replace(tzinfo=dt.UTC).astimezone(ZoneInfo("Asia/Bangkok"))
    assert definitions["days"][0] == in_bangkok.date().isoformat()


def test_what_is_published_is_due_by_six_in_bangkok_on_every_day(
    definitions: dict[str, Any],
) -> None:
    assert definitions["deadline"] == ["0 6 * * *", "Asia/Bangkok", 6 * 3600]


def test_a_published_night_tells_of_the_nights_before_and_has_figures_to_plot(
    sample: Sample, instance: DagsterInstance
) -> None:
    from dagster import AssetKey

    event = instance.get_latest_materialization_event(AssetKey(["published", "warehouse"]))
    assert event is not None
    assert event.asset_materialization is not None
    told = event.asset_materialization.metadata
    rows = sum(row["rows_current"] for row in sample.second.tables["audit.load_file"])
    assert told["rows current"].value == rows
    for row in sample.second.where("reports.rpt_programme_progress", fiscal_year_be=2558):
        name = f"{row['measure'].replace('_', ' ')} 2558 (baht)"
        assert told[name].value == pytest.approx(float(row["actual_baht"]))
        assert name in str(told["nights"].value)
    assert str(told["nights"].value).count(f"| {rows:,} |") >= 2
    assert Path(str(told["report"].value)).is_file()
    tags = instance.get_runs()[0].tags
    assert tags["warehouse/result"] == "published"
    assert tags["warehouse/rows"] == f"{rows:,}"


def test_nights_go_one_at_a_time_and_before_other_runs(
    sample: Sample, runs: dict[str, DagsterRun], instance: DagsterInstance
) -> None:
    from orchestration.automation import ONE_WRITER_TAG

    for run in runs.values():
        assert run.tags[ONE_WRITER_TAG] == "nightly"
        assert int(run.tags["dagster/priority"]) > 0
    limits = instance.get_concurrency_config().run_queue_config
    assert limits is not None
    assert {"key": ONE_WRITER_TAG, "limit": 1} in limits.tag_concurrency_limits


def test_a_check_that_fails_names_the_files_and_their_rows_add_up(
    sample: Sample, instance: DagsterInstance
) -> None:
    failed = [
        check
        for check in evaluations(instance, sample.first.report["run_id"])
        if "where" in check.metadata and not check.passed
    ]
    assert failed
    paths = {row["path"] for row in sample.first.tables["audit.load_file"]}
    for check in failed:
        records = [record.data for record in check.metadata["where"].records]
        assert len(records) == check.metadata["files with failing rows"].value
        assert sum(r["rows failing"] for r in records) == check.metadata["rows failing"].value
        assert {record["file"] for record in records} <= paths


def dagster(sample: Sample, *arguments: str, **environment: str) -> str:
    """What Dagster's own command line says; in the environment of a user who sets no more."""
    done = subprocess.run(
        [Path(sys.executable).with_name("dagster"), *arguments],
        env=sample.home.environment(**environment),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_dagster_validates_the_workspace(sample: Sample) -> None:
    dagster(sample, "definitions", "validate", "-w", "workspace.yaml")


def test_dagsters_own_command_line_opens_the_instance_in_the_home(
    sample: Sample, runs: dict[str, DagsterRun]
) -> None:
    """`dagster dev` and `warehouse ui` open the same thing: DAGSTER_HOME is all it needs."""
    listed = dagster(
        sample, "run", "list", "--limit", "5", DAGSTER_HOME=str(sample.home.root / "dagster")
    )
    assert all(run_id in listed for run_id in runs)
