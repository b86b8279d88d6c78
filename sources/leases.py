"""Leases on files, in the ledger, so that several machines load at once and no file twice.

    enlist    new bytes get their place in the order of receipt      (whoever sees them first)
    claim     a file is one holder's for a while                     (free, or its holder dead)
    renewed   a heartbeat keeps the holder's leases from running out
    record    `Ledger.record_file`: the event and the lease's end, in one transaction

The order of receipt is decided when a file is enlisted, not when its loading ends: the number kept
for it there is the id of its first event, and by that id what was received later wins. So it does
not matter which machine was quicker.

Whoever enlists or claims does so in a transaction that has no other beside it (`Ledger.alone`), and
all times are the database's, so that machines need not agree about theirs. A holder that is given
up as dead may wake up and go on: what it would record is refused, for the lease is another's.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import socket
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from sources import log
from sources.ledger import Ledger, append_file_event, log_file_event, numbers_for_files, soon_ended
from sources.ledger_engine import LedgerError
from sources.ledger_tables import file_event, file_lease

#: A holder that gave no sign of life for so long is taken for dead (seconds).
LEASE_SECONDS = 120.0
#: Signs of life within that time: some may be lost.
_BEATS = 5
#: A file that was enlisted this long ago and that nobody holds keeps its place no longer.
_ENLISTED_FOR = dt.timedelta(days=1)
#: What stands for all files at once (`undisturbed`); no dataset is called so.
_EVERYTHING = {"dataset": "", "file_id": ""}


class FilesAreLoaded(LedgerError):
    """Files are being loaded, and what was to be done may not be done beside it."""


@dataclass(frozen=True)
class Arrived:
    """Bytes that lie in the landing zone.

    Attributes:
        dataset: by the folder they lie in.
        path: below the landing zone.
        file_id: their SHA-256.
    """

    dataset: str
    path: str
    file_id: str

    @property
    def key(self) -> tuple[str, str]:
        """What a lease is on."""
        return self.dataset, self.file_id


@dataclass(frozen=True)
class Enlisted:
    """What became of what arrived.

    Attributes:
        new: has its place in the order of receipt, and waits or is being loaded.
        duplicates: path → where the same bytes came first; recorded as such.
        unchanged: was recorded by somebody else meanwhile.
    """

    new: tuple[Arrived, ...]
    duplicates: tuple[tuple[str, str], ...]
    unchanged: int


@dataclass(frozen=True)
class Claimed:
    """What became of what was claimed.

    Attributes:
        mine: the holder's from now on.
        elsewhere: somebody else's now.
        done: nobody's any more: it was recorded, or is no longer enlisted.
    """

    mine: tuple[Arrived, ...]
    elsewhere: tuple[Arrived, ...]
    done: tuple[Arrived, ...]


@dataclass(frozen=True)
class Lease:
    """A lease that is in force."""

    dataset: str
    path: str
    file_id: str
    holder: str
    run_id: str
    taken_at: dt.datetime
    expires_at: dt.datetime

    def in_words(self) -> str:
        """Who loads what, since when."""
        machine, process, _ = self.holder.split("~", 2)
        what = f"{self.path} is loaded" if self.path else "All files are held"
        return (
            f"{what} by process {process} on {machine} (run {self.run_id}), since "
            f"{self.taken_at:%Y-%m-%d %H:%M:%S} UTC"
        )


#: Is given what arrived twice and where it came first; gives the event that says so.
Duplicate = Callable[[Arrived, str], Mapping[str, Any]]


def enlist(ledger: Ledger, arrived: Sequence[Arrived], duplicate: Duplicate) -> Enlisted:
    """Gives new bytes their place in the order of receipt, and records those that came twice.

    Args:
        ledger: where.
        arrived: in the order they were received.
        duplicate: makes the event of bytes that came before.
    """
    if not arrived:
        return Enlisted((), (), 0)
    with ledger.alone() as connection:
        known = {key: one.path for key, one in ledger.known_files(connection).items()}
        latest = ledger.latest_at_paths(connection)
        now = database_now(connection)
        lying = {(one.dataset, one.path): one.file_id for one in arrived}
        rows = _places(connection, lying, now)
        new: list[Arrived] = []
        numberless: list[Arrived] = []
        events: list[Mapping[str, Any]] = []
        duplicates: list[tuple[str, str]] = []
        unchanged = 0
        for one in arrived:
            row = rows.get(one.key)
            if latest.get((one.dataset, one.path)) == one.file_id:
                unchanged += 1
                continue
            first = known.get(one.key)
            if first is None and row is not None and row.path != one.path:
                is_there = lying.get((row.dataset, row.path)) == row.file_id
                first = row.path if is_there or _is_live(row, now) else None
            if first is not None:
                duplicates.append((one.path, first))
                events.append(duplicate(one, first))
                continue
            known[one.key] = one.path  # should the same bytes lie there under another name too
            new.append(one)
            if row is None or not (_is_live(row, now) or _keeps_its_place(connection, row, one)):
                numberless.append(one)
        numbers = numbers_for_files(connection, len(numberless)) if numberless else []
        for one, number in zip(numberless, numbers, strict=True):
            place = {"path": one.path, "receipt_id": number, "enlisted_at": now}
            _put(connection, one.key, place | _NOBODY)
        for event in events:
            append_file_event(connection, event)
    for event in events:
        log_file_event(event)
    return Enlisted(tuple(new), tuple(duplicates), unchanged)


#: The columns of a lease that nobody holds.
_NOBODY: dict[str, Any] = {"holder": None, "run_id": None, "taken_at": None, "expires_at": None}


def live_leases(ledger: Ledger) -> list[Lease]:
    """The leases in force, in the order their files were received."""
    with ledger.engine.connect() as connection:
        now = database_now(connection)
        query = (
            sa.select(*(file_lease.c[name] for name in Lease.__dataclass_fields__))
            .where(file_lease.c.holder.is_not(None), file_lease.c.expires_at > now)
            .order_by(file_lease.c.receipt_id)
        )
        return [Lease(**row) for row in connection.execute(query).mappings()]


def release_holder(ledger: Ledger, holder: str) -> int:
    """Gives back all that a holder has; its files keep their places. Returns how many."""
    with ledger.engine.begin() as connection:
        _delete_everything(connection, holder)
        mine = file_lease.c.holder == holder
        return connection.execute(sa.update(file_lease).where(mine).values(**_NOBODY)).rowcount


class Leases:
    """The leases of one holder: a process that loads files on behalf of a run.

    Attributes:
        ledger: where they are.
        run_id: the run.
        seconds: how long one lasts without a sign of life.
        holder: who: machine, process and a token that nobody has twice.
    """

    def __init__(self, ledger: Ledger, run_id: str, seconds: float = LEASE_SECONDS) -> None:
        self.ledger, self.run_id, self.seconds = ledger, run_id, seconds
        self.holder = f"{socket.gethostname()}~{os.getpid()}~{secrets.token_hex(8)}"

    def claim(self, files: Iterable[Arrived]) -> Claimed:
        """Takes files that are nobody's, or whose holder gave no sign of life for too long.

        A version of a file waits for the one before it at its path, while that is being loaded.
        """
        mine: list[Arrived] = []
        elsewhere: list[Arrived] = []
        done: list[Arrived] = []
        with self.ledger.alone() as connection:
            now = database_now(connection)
            rows = {
                (row.dataset, row.file_id): row for row in connection.execute(sa.select(file_lease))
            }
            others = [row for row in rows.values() if _is_live(row, now, but=self.holder)]
            all_held = any(row.dataset == _EVERYTHING["dataset"] for row in others)
            before_it = {(row.dataset, row.path): row.receipt_id for row in others}
            for one in files:
                row = rows.get(one.key)
                if row is None or row.path != one.path:
                    done.append(one)
                elif (
                    all_held
                    or _is_live(row, now, but=self.holder)
                    or before_it.get((row.dataset, row.path), row.receipt_id) < row.receipt_id
                ):
                    elsewhere.append(one)
                else:
                    mine.append(one)
            for one in mine:
                _update(connection, one.key, self._taken(now))
        return Claimed(tuple(mine), tuple(elsewhere), tuple(done))

    def renew(self) -> None:
        """Gives a sign of life for every file that is still the holder's."""
        mine = file_lease.c.holder == self.holder
        with self.ledger.engine.connect() as connection:
            soon_ended(connection)
            if connection.execute(sa.select(file_lease.c.path).where(mine)).first() is None:
                return
            expires_at = database_now(connection) + dt.timedelta(seconds=self.seconds)
            connection.execute(sa.update(file_lease).where(mine).values(expires_at=expires_at))
            connection.commit()

    def strike(self, one: Arrived) -> None:
        """Takes a file off the list: its bytes are no longer there."""
        with self.ledger.engine.begin() as connection:
            connection.execute(
                sa.delete(file_lease).where(_of(one.key), file_lease.c.holder == self.holder)
            )

    @contextmanager
    def renewed(self) -> Generator[None, None, None]:
        """Renews what the holder has while the block runs, and gives back what is left of it."""
        ended = threading.Event()
        beating = threading.Thread(target=self._beat, args=(ended,), daemon=True)
        beating.start()
        try:
            yield
        finally:
            ended.set()
            beating.join()
            self._give_back()

    @contextmanager
    def undisturbed(self, what: str) -> Generator[None, None, None]:
        """Has nobody load a file while the block runs, on whatever machine.

        Args:
            what: what is done, in words.

        Raises:
            FilesAreLoaded: somebody loads one now.
        """
        with self.ledger.alone() as connection:
            now = database_now(connection)
            rows = connection.execute(sa.select(file_lease)).all()
            held = [row for row in rows if _is_live(row, now, but=self.holder)]
            if held:
                lease = Lease(**{n: getattr(held[0], n) for n in Lease.__dataclass_fields__})
                raise FilesAreLoaded(
                    f"{what} cannot be done while files are loaded: {lease.in_words()}. Wait "
                    "until that ends; a process that died is given up by itself after "
                    f"{self.seconds:,.0f} seconds."
                )
            nowhere = {"path": "", "receipt_id": 0, "enlisted_at": now}
            _put(connection, ("", ""), nowhere | self._taken(now))
        with self.renewed():
            yield

    def _taken(self, now: dt.datetime) -> dict[str, Any]:
        return {
            "holder": self.holder,
            "run_id": self.run_id,
            "taken_at": now,
            "expires_at": now + dt.timedelta(seconds=self.seconds),
        }

    def _beat(self, ended: threading.Event) -> None:
        while not ended.wait(self.seconds / _BEATS):
            try:
                self.renew()
            except (LedgerError, SQLAlchemyError) as error:
                # It may answer at the next beat; where it does not, the lease runs out, and
                # recording says so.
                log.error("leases not renewed", run_id=self.run_id, reason=str(error))

    def _give_back(self) -> None:
        try:
            release_holder(self.ledger, self.holder)
        except (LedgerError, SQLAlchemyError) as error:
            log.error("leases not given back", run_id=self.run_id, reason=str(error))


