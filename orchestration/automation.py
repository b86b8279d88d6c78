"""When the night runs, and when house is kept: jobs and schedules; who hears of a run that failed.

Nights go before other runs.

The in-process executor: a process a step would import everything again for each (measured for
this design: 107 CPU seconds against 39).
"""

from dagster import (
    AssetSelection,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    HookContext,
    OpExecutionContext,
    RunFailureSensorContext,
    ScheduleDefinition,
    define_asset_job,
    failure_hook,
    in_process_executor,
    job,
    op,
    run_failure_sensor,
)

from orchestration import publication, settings
from orchestration.advice import STOPPED, with_advice
from orchestration.alerts.telling import tell
from orchestration.housekeeping import NIGHTLY, keep_house
from orchestration.lock import working_on
from orchestration.publish import RESULT_TAG, WORKBOOKS, NightWaits
from orchestration.rebuilding import REBUILT
from orchestration.resources import STARTED_BY_TAG
from orchestration.settings import TIME_ZONE

#: Runs that have it go one at a time (`dagster.yaml`); the list of runs does not show it.
ONE_WRITER_TAG = ".dagster/one_writer"


@failure_hook(required_resource_keys={"warehouse"})
def record_why_not_published(context: HookContext) -> None:
    """Writes into the ledger which step failed and why, so that `warehouse status` can say it."""
    error = context.op_exception
    if isinstance(error, NightWaits):
        context.instance.add_run_tags(context.run_id, {RESULT_TAG: "waits for approval"})
        return
    warehouse = context.resources.warehouse
    if publication.is_out(warehouse.home, warehouse.ledger, context.run_id):
        return  # analysts read it; where it is not on record, the next run records it
    warehouse.ledger.record_run(
        context.run_id,
        "not_published",
        reason=with_advice(
            f"{context.op.name}: {getattr(error, 'description', None) or str(error) or STOPPED}"
        ),
    )
    context.instance.add_run_tags(context.run_id, {RESULT_TAG: "not published"})


nightly = define_asset_job(
    NIGHTLY,
    selection=AssetSelection.all() - AssetSelection.assets(REBUILT, WORKBOOKS),
    executor_def=in_process_executor,
    tags={"dagster/priority": "10", ONE_WRITER_TAG: "nightly"},
    hooks={record_why_not_published},
    description=(
        "The whole night: takes in what came, judges it, builds the warehouse anew and publishes "
        "it, or leaves last night's in place and says why. Launch it here to have a night now."
    ),
)

every_night = ScheduleDefinition(
    name="every_night",
    job=nightly,
    cron_schedule="30 1 * * *",
    execution_timezone=TIME_ZONE,
    default_status=DefaultScheduleStatus.RUNNING,
    tags={STARTED_BY_TAG: "every_night"},
    description="01:30 in Bangkok, when the coordinators' day is over.",
)


@op
def remove_what_is_old(context: OpExecutionContext) -> None:
    """Removes old runs, files of the log and leftovers; not under the night's lock."""
    home = settings.load()
    home.prepare()
    with working_on(home, context.run_id):
        done = keep_house(home, context.instance)
    context.add_output_metadata({one.what: one.count for one in done})
    for one in done:
        context.log.info("%s: %s, %.1f MB", one.what, one.count, one.bytes_freed / 1e6)


@job(
    executor_def=in_process_executor,
    description=(
        "Removes what is old: runs with their events and output, files of the log, published "
        "versions, leftovers. How long each is kept is a setting. Files that were taken in, and "
        "the ledger, are kept for ever."
    ),
)
def housekeeping() -> None:
    """Keeps house."""
    remove_what_is_old()


every_morning = ScheduleDefinition(
    name="every_morning",
    job=housekeeping,
    cron_schedule="15 4 * * *",
    execution_timezone=TIME_ZONE,
    default_status=DefaultScheduleStatus.RUNNING,
    description="04:15 in Bangkok, when the night is over and nobody looks yet.",
)


@run_failure_sensor(
    name="tell_of_a_failed_run",
    default_status=DefaultSensorStatus.RUNNING,
    description=(
        "Has operators told of a run that failed without a word of its own: one that was killed, "
        "or could not begin. A night tells of itself; nobody is told twice."
    ),
)
def tell_of_a_failed_run(context: RunFailureSensorContext) -> None:
    """Tells through the channels of WAREHOUSE_ALERTS."""
    for complaint in tell(settings.load()).complaints():
        context.log.warning(complaint)
