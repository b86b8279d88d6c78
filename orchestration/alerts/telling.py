"""Looks at what is so, enters it in the book, and tells every channel what it has not been told.

Called by whoever has reason to look. It waits for nobody but another who tells, and does not
raise what would make a night fail: what cannot be told now is told by the next who looks.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from orchestration import publication
from orchestration.alerts import facts
from orchestration.alerts.book import Book, Entry, entry_of, worst_first
from orchestration.alerts.delivery import Channel, channels, send
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
    Kind,
    Matter,
)
from orchestration.alerts.message import compose
from orchestration.ledger import LedgerUnusable, open_ledger
from orchestration.settings import Home
from sources import log
from sources.clock import ClockSetBack, continue_from, utc_now
from sources.ledger import Ledger
from sources.ledger_tables import alert_event

#: How long to wait for another who tells; sending takes some seconds a channel at most.
_WAIT_SECONDS = 90


@dataclass
class Told:
    """What came of a look.

    Attributes:
        open: the matters that are open now, the worst first.
        sent: messages that were delivered.
        undelivered: channel's name → why it could not be told.
        problem: why nothing could be remembered; None where it could.
    """

    open: list[Entry] = field(default_factory=list)
    sent: int = 0
    undelivered: dict[str, str] = field(default_factory=dict)
    problem: str | None = None

    @property
    def healthy(self) -> bool:
        """Whether nobody has to get up."""
        pressing = any(entry.kind.needs_somebody for entry in self.open)
        return not (pressing or self.undelivered or self.problem)

    def complaints(self) -> list[str]:
        """What of the telling itself went wrong, a sentence each."""
        said = [
            f"An alert could not be delivered to {name}: {why}. It is tried again at the next look."
            for name, why in self.undelivered.items()
        ]
        return said + ([self.problem] if self.problem else [])


@dataclass(frozen=True)
class Failed:
    """A run that failed and may not have been able to say so in the ledger.

    Attributes:
        run_id: None where it did not come to a run.
        reason: why.
    """

    run_id: str | None
    reason: str


def tell(
    home: Home,
    *,
    now: dt.datetime | None = None,
    failed: Failed | None = None,
    expects_daemon: bool | None = None,
) -> Told:
    """Looks, and tells what is new.

    Args:
        home: whose.
        now: in UTC; this instant when None.
        failed: a run that just did.
        expects_daemon: whether Dagster's daemon is to be running; it is not looked at when None.
    """
    now = now or utc_now()
    try:
        with FileLock(home.root / "alerts.lock", timeout=_WAIT_SECONDS, mode=0o600):
            return _look_and_tell(home, now, failed, expects_daemon)
    except Timeout:
        return Told(problem="Another process has been telling for long; it was left alone.")
    except (OSError, SQLAlchemyError, LedgerUnusable) as error:
        # Nothing can be remembered, so only what a night says once is told.
        said = facts.fit_to_send(str(getattr(error, "orig", None) or error))
        told = Told(problem=f"Who was told what cannot be kept in {home.root}: {said}")
    if failed is not None:
        matter = facts.not_published(failed.reason, failed.run_id)
        try:
            to = channels(home)
        except OSError:  # nor can the home's secret be read, by which channels are remembered
            to = [Channel(f"address {n}", "", url) for n, url in enumerate(home.alerts, start=1)]
        _send([entry_of(matter, home.ui_url)], to, told)
    return told


def _look_and_tell(
    home: Home, now: dt.datetime, failed: Failed | None, expects_daemon: bool | None
) -> Told:
    books: list[Book] = []
    with contextlib.ExitStack() as stack:
        try:
            ledger = stack.enter_context(open_ledger(home))
        except LedgerUnusable as error:
            books.append(_book_of_the_home(home))
            stack.callback(books[0].engine.dispose)
            unreadable = [entry_of(facts.ledger_unreadable(error))]
            books[0].observe(unreadable, [LEDGER_UNREADABLE], now, {})
        else:
            books.append(Book(ledger.engine))
            _observe(home, ledger, books[0], now, failed, expects_daemon)
            if _path_of_the_book(home).exists():
                books.append(_book_of_the_home(home))
                stack.callback(books[1].engine.dispose)
                books[1].observe([], [LEDGER_UNREADABLE], now, {})
        return _tell_every_channel(home, books, now)


def _tell_every_channel(home: Home, books: Sequence[Book], now: dt.datetime) -> Told:
    told = Told()
    for channel in channels(home):
        news = [book.untold(channel.id) for book in books]
        entries = worst_first(entry for of_book in news for entry in of_book)
        if entries and _send(entries, [channel], told):
            for book, of_book in zip(books, news, strict=True):
                book.told(channel.id, of_book, now)
    told.open = worst_first(entry for book in books for entry in book.open_matters().values())
    return told


def _observe(
    home: Home,
    ledger: Ledger,
    book: Book,
    now: dt.datetime,
    failed: Failed | None,
    expects_daemon: bool | None,
) -> None:
    """Enters all that follows from the ledger, what is published, and Dagster's storage."""
    matters: list[Matter] = []
    looked_at: list[Kind] = [NOTHING_PUBLISHED]
    with ledger.engine.connect() as connection:
        running = facts.night_is_running(connection, home)
        unsaid = failed is not None and not facts.ended(connection, failed.run_id or "")
    if failed is not None and unsaid and not running:
        matters += _entered(home, ledger, failed, now)
    with ledger.engine.connect() as connection:
        matters += facts.nothing_published(connection, home, now)
        if not running:  # what a night finds it tells at its end, all at once
            looked_at += [NOT_PUBLISHED, NIGHT_WAITS, RUN_DIED, FILE_REJECTED]
            matters += facts.nights(connection, home)
            matters += facts.files_rejected(connection)
            _look_at_published(home, connection, matters, looked_at, now)
        _look_at_dagster(home, connection, matters, looked_at, now if expects_daemon else None)
        if expects_daemon is False:
            looked_at.append(DAEMON_DEAD)
        over = set(book.open_matters()) - {matter.key for matter in matters}
        endings = facts.endings(connection, sorted(over))
    book.observe([entry_of(one, home.ui_url) for one in matters], looked_at, now, endings)


