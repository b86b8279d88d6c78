"""Ledger, store, key and published warehouse: whether each is whole and they fit each other."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import sqlalchemy as sa

from orchestration.doctor.finding import Finding, ok, problem, warning
from orchestration.settings import Home
from sources import ledger_copy
from sources.clock import utc_now
from sources.contracts import discover
from sources.ledger import Ledger
from sources.ledger_engine import LedgerError, LedgerUnreachable
from sources.objects import Place, at_hand, there
from sources.store import Archive, Store

_RESTORE = (
    "Restore the last back-up into a new home (`warehouse restore`), or that file from it; what "
    "came since lies in the landing zone and is taken in again."
)
_NONE_YET = "There is no ledger yet; the first night makes it."
#: How far the clock may lie behind what was written last.
_BEHIND = dt.timedelta(minutes=1)
_SECONDS = 10


@contextmanager
def _opened(home: Home) -> Iterator[Ledger | None]:
    """The ledger, where there is one."""
    file = ledger_copy.sqlite_file(home.ledger_url)
    if file is not None and not file.exists():
        yield None
        return
    ledger = Ledger(home.ledger_url, upgrade=False)
    try:
        yield ledger
    finally:
        ledger.close()


def ledger(home: Home) -> Iterator[Finding]:
    """Whether the ledger opens, is of a version this software knows, and is whole."""
    try:
        with _opened(home) as opened:
            if opened is None:
                yield ok("ledger", _NONE_YET)
                return
            if opened.engine.dialect.name == "sqlite":
                with opened.engine.connect() as connection:
                    said = connection.scalar(sa.text("pragma quick_check(1)"))
                if said != "ok":
                    yield problem("ledger", f"The ledger is damaged: {said}.", _RESTORE)
                    return
            last = opened.last_run()
    except LedgerUnreachable as error:
        yield problem("ledger", str(error), "Is its database running?")
        return
    except LedgerError as error:
        yield problem("ledger", str(error), "Install the version of the software that it names.")
        return
    except sa.exc.SQLAlchemyError as error:
        what = getattr(error, "orig", None) or error
        where = "Is its database running?" if "sqlite" not in home.ledger_url else _RESTORE
        yield problem("ledger", f"The ledger cannot be read: {what}.", where)
        return
    told = "no night has run" if last is None else f"the last run {last['event_kind']}"
    yield ok("ledger", f"The ledger can be read; {told}.")


def clock(home: Home) -> Iterator[Finding]:
    """Whether the clock has gone back behind what is on record, and is kept right."""
    with _opened(home) as opened:
        last = opened.last_run() if opened else None
    if last and last["occurred_at"] > utc_now() + _BEHIND:
        yield problem(
            "clock",
            f"The clock says {utc_now():%Y-%m-%d %H:%M} UTC, and the last run was at "
            f"{last['occurred_at']:%Y-%m-%d %H:%M}. What comes now would count as older.",
            "Set the clock (by NTP) before the next night.",
        )
    asked = shutil.which("timedatectl")
    if asked is None:
        return
    done = subprocess.run(  # noqa: S603 - a fixed command
        [asked, "show", "--property=NTPSynchronized", "--value"],
        capture_output=True, text=True, timeout=_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode == 0 and done.stdout.strip() == "no":
        yield warning("clock", "No NTP keeps the clock.", "Type: sudo timedatectl set-ntp true")


def store(home: Home) -> Iterator[Finding]:
    """Whether every file that the ledger names is in archive and store."""
    with _opened(home) as opened:
        if opened is None:
            return
        named = ledger_copy.named_files(opened.engine, Archive(home.archive), Store(home.store))
    sizes = there(file.path for file in named)
    gone = [file.path for file in named if not _is_whole(file.path, sizes.get(file.path))]
    if gone:
        yield problem(
            "store",
            f"{len(gone):,} of {len(named):,} files that the ledger names are missing or empty, "
            f"the first: {gone[0]}.",
            _RESTORE,
        )
    else:
        yield ok("store", f"All {len(named):,} files that the ledger names are there.")


def _is_whole(path: Place, size: int | None) -> bool:
    """An empty file may have come, and is then in the archive; a Parquet file is never empty."""
    return size is not None and (size > 0 or path.suffix != ".parquet")


def key(home: Home) -> Iterator[Finding]:
    """Whether the key of the hash is the one by which the stored files were hashed."""
    with _opened(home) as opened:
        stored = opened.stored_files() if opened else []
    if home.key_secret is None and not (home.root / "key_secret").exists():
        if stored:
            yield problem(
                "key",
                "The key of the enterprise hash is gone: the next night would make another, and "
                "enterprises would no longer join.",
                f"Put back {home.root / 'key_secret'} from the back-up before any night runs.",
            )
        return
    contracts = discover()
    for dataset, file_id, version, accepted, _quarantined in reversed(stored):
        ids = [
            column.name
            for column in (contracts[dataset].columns if dataset in contracts else ())
            if column.form == "enterprise_id"
        ]
        path = Store(home.store).path(dataset, "accepted", file_id, version)
        if not accepted or not ids or not path.exists():
            continue
        with duckdb.connect() as db, at_hand(path) as file:
            row = db.execute(
                f"select {ids[0]}, enterprise_key from read_parquet(?) "
                f"where {ids[0]} is not null limit 1",
                [str(file)],
            ).fetchone()
        if row is None:
            continue
        if (
            hmac.new(home.known_secret() or b"", row[0].encode(), hashlib.sha256).hexdigest()
            == row[1]
        ):
            yield ok("key", "The key is the one by which stored files were hashed.")
        else:
            yield problem(
                "key",
                "The key is not the one by which stored files were hashed: enterprises of new "
                "files would not join with those of earlier ones.",
                "Set WAREHOUSE_KEY_SECRET to what it was, or unset it where the key lies in the "
                "home, before any night runs.",
            )
        return


def published(home: Home) -> Iterator[Finding]:
    """Whether the published file opens, in a format that can be read, and is the last night's."""
    with _opened(home) as opened:
        on_record = (
            [e for e in opened.waiting_or_published() if e["event_kind"] == "published"]
            if opened
            else []
        )
    if not home.warehouse.exists():
        if on_record:
            yield problem(
                "published",
                f"{home.warehouse} is gone.",
                "Type: warehouse run. Until then copy the last one from "
                f"{home.published / 'versions'}.",
            )
        else:
            yield warning("published", "Nothing is published yet.", "Type: warehouse run")
        return
    try:
        with duckdb.connect(str(home.warehouse), read_only=True) as db:
            row = db.execute(
                "select tags['storage_version'] from duckdb_databases() where not internal"
            ).fetchone()
            run = db.execute(
                "select run_id from audit.published_run order by published_at desc limit 1"
            ).fetchone()
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        yield problem(
            "published", f"{home.warehouse} cannot be read: {first}", "Type: warehouse run"
        )
        return
    if on_record and (run is None or run[0] != on_record[-1]["run_id"]):
        yield warning(
            "published",
            f"What is published is of run {run[0] if run else 'unknown'}; the ledger's last is "
            f"{on_record[-1]['run_id']}.",
            "An earlier version was put in its place, or a night was killed. Type: warehouse run",
        )
        return
    yield ok(
        "published",
        f"The published warehouse can be read by DuckDB {duckdb.__version__} (file format "
        f"{row[0] if row else 'unknown'}) and is the last that was published.",
    )
