"""When the night runs: the job `nightly` and its schedule. Nights go before all other runs.

The in-process executor: a process a step would import everything again for each (measured for
this design: 107 CPU seconds against 39).
"""

from dagster import (
    AssetSelection,
    DefaultScheduleStatus,
    HookContext,
    ScheduleDefinition,
    define_asset_job,
    failure_hook,
    in_process_executor,
)

from orchestration.publish import RESULT_TAG, WORKBOOKS, NightWaits
from orchestration.rebuilding import REBUILT
from orchestration.settings import TIME_ZONE

#: Who had a run started, for the list of runs.
STARTED_BY_TAG = "warehouse/started_by"
#: Runs that have it go one at a time (`dagster.yaml`); the list of runs does not show it.
ONE_WRITER_TAG = ".dagster/one_writer"


@failure_hook(required_resource_keys={"warehouse"})
def record_why_not_published(context: HookContext) -> None:
    """Writes into the ledger which step failed and why, so that `warehouse status` can say it."""
    error = context.op_exception
    if isinstance(error, NightWaits):
        context.instance.add_run_tags(context.run_id, {RESULT_TAG: "waits for approval"})
        return
    context.instance.add_run_tags(context.run_id, {RESULT_TAG: "not published"})
    context.resources.warehouse.ledger.record_run(
        context.run_id,
        "not_published",
        reason=f"{context.op.name}: {getattr(error, 'description', None) or error or 'failed'}",
    )


nightly = define_asset_job(
    "nightly",
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
