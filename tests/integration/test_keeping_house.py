"""Keeping house: what is old goes, in Dagster on SQLite and on PostgreSQL, and nothing else does.

Runs of a job of that name stand for nights, so that many of them cost seconds.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from dagster import (
    AssetCheckResult,
    AssetKey,
    AssetSelection,
    DagsterEventType,
    DagsterInstance,
    Definitions,
    EventRecordsFilter,
    asset,
    asset_check,
    define_asset_job,
)
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import InProcessCodeLocationOrigin, RemoteRepositoryOrigin
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    ScheduleInstigatorData,
    TickData,
    TickStatus,
)
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.runs.schema import RunsTable
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

from orchestration import housekeeping, settings
from orchestration.instance import write_instance_config
from orchestration.lock import one_writer

if TYPE_CHECKING:
    from tests.integration.conftest import Postgres

DAY = 86_400
LONG_AGO = dt.datetime.now(dt.UTC).replace(tzinfo=None) - dt.timedelta(days=400)


@asset
def figures() -> int:
    return 1


@asset
def seldom() -> int:
    return 2


@asset_check(asset=figures)
def holds() -> AssetCheckResult:
    return AssetCheckResult(passed=True)


DEFINITIONS = Definitions(
    assets=[figures, seldom],
    asset_checks=[holds],
    jobs=[
        define_asset_job("nightly", AssetSelection.assets(figures)),
        define_asset_job("once", AssetSelection.assets(seldom)),
    ],
)


def new_home(root: Path) -> settings.Home:
    """A home of its own, with the defaults of an operator who set nothing."""
    home = settings.Home(
        root=root,
        landing=root / "landing",
        landing_is_set=False,
        ledger_url=f"sqlite:///{root / 'ledger.sqlite'}",
        keep_versions=2,
        report_due_days=15,
        key_secret=None,
    )
    home.prepare()
    return home


@dataclass
class Story:
    """A home whose first runs are old, before and after house was kept."""

    home: settings.Home
    instance: DagsterInstance
    once: str
    nights: list[str]
    files_before: set[str]
    done: dict[str, housekeeping.Tidied]
    selector: tuple[str, str]

    def runs(self) -> set[str]:
        return set(self.instance.get_run_ids())

    def files(self) -> set[str]:
        """The runs of which a file lies anywhere in Dagster's folder."""
        every = (self.once, *self.nights)
        paths = [path.as_posix() for path in self.home.dagster.rglob("*")]
        return {run for run in every if any(run in path for path in paths)}


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def story(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    home = new_home(tmp_path_factory.mktemp("house") / "home")
    if request.param == "sqlite":
        write_instance_config(home)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = server.database("keeping_house")
        (home.dagster / "dagster.yaml").write_text(
            f"telemetry: {{enabled: false}}\n"
            f"storage: {{postgres: {{postgres_url: '{url}'}}}}\n"
            "retention: {schedule: {purge_after_days: 90}}\n"
        )
    before = os.environ.get("DAGSTER_HOME")
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    try:
        with (
            DagsterInstance.from_config(str(home.dagster)) as instance,
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setattr(housekeeping, "_LAST_NIGHTS", 2)
            yield _lived(home, instance)
    finally:
        if before is None:
            del os.environ["DAGSTER_HOME"]
        else:
            os.environ["DAGSTER_HOME"] = before


def _lived(home: settings.Home, instance: DagsterInstance) -> Story:
    def run(job: str) -> str:
        done = DEFINITIONS.resolve_job_def(job).execute_in_process(instance=instance)
        assert done.success
        return done.run_id

    once, nights = run("once"), [run("nightly") for _ in range(4)]
    with instance.run_storage.connect() as connection:
        connection.execute(
            RunsTable.update()
            .where(RunsTable.c.run_id.in_([once, *nights[:3]]))
            .values(create_timestamp=LONG_AGO)
        )
    with instance.event_log_storage.index_connection() as connection:
        connection.execute(
            AssetCheckExecutionsTable.update()
            .where(AssetCheckExecutionsTable.c.run_id.in_(nights[:3]))
            .values(create_timestamp=LONG_AGO)
        )
    target = LoadableTargetOrigin(executable_path="python", module_name="nothing")
    place = RemoteRepositoryOrigin(InProcessCodeLocationOrigin(target), "nothing")
    origin = place.get_instigator_origin("every_night")
    state = InstigatorState(
        origin,
        InstigatorType.SCHEDULE,
        InstigatorStatus.RUNNING,
        ScheduleInstigatorData("30 1 * * *"),
    )
    instance.add_instigator_state(state)
    for age in (200, 1):
        instance.create_tick(
            TickData(
                instigator_origin_id=state.instigator_origin_id,
                instigator_name="every_night",
                instigator_type=InstigatorType.SCHEDULE,
                status=TickStatus.SUCCESS,
                timestamp=time.time() - age * DAY,
                run_ids=[],
                selector_id=state.selector_id,
            )
        )
    story = Story(
        home, instance, once, nights, set(), {}, (state.instigator_origin_id, state.selector_id)
    )
    story.files_before = story.files()
    story.done = {one.what: one for one in housekeeping.keep_house(home, instance)}
    return story


def test_old_runs_go_but_for_the_last_nights_and_those_that_an_asset_still_shows(
    story: Story,
) -> None:
    assert story.runs() == {story.once, *story.nights[2:]}
    assert story.done["old runs with their events and output"].count == 2


def test_the_events_and_files_of_a_run_go_with_it(story: Story) -> None:
    gone = story.nights[:2]
    assert story.files_before == {story.once, *story.nights}
    assert story.files() == {story.once, *story.nights[2:]}
    assert [story.instance.all_logs(run) for run in gone] == [[], []]
    assert story.instance.all_logs(story.nights[2])


def test_assets_still_show_their_last_materialization_and_the_nights_that_are_kept(
    story: Story,
) -> None:
    last = {
        key.to_user_string(): event and event.run_id
        for key, event in story.instance.get_latest_materialization_events(
            [AssetKey("figures"), AssetKey("seldom")]
        ).items()
    }
    assert last == {"figures": story.nights[-1], "seldom": story.once}
    shown = story.instance.get_event_records(
        EventRecordsFilter(DagsterEventType.ASSET_MATERIALIZATION, asset_key=AssetKey("figures"))
    )
    assert {record.run_id for record in shown} == set(story.nights[2:])


def test_old_results_of_a_check_go_and_its_last_stays(story: Story) -> None:
    with story.instance.event_log_storage.index_connection() as connection:
        left = connection.execute(sa.select(AssetCheckExecutionsTable.c.run_id)).scalars().all()
    assert left == [story.nights[3]]


def test_old_notes_of_a_schedule_go(story: Story) -> None:
    (left,) = story.instance.get_ticks(*story.selector)
    assert time.time() - left.timestamp < 2 * DAY
    assert story.done["old notes of schedules"].count == 1


def test_keeping_house_twice_removes_nothing_more(story: Story) -> None:
    again = housekeeping.keep_house(story.home, story.instance)
    assert {one.what: one.count for one in again if one.count} == {}


# ── Files ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def home(tmp_path: Path) -> settings.Home:
    return new_home(tmp_path / "home")


def lay(path: Path, days: float) -> Path:
    """Writes a file that was last changed so many days ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * 5_000)
    os.utime(path, (time.time() - days * DAY,) * 2)
    return path


def tidied(home: settings.Home) -> dict[str, int]:
    """Keeps house; kind → how many were removed, of those that were."""
    return {one.what: one.count for one in housekeeping.remove_old_files(home) if one.count}


def test_files_of_the_log_go_after_their_time(home: settings.Home) -> None:
    old, new = lay(home.logs / "2015-01-20.jsonl", 91), lay(home.logs / "2015-04-20.jsonl", 89)
    other = lay(home.logs / "README", 400)
    assert tidied(home) == {"old files of the log": 1}
    assert [path.exists() for path in (old, new, other)] == [False, True, True]


def test_what_a_killed_writer_left_goes_after_a_day_and_what_is_whole_never(
    home: settings.Home,
) -> None:
    left = [
        lay(home.archive / "ab" / ".abcd.17.part", 2),
        lay(home.store / "apples" / "accepted" / ".x.parquet.17.part", 2),
        lay(home.published / ".warehouse.duckdb.17.part", 2),
        lay(home.build / "as-of-17" / "scratch.duckdb", 2).parent,
    ]
    os.utime(left[-1], (time.time() - 2 * DAY,) * 2)
    stays = [
        lay(home.archive / "ab" / ".abce.18.part", 0.5),
        lay(home.archive / "ab" / "abcd", 4_000),
        lay(home.store / "apples" / "accepted" / "x.parquet", 4_000),
        lay(home.night / "scratch.duckdb", 2),
        lay(home.warehouse, 4_000),
    ]
    assert tidied(home) == {"leftovers of writers that were killed": 4}
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in stays)


def test_published_versions_beyond_those_that_are_kept_go(home: settings.Home) -> None:
    for name in ("20150120T1", "20150121T1", "20150122T1"):
        lay(home.published / "versions" / name / "warehouse.duckdb", 1)
    assert tidied(home) == {"old published versions": 1}
    assert sorted(path.name for path in (home.published / "versions").iterdir()) == [
        "20150121T1",
        "20150122T1",
    ]


def test_while_a_night_runs_its_files_are_left_alone(home: settings.Home) -> None:
    left = lay(home.archive / "ab" / ".abcd.17.part", 2)
    old = lay(home.logs / "2015-01-20.jsonl", 91)
    with one_writer(home, "a night"):
        assert tidied(home) == {"old files of the log": 1}
    assert left.exists()
    assert not old.exists()


def test_a_database_that_is_mostly_empty_is_made_smaller(home: settings.Home) -> None:
    file = home.dagster / "history" / "runs" / "index.db"
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("create table event_logs (event text)")
        db.executemany("insert into event_logs values (?)", [("x" * 1_000,)] * 2_000)
        db.execute("delete from event_logs where rowid > 10")
    before = file.stat().st_size
    assert tidied(home) == {"databases of Dagster made smaller": 1}
    assert file.stat().st_size < before / 10
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("select count(*) from event_logs").fetchone() == (10,)
    assert tidied(home) == {}


def test_the_job_that_runs_every_morning_keeps_house(home: settings.Home) -> None:
    write_instance_config(home)
    old = lay(home.logs / "2015-01-20.jsonl", 91)
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dagster"), "job", "execute",
            "-m", "orchestration.definitions", "-j", "housekeeping",
        ],
        env={**os.environ, "WAREHOUSE_HOME": str(home.root), "DAGSTER_HOME": str(home.dagster)},
        cwd=settings.PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    assert not old.exists()
