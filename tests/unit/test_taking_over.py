"""Taking over from runs that were cut short, in a home with Dagster's own instance."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus
from dagster._core.launcher import WorkerStatus
from dagster._grpc.client import DagsterGrpcClient

from orchestration import automation, publication, settings, taking_over
from orchestration.housekeeping import Tidied
from orchestration.instance import write_instance_config
from orchestration.lock import one_writer, own_build, working_on
from orchestration.resources import ONE_WRITER_POOL, STARTED_BY_TAG
from orchestration.settings import Home
from orchestration.taking_over import (
    MACHINE_TAG,
    TAKEN_OVER_TAG,
    is_attended,
    take_over,
    take_over_if_free,
)
from sources.ledger import Ledger

DEAD, ALIVE = "dead0000-0000-4000-8000-000000000000", "a11fe000-0000-4000-8000-000000000000"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of its own, with the instance that the software configures."""
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))
    home = settings.load()
    home.prepare()
    write_instance_config(home)
    return home


@pytest.fixture
def instance(home: Home) -> Iterator[DagsterInstance]:
    """Dagster's instance of the home, with a run that a killed `warehouse run` left."""
    with DagsterInstance.from_config(str(home.dagster)) as instance:
        started(instance, DEAD)
        yield instance


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    """The home's ledger."""
    ledger = Ledger(home.ledger_url)
    yield ledger
    ledger.close()


def started(instance: DagsterInstance, run_id: str, **tags: str) -> None:
    """Has Dagster take a run for running."""
    instance.add_run(
        DagsterRun(
            job_name="nightly",
            run_id=run_id,
            status=DagsterRunStatus.STARTED,
            tags={STARTED_BY_TAG: "warehouse run", **tags},
        )
    )


def status_of(instance: DagsterInstance, run_id: str) -> DagsterRunStatus:
    """What Dagster takes a run for."""
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


def dead_process() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_the_daemon_is_told_which_runs_no_process_works_on(
    home: Home, instance: DagsterInstance
) -> None:
    started(instance, ALIVE)
    launcher = instance.run_launcher
    assert launcher.supports_check_run_worker_health
    with working_on(home, ALIVE):
        health = {
            run_id: launcher.check_run_worker_health(run).status
            for run_id in (DEAD, ALIVE)
            if (run := instance.get_run_by_id(run_id)) is not None
        }
    assert health == {DEAD: WorkerStatus.FAILED, ALIVE: WorkerStatus.RUNNING}


def test_the_daemon_looks_every_minute_and_starts_no_run_again(instance: DagsterInstance) -> None:
    assert instance.run_monitoring_enabled
    assert instance.run_monitoring_max_resume_run_attempts == 0
    assert not instance.run_retries_enabled


def test_a_dead_run_is_ended_in_dagster_and_gives_back_its_slot(
    home: Home, instance: DagsterInstance
) -> None:
    storage = instance.event_log_storage
    storage.set_concurrency_slots(ONE_WRITER_POOL, 1)
    assert storage.claim_concurrency_slot(ONE_WRITER_POOL, DEAD, "dbt_models").is_claimed
    take_over_if_free(home)
    assert status_of(instance, DEAD) is DagsterRunStatus.FAILURE
    assert storage.claim_concurrency_slot(ONE_WRITER_POOL, ALIVE, "dbt_models").is_claimed


def test_a_run_that_is_worked_on_is_left_alone(home: Home, instance: DagsterInstance) -> None:
    started(instance, ALIVE)
    with working_on(home, ALIVE):
        take_over_if_free(home)
    assert status_of(instance, ALIVE) is DagsterRunStatus.STARTED


def test_a_run_of_a_machine_with_a_home_of_its_own_is_left_alone(
    home: Home, instance: DagsterInstance
) -> None:
    started(instance, ALIVE, **{MACHINE_TAG: "another-machine"})
    take_over_if_free(home)
    assert status_of(instance, ALIVE) is DagsterRunStatus.STARTED


def test_while_a_night_runs_nobody_takes_over(home: Home, instance: DagsterInstance) -> None:
    with one_writer(home, ALIVE):
        assert take_over_if_free(home) == []
    assert status_of(instance, DEAD) is DagsterRunStatus.STARTED


def test_what_became_of_a_dead_run_is_on_record_once(
    home: Home, instance: DagsterInstance, ledger: Ledger
) -> None:
    ledger.record_run(DEAD, "started")
    with one_writer(home, ALIVE):
        first = take_over(home, ledger, instance, ALIVE)
        second = take_over(home, ledger, instance, ALIVE)
    assert [cut.run_id for cut in first] == [DEAD]
    assert second == []
    (event,) = ledger.runs_taken_over(ALIVE)
    assert event["event_kind"] == "cut_short"
    assert event["reason"].startswith(f"Run {DEAD[:8]} of ")
    assert "it published nothing; nothing was taken in yet" in event["reason"]
    run = instance.get_run_by_id(DEAD)
    assert run is not None
    assert run.tags[TAKEN_OVER_TAG] == ALIVE


