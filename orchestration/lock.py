"""The lock of the one writer: whoever changes a home holds it while doing so.

    night.lock            one writer at a time, whoever it is: a night, an approval, a closing
    running/<run>.lock    a run of Dagster's is worked on by a living process
    build/as-of-<…>.lock  a folder is built in by a living process

All are locks of the operating system, given back by it when their process dies, however it dies:
no process number that another process has meanwhile, no time-out that a long night outlives.
Apart from Dagster's resources, so that a command which only needs the lock answers at once.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration.settings import Home, SettingsError
from sources.clock import utc_now

#: How long a run that the daemon started waits for another writer (seconds): the queue keeps
#: nights apart, so that what it waits for is a command such as `warehouse rejudge`.
RUNS_WAIT_SECONDS = 2 * 60 * 60
#: How folders of builds beside the night's own are named, before a token.
OTHER_BUILDS = "as-of-"


class NightIsRunning(SettingsError):
    """Another night holds the lock; the message says which."""


@dataclass(frozen=True)
class Holder:
    """Who holds a lock, as it noted itself.

    Attributes:
        run_id: the run, or in words what is done.
        process: its number.
        host: the machine.
        since: when it took the lock, in UTC.
    """

    run_id: str
    process: int
    host: str
    since: str

    def __str__(self) -> str:
        """In words."""
        return f"run {self.run_id} in process {self.process} on {self.host}, since {self.since}"


@contextmanager
def one_writer(home: Home, run_id: str, *, wait_seconds: float = 0) -> Generator[None, None, None]:
    """Holds the home's lock; the operating system gives it back should this process die.

    Args:
        home: whose lock.
        run_id: for whom, as others are told.
        wait_seconds: how long to wait for another writer.

    Raises:
        NightIsRunning: another process holds it, and did so all the while.
    """
    lock = FileLock(home.lock, timeout=wait_seconds, mode=0o644)
    try:
        lock.acquire(poll_interval=1 if wait_seconds else 0.05)
    except Timeout as error:
        raise NightIsRunning(
            f"Another night is running in {home.root}: {holder(home)}. Wait until it ends."
        ) from error
    with _given_back(lock), _noted(_note_of(home.lock), run_id):
        yield


def holder(home: Home) -> str:
    """Who holds the lock, in words."""
    return str(_read(_note_of(home.lock)) or "it has just started")


# ── Runs and the processes that work on them ──────────────────────────────────────────────────


@contextmanager
def working_on(home: Home, run_id: str) -> Generator[None, None, None]:
    """Has others see that a living process works on a run, while the block runs."""
    path = _lease(home, run_id)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    lock = FileLock(path, timeout=10)  # somebody who looks holds it for an instant
    with lock, _noted(_note_of(path), run_id):
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def is_worked_on(home: Home, run_id: str) -> bool:
    """Whether a living process works on a run."""
    return _is_held(_lease(home, run_id))


def last_worker(home: Home, run_id: str) -> Holder | None:
    """The process that works or worked on a run; None where it left no word or ended in order."""
    return _read(_note_of(_lease(home, run_id)))


def forget_workers(home: Home) -> None:
    """Removes what dead processes left of the runs they worked on."""
    for path in (home.root / "running").glob("*.lock"):
        if not is_worked_on(home, path.stem):
            path.unlink(missing_ok=True)
            _note_of(path).unlink(missing_ok=True)


def _lease(home: Home, run_id: str) -> Path:
    return home.root / "running" / f"{run_id}.lock"


# ── Folders of builds beside the night's own ──────────────────────────────────────────────────


@contextmanager
def own_build(home: Home) -> Generator[Path, None, None]:
    """A name for a build's folder beside the night's own; nobody removes it while the block runs.

    By a lock beside it, for a process number says nothing to another container.
    """
    folder = home.build / f"{OTHER_BUILDS}{secrets.token_hex(8)}"
    path = _lock_of_build(folder)
    with FileLock(path, timeout=10):  # somebody who looks holds it for an instant
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            path.unlink(missing_ok=True)


def is_being_built(folder: Path) -> bool:
    """Whether a living process builds in a folder, or says so by its lock."""
    return _is_held(_lock_of_build(folder))


def _lock_of_build(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _is_held(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True


# ── Notes beside the locks ────────────────────────────────────────────────────────────────────


def _note_of(lock: Path) -> Path:
    return lock.with_suffix(".holder.json")


@contextmanager
def _given_back(lock: FileLock) -> Generator[None, None, None]:
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _noted(note: Path, run_id: str) -> Generator[None, None, None]:
    """Says beside a lock who holds it, while the block runs."""
    since = f"{utc_now():%Y-%m-%d %H:%M:%S} UTC"
    try:
        note.write_text(
            json.dumps(asdict(Holder(run_id, os.getpid(), socket.gethostname(), since)))
        )
        yield
    finally:
        note.unlink(missing_ok=True)


def _read(note: Path) -> Holder | None:
    """What a note says; None where there is none, or it is just being written."""
    try:
        return Holder(**json.loads(note.read_text()))
    except (OSError, ValueError, TypeError):
        return None
