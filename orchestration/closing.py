"""Closing a fiscal quarter: its figures as published now are fixed, and reopening it.

    published/warehouse.duckdb ──▶ store/closed/<snapshot>.parquet (the rows that count)
                               └─▶ the ledger (the figures, who and when), which makes both count

What comes later shows as an adjustment of the closed figures, never as another closed figure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from orchestration.approval import named_person
from orchestration.ledger import ledger_to_write
from orchestration.lock import one_writer
from orchestration.publication import (
    published_since,
    refuse_off_the_record,
    refuse_with_forgotten,
)
from orchestration.settings import TIME_ZONE, Home, SettingsError
from sources.clock import utc_now
from sources.closings import COLUMNS, Snapshots, snapshot_name
from sources.ledger import Ledger
from sources.objects import at_hand
from sources.sql import identifier, quoted, records

_QUARTER = re.compile(r"[Qq]?([1-4])")


@dataclass(frozen=True)
class Decided:
    """What became of a quarter.

    Attributes:
        event_kind: closed or reopened.
        fiscal_year_be: fiscal year, Buddhist era.
        fiscal_quarter: 1 to 4.
        occurred_at: when (UTC).
        decided_by: who, as given.
        note: why, as given.
        run_id: the run whose published figures are fixed; None of a quarter reopened.
        figures: the figures fixed, by cluster and measure.
    """

    event_kind: str
    fiscal_year_be: int
    fiscal_quarter: int
    occurred_at: dt.datetime
    decided_by: str
    note: str | None
    run_id: str | None = None
    figures: Sequence[Mapping[str, Any]] = ()

    @property
    def totals(self) -> dict[str, Any]:
        """Measure → the sum of its fixed figures."""
        sums: dict[str, Any] = {}
        for figure in self.figures:
            sums[figure["measure"]] = sums.get(figure["measure"], 0) + figure["amount"]
        return sums


def quarter_number(text: str) -> int:
    """The quarter that `Q1`, `q1` or `1` names.

    Raises:
        SettingsError: it names none.
    """
    if not (match := _QUARTER.fullmatch(text.strip())):
        raise SettingsError(f"{text!r} is no quarter; write Q1, Q2, Q3 or Q4.")
    return int(match.group(1))


def close(home: Home, year: int, quarter: int, by: str, note: str | None = None) -> Decided:
    """Fixes a quarter's figures as they are published at this moment, under the lock.

    Args:
        home: prepared.
        year: fiscal year, Buddhist era.
        quarter: 1 to 4.
        by: who decides.
        note: why; kept in the ledger, never published.

    Raises:
        SettingsError: nothing is published or it is not on record, somebody was forgotten since,
            no such quarter is known, it has not ended, or it is closed already.
        orchestration.lock.NightIsRunning: a night holds the lock.
    """
    name = named_person(by)
    with one_writer(home, f"closing of {year} Q{quarter}"), ledger_to_write(home) as ledger:
        if closing := ledger.quarter_closing(year, quarter):
            raise SettingsError(
                f"Quarter {year} Q{quarter} was closed by {closing['decided_by']} at "
                f"{closing['occurred_at']:%Y-%m-%d %H:%M} UTC. Reopen it first: "
                f"warehouse reopen {year} Q{quarter} --by NAME"
            )
        if not home.warehouse.exists():
            raise SettingsError(
                f"Nothing is published in {home.published} yet, so there is no figure to fix. "
                "Run `warehouse run` first."
            )
        refuse_off_the_record(home, ledger)
        refuse_with_forgotten(ledger, published_since(home))
        closed_at = utc_now()
        with duckdb.connect(str(home.warehouse), read_only=True) as db:
            _refuse_open_end(db, year, quarter, closed_at)
            return _fix(db, ledger, home, (year, quarter), (closed_at, name, note))


def reopen(home: Home, year: int, quarter: int, by: str, note: str | None = None) -> Decided:
    """Undoes the closing of a quarter, under the lock; what was fixed stays in ledger and store.

    Args:
        home: prepared.
        year: fiscal year, Buddhist era.
        quarter: 1 to 4.
        by: who decides.
        note: why; kept in the ledger, never published.

    Raises:
        SettingsError: the quarter is not closed.
        orchestration.lock.NightIsRunning: a night holds the lock.
    """
    name = named_person(by)
    with one_writer(home, f"reopening of {year} Q{quarter}"), ledger_to_write(home) as ledger:
        if ledger.quarter_closing(year, quarter) is None:
            raise SettingsError(f"Quarter {year} Q{quarter} is not closed; nothing was changed.")
        decided = Decided("reopened", year, quarter, utc_now(), name, note)
        ledger.record_quarter(_event(decided))
        return decided


def _refuse_open_end(
    db: duckdb.DuckDBPyConnection, year: int, quarter: int, now: dt.datetime
) -> None:
    try:
        ends = db.execute(
            "select ends_on from marts.dim_fiscal_quarter "
            "where fiscal_year_be = ? and fiscal_quarter = ?",
            [year, quarter],
        ).fetchone()
    except duckdb.CatalogException as error:
        raise SettingsError(
            "What is published is of an earlier version of this software, which knew no quarters. "
            "Run `warehouse run` first."
        ) from error
    if ends is None:
        raise SettingsError(
            f"There is no quarter {year} Q{quarter}. Give the fiscal year in the Buddhist era, "
            "2558 for October 2014 to September 2015."
        )
    today = now.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(TIME_ZONE)).date()
    if ends[0] >= today:
        raise SettingsError(
            f"Quarter {year} Q{quarter} ends on {ends[0]}; it can be closed from the day after."
        )


def _fix(
    db: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    home: Home,
    quarter_of_year: tuple[int, int],
    decision: tuple[dt.datetime, str, str | None],
) -> Decided:
    """Keeps the rows that count, then records the figures they make."""
    (year, quarter), (closed_at, name, note) = quarter_of_year, decision
    run_id, published_at = db.execute(
        "select run_id, published_at from audit.published_run order by published_at desc limit 1"
    ).fetchone() or ("", closed_at)
    snapshot = snapshot_name(year, quarter, closed_at)
    columns = ", ".join(identifier(column) for column in COLUMNS if column != "snapshot_id")
    path = Snapshots(home.store).write(
        db,
        f"select {quoted(snapshot)} as snapshot_id, {columns} from marts.fct_financial_outcome "
        f"where fiscal_year_be = {year} and fiscal_quarter = {quarter} order by all",
        snapshot,
    )
    with at_hand(path) as fixed:
        figures = records(
            db,
            "select cluster_code, measure, sum(amount) as amount, "
            "count(distinct enterprise_key) as enterprises "
            f"from read_parquet({quoted(str(fixed))}) group by all order by all",
        )
    decided = Decided("closed", year, quarter, closed_at, name, note, run_id, figures)
    ledger.record_quarter(
        _event(decided) | {"published_at": published_at, "snapshot_id": snapshot}, figures
    )
    return decided


def _event(decided: Decided) -> dict[str, Any]:
    return {
        "event_kind": decided.event_kind,
        "fiscal_year_be": decided.fiscal_year_be,
        "fiscal_quarter": decided.fiscal_quarter,
        "occurred_at": decided.occurred_at,
        "decided_by": decided.decided_by,
        "note": decided.note,
        "run_id": decided.run_id,
    }
