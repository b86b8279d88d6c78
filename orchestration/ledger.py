"""The home's ledger, opened for a command or a night; what keeps it from opening is a sentence.

Whoever holds the lock of the one writer upgrades a ledger of an earlier schema. A command that
does not hold it takes it for the upgrade, and waits for nobody: while a night runs, maybe one of
the software before, it says so.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from orchestration.settings import Home, SettingsError
from sources.clock import ClockSetBack, continue_from
from sources.ledger import Ledger
from sources.ledger_engine import LedgerError, LedgerUnreachable
from sources.ledger_schema import LedgerBehind

#: How long a database server may be away while somebody writes (seconds): as long as one takes to
#: be started again, or to be taken over by another.
PATIENCE_SECONDS = 30


class LedgerUnusable(SettingsError):
    """The ledger cannot be opened; the message says why and what to do."""


@contextmanager
def open_ledger(
    home: Home, *, holds_lock: bool = False, patience_seconds: float = 0
) -> Generator[Ledger, None, None]:
    """Opens the ledger of a home while the block runs.

    Args:
        home: whose ledger.
        holds_lock: whether the caller holds the lock of the one writer.
        patience_seconds: how long to try to reach a database server that does not answer.

    Raises:
        LedgerUnusable: the database cannot be reached, the ledger is of a newer version of this
            software, or it has to be upgraded while a night runs.
    """
    try:
        ledger = _opened(home, holds_lock, patience_seconds)
    except LedgerError as error:
        raise LedgerUnusable(str(error)) from error
    except (ArgumentError, ModuleNotFoundError, ValueError) as error:
        # What the URL says is not told: it may hold a password.
        raise LedgerUnusable(
            "WAREHOUSE_LEDGER_URL is no database URL that can be used "
            f"({type(error).__name__}). Write postgresql://USER:PASSWORD@HOST:5432/DATABASE, "
            "special letters of the password as %XX."
        ) from error
    except SQLAlchemyError as error:
        raise LedgerUnusable(_out_of_reach(home, error)) from error
    try:
        yield ledger
    except LedgerUnreachable as error:
        raise LedgerUnusable(str(error)) from error
    finally:
        ledger.close()


@contextmanager
def ledger_to_write(home: Home, *, holds_lock: bool = True) -> Generator[Ledger, None, None]:
    """Opens the ledger to write to it, and refuses where the clock was set back behind it.

    Args:
        home: whose ledger.
        holds_lock: whether the caller holds the lock of the one writer. Who loads files does not:
            leases are its lock.

    Raises:
        LedgerUnusable: see `open_ledger`.
        SettingsError: this machine's clock is before the ledger's last event.
    """
    with open_ledger(home, holds_lock=holds_lock, patience_seconds=PATIENCE_SECONDS) as ledger:
        try:
            continue_from(ledger.last_event_at())
        except ClockSetBack as error:
            raise SettingsError(str(error)) from error
        yield ledger


def _opened(home: Home, holds_lock: bool, patience_seconds: float) -> Ledger:
    try:
        return Ledger(home.ledger_url, upgrade=holds_lock, patience_seconds=patience_seconds)
    except LedgerBehind as behind:
        from orchestration.lock import NightIsRunning, one_writer

        try:
            with one_writer(home, "upgrade of the ledger"):
                return Ledger(home.ledger_url)
        except NightIsRunning as running:
            raise LedgerUnusable(f"{behind} {running}") from running


def _out_of_reach(home: Home, error: SQLAlchemyError) -> str:
    why = said_by_the_database(error)
    if home.ledger_url.startswith("sqlite"):
        free = shutil.disk_usage(home.root).free // 1024**2
        return (
            f"The ledger in {home.root} cannot be read ({why}); {free:,} MB of space are left "
            "there."
        )
    return (
        f"The ledger's database {without_password(home.ledger_url)} cannot be used ({why}). "
        "Start the server, or mend WAREHOUSE_LEDGER_URL."
    )


def said_by_the_database(error: SQLAlchemyError) -> str:
    """Why a database failed, in its driver's words, on one line and without the statement."""
    return " ".join(str(getattr(error, "orig", None) or error).split())


def without_password(url: str) -> str:
    """A database URL as it may be shown."""
    from sqlalchemy import make_url

    return make_url(url).render_as_string(hide_password=True)
