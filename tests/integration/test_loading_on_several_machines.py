"""Submissions loaded by Celery workers, one of which is killed; then the night that publishes.

The ledger and Dagster's instance are in a real PostgreSQL, batches go through a real Redis, two
workers share the home. What is published must be what a night publishes that loads by itself.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from celery_workers import NEEDED, REDIS, Worker, celery_worker, redis_server
from conftest import NIGHT_SECONDS, Done, Home, Night, Sample, Tables
from loads_on_their_way import begun, loaders, recording_kept_waiting
from postgres import Postgres

from sources.leases import Lease, live_leases
from sources.ledger import Ledger
from sources.ledger_tables import file_event

pytestmark = pytest.mark.night

#: Endings of columns that are of a run and its time, or number its events.
OF_THE_RUN = ("run_id", "_at", "git_sha", "receipt_id")
#: After how long a batch of a dead worker is handed to another; a batch takes less.
VISIBILITY_SECONDS = 45


@dataclass(frozen=True)
class Story:
    """What happened, one thing after another."""

    home: Home
    settings: dict[str, str]
    first: Done
    loaders_of_first: set[int]
    leased: list[Lease]
    while_loading: Done
    forgetting: Done
    second: Done
    night: Night


def processes_that_loaded(home: Home) -> set[int]:
    """The numbers of the processes that recorded a file as loaded, by the log."""
    lines = [
        json.loads(line)
        for file in (home.root / "logs").glob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return {line["process"] for line in lines if line["event"] == "file loaded"}


def move(files: list[Path], source: Path, target: Path) -> None:
    """Lays files into a landing zone with the times they have."""
    for file in files:
        to = target / file.relative_to(source)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, to)


def worker_of(workers: dict[int, Worker], lease: Lease) -> Worker:
    """The worker whose process has a lease."""
    number = int(lease.holder.split("~")[1])
    return workers[os.getpgid(number)]


@pytest.fixture(scope="module")
def story(
    sample: Sample, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """Half of the sample loaded by two workers, the rest with one of them killed, a night."""
    if REDIS is None:
        pytest.skip(NEEDED)
    folder = tmp_path_factory.mktemp("cluster")
    home = Home(folder / "home", folder / "home/landing", landing_is_default=True)
    home.landing.mkdir(parents=True)
    shutil.copy(sample.home.root / "key_secret", home.root)  # the same keys of enterprises
    came = sorted(
        (path for path in sample.home.landing.rglob("*") if path.is_file()),
        key=lambda path: (path.stat().st_mtime_ns, path.relative_to(sample.home.landing)),
    )
    with ExitStack() as running:
        broker = running.enter_context(redis_server(folder))
        settings = {
            "WAREHOUSE_LEDGER_URL": postgres.database("ledger_of_several"),
            "WAREHOUSE_DAGSTER_URL": postgres.database("dagster_of_several"),
            "WAREHOUSE_CELERY_BROKER": broker,
        }
        # By itself, for there is no worker yet; it makes Dagster's tables, which workers need.
        nothing_yet = home.run("load", "--json", **{**settings, "WAREHOUSE_CELERY_BROKER": ""})
        assert nothing_yet.exit_code == 0, nothing_yet.said
        environment = home.environment(**settings)
        workers = [
            running.enter_context(celery_worker(folder, name, environment, VISIBILITY_SECONDS))
            for name in ("one", "two")
        ]
        for worker in workers:
            worker.wait_until_ready()
        ledger = Ledger(settings["WAREHOUSE_LEDGER_URL"])
        running.callback(ledger.close)

        move(came[: len(came) // 2], sample.home.landing, home.landing)
        first = home.run("load", "--json", **settings)
        loaders_of_first = processes_that_loaded(home)

        move(came[len(came) // 2 :], sample.home.landing, home.landing)
        loading = begun(environment, home.root)
        with recording_kept_waiting(ledger):
            leased = loaders(ledger, 2)
            while_loading = home.run("status", "--json", **settings)
            forgetting = home.run("forget", "1234567890121", "--yes", **settings)
            by_group = {worker.process.pid: worker for worker in workers}
            worker_of(by_group, leased[0]).kill()
        said, complained = loading.communicate(timeout=NIGHT_SECONDS)
        second = Done(loading.returncode, said, complained, 0)
        yield Story(
            home, settings, first, loaders_of_first, leased, while_loading, forgetting, second,
            home.night(**settings),
        )  # fmt: skip


def what_was_published(tables: Tables) -> dict[str, list[str]]:
    """Every table's rows without what is of the run."""
    return {
        name: sorted(
            str({key: value for key, value in row.items() if not key.endswith(OF_THE_RUN)})
            for row in rows
        )
        for name, rows in tables.items()
    }


def events(story: Story) -> list[Any]:
    """The events of files, in their order."""
    engine = sa.create_engine(story.settings["WAREHOUSE_LEDGER_URL"])
    try:
        with engine.connect() as connection:
            return list(connection.execute(sa.select(file_event).order_by(file_event.c.event_id)))
    finally:
        engine.dispose()


def test_both_workers_load_some_of_the_files(story: Story) -> None:
    assert story.first.exit_code == 0, story.first.said
    report = story.first.json()
    assert (report["complete"], report["reason"]) == (True, None)
    assert report["rows"]["read"] > 0
    assert len(story.loaders_of_first) == 2


def test_status_says_which_files_are_being_loaded_and_by_whom(story: Story) -> None:
    said = story.while_loading.json()["files_loading"]
    assert len(said) == len(story.leased)
    assert all(" is loaded by process " in sentence for sentence in said)


def test_nobody_is_forgotten_while_files_are_loaded(story: Story) -> None:
    assert story.forgetting.exit_code == 1
    assert "cannot be done while files are loaded" in story.forgetting.said


def test_what_a_killed_worker_had_is_loaded_by_the_other(story: Story) -> None:
    assert story.second.exit_code == 0, story.second.said
    assert story.second.json()["complete"] is True
    loaded = {event.path for event in events(story)}
    assert {lease.path for lease in story.leased} <= loaded


def test_every_file_is_recorded_once(story: Story) -> None:
    judged = [
        (event.dataset, event.file_id)
        for event in events(story)
        if event.event_kind in ("loaded", "rejected")
    ]
    assert len(judged) == len(set(judged))
    ledger = Ledger(story.settings["WAREHOUSE_LEDGER_URL"])
    assert live_leases(ledger) == []
    ledger.close()


def test_the_night_after_loads_nothing_and_publishes_what_a_night_by_itself_would(
    story: Story, sample: Sample
) -> None:
    assert story.night.exit_code == 0, story.night.said
    assert sum(story.night.report["files"].values()) == 0
    assert any("were loaded ahead of this night" in note for note in story.night.report["notes"])
    ours, theirs = what_was_published(story.night.tables), what_was_published(sample.first.tables)
    assert ours.keys() == theirs.keys()
    assert {name for name in ours if ours[name] != theirs[name]} == set()


def test_files_are_received_in_the_order_in_which_they_came(story: Story, sample: Sample) -> None:
    def order(tables: Tables) -> list[str]:
        rows = sorted(tables["audit.load_file"], key=lambda row: row["receipt_id"])
        return [row["path"] for row in rows if row["status"] != "duplicate"]

    in_time = sorted(
        (path for path in sample.home.landing.rglob("*") if path.is_file()),
        key=lambda path: (path.stat().st_mtime_ns, path.relative_to(sample.home.landing)),
    )
    came = [path.relative_to(sample.home.landing).as_posix() for path in in_time]
    ours = order(story.night.tables)
    assert ours == [path for path in came if path in set(ours)]
