"""The book of alerts: which matters are open, and who was told what, in events never changed.

It is a table of the ledger, so that a matter is told once over restarts and restores. Of the
ledger itself, when it cannot be read, a small database in the home keeps book: the same table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from orchestration.alerts.kinds import KINDS, Kind, Matter
from sources.ledger_tables import alert_event as event

_HAPPENED = event.c.event_kind != "told"


@dataclass(frozen=True)
class Entry:
    """The last that happened to a matter.

    Attributes:
        key: the matter's.
        kind: the matter's.
        is_open: whether it is so still.
        cause: of what was last said of it.
        headline: its first line.
        body: the lines below.
    """

    key: str
    kind: Kind
    is_open: bool
    cause: str
    headline: str
    body: str


def entry_of(matter: Matter, ui_url: str | None = None) -> Entry:
    """A matter that is so, as it is entered and told.

    Args:
        matter: what is so.
        ui_url: where Dagster's UI is, for a link; no link where it is not said.
    """
    lines = list(matter.details)
    if ui_url and matter.page:
        lines.append(f"{ui_url}{matter.page}")
    return Entry(matter.key, matter.kind, True, matter.cause, matter.headline, "\n".join(lines))


def worst_first(entries: Iterable[Entry]) -> list[Entry]:
    """By kind; what is over comes last."""
    order = list(KINDS.values())
    return sorted(entries, key=lambda entry: (not entry.is_open, order.index(entry.kind)))


@dataclass(frozen=True)
class Book:
    """A book of alerts in a database that has its table.

    Attributes:
        engine: of the database.
    """

    engine: sa.Engine

    def open_matters(self) -> dict[str, Entry]:
        """Key → the matters that are open, in the order in which they were last entered."""
        latest = (
            sa.select(sa.func.max(event.c.event_id)).where(_HAPPENED).group_by(event.c.alert_key)
        )
        query = (
            sa.select(event)
            .where(event.c.event_id.in_(latest), event.c.is_open)
            .order_by(event.c.event_id)
        )
        with self.engine.connect() as connection:
            return {
                str(row["alert_key"]): _entry(row) for row in connection.execute(query).mappings()
            }

    def observe(
        self,
        found: Iterable[Entry],
        looked_at: Collection[Kind],
        now: dt.datetime,
        endings: Mapping[str, str],
    ) -> None:
        """Enters what is so now: matters new, changed, or over.

        Args:
            found: the matters that are so.
            looked_at: their kinds, and those of which there are none; a matter of another kind
                stays as it is.
            now: in UTC.
            endings: key → how an open matter ended, where that is known.
        """
        known = self.open_matters()
        now_so = {entry.key: entry for entry in found}
        rows = [
            _row(entry, "changed" if key in known else "opened", now)
            for key, entry in now_so.items()
            if key not in known or known[key].cause != entry.cause
        ]
        rows += [
            _row(
                Entry(key, was.kind, False, was.cause, was.headline, endings.get(key, "")),
                "resolved",
                now,
            )
            for key, was in known.items()
            if key not in now_so and was.kind in looked_at
        ]
        self._append(rows)

    def untold(self, channel: str) -> list[Entry]:
        """What a channel has not been told, the worst first.

        A matter that came and went before the channel could be told of it is no news.
        """
        happened = (
            sa.select(event.c.alert_key, sa.func.max(event.c.event_id).label("event_id"))
            .where(_HAPPENED)
            .group_by(event.c.alert_key)
            .subquery()
        )
        told = (
            sa.select(event.c.alert_key, sa.func.max(event.c.event_id).label("event_id"))
            .where(event.c.event_kind == "told", event.c.channel == channel)
            .group_by(event.c.alert_key)
            .subquery()
        )
        heard = event.alias()
        query = (
            sa.select(
                event, heard.c.is_open.label("heard_open"), heard.c.cause.label("heard_cause")
            )
            .join(happened, event.c.event_id == happened.c.event_id)
            .join(told, event.c.alert_key == told.c.alert_key, isouter=True)
            .join(heard, told.c.event_id == heard.c.event_id, isouter=True)
            .where(
                sa.or_(told.c.event_id.is_(None), told.c.event_id < event.c.event_id),
                sa.or_(event.c.is_open, heard.c.is_open),
            )
            .order_by(event.c.event_id)
        )
        with self.engine.connect() as connection:
            return worst_first(
                _entry(row)
                for row in connection.execute(query).mappings()
                if not (row["is_open"] and row["heard_open"] and row["cause"] == row["heard_cause"])
            )

    def told(self, channel: str, entries: Iterable[Entry], now: dt.datetime) -> None:
        """Enters that a channel was told."""
        self._append([{**_row(entry, "told", now), "channel": channel} for entry in entries])

    def _append(self, rows: list[dict[str, Any]]) -> None:
        if rows:
            with self.engine.begin() as connection:
                connection.execute(event.insert(), rows)


def _entry(row: Mapping[Any, Any]) -> Entry:
    return Entry(
        row["alert_key"],
        KINDS[row["kind"]],
        bool(row["is_open"]),
        row["cause"],
        row["headline"],
        row["body"],
    )


def _row(entry: Entry, event_kind: str, now: dt.datetime) -> dict[str, Any]:
    return {
        "alert_key": entry.key,
        "kind": entry.kind.name,
        "event_kind": event_kind,
        "is_open": entry.is_open,
        "cause": entry.cause,
        "headline": entry.headline,
        "body": entry.body,
        "occurred_at": now,
        "channel": None,
    }
