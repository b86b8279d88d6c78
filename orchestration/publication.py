"""From a built file to the published one: finish it, then swap it in, or keep it waiting.

    build/night/warehouse.duckdb ── finish ──▶ ┬─ publish ──▶ published/versions/<version>/, ledger
                                               └─ keep_waiting ──▶ waiting/<run>/ ── approve ──▶ …

A version is a folder with all that is published: the warehouse and what is made from it. What
people open are links into `published/current`, itself a link to a version, so that one rename
swaps all of it.

The night and the approval of a night that waited share one path. Nothing here needs Dagster, so
that a command which publishes answers at once.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from orchestration.comments import set_comments
from orchestration.dictionary.published import Table
from orchestration.differences import differences_of, record_differences
from orchestration.lake.attaching import LakeUnsure
from orchestration.lake.nights import (
    commit_night,
    details_of,
    forget_in_lake,
    last_published_in_lake,
)
from orchestration.settings import Home, SettingsError, Target
from sources import log
from sources.clock import utc_now
from sources.ledger import Ledger
from sources.ledger_forgetting import last_forgotten_at
from sources.sql import literal, quoted, records
from sources.store import NO_LINKS, make_durable, private_folder, second_name

#: Of DuckDB's buffers while two warehouses are compared; beyond it spills to disk.
_MEMORY = "900MB"
#: What DuckDB raises of a file that is damaged.
_DAMAGED = (
    duckdb.IOException,
    duckdb.SerializationException,
    duckdb.InternalException,
    duckdb.FatalException,
)
#: How DuckDB begins when it was kept from a file that may be sound.
_KEPT_FROM_IT = ("IO Error: Cannot open file", "IO Error: Could not set lock")
#: The link in the published folder that leads to the version people read.
CURRENT = "current"
#: What is made from the warehouse: folders of a version, and links beside the warehouse's.
EXPORTS, REPORT = "exports", "report"
#: The model that is made again once all results of dbt's checks are there.
MADE_AGAIN = "check_history"
#: Nights of which one may have left a version that the lake did not take.
_LOOKED_BACK = 30
#: Files that the disk is asked to keep at the same time.
_AT_ONCE = 16
#: Files named behind a figure where people read it.
CAUSES_TOLD = 20

_PROGRESS_SQL = """
select fiscal_year_be, measure, target_baht, actual_baht, progress_ratio, clusters_reporting,
    members_reported, members_expected, completeness_ratio
from reports.rpt_programme_progress order by all
"""
# What a warehouse published by an earlier release has too.
_ACTUAL_SQL = "select fiscal_year_be, measure, actual_baht from reports.rpt_programme_progress"
_TOTALS_SQL = """
select
    count(*) filter (where status = 'loaded') as files_loaded,
    coalesce(sum(rows_current), 0)::bigint as rows_loaded,
    count(*) filter (where status = 'rejected') as files_rejected,
    coalesce(sum(rows_quarantined) filter (where status = 'loaded'), 0)::bigint as rows_quarantined
from audit.load_file
"""

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


@dataclass(frozen=True)
class Finished:
    """A built warehouse with everything in it but that it was published.

    Attributes:
        path: the closed file.
        run_id: the run that built it.
        git_sha: the commit of the software that built it.
        totals: files_loaded, rows_loaded, files_rejected, rows_quarantined.
        figures: its headline figures.
        differences: what it changes, line by line; see `orchestration.differences`.
        matters: what it opens and resolves of what is to be followed up.
    """

    path: Path
    run_id: str
    git_sha: str
    totals: Mapping[str, int]
    figures: Sequence[Mapping[str, Any]]
    differences: Sequence[Mapping[str, Any]]
    matters: Sequence[Mapping[str, Any]]


def actuals(path: Path) -> dict[tuple[int, str], float]:
    """(fiscal year, measure) → baht reported in a published warehouse; none without the file."""
    if not path.exists():
        return {}
    with duckdb.connect(str(path), read_only=True) as db:
        return {(year, of): float(baht) for year, of, baht in db.execute(_ACTUAL_SQL).fetchall()}


def figures(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The headline figures of an open warehouse: rows of `reports.rpt_programme_progress`."""
    return [
        {
            name: float(v) if name.endswith(("_baht", "_ratio")) and v is not None else v
            for name, v in row.items()
        }
        for row in records(db, _PROGRESS_SQL)
    ]


