"""The sensor `new_files`: where it is switched on, a night by day once files have come."""

from dagster import (
    DagsterRunStatus,
    DefaultSensorStatus,
    RunRequest,
    RunsFilter,
    SensorEvaluationContext,
    SkipReason,
    sensor,
)

from orchestration import settings
from orchestration.automation import nightly
from orchestration.ledger import open_ledger
from orchestration.resources import STARTED_BY_TAG
from sources.arrivals import Arrivals, LandingWatch
from sources.contracts import discover
from sources.landed import Remembered

#: How often the daemon looks (seconds).
LOOK_EVERY = 300
#: Paths named in a reason; the rest is counted.
_NAMED = 5
_GOING = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]

_watch = LandingWatch()


@sensor(
    name="new_files",
    job=nightly,
    minimum_interval_seconds=LOOK_EVERY,
    default_status=DefaultSensorStatus.STOPPED,
    description=(
        "Switch it on to have files taken in during the day: it starts `nightly` when the landing "
        "zone holds files that no night has seen and nobody is writing. Once for the same files: "
        "what that run could not take waits for 01:30 or for you. Never while a night runs, is "
        "queued or waits for approval. A skipped tick says what was seen."
    ),
)
def new_files(context: SensorEvaluationContext) -> RunRequest | SkipReason:
    """Starts a night for files that came; says what it saw where it starts none."""
    home = settings.load()
    going = context.instance.get_runs(RunsFilter(job_name=nightly.name, statuses=_GOING), limit=1)
    if going:
        return SkipReason(f"Run {going[0].run_id[:8]} of `nightly` is {going[0].status.value}.")
    with open_ledger(home) as ledger:
        if waits := ledger.waiting_run():
            return SkipReason(
                f"Run {waits['run_id'][:8]} waits for approval; a night would take its place."
            )
        seen = ledger.latest_at_paths()
    found = _watch.look(
        home.landing, list(discover()), seen, remembered=Remembered(home.landed_objects)
    )
    if found.unreadable or found.not_looked_at or not found.waiting:
        return SkipReason(_in_words(found))
    if context.cursor == found.state:
        return SkipReason(
            f"{_in_words(found)} A run was started for exactly these; its page says why they are "
            "not taken."
        )
    context.update_cursor(found.state)
    return RunRequest(
        run_key=found.state,
        tags={STARTED_BY_TAG: "new_files", "warehouse/files_waiting": f"{len(found.waiting):,}"},
    )


def _in_words(found: Arrivals) -> str:
    said = []
    if found.unreadable:
        why = [f"{path} ({reason})" for path, reason in sorted(found.unreadable.items())]
        said.append(f"A night would stop at what cannot be read: {_named(why)}.")
    if found.not_looked_at:
        said.append(f"{found.not_looked_at:,} files are looked at in the next ticks.")
    if found.waiting:
        said.append(f"{len(found.waiting):,} files wait: {_named(sorted(found.waiting))}.")
    if found.being_written:
        said.append(f"Still being written: {_named(sorted(found.being_written))}.")
    return " ".join(said) or "No night has anything to take in: every file was seen."


def _named(paths: list[str]) -> str:
    more = len(paths) - _NAMED
    return ", ".join(paths[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
