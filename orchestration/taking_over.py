"""Taking over from a run that was cut short: killed, or on a machine that was switched off.

    the lock is free ──▶ whose end is not on record? ──▶ ┬─ what it published is recorded
                                                         ├─ the ledger: cut_short, and by whom found
                                                         ├─ Dagster: failed, its slots freed
                                                         └─ its half-written files are removed

Everything that a run leaves is either whole or named so that nobody reads it, so there is nothing
to repair; what remains is to say what happened, so that nobody waits for that run, and to give
back the room. Done under the lock by every run when it begins, and whenever `warehouse ui` or a
watcher beside Dagster asks and no run holds the lock.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration import publication
from orchestration.lake.attaching import LakeFailed
from orchestration.lake.nights import details_of
from orchestration.leasing import give_up_dead
from orchestration.ledger import ledger_to_write
from orchestration.lock import (
    OTHER_BUILDS,
    Holder,
    NightIsRunning,
    forget_workers,
    is_being_built,
    is_worked_on,
    last_worker,
    one_writer,
)
from orchestration.settings import Home
from sources import log
from sources.clock import utc_now
from sources.ledger import Ledger

if TYPE_CHECKING:
    from dagster import DagsterInstance, DagsterRun
    from dagster._core.storage.dagster_run import RunRecord

#: The tag by which Dagster's run pages say who took over from whom.
TOOK_OVER_TAG = "warehouse/took_over"
TAKEN_OVER_TAG = "warehouse/taken_over_by"
#: The tag of a run that says on which machine somebody typed it.
MACHINE_TAG = "warehouse/machine"
#: A run says that a process works on it within so many seconds of its start.
SAYS_SO_WITHIN_SECONDS = 60

#: Names of files while they are written: `.<name>.<machine>~<process>.part` (the machine where
#: several may write there), `.probe.<token>`, …
_HALF_WRITTEN = re.compile(
    r"^\.(?:.+\.(?:(?P<machine>[^~]+)~)?(?P<process>\d+)\.part|probe\.[0-9a-f]+"
    r"|key_secret\.(?P<maker>\d+))$"
)


@dataclass(frozen=True)
class CutShort:
    """A run that ended without a word.

    Attributes:
        run_id: Dagster's run.
        began_at: when it began (UTC).
        reached: the step it was in when it was last heard of; None before its first.
        files: how many files it had taken in; they stay.
        published: whether it had published, and only could not say so any more.
        worker: the process that worked on it, as far as known.
    """

    run_id: str
    began_at: dt.datetime
    reached: str | None
    files: int
    published: bool
    worker: Holder | None

    def in_words(self) -> str:
        """What became of it, in a sentence."""
        who = f"process {self.worker.process} on {self.worker.host}" if self.worker else "it"
        where = f"in the step {self.reached}" if self.reached else "before its first step"
        kept = f"{self.files:,} files it had taken in" if self.files else "nothing was taken in yet"
        became = (
            "what it published is published and now on record"
            if self.published
            else f"it published nothing; {kept}" + (" stay" if self.files else "")
        )
        return (
            f"Run {self.run_id[:8]} of {self.began_at:%Y-%m-%d %H:%M} UTC was cut short {where} "
            f"({who} ended without a word): {became}."
        )


def take_over(
    home: Home, ledger: Ledger, instance: DagsterInstance, by: str | None
) -> list[CutShort]:
    """Brings to an end, on record, every run that was cut short. The lock must be held.

    Args:
        home: whose runs.
        ledger: the home's.
        instance: Dagster's instance of the home.
        by: the run that takes over; None where none does yet.

    Returns:
        The runs that were cut short, in the order they began.
    """
    publication.set_aside_if_unreadable(home)
    give_up_dead(home, ledger)
    publication.follow_lake(home, ledger)
    found = []
    unfinished = [e for e in ledger.runs_without_an_end() if e["run_id"] != by]
    for event in [*unfinished, *_published_off_the_record(home, ledger, unfinished)]:
        run_id = str(event["run_id"])
        published_at = publication.published_when(home, run_id)
        cut = CutShort(
            run_id,
            ledger.run_started_at(run_id) or event["occurred_at"],
            _last_step(instance, run_id),
            ledger.files_of_run(run_id),
            published_at is not None,
            last_worker(home, run_id),
        )
        if published_at is not None:
            _record_published(home, ledger, cut, published_at, by)
        else:
            publication.forget_version(home, run_id)
            ledger.record_run(run_id, "cut_short", reason=cut.in_words(), details=_details(cut, by))
        found.append(cut)
    reasons = {cut.run_id: cut.in_words() for cut in found}
    for record in unattended_runs(home, instance):
        run = record.dagster_run
        if run.run_id != by:
            end_in_dagster(instance, run, reasons.get(run.run_id, _WITHOUT_A_WORD), by)
    _remove_leftovers(home, ledger)
    return found


def take_over_if_free(home: Home) -> list[CutShort]:
    """Takes over where no run holds the lock; where one does it has done so itself.

    For what starts or watches Dagster: before the daemon waits for runs that no process works on.

    Args:
        home: prepared, with its instance's configuration written.
    """
    from dagster import DagsterInstance

    try:
        with (
            one_writer(home, "taking over"),
            DagsterInstance.from_config(str(home.dagster)) as instance,
            ledger_to_write(home) as ledger,
        ):
            return take_over(home, ledger, instance, None)
    except NightIsRunning:
        return []
    except LakeFailed as error:  # the next night says so itself, and takes over
        log.error("nothing taken over", reason=str(error))
        return []


def unattended_runs(home: Home, instance: DagsterInstance) -> list[RunRecord]:
    """Runs that Dagster takes for running though no living process works on them."""
    from dagster import DagsterRunStatus, RunsFilter

    held = [DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
    return [
        record
        for record in instance.get_run_records(RunsFilter(statuses=held))
        if not is_attended(home, record)
    ]


def is_attended(home: Home, record: RunRecord) -> bool:
    """Whether a process works on a run, or one may be about to say so.

    A run that holds no lock of its own (a job that does not touch the warehouse) is asked for at
    the code server that started it.
    """
    if is_worked_on(home, record.dagster_run.run_id):
        return True
    machine = record.dagster_run.tags.get(MACHINE_TAG, socket.gethostname())
    if machine != socket.gethostname() and last_worker(home, record.dagster_run.run_id) is None:
        return True  # typed on a machine with a home of its own, whose locks nobody sees here
    began = dt.datetime.fromtimestamp(record.start_time or 0, dt.UTC).replace(tzinfo=None)
    is_young = abs((utc_now() - began).total_seconds()) < SAYS_SO_WITHIN_SECONDS
    by_a_server = ".dagster/grpc_info" in record.dagster_run.tags
    if not by_a_server or last_worker(home, record.dagster_run.run_id) is not None:
        # `warehouse run` holds its lock from its first moment: no lock, no process. So did a run
        # that has left its note without the lock.
        return False
    return is_young or _server_works_on(record.dagster_run)


def _server_works_on(run: DagsterRun) -> bool:
    from dagster._core.errors import DagsterUserCodeUnreachableError
    from dagster._grpc.client import DagsterGrpcClient
    from dagster._grpc.types import CanCancelExecutionRequest, CanCancelExecutionResult
    from dagster._serdes import deserialize_value

    server = json.loads(run.tags[".dagster/grpc_info"])
    client = DagsterGrpcClient(
        port=server.get("port"), socket=server.get("socket"), host=server.get("host")
    )
    try:
        said = client.can_cancel_execution(CanCancelExecutionRequest(run_id=run.run_id), timeout=5)
    except DagsterUserCodeUnreachableError as error:
        # A server that is only late, as on a busy machine, may well work on the run.
        return not _is_gone(error.__cause__)
    return deserialize_value(said, CanCancelExecutionResult).can_cancel


def _is_gone(cause: BaseException | None) -> bool:
    """Whether nobody listens where a code server was."""
    import grpc  # type: ignore[import-untyped]

    return isinstance(cause, grpc.RpcError) and cause.code() is grpc.StatusCode.UNAVAILABLE


#: What Dagster is told of a run that never came as far as the ledger.
_WITHOUT_A_WORD = (
    "The run was cut short: its process ended without a word before anything was recorded."
)


def end_in_dagster(instance: DagsterInstance, run: DagsterRun, reason: str, by: str | None) -> None:
    """Has Dagster know that a run has ended, so that no other waits for it."""
    after = f" Run {by} took over." if by else ""
    if by:
        instance.add_run_tags(run.run_id, {TAKEN_OVER_TAG: by})
    instance.report_run_failed(run, f"{reason}{after}")
    if instance.event_log_storage.supports_global_concurrency_limits:
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    log.error("run cut short", run_id=run.run_id, reason=reason, taken_over_by=by)


def _published_off_the_record(
    home: Home, ledger: Ledger, unfinished: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The run that analysts read and that no event says published.

    Its approval was cut short between the two, or the ledger gave way just then.
    """
    run_id = publication.last_published(home)
    if run_id is None or run_id in {e["run_id"] for e in unfinished}:
        return
    began_at = ledger.run_started_at(run_id)
    if began_at is not None and not ledger.is_published(run_id):
        yield {"run_id": run_id, "occurred_at": began_at}


