"""Nights of a home whose ledger and whose Dagster are in one PostgreSQL database.

The same files come to a home on SQLite. Between the two nights a file is corrected, another is
withdrawn, and the server is stopped: a night that begins then publishes nothing.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgres import Postgres

from sources.ledger import Ledger
from sources.ledger_engine import LedgerError
from sources.ledger_schema import HEAD, VERSION_TABLE
from sources.ledger_tables import metadata
from sources.sampling.world import juristic_id

if TYPE_CHECKING:
    from tests.integration.conftest import Done, Home, Night, Record, Tables

pytestmark = pytest.mark.night

ONE, TWO, THREE, FOUR = (juristic_id(n) for n in range(101, 105))
PASSWORD = "s3cret%2Fs3cret"
#: What differs between two homes in which the same happened: runs, instants, what follows of them.
OF_THE_RUN = ("run_id", "_at", "git_sha", "snapshot_id")


@dataclass(frozen=True)
class Story:
    """Two nights on PostgreSQL, what lay between them, and the same two on SQLite."""

    home: Home
    settings: dict[str, str]
    url: str
    nights: tuple[Night, Night]
    on_sqlite: tuple[Night, Night]
    withdrawn: Done
    while_stopped: dict[str, Done]
    night_while_stopped: Night
    status: Done
    trace: Done


@pytest.fixture(scope="module")
def story(
    mortal: Postgres,
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Story:
    url = mortal.database("warehouse")
    with_password = url.replace("postgres@", f"postgres:{PASSWORD}@")
    key = {"WAREHOUSE_KEY_SECRET": "the same in both homes"}
    settings = {
        **key,
        "WAREHOUSE_LEDGER_URL": with_password.replace("+psycopg2", ""),
        "WAREHOUSE_DAGSTER_URL": with_password.replace("postgresql+psycopg2", "postgres"),
    }
    home, lite = new_home("on_postgresql"), new_home("on_sqlite")

    def first(at: Home) -> None:
        at.csv("cluster_registrations/clusters.csv", [cluster("C01"), cluster("C02")])
        at.csv("member_registrations/members.csv", [member("C01", i) for i in (ONE, TWO, THREE)])
        at.csv(
            "financial_outcomes/a.csv",
            [
                outcome("C01", ONE, "12345678.91"),
                outcome("C01", TWO, "ไม่มี"),
                outcome("C01", FOUR, 4),
            ],
        )
        at.csv("financial_outcomes/wrong.csv", [outcome("C01", THREE, 9000)])
        at.write("financial_outcomes/refused.csv", b"x\r\n1\r\n")

    def second(at: Home) -> None:
        at.csv("financial_outcomes/a.csv", [outcome("C01", ONE, 150), outcome("C01", TWO, 200)])
        at.csv("financial_outcomes/again.csv", [outcome("C01", THREE, 9000)])

    wrong = ("withdraw", "financial_outcomes/wrong.csv")
    first(lite)
    lite_first = lite.night(**key)
    second(lite)
    lite.run(*wrong)
    lite_second = lite.night(**key)

    first(home)
    night = home.night(**settings)
    second(home)
    withdrawn = home.run(*wrong, **settings)
    mortal.stop()
    night_while_stopped = home.night(**settings)
    while_stopped = {
        "run": night_while_stopped,
        "run of a home with its ledger in SQLite": new_home("ledger_on_sqlite").run(
            "run", WAREHOUSE_DAGSTER_URL=settings["WAREHOUSE_DAGSTER_URL"]
        ),
        "status": home.run("status", **settings),
        "withdraw": home.run(*wrong, **settings),
    }
    mortal.start()
    return Story(
        home,
        settings,
        url,
        (night, home.night(**settings)),
        (lite_first, lite_second),
        withdrawn,
        while_stopped,
        night_while_stopped,
        home.run("status", "--json", **settings),
        home.run("trace", "rpt_programme_progress", "fiscal_year_be=2558", **settings),
    )


def what_was_published(tables: Tables) -> dict[str, list[str]]:
    """Every table's rows without what is of the run."""
    return {
        name: sorted(
            str({key: value for key, value in row.items() if not key.endswith(OF_THE_RUN)})
            for row in rows
        )
        for name, rows in tables.items()
    }


