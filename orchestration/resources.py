"""What the steps of a night share: the home, the ledger, and the lock of the one writer."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from dagster import ConfigurableResource, InitResourceContext
from pydantic import PrivateAttr

from orchestration import progress, settings
from orchestration.alerts.telling import tell
from orchestration.lock import one_writer
from orchestration.settings import Home
from sources.contracts import discover
from sources.intake import Intake
from sources.ledger import Ledger
from sources.store import Archive, Store


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
        """Opens the home for one run, under its lock; tells what the run found once it is over."""
        self._home = settings.load()
        self._home.prepare()
        with one_writer(self._home, context.run_id or "none"):
            self._ledger = Ledger(self._home.ledger_url)
            try:
                yield self
            finally:
                self._ledger.close()
        for complaint in tell(self._home).complaints():
            if context.log:
                context.log.warning(complaint)

    def intake(self, run_id: str) -> Intake:
        """The intake of submissions on behalf of a run."""
        return intake_of(self._home, self._ledger, run_id)
