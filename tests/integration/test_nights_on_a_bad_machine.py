"""Nights on a machine that fails: full disks, a database that goes away, a clock set back.

Archive, store, build and published each lie on a small file system of their own, and fill up one
after the other. Each night ends with a sentence, last night's warehouse stays, and the night after
all of them publishes what a home that was never in trouble publishes.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

import pytest
from disks import full_disk, mount_small, read_only, unmount
from forked_nights import Ended, Nights
from postgres import NEEDED, PROGRAMS, Postgres, postgres_server

from sources.sampling.world import juristic_id

if TYPE_CHECKING:
    from tests.integration.conftest import Done, Home, Record

pytestmark = pytest.mark.night

ENTERPRISES = [juristic_id(number) for number in range(501, 507)]
#: Folder of the home → its size (MB), and the bytes that are left of it when it is full.
DISKS = {"archive": (4, 0), "store": (4, 0), "build": (96, 1_000_000), "published": (96, 500_000)}
#: Nothing here is about the room that a night asks for before it begins; and in both homes
#: enterprises have the same keys.
SET = {"WAREHOUSE_MIN_FREE_MB": "0", "WAREHOUSE_KEY_SECRET": "a secret of the tests"}


@dataclass
class Machine:
    """A home on small disks and what its nights came to."""

    home: Home
    good: str | None = None
    nights: dict[str, Ended] = field(default_factory=dict)
    status: dict[str, Ended] = field(default_factory=dict)
    digests: dict[str, str | None] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)

    def said(self, name: str) -> str:
        """All that a person saw of a night."""
        return " ".join((self.nights[name].stdout + self.nights[name].stderr).split())


def _fill(
    home: Home,
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> None:
    home.csv("cluster_registrations/clusters.csv", [cluster("C01")])
    home.csv("member_registrations/members.csv", [member("C01", one) for one in ENTERPRISES])
    home.csv("financial_outcomes/outcomes.csv", [outcome("C01", one, 10) for one in ENTERPRISES])


def _more(home: Home, outcome: Callable[..., Record]) -> None:
    rows = [outcome("C01", one, 7, quarter="2") for one in ENTERPRISES]
    home.csv("financial_outcomes/more.csv", rows)


@pytest.fixture(scope="module")
def machine(
    night_server: Nights,
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Iterator[Machine]:
    machine = Machine(new_home("full"))
    home = machine.home
    folders = [home.root / name for name in DISKS]
    mounted = [mount_small(f, DISKS[f.name][0]) for f in folders]
    if not all(mounted):
        pytest.skip("a file system of its own could not be mounted (not root?)")
    environment = home.environment(**SET)

    def pass_night(name: str) -> None:
        machine.nights[name] = night_server.run("run", "--json", environment=environment)
        machine.status[name] = night_server.run("status", "--json", environment=environment)
        machine.digests[name] = home.digest()

    try:
        _fill(home, cluster, member, outcome)
        pass_night("good")
        _more(home, outcome)
        for name, (_, left) in DISKS.items():
            with full_disk(home.root / name, left):
                pass_night(name)
        with read_only(home.published.parent):
            pass_night("read-only")
        pass_night("healed")
        machine.tables["healed"] = home.tables()
        calm = new_home("calm")
        _fill(calm, cluster, member, outcome)
        assert night_server.run("run", environment=calm.environment(**SET)).exit_code == 0
        _more(calm, outcome)
        assert night_server.run("run", environment=calm.environment(**SET)).exit_code == 0
        machine.tables["calm"] = calm.tables()
        yield machine
    finally:
        for folder in folders:
            unmount(folder)


TROUBLES = [*DISKS, "read-only"]


@pytest.mark.parametrize("name", TROUBLES)
def test_a_disk_in_trouble_ends_the_night_with_1(machine: Machine, name: str) -> None:
    assert machine.nights[name].exit_code == 1, machine.said(name)[:2_000]
    assert "Traceback" not in machine.said(name)


@pytest.mark.parametrize("name", TROUBLES)
def test_a_disk_in_trouble_leaves_what_is_published(machine: Machine, name: str) -> None:
    assert machine.digests[name] == machine.digests["good"]


@pytest.mark.parametrize("name", DISKS)
def test_a_full_disk_is_named_with_what_to_do(machine: Machine, name: str) -> None:
    reason = json.loads(machine.nights[name].stdout)["reason"]
    assert str(machine.home.root / name) in reason
    assert "Make room there" in reason


def test_a_read_only_folder_is_named_with_what_to_do(machine: Machine) -> None:
    reason = json.loads(machine.nights["read-only"].stdout)["reason"]
    assert str(machine.home.published.parent) in reason
    assert "Mount it for writing" in reason


@pytest.mark.parametrize("name", TROUBLES)
def test_the_status_repeats_why_the_disk_kept_the_night(machine: Machine, name: str) -> None:
    status = json.loads(machine.status[name].stdout)
    assert status["healthy"] is False
    assert machine.status[name].exit_code == 1
    assert any("then run the night again" in problem for problem in status["problems"])


def test_the_night_after_all_the_trouble_publishes(machine: Machine) -> None:
    assert machine.nights["healed"].exit_code == 0, machine.said("healed")
    assert json.loads(machine.status["healed"].stdout)["healthy"] is True


def test_after_the_trouble_everything_is_as_in_a_home_that_had_none(machine: Machine) -> None:
    # What every check found in every night differs: here were more nights.
    nights = {"audit.check_result", "audit.check_history"}
    healed, calm = (
        {name: _comparable(rows) for name, rows in machine.tables[of].items() if name not in nights}
        for of in ("healed", "calm")
    )
    assert [name for name, rows in calm.items() if healed[name] != rows] == []


def test_no_version_that_was_not_published_is_kept(machine: Machine) -> None:
    published = machine.home.published.parent
    assert len(list((published / "versions").iterdir())) == 2
    assert not list(published.glob(".*"))


def _comparable(rows: list[Record]) -> Counter[tuple[str, ...]]:
    def settled(value: Any) -> Any:
        if isinstance(value, dt.datetime):
            return "<instant>"
        run = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
        return re.sub(run, "<run>", value) if isinstance(value, str) else value

    return Counter(
        tuple(f"{key}={settled(row[key])}" for key in row if key != "git_sha") for row in rows
    )


# ── A database server that goes away ──────────────────────────────────────────────────────────


@contextmanager
def once_built(home: Home, act: Callable[[], None]) -> Iterator[None]:
    """Does something once the night that runs meanwhile builds with dbt, as its log says."""
    over = threading.Event()

    def watch() -> None:
        before = _building(home)
        while not over.is_set():
            if _building(home) > before + 20:
                act()
                return
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _building(home: Home) -> int:
    return _logged(home, "dbt: ")


def _logged(home: Home, words: str) -> int:
    """How often the home's log says something."""
    logs = (home.root / "logs").glob("*.jsonl")
    return sum(path.read_text(encoding="utf-8").count(words) for path in logs)


