"""Dagster's events in SQLite: what it takes to write one, and that it is written whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from dagster import (
    AssetCheckKey,
    AssetKey,
    DagsterEventType,
    DagsterInstance,
    Definitions,
    asset,
    asset_check,
    materialize,
)
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from small_home import home_at

from orchestration import event_log, settings
from orchestration.event_log import EventLog
from orchestration.instance import write_instance_config


@asset
def figures() -> int:
    return 1


@asset_check(asset=figures)
def add_up() -> Any:
    from dagster import AssetCheckResult

    return AssetCheckResult(passed=True)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DagsterInstance]:
    """An instance in a prepared home."""
    home = home_at(tmp_path)
    home.prepare()
    monkeypatch.setenv("DAGSTER_HOME", str(home.dagster))
    write_instance_config(home)
    with DagsterInstance.from_config(str(home.dagster)) as made:
        yield made


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a database was opened for each event that was stored: its type → the most."""
    most: Counter[str] = Counter()
    opened: list[str] = []
    store, open_database = EventLog.store_event, EventLog._opened

    def told(log: EventLog, event: Any) -> None:
        opened.clear()
        store(log, event)
        kind = event.dagster_event_type.value if event.is_dagster_event else "log"
        most[kind] = max(most[kind], *Counter(opened).values())

    def counted(log: EventLog, shard: str) -> Any:
        opened.append(shard)
        return open_database(log, shard)

    monkeypatch.setattr(EventLog, "store_event", told)
    monkeypatch.setattr(EventLog, "_opened", counted)
    return most


def test_an_event_is_one_transaction_of_each_database(
    instance: DagsterInstance, begun: Counter[str]
) -> None:
    assert materialize([figures, add_up], instance=instance).success
    assert begun["ASSET_MATERIALIZATION"] == begun["ASSET_CHECK_EVALUATION"] == 1
    assert set(begun.values()) == {1}


def test_what_a_run_intends_is_one_transaction_of_each_database(
    tmp_path: Path, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path))
    monkeypatch.delenv("DAGSTER_EVENT_BATCH_SIZE", raising=False)
    settings.load()
    batches: list[Counter[str]] = []
    store, open_database = EventLog.store_event_batch, EventLog._opened

    def told(log: EventLog, events: Any) -> None:
        batches.append(Counter())
        store(log, events)

    def counted(log: EventLog, shard: str) -> Any:
        if batches:
            batches[-1][shard] += 1
        return open_database(log, shard)

    with monkeypatch.context() as patched:
        patched.setattr(EventLog, "store_event_batch", told)
        patched.setattr(EventLog, "_opened", counted)
        run = instance.create_run_for_job(Definitions(
            assets=[figures], asset_checks=[add_up]
        ).resolve_implicit_global_asset_job_def())  # fmt: skip
    (opened,) = batches
    assert opened == {run.run_id: 1, "index": 1}
    planned = instance.all_logs(run.run_id)
    assert [event.dagster_event_type for event in planned] == [
        DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
        DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED,
    ]
    (record,) = instance.get_asset_records([figures.key])
    assert record.asset_entry.last_run_id == run.run_id


def test_of_events_that_the_index_refuses_together_none_is_in_a_database(
    instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = materialize([figures], instance=instance).run_id
    log: Any = instance.event_log_storage
    events = instance.all_logs(run_id)
    store = EventLog._store_asset_event

    def refuse(*_: Any) -> None:
        raise sa.exc.OperationalError("insert", {}, Exception("disk I/O error"))

    monkeypatch.setattr(EventLog, "_store_asset_event", refuse)
    with pytest.raises(sa.exc.OperationalError):
        log.store_event_batch(events)
    assert instance.all_logs(run_id) == events
    monkeypatch.setattr(EventLog, "_store_asset_event", store)
    log.store_event_batch(events)
    assert len(instance.all_logs(run_id)) == 2 * len(events)


def test_what_was_materialized_and_checked_is_found_again(instance: DagsterInstance) -> None:
    run = materialize([figures, add_up], instance=instance)
    assert isinstance(instance.event_log_storage, EventLog)
    event = instance.get_latest_materialization_event(AssetKey("figures"))
    assert event is not None
    assert event.run_id == run.run_id
    key = AssetCheckKey(AssetKey("figures"), "add_up")
    (found,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=2)
    assert found.status.value == "SUCCEEDED"


def test_an_event_that_the_index_refuses_is_in_no_database(
    instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = materialize([figures], instance=instance).run_id
    log: Any = instance.event_log_storage
    (event,) = instance.all_logs(run_id, of_type=DagsterEventType.ASSET_MATERIALIZATION)

    def refuse(*_: Any) -> None:
        raise sa.exc.OperationalError("insert", {}, Exception("disk I/O error"))

    def count() -> int:
        with log.run_connection(run_id) as connection:
            found = connection.execute(sa.select(sa.func.count(SqlEventLogStorageTable.c.id)))
            return int(found.scalar_one())

    before = count()
    monkeypatch.setattr(EventLog, "_store_asset_event", refuse)
    with pytest.raises(sa.exc.OperationalError):
        log.store_event(event)
    assert count() == before
    monkeypatch.undo()
    log.store_event(event)
    assert count() == before + 1


def test_whether_a_table_is_there_is_asked_until_it_is(
    instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    log: Any = instance.event_log_storage
    asked: list[str] = []
    ask = event_log.SqliteEventLogStorage.has_table

    def told(storage: Any, name: str) -> bool:
        asked.append(name)
        return ask(storage, name)

    monkeypatch.setattr(event_log.SqliteEventLogStorage, "has_table", told)
    assert [log.has_table("asset_keys") for _ in range(3)] == [True] * 3
    assert [log.has_table("none_of_these") for _ in range(2)] == [False] * 2
    assert asked == ["asset_keys", "none_of_these", "none_of_these"]


def test_an_asset_is_looked_at_without_a_question_for_what_is_there_already(
    instance: DagsterInstance,
) -> None:
    assert materialize([figures, add_up], instance=instance).success
    storage = instance.event_log_storage
    assert isinstance(storage, EventLog)
    asked: list[str] = []

    def told(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", told)
    try:
        (record,) = storage.get_asset_records([figures.key])
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", told)
    assert len([statement for statement in asked if "event_logs" in statement]) == 0
    last = instance.get_latest_materialization_event(figures.key)
    assert last is not None
    assert record.asset_entry.last_materialization == last


def test_an_asset_that_was_wiped_has_no_last_materialization(instance: DagsterInstance) -> None:
    assert materialize([figures, add_up], instance=instance).success
    instance.wipe_assets([figures.key])
    records = instance.get_asset_records([figures.key])
    assert [record.asset_entry.last_materialization for record in records] in ([], [None])
