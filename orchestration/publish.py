"""From the build database to the published warehouse: all at once, by a rename.

The build's `warehouse.duckdb` holds marts, reports and audit as tables and nothing else; what this
run found out about itself is added, the file is closed, linked under `published/versions/` and
renamed over `published/warehouse.duckdb`. Whoever has the old file open keeps reading it.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    MaterializeResult,
    MetadataValue,
    asset,
)

from orchestration import progress
from orchestration.loads import OWNERS, table_metadata
from orchestration.resources import Warehouse
from orchestration.settings import Home, git_sha
from orchestration.status import OPEN_MATTERS_SQL
from orchestration.transform import made_again
from sources.ledger import utc_now
from sources.typed import quoted, records

WAREHOUSE = AssetKey(["published", "warehouse"])

_PROGRESS_SQL = """
select fiscal_year_be, measure, target_baht, actual_baht, progress_ratio, clusters_reporting,
    members_reported, members_expected, completeness_ratio
from reports.rpt_programme_progress order by all
"""
# What a warehouse published by an earlier release has too.
_ACTUAL_SQL = "select fiscal_year_be, measure, actual_baht from reports.rpt_programme_progress"


def actuals(path: Path) -> dict[tuple[int, str], float]:
    """(fiscal year, measure) → baht reported in a published warehouse; none without the file."""
    if not path.exists():
        return {}
    with duckdb.connect(str(path), read_only=True) as db:
        return {(year, of): float(baht) for year, of, baht in db.execute(_ACTUAL_SQL).fetchall()}


#: What this night changed of what is to be followed up, as the ledger keeps it.
_MATTERS_SQL = """
with changed as (
    select *, state = 'new' as is_opened from reports.rpt_follow_up
    where state = 'new' or is_resolved_tonight
)
select matter_id, case when is_opened then 'opened' else 'resolved' end as event_kind,
    kind, cluster_code,
    case when is_opened then sender end as sender,
    case when is_opened then dataset end as dataset,
    case when is_opened then path end as path,
    case when is_opened then column_name end as column_name,
    case when is_opened then reason end as reason,
    case when is_opened then waits_for end as waits_for,
    case when is_opened then fiscal_year_be end as fiscal_year_be,
    case when is_opened then fiscal_quarter end as fiscal_quarter,
    case when is_opened then row_count end as row_count,
    case when is_opened then amount_baht::varchar end as amount_baht,
    case when is_opened then what_th end as what_th,
    case when is_opened then what_en end as what_en,
    case when is_opened then action_th end as action_th,
    case when is_opened then action_en end as action_en