def finish(
    home: Home,
    ledger: Ledger,
    run_id: str,
    tables: Sequence[Table],
    git_sha: str,
) -> Finished:
    """Adds to the night's build what the run found out about itself, and closes it.

    Args:
        home: whose build, and what is published in it.
        ledger: what the run recorded so far.
        run_id: the run.
        tables: what is published, described; the changes of marts and reports are told.
        git_sha: the commit of this software.
    """
    built = home.night / home.warehouse.name
    grains = {table.full_name: table.grain for table in tables if table.schema != "audit"}
    with duckdb.connect(str(built), config={"memory_limit": _MEMORY}) as db:
        _insert(db, "audit.check_result", ledger.check_results(run_id, "dbt"))
        _make_check_history_again(db, home)
        record_differences(db, home.warehouse, run_id, grains)
        set_comments(db, tables)
        db.execute("checkpoint")
    return finished_from(built, run_id, git_sha)


def finished_from(path: Path, run_id: str, git_sha: str) -> Finished:
    """What a finished file holds, of this night or of one that waited."""
    with duckdb.connect(str(path), read_only=True) as db:
        (totals,) = records(db, _TOTALS_SQL)
        return Finished(
            path,
            run_id,
            git_sha,
            totals,
            figures(db),
            differences_of(db, run_id),
            records(db, _MATTERS_SQL),
        )


def publish(home: Home, ledger: Ledger, finished: Finished, **details: Any) -> dt.datetime:
    """Swaps a finished warehouse in and says so in the ledger; nothing waits any longer.

    Args:
        home: where to publish.
        ledger: where to record it, and what changed by it.
        finished: what to publish.
        details: what the ledger keeps of it beside the figures.

    Returns:
        When (UTC).
    """
    follow_lake(home, ledger)
    published_at = published_when(home, finished.run_id)
    if published_at is None:  # else it was cut short between the two
        published_at = utc_now()
        _write_run(finished, ledger, published_at)
        swap_in(
            finished.path,
            home,
            published_at,
            finished.run_id,
            partial(_make, home=home),
            partial(commit_night, home, ledger, finished.run_id, published_at),
        )
    details |= details_of(home, finished.run_id)
    record(ledger, finished, published_at, **details)
    forget_in_lake(home, ledger)
    # The folder itself stays: a server hides it from its webservers, as it is when they start.
    for kept in home.waiting.glob("*"):
        shutil.rmtree(kept, ignore_errors=True)
    return published_at


def published_when(home: Home, run_id: str) -> dt.datetime | None:
    """When a run published what analysts read now (UTC); None where it is another's or nobody's.

    The published file says so itself; the ledger may not know of it yet.
    """
    last = _last_published(home)
    return last[1] if last is not None and last[0] == run_id else None


def last_published(home: Home) -> str | None:
    """The run whose warehouse analysts read now, as the file itself says."""
    last = _last_published(home)
    return None if last is None else last[0]


def is_out(home: Home, ledger: Ledger, run_id: str) -> bool:
    """Whether a run published, on record or not."""
    return ledger.is_published(run_id) or published_when(home, run_id) is not None


def refuse_off_the_record(home: Home, ledger: Ledger, but_for: str | None = None) -> None:
    """Lets nobody decide on what is published before the ledger knows of it. The lock must be held.

    An earlier version in its place is on record, and so is what a back-up brought back, as a rule.

    Args:
        home: whose.
        ledger: the home's.
        but_for: the run that is about to be recorded.

    Raises:
        SettingsError: a run was cut short between publishing and its record.
    """
    last = _last_published(home)
    if last is not None and last[0] != but_for and not ledger.is_published(last[0]):
        raise SettingsError("A night published and could not say so. Run `warehouse run` first.")


def refuse_with_forgotten(ledger: Ledger, built_before: dt.datetime | None) -> None:
    """Lets nobody fix or publish figures that still have a person who was forgotten since.

    Args:
        ledger: the home's.
        built_before: when the figures were there at the latest (UTC); None where there are none.

    Raises:
        SettingsError: somebody was forgotten later.
    """
    forgotten_at = last_forgotten_at(ledger)
    if forgotten_at is not None and built_before is not None and built_before < forgotten_at:
        raise SettingsError(
            f"A person was forgotten at {forgotten_at:%Y-%m-%d %H:%M} UTC, and these figures still "
            "have that person. Run `warehouse run` first."
        )


