"""When the night runs: the job `nightly`, its schedule, and who hears of a run that failed.

The in-process executor: a process a step would import everything again for each (measured for
this design: 107 CPU seconds against 39).
"""

from dagster import (
    AssetSelection,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    HookContext,
    RunFailureSensorContext,
    ScheduleDefinition,
    define_asset_job,
    failure_hook,
    in_process_executor,
    run_failure_sensor,
)

from orchestration import settings
from orchestration.alerts.telling import tell
from orchestration.publish import NightWaits
from orchestration.settings import TIME_ZONE


@failure_hook(required_resource_keys={"warehouse"})
def record_why_not_published(context: HookContext) -> None:
    """Writes into the ledger which step failed and why, so that `warehouse status` can say it."""
    error = context.op_exception
    if isinstance(error, NightWaits):
        return
    context.resources.warehouse.ledger.record_run(
        context.run_id,
        "not_published",
        reason=f"{context.op.name}: {getattr(error, 'description', None) or error or 'failed'}",
    )


nightly = define_asset_job(
    "nightly",
    selection=AssetSelection.all(),
    executor_def=in_process_executor,
    hooks={record_why_not_published},
    description=(
        "Takes in what came, judges it, builds the warehouse anew and publishes it whole, or "
        "leaves last night's in place and says why."
    ),
)

every_night = ScheduleDefinition(
    name="every_night",
    job=nightly,
    cron_schedule="30 1 * * *",
    execution_timezone=TIME_ZONE,
    default_status=DefaultScheduleStatus.RUNNING,
    description="01:30 in Bangkok, when the coordinators' day is over.",
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