@pytest.mark.parametrize("number", [0, 1], ids=["first", "second"])
def test_a_night_publishes_the_same_on_postgresql_as_on_sqlite(story: Story, number: int) -> None:
    night, lite = story.nights[number], story.on_sqlite[number]
    assert night.exit_code == 0, night.said
    assert lite.exit_code == 0, lite.said
    assert night.amounts()[ONE, 1, "sales_increase"] == Decimal("150" if number else "12345678.91")
    ours, theirs = what_was_published(night.tables), what_was_published(lite.tables)
    assert ours.keys() == theirs.keys()
    assert {name for name in ours if ours[name] != theirs[name]} == set()


def test_a_withdrawal_is_recorded_on_postgresql(story: Story) -> None:
    assert story.withdrawn.exit_code == 0, story.withdrawn.said
    assert (THREE, 1, "sales_increase") not in story.nights[1].amounts()


def test_the_status_and_a_trace_read_a_home_on_postgresql(story: Story) -> None:
    assert story.status.exit_code == 0, story.status.said
    assert story.status.json()["last_run"]["run_id"] == story.nights[1].report["run_id"]
    assert story.trace.exit_code == 0, story.trace.said
    assert "a.csv" in story.trace.said


def test_dagsters_runs_are_in_postgresql_and_nothing_of_them_in_the_home(story: Story) -> None:
    engine = sa.create_engine(story.url)
    with engine.connect() as connection:
        runs = connection.execute(sa.text("select run_id, status from runs")).fetchall()
    engine.dispose()
    assert {(night.report["run_id"], "SUCCESS") for night in story.nights} == set(map(tuple, runs))
    assert not list((story.home.root / "dagster").rglob("*.db"))
    assert not (story.home.root / "ledger.sqlite").exists()


@pytest.mark.parametrize(
    ("command", "setting"),
    [
        ("run", "WAREHOUSE_LEDGER_URL"),
        ("run of a home with its ledger in SQLite", "WAREHOUSE_DAGSTER_URL"),
        ("status", "WAREHOUSE_LEDGER_URL"),
        ("withdraw", "WAREHOUSE_LEDGER_URL"),
    ],
)
def test_a_server_that_is_stopped_is_named_in_a_sentence(
    story: Story, command: str, setting: str
) -> None:
    done = story.while_stopped[command]
    assert done.exit_code == 1
    assert "127.0.0.1" in done.said
    assert f"Start the server, or mend {setting}" in done.said
    assert "Traceback" not in done.said


def test_a_night_that_found_its_server_stopped_changed_nothing(story: Story) -> None:
    assert story.night_while_stopped.digest == story.nights[0].digest


def test_the_password_stands_nowhere(story: Story) -> None:
    every: list[Any] = [*story.nights, *story.while_stopped.values(), story.status, story.trace]
    assert not [done for done in every if "s3cret" in done.said]
    held = [path for path in story.home.root.rglob("*") if path.is_file()]
    assert len(held) > 10
    assert not [path for path in held if b"s3cret" in path.read_bytes()]


# ── The ledger's schema ───────────────────────────────────────────────────────────────────────

OPEN = "import sys; from sources.ledger import Ledger; Ledger(sys.argv[1])"
OPEN_AND_DIE = """
import os, signal
import sqlalchemy as sa
def die(connection, cursor, statement, *_):
    if "TABLE IF NOT EXISTS quarter_event" in statement:
        os.kill(os.getpid(), signal.SIGKILL)
sa.event.listen(sa.Engine, "before_cursor_execute", die)
"""


def opened_elsewhere(code: str, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, url],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_ledger_is_made_once_as_declared_however_many_open_it_and_one_is_killed(
    mortal: Postgres,
) -> None:
    url = mortal.database("schema")
    killed = opened_elsewhere(OPEN_AND_DIE + OPEN, url)
    assert killed.wait(120) == -signal.SIGKILL
    engine = sa.create_engine(url)
    assert sa.inspect(engine).get_table_names() == []
    for process in [opened_elsewhere(OPEN, url) for _ in range(3)]:
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, metadata) == []
        found = connection.execute(sa.text(f"select version_num from {VERSION_TABLE}"))
        assert found.fetchall() == [(HEAD,)]
    engine.dispose()


def test_a_ledger_of_a_newer_version_is_refused_without_its_password(mortal: Postgres) -> None:
    url = mortal.database("newer").replace("postgres@", f"postgres:{PASSWORD}@")
    ledger = Ledger(url)
    with ledger.engine.begin() as connection:
        connection.execute(sa.text(f"update {VERSION_TABLE} set version_num = '9999'"))
    ledger.close()
    with pytest.raises(LedgerError, match="install that version") as refused:
        Ledger(url)
    assert "127.0.0.1" in str(refused.value)
    assert "s3cret" not in str(refused.value)