def published_since(home: Home) -> dt.datetime | None:
    """When what analysts read now was published (UTC), as the file itself says; None without."""
    last = _last_published(home)
    return None if last is None else last[1]


def _last_published(home: Home) -> tuple[str, dt.datetime] | None:
    """The run that published what analysts read now, and when, as the file says itself."""
    if not home.warehouse.exists():
        return None
    with duckdb.connect(str(home.warehouse), read_only=True) as db:
        found: tuple[str, dt.datetime] | None = db.execute(
            "select run_id, published_at from audit.published_run "
            "order by published_at desc limit 1"
        ).fetchone()
    return found


def set_aside_if_unreadable(home: Home) -> Path | None:
    """Moves a damaged published file out of the way of the night that replaces it.

    Every night compares itself with what is published, and would fail. The lock must be held.

    Args:
        home: whose. A file that this user may not open, or that another process has locked, stays.

    Returns:
        Where it lies now; None where nothing is damaged.
    """
    try:
        published_when(home, "")
        actuals(home.warehouse)
        return None
    except _DAMAGED as error:
        if str(error).startswith(_KEPT_FROM_IT):
            return None
        why = str(error).splitlines()[0]
    except duckdb.Error:
        return None  # of another release, open in this process, or memory is short
    aside = home.warehouse.with_name(f"warehouse.unreadable-{utc_now():%Y%m%dT%H%M%SZ}.duckdb")
    home.warehouse.resolve().replace(aside)
    log.error("published warehouse set aside", path=str(aside), reason=why)
    return aside


def git_sha_of(published: Path, run_id: str) -> str:
    """The commit of the software that built a published warehouse, as it says itself."""
    with duckdb.connect(str(published), read_only=True) as db:
        said = db.execute(
            "select git_sha from audit.published_run where run_id = ?", [run_id]
        ).fetchone()
    return str(said[0]) if said and said[0] else "unknown"


def record(ledger: Ledger, finished: Finished, published_at: dt.datetime, **details: Any) -> None:
    """Says in the ledger that a warehouse is published, and what changed by it."""
    ledger.record_published(
        finished.run_id,
        published_at,
        finished.differences,
        finished.matters,
        git_sha=finished.git_sha,
        files_loaded=finished.totals["files_loaded"],
        rows_loaded=finished.totals["rows_loaded"],
        details={"figures": list(finished.figures), **details},
    )


def _write_run(finished: Finished, ledger: Ledger, published_at: dt.datetime) -> None:
    with duckdb.connect(str(finished.path)) as db:
        # An approval that was cut short may have written it.
        db.execute(f"delete from audit.published_run where run_id = {quoted(finished.run_id)}")
        _insert(db, "audit.published_run", [{
            "run_id": finished.run_id, "started_at": ledger.run_started_at(finished.run_id),
            "published_at": published_at, "git_sha": finished.git_sha,
            "files_loaded": finished.totals["files_loaded"],
            "rows_loaded": finished.totals["rows_loaded"],
        }])  # fmt: skip
        db.execute("checkpoint")


def keep_waiting(
    home: Home, ledger: Ledger, finished: Finished, moved: Sequence[Mapping[str, Any]]
) -> Path:
    """Keeps a finished warehouse for somebody to approve, in place of one that waited before.

    Args:
        home: where to keep it; what is published stays.
        ledger: where to record it.
        finished: what waits.
        moved: why: the figures that moved, as `figures_out_of_bounds` says them.
    """
    kept = home.waiting / finished.run_id / home.warehouse.name
    private_folder(home.waiting)
    private_folder(kept.parent)
    finished.path.chmod(0o600)
    finished.path.replace(kept)
    ledger.record_run(
        finished.run_id,
        "waiting",
        git_sha=finished.git_sha,
        files_loaded=finished.totals["files_loaded"],
        rows_loaded=finished.totals["rows_loaded"],
        reason=waits_in_words(finished.run_id, moved),
        details={"share": home.approval_share, "moved": list(moved)},
    )
    for older in home.waiting.iterdir():
        if older != kept.parent:
            shutil.rmtree(older, ignore_errors=True)
    return kept


