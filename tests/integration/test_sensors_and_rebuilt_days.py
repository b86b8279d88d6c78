"""What starts by itself beside the night, and what is made apart from it, over the sample's home.

Sensors are evaluated in this process, in the environment that the project's commands set, because
only Dagster's library gives them a cursor and a list of runs; the daemon has its turn in
`test_ui_in_a_browser`.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from orchestration import settings
from sources.ledger import Ledger

if TYPE_CHECKING:
    from dagster import DagsterInstance

    from orchestration.settings import Home
    from tests.integration.conftest import Sample

pytestmark = pytest.mark.night

NEW = "activity_reports/กลางวัน/มาใหม่.csv"


@pytest.fixture(scope="module")
def home(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A copy of the sample's home, which this process's environment names meanwhile."""
    root = tmp_path_factory.mktemp("sensors") / "home"
    shutil.copytree(sample.home.root, root)
    before = dict(os.environ)
    os.environ["WAREHOUSE_HOME"] = str(root)
    os.environ.pop("WAREHOUSE_LANDING", None)
    try:
        yield settings.load()
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    from dagster import DagsterInstance

    with DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def new_file(home: Home) -> Iterator[Path]:
    """A file no night has seen, at rest for an hour."""
    path = home.landing / NEW
    path.parent.mkdir(exist_ok=True)
    path.write_text("activity_id,cluster_code\nA-1,C01\n")
    hour_ago = time.time() - 3600
    os.utime(path, (hour_ago, hour_ago))
    yield path
    path.unlink()


def look(sensor: Any, instance: DagsterInstance, cursor: str | None = None) -> tuple[Any, str]:
    """What a sensor decides, and its cursor afterwards."""
    from dagster import build_sensor_context

    context = build_sensor_context(instance=instance, cursor=cursor)
    return sensor(context), context.cursor or ""


def new_files(instance: DagsterInstance, cursor: str | None = None) -> tuple[Any, str]:
    from orchestration.new_files import new_files

    return look(new_files, instance, cursor)


# ── New files by day ──────────────────────────────────────────────────────────────────────────


def test_where_every_file_was_seen_no_night_starts_also_of_rejected_ones(
    home: Home, sample: Sample, instance: DagsterInstance
) -> None:
    assert [row for row in sample.second.tables["audit.load_file"] if row["status"] == "rejected"]
    decided, _ = new_files(instance)
    assert "every file was seen" in decided.skip_message


def test_a_new_file_starts_one_night_and_not_another_while_nothing_else_comes(
    home: Home, instance: DagsterInstance, new_file: Path
) -> None:
    decided, cursor = new_files(instance)
    assert decided.tags["warehouse/started_by"] == "new_files"
    assert decided.tags["warehouse/files_waiting"] == "1"
    again, cursor_then = new_files(instance, cursor)
    assert NEW in again.skip_message
    assert "exactly these" in again.skip_message
    assert cursor_then == cursor
    new_file.write_text("activity_id,cluster_code\nA-2,C01\n")
    hour_ago = time.time() - 3601
    os.utime(new_file, (hour_ago, hour_ago))
    other, _ = new_files(instance, cursor)
    assert other.run_key != decided.run_key


def test_no_night_starts_while_one_runs_or_is_about_to(
    home: Home, instance: DagsterInstance, new_file: Path
) -> None:
    from dagster import DagsterRun, DagsterRunStatus

    for status in (DagsterRunStatus.STARTING, DagsterRunStatus.STARTED):
        run = DagsterRun(job_name="nightly", status=status)
        instance.add_run(run)
        decided, cursor = new_files(instance)
        assert f"{run.run_id[:8]} of `nightly` is {status.value}" in decided.skip_message
        assert cursor == ""
        instance.delete_run(run.run_id)
    assert new_files(instance)[0].run_key


