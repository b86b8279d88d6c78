"""The published warehouse as Dagster sees it: finished, held back or swapped in, and told of.

The build's `warehouse.duckdb` holds marts, reports and audit as tables and nothing else; what this
run found out about itself is added, the file is closed, linked under `published/versions/`, and
`published/current` led there in one step. Whoever has the old file open keeps reading it. How, says
`orchestration.publication`.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

import duckdb
from dagster import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    Failure,
    FreshnessPolicy,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)
from sqlalchemy.exc import SQLAlchemyError

from orchestration import progress, publication
from orchestration.descriptions import asset_description
from orchestration.dictionary import tables_of_the_project
from orchestration.loads import OWNERS, table_metadata
from orchestration.overview import headline_figures, nights_in_markdown
from orchestration.publication import Finished
from orchestration.resources import ONE_WRITER_POOL, Warehouse
from orchestration.settings import TIME_ZONE, Home, git_sha
from orchestration.status import OPEN_MATTERS_SQL
from sources.ledger_engine import LedgerError
from sources.sql import records

WAREHOUSE = AssetKey(["published", "warehouse"])
FOLLOW_UP = AssetKey(["reports", "rpt_follow_up"])
WORKBOOKS = AssetKey(["quarantine", "workbooks"])
#: What became of a run, for the list of runs.
RESULT_TAG = "warehouse/result"
WITHIN_BOUNDS = "headline_figures_move_within_bounds"

_FATES_SQL = """
select dataset, status, count(*) as files, sum(rows_read)::bigint as rows_read,
    sum(rows_current)::bigint as rows_current, sum(rows_superseded)::bigint as rows_superseded,
    sum(rows_quarantined)::bigint as rows_quarantined
from audit.load_file group by all order by all
"""
_SIZES_SQL = """
select schema_name || '.' || table_name as "table", estimated_size as rows
from duckdb_tables() order by 1
"""
_ADJUSTED_SQL = """
select fiscal_year_be, fiscal_quarter, measure, count(*) as figures,
    sum(adjustment_amount)::double as adjustment
from reports.rpt_quarter_closing where adjustment_amount <> 0 group by all order by all
"""


class NightWaits(Failure):
    """The night waits for approval; it has said so in the ledger itself."""


def published_every_day_by(time: dt.time) -> FreshnessPolicy:
    """Fresh while something was published on this day (Bangkok) or the day's deadline is ahead.

    Args:
        time: the deadline, Bangkok time.
    """
    since_midnight = dt.timedelta(hours=time.hour, minutes=time.minute)
    return FreshnessPolicy.cron(
        deadline_cron=f"{time.minute} {time.hour} * * *",
        lower_bound_delta=since_midnight or dt.timedelta(days=1),
        timezone=TIME_ZONE,
    )


def publish_asset(models: Sequence[AssetKey], publish_by: dt.time) -> AssetsDefinition:
    """The published warehouse, after every model that it holds.

    Args:
        models: what it holds.
        publish_by: when a day's publication is due, Bangkok time.
    """

    @multi_asset(
        name="published__warehouse",
        pool=ONE_WRITER_POOL,
        specs=[
            AssetSpec(
                WAREHOUSE,
                deps=list(models),
                group_name="published",
                kinds={"duckdb"},
                owners=OWNERS,
                description=asset_description(
                    "The warehouse that analysts read: a plain DuckDB file with marts, reports and "
                    "audit, swapped in whole once every blocking check has passed. Its latest "
                    "materialization has the last nights at a glance; its plots show rows and the "
                    "headline figures over nights.",
                    "Last night's warehouse is still published, whole. Type `warehouse status`: it "
                    "says why the night did not publish. Not fresh means that nothing was "
                    f"published today by {publish_by:%H:%M} (Bangkok time); launch the job "
                    "`nightly` once the reason is mended.",
                ),
                freshness_policy=published_every_day_by(publish_by),
            )
        ],
        check_specs=[
            AssetCheckSpec(
                WITHIN_BOUNDS,
                asset=WAREHOUSE,
                blocking=True,
                description=(
                    "No headline figure moves by more than the setting WAREHOUSE_APPROVAL_SHARE of "
                    "what was published. Otherwise nothing is published and the night waits: look "
                    "at the files behind it (this check's metadata), then type `warehouse approve` "
                    "with the run's id and --by NAME; or withdraw a file and run the night again. "
                    "An approval shows in the ledger and in `warehouse status`, not here: this "
                    "check stays red until the next night."
                ),
            )
        ],
    )
    def published(
        context: AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[AssetCheckResult | MaterializeResult[None]]:
        home, ledger, run_id = warehouse.home, warehouse.ledger, context.run.run_id
        progress.notify("publishing", str(home.warehouse))
        before = publication.actuals(home.warehouse)
        finished = publication.finish(home, ledger, run_id, tables_of_the_project(), git_sha())
        moved = publication.figures_out_of_bounds(finished.differences, home.approval_share)
        yield AssetCheckResult(
            asset_key=WAREHOUSE,
            check_name=WITHIN_BOUNDS,
            passed=not moved,
            metadata=_bounds_metadata(home.approval_share, moved),
        )
        if moved:
            publication.keep_waiting(home, ledger, finished, moved)
            raise NightWaits(publication.waits_in_words(run_id, moved), allow_retries=False)
        metadata = _metadata(finished, before)
        publication.publish(home, ledger, finished)
        rows = f"{finished.totals['rows_loaded']:,}"
        nights: dict[str, MetadataValue] = {}
        try:
            nights = {"nights": MetadataValue.md(nights_in_markdown(ledger))}
            context.instance.add_run_tags(run_id, {RESULT_TAG: "published", "warehouse/rows": rows})
        except (SQLAlchemyError, LedgerError) as error:  # it is published all the same
            context.log.warning("Published; the page does not tell all of it: %s", error)
        yield MaterializeResult(
            asset_key=WAREHOUSE,
            metadata={
                **nights,
                "path": MetadataValue.path(str(home.warehouse)),
                "report": _report_page(home),
                "to follow up": MetadataValue.asset(FOLLOW_UP),
                "workbooks to send back": MetadataValue.asset(WORKBOOKS),
                **headline_figures(finished.figures),
                **metadata,
            },
        )

    return published


def _report_page(home: Home) -> MetadataValue:
    """Where people read the report: the server's page where its address is set, else the file."""
    if home.ui_url is not None:
        return MetadataValue.url(urljoin(home.ui_url, "/report/"))
    return MetadataValue.path(str(home.published / publication.REPORT / "index.html"))