def figures_out_of_bounds(
    differences: Sequence[Mapping[str, Any]], share: float | None
) -> list[dict[str, Any]]:
    """The headline figures that moved by more than a share of what was published.

    A figure that was 0 or not there has nothing to be a share of, so the first outcomes of a year
    never wait.

    Args:
        differences: of the night.
        share: of the earlier figure, 0.2 for a fifth; None where nothing waits.

    Returns:
        Figure by figure: `figure`, `name`, `before_baht`, `after_baht`, `change_baht`,
        `change_ratio` and `files`, the largest causes with `path`, `file_id` and `change_baht`.
    """
    if share is None:
        return []
    moved = []
    for line in differences:
        if line["kind"] != "figure" or line["line"] != "total" or not line["figure_before_baht"]:
            continue
        ratio = line["figure_change_baht"] / abs(line["figure_before_baht"])
        if abs(ratio) > Decimal(str(share)):
            moved.append(
                {
                    "figure": line["figure_key"],
                    "name": figure_name(line["figure_key"]),
                    "before_baht": float(line["figure_before_baht"]),
                    "after_baht": float(line["figure_after_baht"] or 0),
                    "change_baht": float(line["figure_change_baht"]),
                    "change_ratio": round(float(ratio), 4),
                    "files": causes(differences, line["figure_key"])[:CAUSES_TOLD],
                }
            )
    return moved


def causes(differences: Sequence[Mapping[str, Any]], figure_key: str) -> list[dict[str, Any]]:
    """What moved a headline figure, file by file, the largest change first.

    Each has `path`, `file_id` and `change_baht`; of more files than are told, one sum of the rest
    without a `file_id`.
    """
    return [
        {
            "path": line["path"] or f"{line['files']:,} further files",
            "file_id": line["file_id"],
            "change_baht": float(line["figure_change_baht"]),
        }
        for line in differences
        if line["kind"] == "figure" and line["line"] != "total" and line["figure_key"] == figure_key
    ]


def figure_name(figure_key: str) -> str:
    """A headline figure as a person names it: `2558 cost_reduction`."""
    return " ".join(part.split("=")[1] for part in figure_key.split(", "))


def waits_in_words(run_id: str, moved: Sequence[Mapping[str, Any]]) -> str:
    """Why a night waits and what to do, in a sentence or two."""
    told = "; ".join(
        "{name}: {before_baht:,.2f} → {after_baht:,.2f} baht ({change_ratio:+.1%})".format(**figure)
        for figure in moved
    )
    return (
        f"The headline figures move by more than may be published unseen ({told}). "
        f"Look at the files behind it, then publish it: warehouse approve {run_id[:8]} --by NAME"
    )


def _make(database: Path, version: Path, home: Home) -> None:
    """Writes what is made from a warehouse into its version's folder."""
    from orchestration.exports import write_exports
    from orchestration.report import write_report

    # DuckDB writes most of the exports, Python most of the report.
    with ThreadPoolExecutor(1) as beside:
        exported = beside.submit(
            write_exports, database, version / EXPORTS, before=home.published / EXPORTS
        )
        write_report(database, version / REPORT, cache=home.cache)
        exported.result()


def swap_in(
    built: Path,
    home: Home,
    published_at: dt.datetime,
    run_id: str,
    make: Callable[[Path, Path], None] | None = None,
    commit: Callable[[Path], None] | None = None,
) -> None:
    """Makes `built` the published warehouse, with all that is made from it, at once.

    `built` itself stays where it is until the ledger knows of it, so that what was cut short
    here can be done again.

    Args:
        built: a closed DuckDB file.
        home: where to publish; the last versions are kept.
        published_at: when, for the version's name.
        run_id: whose it is.
        make: writes what is made from the warehouse, given it and the version's folder.
        commit: publishes it elsewhere, too, once the version's folder is whole. What fails after
            that, or leaves unknown whether it did, leaves the folder for whoever takes over.
    """
    is_committed = False
    forget_version(home, run_id)  # of a swap that was cut short
    version = versions_of(home) / f"{published_at:%Y%m%dT%H%M%SZ}-{run_id[:8]}"
    version.mkdir(parents=True, exist_ok=True)
    built.chmod(0o644)
    try:
        database = version / home.warehouse.name
        second_name(built, database)
        if make is not None:
            make(database, version)
        _open_to_all(version)
        if commit is not None:
            commit(database)
            is_committed = True
        _point_to(version, home)
    except LakeUnsure:
        raise
    except Exception:
        if current_version(home) != version and not is_committed:
            shutil.rmtree(version, ignore_errors=True)
        raise
    forget_old_versions(home)


