"""`warehouse load`: the job `load_submissions` started by a person or a timer, with a report.

The steps run here, one after another or in several processes, or on Celery workers where a broker
is set. What became of the files is read from the ledger, wherever they were loaded.
"""

from __future__ import annotations

import socket
import threading
import time
import warnings
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from orchestration import progress
from orchestration.instance import prepare_instance
from orchestration.leasing import give_up_dead
from orchestration.ledger import ledger_to_write, open_ledger
from orchestration.lock import working_on
from orchestration.night import failure_in_words
from orchestration.settings import Home, SettingsError
from sources import log
from sources.landing import LandingMissing
from sources.leases import live_leases
from sources.ledger import FileFate, Ledger
from sources.ledger_engine import LedgerError

if TYPE_CHECKING:
    from dagster import DagsterInstance

#: Who started a run that somebody typed, as its tag says.
BY_HAND = "warehouse load"
#: How often the ledger is asked what was loaded (seconds).
_TOLD_EVERY = 1.0
#: How long to wait for whoever makes Dagster's tables: several may be started together (seconds).
_INSTANCE_SECONDS = 120


@dataclass
class LoadReport:
    """What became of what waited.

    Attributes:
        complete: whether all that waited is loaded, rejected, or being loaded elsewhere.
        reason: why not.
        run_id: Dagster's run.
        files: fate → number of files.
        rows: rows of these files: read, accepted, quarantined.
        rejected: path, reason and message of rejected files.
        elsewhere: what others load, a sentence each.
        notes: what else should be known.
        seconds: wall time.
    """

    complete: bool
    reason: str | None = None
    run_id: str | None = None
    files: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    rejected: list[dict[str, str | None]] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON has it."""
        return asdict(self)

    def show(self) -> None:
        """Prints the closing summary."""
        from rich.console import Console

        console = Console(highlight=False, soft_wrap=True)
        if not self.complete:
            console.print(f"Not all was loaded: {self.reason}", style="bold red")
        came = ", ".join(f"{count:,} {fate}" for fate, count in self.files.items() if count)
        console.print(f"Files: {came or 'nothing new'} ({self.seconds:.0f} s)")
        if self.rows.get("read"):
            console.print(
                "Their rows: {read:,} read, {accepted:,} accepted, "
                "{quarantined:,} quarantined".format(**self.rows)
            )
        for item in self.rejected:
            console.print(f"  rejected {item['path']}: {item['message']}", style="red")
        for line in (*self.elsewhere, *self.notes):
            console.print(f"  {line}", style="yellow")
        console.print("Nothing was published; the next night builds from these: warehouse run")


def load_now(home: Home, *, workers: int = 1, quiet: bool = False) -> LoadReport:
    """Loads what waits in the landing zone, and publishes nothing.

    Args:
        home: prepared.
        workers: processes of this machine that load; with a broker of Celery it must be 1.
        quiet: tells nothing on the way.

    Raises:
        SettingsError: it cannot begin.
    """
    if home.celery_broker and workers != 1:
        raise SettingsError(
            "WAREHOUSE_CELERY_BROKER is set: batches go to the Celery workers, as many as run. "
            "Leave --workers out."
        )
    started = time.monotonic()
    prepare_instance(home, wait_seconds=_INSTANCE_SECONDS)
    with ledger_to_write(home, holds_lock=False) as ledger:
        give_up_dead(home, ledger)
    warnings.filterwarnings("ignore")
    from orchestration.show import NightProgress

    with nullcontext() if quiet else NightProgress() as shown:
        listener = shown.tell if shown else (lambda _stage, _text: None)
        try:
            with progress.steps_off_the_terminal():
                report = _execute(home, workers, listener)
        except (OSError, SQLAlchemyError, LedgerError, LandingMissing) as error:
            said = getattr(error, "orig", None) or error
            report = LoadReport(False, " ".join(str(said).split()))
    report.seconds = round(time.monotonic() - started, 1)
    return report


def _execute(home: Home, workers: int, listener: progress.Listener) -> LoadReport:
    from dagster import DagsterInstance, reconstructable
    from dagster._core.execution.api import execute_run

    from orchestration.loading_ahead import load_submissions
    from orchestration.resources import STARTED_BY_TAG
    from orchestration.taking_over import MACHINE_TAG

    with DagsterInstance.from_config(str(home.dagster)) as instance:
        run = instance.create_run_for_job(
            load_submissions,
            run_config=_run_config(home, workers),
            # The first tag is how the UI finds a job's runs.
            tags={
                ".dagster/repository": "__repository__@orchestration.definitions",
                STARTED_BY_TAG: BY_HAND,
                MACHINE_TAG: socket.gethostname(),
            },
        )
        with working_on(home, run.run_id), _telling(home, run.run_id, listener):
            result = execute_run(
                reconstructable(load_submissions), run, instance, raise_on_error=False
            )
        report = LoadReport(result.success, run_id=run.run_id)
        if not result.success:
            report.reason = failure_in_words(result.all_events) or "the run failed"
        _fill(report, home, instance, run.run_id)
    return report


def _run_config(home: Home, workers: int) -> dict[str, Any]:
    """How the steps run; where Celery's workers run them the job itself says so."""
    console = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    if home.celery_broker:
        return console
    if workers == 1:
        return console | {"execution": {"config": {"in_process": {}}}}
    # One process imports everything once; those that load are its forks.
    method = {"forkserver": {"preload_modules": ["orchestration.preloaded"]}}
    several = {"max_concurrent": workers, "start_method": method}
    return console | {"execution": {"config": {"multiprocess": several}}}


@contextmanager
def _telling(home: Home, run_id: str, listener: progress.Listener) -> Generator[None, None, None]:
    """Tells of every file of a run as the ledger has it, whichever process loads it."""
    ended = threading.Event()
    told: set[str] = set()

    def tell_new(ledger: Ledger) -> None:
        for fate in ledger.fates_of_run(run_id):
            if fate.path not in told:
                told.add(fate.path)
                listener(fate.event_kind, fate.in_words())

    def watch() -> None:
        is_over = False
        while not is_over:
            is_over = ended.wait(_TOLD_EVERY)
            try:
                with open_ledger(home) as ledger:
                    tell_new(ledger)
            except (SettingsError, SQLAlchemyError) as error:
                # Only the telling: where the ledger stays away the loading says so itself.
                log.info("progress not told", run_id=run_id, reason=str(error))

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()


def _fill(report: LoadReport, home: Home, instance: DagsterInstance, run_id: str) -> None:
    with open_ledger(home) as ledger:
        fates: list[FileFate] = ledger.fates_of_run(run_id)
        report.elsewhere = [
            lease.in_words() for lease in live_leases(ledger) if lease.run_id != run_id
        ]
    for fate in fates:
        report.files[fate.event_kind] = report.files.get(fate.event_kind, 0) + 1
        if fate.event_kind == "rejected":
            report.rejected.append(
                {"path": fate.path, "reason": fate.reason, "message": fate.message}
            )
    report.rows = {
        "read": sum(fate.rows_read for fate in fates),
        "accepted": sum(fate.rows_accepted for fate in fates),
        "quarantined": sum(fate.rows_quarantined for fate in fates),
    }
    for event in instance.all_logs(run_id):
        step = event.dagster_event
        if step is None or not step.is_successful_output or step.step_key != "sum_up":
            continue
        metadata: Any = step.step_output_data.metadata
        report.notes += [
            f"{path} changed or vanished meanwhile; it waits."
            for path in metadata["not taken"].value
        ]
        report.notes += metadata["remarks"].value
