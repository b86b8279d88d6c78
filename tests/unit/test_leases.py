"""Leases on files: one holder at a time, taken over from the dead, and no event of a late one.

On SQLite and on a real PostgreSQL; where it matters that processes are apart, by real ones.
"""

from __future__ import annotations

import datetime as dt
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from postgres import NEEDED, PROGRAMS, Postgres, postgres_server

from sources import leases as leases_module
from sources import ledger as ledger_module
from sources.leases import (
    Arrived,
    FilesAreLoaded,
    Leases,
    enlist,
    live_leases,
    release_holder,
)
from sources.ledger import LeaseLost, Ledger
from sources.ledger_engine import LedgerUnreachable
from sources.ledger_tables import file_event, file_lease

NOW = dt.datetime(2015, 1, 20, 18, 30)
A = Arrived("apples", "apples/a.csv", "a" * 64)
B = Arrived("apples", "apples/b.csv", "b" * 64)
#: Enlists 60 files, and loads two of them at a time until none is left.
LOADER = """
import datetime as dt, sys, time
from sources.ledger import Ledger
from sources.leases import Arrived, Leases, enlist
url, name = sys.argv[1], sys.argv[2]
ledger = Ledger(url, upgrade=False)
files = [Arrived("apples", f"apples/{n}.csv", f"{n:064}") for n in range(60)]
def event(kind, one):
    return dict(event_kind=kind, dataset=one.dataset, path=one.path, file_id=one.file_id,
                contract_version="1", occurred_at=dt.datetime(2015, 1, 20), run_id=name,
                rows_read=0, rows_accepted=0, rows_quarantined=0, control_total="0.00", details={})
print("ready", flush=True)
sys.stdin.readline()
enlist(ledger, files, lambda one, first: event("duplicate", one))
leases = Leases(ledger, name, 60)
for first in [*range(0, 60, 2)] * 2:
    for one in leases.claim(files[first:first + 2]).mine:
        time.sleep(0.02)
        ledger.record_file(event("loaded", one), holder=leases.holder)
"""
#: Claims one file for a second, says so, and records it once it is told to.
LATE = """
import datetime as dt, sys
from sources.ledger import Ledger, LeaseLost
from sources.leases import Arrived, Leases
exec(sys.argv[2])
ledger = Ledger(sys.argv[1], upgrade=False)
one = Arrived("apples", "apples/a.csv", "a" * 64)
leases = Leases(ledger, "late", 1)
print(len(leases.claim([one]).mine), flush=True)
sys.stdin.readline()
try:
    ledger.record_file(event("loaded", one), holder=leases.holder)
    print("recorded", flush=True)
except LeaseLost as lost:
    print(lost, flush=True)
"""
EVENT = LOADER[LOADER.index("def event") : LOADER.index('print("ready"')].replace(
    "run_id=name", 'run_id="late"'
)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A real PostgreSQL."""
    if PROGRAMS is None:
        pytest.skip(NEEDED)
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty ledger in either database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    server: Postgres = request.getfixturevalue("server")
    return server.database(tmp_path.name)


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """An empty ledger."""
    ledger = Ledger(url)
    yield ledger
    ledger.close()


def event(kind: str, one: Arrived, **values: Any) -> dict[str, Any]:
    """A file event."""
    return {
        "event_kind": kind,
        "dataset": one.dataset,
        "path": one.path,
        "file_id": one.file_id,
        "contract_version": "1",
        "occurred_at": NOW,
        "run_id": "run",
        "rows_read": 0,
        "rows_accepted": 0,
        "rows_quarantined": 0,
        "control_total": "0.00",
        "details": {},
        **values,
    }


def enlisted(ledger: Ledger, *arrived: Arrived) -> list[Arrived]:
    """Enlists; returns what is new."""
    return list(enlist(ledger, arrived, lambda one, _first: event("duplicate", one)).new)


def recorded(ledger: Ledger) -> list[tuple[str, str]]:
    """(kind, path) of every event, in the order that counts."""
    query = sa.select(file_event.c.event_kind, file_event.c.path).order_by(file_event.c.event_id)
    with ledger.engine.connect() as connection:
        return [(kind, path) for kind, path in connection.execute(query)]


def let_run_out(ledger: Ledger, holder: str) -> None:
    """Has a holder's leases be a second too old, by the database's own times."""
    earlier = dt.timedelta(seconds=3600)
    with ledger.engine.begin() as connection:
        for row in connection.execute(sa.select(file_lease).where(file_lease.c.holder == holder)):
            connection.execute(
                sa.update(file_lease)
                .where(file_lease.c.file_id == row.file_id)
                .values(expires_at=row.expires_at - earlier)
            )


def test_a_file_is_one_holders_until_its_event_is_recorded(ledger: Ledger) -> None:
    assert enlisted(ledger, A, B) == [A, B]
    one, other = Leases(ledger, "one"), Leases(ledger, "other")
    assert one.claim([A]).mine == (A,)
    claimed = other.claim([A, B])
    assert (claimed.mine, claimed.elsewhere) == ((B,), (A,))
    assert [(lease.path, lease.run_id) for lease in live_leases(ledger)] == [
        (A.path, "one"),
        (B.path, "other"),
    ]
    ledger.record_file(event("loaded", A), holder=one.holder)
    assert other.claim([A]).done == (A,)
    assert [lease.path for lease in live_leases(ledger)] == [B.path]


def test_the_order_of_receipt_does_not_depend_on_who_was_quicker(ledger: Ledger) -> None:
    enlisted(ledger, A, B)
    one, other = Leases(ledger, "one"), Leases(ledger, "other")
    one.claim([A])
    other.claim([B])
    ledger.record_file(event("loaded", B), holder=other.holder)
    ledger.record_file(event("duplicate", Arrived("pears", "pears/c.csv", "c")))
    ledger.record_file(event("loaded", A), holder=one.holder)
    assert recorded(ledger) == [
        ("loaded", A.path),
        ("loaded", B.path),
        ("duplicate", "pears/c.csv"),
    ]


def test_what_a_dead_holder_had_is_taken_over_and_keeps_its_place(ledger: Ledger) -> None:
    enlisted(ledger, A, B)
    dead, other = Leases(ledger, "dead"), Leases(ledger, "other")
    dead.claim([A])
    other.claim([B])
    ledger.record_file(event("loaded", B), holder=other.holder)
    assert other.claim([A]).elsewhere == (A,)
    let_run_out(ledger, dead.holder)
    assert enlisted(ledger, A) == [A]
    assert other.claim([A]).mine == (A,)
    ledger.record_file(event("loaded", A), holder=other.holder)
    assert recorded(ledger) == [("loaded", A.path), ("loaded", B.path)]


def test_a_holder_who_was_given_up_records_nothing_when_it_wakes_up(ledger: Ledger) -> None:
    enlisted(ledger, A)
    late, other = Leases(ledger, "late"), Leases(ledger, "other")
    late.claim([A])
    let_run_out(ledger, late.holder)
    assert other.claim([A]).mine == (A,)
    with pytest.raises(LeaseLost, match="Nothing was recorded twice"):
        ledger.record_file(event("loaded", A), holder=late.holder)
    ledger.record_file(event("loaded", A), holder=other.holder)
    with pytest.raises(LeaseLost):
        ledger.record_file(event("loaded", A), holder=late.holder)
    assert recorded(ledger) == [("loaded", A.path)]


def test_a_holder_who_is_late_and_whom_nobody_replaced_still_records(ledger: Ledger) -> None:
    enlisted(ledger, A)
    late = Leases(ledger, "late")
    late.claim([A])
    let_run_out(ledger, late.holder)
    ledger.record_file(event("loaded", A), holder=late.holder)
    assert recorded(ledger) == [("loaded", A.path)]


def test_a_heartbeat_keeps_a_lease_beyond_its_time(ledger: Ledger) -> None:
    enlisted(ledger, A)
    busy, other = Leases(ledger, "busy", seconds=1), Leases(ledger, "other")
    with busy.renewed():
        busy.claim([A])
        time.sleep(1.6)
        assert other.claim([A]).elsewhere == (A,)
    assert other.claim([A]).mine == (A,)  # given back when the block ended


def test_the_same_bytes_under_two_names_are_loaded_once_and_recorded_twice(ledger: Ledger) -> None:
    copy = Arrived("apples", "apples/copy.csv", A.file_id)
    assert enlisted(ledger, A, copy) == [A]
    one = Leases(ledger, "one")
    one.claim([A])
    # Another machine looked when only the copy lay there, and again when both did.
    assert enlisted(ledger, copy) == []
    assert enlisted(ledger, A, copy) == [A]
    ledger.record_file(event("loaded", A), holder=one.holder)
    assert recorded(ledger) == [("loaded", A.path), ("duplicate", copy.path)]


def test_a_renamed_file_whose_holder_died_is_loaded_under_its_new_name(ledger: Ledger) -> None:
    enlisted(ledger, A)
    dead = Leases(ledger, "dead")
    dead.claim([A])
    let_run_out(ledger, dead.holder)
    renamed = Arrived("apples", "apples/renamed.csv", A.file_id)
    assert enlisted(ledger, renamed) == [renamed]
    other = Leases(ledger, "other")
    assert other.claim([renamed]).mine == (renamed,)
    ledger.record_file(event("loaded", renamed), holder=other.holder)
    assert recorded(ledger) == [("loaded", renamed.path)]


def test_a_correction_waits_while_the_version_before_it_is_loaded(ledger: Ledger) -> None:
    enlisted(ledger, A)
    slow, quick = Leases(ledger, "slow"), Leases(ledger, "quick")
    slow.claim([A])
    correction = Arrived("apples", A.path, "c" * 64)
    enlisted(ledger, correction)
    assert quick.claim([correction]).elsewhere == (correction,)
    ledger.record_file(event("loaded", A), holder=slow.holder)
    assert quick.claim([correction]).mine == (correction,)
    ledger.record_file(event("loaded", correction), holder=quick.holder)
    assert ledger.latest_at_paths()["apples", A.path] == correction.file_id


def test_a_correction_stays_the_latest_when_a_dead_holder_wakes_up_after_it(
    ledger: Ledger,
) -> None:
    enlisted(ledger, A)
    dead, other = Leases(ledger, "dead"), Leases(ledger, "other")
    dead.claim([A])
    let_run_out(ledger, dead.holder)
    correction = Arrived("apples", A.path, "c" * 64)
    enlisted(ledger, correction)
    assert other.claim([correction]).mine == (correction,)
    ledger.record_file(event("loaded", correction), holder=other.holder)
    ledger.record_file(event("loaded", A), holder=dead.holder)
    assert ledger.latest_at_paths()["apples", A.path] == correction.file_id


def test_bytes_that_come_back_after_a_correction_are_received_after_it(ledger: Ledger) -> None:
    enlisted(ledger, A)
    dead, other = Leases(ledger, "dead"), Leases(ledger, "other")
    dead.claim([A])
    let_run_out(ledger, dead.holder)
    correction = Arrived("apples", A.path, "c" * 64)
    for version in (correction, A):
        enlisted(ledger, version)
        assert other.claim([version]).mine == (version,)
        ledger.record_file(event("loaded", version), holder=other.holder)
    assert ledger.latest_at_paths()["apples", A.path] == A.file_id


def test_nobody_loads_while_all_files_are_held_and_nobody_holds_all_while_one_is_loaded(
    ledger: Ledger,
) -> None:
    enlisted(ledger, A, B)
    loader, forgetter = Leases(ledger, "loader"), Leases(ledger, "forgetter")
    with forgetter.undisturbed("Forgetting a person"):
        assert loader.claim([A]).elsewhere == (A,)
    assert loader.claim([A]).mine == (A,)
    with (
        pytest.raises(
            FilesAreLoaded, match=r"Forgetting a person cannot .* apples/a.csv is loaded"
        ),
        forgetter.undisturbed("Forgetting a person"),
    ):
        pytest.fail("it was not refused")
    release_holder(ledger, loader.holder)
    with forgetter.undisturbed("Forgetting a person"):
        assert loader.claim([B]).elsewhere == (B,)


def test_a_place_is_forgotten_a_day_after_its_file_has_gone(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    enlisted(ledger, A, B)
    monkeypatch.setattr(leases_module, "_ENLISTED_FOR", dt.timedelta(seconds=-1))
    enlisted(ledger, B)
    with ledger.engine.connect() as connection:
        assert [row.path for row in connection.execute(sa.select(file_lease))] == [B.path]


def test_events_get_their_numbers_after_all_places_that_are_kept(ledger: Ledger) -> None:
    enlisted(ledger, A, B)
    ledger.record_file(event("withdrawn", Arrived("pears", "pears/x.csv", "x")))
    holder = Leases(ledger, "run")
    holder.claim([A, B])
    for one in (B, A):
        ledger.record_file(event("loaded", one), holder=holder.holder)
    assert [path for _, path in recorded(ledger)] == [A.path, B.path, "pears/x.csv"]


def test_one_moment_of_the_ledger_stays_as_it_was_while_others_write(ledger: Ledger) -> None:
    ledger.record_file(event("loaded", A, rows_accepted=1))
    with ledger.one_moment() as moment:
        assert len(ledger.stored_files(within=moment)) == 1
        ledger.record_file(event("loaded", B, rows_accepted=1))
        assert len(ledger.stored_files(within=moment)) == 1
        assert set(ledger.known_files(moment)) == {A.key}
    assert len(ledger.stored_files()) == 2


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_order_of_steps_no_file_is_recorded_twice(tmp_path: Path, seed: int) -> None:
    """Holders enlist, claim, die, wake up and record at random; SQLite, for speed."""
    chance = random.Random(seed)
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    versions = [
        Arrived("apples", f"apples/{path}.csv", f"{path}{version}")
        for path in "abc"
        for version in "12"
    ]
    lying = {one.path: one for one in versions if one.file_id.endswith("1")}
    holders = [Leases(ledger, f"run {number}") for number in range(3)]
    held: dict[str, set[Arrived]] = {holder.holder: set() for holder in holders}
    received: list[Arrived] = []
    lost = 0
    for step in range(120):
        holder = chance.choice(holders)
        match chance.choice(["look", "claim", "record", "record", "die", "correct"]):
            case "look":
                for one in enlisted(ledger, *lying.values()):
                    if one not in received:
                        received.append(one)
            case "claim":
                held[holder.holder] |= set(holder.claim(received).mine)
            case "die":
                let_run_out(ledger, holder.holder)
            case "correct" if step > 40:
                changed = chance.choice([one for one in versions if one.file_id.endswith("2")])
                lying[changed.path] = changed
            case "record" if held[holder.holder]:
                one = held[holder.holder].pop()
                try:
                    ledger.record_file(event("loaded", one), holder=holder.holder)
                except LeaseLost:
                    lost += 1
    last = Leases(ledger, "the last")
    for holder in holders:
        let_run_out(ledger, holder.holder)
    enlisted(ledger, *lying.values())
    for one in last.claim(lying.values()).mine:
        ledger.record_file(event("loaded", one), holder=last.holder)
    with ledger.engine.connect() as connection:
        query = sa.select(file_event.c.file_id, file_event.c.path).where(
            file_event.c.event_kind == "loaded"
        )
        loaded = [tuple(row) for row in connection.execute(query)]
    assert len(loaded) == len(set(loaded))
    assert {(one.file_id, one.path) for one in lying.values()} <= set(loaded)
    # Of each path the version that lies there now is the latest, whoever recorded when.
    latest = ledger.latest_at_paths()
    assert {path: latest["apples", path] for path in lying} == {
        path: one.file_id for path, one in lying.items()
    }
    ledger.close()


def test_real_processes_that_begin_together_load_every_file_once(ledger: Ledger, url: str) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", LOADER, url, name],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two", "three")
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.wait(120) for process in started] == [0, 0, 0]
    with ledger.engine.connect() as connection:
        query = sa.select(file_event.c.path, file_event.c.run_id).order_by(file_event.c.event_id)
        loaded = [tuple(row) for row in connection.execute(query)]
    assert [path for path, _ in loaded] == [f"apples/{number}.csv" for number in range(60)]
    assert len({run_id for _, run_id in loaded}) > 1  # more than one did some
    assert live_leases(ledger) == []


def test_a_process_that_slept_through_its_lease_finds_it_gone(ledger: Ledger, url: str) -> None:
    enlisted(ledger, A)
    process = subprocess.Popen(
        [sys.executable, "-c", LATE, url, EVENT],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"
    process.send_signal(signal.SIGSTOP)
    other = Leases(ledger, "other")
    deadline = time.monotonic() + 60
    try:
        while not other.claim([A]).mine:
            assert time.monotonic() < deadline
            time.sleep(0.2)
    finally:
        process.send_signal(signal.SIGCONT)
    process.stdin.write("go\n")
    process.stdin.flush()
    assert "loaded elsewhere" in process.stdout.readline()
    assert process.wait(30) == 0
    ledger.record_file(event("loaded", A), holder=other.holder)
    assert recorded(ledger) == [("loaded", A.path)]


def test_a_machine_that_hangs_within_a_transaction_holds_nobody_up_for_long(
    server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_module, "_HANGS_AFTER_MS", 500)
    ledger = Ledger(server.database("hangs"))
    with pytest.raises(LedgerUnreachable), ledger.alone() as connection:
        time.sleep(1.5)
        connection.execute(sa.select(file_lease))
    assert enlisted(ledger, A) == [A]
    ledger.close()
