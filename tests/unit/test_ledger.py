"""The ledger: append-only, transactional, and what follows from its events."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from programs import said_by

from sources import ledger_relations
from sources.clock import utc_now
from sources.ledger import Known, Ledger
from sources.ledger_relations import RELATIONS, THIS_NIGHT, ThisNight, write_relations
from sources.ledger_tables import file_event

NOW = dt.datetime(2015, 1, 20, 18, 30)
#: In Bangkok it is half past one of the next day.
NIGHT = ThisNight("night", NOW)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """An empty ledger."""
    return Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")


def event(kind: str, path: str, file_id: str, **values: Any) -> dict[str, Any]:
    """A file event."""
    return {
        "event_kind": kind,
        "dataset": "apples",
        "path": path,
        "file_id": file_id,
        "contract_version": "1",
        "occurred_at": NOW,
        "run_id": "night",
        "reason": None,
        "message": None,
        "rows_read": 0,
        "rows_accepted": 0,
        "rows_quarantined": 0,
        "control_total": "0.00",
        "details": {},
        **values,
    }


def counted(file_id: str, rule: str, rows: int, broken: int) -> dict[str, Any]:
    """A rule result."""
    return {
        "dataset": "apples",
        "file_id": file_id,
        "contract_version": "1",
        "rule": rule,
        "rows_evaluated": rows,
        "unexpected_count": broken,
    }


def test_bytes_are_known_by_where_they_first_came(ledger: Ledger) -> None:
    ledger.record_file(event("loaded", "a.csv", "1"))
    ledger.record_file(event("duplicate", "b.csv", "1"))
    ledger.record_file(event("rejected", "c.csv", "2"))
    ledger.record_file(event("loaded", "d.csv", "1", dataset="pears"))
    assert ledger.known_files() == {
        ("apples", "1"): Known("a.csv", "loaded"),
        ("apples", "2"): Known("c.csv", "rejected"),
        ("pears", "1"): Known("d.csv", "loaded"),
    }


def test_a_path_is_known_by_the_bytes_last_seen_there(ledger: Ledger) -> None:
    for kind, file_id in (("loaded", "1"), ("loaded", "2"), ("duplicate", "1"), ("withdrawn", "9")):
        ledger.record_file(event(kind, "a.csv", file_id))
    assert ledger.latest_at_paths() == {("apples", "a.csv"): "1"}


def test_an_event_and_its_rule_results_are_recorded_together_or_not_at_all(ledger: Ledger) -> None:
    with pytest.raises(sa.exc.SQLAlchemyError):
        ledger.record_file(event("loaded", "a.csv", "1"), [{"dataset": "apples"}])
    assert ledger.known_files() == {}


def test_rule_counts_are_those_of_the_files_that_count(ledger: Ledger) -> None:
    rule = "x__bad_date"
    ledger.record_file(event("loaded", "a.csv", "1"), [counted("1", rule, 10, 1)])
    ledger.record_file(event("loaded", "a.csv", "2"), [counted("2", rule, 20, 0)])
    ledger.record_file(event("loaded", "b.csv", "3"), [counted("3", rule, 30, 3)])
    ledger.record_file(event("rejected", "c.csv", "4"), [counted("4", rule, 40, 4)])
    assert ledger.active_rule_counts("apples") == {rule: (90, 7, 2)}
    ledger.record_file(event("withdrawn", "b.csv", "3"))
    assert ledger.active_rule_counts("apples") == {rule: (60, 4, 1)}
    ledger.record_file(event("reinstated", "b.csv", "3"))
    assert ledger.active_rule_counts("apples") == {rule: (90, 7, 2)}
    assert ledger.active_rule_counts("pears") == {}


def test_a_snapshot_as_of_an_instant_holds_what_had_happened_by_then(
    ledger: Ledger, tmp_path: Path
) -> None:
    later = NOW + dt.timedelta(seconds=1)
    ledger.record_file(event("loaded", "a.csv", "1", control_total="12345678901234567.89"))
    ledger.record_file(event("loaded", "b.csv", "2", occurred_at=later))
    for as_of, paths in ((None, ["a.csv", "b.csv"]), (NOW, ["a.csv"]), (later, ["a.csv", "b.csv"])):
        files = write_relations(ledger, tmp_path / "snapshot", NIGHT, as_of)
        rows = duckdb.sql(
            f"select path from read_parquet('{files['file_event']}') order by event_id"
        )
        assert [path for (path,) in rows.fetchall()] == paths
    total = duckdb.sql(
        f"select max(control_total)::varchar from read_parquet('{files['file_event']}')"
    )
    assert total.fetchone() == ("12345678901234567.89",)


def test_a_small_ledger_is_laid_out_without_waiting_for_pandas(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.record_file(event("loaded", "a.csv", "1", control_total="1.50"))
    program = (
        "import datetime, pathlib, sys\n"
        "from sources.ledger import Ledger\n"
        "from sources.ledger_relations import ThisNight, write_relations\n"
        "night = ThisNight('night', datetime.datetime(2015, 1, 20))\n"
        "written = write_relations(Ledger(sys.argv[1]), pathlib.Path(sys.argv[2]), night)\n"
        "print(len(written), 'pandas' in sys.modules)"
    )
    said = said_by(program, f"sqlite:///{tmp_path / 'ledger.sqlite'}", tmp_path)
    assert said.split() == [str(len(RELATIONS) + 1), "False"]


def test_an_empty_ledger_has_typed_relations(ledger: Ledger, tmp_path: Path) -> None:
    files = write_relations(ledger, tmp_path / "snapshot", NIGHT)
    night = duckdb.sql(f"from read_parquet('{files.pop(THIS_NIGHT)}')")
    assert night.fetchall() == [("night", NOW, dt.date(2015, 1, 21))]
    assert files.keys() == RELATIONS.keys()
    for name, file in files.items():
        relation = duckdb.sql(f"from read_parquet('{file}')")
        assert relation.fetchall() == []
        assert relation.columns == list(RELATIONS[name].columns)


def test_the_store_holds_loaded_files_and_those_rejected_for_their_rows(ledger: Ledger) -> None:
    ledger.record_file(event("loaded", "a.csv", "1", rows_read=3, rows_accepted=3))
    ledger.record_file(event("rejected", "b.csv", "2", rows_read=2, rows_quarantined=2))
    ledger.record_file(event("rejected", "c.csv", "3"))
    ledger.record_file(event("duplicate", "d.csv", "1"))
    assert sorted(ledger.stored_files()) == [("apples", "1", "1", 3, 0), ("apples", "2", "1", 0, 2)]
    assert ledger.stored_files(NOW - dt.timedelta(days=1)) == []


def test_runs_are_known_by_their_last_event(ledger: Ledger) -> None:
    assert ledger.last_run() is None
    ledger.record_run("one", "started")
    ledger.record_run("one", "published", files_loaded=2, rows_loaded=5)
    ledger.record_run("two", "started")
    ledger.record_run("two", "not_published", reason="a check failed")
    last = ledger.last_run()
    assert last is not None
    assert (last["run_id"], last["event_kind"], last["reason"]) == (
        "two",
        "not_published",
        "a check failed",
    )
    assert ledger.run_started_at("two") is not None
    assert ledger.run_started_at("three") is None


def test_a_published_run_is_listed_once_with_when_it_began(ledger: Ledger, tmp_path: Path) -> None:
    ledger.record_run("one", "started")
    ledger.record_run("one", "published", git_sha="abc", files_loaded=2, rows_loaded=5)
    ledger.record_run("two", "started")
    file = write_relations(ledger, tmp_path / "snapshot", NIGHT)["published_run"]
    rows = duckdb.sql(
        "select run_id, git_sha, rows_loaded, started_at <= published_at "
        f"from read_parquet('{file}')"
    )
    assert rows.fetchall() == [("one", "abc", 5, True)]


def test_a_ledger_that_is_opened_again_keeps_its_events(ledger: Ledger) -> None:
    ledger.record_file(event("loaded", "a.csv", "1"))
    ledger.close()
    again = Ledger(str(ledger.engine.url))
    assert ("apples", "1") in again.known_files()
    with again.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(file_event)) == 1


def test_instants_are_utc_without_a_zone() -> None:
    assert utc_now().tzinfo is None
    assert abs(utc_now() - dt.datetime.now(dt.UTC).replace(tzinfo=None)) < dt.timedelta(seconds=5)


def test_the_night_in_force_at_a_time_is_the_last_that_had_published(ledger: Ledger) -> None:
    before = utc_now()
    ledger.record_run("one", "started")
    ledger.record_run("one", "published")
    ledger.record_run("two", "started")
    ledger.record_run("two", "not_published", reason="a test")
    assert ledger.published_run_at(before) is None
    found = ledger.published_run_at(utc_now())
    assert found is not None
    assert found == ("one", ledger.run_started_at("one"))


def matter(matter_id: str, event_kind: str | None = "opened", **values: Any) -> dict[str, Any]:
    """A matter that a night opened or found resolved."""
    told = {"matter_id": matter_id, "event_kind": event_kind, "kind": "held", "amount_baht": None}
    return {**told, **values}


def matters_read(ledger: Ledger, folder: Path, night: str) -> list[tuple[Any, ...]]:
    """What the build of a night reads of earlier nights' matters."""
    file = write_relations(ledger, folder / night, ThisNight(night, NOW))["matter_event"]
    return duckdb.sql(
        f"select run_id, matter_id, amount_baht from read_parquet('{file}') order by event_id"
    ).fetchall()


