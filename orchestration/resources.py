"""What the steps of a night share: the home, the ledger, and the lock of the one writer."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from dagster import ConfigurableResource, InitResourceContext
from pydantic import PrivateAttr
from sqlalchemy.exc import SQLAlchemyError

from orchestration import disk_space, progress, settings
from orchestration.alerts.facts import NIGHTLY
from orchestration.alerts.telling import tell
from orchestration.completeness import refuse_incomplete
from orchestration.dbt_process import at_hand
from orchestration.leasing import leases_of
from orchestration.ledger import ledger_to_write
from orchestration.lock import RUNS_WAIT_SECONDS, one_writer, working_on
from orchestration.publication import is_out
from orchestration.settings import Home
from orchestration.taking_over import TOOK_OVER_TAG, CutShort, take_over
from sources import log
from sources.contracts import discover
from sources.forgetting import settle
from sources.intake import Intake
from sources.leases import Leases
from sources.ledger import Ledger
from sources.ledger_engine import LedgerError
from sources.store import Archive, Store

#: The pool of the steps that change the home; it has one slot, so that Dagster's queue keeps a
#: second run back instead of starting it to wait for the lock.
ONE_WRITER_POOL = "one_writer"
#: The tag of a run that somebody typed and waits for.
STARTED_BY_TAG = "warehouse/started_by"
BY_HAND = "warehouse run"
_IN_PART = (
    "Only a part of the night was run, or somebody stopped it. Launch the job `nightly` for a "
    "whole night."
)


def intake_of(
    home: Home,
    ledger: Ledger,
    run_id: str,
    leases: Leases | None = None,
    scratch: Path | None = None,
) -> Intake:
    """The intake of a home's submissions on behalf of a run.

    Args:
        home: whose.
        ledger: the home's.
        run_id: the run.
        leases: those of this process, where it loads files that others might load too.
        scratch: a folder for what does not fit into memory; that of the one writer when None.
    """
    return Intake(
        contracts=discover(),
        landing=home.landing,
        archive=Archive(home.archive),
        store=Store(home.store),
        ledger=ledger,
        secret=home.secret(),
        run_id=run_id,
        scratch=scratch or home.build / "spill",
        notify=progress.notify,
        make_sure=partial(disk_space.assure, home),
        remembered=home.landed_objects,
        leases=leases,
    )


class Warehouse(ConfigurableResource):  # type: ignore[type-arg]
    """The home and its ledger, held under the lock for as long as a run lasts."""

    _home: Home = PrivateAttr()
    _ledger: Ledger = PrivateAttr()
    _leases: Leases = PrivateAttr()
    _taken_over: list[CutShort] = PrivateAttr(default_factory=list)

    @property
    def home(self) -> Home:
        """Where everything lies."""
        return self._home

    @property
    def ledger(self) -> Ledger:
        """The ledger, open."""
        return self._ledger

    @property
    def taken_over(self) -> list[CutShort]:
        """The runs that were cut short before this one, which it took over."""
        return self._taken_over

    @contextmanager
    def yield_for_execution(self, context: InitResourceContext) -> Generator[Warehouse, None, None]:
        """Opens the home for one run, under its lock; tells what the run found once it is over."""
        self._home = settings.load()
        self._home.prepare()
        run_id = context.run_id or "none"
        # A person is told at once who is before them; what the daemon started waits its turn.
        run = context.dagster_run
        by_hand = run is None or run.tags.get(STARTED_BY_TAG) == BY_HAND
        wait_seconds = 0 if by_hand else RUNS_WAIT_SECONDS
        with working_on(self._home, run_id):  # also while it tells: it is at work until then
            with (
                one_writer(self._home, run_id, wait_seconds=wait_seconds),
                log.bound(run_id=run_id),
                ledger_to_write(self._home) as self._ledger,
                at_hand(self._home, begin_now=run is not None and run.job_name == NIGHTLY),
            ):
                yield from self._opened(context, run_id)
            for complaint in tell(self._home).complaints():
                if context.log:
                    context.log.warning(complaint)

    def _opened(
        self, context: InitResourceContext, run_id: str
    ) -> Generator[Warehouse, None, None]:
        """What is done under the lock before and after the steps."""
        if context.instance is not None and context.dagster_run is not None:
            self._taken_over = take_over(self._home, self._ledger, context.instance, run_id)
            if self._taken_over:
                before = " ".join(cut.run_id for cut in self._taken_over)
                context.instance.add_run_tags(run_id, {TOOK_OVER_TAG: before})
        settle(Archive(self._home.archive), Store(self._home.store), self._home.root, self._ledger)
        refuse_incomplete(self._home, self._ledger)
        with leases_of(self._home, self._ledger, run_id) as self._leases:
            yield self
        # The ledger may be what failed; then the next run finds this one without an end.
        with suppress(LedgerError, SQLAlchemyError):
            began = any(e["run_id"] == run_id for e in self._ledger.runs_without_an_end())
            if began and not is_out(self._home, self._ledger, run_id):
                self._ledger.record_run(run_id, "not_published", reason=_IN_PART)

    def intake(self, run_id: str) -> Intake:
        """The intake of submissions on behalf of a run, by this process's leases."""
        return intake_of(self._home, self._ledger, run_id, self._leases)
