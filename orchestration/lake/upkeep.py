"""What is old in the lake goes: snapshots, files that no snapshot has any more, small files.

A file that is put together with others, or whose snapshots are gone, stays for a day more: a
reader that is in the middle of a statement goes on to its end. The last publication stays however
old it is. Only after a person was forgotten nothing of earlier nights stays at all.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import duckdb

from orchestration.lake.attaching import LAKE, NoLake, attached, in_words
from orchestration.lake.committing import only_writer
from orchestration.lake.snapshots import last_publication
from orchestration.settings import Home
from sources import log

#: How long what no snapshot has any more stays for whoever reads it now.
GRACE = dt.timedelta(days=1)
#: Of a file's rows: where more are deleted it is written again without them.
_DELETED_SHARE = 0.3
#: How DuckLake names its files; what is named otherwise is none of ours.
_OURS = re.compile(r"/ducklake-[0-9a-f-]{36}(-delete)?\.parquet$")


@dataclass(frozen=True)
class Kept:
    """What upkeep did.

    Attributes:
        snapshots: how many are gone.
        files_written: in the place of more, or of those that had deleted rows.
        files_removed: how many are gone.
    """

    snapshots: int
    files_written: int
    files_removed: int


def keep_up(home: Home, now: dt.datetime) -> Kept:
    """Removes what is old, and puts small files together.

    Args:
        home: whose lake; one that was never published into is left alone.
        now: in UTC.

    Raises:
        orchestration.lake.attaching.LakeFailed: it cannot be done; readers are not concerned.
    """
    before = now - dt.timedelta(days=home.lake_keep_days)
    try:
        with only_writer(home), attached(home, read_only=False, create=False) as db:
            gone = _expire(db, f"snapshot_time < {_instant(before)}")
            written = _put_together(db)
            removed = _remove_files(db, now - GRACE)
    except NoLake:
        return Kept(0, 0, 0)
    except duckdb.Error as error:
        raise in_words(error, home) from error
    return Kept(gone, written, removed)


def forget_earlier(home: Home) -> int:
    """Removes every snapshot before the last publication, with all files that only they have.

    For a person who was forgotten: the last publication has been written anew without that
    person. A reader in the middle of an earlier night is cut off.

    Returns:
        How many snapshots are gone.

    Raises:
        orchestration.lake.attaching.LakeFailed: it cannot be done.
    """
    try:
        with only_writer(home), attached(home, read_only=False, create=False) as db:
            gone = _expire(db, "true")
            db.execute(f"call ducklake_cleanup_old_files('{LAKE}', cleanup_all => true)")
    except duckdb.Error as error:
        raise in_words(error, home) from error
    log.info("lake forgot earlier nights", snapshots=gone)
    return gone


def has_earlier_than(home: Home, instant: dt.datetime) -> bool:
    """Whether the lake still has a snapshot from before an instant (UTC).

    Raises:
        orchestration.lake.attaching.LakeFailed: it cannot be read.
    """
    try:
        with attached(home) as db:
            found = db.execute(
                f"select count(*) from ducklake_snapshots('{LAKE}') "
                f"where snapshot_id > 0 and snapshot_time < {_instant(instant)}"
            ).fetchone()
    except NoLake:
        return False
    except duckdb.Error as error:
        raise in_words(error, home) from None
    return bool(found and found[0])


def _expire(db: duckdb.DuckDBPyConnection, condition: str) -> int:
    last = last_publication(db)
    if last is None:
        return 0
    found = db.execute(
        f"select snapshot_id from ducklake_snapshots('{LAKE}') "
        f"where snapshot_id < {last.snapshot} and {condition}"
    ).fetchall()
    if found:
        listed = ", ".join(str(number) for (number,) in found)
        db.execute(f"call ducklake_expire_snapshots('{LAKE}', versions => [{listed}])")
    return len(found)


def _put_together(db: duckdb.DuckDBPyConnection) -> int:
    rewritten = db.execute(
        f"select coalesce(sum(files_created), 0) from "
        f"ducklake_rewrite_data_files('{LAKE}', delete_threshold => {_DELETED_SHARE})"
    ).fetchone()
    merged = db.execute(
        f"select coalesce(sum(files_created), 0) from ducklake_merge_adjacent_files('{LAKE}')"
    ).fetchone()
    return sum(int(one[0]) for one in (rewritten, merged) if one)


def _remove_files(db: duckdb.DuckDBPyConnection, before: dt.datetime) -> int:
    older = f"older_than => {_instant(before)}"
    old = db.execute(f"from ducklake_cleanup_old_files('{LAKE}', {older})").fetchall()
    orphans = f"ducklake_delete_orphaned_files('{LAKE}', {older}"
    found = db.execute(f"from {orphans}, dry_run => true)").fetchall()
    if not found:
        return len(old)
    foreign = [path for (path,) in found if not _OURS.search(str(path))]
    if foreign:  # of somebody else, who has them among the lake's files
        log.error("lake not cleaned up", foreign_file=str(foreign[0]), files=len(foreign))
        return len(old)
    db.execute(f"from {orphans})").fetchall()
    return len(old) + len(found)


def _instant(instant: dt.datetime) -> str:
    return f"timestamptz '{instant:%Y-%m-%d %H:%M:%S.%f}+00'"
