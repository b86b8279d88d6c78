"""Nights that go wrong, one after another in one home: last night's warehouse stays as it is.

A good night comes first. Then what is stored is tampered with, the disk is full, the landing zone
is not mounted, two nights run at once, a night is killed. The night after all of that heals.
The home lies on a small file system of its own where one can be mounted; where not, the tests of
a full and of a read-only disk are skipped and the others hold all the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from disks import full_disk, mount_small, read_only, unmount

from sources.sampling.world import juristic_id, natural_id

if TYPE_CHECKING:
    from tests.integration.conftest import Done, Home, Night, Record

pytestmark = pytest.mark.night

ENTERPRISES = [juristic_id(number) for number in range(301, 313)]
PERSON = natural_id(99)
#: Holds a few nights of a small landing zone, and is soon full.
DISK_MEGABYTES = 256
#: On so small a disk a night is not begun unless nobody asks whether it fits.
NO_QUESTION = {"WAREHOUSE_MIN_FREE_MB": "0"}
#: What is left of a disk on which a night can begin, and cannot end.
LEFT_BYTES = 2_500_000


@dataclass
class Story:
    """What each night did; `good` and `healed` published, the others did not."""

    home: Home
    good: Night
    nights: dict[str, Night] = field(default_factory=dict)
    status: dict[str, Done] = field(default_factory=dict)
    queries: dict[str, Done] = field(default_factory=dict)
    killed_digest: str | None = None
    killed_holder: str = ""

    def note(self, name: str, **environment: str) -> None:
        """Lets a night pass and asks how the warehouse is, and what analysts still see."""
        self.nights[name] = self.home.night(**{**NO_QUESTION, **environment})
        self.look(name)

    def look(self, name: str) -> None:
        """Asks how the warehouse is, and what analysts still see."""
        self.status[name] = self.home.run("status", "--json")
        self.queries[name] = self.home.run(
            "query", "select count(*) as members from marts.fct_membership", "--format", "csv"
        )


def accepted(home: Home, path: str) -> Path:
    """Where the accepted rows of a file are stored. Inside the home: nobody is to do this."""
    ((file_id,),) = home.rows("select file_id from audit.load_file where path = ?", path)
    (stored,) = (home.root / "store").rglob(f"accepted/{file_id}*.parquet")
    return stored


@contextlib.contextmanager
def tampered(path: Path, select: str) -> Iterator[None]:
    """Has other rows in a stored file while the block runs."""
    kept = path.read_bytes()
    changed = path.with_suffix(".changed")
    query = select.format(rows=f"read_parquet('{path}')")
    duckdb.execute(f"copy ({query}) to '{changed}' (format parquet)")
    changed.replace(path)
    try:
        yield
    finally:
        path.write_bytes(kept)


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> bool:
    """Waits until something holds; False where it never did."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kills a night and what it started, as when the machine's power fails."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, bool]]:
    """A folder for the home, and whether it is a small file system of its own."""
    folder = tmp_path_factory.mktemp("disk")
    mounted = mount_small(folder, DISK_MEGABYTES)
    yield folder, mounted
    if mounted:
        unmount(folder)


