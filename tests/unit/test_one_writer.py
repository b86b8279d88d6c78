"""The locks: one writer at a time, and whether a living process works on a run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration import settings
from orchestration.housekeeping import remove_old_files
from orchestration.lock import (
    NightIsRunning,
    forget_workers,
    is_being_built,
    is_worked_on,
    last_worker,
    one_writer,
    own_build,
    working_on,
)
from orchestration.settings import Home

_WORKER = """
import sys, time
from orchestration import settings
from orchestration.lock import one_writer, working_on
home = settings.load()
home.prepare()
with working_on(home, sys.argv[1]), one_writer(home, sys.argv[1]):
    print("works", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of its own."""
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))
    home = settings.load()
    home.prepare()
    return home


@contextmanager
def worker(run_id: str, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Another process that works on a run and holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WORKER, run_id, str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "works\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_second_writer_is_told_who_is_first(home: Home) -> None:
    with (
        worker("first", 60) as first,
        pytest.raises(NightIsRunning, match=f"run first in process {first.pid}"),
        one_writer(home, "second"),
    ):
        pytest.fail("two writers at once")


def test_a_writer_that_waits_gets_its_turn(home: Home) -> None:
    with worker("first", 1.5), one_writer(home, "second", wait_seconds=60):
        assert not is_worked_on(home, "first")


def test_a_killed_process_works_on_nothing_and_left_its_name(home: Home) -> None:
    with worker("run", 60) as process:
        assert is_worked_on(home, "run")
        process.kill()
        process.wait()
        assert not is_worked_on(home, "run")
        left = last_worker(home, "run")
    assert left is not None
    assert left.process == process.pid
    with one_writer(home, "next"):
        forget_workers(home)
    assert list((home.root / "running").iterdir()) == []


def test_who_looks_does_not_disturb_who_works(home: Home) -> None:
    until = time.monotonic() + 1
    with working_on(home, "run"):
        while time.monotonic() < until:
            assert is_worked_on(home, "run")
    assert not is_worked_on(home, "run")


def test_a_run_that_nobody_began_is_not_worked_on(home: Home) -> None:
    assert not is_worked_on(home, "never")
    assert last_worker(home, "never") is None


def test_a_build_is_left_alone_while_its_process_lives(home: Home) -> None:
    day = 24 * 3600
    with own_build(home) as living:
        living.mkdir()
        dead = home.build / "as-of-17"
        dead.mkdir()
        for path in home.build.iterdir():
            os.utime(path, (time.time() - 2 * day,) * 2)
        assert is_being_built(living)
        remove_old_files(home)
        assert living.exists()
        assert not dead.exists()
    assert list(home.build.iterdir()) == []


def test_workers_that_live_are_not_forgotten(home: Home) -> None:
    with working_on(home, "run"):
        forget_workers(home)
        assert is_worked_on(home, "run")
        assert last_worker(home, "run") is not None
