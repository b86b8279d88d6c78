"""Leases of this process on files, and what becomes of those of others: waited for, given up.

leases_of       claims, kept by a heartbeat while the block runs
give_up_dead    a process of this machine that died has none: known at once, by its lock
waited_for      what others load is waited for, for a while, and taken where they died
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace

from orchestration.lock import is_worked_on, last_worker, working_on
from orchestration.settings import Home, SettingsError
from sources import log
from sources.intake import Intake, Received
from sources.leases import FilesAreLoaded, Leases, live_leases, release_holder
from sources.ledger import Ledger

#: How often whoever waits looks again (seconds).
_LOOK_EVERY = 1.0

#: Is told how many files are waited for.
Tell = Callable[[int], None]


@contextmanager
def leases_of(home: Home, ledger: Ledger, run_id: str) -> Generator[Leases, None, None]:
    """Leases on behalf of a run; what is left of them is given back when the block ends."""
    leases = Leases(ledger, run_id, home.lease_seconds)
    with working_on(home, leases.holder), leases.renewed():
        yield leases


@contextmanager
def nobody_loads(home: Home, ledger: Ledger, what: str) -> Generator[None, None, None]:
    """Has nobody load a file while the block runs, on whatever machine.

    Args:
        home: whose files.
        ledger: the home's.
        what: what is done, in words.

    Raises:
        SettingsError: files are being loaded; the message says by whom.
    """
    give_up_dead(home, ledger)
    try:
        with (
            working_on(home, (leases := Leases(ledger, what, home.lease_seconds)).holder),
            leases.undisturbed(what),
        ):
            yield
    except FilesAreLoaded as error:
        raise SettingsError(str(error)) from error


def give_up_dead(home: Home, ledger: Ledger) -> int:
    """Gives back what dead processes of this machine had; returns how many files.

    A process of another machine is given up when its leases run out.
    """
    given_back = 0
    for holder in {lease.holder for lease in live_leases(ledger)}:
        worker = last_worker(home, holder)
        if worker is None or worker.host != socket.gethostname() or is_worked_on(home, holder):
            continue
        count = release_holder(ledger, holder)
        log.info("leases of a dead process given back", holder=holder, files=count)
        given_back += count
    return given_back


def waited_for(intake: Intake, received: Received, seconds: float, tell: Tell) -> Received:
    """Waits until what others load is recorded, and takes what they leave.

    Args:
        intake: whose leases take it.
        received: what was received; `elsewhere` is waited for.
        seconds: how long, at most.
        tell: is told how many files are waited for, whenever that changes.

    Returns:
        The same, with what was taken meanwhile among the new; `elsewhere` is what is left.
    """
    deadline = time.monotonic() + seconds
    told = 0
    while received.elsewhere and time.monotonic() < deadline:
        if len(received.elsewhere) != told:
            told = len(received.elsewhere)
            tell(told)
        time.sleep(_LOOK_EVERY)
        taken = intake.take(received.elsewhere)
        received = replace(
            received,
            new=(*received.new, *taken.receipts),
            elsewhere=taken.elsewhere,
            being_written=(*received.being_written, *taken.being_written),
            vanished=(*received.vanished, *taken.vanished),
        )
    return received