def database_now(connection: sa.Connection) -> dt.datetime:
    """This instant in UTC by the clock of the ledger's database, without a zone attached."""
    if connection.dialect.name == "sqlite":
        said = connection.scalar(sa.text("select strftime('%Y-%m-%d %H:%M:%f', 'now')"))
        return dt.datetime.fromisoformat(str(said))
    # Not now(): that is when the transaction began, maybe to wait for another.
    instant = sa.func.timezone("utc", sa.func.clock_timestamp(), type_=sa.DateTime)
    now: dt.datetime | None = connection.scalar(sa.select(instant))
    if now is None:
        raise LedgerError("The ledger's database does not say what time it is.")
    return now


def _is_live(row: Any, now: dt.datetime, but: str | None = None) -> bool:
    """Whether somebody, other than `but`, holds a lease that has not run out."""
    return row.holder is not None and row.holder != but and row.expires_at > now


def _keeps_its_place(connection: sa.Connection, row: Any, one: Arrived) -> bool:
    """Whether bytes that wait already are those that lie there: nothing came there since."""
    if row.path != one.path:
        return False
    since = sa.select(sa.literal(1)).where(
        file_event.c.dataset == one.dataset,
        file_event.c.path == one.path,
        file_event.c.event_id > row.receipt_id,
    )
    return connection.execute(since.limit(1)).first() is None