def _entered(home: Home, ledger: Ledger, failed: Failed, now: dt.datetime) -> list[Matter]:
    """Enters in the ledger why a run failed that could not do so itself.

    Returns:
        What is to be told and could not be entered: the clock is wrong.
    """
    if failed.run_id and publication.is_out(home, ledger, failed.run_id):
        return []  # it failed after that; the next run says so on record
    try:
        continue_from(ledger.last_event_at())
    except ClockSetBack:
        return [facts.not_published(failed.reason, failed.run_id)]
    run_id = failed.run_id or f"{facts.UNBEGUN}{now:%Y%m%dT%H%M%S%f}"
    ledger.record_run(run_id, "not_published", reason=failed.reason)
    return []


def _look_at_published(
    home: Home,
    connection: sa.Connection,
    matters: list[Matter],
    looked_at: list[Kind],
    now: dt.datetime,
) -> None:
    looked_at.append(PUBLISHED_UNREADABLE)
    try:
        held, failing = facts.rows_held(home, now), facts.checks_failing(connection, home)
        late = facts.mirror_behind(home, now)
    except duckdb.Error as error:
        matters.append(facts.published_unreadable(error))
        return
    looked_at += [CHECK_FAILING, MIRROR_BEHIND]
    matters += failing + late
    if held is not None:
        looked_at.append(ROWS_HELD)
        matters += held


def _look_at_dagster(
    home: Home,
    connection: sa.Connection,
    matters: list[Matter],
    looked_at: list[Kind],
    daemon_at: dt.datetime | None,
) -> None:
    looked_at.append(DAGSTER_UNREADABLE)
    try:
        with facts.dagster_storage(home) as storage:
            failed = facts.runs_failed(storage, connection)
            silent = [] if daemon_at is None else facts.daemon(storage, daemon_at)
    except SQLAlchemyError as error:
        matters.append(facts.dagster_unreadable(error))
        return
    looked_at.append(RUN_FAILED)
    matters += failed
    if daemon_at is not None:
        looked_at.append(DAEMON_DEAD)
        matters += silent


def _send(entries: Sequence[Entry], to: Sequence[Channel], told: Told) -> bool:
    """Sends one message of it all; whether everybody was reached."""
    message = compose(entries)
    reached = True
    for channel in to:
        why = send(channel, message)
        if why is None:
            told.sent += 1
            log.info("operators told", subject=message.subject, channel=channel.name)
        else:
            told.undelivered[channel.name] = why
            log.error("operators not told", channel=channel.name, reason=why)
            reached = False
    return reached


def _path_of_the_book(home: Home) -> Path:
    return home.root / "alerts.sqlite"


def _book_of_the_home(home: Home) -> Book:
    """The book of what the ledger cannot keep: that it cannot be read."""
    path = _path_of_the_book(home)
    engine = sa.create_engine(f"sqlite:///{path}")
    alert_event.create(engine, checkfirst=True)
    path.chmod(0o600)
    return Book(engine)
