"""Keeping house: what is old goes, so that a home can be used for years without being looked after.

Dagster itself removes only what its sensors noted. Here go its old runs with their events, checks
and output, the notes of schedules, old files of the log, and what a killed writer left behind. The
ledger, the archive and the store are never thinned out: they are the warehouse.

    runs           WAREHOUSE_KEEP_RUNS_DAYS; never the last nights, nor what an asset still shows
    logs           WAREHOUSE_KEEP_LOGS_DAYS
    versions       WAREHOUSE_KEEP_VERSIONS
    lake           WAREHOUSE_LAKE_KEEP_DAYS, where the target is ducklake
    leftovers      a day

Deleting needs no lock, for what is deleted belongs to nobody; leftovers are looked for, and
Dagster's files made smaller, only while no night runs.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.disk_space import size_of
from orchestration.lock import NightIsRunning, is_being_built, one_writer
from orchestration.publication import forget_old_versions
from orchestration.settings import Home, Target
from sources import log
from sources.objects import FETCHED

if TYPE_CHECKING:
    from dagster import DagsterInstance

#: The job whose runs are nights.
NIGHTLY = "nightly"
#: Nights that stay however old they are, so that a home that stood still can still be looked into.
_LAST_NIGHTS = 30
#: Runs removed at a time; a home that was never tidied takes a few days.
_RUNS_AT_A_TIME = 500
#: What a writer wrote this long ago under a temporary name, it has given up (seconds).
_LEFT_SECONDS = 24 * 3600
#: A database is made smaller when so much of it is empty.
_EMPTY_SHARE = 0.25
#: How long to wait for whoever reads a database (seconds); it is made smaller another day.
_BUSY_SECONDS = 5


@dataclass(frozen=True)
class Tidied:
    """What was removed of one kind.

    Attributes:
        what: the kind, in words.
        count: how many.
        bytes_freed: on the disk; 0 where they were rows of a database.
    """

    what: str
    count: int
    bytes_freed: int = 0

    def as_dict(self) -> dict[str, object]:
        """As JSON has it."""
        return asdict(self)


def keep_house(home: Home, instance: DagsterInstance) -> list[Tidied]:
    """Removes what is old, kind by kind; each may be 0.

    Args:
        home: prepared.
        instance: Dagster's, of that home.
    """
    done = [*remove_old_runs(home, instance), *remove_old_files(home)]
    if home.target is Target.ducklake:
        done += keep_lake(home)
    for one in done:
        log.info("house kept", what=one.what, count=one.count, bytes_freed=one.bytes_freed)
    return done


def remove_old_files(home: Home) -> list[Tidied]:
    """Removes what is old of the home's own files."""
    done = [_old_files("old files of the log", home.logs.glob("*.jsonl*"), home.keep_logs_days)]
    try:
        with one_writer(home, "housekeeping"):
            done += [_versions(home), _leftovers(home), _made_smaller(home)]
    except NightIsRunning:
        return done  # the night's own files are left alone; tomorrow is another day
    return done


def keep_lake(home: Home) -> list[Tidied]:
    """Removes what is old of the lake, and puts its small files together.

    A lake that does not answer is left for another day; status, doctor and the night say so.
    """
    from orchestration.lake.attaching import LakeFailed
    from orchestration.lake.nights import forget_in_lake
    from orchestration.lake.upkeep import keep_up
    from orchestration.ledger import open_ledger

    try:
        with open_ledger(home) as ledger:
            forgotten = forget_in_lake(home, ledger)
        kept = keep_up(home, dt.datetime.now(dt.UTC))
    except LakeFailed as error:
        log.error("lake not kept", reason=str(error))
        return []
    return [
        Tidied("old nights of the lakehouse", forgotten + kept.snapshots, 0),
        Tidied("files of the lakehouse that no night has any more", kept.files_removed, 0),
    ]


# ── Dagster ───────────────────────────────────────────────────────────────────────────────────────


def remove_old_runs(home: Home, instance: DagsterInstance) -> list[Tidied]:
    """Removes what is old of what Dagster keeps."""
    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=home.keep_runs_days)
    removed, freed = 0, 0
    for run_id in _old_runs(instance, before):
        freed += _remove_run(home, instance, run_id)
        removed += 1
    return [
        Tidied("old runs with their events and output", removed, freed),
        Tidied("old results of checks", _remove_checks(instance, before)),
        Tidied("old notes of schedules", _remove_ticks(instance)),
    ]