def follow_lake(home: Home, ledger: Ledger) -> None:
    """Has people find the version that the lake has published already. The lock must be held.

    The lake's commit comes first, once the version is whole; a night may be cut short before its
    folder is the current one. An earlier version that somebody went back to is on record, and
    stays. A version that a night left because the lake did not say whether it has it goes where it
    has not.

    Raises:
        orchestration.lake.attaching.LakeFailed: the lake does not say.
    """
    if home.target is not Target.ducklake:
        return
    run_id, shown = last_published_in_lake(home), last_published(home)
    if run_id is not None and run_id != shown and not ledger.is_published(run_id):
        for version in versions_of(home).glob(f"*-{run_id[:8]}"):
            _point_to(version, home)
    for event in ledger.last_nights(_LOOKED_BACK):
        if event["event_kind"] == "not_published" and event["run_id"] not in (run_id, shown):
            forget_version(home, event["run_id"])


def current_version(home: Home) -> Path | None:
    """The folder of the version that is published; None before the first, or without links."""
    current = home.published / CURRENT
    return versions_of(home) / current.readlink().name if current.is_symlink() else None


def _open_to_all(version: Path) -> None:
    """Lets everybody read a version, and has the disk keep it."""
    version.parent.chmod(0o755)
    folders, files = [version.parent], []
    for folder, _, names in os.walk(version):
        folders.append(Path(folder))
        files += [Path(folder, name) for name in names]
    for path in folders:
        path.chmod(0o755)
    for path in files:
        path.chmod(0o644)
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # a disk keeps many at once as fast as one
        list(pool.map(make_durable, [*files, *folders]))


def _point_to(version: Path, home: Home) -> None:
    """Has people find a version under the published names.

    The first time, and after a back-up was brought back, the warehouse is a file where a link is to
    be; it is replaced last. A file system without links has the warehouse alone, as a copy.
    """
    try:
        _link(home.published / CURRENT, f"{versions_of(home).name}/{version.name}")
        for made in sorted(version.iterdir(), key=lambda path: path.name == home.warehouse.name):
            _link(home.published / made.name, f"{CURRENT}/{made.name}")
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        temporary = home.published / f".{home.warehouse.name}.{os.getpid()}.part"
        second_name(version / home.warehouse.name, temporary)
        temporary.replace(home.warehouse)
    make_durable(home.published)


def _link(name: Path, target: str) -> None:
    """Has a symbolic link lead to `target`, in one step; what had its name is gone.

    In a home that was copied by what follows links a folder is in its place, and goes first.
    """
    if name.is_symlink() and str(name.readlink()) == target:
        return
    temporary = name.with_name(f".{name.name}.{os.getpid()}.part")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    if name.is_dir() and not name.is_symlink():
        shutil.rmtree(name)
    temporary.replace(name)


def forget_old_versions(home: Home) -> list[Path]:
    """Removes published versions older than the last that are kept; returns them.

    An earlier one that somebody went back to stays.
    """
    versions = sorted(path for path in versions_of(home).glob("*") if path.is_dir())
    current = current_version(home)
    old = [version for version in versions[: -home.keep_versions] if version != current]
    for version in old:
        shutil.rmtree(version, ignore_errors=True)
    return old


def versions_of(home: Home) -> Path:
    """Where the published versions are kept, a folder each."""
    return home.published / "versions"


def forget_version(home: Home, run_id: str) -> None:
    """Removes the version that a run kept, but did not publish."""
    for version in versions_of(home).glob(f"*-{run_id[:8]}"):
        shutil.rmtree(version)


def _make_check_history_again(db: duckdb.DuckDBPyConnection, home: Home) -> None:
    """What follows from all results of checks, now that dbt's of this run are among them."""
    scratch = home.night / "scratch.duckdb"
    db.execute(f"attach {quoted(str(scratch))} as scratch (read_only)")
    compiled = home.night / "dbt" / "compiled" / "cluster_warehouse" / "models"
    query = (compiled / "audit" / f"{MADE_AGAIN}.sql").read_text(encoding="utf-8")
    db.execute(f"delete from audit.{MADE_AGAIN}")
    db.execute(f"insert into audit.{MADE_AGAIN} by name ({query})")
    db.execute("detach scratch")


def _insert(db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows, all of them with the columns of the first."""
    if rows:
        told = ", ".join(f"({', '.join(map(literal, row.values()))})" for row in rows)
        db.execute(f"insert into {table} ({', '.join(rows[0])}) values {told}")
