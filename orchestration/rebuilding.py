"""The warehouse of any earlier day, built again from Dagster's UI: a partition a day.

    rebuilt/warehouse_as_of  [2026-01-05] ──▶ $WAREHOUSE_HOME/rebuilt/2026-01-05/warehouse.duckdb

Apart from the night in every respect: no lock, a build folder of its own, nothing recorded, a run
of its own that waits behind the nights (automation).
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    DailyPartitionsDefinition,
    Failure,
    MaterializeResult,
    MetadataValue,
    asset,
)
from sqlalchemy.exc import SQLAlchemyError

from orchestration import publication, settings
from orchestration.descriptions import asset_description
from orchestration.ledger import open_ledger
from orchestration.loads import OWNERS, table_metadata
from orchestration.lock import working_on
from orchestration.manifest import BuildFailed
from orchestration.overview import headline_figures, in_bangkok
from orchestration.settings import TIME_ZONE, Home
from orchestration.time_travel import RebuildFailed, rebuild
from sources.ledger import first_published_at
from sources.ledger_engine import LedgerError

REBUILT = AssetKey(["rebuilt", "warehouse_as_of"])
_LAST_INSTANT = dt.timedelta(microseconds=1)


def first_day(home: Home) -> dt.date:
    """The day (Bangkok) on which this home first published; today while it has not.

    A ledger that cannot be read is no reason for the definitions not to load, without which the
    night could not say what the matter is; the rebuild itself will.
    """
    try:
        first = first_published_at(home.ledger_url)
    except (SQLAlchemyError, LedgerError):
        first = None
    return (
        dt.datetime.now(ZoneInfo(TIME_ZONE)).date() if first is None else in_bangkok(first).date()
    )


def rebuilt_asset(first: dt.date) -> AssetsDefinition:
    """The warehouse as it was published at the end of a day, from a first day until today."""

    @asset(
        key=REBUILT,
        partitions_def=DailyPartitionsDefinition(
            start_date=dt.datetime(first.year, first.month, first.day),
            timezone=TIME_ZONE,
            end_offset=1,
        ),
        group_name="rebuilt",
        kinds={"duckdb", "dbt"},
        owners=OWNERS,
        description=asset_description(
            "The warehouse as it was published at the end of a day (Bangkok time), built again "
            "from the store and the ledger into `$WAREHOUSE_HOME/rebuilt/<day>/warehouse.duckdb`. "
            "Press Materialize and choose the days; of today it is what is published now. Nothing "
            "that is published changes, and nights go first. Delete the folder of a day when it "
            "is no longer needed.",
            "The run says why: nothing had been published by then, or this software cannot build "
            "that day's files. What is published is not concerned.",
        ),
    )
    def warehouse_as_of(context: AssetExecutionContext) -> MaterializeResult[None]:
        home, day = settings.load(), context.partition_key
        end = context.partition_time_window.end.astimezone(dt.UTC).replace(tzinfo=None)
        publication_then = _publication_at(home, end - _LAST_INSTANT)
        if publication_then is None:
            raise Failure(
                f"Nothing had been published by the end of {day} (Bangkok time). Choose a later "
                "day.",
                allow_retries=False,
            )
        out = home.rebuilt / day / home.warehouse.name
        try:
            with working_on(home, context.run_id):
                rebuild(home, publication_then["occurred_at"], out)
        except (RebuildFailed, BuildFailed) as error:
            raise Failure(f"{day} was not rebuilt: {error}", allow_retries=False) from error
        return MaterializeResult(metadata=_metadata(home, out, publication_then))

    return warehouse_as_of


def _publication_at(home: Home, instant: dt.datetime) -> dict[str, Any] | None:
    with open_ledger(home) as ledger:
        return ledger.publication_at(instant)


def _metadata(home: Home, out: Any, published: dict[str, Any]) -> dict[str, Any]:
    now = publication.actuals(home.warehouse)
    with duckdb.connect(str(out), read_only=True) as db:
        figures = publication.figures(db)
    return {
        "path": MetadataValue.path(str(out)),
        "published by": MetadataValue.dagster_run(published["run_id"]),
        "published at (Bangkok)": f"{in_bangkok(published['occurred_at']):%Y-%m-%d %H:%M:%S}",
        "rows current": published["rows_loaded"] or 0,
        "files loaded": published["files_loaded"] or 0,
        **headline_figures(figures),
        "figures": table_metadata(
            {"fiscal year": "int", "measure": "string", "target baht": "float",
             "then": "float", "now": "float"},
            [
                {
                    "fiscal year": figure["fiscal_year_be"],
                    "measure": figure["measure"],
                    "target baht": figure["target_baht"],
                    "then": figure["actual_baht"],
                    "now": now.get((figure["fiscal_year_be"], figure["measure"])),
                }
                for figure in figures
            ],
        ),
    }  # fmt: skip
