"""The workbooks to send back to coordinators, kept ready in the home after what is published.

    published/warehouse ──▶ quarantine/workbooks    a run of its own, outside the night

Apart from the night, because it costs four CPU seconds for ten thousand rows (one for the fifty of
the sample), and because a workbook that cannot be written is no reason not to publish. Workbooks
hold personal data: their folder is open to its owner alone, and Dagster hears names and counts.
"""

import hashlib
import shutil
from pathlib import Path

import duckdb
from dagster import (
    AssetExecutionContext,
    AssetSelection,
    DefaultSensorStatus,
    Failure,
    MaterializeResult,
    MetadataValue,
    RunRequest,
    SensorEvaluationContext,
    SkipReason,
    asset,
    define_asset_job,
    in_process_executor,
    sensor,
)

from orchestration import settings
from orchestration.descriptions import asset_description
from orchestration.loads import OWNERS, table_metadata
from orchestration.lock import working_on
from orchestration.publish import WAREHOUSE, WORKBOOKS
from orchestration.quarantine import Workbook, write_workbooks
from orchestration.settings import Home
from sources.store import private_folder

#: How often the daemon looks whether something else is quarantined than before (seconds).
LOOK_EVERY = 300

# Whatever columns there are, so that what an earlier release published can be looked at too.
_QUARANTINED = """
select count(*)::varchar, sum(hash(line)::hugeint)::varchar
from (select line from audit.quarantined_row as line)
union all
select count(*)::varchar, sum(hash(line)::hugeint)::varchar
from (select line from audit.load_file as line)
"""


def fingerprint(warehouse: Path) -> str:
    """A hash of everything in a published warehouse that decides what the workbooks say."""
    with duckdb.connect(str(warehouse), read_only=True) as db:
        return hashlib.sha256(repr(db.execute(_QUARANTINED).fetchall()).encode()).hexdigest()


def renew(home: Home) -> list[Workbook]:
    """Writes every workbook anew and puts them in the place of those there were.

    The folder itself stays: a server hides it from its webservers, as it is when they start.

    Args:
        home: one that has published.

    Raises:
        OSError: the archive cannot be read or the folder not be written; the old ones stay.
    """
    private_folder(home.quarantine).chmod(0o700)  # also one that somebody opened
    fresh = home.quarantine / ".new"
    shutil.rmtree(fresh, ignore_errors=True)
    private_folder(fresh)
    books = write_workbooks(home, fresh)
    renewed = {book.name for book in fresh.iterdir()}
    for name in renewed:
        (fresh / name).replace(home.quarantine / name)
    for entry in home.quarantine.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name not in renewed:
            entry.unlink()
    return books


@asset(
    key=WORKBOOKS,
    deps=[WAREHOUSE],
    group_name="quarantine",
    kinds={"excel", "duckdb"},
    owners=OWNERS,
    description=asset_description(
        "A workbook a coordinator with what is to be mended, why and how, made after every "
        "publication that changed what is quarantined. They hold personal data: only the owner of "
        "the home can read them; take them from there, send each to its coordinator alone.",
        "The published warehouse is not concerned. The run says what could not be written or read "
        "(space, permissions, a file missing from the archive); mend it, then materialize this "
        "asset again. The workbooks of before are still there.",
    ),
)
def quarantine_workbooks(context: AssetExecutionContext) -> MaterializeResult[None]:
    """Renews the workbooks, whole."""
    home = settings.load()
    if not home.warehouse.exists():
        raise Failure(
            "Nothing is published yet, so nothing is quarantined. Launch the job `nightly` first.",
            allow_retries=False,
        )
    with working_on(home, context.run_id):
        books = renew(home)
    context.log.info("wrote %s workbooks", len(books))
    entries = [(book.file.name, entry) for book in books for entry in book.entries]
    return MaterializeResult(
        metadata={
            "folder": MetadataValue.path(str(home.quarantine)),
            "workbooks": len(books),
            "files to mend": len(entries),
            "rows to mend": sum(entry.file.rows_bad for _, entry in entries),
            "rows held": sum(entry.file.rows_held for _, entry in entries),
            "files": table_metadata(
                {"workbook": "string", "dataset": "string", "path": "string", "why": "string",
                 "rows to mend": "int", "rows held": "int"},
                [
                    {
                        "workbook": name,
                        "dataset": entry.file.contract.dataset,
                        "path": entry.file.path,
                        "why": entry.file.reason or "",
                        "rows to mend": entry.file.rows_bad,
                        "rows held": entry.file.rows_held,
                    }
                    for name, entry in entries
                ],
            ),
        }
    )  # fmt: skip


workbooks_job = define_asset_job(
    "quarantine_workbooks",
    selection=AssetSelection.assets(WORKBOOKS),
    executor_def=in_process_executor,
    description=(
        "Writes the workbooks to send back to coordinators anew, from what is published now."
    ),
)


@sensor(
    name="quarantine_changed",
    job=workbooks_job,
    minimum_interval_seconds=LOOK_EVERY,
    default_status=DefaultSensorStatus.RUNNING,
    description=(
        "Has the workbooks for coordinators written again after a publication, by a night or an "
        "approval, that changed what is quarantined. Switched off, launch `quarantine_workbooks` "
        "when you want them."
    ),
)
def quarantine_changed(context: SensorEvaluationContext) -> RunRequest | SkipReason:
    """Compares what is published now with what was when the workbooks were last asked for."""
    home = settings.load()
    if not home.warehouse.exists():
        return SkipReason("Nothing is published yet.")
    # The cursor: when what was looked at had been published, and what it had in quarantine.
    looked_at, _, before = (context.cursor or "").partition(" ")
    version = str(home.warehouse.stat().st_mtime_ns)
    if looked_at == version:
        return SkipReason("Nothing was published since the last look.")
    now = fingerprint(home.warehouse)
    context.update_cursor(f"{version} {now}")
    if now == before:
        return SkipReason("What was published since has the same rows in quarantine.")
    return RunRequest(run_key=f"{now} {version}")
