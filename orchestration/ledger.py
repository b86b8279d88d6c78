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
from sources.ledger import Ledger, LedgerBehind, LedgerError


class LedgerUnusable(SettingsError):
    """The ledger cannot be opened; the message says why and what to do."""


@contextmanager
def open_ledger(home: Home, *, holds_lock: bool = False) -> Generator[Ledger, None, None]:
    """Opens the ledger of a home while the block runs.

    Args:
        home: whose ledger.
        holds_lock: whether the caller holds the lock of the one writer.

    Raises:
        LedgerUnusable: the database cannot be reached, the ledger is of a newer version of this
            software, or it has to be upgraded while a night runs.
    """
    try:
        ledger = _opened(home, holds_lock)
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
    finally:
        ledger.close()


def _opened(home: Home, holds_lock: bool) -> Ledger:
    try:
        return Ledger(home.ledger_url, upgrade=holds_lock)
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