def _places(
    connection: sa.Connection, lying: Mapping[tuple[str, str], str], now: dt.datetime
) -> dict[tuple[str, str], Any]:
    """The files that are enlisted; what was so long ago and no longer lies there is struck off."""
    rows = {}
    for row in connection.execute(sa.select(file_lease)).all():
        key = (row.dataset, row.file_id)
        is_there = lying.get((row.dataset, row.path)) == row.file_id
        if is_there or _is_live(row, now) or row.enlisted_at > now - _ENLISTED_FOR:
            rows[key] = row
        else:
            connection.execute(sa.delete(file_lease).where(_of(key)))
    return rows


def _of(key: tuple[str, str]) -> sa.ColumnElement[bool]:
    return sa.and_(file_lease.c.dataset == key[0], file_lease.c.file_id == key[1])


def _put(connection: sa.Connection, key: tuple[str, str], values: Mapping[str, Any]) -> None:
    """Writes a lease in the place of the one that may be there."""
    connection.execute(sa.delete(file_lease).where(_of(key)))
    dataset, file_id = key
    connection.execute(file_lease.insert().values(dataset=dataset, file_id=file_id, **values))


def _update(connection: sa.Connection, key: tuple[str, str], values: Mapping[str, Any]) -> None:
    connection.execute(sa.update(file_lease).where(_of(key)).values(**values))


def _delete_everything(connection: sa.Connection, holder: str) -> None:
    """Ends a holder's lease on all files at once."""
    connection.execute(sa.delete(file_lease).where(_of(("", "")), file_lease.c.holder == holder))
