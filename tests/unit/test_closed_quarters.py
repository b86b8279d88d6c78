"""What the ledger and the store keep of closed quarters, of approvals and of a night's changes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from programs import said_by

from sources.closings import COLUMNS, Snapshots, rows_sql, snapshot_name
from sources.ledger import Ledger
from sources.ledger_relations import ThisNight, write_relations
from sources.ledger_tables import night_difference, run_event

NOW = dt.datetime(2015, 1, 20, 18, 30)
LATER = NOW + dt.timedelta(hours=1)
NIGHT = ThisNight("night", NOW)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """An empty ledger."""
    return Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")


def event(kind: str, occurred_at: dt.datetime = NOW, quarter: int = 1) -> dict[str, Any]:
    """An event of a quarter."""
    return {
        "event_kind": kind,
        "fiscal_year_be": 2558,
        "fiscal_quarter": quarter,
        "occurred_at": occurred_at,
        "decided_by": "A",
        "snapshot_id": snapshot_name(2558, quarter, occurred_at) if kind == "closed" else None,
    }


def test_a_quarter_is_closed_until_it_is_reopened(ledger: Ledger) -> None:
    assert ledger.quarter_closing(2558, 1) is None
    ledger.record_quarter(event("closed"))
    closing = ledger.quarter_closing(2558, 1)
    assert closing is not None
    assert closing["occurred_at"] == NOW
    assert ledger.quarter_closing(2558, 2) is None
    ledger.record_quarter(event("reopened", LATER))
    assert ledger.quarter_closing(2558, 1) is None


def test_a_closing_and_its_figures_are_recorded_together_or_not_at_all(ledger: Ledger) -> None:
    incomplete = {"cluster_code": "C01", "measure": None, "amount": Decimal(1), "enterprises": 1}
    with pytest.raises(sa.exc.IntegrityError):
        ledger.record_quarter(event("closed"), [incomplete])
    assert ledger.quarter_closing(2558, 1) is None


def test_figures_are_fixed_to_the_satang_and_cut_off_by_time(
    ledger: Ledger, tmp_path: Path
) -> None:
    amount = Decimal("12345678901234567890.12")
    figure = {"cluster_code": "C01", "measure": "m", "amount": amount, "enterprises": 1}
    ledger.record_quarter(event("closed", LATER), [figure])
    for as_of, amounts in ((NOW, []), (LATER, [(amount,)]), (None, [(amount,)])):
        files = write_relations(ledger, tmp_path / "relations", NIGHT, as_of)
        assert duckdb.sql(f"select amount from '{files['closed_figure']}'").fetchall() == amounts
        events = duckdb.sql(f"select count(*) from '{files['quarter_event']}'").fetchone()
        assert events == (len(amounts),)
        assert len(ledger.snapshots(as_of)) == len(amounts)


def test_a_run_and_what_it_changed_are_recorded_together_or_not_at_all(ledger: Ledger) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        ledger.record_published("night", NOW, [{"run_id": "night", "kind": None}], [])
    with ledger.engine.connect() as connection:
        for table in (run_event, night_difference):
            assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_a_run_waits_until_a_later_one_publishes_or_waits(ledger: Ledger) -> None:
    assert ledger.waiting_run() is None
    ledger.record_run("one", "waiting")
    ledger.record_run("failed", "not_published")
    assert (ledger.waiting_run() or {})["run_id"] == "one"
    ledger.record_run("two", "waiting")
    assert (ledger.waiting_run() or {})["run_id"] == "two"
    ledger.record_published("three", NOW, [], [])
    assert ledger.waiting_run() is None


def test_without_a_closing_the_rows_have_their_types_and_there_are_none() -> None:
    relation = duckdb.sql(rows_sql([]))
    assert relation.columns == list(COLUMNS)
    assert [str(kind).lower().replace(",", ", ") for kind in relation.types] == [
        kind for kind, _ in COLUMNS.values()
    ]
    assert relation.fetchall() == []


def test_a_snapshot_is_whole_and_its_owners_alone(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    columns = ", ".join(f"null as {name}" for name in COLUMNS if name != "snapshot_id")
    with duckdb.connect() as db:
        path = snapshots.write(db, f"select 'S' as snapshot_id, {columns}", "S")
        assert path.stat().st_mode & 0o077 == 0
        with pytest.raises(duckdb.Error):
            snapshots.write(db, "select error('half way')", "T")
    assert [file.name for file in path.parent.iterdir()] == ["S.parquet"]
    assert duckdb.sql(rows_sql([path])).fetchall()[0][0] == "S"


def test_deciding_on_a_night_or_a_quarter_loads_neither_dagster_nor_dbt() -> None:
    """Either takes seconds; `approve`, `close` and `reopen` answer in one."""
    loaded = said_by(
        "import sys, orchestration.cli, orchestration.approval, orchestration.closing\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    ).split()
    assert "duckdb" in loaded
    assert {"dagster", "dbt", "great_expectations"} & set(loaded) == set()