def test_no_night_starts_while_one_waits_for_approval(
    home: Home, instance: DagsterInstance, new_file: Path
) -> None:
    ledger = Ledger(home.ledger_url)
    try:
        ledger.record_run("a-night-that-waits", "waiting", details={"moved": []}, reason="far")
        decided, _ = new_files(instance)
        assert "waits for approval" in decided.skip_message
        ledger.record_published("a-night-that-waits", dt.datetime(2026, 1, 1), [], [])
    finally:
        ledger.close()
    assert new_files(instance)[0].run_key


def test_a_file_that_is_still_being_written_is_named_and_waited_for(
    home: Home, instance: DagsterInstance, new_file: Path
) -> None:
    with new_file.open("a") as upload:
        upload.write("A-2,C0")
        upload.flush()
        decided, cursor = new_files(instance)
    assert decided.skip_message == f"Still being written: {NEW}."
    assert cursor == ""


# ── Workbooks to send back ────────────────────────────────────────────────────────────────────


def test_the_workbooks_are_renewed_only_where_what_is_quarantined_changed(
    home: Home, instance: DagsterInstance
) -> None:
    from orchestration.workbooks import quarantine_changed

    decided, cursor = look(quarantine_changed, instance)
    assert decided.run_key
    again, cursor = look(quarantine_changed, instance, cursor)
    assert again.skip_message == "Nothing was published since the last look."
    earlier, latest = sorted((home.published / "versions").glob("*/warehouse.duckdb"))
    published = home.warehouse.read_bytes()
    try:
        # The sample's two nights found the same rows, so the second asks for no new workbooks.
        for version in (earlier, latest):
            home.warehouse.write_bytes(version.read_bytes())
            same, cursor = look(quarantine_changed, instance, cursor)
            assert "the same rows in quarantine" in same.skip_message
        import duckdb

        with duckdb.connect(str(home.warehouse)) as db:
            db.execute("delete from audit.quarantined_row where held")
        changed, _ = look(quarantine_changed, instance, cursor)
        assert changed.run_key != decided.run_key
    finally:
        home.warehouse.write_bytes(published)


def test_workbooks_take_the_place_of_older_ones_and_only_their_owner_reads_them(
    home: Home, instance: DagsterInstance
) -> None:
    from dagster import materialize

    from orchestration.workbooks import quarantine_workbooks

    home.quarantine.mkdir()
    (home.quarantine / "C99.xlsx").write_bytes(b"of a coordinator with nothing left to mend")
    result = materialize([quarantine_workbooks], instance=instance)
    (event,) = result.asset_materializations_for_node("quarantine__workbooks")
    made = sorted(path.name for path in home.quarantine.iterdir())
    assert "C99.xlsx" not in made
    assert event.metadata["workbooks"].value == len(made) > 1
    assert {record.data["workbook"] for record in event.metadata["files"].records} == set(made)
    assert stat.S_IMODE(home.quarantine.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.quarantine.iterdir()} == {0o600}
    assert not list(home.root.glob(".quarantine*"))


# ── Days built again ──────────────────────────────────────────────────────────────────────────


def test_a_day_before_anything_was_published_is_refused_with_a_sentence(
    home: Home, instance: DagsterInstance
) -> None:
    from dagster import materialize

    from orchestration.rebuilding import rebuilt_asset

    result = materialize(
        [rebuilt_asset(dt.date(2015, 1, 1))],
        partition_key="2015-01-20",
        instance=instance,
        raise_on_error=False,
    )
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert "Nothing had been published by the end of 2015-01-20" in str(
        failure.step_failure_data.user_failure_data or failure.step_failure_data.error
    )
    assert not home.rebuilt.exists()


def test_a_home_that_is_new_or_whose_ledger_cannot_be_read_does_not_stop_the_definitions(
    home: Home, tmp_path: Path
) -> None:
    from dataclasses import replace

    from orchestration.rebuilding import first_day

    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"this is no database" * 100)
    today = dt.datetime.now(ZoneInfo("Asia/Bangkok")).date()
    for url in (f"sqlite:///{tmp_path / 'none.sqlite'}", f"sqlite:///{broken}"):
        assert first_day(replace(home, ledger_url=url)) >= today
    assert not (tmp_path / "none.sqlite").exists()
