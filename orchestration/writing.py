"""The ledger, opened by whoever is about to write to it under the lock."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from orchestration.settings import Home, SettingsError
from sources.clock import ClockSetBack, continue_from
from sources.ledger import Ledger, LedgerUnreachable

#: How long a database server may be away while a night runs (seconds): as long as one takes to
#: be started again, or to be taken over by another.
PATIENCE_SECONDS = 30


@contextmanager
def ledger_to_write(home: Home) -> Generator[Ledger, None, None]:
    """Opens the ledger, and refuses where this machine's clock was set back behind it.

    Raises:
        SettingsError: the clock is wrong, or the ledger's database does not answer.
    """
    try:
        ledger = Ledger(home.ledger_url, patience_seconds=PATIENCE_SECONDS)
    except LedgerUnreachable as error:
        raise SettingsError(str(error)) from error
    try:
        try:
            continue_from(ledger.last_event_at())
        except ClockSetBack as error:
            raise SettingsError(str(error)) from error
        yield ledger
    finally:
        ledger.close()
