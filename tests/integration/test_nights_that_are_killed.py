"""`kill -9` at twenty points of a night, each followed by a plain rerun.

An earlier night has published. Then come a correction, a file that releases held rows, rows that
are held, a file that is rejected and one that came before. The night over them is killed at a
point, in a copy of that home; the next night must publish what an undisturbed home publishes.

The nights are forked from one process (`tests/forked_nights.py`): 24 of them at less than half the
CPU time. Two of the reruns are by the console script itself.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from forked_nights import Ended, Nights

from sources.sampling.world import juristic_id

if TYPE_CHECKING:
    from tests.integration.conftest import Home, Record, Tables

pytestmark = pytest.mark.night

KNOWN = [juristic_id(number) for number in range(401, 407)]
LATECOMER, STRANGER = juristic_id(407), juristic_id(408)
#: Stage → the points, before which the night is killed, as `tests/forked_nights.py` names them.
POINTS = {
    "reading": [
        "commit run_event #1",  # nothing is on record yet
        "reading financial_outcomes/more.csv #1",
    ],
    "archiving": [
        "shutil.copyfile archive/<xx>/.<file>.<process>.part #1",
        "os.rename archive/<xx>/<file> #2",  # one is archived, the next is half there
    ],
    "storing": [
        "os.rename store/financial_outcomes/accepted/<file>.parquet #1",
        # Between the good rows of a file and its bad ones.
        "os.rename store/financial_outcomes/quarantined/<file>.parquet #1",
    ],
    "ledger": [
        "commit file_lease #1",  # the places of the files, and the duplicate
        "commit file_event #1",  # rows are stored, and nothing says so
        "commit file_event #2",  # one file is taken in, another of its dataset is not
        "commit check_result #3",
    ],
    "dbt": [
        "os.mkdir build/night/ledger #1",
        "building dbt: fct_financial_outcome #1",
        "building dbt: rpt_follow_up #1",
    ],
    "checks": [
        "checking dbt: assert_no_natural_person_is_named #1",
        "checking reconciliation in rows and baht #1",
    ],
    "publishing": [
        "os.chmod build/night/warehouse.duckdb #1",  # the build says that it is published
        "os.link published/versions/<version>/warehouse.duckdb #1",
        "os.rename published/current #1",  # all that it leads to is there
        "commit run_event #2",  # analysts read it, the ledger does not know
        "os.remove night.holder.json #2",  # only Dagster does not know
    ],
}
#: From these points on the night that is killed has published, and the next is one more.
PUBLISHED = {"commit run_event #2", "os.remove night.holder.json #2"}
#: Their reruns are typed by an operator.
BY_HAND = {"os.rename archive/<xx>/<file> #2", "commit run_event #2"}


@dataclass(frozen=True)
class Killed:
    """A night that was killed, and the one after it."""

    killed: Ended
    digest_before: str | None
    digest_after: str | None
    status: str
    rerun: dict[str, Any]
    exit_code: int
    said: str
    tables: Tables
    left: list[str]
    dagster: Counter[str]


@dataclass
class Scene:
    """A home with a night behind it and files before it, as often as it is needed."""

    home: Home
    before: Path
    server: Nights
    undisturbed: Ended = field(init=False)
    tables: Tables = field(init=False)
    one_more: Tables = field(init=False)

    def begin(self) -> None:
        """Puts the home back to how it was before the night, at the same place."""
        shutil.rmtree(self.home.root, ignore_errors=True)
        subprocess.run(["cp", "-a", self.before, self.home.root], check=True)

    def night(self, kill_at: str | None = None) -> Ended:
        """Lets a night pass."""
        environment = self.home.environment()
        return self.server.run("run", "--json", environment=environment, kill_at=kill_at)


@pytest.fixture(scope="module")
def scene(
    night_server: Nights,
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Scene:
    home = new_home("killed")
    home.csv("cluster_registrations/clusters.csv", [cluster("C01"), cluster("C02")])
    members = [member("C01", one) for one in KNOWN]
    home.csv("member_registrations/members.csv", members)
    reported = [outcome("C01", one, 1_000) for one in [*KNOWN, LATECOMER]]
    home.csv("financial_outcomes/outcomes.csv", reported)
    _make_old(home)
    first = night_server.run("run", "--json", environment=home.environment())
    assert first.exit_code == 0, first.stderr
    corrected = [{**reported[0], "amount": "1500"}, *reported[1:]]
    home.csv("financial_outcomes/outcomes.csv", corrected)
    bad = outcome("C01", KNOWN[1], "ห้าพัน", quarter="2")
    good = [outcome("C01", one, 70, quarter="2") for one in KNOWN]
    home.csv("financial_outcomes/more.csv", [*good, bad, outcome("C01", STRANGER, 9)])
    home.csv("member_registrations/late.csv", [member("C01", LATECOMER)])
    home.csv("member_registrations/copy.csv", members)
    home.write("member_registrations/broken.xlsx", b"PK\x03\x04 nothing more")
    _make_old(home)
    scene = Scene(home, home.root.with_name("before"), night_server)
    home.root.rename(scene.before)
    scene.begin()
    scene.undisturbed = scene.night()
    assert scene.undisturbed.exit_code == 0, scene.undisturbed.stderr
    scene.tables = home.tables()
    assert scene.night().exit_code == 0
    scene.one_more = home.tables()
    return scene


def _make_old(home: Home) -> None:
    """Has the files come one a minute, an hour ago: always in the same order, none still fresh."""
    paths = sorted(path for path in home.landing.rglob("*") if path.is_file())
    for minute, path in enumerate(paths):
        came = time.time() - 3_600 + 60 * minute
        os.utime(path, (came, came))


@pytest.fixture(scope="module", params=[point for of in POINTS.values() for point in of])
def night(request: pytest.FixtureRequest, scene: Scene) -> Killed:
    """A night killed at a point, and what the next one made of it."""
    point: str = request.param
    scene.begin()
    home = scene.home
    before = home.digest()
    killed = scene.night(point)
    after = home.digest()
    status = home.run("status").stdout if point in BY_HAND else ""
    if point in BY_HAND:
        typed = home.night("--json")
        code, report, said = typed.exit_code, typed.report, typed.said
    else:
        rerun = scene.night()
        code, said = rerun.exit_code, rerun.stdout + rerun.stderr
        report = _report(rerun)
    with sqlite3.connect(home.root / "dagster" / "history" / "runs.db") as db:
        runs = Counter(status for (status,) in db.execute("select status from runs"))
    left = [path.relative_to(home.root).as_posix() for path in home.root.rglob("*")]
    return Killed(killed, before, after, status, report, code, said, home.tables(), left, runs)


def _report(ended: Ended) -> dict[str, Any]:
    return dict(json.loads(ended.stdout)) if ended.stdout.startswith("{") else {}


def point_of(request: pytest.FixtureRequest) -> str:
    """Where the night was killed."""
    return str(request.node.callspec.params["night"])


def comparable(tables: Tables) -> dict[str, Counter[tuple[str, ...]]]:
    """What is published, without the ids of runs, the time of day and the software's commit."""
    return {
        name: Counter(
            tuple(f"{key}={_settled(row[key])}" for key in row if key != "git_sha") for row in rows
        )
        for name, rows in tables.items()
    }


