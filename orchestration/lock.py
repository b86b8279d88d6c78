"""The lock of the one writer: whoever changes a home holds it while doing so.

Apart from Dagster's resources, so that a command which only needs the lock answers at once.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Generator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from orchestration.settings import Home, SettingsError
from sources.ledger import utc_now


class NightIsRunning(SettingsError):
    """Another night holds the lock; the message says which."""


@contextmanager
def one_writer(home: Home, run_id: str) -> Generator[None, None, None]:
    """Holds the home's lock; the operating system gives it back should this process die.

    Raises:
        NightIsRunning: another process holds it.
    """
    lock = FileLock(home.lock, timeout=0, mode=0o644)
    try:
        lock.acquire()
    except Timeout as error:
        raise NightIsRunning(
            f"Another night is running in {home.root}: {holder(home)}. Wait until it ends."
        ) from error
    note = home.lock.with_suffix(".holder.json")
    try:
        note.write_text(
            json.dumps(
                {
                    "run_id": run_id,
                    "process": os.getpid(),
                    "host": socket.gethostname(),
                    "since": f"{utc_now():%Y-%m-%d %H:%M:%S} UTC",
                }
            )
        )
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def holder(home: Home) -> str:
    """Who holds the lock, in words."""
    try:
        said = json.loads(home.lock.with_suffix(".holder.json").read_text())
    except (OSError, ValueError):
        return "it has just started"
    return "run {run_id} in process {process} on {host}, since {since}".format(**said)
