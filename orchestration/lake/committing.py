"""A publication: one transaction of the lake, one snapshot, and a commit that names the run.

Who publishes holds a lock of the catalog, so that homes which share a lake come one after another.
A run that has committed already commits no second time: the commit names it. So where the answer to
a commit was lost, the catalog is asked again what became of it. A lake belongs to one warehouse,
told by the key of its enterprises; another's is refused, for its enterprises would not be those of
the earlier nights.
"""

from __future__ import annotations

import datetime as dt
import hmac
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.lake import rows
from orchestration.lake.attaching import (
    LAKE,
    LakeFailed,
    LakeUnsure,
    attached,
    catalog_session,
    in_words,
    place,
)
from orchestration.lake.reading import nights
from orchestration.lake.snapshots import AUTHOR, Publication, last_publication
from orchestration.mirror.keys import Keys
from orchestration.settings import Home
from sources import log
from sources.sql import quoted

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

#: Whoever writes to the lake of a catalog holds this lock: the letters `lake` as a number.
_ONE_WRITER = int.from_bytes(b"lake", "big")
#: How long another home's publication is waited for (seconds).
_WAIT_SECONDS = 60
#: How long a catalog that went away over a commit is waited for, to say whether it kept it
#: (seconds).
_ANSWER_SECONDS = 30
#: A server that lost a connection ends what came over it first.
_ASK_AGAIN_SECONDS = 1
#: Of DuckDB's buffers while rows are compared; beyond it spills to disk.
_MEMORY = "900MB"
#: What a snapshot says of itself that changes nothing for readers: files were put together.
_SAME_ROWS = frozenset(
    {"compacted_table", "merge_adjacent", "rewrite_delete", "flushed_inlined", "inline_flush"}
)


@dataclass(frozen=True)
class Committed:
    """What a publication changed.

    Attributes:
        publication: as the lake has it now.
        tables: how many tables there are.
        tables_changed: in how many of them a row is another than before.
        rows_added: rows that are new.
        rows_removed: rows that are gone.
        seconds: wall time.
    """

    publication: Publication
    tables: int
    tables_changed: int
    rows_added: int
    rows_removed: int
    seconds: float


def commit(
    home: Home,
    database: Path,
    run_id: str,
    published_at: dt.datetime,
    keys: Callable[[], Keys] = Keys,
    *,
    forgotten_at: dt.datetime | None = None,
) -> Committed:
    """Has the lake become a closed file, as one snapshot.

    Args:
        home: whose lake, and whose enterprises' key.
        database: a finished warehouse; it is only read.
        run_id: whose it is.
        published_at: when it is published (UTC).
        keys: gives the keys that hold in it.
        forgotten_at: when a person was forgotten last (UTC): where the lake's last publication is
            earlier, every table is written anew and the earlier snapshots go.

    Raises:
        LakeUnsure: the catalog went away over the commit, and did not come back to tell.
        LakeFailed: nothing was published, and the lake is as it was.
        sources.objects.ObjectStoreError: there are no credentials for its data.
    """
    if home.lake_data is None:
        raise LakeFailed(
            "WAREHOUSE_LAKE_DATA is not set: the lakehouse has no place for its files. Set it to a "
            "folder or an s3:// URL that every reader reaches."
        )
    began = time.monotonic()
    with only_writer(home):
        done = _commit(home, database, run_id, published_at, keys, forgotten_at)
    log.info("lake published", run_id=run_id, snapshot=done.publication.snapshot)
    return Committed(**{**vars(done), "seconds": round(time.monotonic() - began, 2)})


@contextmanager
def only_writer(home: Home) -> Generator[Connection, None, None]:
    """Keeps other writers out of the lake while the block runs, wherever they are.

    Raises:
        LakeFailed: the catalog does not answer, or another writer does not end.
    """
    import psycopg2
    from psycopg2.errors import LockNotAvailable

    with catalog_session(home) as session:  # and with its end the lock's
        session.autocommit = True
        try:
            with session.cursor() as cursor:
                cursor.execute(f"set lock_timeout = {_WAIT_SECONDS * 1000}")
                cursor.execute("select pg_advisory_lock(%s)", [_ONE_WRITER])
        except LockNotAvailable as error:
            raise LakeFailed(
                f"Another machine publishes into the lake of {place(home)} and does not end. "
                "Wait for it, then run `warehouse run` again."
            ) from error
        except psycopg2.Error as error:
            raise in_words(error, home) from None
        yield session


