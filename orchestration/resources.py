"""What the steps of a night share: the home, the ledger, and the lock of the one writer."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Generator
from contextlib import contextmanager

from dagster import ConfigurableResource, InitResourceContext
from filelock import FileLock, Timeout
from pydantic import PrivateAttr

from orchestration import progress, settings
from orchestration.settings import Home
from sources.contracts import discover
from sources.intake import Intake
from sources.ledger import Ledger, utc_now
from sources.store import Archive, Store


class NightIsRunning(RuntimeError):
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


def intake_of(home: Home, ledger: Ledger, run_id: str) -> Intake:
    """The intake of a home's submissions on behalf of a run."""
    return Intake(
        contracts=discover(),
        landing=home.landing,
        archive=Archive(home.archive),
        store=Store(home.store),
        ledger=ledger,
        secret=home.secret(),
        run_id=run_id,
        scratch=home.build / "spill",
        notify=progress.notify,
    )


class Warehouse(ConfigurableResource):  # type: ignore[type-arg]
    """The home and its ledger, held under the lock for as long as a run lasts."""

    _home: Home = PrivateAttr()
    _ledger: Ledger = PrivateAttr()

    @property
    def home(self) -> Home:
        """Where everything lies."""
        return self._home

    @property
    def ledger(self) -> Ledger:
        """The ledger, open."""
        return self._ledger

    @contextmanager
    def yield_for_execution(self, context: InitResourceContext) -> Generator[Warehouse, None, None]:
        """Opens the home for one run, under its lock."""
        self._home = settings.load()
        self._home.prepare()
        with one_writer(self._home, context.run_id or "none"):
            self._ledger = Ledger(self._home.ledger_url)
            try:
                yield self
            finally:
                self._ledger.close()

    def intake(self, run_id: str) -> Intake:
        """The intake of submissions on behalf of a run."""
        return intake_of(self._home, self._ledger, run_id)
