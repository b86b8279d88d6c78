"""Dagster's instance in a home: its settings are those of the software, its tables too."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path

import pytest
import yaml
from dagster import DagsterInstance
from small_home import home_at

from orchestration import instance as instance_module
from orchestration.instance import InstanceUnusable, prepare_instance, write_instance_config
from orchestration.lock import NightIsRunning, one_writer
from orchestration.settings import Home

URL = "postgresql+psycopg2://clerk:s3cret@127.0.0.1:1/dagster"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A prepared home, which Dagster is told of as it is in a night."""
    made = home_at(tmp_path)
    made.prepare()
    monkeypatch.setenv("DAGSTER_HOME", str(made.dagster))
    return made


def on_postgresql(home: Home) -> Home:
    return Home(**{**vars(home), "dagster_url": URL})


def test_the_settings_are_written_anew_at_every_start(home: Home) -> None:
    path = write_instance_config(home)
    written = path.read_text()
    path.write_text("concurrency: {}\n")
    assert write_instance_config(home).read_text() == written


def test_settings_that_an_operator_was_allowed_to_change_are_kept_beside(home: Home) -> None:
    path = home.dagster / "dagster.yaml"
    told = "# Written by `warehouse`; changes here are kept while the file exists.\nnux: {}\n"
    path.write_text(told)
    write_instance_config(home)
    assert path.read_text() != told
    assert (home.dagster / "dagster.yaml.before").read_text() == told


def test_a_key_of_the_override_takes_the_place_of_ours(home: Home) -> None:
    (home.dagster / "dagster.override.yaml").write_text("telemetry: {enabled: true}\n")
    config = yaml.safe_load(write_instance_config(home).read_text())
    assert config["telemetry"] == {"enabled": True}
    assert "concurrency" in config


@pytest.mark.parametrize("told", ["telemetry: {", "- a list"], ids=["no YAML", "no mapping"])
def test_an_override_that_cannot_be_read_is_named(home: Home, told: str) -> None:
    (home.dagster / "dagster.override.yaml").write_text(told)
    with pytest.raises(InstanceUnusable, match=r"dagster\.override\.yaml"):
        write_instance_config(home)


def test_the_url_of_the_database_stands_in_no_file(home: Home) -> None:
    written = write_instance_config(on_postgresql(home)).read_text()
    assert "WAREHOUSE_DAGSTER_URL" in written
    assert "s3cret" not in written
    assert "event_log_storage" not in written


def test_a_server_out_of_reach_is_named_without_its_password(home: Home) -> None:
    with pytest.raises(InstanceUnusable, match=r"127\.0\.0\.1:1/dagster cannot be reached") as told:
        prepare_instance(on_postgresql(home))
    assert "s3cret" not in str(told.value)


def test_the_tables_of_an_older_dagster_are_brought_up_to_date_once(home: Home) -> None:
    prepare_instance(home)
    with DagsterInstance.from_config(str(home.dagster)) as instance:
        revision, head = instance.run_storage.alembic_version()  # type: ignore[attr-defined]
    assert revision == head
    (home.dagster / "dagster.version").write_text("1.12.0\n")
    runs = home.dagster / "history" / "runs.db"
    with contextlib.closing(sqlite3.connect(runs)) as db, db:
        # A revision of Dagster's own that is three steps behind.
        db.execute("update alembic_version set version_num = '16e3655b4d9b'")
    prepare_instance(home)
    with contextlib.closing(sqlite3.connect(runs)) as db:
        assert db.execute("select version_num from alembic_version").fetchall() == [(head,)]
    assert (home.dagster / "dagster.version").read_text() != "1.12.0\n"


def test_services_started_together_wait_for_the_one_that_makes_the_tables(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = threading.Event()
    go_on = threading.Event()
    made: list[str] = []

    def upgrade(_: Home) -> None:
        began.set()
        assert go_on.wait(30)
        made.append("tables")

    monkeypatch.setattr(instance_module, "_upgrade", upgrade)
    services = [
        threading.Thread(target=prepare_instance, args=(home,), kwargs={"wait_seconds": 30})
        for _ in range(2)
    ]
    services[0].start()
    assert began.wait(30)
    services[1].start()
    go_on.set()
    for service in services:
        service.join(30)
        assert not service.is_alive()
    assert made == ["tables"]


def test_a_command_does_not_wait_for_a_night_to_end_its_upgrade(home: Home) -> None:
    with one_writer(home, "a night"), pytest.raises(NightIsRunning, match="run a night"):
        prepare_instance(home)
