"""What is so now: the matters that follow from the ledger, the published warehouse and Dagster.

    ledger ──────────────▶ nights that did not publish, files rejected, checks that fail
    published warehouse ─▶ rows held for too long; whether the mirror shows it
    Dagster's storage ───▶ the daemon, runs that failed

Each function looks and tells; none changes anything or remembers. Dagster itself is not imported:
two tables of its storage say all that is asked, and a heartbeat must cost little.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from orchestration.alerts.kinds import (
    CHECK_FAILING,
    DAEMON_DEAD,
    DAGSTER_UNREADABLE,
    FILE_REJECTED,
    LEDGER_UNREADABLE,
    MIRROR_BEHIND,
    NIGHT_WAITS,
    NOT_PUBLISHED,
    NOTHING_PUBLISHED,
    PUBLISHED_UNREADABLE,
    ROWS_HELD,
    RUN_DIED,
    RUN_FAILED,
    Matter,
)
from orchestration.lock import is_worked_on
from orchestration.mirror.standing import behind
from orchestration.settings import TIME_ZONE, Home
from sources.ledger_tables import check_result, file_event, run_event
from sources.sentences import reasons

#: Dagster's daemon says every 30 seconds that it lives; a busy machine may keep it from that.
DAEMON_SILENT = dt.timedelta(minutes=5)
#: The parts of the daemon without which no night starts.
DAEMON_PARTS = ("SCHEDULER", "QUEUED_RUN_COORDINATOR")
#: What was published so long before it was due counts as the night that was due.
DUE_WINDOW = dt.timedelta(hours=12)
#: The job whose runs the ledger knows.
NIGHTLY = "nightly"
#: The jobs that run by themselves, so that the next run ends what is told of a failed one. Who
#: materializes a single asset or rebuilds a day looks at the run, and may never start another.
_RECURRING = (NIGHTLY, "housekeeping", "quarantine_workbooks")
#: Letters of a failure's reason.
LONGEST_REASON = 400

_ENDED = ("published", "not_published", "waiting")
#: What the next run, or whoever started Dagster, says of a run that ended without a word.
_CUT_SHORT = "cut_short"
#: Begins the id of what failed before it was a run of Dagster's.
UNBEGUN = "unbegun-"
_ABOUT_RUNS = ("started", *_ENDED, _CUT_SHORT)


# ── Nights, by the ledger ─────────────────────────────────────────────────────────────────────


def nights(connection: sa.Connection, home: Home) -> list[Matter]:
    """What is wrong with the last night: it failed, waits, or ended without a word."""
    found = []
    last_ended = _last_run_event(connection, _ENDED)
    if last_ended is not None and last_ended["event_kind"] == "not_published":
        run_id = str(last_ended["run_id"])
        began = not run_id.startswith(UNBEGUN)
        found.append(not_published(_first_reason(connection, run_id), run_id if began else None))
    waits = _last_run_event(connection, ("waiting", "published"))
    if waits is not None and waits["event_kind"] == "waiting":
        found.append(_waits(waits))
    if (died := _died(connection, home)) is not None:
        run_id, began_at = died
        found.append(
            Matter(
                RUN_DIED.name,
                RUN_DIED,
                f"{RUN_DIED.title}: run {run_id[:8]}, begun {began_at:%Y-%m-%d %H:%M} UTC",
                details=(
                    "It was killed or stopped, or the machine was. Nothing need be cleaned up: "
                    "the next night takes over. What was published before is unchanged.",
                ),
                page=f"/runs/{run_id}",
            )
        )
    return found


def _died(connection: sa.Connection, home: Home) -> tuple[str, dt.datetime] | None:
    """The last run, and when it began, where it ended without a word and none came after it."""
    last = _last_run_event(connection, _ABOUT_RUNS)
    if last is None or last["event_kind"] not in ("started", _CUT_SHORT):
        return None
    run_id = str(last["run_id"])
    if last["event_kind"] == "started" and is_worked_on(home, run_id):
        return None
    began = sa.select(sa.func.min(run_event.c.occurred_at, type_=sa.DateTime)).where(
        run_event.c.run_id == run_id
    )
    return run_id, connection.scalar(began) or last["occurred_at"]


def _last_run_event(connection: sa.Connection, kinds: tuple[str, ...]) -> dict[str, Any] | None:
    query = (
        sa.select(run_event)
        .where(run_event.c.event_kind.in_(kinds))
        .order_by(run_event.c.event_id.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def _first_reason(connection: sa.Connection, run_id: str) -> str | None:
    """Why a run did not publish, by the first of its steps that failed."""
    query = (
        sa.select(run_event.c.reason)
        .where(run_event.c.run_id == run_id, run_event.c.event_kind == "not_published")
        .order_by(run_event.c.event_id)
        .limit(1)
    )
    reason: str | None = connection.scalar(query)
    return reason


def not_published(reason: str | None, run_id: str | None) -> Matter:
    """A night that did not publish.

    Args:
        reason: why, as the night said it.
        run_id: None of a run that could not begin.
    """
    said = fit_to_send(reason or "no reason was recorded")
    return Matter(
        NOT_PUBLISHED.name,
        NOT_PUBLISHED,
        f"{NOT_PUBLISHED.title}: {said}",
        cause=re.sub(r"[0-9a-f]*[0-9][0-9a-f]*", "#", said),
        details=("What was published before is unchanged.",),
        page=f"/runs/{run_id}" if run_id else None,
    )


def _waits(event: Mapping[str, Any]) -> Matter:
    moved = [
        "{figure}: {before_baht:,.2f} → {after_baht:,.2f} baht".format(**figure)
        for figure in event["details"]["moved"]
    ]
    return Matter(
        NIGHT_WAITS.name,
        NIGHT_WAITS,
        f"{NIGHT_WAITS.title}: run {event['run_id'][:8]}",
        cause="; ".join(moved),
        details=(str(event["reason"]), "What was published before is unchanged."),
        page=f"/runs/{event['run_id']}",
    )


def fit_to_send(reason: str) -> str:
    """A failure's reason as it may leave the house: one line, no cell's text, id or password.

    What a library says of a value that it cannot convert quotes the value.
    """
    line = " ".join(reason.split())
    line = re.sub(r"://[^@/\s]+@", "://…@", line)
    line = re.sub(r"[\w.+-]+@[\w-]+\.[\w.-]+", "…", line)
    line = re.sub(r"(?i)\b(string|value|text|key)s?(:? +)(['\"]).*?\3", r"\1\2'…'", line)
    line = re.sub(r"(?<![\w-])(?!\d{4}-\d\d-\d\d)\d(?:[ -]?\d){8,}(?![\w-])", "…", line)
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON].rstrip()} …"


def night_is_running(connection: sa.Connection, home: Home) -> bool:
    """Whether a night is in the middle of finding out what there is to tell."""
    last = _last_run_event(connection, _ABOUT_RUNS)
    return (
        last is not None
        and last["event_kind"] == "started"
        and is_worked_on(home, str(last["run_id"]))
    )


def ended(connection: sa.Connection, run_id: str) -> bool:
    """Whether the ledger knows how a run ended."""
    query = sa.select(sa.func.count()).where(
        run_event.c.run_id == run_id, run_event.c.event_kind.in_((*_ENDED, _CUT_SHORT))
    )
    return bool(connection.scalar(query))


def _timestamp(at: dt.datetime) -> float:
    """Seconds since 1970 of an instant in UTC."""
    return at.replace(tzinfo=dt.UTC).timestamp()


def nothing_published(connection: sa.Connection, home: Home, now: dt.datetime) -> list[Matter]:
    """Whether the night that was due has published.

    Args:
        connection: of the ledger.
        home: whose setting says by when.
        now: in UTC.
    """
    due = last_due(home.publish_by, now)
    occurred_at = run_event.c.occurred_at
    published = connection.scalar(
        sa.select(sa.func.max(occurred_at, type_=sa.DateTime)).where(
            run_event.c.event_kind == "published"
        )
    )
    if published is not None and published > due - DUE_WINDOW:
        return []
    first = connection.scalar(sa.select(sa.func.min(occurred_at, type_=sa.DateTime)))
    if first is None and home.published.exists():
        # No run has ever touched the folder, so this is when the home was made.
        made = home.published.stat().st_mtime
        first = dt.datetime.fromtimestamp(made, dt.UTC).replace(tzinfo=None)
    if first is None or first > due - DUE_WINDOW:
        return []
    since = (
        "nothing ever was"
        if published is None
        else f"the last is of {published:%Y-%m-%d %H:%M} UTC"
    )
    return [
        Matter(
            NOTHING_PUBLISHED.name,
            NOTHING_PUBLISHED,
            f"{NOTHING_PUBLISHED.title} {home.publish_by:%H:%M} (Bangkok time); {since}",
            details=(
                "Analysts read an old warehouse. No night has run, it has not ended, or it did "
                "not publish.",
            ),
            page="/runs",
        )
    ]


def last_due(by: dt.time, now: dt.datetime) -> dt.datetime:
    """The last time (UTC) by which a night was to have published.

    Args:
        by: Bangkok time.
        now: in UTC.
    """
    here = now.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(TIME_ZONE))
    due = here.replace(hour=by.hour, minute=by.minute, second=by.second, microsecond=0)
    if due > here:
        due -= dt.timedelta(days=1)
    return due.astimezone(dt.UTC).replace(tzinfo=None)


# ── Files and checks, by the ledger ───────────────────────────────────────────────────────────


def files_rejected(connection: sa.Connection) -> list[Matter]:
    """The files of which the last that came at their path was rejected."""
    later = file_event.alias()
    query = (
        sa.select(file_event)
        .where(
            file_event.c.event_kind == "rejected",
            ~sa.exists().where(
                later.c.dataset == file_event.c.dataset,
                later.c.path == file_event.c.path,
                later.c.event_id > file_event.c.event_id,
                later.c.event_kind.in_(("loaded", "rejected", "duplicate")),
            ),
        )
        .order_by(file_event.c.event_id)
    )
    found = []
    for row in connection.execute(query).mappings():
        reason = reasons()[row["reason"], "file"]
        found.append(
            Matter(
                f"{FILE_REJECTED.name}:{row['dataset']}:{row['path']}",
                FILE_REJECTED,
                f"{FILE_REJECTED.title}: {row['path']}",
                cause=row["file_id"],
                details=(
                    fit_to_send(f"{row['reason']}: {row['message']}"),
                    f"{reason.meaning.thai} {reason.action.thai}",
                ),
            )
        )
    return found


def endings(connection: sa.Connection, keys: list[str]) -> dict[str, str]:
    """How matters that are over ended, where the ledger can say it: key → a sentence."""
    said = {}
    for key in keys:
        name, _, dataset_and_path = key.partition(":")
        if name == DAEMON_DEAD.name:
            said[key] = "It runs, or the heartbeat is told by --no-daemon not to look for it."
        if name != FILE_REJECTED.name:
            continue
        dataset, _, path = dataset_and_path.partition(":")
        query = (
            sa.select(file_event.c.event_kind)
            .where(file_event.c.dataset == dataset, file_event.c.path == path)
            .order_by(file_event.c.event_id.desc())
            .limit(1)
        )
        if connection.scalar(query) == "duplicate":
            said[key] = "What lies there now was taken in before, under another name."
        else:
            said[key] = "It was corrected: what came after it at this path was taken in."
    return said


def checks_failing(connection: sa.Connection, home: Home) -> list[Matter]:
    """The checks that fail by the last run that made them.

    A check that no run has made since the last night that published began is gone.
    """
    published = _last_run_event(connection, ("published",))
    first_result = None
    if published is not None:
        first_result = connection.scalar(
            sa.select(sa.func.min(check_result.c.result_id)).where(
                check_result.c.run_id == published["run_id"]
            )
        )
    recent = check_result.c.result_id >= (first_result or 0)
    last = (
        sa.select(sa.func.max(check_result.c.result_id))
        .where(recent)
        .group_by(check_result.c.tool, check_result.c.dataset_or_model, check_result.c.check_name)
    )
    query = (
        sa.select(check_result)
        .where(recent, check_result.c.result_id.in_(last), sa.not_(check_result.c.passed))
        .order_by(check_result.c.severity != "error", check_result.c.result_id)
    )
    rows = list(connection.execute(query).mappings())
    to_do = _what_to_do(home) if rows else {}
    found = []
    for row in rows:
        check = (str(row["tool"]), str(row["dataset_or_model"]), str(row["check_name"]))
        found.append(
            Matter(
                f"{CHECK_FAILING.name}:{':'.join(check)}",
                CHECK_FAILING,
                f"{CHECK_FAILING.title}: {check[1]}.{check[2]}",
                details=(
                    f"{row['severity']}, by {check[0]}: {fit_to_send(row['observed'] or '')}",
                    *to_do.get(check, ()),
                ),
            )
        )
    return found


def _what_to_do(home: Home) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """(tool, model, check) → what to do in Thai and English, as published."""
    with _published(home) as db:
        if db is None or not _has(db, "check_history", "action_th"):
            return {}
        return {
            (tool, about, check): tuple(said for said in (thai, english) if said)
            for tool, about, check, thai, english in db.execute(
                "select tool, dataset_or_model, check_name, action_th, action_en "
                "from audit.check_history where not passed"
            ).fetchall()
        }


# ── Rows, by the published warehouse ──────────────────────────────────────────────────────────


def rows_held(home: Home, now: dt.datetime) -> list[Matter] | None:
    """The files with rows that wait for another record for longer than the setting says.

    Args:
        home: whose.
        now: in UTC.

    Returns:
        None where what is published, if anything is, cannot say.
    """
    with _published(home) as db:
        if db is None or not _has(db, "quarantined_row", "is_sent_again"):
            return None
        since = now - dt.timedelta(days=home.alert_held_days)
        found = db.execute(
            "select waits.dataset, waits.path, waits.file_id, min(received_at) as received_at, "
            "count(distinct (waits.sheet_name, waits.row_number)) as row_count, "
            "string_agg(distinct waits.reason, ', ' order by waits.reason) as reasons "
            "from audit.quarantined_row as waits inner join audit.load_file using (receipt_id) "
            f"where held and not is_sent_again and received_at < timestamp '{since:%F %T}' "
            "group by all order by all"
        ).fetchall()
    said = reasons()
    return [
        Matter(
            f"{ROWS_HELD.name}:{dataset}:{path}:{file_id}",
            ROWS_HELD,
            f"{ROWS_HELD.title}: {rows:,} {'row' if rows == 1 else 'rows'} of {path}",
            details=(
                f"Held since {received_at:%Y-%m-%d}, for longer than {home.alert_held_days} days "
                f"({codes}): what they wait for has not come.",
                *(
                    f"{said[code, 'row'].action.thai} / {said[code, 'row'].action.english}"
                    for code in codes.split(", ")
                ),
            ),
        )
        for dataset, path, file_id, received_at, rows, codes in found
    ]


def mirror_behind(home: Home, now: dt.datetime) -> list[Matter]:
    """Whether the PostgreSQL mirror, where there is one, lacks what is published.

    Args:
        home: whose.
        now: in UTC.
    """
    late = behind(home, now)
    if late is None:
        return []
    why = fit_to_send(late.reason or "it was not renewed")
    return [
        Matter(
            MIRROR_BEHIND.name,
            MIRROR_BEHIND,
            f"{MIRROR_BEHIND.title}: since run {late.since_run[:8]} of {late.since:%Y-%m-%d}",
            cause=re.sub(r"[0-9a-f]*[0-9][0-9a-f]*", "#", why),
            details=(
                why,
                "What is published is well. Who reads PostgreSQL sees an earlier warehouse, whole; "
                "every night that publishes tries again.",
            ),
        )
    ]


@contextmanager
def _published(home: Home) -> Iterator[duckdb.DuckDBPyConnection | None]:
    if not home.warehouse.exists():
        yield None
        return
    with duckdb.connect(str(home.warehouse), read_only=True) as db:
        yield db


def _has(db: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    """Whether what is published has it; an older release may have published it.

    The names stand in the query: for a query's parameters DuckDB imports pandas, which costs a
    heartbeat more than all the rest.
    """
    found = db.execute(
        f"select 1 from duckdb_columns() where table_name = '{table}' and column_name = '{column}'"
    )
    return found.fetchone() is not None


# ── Dagster, by its storage ───────────────────────────────────────────────────────────────────


@contextmanager
def dagster_storage(home: Home) -> Iterator[sa.Connection | None]:
    """Dagster's run storage; None in a home in which Dagster has not run yet.

    Raises:
        SQLAlchemyError: it cannot be reached.
    """
    file = home.dagster / "history" / "runs.db"
    if home.dagster_url is None and not file.exists():
        yield None
        return
    options = {"connect_timeout": 10} if home.dagster_url else {"timeout": 10}
    engine = sa.create_engine(home.dagster_url or f"sqlite:///{file}", connect_args=options)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def daemon(storage: sa.Connection | None, now: dt.datetime) -> list[Matter]:
    """Whether Dagster's daemon lives, without which no night starts by itself.

    Args:
        storage: as `dagster_storage` gives it.
        now: in UTC.
    """
    seen: dict[str, dt.datetime] = {}
    if storage is not None and _has_table(storage, "daemon_heartbeats"):
        rows = storage.execute(sa.text("select daemon_type, body from daemon_heartbeats"))
        for part, body in map(tuple, rows):
            at = dt.datetime.fromtimestamp(json.loads(str(body))["timestamp"], dt.UTC)
            seen[str(part)] = at.replace(tzinfo=None)
    silent = {
        part: seen.get(part)
        for part in DAEMON_PARTS
        # A heartbeat of the future is of before the clock was set back.
        if part not in seen or abs(now - seen[part]) > DAEMON_SILENT
    }
    if not silent:
        return []
    heard = [at for at in silent.values() if at is not None]
    since = f"not heard of since {min(heard):%Y-%m-%d %H:%M} UTC" if heard else "never heard of"
    return [
        Matter(
            DAEMON_DEAD.name,
            DAEMON_DEAD,
            f"{DAEMON_DEAD.title}: {since}",
            details=(
                f"Silent: {', '.join(silent)}. No night starts by itself until it runs again.",
            ),
            page="/deployment/daemons",
        )
    ]


def runs_failed(storage: sa.Connection | None, ledger: sa.Connection) -> list[Matter]:
    """The recurring jobs whose last run failed, but for nights whose reason the ledger has."""
    if storage is None or not _has_table(storage, "runs"):
        return []
    query = sa.text(
        "select pipeline_name, run_id, end_time from runs where status = 'FAILURE' and id in "
        "(select max(id) from runs where status in ('SUCCESS', 'FAILURE', 'CANCELED') "
        "and pipeline_name in :recurring group by pipeline_name) order by pipeline_name"
    ).bindparams(sa.bindparam("recurring", _RECURRING, expanding=True))
    found = []
    for row in storage.execute(query).mappings():
        job, run_id = str(row["pipeline_name"]), str(row["run_id"])
        if job == NIGHTLY and _ledger_knows_better(ledger, run_id, row["end_time"]):
            continue
        found.append(
            Matter(
                f"{RUN_FAILED.name}:{job}",
                RUN_FAILED,
                f"{RUN_FAILED.title}: {job}, run {run_id[:8]}",
                details=("Its page in Dagster says which step failed and why.",),
                page=f"/runs/{run_id}",
            )
        )
    return found


def _ledger_knows_better(ledger: sa.Connection, run_id: str, end_time: float | None) -> bool:
    """Whether the night is in the ledger, or another has ended since."""
    if ledger.scalar(sa.select(sa.func.count()).where(run_event.c.run_id == run_id)):
        return True
    last = _last_run_event(ledger, _ENDED)
    if last is None or end_time is None:
        return False
    return _timestamp(last["occurred_at"]) > end_time


def _has_table(connection: sa.Connection, name: str) -> bool:
    return bool(sa.inspect(connection).has_table(name))


# ── What cannot be read ───────────────────────────────────────────────────────────────────────


def ledger_unreadable(error: Exception) -> Matter:
    """The ledger cannot be opened, so that no night can run and nothing else can be told."""
    return Matter(
        LEDGER_UNREADABLE.name,
        LEDGER_UNREADABLE,
        f"{LEDGER_UNREADABLE.title}: {_said(error)}",
        details=("No night can run, and no other alert can be told until it can be read again.",),
    )


def dagster_unreadable(error: Exception) -> Matter:
    """Dagster's storage cannot be opened, so that no run can start."""
    return Matter(
        DAGSTER_UNREADABLE.name,
        DAGSTER_UNREADABLE,
        f"{DAGSTER_UNREADABLE.title}: {_said(error)}",
        details=("No run can start, and nobody can see whether the daemon lives.",),
    )


def published_unreadable(error: Exception) -> Matter:
    """The published file cannot be opened, so that analysts cannot read it either."""
    return Matter(
        PUBLISHED_UNREADABLE.name,
        PUBLISHED_UNREADABLE,
        f"{PUBLISHED_UNREADABLE.title}: {_said(error)}",
        details=("Analysts cannot read it either. A night that publishes replaces it.",),
    )


def _said(error: Exception) -> str:
    original = getattr(error, "orig", None) if isinstance(error, SQLAlchemyError) else None
    return fit_to_send(str(original or error))
