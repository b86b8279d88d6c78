"""A home that burnt down: restored from its back-up into a new place, it is the same warehouse.

The sample's home is copied, lives through another night in which files come, is backed up and is
gone. What it had published then, and at an earlier time, is what the restored home builds.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.conftest import Home

if TYPE_CHECKING:
    from tests.integration.conftest import Done, Night, Sample, Tables

pytestmark = pytest.mark.night

#: Columns that are of the run that published, or count nights, and not of what came.
OF_THE_RUN = {
    "run_id", "started_at", "published_at", "git_sha", "checked_at", "first_checked_at",
    "last_checked_at", "last_run_id", "nights_failing", "nights_open",
}  # fmt: skip
#: Tables that have rows a night: one night more has more of them, in a restored home or not.
OF_THE_NIGHTS = {
    "audit.check_result", "audit.published_run", "audit.night_difference", "marts.dim_night",
    "reports.rpt_follow_up_trend",
}  # fmt: skip
EARLIER = "warehouse as of the first night.duckdb"


@dataclass
class Story:
    """The home before it burnt down, and the restored one."""

    lost: Tables
    first_night: Tables
    backed_up: Done
    again: Done
    verified: Done
    restored: Done
    at_once: Tables
    landing: list[str]
    doctor: Done
    night: Night
    as_of: Done
    earlier: Tables


@pytest.fixture(scope="module")
def story(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Story:
    place = tmp_path_factory.mktemp("burnt")
    first, backup = place / "home", place / "back-up"
    shutil.copytree(sample.home.root, first)
    before = Home(first, first / "landing", landing_is_default=True)
    backed_up = before.run("backup", str(backup))
    again = before.run("backup", str(backup), "--json")
    lost = before.tables()
    ((published_at,),) = before.rows(
        "select published_at from audit.published_run order by published_at limit 1"
    )
    shutil.rmtree(first)

    after = Home(place / "new" / "home", place / "new" / "home" / "landing", True)
    (place / "new" / "home").mkdir(parents=True)
    (place / "new" / "home" / "landing").mkdir()
    verified = after.run("backup", str(backup), "--verify")
    restored = after.run("restore", str(backup))
    at_once = after.tables()
    doctor = after.run("doctor", "--json")
    night = after.night()
    out = place / EARLIER
    as_of = after.run("run", "--as-of", f"{published_at.isoformat()}+00:00", "--out", str(out))
    return Story(
        lost=lost,
        first_night=sample.first.tables,
        backed_up=backed_up,
        again=again,
        verified=verified,
        restored=restored,
        at_once=at_once,
        landing=[path.name for path in after.landing.rglob("*")],
        doctor=doctor,
        night=night,
        as_of=as_of,
        earlier=_tables_of(out),
    )


def _tables_of(file: Path) -> Tables:
    folder = file.parent / "as of"
    (folder / "published").mkdir(parents=True)
    shutil.copyfile(file, folder / "published" / "warehouse.duckdb")
    return Home(folder, folder).tables()


def facts(tables: Tables) -> dict[str, list[dict[str, Any]]]:
    """What is published, without what is of the run that published it."""
    return {
        name: sorted(
            ({c: v for c, v in row.items() if c not in OF_THE_RUN} for row in rows), key=str
        )
        for name, rows in tables.items()
        if name not in OF_THE_NIGHTS
    }


def test_a_back_up_says_what_it_did_and_a_second_copies_almost_nothing(story: Story) -> None:
    assert story.backed_up.exit_code == 0, story.backed_up.said
    second = story.again.json()
    assert second["complete"] is True
    assert second["files_copied"] == 0
    assert second["files"] > 100


def test_every_byte_of_the_back_up_is_as_it_was_written(story: Story) -> None:
    assert story.verified.exit_code == 0, story.verified.said


def test_analysts_have_the_warehouse_at_once(story: Story) -> None:
    assert story.restored.exit_code == 0, story.restored.said
    assert story.at_once == story.lost


def test_the_doctor_finds_the_restored_home_well(story: Story) -> None:
    assert story.doctor.exit_code == 0, story.doctor.said
    told = {finding["about"]: finding["status"] for finding in story.doctor.json()["findings"]}
    assert {told[about] for about in ("ledger", "store", "key", "published")} == {"ok"}


def test_the_next_night_publishes_the_same_tables_though_the_landing_zone_is_gone(
    story: Story,
) -> None:
    assert story.landing == []
    assert story.night.exit_code == 0, story.night.said
    assert set(story.night.tables) == set(story.lost)
    now, before = facts(story.night.tables), facts(story.lost)
    assert [name for name in before if now[name] != before[name]] == []
    assert sum(len(rows) for rows in before.values()) > 3_000


def test_the_night_after_is_one_more_in_the_history_and_changes_nothing(story: Story) -> None:
    before = {row["run_id"] for row in story.lost["audit.published_run"]}
    now = {row["run_id"] for row in story.night.tables["audit.published_run"]}
    assert before < now
    assert len(now - before) == 1
    (run,) = now - before
    moved = [
        row["table_name"]
        for row in story.night.where("audit.night_difference", run_id=run)
        if row["kind"] == "rows" or row["figure_change_baht"]
    ]
    assert set(moved) == {"marts.dim_night", "reports.rpt_follow_up", "reports.rpt_follow_up_trend"}


def test_an_earlier_time_is_built_as_it_was(story: Story) -> None:
    assert story.as_of.exit_code == 0, story.as_of.said
    now, before = facts(story.earlier), facts(story.first_night)
    assert [name for name in before if now[name] != before[name]] == []


def test_no_command_tells_the_key(story: Story) -> None:
    assert "key_secret" not in story.restored.said + story.backed_up.said + story.again.said