def test_what_a_dead_process_was_writing_is_removed_and_what_a_living_one_writes_stays(
    home: Home, instance: DagsterInstance, ledger: Ledger
) -> None:
    dead = dead_process()
    (home.archive / "ab").mkdir()
    left = [
        home.archive / "ab" / f".abcd.{dead}.part",
        home.archive / "ab" / f".abce.{socket.gethostname()}~{dead}.part",
        home.published / f".warehouse.duckdb.{dead}.part",
        home.root / ".probe.0123456789abcdef",
        home.build / "as-of-0123456789abcdef.lock",
        home.root / f".key_secret.{dead}",
        home.build / "as-of-0123456789abcdef",
        home.build / "spill",
        home.waiting / DEAD,
    ]
    kept = [
        home.archive / "ab" / ".abcd.1.part",
        home.archive / "ab" / f".abcd.another-machine~{dead}.part",
        home.archive / "ab" / "abcd",
    ]
    for path in (*left[:6], *kept):
        path.write_bytes(b"half")
    for path in left[6:]:
        path.mkdir(parents=True)
    with own_build(home) as living, one_writer(home, ALIVE):
        living.mkdir()
        take_over(home, ledger, instance, ALIVE)
        assert living.exists()
    assert [path.name for path in left if path.exists()] == []
    assert list(home.build.iterdir()) == []
    assert [path.name for path in kept if not path.exists()] == []


class _Refused(grpc.RpcError):
    """What gRPC raises where a code server does not answer."""

    def __init__(self, status: grpc.StatusCode) -> None:
        super().__init__()
        self.status = status

    def code(self) -> grpc.StatusCode:
        return self.status


@pytest.mark.parametrize(
    ("status", "lives"),
    [(grpc.StatusCode.DEADLINE_EXCEEDED, True), (grpc.StatusCode.UNAVAILABLE, False)],
)
def test_a_code_server_that_is_late_does_not_make_its_run_dead(
    home: Home,
    instance: DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
    status: grpc.StatusCode,
    lives: bool,
) -> None:
    def answer(client: DagsterGrpcClient, *_: object, timeout: int) -> str:
        client._raise_grpc_exception(_Refused(status), timeout)

    monkeypatch.setattr(DagsterGrpcClient, "can_cancel_execution", answer)
    tags = {".dagster/grpc_info": json.dumps({"host": "localhost", "socket": "gone.sock"})}
    run = DagsterRun(
        job_name="housekeeping", run_id=ALIVE, status=DagsterRunStatus.STARTED, tags=tags
    )
    instance.add_run(run)
    record = instance.get_run_record_by_id(ALIVE)
    assert record is not None
    assert is_attended(home, record) is lives


def test_a_job_without_the_lock_is_seen_at_work(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def keep_house(_: Home, __: DagsterInstance) -> list[Tidied]:
        seen.extend(path.name for path in (home.root / "running").glob("*.lock"))
        return []

    monkeypatch.setattr(automation, "keep_house", keep_house)
    with DagsterInstance.ephemeral() as instance:
        result = automation.housekeeping.execute_in_process(instance=instance)
    assert seen == [f"{result.run_id}.lock"]


def test_what_the_checks_of_a_dead_run_found_counts_in_no_table(
    home: Home, instance: DagsterInstance, ledger: Ledger
) -> None:
    from sources.clock import utc_now
    from sources.failing_checks import failing_since

    found = {
        "checked_at": utc_now(), "tool": "dbt", "dataset_or_model": "a", "check_name": "b",
        "severity": "warn", "passed": False, "observed": "1", "unexpected_count": 1,
    }  # fmt: skip
    for run_id in (DEAD, ALIVE):
        ledger.record_run(run_id, "started")
        if run_id == ALIVE:
            with one_writer(home, ALIVE):
                take_over(home, ledger, instance, ALIVE)
        ledger.record_checks([{**found, "run_id": run_id}])
    failing = failing_since(ledger, ALIVE, "dbt")["a", "b"]
    assert (failing.run_id, failing.nights) == (ALIVE, 1)


def test_what_is_published_and_only_on_record_as_failed_is_put_on_record(
    home: Home, instance: DagsterInstance, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.record_run(ALIVE, "started")
    ledger.record_run(ALIVE, "not_published", reason="the ledger gave way while it was told")
    monkeypatch.setattr(publication, "last_published", lambda _home: ALIVE)
    off_the_record = list(taking_over._published_off_the_record(home, ledger, []))
    assert [event["run_id"] for event in off_the_record] == [ALIVE]
    ledger.record_run(ALIVE, "published")
    assert list(taking_over._published_off_the_record(home, ledger, [])) == []


def test_a_part_of_the_night_run_by_itself_ends_on_record(home: Home) -> None:
    from dagster import materialize

    from orchestration.loads import submissions
    from orchestration.resources import Warehouse

    home.landing.mkdir(exist_ok=True)
    with DagsterInstance.from_config(str(home.dagster)) as instance:
        ran = materialize([submissions], resources={"warehouse": Warehouse()}, instance=instance)
    assert ran.success
    ledger = Ledger(home.ledger_url)
    try:
        assert ledger.runs_without_an_end() == []
        last = ledger.last_run()
    finally:
        ledger.close()
    assert last is not None
    assert (last["run_id"], last["event_kind"]) == (ran.run_id, "not_published")
    assert last["reason"].startswith("Only a part of the night was run")