@pytest.fixture(scope="module")
def story(
    disk: tuple[Path, bool],
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Story:
    folder, mounted = disk
    home = new_home("failing")
    home.root = folder / "home"
    home.csv("cluster_registrations/clusters.csv", [cluster("C01")])
    natural = member("C01", PERSON, legal_form="sole_proprietor", enterprise_name="นายสมมติ")
    home.csv(
        "member_registrations/members.csv",
        [*(member("C01", one) for one in ENTERPRISES), natural],
    )
    home.csv(
        "financial_outcomes/outcomes.csv",
        [outcome("C01", one, 1_000 + place) for place, one in enumerate(ENTERPRISES)],
    )
    story = Story(home, home.night(**NO_QUESTION))
    assert story.good.exit_code == 0, story.good.said

    with tampered(
        accepted(home, "financial_outcomes/outcomes.csv"), "from {rows} where row_number > 2"
    ):
        story.note("a row is lost")
    # What the store says of this enterprise becomes what must never be published.
    with tampered(
        accepted(home, "member_registrations/members.csv"),
        f"select * replace (case when juristic_id = '{ENTERPRISES[0]}' then '{PERSON}' "
        "else juristic_id end as juristic_id) from {rows}",
    ):
        story.note("a person's id leaks")

    # Something new, so that a night that publishes would show.
    home.csv("financial_outcomes/more.csv", [outcome("C01", ENTERPRISES[0], 5, quarter="2")])
    if mounted:
        story.note("the disk is too small", WAREHOUSE_MIN_FREE_MB="512")
        with full_disk(folder, LEFT_BYTES):
            story.note("the disk fills up")
        with full_disk(folder, 0):
            story.note("the disk is full")
        with read_only(folder):
            story.note("the disk is read-only")

    story.note("no landing zone", WAREHOUSE_LANDING=str(home.landing / "not mounted"))
    beneath_a_file = home.landing.parent / "a file"
    beneath_a_file.write_text("no folder")
    story.nights["no home"] = home.night(WAREHOUSE_HOME=str(beneath_a_file / "home"))

    began = time.time()
    running = home.start("run", **NO_QUESTION)
    try:
        note = home.root / "night.holder.json"
        assert wait_for(lambda: note.exists() and "looking" not in note.read_text())
        story.killed_holder = str(json.loads(note.read_text())["process"])
        story.note("two at once")
        # In the middle of its build, and not at what the night before left there.
        built = home.root / "build" / "night" / "warehouse.duckdb"
        assert wait_for(lambda: built.exists() and built.stat().st_mtime > began)
    finally:
        kill(running)
    story.killed_digest = home.digest()
    story.look("killed")

    story.nights["healed"] = home.night("--json", **NO_QUESTION)
    story.status["healed"] = home.run("status")
    return story


FAILED = (
    "a row is lost",
    "a person's id leaks",
    "the disk is too small",
    "the disk fills up",
    "the disk is full",
    "the disk is read-only",
    "no landing zone",
    "two at once",
)


def of(story: Story, name: str) -> Night:
    """The night of that name; skips where no file system could be mounted for it."""
    if name not in story.nights:
        pytest.skip("a file system of its own could not be mounted (not root?)")
    return story.nights[name]


def test_the_night_before_it_all_published(story: Story) -> None:
    assert story.good.report["published"] is True
    assert len(story.good.tables["marts.fct_membership"]) == len(ENTERPRISES) + 1


@pytest.mark.parametrize("name", [*FAILED, "no home"])
def test_a_night_that_fails_exits_with_1(story: Story, name: str) -> None:
    assert of(story, name).exit_code == 1


@pytest.mark.parametrize("name", FAILED)
def test_a_night_that_fails_leaves_what_is_published_byte_for_byte(story: Story, name: str) -> None:
    assert of(story, name).digest == story.good.digest


@pytest.mark.parametrize("name", [*FAILED, "no home"])
def test_a_night_that_fails_says_so_without_a_traceback(story: Story, name: str) -> None:
    night = of(story, name)
    assert "Traceback" not in night.said, night.stderr[:1_500] + " … " + night.stderr[-500:]
    assert night.said


@pytest.mark.parametrize("name", FAILED)
def test_analysts_are_not_locked_out_by_a_night_that_fails(story: Story, name: str) -> None:
    of(story, name)
    done = story.queries[name]
    assert (done.exit_code, done.stdout.split()) == (0, ["members", str(len(ENTERPRISES) + 1)])


@pytest.mark.parametrize("name", [name for name in FAILED if name != "two at once"])
def test_the_status_after_a_night_that_failed_is_unhealthy(story: Story, name: str) -> None:
    of(story, name)
    done = story.status[name]
    assert done.exit_code == 1, done.said
    assert "Traceback" not in done.said
    assert done.stdout, f"nothing for a program to read, but: {done.said}"
    assert done.json()["healthy"] is False


# ── Why ───────────────────────────────────────────────────────────────────────────────────────


def test_a_lost_row_fails_the_reconciliation(story: Story) -> None:
    night = of(story, "a row is lost")
    assert night.report["published"] is False
    assert "reconcil" in night.report["reason"]


def test_the_status_names_the_reconciliation_that_failed(story: Story) -> None:
    of(story, "a row is lost")
    assert "reconcil" in " ".join(story.status["a row is lost"].json()["problems"])


def test_a_dbt_test_that_fails_is_named(story: Story) -> None:
    night = of(story, "a person's id leaks")
    assert night.report["published"] is False
    assert "assert_no_natural_person_is_named" in night.report["reason"]


def test_the_status_names_the_dbt_test_that_failed(story: Story) -> None:
    of(story, "a person's id leaks")
    problems = " ".join(story.status["a person's id leaks"].json()["problems"])
    assert "assert_no_natural_person_is_named" in problems


def test_a_reason_names_nobody(story: Story) -> None:
    night = of(story, "a person's id leaks")
    assert PERSON not in night.said + story.status["a person's id leaks"].said


@pytest.mark.parametrize("name", ["the disk fills up", "the disk is full"])
def test_a_full_disk_is_said(story: Story, name: str) -> None:
    said = of(story, name).said.lower()
    assert "space" in said or "disk is full" in said or "disk full" in said


def test_a_night_that_would_not_fit_takes_nothing_in_and_says_what_is_missing(story: Story) -> None:
    night = of(story, "the disk is too small")
    reason = night.report["reason"]
    assert "The night was not begun" in reason
    assert f"on the disk of {story.home.root}" in reason
    assert "MB are missing" in reason
    assert night.report["files"] == {}
    assert any(reason in said for said in story.status["the disk is too small"].json()["problems"])


def test_a_read_only_home_is_said(story: Story) -> None:
    said = of(story, "the disk is read-only").said
    assert str(story.home.root) in said.replace(" ", "")
    assert "write" in said.lower() or "read-only" in said.lower()


def test_a_missing_landing_zone_is_said_with_its_path(story: Story) -> None:
    said = of(story, "no landing zone").said
    assert str(story.home.landing / "not mounted") in said


def test_a_home_that_cannot_be_made_is_said_with_its_path(story: Story) -> None:
    said = of(story, "no home").said
    assert str(story.home.landing.parent / "a file") in said


def test_the_second_of_two_nights_says_who_holds_the_lock(story: Story) -> None:
    night = of(story, "two at once")
    assert story.killed_holder
    assert story.killed_holder in night.said
    assert night.seconds < 30


# ── Afterwards ────────────────────────────────────────────────────────────────────────────────


def test_a_night_that_is_killed_leaves_what_is_published(story: Story) -> None:
    assert story.killed_digest == story.good.digest
    done = story.queries["killed"]
    assert (done.exit_code, done.stdout.split()) == (0, ["members", str(len(ENTERPRISES) + 1)])


def test_the_status_after_a_killed_night_is_unhealthy(story: Story) -> None:
    done = story.status["killed"]
    assert (done.exit_code, done.json()["healthy"]) == (1, False), done.said


def test_the_next_plain_night_heals(story: Story) -> None:
    healed = story.nights["healed"]
    assert healed.exit_code == 0, healed.said
    assert healed.digest != story.good.digest
    assert healed.amounts()[ENTERPRISES[0], 2, "sales_increase"] == 5
    assert len(healed.tables["marts.fct_financial_outcome"]) == len(ENTERPRISES) + 1


def test_what_came_on_a_night_that_failed_is_loaded_once(story: Story) -> None:
    assert story.nights["healed"].files("financial_outcomes/more.csv") == [("loaded", None)]


def test_the_status_is_healthy_again(story: Story) -> None:
    done = story.status["healed"]
    assert done.exit_code == 0, done.said


def test_only_nights_that_published_are_on_record_as_published(story: Story) -> None:
    runs = {row["run_id"] for row in story.nights["healed"].tables["audit.published_run"]}
    assert runs == {story.good.report["run_id"], story.nights["healed"].report["run_id"]}


def test_nothing_half_done_is_left_beside_what_is_published(story: Story) -> None:
    published = story.home.published.parent
    whole = {"exports", "report", "warehouse.duckdb"}
    assert {path.name for path in published.iterdir()} == {*whole, "current", "versions"}
    for version in (published / "versions").iterdir():
        assert {path.name for path in version.iterdir()} == whole