def test_a_night_reads_the_matters_of_earlier_nights_alone(ledger: Ledger, tmp_path: Path) -> None:
    ledger.record_published("one", NOW, [], [matter("a", amount_baht="12.50"), matter("b")])
    ledger.record_published("two", NOW, [], [matter("a", "resolved")])
    one = [("one", "a", Decimal("12.50")), ("one", "b", None)]
    assert matters_read(ledger, tmp_path, "two") == one
    assert matters_read(ledger, tmp_path, "three") == [*one, ("two", "a", None)]


def test_a_publication_and_its_matters_are_recorded_together_or_not_at_all(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.record_run("one", "started")
    with pytest.raises(sa.exc.IntegrityError):
        ledger.record_published("one", NOW, [], [matter("a"), matter("b", None)])
    last = ledger.last_run()
    assert last is not None
    assert last["event_kind"] == "started"
    assert matters_read(ledger, tmp_path, "two") == []


def test_every_relation_keeps_its_types_when_nothing_has_happened(
    ledger: Ledger, tmp_path: Path
) -> None:
    for name, path in write_relations(ledger, tmp_path / "snapshot", NIGHT).items():
        if name == THIS_NIGHT:
            continue
        described = duckdb.sql(f"describe from read_parquet('{path}')").fetchall()
        assert {column[0]: column[1].lower().replace(",", ", ") for column in described} == {
            column: told.data_type for column, told in RELATIONS[name].columns.items()
        }


@pytest.mark.parametrize("rows_at_a_time", [20_000, 2, 1])
def test_results_of_checks_come_out_as_they_went_in(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_at_a_time: int
) -> None:
    monkeypatch.setattr(ledger_relations, "_BATCH", rows_at_a_time)
    result = {
        "run_id": "one",
        "checked_at": NOW,
        "tool": "dbt",
        "dataset_or_model": "apples",
        "check_name": "c",
        "severity": "warn",
        "passed": False,
        "observed": None,
        "unexpected_count": 3,
    }
    precise = {**result, "checked_at": NOW.replace(microsecond=7), "passed": True, "observed": "x"}
    ledger.record_checks([result, precise])
    file = write_relations(ledger, tmp_path / "snapshot", NIGHT)["check_result"]
    assert duckdb.sql(f"from read_parquet('{file}')").fetchall() == [
        tuple(result.values()),
        tuple(precise.values()),
    ]