@dataclass
class Served:
    """Nights of a home whose ledger is on a server of its own."""

    good: Ended
    restarted: Ended
    waited: int
    gone: Ended
    status: Ended
    back: Ended
    rejected: int


@pytest.fixture(scope="module")
def served(
    night_server: Nights,
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Iterator[Served]:
    if PROGRAMS is None:
        pytest.skip(NEEDED)
    home = new_home("served")
    _fill(home, cluster, member, outcome)
    with postgres_server() as server:
        environment = home.environment(WAREHOUSE_LEDGER_URL=server.database("ledger"))

        def run(*arguments: str) -> Ended:
            return night_server.run(*arguments, environment=environment)

        good = run("run", "--json")
        with once_built(home, lambda: _restart(server, home)):
            restarted = run("run", "--json")
        waited = _logged(home, "ledger not reached, tried again")
        _more(home, outcome)
        with once_built(home, server.stop):
            gone = run("run", "--json")
        status = run("status", "--json")
        server.start()
        back = run("run", "--json")
        yield Served(
            good, restarted, waited, gone, status, back, len(home.tables()["audit.load_file"])
        )


def _restart(server: Postgres, home: Home) -> None:
    """Stops the server, and starts it again once the night has tried in vain to reach it."""
    server.stop()
    until = time.monotonic() + 120
    while not _logged(home, "ledger not reached, tried again") and time.monotonic() < until:
        time.sleep(0.1)
    server.start()


def test_a_night_waits_for_a_ledger_that_is_started_again(served: Served) -> None:
    assert served.good.exit_code == 0, served.good.stdout + served.good.stderr[-2_000:]
    assert served.restarted.exit_code == 0, served.restarted.stdout
    assert served.waited > 0


def test_a_ledger_that_is_gone_ends_the_night_with_a_sentence(served: Served) -> None:
    reason = json.loads(served.gone.stdout)["reason"]
    assert served.gone.exit_code == 1
    assert re.match(r"The ledger's database 127\.0\.0\.1:\d+/ledger does not answer", reason)
    assert "Start the server" in reason
    assert "Traceback" not in served.gone.stderr


def test_the_status_says_that_the_ledger_is_gone(served: Served) -> None:
    assert served.status.exit_code == 1
    problems = json.loads(served.status.stdout)["problems"]
    assert any("does not answer" in problem for problem in problems)


def test_the_night_after_a_ledger_came_back_takes_over_and_loses_nothing(served: Served) -> None:
    report = json.loads(served.back.stdout)
    assert report["published"] is True
    assert [run["run_id"] for run in report["took_over"]] == [
        json.loads(served.gone.stdout)["run_id"]
    ]
    assert served.rejected == 4


# ── Memory that runs out while dbt builds ─────────────────────────────────────────────────────


@dataclass
class Starved:
    """A home in which the system ended what builds a night, as it does where memory runs out."""

    killed: Ended
    digest: str | None
    status: Ended
    rerun: Ended


@pytest.fixture(scope="module")
def starved(
    night_server: Nights,
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Starved:
    home = new_home("starved")
    _fill(home, cluster, member, outcome)

    def run(*arguments: str) -> Ended:
        return night_server.run(*arguments, environment=home.environment())

    with once_built(home, lambda: _kill_what_builds(home)):
        killed = run("run", "--json")
    return Starved(killed, home.digest(), run("status", "--json"), run("run", "--json"))


def _kill_what_builds(home: Home) -> None:
    """Ends the process that the night of a home has begun, and not the night."""
    night = json.loads((home.root / "night.holder.json").read_text(encoding="utf-8"))["process"]
    begun = Path(f"/proc/{night}/task/{night}/children").read_text(encoding="utf-8").split()
    for process in begun:
        os.kill(int(process), signal.SIGKILL)


def test_a_night_whose_build_was_killed_says_what_to_do_and_publishes_nothing(
    starved: Starved,
) -> None:
    reason = json.loads(starved.killed.stdout)["reason"]
    assert starved.killed.exit_code == 1
    assert starved.digest is None
    assert "ended from outside (SIGKILL)" in reason
    assert "out of memory" in reason
    assert "run the night again" in reason
    assert starved.killed.stderr == ""
    assert any("SIGKILL" in said for said in json.loads(starved.status.stdout)["problems"])


def test_the_night_after_a_build_that_was_killed_publishes(starved: Starved) -> None:
    report = json.loads(starved.rerun.stdout)
    assert report["published"] is True
    assert report["took_over"] == []  # the night before has said its own end


# ── A clock set back ──────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def set_back(machine: Machine) -> tuple[Done, str | None]:
    """A night on a machine whose clock was set back by two hours, and what is published then."""
    if which("faketime") is None:
        pytest.skip("needs Debian's package faketime")
    library = next(Path("/usr/lib").rglob("libfaketime.so.1"))
    done = machine.home.run("run", LD_PRELOAD=str(library), FAKETIME="-2h", **SET)
    return done, machine.home.digest()


def test_a_night_whose_clock_was_set_back_is_refused_with_both_times(
    set_back: tuple[Done, str | None], machine: Machine
) -> None:
    done, digest = set_back
    assert done.exit_code == 1, done.said
    assert re.search(r"clock says [\d: -]+ UTC, but the ledger's last entry is of", done.said)
    assert "timedatectl" in done.said
    assert digest == machine.digests["healed"]