def _settled(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return "<instant>"
    if isinstance(value, str):
        return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<run>", value)
    return value


def test_the_points_are_twenty_and_every_stage_has_some(scene: Scene) -> None:
    points = [point for of in POINTS.values() for point in of]
    assert len(points) == 20
    assert [point for point in points if point not in scene.undisturbed.points] == []
    assert all(POINTS[stage] for stage in POINTS)


def test_the_night_is_killed_where_it_should_be(
    night: Killed, request: pytest.FixtureRequest
) -> None:
    assert (night.killed.exit_code, night.killed.points[-1]) == (-9, point_of(request))


def test_a_killed_night_leaves_what_is_published_or_has_published_all_of_it(
    night: Killed, request: pytest.FixtureRequest
) -> None:
    changed = night.digest_after != night.digest_before
    assert changed == (point_of(request) in PUBLISHED)


def test_the_next_night_publishes(night: Killed) -> None:
    assert night.exit_code == 0, night.said[-3_000:]


def test_the_next_night_publishes_what_an_undisturbed_home_does(
    night: Killed, scene: Scene, request: pytest.FixtureRequest
) -> None:
    wanted = scene.one_more if point_of(request) in PUBLISHED else scene.tables
    found, undisturbed = comparable(night.tables), comparable(wanted)
    assert found.keys() == undisturbed.keys()
    apart = {
        name: (list(found[name] - rows)[:2], list(rows - found[name])[:2])
        for name, rows in undisturbed.items()
        if found[name] != rows
    }
    assert apart == {}


def test_the_next_night_says_from_which_run_it_took_over(
    night: Killed, request: pytest.FixtureRequest
) -> None:
    # Before the first commit, and after the last, the ledger has nothing to take over.
    silent = {"commit run_event #1", "os.remove night.holder.json #2"}
    told = night.rerun["took_over"]
    assert len(told) == (0 if point_of(request) in silent else 1)
    for run in told:
        assert "cut short" in run["reason"]
        assert run["published"] == (point_of(request) in PUBLISHED)


def test_dagster_waits_for_no_run_that_was_killed(
    night: Killed, request: pytest.FixtureRequest
) -> None:
    assert night.dagster == {"SUCCESS": 2, "FAILURE": 1}, point_of(request)


def test_nothing_half_written_is_left(night: Killed) -> None:
    odd = re.compile(r"\.part$|(^|/)\.|^running/|^waiting|holder|^build/(?!night)|\.probe")
    assert [path for path in night.left if odd.search(path)] == []


def test_every_kept_version_was_published(night: Killed, request: pytest.FixtureRequest) -> None:
    kept = [path for path in night.left if re.fullmatch("published/versions/[^/]*", path)]
    assert len(kept) == (3 if point_of(request) in PUBLISHED else 2)


def test_the_status_of_a_killed_night_says_what_to_do(
    night: Killed, request: pytest.FixtureRequest
) -> None:
    if point_of(request) in BY_HAND:
        assert "was cut short" in night.status
        assert "warehouse run" in night.status
