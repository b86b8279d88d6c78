"""The ledger's schema by versioned steps: made, upgraded, refused; killed and raced for."""

from __future__ import annotations

import contextlib
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from older_homes import NAMES, ledger_of

from sources import migrations
from sources.ledger import Ledger
from sources.ledger_engine import LedgerError
from sources.ledger_schema import HEAD, VERSION_TABLE, LedgerBehind
from sources.ledger_tables import metadata

#: Opens a ledger in a process of its own.
OPEN = "import sys; from sources.ledger import Ledger; Ledger(sys.argv[1])"
#: The same in a process that dies in the middle of the second step.
OPEN_AND_DIE = """
import os, signal
import sqlalchemy as sa
def die(connection, cursor, statement, *_):
    if "TABLE IF NOT EXISTS quarter_event" in statement:
        os.kill(os.getpid(), signal.SIGKILL)
sa.event.listen(sa.Engine, "before_cursor_execute", die)
"""


def url(file: Path) -> str:
    return f"sqlite:///{file}"


def opened_elsewhere(code: str, file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, url(file)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def contents(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Table → its rows."""
    with contextlib.closing(sqlite3.connect(file)) as db:
        names = db.execute("select name from sqlite_master where type = 'table'").fetchall()
        return {name: db.execute(f"select * from {name}").fetchall() for (name,) in names}


def apart_from_declared(ledger: Ledger) -> list[Any]:
    """What alembic would change to make a database as the tables are declared."""
    with ledger.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        return list(compare_metadata(context, metadata))


def test_the_newest_step_is_the_one_this_software_opens() -> None:
    steps = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert steps.get_heads() == [HEAD]


def test_a_new_ledger_is_as_it_is_declared(tmp_path: Path) -> None:
    ledger = Ledger(url(tmp_path / "ledger.sqlite"))
    assert apart_from_declared(ledger) == []
    ledger.close()
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.sqlite"]
    assert (tmp_path / "ledger.sqlite").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", NAMES)
def test_an_older_ledger_becomes_as_it_is_declared_and_keeps_every_event(
    tmp_path: Path, name: str
) -> None:
    file = ledger_of(name, tmp_path / "ledger.sqlite")
    before = contents(file)
    ledger = Ledger(url(file))
    assert apart_from_declared(ledger) == []
    ledger.close()
    after = contents(file)
    assert len(before["file_event"]) == 9
    assert {table: after[table] for table in before if table != "schema_version"} == {
        table: rows for table, rows in before.items() if table != "schema_version"
    }
    assert after[VERSION_TABLE] == [(HEAD,)]


def test_software_that_knows_no_revisions_is_told_to_refuse_an_upgraded_ledger(
    tmp_path: Path,
) -> None:
    file = ledger_of("first_release", tmp_path / "ledger.sqlite")
    Ledger(url(file)).close()
    assert contents(file)["schema_version"] == [(2,)]  # it knew up to 1


def test_an_older_ledger_is_copied_before_it_is_upgraded(tmp_path: Path) -> None:
    file = ledger_of("first_release", tmp_path / "ledger.sqlite")
    before = contents(file)
    for revision in ("0000", "0001"):
        shutil.copy(file, file.with_name(f"{file.name}.before-{revision}"))
    Ledger(url(file)).close()
    copy = file.with_name(f"{file.name}.before-{HEAD}")
    assert contents(copy) == before
    assert copy.stat().st_mode & 0o777 == 0o600
    kept = sorted(path.name for path in tmp_path.glob("*.before-*"))
    assert kept == ["ledger.sqlite.before-0001", copy.name]


def test_an_upgrade_that_is_killed_half_way_leaves_the_ledger_as_it_was(tmp_path: Path) -> None:
    file = ledger_of("first_release", tmp_path / "ledger.sqlite")
    before = contents(file)
    killed = opened_elsewhere(OPEN_AND_DIE + OPEN, file)
    said, _ = killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL, said
    assert contents(file) == before
    ledger = Ledger(url(file))
    assert apart_from_declared(ledger) == []
    ledger.close()
    assert contents(file)["file_event"] == before["file_event"]


def test_processes_that_open_an_older_ledger_at_once_upgrade_it_once(tmp_path: Path) -> None:
    file = ledger_of("first_release", tmp_path / "ledger.sqlite")
    at_once = [opened_elsewhere(OPEN, file) for _ in range(3)]
    for process in at_once:
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said
    assert contents(file)[VERSION_TABLE] == [(HEAD,)]


def test_a_ledger_that_is_up_to_date_is_opened_without_alembic(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    Ledger(url(file)).close()
    asked = opened_elsewhere(f"{OPEN}; print('alembic' in sys.modules)", file)
    assert asked.communicate(timeout=120)[0].strip() == "False"


def test_whoever_may_not_upgrade_is_told_and_changes_nothing(tmp_path: Path) -> None:
    file = ledger_of("first_release", tmp_path / "ledger.sqlite")
    before = contents(file)
    with pytest.raises(LedgerBehind, match=HEAD):
        Ledger(url(file), upgrade=False)
    assert contents(file) == before


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [(VERSION_TABLE, "version_num", "9999"), ("schema_version", "version", 9)],
    ids=["revision", "schema version"],
)
def test_a_ledger_of_a_newer_version_is_refused_and_not_touched(
    tmp_path: Path, table: str, column: str, value: object
) -> None:
    file = ledger_of("first_release", tmp_path / "ledger.sqlite")
    if table == VERSION_TABLE:
        Ledger(url(file)).close()
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        db.execute(f"update {table} set {column} = ?", [value])
    before = contents(file)
    with pytest.raises(LedgerError, match="install that version, or put back the back-up"):
        Ledger(url(file))
    assert contents(file) == before
