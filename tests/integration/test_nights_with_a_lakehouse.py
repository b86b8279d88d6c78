"""Nights whose target is a lakehouse, by the command line: cut short, made up for, and read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from forked_nights import Ended, Nights
from postgres import Postgres

from sources.sampling.world import juristic_id

if TYPE_CHECKING:
    from tests.integration.conftest import Home, Record

pytestmark = pytest.mark.night
#: The version is whole and the lake has it; nobody is led there yet.
COMMITTED = "os.rename published/current #1"


@dataclass
class Scene:
    """A home that publishes in a lake, and what became of its nights."""

    home: Home
    server: Nights
    environment: dict[str, str]
    catalog: str

    def run(self, *arguments: str, kill_at: str | None = None, **more: str) -> Ended:
        """Runs a command, as on the machine that has the nights."""
        environment = {**self.environment, **more}
        return self.server.run(*arguments, environment=environment, kill_at=kill_at)

    def ask(self, sql: str, *arguments: str, **more: str) -> Any:
        """What `warehouse query` answers."""
        done = self.run("query", sql, "--json", *arguments, **more)
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout)

    def events(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Run, kind and details of every event that ended a run, in order."""
        with sqlite3.connect(self.home.root / "ledger.sqlite") as db:
            found = db.execute(
                "select run_id, event_kind, details from run_event "
                "where event_kind <> 'started' order by occurred_at, event_id"
            ).fetchall()
        return [(run, kind, json.loads(details or "{}")) for run, kind, details in found]


@pytest.fixture(scope="module")
def scene(
    night_server: Nights,
    new_home: Callable[[str], Home],
    postgres: Postgres,
    tmp_path_factory: pytest.TempPathFactory,
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Scene:
    home = new_home("lakehouse")
    known = [juristic_id(number) for number in range(601, 604)]
    home.csv("cluster_registrations/clusters.csv", [cluster("C01")])
    home.csv("member_registrations/members.csv", [member("C01", one) for one in known])
    home.csv("financial_outcomes/o.csv", [outcome("C01", one, 1_000) for one in known])
    catalog = postgres.database("lake_of_nights").replace("+psycopg2", "")
    environment = home.environment(
        WAREHOUSE_TARGET="ducklake",
        WAREHOUSE_LAKE_CATALOG=catalog.replace("postgres@", "postgres:hush-hush@"),
        WAREHOUSE_LAKE_DATA=str(tmp_path_factory.mktemp("lake")),
    )
    return Scene(home, night_server, environment, catalog)


def test_a_night_with_a_lakehouse_is_made_up_for_however_it_is_cut_short(
    scene: Scene, tmp_path: Path
) -> None:
    home = scene.home
    # The first night is killed between the lake's commit and the folder's.
    killed = scene.run("run", "--json", kill_at=COMMITTED)
    assert killed.exit_code == -9
    assert not home.published.exists()
    (only,) = scene.ask("select run_id, rows_loaded from audit.published_run")
    assert scene.ask("select count(*) as n from marts.fct_financial_outcome") == [{"n": 3}]

    # The next night finds that it was published, says so, and publishes itself.
    night = scene.run("run", "--json")
    assert night.exit_code == 0, night.stderr
    events = scene.events()
    assert [(run == only["run_id"], kind) for run, kind, _ in events] == [
        (True, "published"), (False, "published"),
    ]  # fmt: skip
    told = json.loads(scene.run("snapshots", "--json").stdout)
    assert [(one["run_id"], one["snapshot"]) for one in told] == [
        (run, details["lake_snapshot"]) for run, _, details in events
    ]
    counted = "select count(*) as n from audit.published_run"
    assert scene.ask(counted) == [{"n": 2}]
    assert scene.ask(counted, "--night", only["run_id"][:8]) == [{"n": 1}]

    # Everything that reads: here, and on a machine that has the settings and nothing else.
    state = json.loads(scene.run("status", "--json").stdout)
    assert state["lake"]["run_id"] == state["published"]["run_id"] == events[-1][0]
    traced = scene.run("trace", "rpt_programme_progress", "fiscal_year_be=2558", "--json")
    assert traced.exit_code == 0, traced.stderr
    assert scene.run("quarantine", "--json").exit_code == 0
    away = {"WAREHOUSE_HOME": str(tmp_path / "away")}
    listed = scene.run("tables", "--json", **away)
    assert "fct_financial_outcome" in listed.stdout
    assert scene.ask(counted, **away) == [{"n": 2}]
    assert not (tmp_path / "away").exists()

    # Without its catalog nothing is published, and the sentence has no password.
    unreachable = {"WAREHOUSE_LAKE_CATALOG": "postgresql://u:hush-hush@127.0.0.1:1/lake"}
    failed = scene.run("run", "--json", **unreachable)
    assert failed.exit_code == 1
    assert "127.0.0.1:1/lake does not answer" in json.loads(failed.stdout)["reason"]
    doctor = scene.run("doctor", "--json", **unreachable)
    assert "127.0.0.1:1/lake does not answer" in doctor.stdout
    assert scene.ask(counted) == [{"n": 2}]
    kept = scene.run("housekeeping", "--json")
    assert "old nights of the lakehouse" in kept.stdout, kept.stderr
    whatever_was_said = [
        done.stdout + done.stderr for done in (killed, night, failed, doctor, kept)
    ]
    assert not any("hush-hush" in said for said in whatever_was_said)
    logged = [file.read_bytes() for file in home.root.rglob("*") if file.is_file()]
    assert not any(b"hush-hush" in content for content in logged)