from changed order by matter_id
"""


def figures(path: Path) -> list[dict[str, Any]]:
    """The headline figures of a built warehouse."""
    with duckdb.connect(str(path), read_only=True) as db:
        rows = db.execute(_PROGRESS_SQL)
        names = [column[0] for column in rows.description]
        return [
            {name: float(v) if name.endswith(("_baht", "_ratio")) and v is not None else v
             for name, v in zip(names, row, strict=True)}
            for row in rows.fetchall()
        ]  # fmt: skip


def swap_in(built: Path, home: Home, version: str) -> None:
    """Makes `built` the published warehouse, at once; keeps the last versions beside it.

    Args:
        built: a closed DuckDB file on the home's file system.
        home: where to publish.
        version: the name this version is kept by.
    """
    kept = home.published / "versions" / version / home.warehouse.name
    kept.parent.mkdir(parents=True, exist_ok=True)
    built.chmod(0o644)
    with built.open("rb") as file:
        os.fsync(file.fileno())
    built.replace(kept)
    temporary = home.published / f".{home.warehouse.name}.{os.getpid()}.part"
    temporary.unlink(missing_ok=True)
    try:
        temporary.hardlink_to(kept)
    except OSError:  # a file system without links
        shutil.copyfile(kept, temporary)
    temporary.replace(home.warehouse)
    versions = sorted(path for path in kept.parent.parent.iterdir() if path.is_dir())
    for old in versions[: -home.keep_versions]:
        shutil.rmtree(old, ignore_errors=True)


def publish_asset(models: Sequence[AssetKey]) -> AssetsDefinition:
    """The published warehouse, after every model that it holds."""

    @asset(
        key=WAREHOUSE,
        deps=list(models),
        group_name="published",
        kinds={"duckdb"},
        owners=OWNERS,
        description=(
            "The warehouse that analysts read: a plain DuckDB file with marts, reports and audit, "
            "swapped in whole once every blocking check has passed."
        ),
    )
    def published(context: AssetExecutionContext, warehouse: Warehouse) -> MaterializeResult[None]:
        home, ledger, run_id = warehouse.home, warehouse.ledger, context.run.run_id
        progress.notify("publishing", str(home.warehouse))
        before = actuals(home.warehouse)
        built = home.night / "warehouse.duckdb"
        checks = ledger.check_results(run_id, "dbt")
        started = ledger.run_started_at(run_id)
        published_at = utc_now()
        with duckdb.connect(str(built)) as db:
            files, rows, rejected, quarantined = db.execute(
                "select count(*) filter (where status = 'loaded'), "
                "coalesce(sum(rows_current), 0)::bigint, "
                "count(*) filter (where status = 'rejected'), "
                "coalesce(sum(rows_quarantined) filter (where status = 'loaded'), 0)::bigint "
                "from audit.load_file"
            ).fetchone() or (0, 0, 0, 0)
            _insert(db, "audit.check_result", checks)
            _make_check_history_again(db, home)
            _insert(db, "audit.published_run", [{
                "run_id": run_id, "started_at": started, "published_at": published_at,
                "git_sha": git_sha(), "files_loaded": files, "rows_loaded": rows,
            }])  # fmt: skip
            fates = db.execute(
                "select dataset, status, count(*) as files, sum(rows_read)::bigint as rows_read, "
                "sum(rows_current)::bigint as rows_current, "
                "sum(rows_superseded)::bigint as rows_superseded, "
                "sum(rows_quarantined)::bigint as rows_quarantined "
                "from audit.load_file group by all order by all"
            )
            names = [column[0] for column in fates.description]
            by_fate = [dict(zip(names, row, strict=True)) for row in fates.fetchall()]
            matters = records(db, _MATTERS_SQL)
            matters_by_kind = records(db, OPEN_MATTERS_SQL)
            sizes = _row_counts(db)
            db.execute("checkpoint")
        after = figures(built)
        swap_in(built, home, f"{published_at:%Y%m%dT%H%M%SZ}-{run_id[:8]}")
        ledger.record_publication(
            run_id, matters,
            occurred_at=published_at, git_sha=git_sha(), files_loaded=files, rows_loaded=rows,
            details={"figures": after},
        )  # fmt: skip
        return MaterializeResult(
            metadata={
                "path": MetadataValue.path(str(home.warehouse)),
                "files loaded": files,
                "files rejected": rejected,
                "rows current": rows,
                "rows quarantined": quarantined,
                "files and rows by fate": table_metadata(
                    {name: "string" if name in ("dataset", "status") else "int" for name in names},
                    by_fate,
                ),
                "open matters by kind": table_metadata(
                    {"kind": "string", "open": "int", "new": "int"}, matters_by_kind
                ),
                "tables": table_metadata({"table": "string", "rows": "int"}, sizes),
                "figures": table_metadata(
                    {"fiscal year": "int", "measure": "string", "target baht": "float",
                     "before": "float", "now": "float", "progress": "float",
                     "members reporting": "float"},
                    _before_and_now(before, after),
                ),
            }
        )  # fmt: skip

    return published


def _make_check_history_again(db: duckdb.DuckDBPyConnection, home: Home) -> None:
    """What follows from all results of checks, now that dbt's of this run are among them."""
    scratch = home.night / "scratch.duckdb"
    db.execute(f"attach {quoted(str(scratch))} as scratch (read_only)")
    query = made_again(home.night, "audit/check_history.sql")
    db.execute("delete from audit.check_history")
    db.execute(f"insert into audit.check_history by name ({query})")
    db.execute("detach scratch")


def _insert(db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        columns = ", ".join(row)
        places = ", ".join("?" for _ in row)
        statement = f"insert into {table} ({columns}) values ({places})"
        db.execute(statement, list(row.values()))


def _row_counts(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    tables = db.execute(
        "select schema_name || '.' || table_name, estimated_size from duckdb_tables() order by 1"
    ).fetchall()
    return [{"table": name, "rows": size} for name, size in tables]


def _before_and_now(
    before: Mapping[tuple[int, str], float], after: Sequence[dict[str, Any]]
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