def _bounds_metadata(
    share: float | None, moved: Sequence[Mapping[str, Any]]
) -> dict[str, MetadataValue | str]:
    if share is None:
        return {"bound": "none is set (WAREHOUSE_APPROVAL_SHARE)"}
    return {
        "bound": f"{share:.1%} of what was published",
        "figures that moved": table_metadata(
            {"figure": "string", "before baht": "float", "now baht": "float", "share": "float"},
            [
                {
                    "figure": figure["figure"],
                    "before baht": figure["before_baht"],
                    "now baht": figure["after_baht"],
                    "share": figure["change_ratio"],
                }
                for figure in moved
            ],
        ),
        "files behind": table_metadata(
            {"figure": "string", "path": "string", "change baht": "float"},
            [
                {
                    "figure": figure["figure"],
                    "path": file["path"],
                    "change baht": file["change_baht"],
                }
                for figure in moved
                for file in figure["files"]
            ],
        ),
    }


def _metadata(finished: Finished, before: Mapping[tuple[int, str], float]) -> dict[str, Any]:
    """What the run's page says of a warehouse about to be published."""
    with duckdb.connect(str(finished.path), read_only=True) as db:
        fates, sizes = records(db, _FATES_SQL), records(db, _SIZES_SQL)
        adjusted = records(db, _ADJUSTED_SQL)
        matters = records(db, OPEN_MATTERS_SQL)
    totals = finished.totals
    return {
        "files loaded": totals["files_loaded"],
        "files rejected": totals["files_rejected"],
        "rows current": totals["rows_loaded"],
        "rows quarantined": totals["rows_quarantined"],
        "files and rows by fate": table_metadata(
            {
                "dataset": "string", "status": "string", "files": "int", "rows_read": "int",
                "rows_current": "int", "rows_superseded": "int", "rows_quarantined": "int",
            },
            fates,
        ),
        "open matters by kind": table_metadata(
            {"kind": "string", "open": "int", "new": "int"}, matters
        ),
        "tables": table_metadata({"table": "string", "rows": "int"}, sizes),
        "figures": table_metadata(
            {"fiscal year": "int", "measure": "string", "target baht": "float",
             "before": "float", "now": "float", "progress": "float",
             "members reporting": "float"},
            _before_and_now(before, finished.figures),
        ),
        "tables that changed": table_metadata(
            {"table": "string", "rows before": "int", "rows now": "int", "added": "int",
             "changed": "int", "removed": "int", "remark": "string"},
            _changed_tables(finished.differences),
        ),
        "files behind the figures": table_metadata(
            {"fiscal year": "int", "measure": "string", "path": "string", "change baht": "float"},
            _files_behind(finished),
        ),
        "closed quarters with adjustments": table_metadata(
            {"fiscal_year_be": "int", "fiscal_quarter": "int", "measure": "string",
             "figures": "int", "adjustment": "float"},
            adjusted,
        ),
    }  # fmt: skip


def _changed_tables(differences: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "table": line["table_name"],
            "rows before": line["rows_before"],
            "rows now": line["rows_after"],
            "added": line["rows_added"],
            "changed": line["rows_changed"],
            "removed": line["rows_removed"],
            "remark": line["remark"],
        }
        for line in differences
        if line["kind"] == "rows" and line["line"] == "total"
    ]


def _files_behind(finished: Finished) -> list[dict[str, Any]]:
    return [
        {
            "fiscal year": figure["fiscal_year_be"],
            "measure": figure["measure"],
            "path": cause["path"],
            "change baht": cause["change_baht"],
        }
        for figure in finished.figures
        for cause in publication.causes(
            finished.differences,
            "fiscal_year_be={fiscal_year_be}, measure={measure}".format(**figure),
        )[: publication.CAUSES_TOLD]
    ]


def _before_and_now(
    before: Mapping[tuple[int, str], float], after: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    return [
        {
            "fiscal year": row["fiscal_year_be"],
            "measure": row["measure"],
            "target baht": row["target_baht"],
            "before": before.get((row["fiscal_year_be"], row["measure"])),
            "now": row["actual_baht"],
            "progress": row["progress_ratio"],
            "members reporting": row["completeness_ratio"],
        }
        for row in after
    ]
