"""Homes that older software wrote, and homes that were moved with a part of them left behind.

One night of today's software on a home of the first release; the rest is refused before a night.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from older_homes import home_of

from sources.ledger_schema import HEAD, VERSION_TABLE
from sources.sampling.world import juristic_id

if TYPE_CHECKING:
    from tests.integration.conftest import Done, Home, Night, Record

pytestmark = pytest.mark.night

ONE, TWO, THREE = (juristic_id(n) for n in (101, 102, 103))
EXPANSION = "select actual_baht from reports.rpt_programme_progress where measure like 'economic%'"


def ask(home: Home, sql: str) -> list[tuple[Any, ...]]:
    """Asks the ledger itself; only it says which revision it has."""
    with contextlib.closing(sqlite3.connect(home.root / "ledger.sqlite")) as db:
        return db.execute(sql).fetchall()


def older(new_home: Callable[[str], Home], name: str) -> Home:
    """A home that older software made, with its landing zone inside."""
    home = new_home(name)
    home_of(name, home.root)
    home.landing = home.root / "landing"
    return home


@dataclass(frozen=True)
class Upgraded:
    """A home of the first release, before and after a night of today's software."""

    home: Home
    while_a_night_runs: Done
    figure_while_a_night_runs: Done
    revision_while_a_night_runs: list[tuple[Any, ...]]
    status: Done
    night: Night


@pytest.fixture(scope="module")
def upgraded(new_home: Callable[[str], Home], outcome: Callable[..., Record]) -> Upgraded:
    home = older(new_home, "first_release")
    tables = f"select name from sqlite_master where name = '{VERSION_TABLE}'"
    with FileLock(home.root / "night.lock"):  # as a night of the older software has it
        while_running = home.run("status", "--json")
        figure = home.run("query", EXPANSION, "--format", "csv")
        revision = ask(home, tables)
    status = home.run("status", "--json")
    home.csv("financial_outcomes/today.csv", [outcome("C01", ONE, 1000, quarter="2")])
    return Upgraded(home, while_running, figure, revision, status, home.night())


def test_a_ledger_is_not_upgraded_under_a_night_that_runs(upgraded: Upgraded) -> None:
    said = " ".join(upgraded.while_a_night_runs.json()["problems"])
    assert upgraded.while_a_night_runs.exit_code == 1
    assert HEAD in said
    assert "Another night is running" in said
    assert upgraded.revision_while_a_night_runs == []
    assert upgraded.figure_while_a_night_runs.stdout.split() == ["actual_baht", "350.00"]


def test_the_status_of_an_older_home_upgrades_its_ledger_and_reads_it(upgraded: Upgraded) -> None:
    state = upgraded.status.json()
    assert state["last_run"]["event_kind"] == "published"
    assert state["published"]["files_loaded"] == 4
    assert (upgraded.home.root / f"ledger.sqlite.before-{HEAD}").exists()


def test_a_night_on_an_older_home_publishes_what_was_loaded_before_and_what_came(
    upgraded: Upgraded,
) -> None:
    assert upgraded.night.exit_code == 0, upgraded.night.said
    assert upgraded.night.amounts() == {
        (ONE, 1, "sales_increase"): 150,
        (TWO, 1, "sales_increase"): 200,
        (ONE, 2, "sales_increase"): 1000,
    }
    assert upgraded.night.report["files"]["loaded"] == 1


def test_every_event_of_an_older_home_is_published(upgraded: Upgraded) -> None:
    kinds = sorted(row["event_kind"] for row in upgraded.night.tables["audit.file_event"])
    assert kinds == ["duplicate", *["loaded"] * 7, "rejected", "withdrawn"]
    assert len(upgraded.night.tables["audit.published_run"]) == 3


def test_dagsters_settings_of_an_older_home_are_renewed_and_the_old_ones_kept(
    upgraded: Upgraded,
) -> None:
    folder = upgraded.home.root / "dagster"
    assert "dagster.override.yaml" in (folder / "dagster.yaml").read_text()
    assert "changes here are kept" in (folder / "dagster.yaml.before").read_text()


# ── Refused before the night ──────────────────────────────────────────────────────────────────


def without(*parts: str) -> Callable[[Path], None]:
    def leave_behind(root: Path) -> None:
        for part in parts:
            path = root / part
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return leave_behind


def without_one_file_of_the_store(root: Path) -> None:
    next((root / "store").glob("financial_outcomes/accepted/[0-9a-f]*.parquet")).unlink()


def from_the_future(root: Path) -> None:
    with contextlib.closing(sqlite3.connect(root / "ledger.sqlite")) as db, db:
        db.execute("update schema_version set version = 3")


LEFT_BEHIND = {
    "the store": (without("store"), "store"),
    "one file of the store": (without_one_file_of_the_store, "lacks 1 of the"),
    "the archive": (without("archive"), "archive"),
    "the key": (without("key_secret"), "key_secret"),
    "the ledger": (without("ledger.sqlite"), "the ledger of this home was left behind"),
    "the software": (from_the_future, "install that version"),
}


@pytest.mark.parametrize("what", LEFT_BEHIND)
def test_a_home_without_a_part_of_it_publishes_nothing_and_says_what_to_do(
    new_home: Callable[[str], Home], what: str
) -> None:
    leave_behind, told = LEFT_BEHIND[what]
    home = older(new_home, "before_revisions")
    leave_behind(home.root)
    before = home.digest()
    night = home.night()
    assert night.exit_code == 1
    assert told in night.report["reason"]
    assert "Traceback" not in night.said
    assert night.digest == before


def test_the_version_names_the_revision_of_the_ledger(new_home: Callable[[str], Home]) -> None:
    done = new_home("version").run("--version")
    told = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())
    assert done.exit_code == 0
    assert told["ledger revision"] == HEAD
    assert {"warehouse", "commit", "python", "dagster", "dbt-core", "duckdb"} <= told.keys()