def warehouse_of(home: Home) -> str:
    """What tells a warehouse from others: a hash of its enterprises' key."""
    secret = home.known_secret() or b""
    return hmac.new(secret, b"the warehouse of a lake", "sha256").hexdigest()[:16]


def _commit(
    home: Home,
    database: Path,
    run_id: str,
    published_at: dt.datetime,
    keys: Callable[[], Keys],
    forgotten_at: dt.datetime | None,
) -> Committed:
    try:
        with attached(home, read_only=False) as db:
            db.execute(f"set memory_limit = '{_MEMORY}'")
            db.execute(f"attach {quoted(str(database))} as {rows.FILE} (read_only)")
            last = last_publication(db)
            if last is not None and last.warehouse != warehouse_of(home):
                raise LakeFailed(
                    f"The lake of {place(home)} belongs to another warehouse: its enterprises have "
                    "other keys. Give this home a catalog database and a data folder of its own, "
                    "or the WAREHOUSE_KEY_SECRET of that one."
                )
            if last is not None and last.run_id == run_id:  # cut short after its commit
                return Committed(last, len(rows.tables_in(db, rows.FILE)), 0, 0, 0, 0.0)
            has_forgotten = (
                forgotten_at is not None and last is not None and last.published_at < forgotten_at
            )
            return _renewed(db, home, run_id, published_at, last, keys, has_forgotten)
    except duckdb.Error as error:
        raise in_words(error, home) from error


def _renewed(
    db: duckdb.DuckDBPyConnection,
    home: Home,
    run_id: str,
    published_at: dt.datetime,
    last: Publication | None,
    keys: Callable[[], Keys],
    has_forgotten: bool,
) -> Committed:
    tables = rows.tables_in(db, rows.FILE)
    now = rows.fingerprints(db, tables)
    same = set()
    if last is not None and last.duckdb == duckdb.__version__ and is_as_published(db, last):
        same = {name for name, one in now.items() if last.fingerprints.get(name) == one}
    publication = Publication(0, run_id, published_at, warehouse_of(home), duckdb.__version__, now)
    with _taken_back(db):
        changed = rows.renew(db, tables, same, keys(), anew=has_forgotten)
        db.execute(
            f"call ducklake_set_commit_message('{LAKE}', '{AUTHOR}', {quoted('run ' + run_id)}, "
            f"extra_info => {quoted(publication.extra_info())})"
        )
    try:
        db.execute("commit")
        committed = last_publication(db)
    except duckdb.Error as error:
        committed = _asked_again(home, run_id, error)
    if committed is None or committed.run_id != run_id:
        raise LakeFailed(f"The lake of {place(home)} did not keep run {run_id[:8]}. Report it.")
    return Committed(
        committed,
        len(tables),
        len(changed),
        sum(of.added for of in changed.values()),
        sum(of.removed for of in changed.values()),
        0.0,
    )


@contextmanager
def _taken_back(db: duckdb.DuckDBPyConnection) -> Generator[None, None, None]:
    """Begins a transaction, and takes it back where the block fails.

    Closing the connection takes back what is left open, too. But where the catalog's server is gone
    by then, DuckLake ends the whole process for it.
    """
    db.execute("begin")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):
            db.execute("rollback")
        raise


def _asked_again(home: Home, run_id: str, lost: duckdb.Error) -> Publication:
    """What became of a commit that failed, or whose answer was lost; asked of the catalog.

    Raises:
        LakeFailed: it was not kept.
        LakeUnsure: the catalog does not answer.
    """
    until = time.monotonic() + _ANSWER_SECONDS
    while True:
        time.sleep(_ASK_AGAIN_SECONDS)
        try:
            kept = [one for one in nights(home) if one.run_id == run_id]
        except LakeFailed as silent:
            if time.monotonic() < until:
                continue
            raise LakeUnsure(
                f"The lake's catalog {place(home)} went away while it kept run {run_id[:8]}, and "
                "does not say whether it did. Start the server, then run `warehouse run`, which "
                "finds out and goes on from there; until then what was published may be read."
            ) from silent
        if kept:
            return kept[-1]
        raise in_words(lost, home) from lost


def is_as_published(db: duckdb.DuckDBPyConnection, last: Publication) -> bool:
    """Whether nobody has changed rows since a publication; files may have been put together."""
    since = db.execute(
        f"select map_keys(changes) from ducklake_snapshots('{LAKE}') where snapshot_id > ?",
        [last.snapshot],
    ).fetchall()
    return all(_SAME_ROWS.issuperset(kinds) for (kinds,) in since)