def _record_published(
    home: Home, ledger: Ledger, cut: CutShort, published_at: dt.datetime, by: str | None
) -> None:
    """Records what the published file says of itself: its figures, differences and matters."""
    with_commit = publication.git_sha_of(home.warehouse, cut.run_id)
    finished = publication.finished_from(home.warehouse, cut.run_id, with_commit)
    details = {**details_of(home, cut.run_id), **_details(cut, by)}
    publication.record(ledger, finished, published_at, reason=cut.in_words(), **details)


def _details(cut: CutShort, by: str | None) -> dict[str, Any]:
    return {
        "taken_over_by": by,
        "reached": cut.reached,
        "files": cut.files,
        "process": cut.worker.process if cut.worker else None,
        "host": cut.worker.host if cut.worker else None,
    }


def _last_step(instance: DagsterInstance, run_id: str) -> str | None:
    """The step that a run began last, as far as Dagster knows."""
    from dagster import DagsterEventType

    if not instance.has_run(run_id):
        return None
    steps = instance.all_logs(run_id, of_type={DagsterEventType.STEP_START})
    last = steps[-1].dagster_event if steps else None
    return last.step_key if last else None


# ── What is left of it in files ───────────────────────────────────────────────────────────────


def _remove_leftovers(home: Home, ledger: Ledger) -> None:
    """Removes what dead processes were writing. Nobody else writes: the lock is held."""
    forget_workers(home)
    # A workbench's spill lies there only while it judges.
    shutil.rmtree(home.build / "spill", ignore_errors=True)
    kept = [place for place in (home.archive, home.store) if isinstance(place, Path)]
    for folder in (home.root, home.published, *(one for root in kept for one in _folders(root))):
        for path in folder.iterdir():
            if (match := _HALF_WRITTEN.match(path.name)) and _is_dead(match):
                path.unlink(missing_ok=True)
                log.info("removed what was half written", path=path.name)
    for path in home.build.glob(f"{OTHER_BUILDS}*"):
        if not is_being_built(path.with_suffix("")):  # the folder, or the lock of one
            shutil.rmtree(path, ignore_errors=True)
            if path.suffix == ".lock":
                path.unlink(missing_ok=True)
    if home.waiting.is_dir():
        waiting = ledger.waiting_run()
        for path in home.waiting.iterdir():
            if waiting is None or path.name != waiting["run_id"]:
                shutil.rmtree(path, ignore_errors=True)


def _folders(root: Path) -> Iterator[Path]:
    yield root
    for folder, names, _ in os.walk(root):
        yield from (Path(folder) / name for name in names)


def _is_dead(match: re.Match[str]) -> bool:
    """Whether the process named, if one is, is no more; this one has written nothing yet.

    Of another machine's process nobody here knows; housekeeping removes what is a day old.
    """
    import psutil

    machine = match["machine"]
    if machine is not None and not f".{machine}".endswith(f".{socket.gethostname()}"):
        return False
    if (named := match["process"] or match["maker"]) is None:
        return True
    process = int(named)
    return process == os.getpid() or not psutil.pid_exists(process)


def told(event: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of a run that was taken over, of its event in the ledger."""
    return {
        "run_id": event["run_id"],
        "reason": event["reason"] or event["details"].get("reason"),
        "reached": event["details"].get("reached"),
        "files": event["details"].get("files"),
        "published": event["event_kind"] == "published",
    }
