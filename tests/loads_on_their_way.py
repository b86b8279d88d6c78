"""`warehouse load` while it goes on, held where a test wants it: at the recording of a file."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from sources.leases import Lease, live_leases
from sources.ledger import Ledger
from sources.ledger_tables import file_lease

_WAREHOUSE = Path(sys.executable).with_name("warehouse")
#: What a busy machine may take.
PATIENCE_SECONDS = 400


def begun(environment: Mapping[str, str], folder: Path) -> subprocess.Popen[str]:
    """A load that is on its way.

    Args:
        environment: all of it.
        folder: where it is typed; it has no `.env`.
    """
    return subprocess.Popen(
        [_WAREHOUSE, "load", "--json"],
        env=dict(environment),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def recording_kept_waiting(ledger: Ledger) -> Iterator[None]:
    """Waits until new files have their places; then nobody's event of a file is taken.

    Before that duplicates are recorded, in the transaction that gives places. All else goes on.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _some_are_enlisted(ledger):
        assert time.monotonic() < deadline, "no file was enlisted"
        time.sleep(0.1)
    connection = ledger.engine.connect()
    connection.execute(sa.text("lock table file_event in exclusive mode"))
    try:
        yield
    finally:
        connection.invalidate()  # whether its server is still there or not
        connection.close()


def _some_are_enlisted(ledger: Ledger) -> bool:
    with ledger.engine.connect() as connection:
        return connection.execute(sa.select(file_lease).limit(1)).first() is not None


def wait_for_a_recorder(ledger: Ledger) -> None:
    """Returns once a process has sent the event of a file and waits for it to be taken."""
    waiting = sa.text(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' "
        "and query ilike 'insert into file_event%'"
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with ledger.engine.connect() as connection:
            if connection.execute(waiting).first():
                return
        time.sleep(0.2)
    pytest.fail("no file came to be recorded")


def loaders(ledger: Ledger, count: int) -> list[Lease]:
    """Waits until so many processes have files leased; their leases."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        leases = live_leases(ledger)
        if len({lease.holder for lease in leases}) >= count:
            return leases
        time.sleep(0.2)
    pytest.fail(f"{count} processes did not come to load at once")
