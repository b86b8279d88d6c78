"""What must hold over the whole warehouse before it is published.

What arrived is judged by Great Expectations (loads), relations between models by dbt (transform);
here stands the arithmetic over everything: rows and baht, file by file.
"""

import duckdb
from dagster import AssetCheckExecutionContext, AssetCheckResult, AssetKey, asset_check

from orchestration import progress
from orchestration.check_standing import described
from orchestration.loads import table_metadata
from orchestration.reconciliation import differences
from orchestration.resources import Warehouse
from sources.sentences import check_instructions

LOAD_FILE = AssetKey(["audit", "load_file"])
RECONCILES = "reconciles_in_rows_and_baht"
_INSTRUCTION = check_instructions()["dagster", RECONCILES]


@asset_check(
    asset=LOAD_FILE,
    name=RECONCILES,
    blocking=True,
    description=(
        "For every file, rows read = current + superseded + quarantined, and the same for its "
        "control total (the sum of its money columns). Otherwise nothing is published.\n\n"
        f"{described('error', _INSTRUCTION)}"
    ),
)
def reconciles(context: AssetCheckExecutionContext, warehouse: Warehouse) -> AssetCheckResult:
    """Compares what was read with what became of it, file by file."""
    progress.notify("checking", "reconciliation in rows and baht")
    path = warehouse.home.night / "warehouse.duckdb"
    with duckdb.connect(str(path), read_only=True) as db:
        off = differences(db)
        files, rows, total = db.execute(
            "select count(*), coalesce(sum(rows_read), 0)::bigint, "
            "coalesce(sum(control_total_read), 0)::varchar from audit.load_file"
        ).fetchone() or (0, 0, "0")
    context.log.info("reconciled %s rows of %s files", rows, files)
    return AssetCheckResult(
        passed=not off,
        metadata={
            "files": files,
            "rows read": rows,
            "control total": total,
            "files that do not reconcile": len(off),
            "severity": "error",
            "what to do": f"{_INSTRUCTION.thai} / {_INSTRUCTION.english}",
            "differences": table_metadata(
                {name: "int" if name.startswith("rows") else "string" for name in (off or [{}])[0]},
                off,
            ),
        },
    )
