"""Back-ups: what is in them, what is copied again, what damage is found, what is refused.

Over a home whose ledger, archive and store are real and small; Dagster's instance is not in it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from intake_home import SECRET
from postgres import NEEDED, PROGRAMS, postgres_server
from small_home import home_at

from orchestration import settings
from orchestration.backup import back_up
from orchestration.backup_folder import BackupFolder, BackupProblem
from orchestration.restore import restore
from sources import ledger_copy
from sources.ledger import Ledger
from sources.ledger_tables import metadata

#: Text in SQLite, a number in PostgreSQL; the same amount.
MONEY = {"control_total", "amount"}


@pytest.fixture
def home(small_home: Path, tmp_path: Path) -> settings.Home:
    root = tmp_path / "home"
    shutil.copytree(small_home, root)
    return home_at(root)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "back-up"


def restored(folder: Path, tmp_path: Path, **other: object) -> settings.Home:
    """A home made again from a back-up."""
    again = home_at(tmp_path / "again", **other)
    restore(again, folder, None)
    return again


def content(home: settings.Home) -> dict[str, bytes]:
    """What matters of a home, by path: every file that a back-up is to bring back."""
    kept = ("archive", "store", "published", "key_secret")
    return {
        path.relative_to(home.root).as_posix(): path.read_bytes()
        for path in sorted(home.root.rglob("*"))
        if path.is_file() and path.relative_to(home.root).parts[0] in kept
    }


def rows_of(url: str) -> dict[str, list[dict[str, object]]]:
    """All that a ledger holds."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: [
                {n: f"{Decimal(v):.2f}" if n in MONEY else str(v) for n, v in row.items()}
                for row in connection.execute(
                    sa.select(table).order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return found


def an_archived_file(home: settings.Home) -> Path:
    return next(path for path in sorted(home.archive.rglob("*")) if path.is_file())


def test_a_restored_home_has_every_file_and_every_row(
    home: settings.Home, folder: Path, tmp_path: Path
) -> None:
    done = back_up(home, folder, 7)
    assert done.missing == []
    again = restored(folder, tmp_path)
    assert content(again) == {
        path: kept for path, kept in content(home).items() if "empty." not in path
    }
    assert rows_of(again.ledger_url) == rows_of(home.ledger_url)
    assert again.landing.is_dir()


@pytest.mark.parametrize("dagster_url", [None, "postgresql+psycopg2://host/dagster"])
def test_what_an_operator_set_of_dagster_is_restored_wherever_its_history_is(
    home: settings.Home, folder: Path, tmp_path: Path, dagster_url: str | None
) -> None:
    (home.dagster / "dagster.override.yaml").write_text("telemetry: {enabled: true}\n")
    back_up(replace(home, dagster_url=dagster_url), folder, 7)
    again = restored(folder, tmp_path, dagster_url=dagster_url)
    kept = again.dagster / "dagster.override.yaml"
    assert kept.read_text() == "telemetry: {enabled: true}\n"


def test_what_a_killed_back_up_was_preparing_is_removed_by_the_next(
    home: settings.Home, folder: Path
) -> None:
    left = folder / "objects" / ".scratch.abcd1234"
    left.mkdir(parents=True)
    (folder / "generations").mkdir()
    (left / "key_secret").write_text("secret")
    back_up(home, folder, 7)
    assert not left.exists()


def test_a_restored_home_is_closed_to_others_and_what_is_published_is_open(
    home: settings.Home, folder: Path, tmp_path: Path
) -> None:
    back_up(home, folder, 7)
    again = restored(folder, tmp_path)
    mode = {p.name: p.stat().st_mode & 0o777 for p in again.root.iterdir()}
    assert {mode[name] for name in ("archive", "store")} == {0o700}
    assert {mode[name] for name in ("ledger.sqlite", "key_secret")} == {0o600}
    assert mode["published"] == 0o755
    assert again.warehouse.stat().st_mode & 0o777 == 0o644
    assert not any(path.name.startswith(".restoring") for path in again.root.iterdir())


def test_a_back_up_is_open_to_its_owner_alone(home: settings.Home, folder: Path) -> None:
    back_up(home, folder, 7)
    assert [p for p in (folder, *folder.rglob("*")) if p.stat().st_mode & 0o077] == []


def test_a_back_up_says_what_was_set_and_no_secret(
    home: settings.Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_ALERTS", "json://user:hunter2@host")
    monkeypatch.setenv("WAREHOUSE_LEDGER_URL", "postgresql://me:hunter2@host/x")
    monkeypatch.setenv("WAREHOUSE_KEEP_VERSIONS", "3")
    back_up(home, folder, 7)
    (manifest,) = (folder / "generations").iterdir()
    said = json.loads(manifest.read_text())
    assert said["settings"]["WAREHOUSE_KEEP_VERSIONS"] == "3"
    assert "WAREHOUSE_ALERTS" in said["settings"]
    assert "hunter2" not in manifest.read_text()
    assert SECRET.decode() not in manifest.read_text()


def test_what_the_folder_has_is_not_copied_again(home: settings.Home, folder: Path) -> None:
    first = back_up(home, folder, 7)
    Ledger(home.ledger_url).record_run("next", "not_published", reason="no landing zone")
    second = back_up(home, folder, 7)
    assert first.files_copied == first.files
    assert (second.files, second.files_copied) == (first.files, 1)


def test_only_so_many_back_ups_stay_and_what_they_alone_named_goes(
    home: settings.Home, folder: Path, tmp_path: Path
) -> None:
    for number in range(4):
        home.warehouse.write_bytes(b"published %d" % number)
        done = back_up(home, folder, 2)
        # Two back-ups within a second would be one generation.
        BackupFolder(folder)._generations.joinpath(f"{done.generation}.json").rename(
            folder / "generations" / f"2015012{number}T000000Z.json"
        )
    back_up(home, folder, 2)
    names = BackupFolder(folder).names()
    assert names[0] == "20150123T000000Z"
    assert len(names) == 2
    objects = [path.read_bytes() for path in (folder / "objects").glob("??/*")]
    assert b"published 3" in objects
    assert b"published 1" not in objects
    assert restored(folder, tmp_path).warehouse.read_bytes() == b"published 3"


def test_a_back_up_of_a_broken_home_says_so_and_does_not_push_out_a_good_one(
    home: settings.Home, folder: Path, tmp_path: Path
) -> None:
    lost = an_archived_file(home)
    lost.unlink()
    broken = back_up(home, folder, 1)
    assert broken.missing == [f"{lost.relative_to(home.root)} is missing from the home."]
    with pytest.raises(BackupProblem, match=r"No back-up .* is complete"):
        restored(folder, tmp_path)


def test_what_the_home_lost_is_taken_from_an_earlier_back_up(
    home: settings.Home, folder: Path, tmp_path: Path
) -> None:
    before = content(home)
    back_up(home, folder, 7)
    lost, damaged = [path for path in sorted(home.archive.rglob("*")) if path.is_file()]
    lost.unlink()
    damaged.write_bytes(b"bits have rotted")
    (home.root / "key_secret").unlink()
    done = back_up(home, folder, 1)
    assert done.missing == []
    assert sorted(note.split(";")[0].split(" ", 1)[1] for note in done.notes) == [
        "is damaged in the home: its bytes are not those of its name",
        "is missing from the home",
        "is missing from the home",
    ]
    after = content(restored(folder, tmp_path))
    assert after == {path: kept for path, kept in before.items() if "empty." not in path}


def test_verify_finds_a_damaged_and_a_missing_object_and_the_next_back_up_heals_them(
    home: settings.Home, folder: Path, tmp_path: Path
) -> None:
    back_up(home, folder, 7)
    kept = BackupFolder(folder)
    assert kept.damaged() == {}
    one, other = [path for path in sorted(home.archive.rglob("*")) if path.is_file()]
    kept.object_path(one.name).write_bytes(b"x" * one.stat().st_size)
    kept.object_path(other.name).unlink()
    wrong = kept.damaged()
    assert sorted(what.split(" ", 3)[-1] for what in wrong) == [
        "is missing.",
        "was damaged and is put aside.",
    ]
    assert all(path.name in str(wrong.values()) for path in (one, other))
    back_up(home, folder, 7)
    assert kept.damaged() == {}
    restored(folder, tmp_path)


def test_a_damaged_back_up_is_not_restored_and_says_which_file(
    home: settings.Home, folder: Path, tmp_path: Path
) -> None:
    back_up(home, folder, 7)
    file = an_archived_file(home)
    BackupFolder(folder).object_path(file.name).write_bytes(b"x" * file.stat().st_size)
    with pytest.raises(BackupProblem, match=f"archive/{file.name[:2]}/{file.name}: .* is damaged"):
        restored(folder, tmp_path)
    assert [p.name for p in (tmp_path / "again").iterdir()] == ["night.lock"]


def test_nothing_is_restored_over_a_home_that_holds_something(
    home: settings.Home, folder: Path
) -> None:
    back_up(home, folder, 7)
    before = content(home)
    with pytest.raises(BackupProblem, match="is not empty: it holds archive/"):
        restore(home, folder, None)
    assert content(home) == before


def test_a_home_that_was_only_prepared_counts_as_empty(
    home: settings.Home, folder: Path, tmp_path: Path
) -> None:
    back_up(home, folder, 7)
    again = home_at(tmp_path / "again")
    again.prepare()
    (again.landing / "apples").mkdir()
    (again.landing / "apples" / "new.csv").write_text("came early")
    restore(again, folder, None)
    assert (again.landing / "apples" / "new.csv").exists()


def test_a_restore_that_was_cut_short_is_begun_anew(
    home: settings.Home, folder: Path, tmp_path: Path
) -> None:
    back_up(home, folder, 7)
    again = restored(folder, tmp_path)
    # As when it was killed between the last rename and the ledger.
    (again.root / ".restoring").mkdir()
    (again.root / "ledger.sqlite").rename(again.root / ".restoring" / "ledger.sqlite")
    restore(again, folder, None)
    assert rows_of(again.ledger_url) == rows_of(home.ledger_url)


def test_another_key_is_refused(home: settings.Home, folder: Path, tmp_path: Path) -> None:
    back_up(home, folder, 7)
    with pytest.raises(BackupProblem, match="WAREHOUSE_KEY_SECRET is not the key"):
        restored(folder, tmp_path, key_secret=b"another")
    assert not (tmp_path / "again" / "ledger.sqlite").exists()


def test_a_key_from_the_environment_is_backed_up_and_need_not_lie_in_the_home(
    home: settings.Home, folder: Path, tmp_path: Path
) -> None:
    back_up(home_at(home.root, key_secret=SECRET), folder, 7)
    again = restored(folder, tmp_path, key_secret=SECRET)
    assert not (again.root / "key_secret").exists()


@pytest.mark.parametrize("within", ["back-up", "."])
def test_a_back_up_into_the_home_is_refused(home: settings.Home, within: str) -> None:
    with pytest.raises(BackupProblem, match="lie in one another"):
        back_up(home, home.root / within, 7)


def test_a_folder_of_something_else_is_refused(home: settings.Home, folder: Path) -> None:
    folder.mkdir()
    (folder / "letters.txt").write_text("dear …")
    with pytest.raises(BackupProblem, match=r"holds letters\.txt and is no back-up"):
        back_up(home, folder, 7)


def test_two_back_ups_at_once_are_told_of_each_other(home: settings.Home, folder: Path) -> None:
    target = BackupFolder(folder)
    with target.written(), pytest.raises(BackupProblem, match="Another back-up is being written"):
        back_up(home, folder, 7)


def test_a_damaged_ledger_leaves_earlier_back_ups_as_they_were(
    home: settings.Home, folder: Path
) -> None:
    first = back_up(home, folder, 7)
    (home.root / "ledger.sqlite").write_bytes(b"no database at all, but long enough to be one" * 99)
    with pytest.raises(BackupProblem, match="The ledger cannot be read"):
        back_up(home, folder, 1)
    assert BackupFolder(folder).names() == [first.generation]
    assert BackupFolder(folder).damaged() == {}


def test_a_manifest_that_leads_out_of_the_home_is_refused(
    home: settings.Home, folder: Path, tmp_path: Path
) -> None:
    done = back_up(home, folder, 7)
    manifest = folder / "generations" / f"{done.generation}.json"
    said = json.loads(manifest.read_text())
    said["files"]["../outside"] = said["files"].pop("key_secret")
    manifest.write_text(json.dumps(said))
    with pytest.raises(BackupProblem, match="not in the home"):
        restored(folder, tmp_path)
    assert not (tmp_path / "outside").exists()


def test_the_ledger_is_copied_as_of_one_moment_while_it_is_written_to(
    home: settings.Home, folder: Path, tmp_path: Path
) -> None:
    stop, written = threading.Event(), []

    def go_on() -> None:
        ledger = Ledger(home.ledger_url)
        while not stop.is_set():
            ledger.record_run(f"run {len(written)}", "started")
            ledger.record_run(f"run {len(written)}", "not_published", reason="x")
            written.append(1)
        ledger.close()

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        while len(written) < 3:
            time.sleep(0.01)
        copies = [tmp_path / f"copy {number}.sqlite" for number in range(5)]
        for copy in copies:
            ledger_copy.copied(home.ledger_url, copy)
    finally:
        stop.set()
        writer.join()
    for copy in copies:
        with closing(sqlite3.connect(copy)) as db:
            assert db.execute("pragma integrity_check").fetchone() == ("ok",)
            assert db.execute("select count(*) from run_event").fetchone()[0] >= 7


def _back_up_for_ever(root: Path, folder: Path) -> None:
    home = home_at(root)
    for number in range(1_000):
        home.warehouse.write_bytes(b"%d" % number * 200_000)
        back_up(home, folder, 3)


def test_a_back_up_that_is_killed_leaves_a_folder_that_can_be_restored(
    home: settings.Home, folder: Path, tmp_path: Path
) -> None:
    back_up(home, folder, 3)
    for number in range(4):
        process = multiprocessing.get_context("fork").Process(
            target=_back_up_for_ever, args=(home.root, folder)
        )
        process.start()
        time.sleep(0.05 + number * 0.07)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert BackupFolder(folder).damaged() == {}
        again = home_at(tmp_path / f"again {number}")
        restore(again, folder, None)
        assert rows_of(again.ledger_url) == rows_of(home.ledger_url)
    assert back_up(home, folder, 3).missing == []
    assert list(folder.rglob("*.part")) == []


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    if PROGRAMS is None:
        pytest.skip(NEEDED)
    with postgres_server() as running:
        yield running.database("ledger")


def test_a_ledger_goes_to_postgresql_and_back_without_loss(
    home: settings.Home, folder: Path, tmp_path: Path, server: str
) -> None:
    back_up(home, folder, 7)
    on_postgres = restored(folder, tmp_path, ledger_url=server)
    assert rows_of(server) == rows_of(home.ledger_url)
    with pytest.raises(BackupProblem, match="has events already"):
        restore(home_at(tmp_path / "third", ledger_url=server), folder, None)
    # New events get numbers of their own, after those that came with theirs.
    ledger = Ledger(server)
    ledger.record_run("later", "not_published", reason="x")
    ledger.close()
    back_up(on_postgres, tmp_path / "other back-up", 7)
    back = home_at(tmp_path / "back")
    restore(back, tmp_path / "other back-up", None)
    assert rows_of(back.ledger_url) == rows_of(server)