def _old_runs(instance: DagsterInstance, before: dt.datetime) -> list[str]:
    """The runs to remove: ended, old, not among the last, and no asset's last one."""
    from dagster import DagsterRunStatus, RunsFilter

    ended = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
    old = instance.get_run_ids(RunsFilter(statuses=ended, created_before=before))
    if not old:
        return []
    kept = set(instance.get_run_ids(RunsFilter(job_name=NIGHTLY), limit=_LAST_NIGHTS))
    for record in instance.get_asset_records():
        entry = record.asset_entry
        last = (entry.last_materialization_record, entry.last_observation_record)
        kept |= {event.run_id for event in last if event} | {str(entry.last_run_id)}
    return [run_id for run_id in reversed(old) if run_id not in kept][:_RUNS_AT_A_TIME]


def _remove_run(home: Home, instance: DagsterInstance, run_id: str) -> int:
    """Removes a run; returns the bytes that its files took."""
    output = home.dagster / "storage" / run_id
    freed = size_of(output)
    instance.delete_run(run_id)
    shutil.rmtree(output, ignore_errors=True)
    # Dagster empties a run's own database and leaves the file.
    for file in (home.dagster / "history" / "runs").glob(f"{run_id}.db*"):
        freed += size_of(file)
        file.unlink(missing_ok=True)
    return freed


def _remove_checks(instance: DagsterInstance, before: dt.datetime) -> int:
    """Removes results of checks that Dagster keeps when it deletes a run, but for each one's last.

    Dagster has no call for it; the table is that of its own storage, in SQLite and PostgreSQL.
    """
    import sqlalchemy as sa
    from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable as Executions
    from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage

    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        raise TypeError(f"Dagster's events are in {type(storage).__name__}, which is not SQL.")
    with storage.index_connection() as connection:
        last = sa.select(sa.func.max(Executions.c.id)).group_by(
            Executions.c.asset_key, Executions.c.check_name
        )
        done = connection.execute(
            sa.delete(Executions).where(
                Executions.c.create_timestamp < before.replace(tzinfo=None),
                Executions.c.id.not_in(last),
            )
        )
        return done.rowcount


def _remove_ticks(instance: DagsterInstance) -> int:
    """Removes old notes of schedules: Dagster's daemon does so for sensors alone (1.13)."""
    from dagster._core.definitions.run_request import InstigatorType

    days_by_status = instance.get_tick_retention_settings(InstigatorType.SCHEDULE)
    now, removed = time.time(), 0
    for schedule in instance.all_instigator_state(instigator_type=InstigatorType.SCHEDULE):
        of = (schedule.instigator_origin_id, schedule.selector_id)
        there = len(instance.get_ticks(*of))
        for status, days in days_by_status.items():
            if days > 0:
                instance.purge_ticks(*of, before=now - days * 86_400, tick_statuses=[status])
        removed += there - len(instance.get_ticks(*of))
    return removed


# ── Files ─────────────────────────────────────────────────────────────────────────────────────────


def _old_files(what: str, files: Iterator[Path], days: float) -> Tidied:
    before, removed, freed = time.time() - days * 86_400, 0, 0
    for file in files:
        if file.stat().st_mtime < before:
            freed += size_of(file)
            file.unlink()
            removed += 1
    return Tidied(what, removed, freed)


def _versions(home: Home) -> Tidied:
    before = size_of(home.published)
    gone = forget_old_versions(home)
    return Tidied("old published versions", len(gone), before - size_of(home.published))


def _leftovers(home: Home) -> Tidied:
    """What writers that were killed left behind, a day ago or longer."""
    before, removed, freed = time.time() - _LEFT_SECONDS, 0, 0
    for path in _temporary(home):
        if path.lstat().st_mtime < before:
            if path.is_dir() and not path.is_symlink():
                freed += size_of(path)
                shutil.rmtree(path)
            else:
                freed += path.lstat().st_blocks * 512
                path.unlink()
            removed += 1
    return Tidied("leftovers of writers that were killed", removed, freed)


def _temporary(home: Home) -> Iterator[Path]:
    for folder in (home.archive, home.store, home.published):
        if isinstance(folder, Path):
            yield from folder.rglob(".*.part")
    yield from home.fetched.glob(f"{FETCHED}*")
    for pattern in (".probe.*", ".key_secret.*", ".serve_token.*", ".*.part"):
        yield from home.root.glob(pattern)
    for path in home.build.glob("*"):
        if path != home.night and not is_being_built(path.with_suffix("")):
            yield path


def _made_smaller(home: Home) -> Tidied:
    """Gives back the room in Dagster's databases that removing left empty."""
    made, freed = 0, 0
    for file in sorted(home.dagster.rglob("*.db")):
        before = size_of(file)
        try:
            with closing(sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None)) as db:
                (pages,) = db.execute("pragma page_count").fetchone()
                (empty,) = db.execute("pragma freelist_count").fetchone()
                if empty <= pages * _EMPTY_SHARE:
                    continue
                db.execute("vacuum")
                db.execute("pragma wal_checkpoint(truncate)").fetchall()
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                continue  # somebody reads it
            raise
        made += 1
        freed += before - size_of(file)
    return Tidied("databases of Dagster made smaller", made, freed)
