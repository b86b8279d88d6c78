"""A published file that is damaged or not on record: what a night and a person may do with it."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import errno
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from small_home import home_at

from orchestration.approval import approve
from orchestration.closing import close
from orchestration.publication import (
    current_version,
    forget_old_versions,
    refuse_off_the_record,
    set_aside_if_unreadable,
    swap_in,
)
from orchestration.settings import Home, SettingsError
from orchestration.status import health
from sources.clock import utc_now
from sources.ledger import Ledger
from sources.ledger_forgetting import record_forgotten


@pytest.fixture
def home(small_home: Path, tmp_path: Path) -> Home:
    """A home that has published."""
    shutil.copytree(small_home, tmp_path / "home")
    return home_at(tmp_path / "home")


@pytest.mark.parametrize("bytes_kept", [0, 5_000])
def test_a_damaged_file_is_set_aside_and_kept(home: Home, bytes_kept: int) -> None:
    sound = home.warehouse.read_bytes()
    damaged = sound[:bytes_kept] + b"rot " * (len(sound) // 4)
    home.warehouse.write_bytes(damaged)
    aside = set_aside_if_unreadable(home)
    assert aside is not None
    assert aside.name.startswith("warehouse.unreadable-")
    assert aside.read_bytes() == damaged
    assert not home.warehouse.exists()


def test_a_sound_file_stays_and_so_does_one_of_another_release(home: Home) -> None:
    assert set_aside_if_unreadable(home) is None
    with duckdb.connect(str(home.warehouse)) as db:
        db.execute("drop table audit.published_run")
    assert set_aside_if_unreadable(home) is None
    assert home.warehouse.exists()
    home.warehouse.unlink()
    assert set_aside_if_unreadable(home) is None


def test_a_file_that_another_process_has_locked_stays(home: Home) -> None:
    held = f"import duckdb, sys; db = duckdb.connect({str(home.warehouse)!r}); print(1, flush=True)"
    with subprocess.Popen(
        [sys.executable, "-c", f"{held}; sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert set_aside_if_unreadable(home) is None
    assert home.warehouse.exists()


def test_a_file_that_may_not_be_opened_stays(small_home: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(small_home, Path(folder) / "home")
        home = home_at(Path(folder) / "home")
        home.root.chmod(0o755)
        home.published.chmod(0o777)
        home.warehouse.chmod(0)
        child = os.fork()
        if child == 0:  # root may open every file
            if os.geteuid() == 0:
                os.setuid(pwd.getpwnam("nobody").pw_uid)
            os._exit(0 if set_aside_if_unreadable(home) is None else 1)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert home.warehouse.exists()


def test_the_state_of_a_home_says_that_the_file_cannot_be_read(home: Home) -> None:
    home.warehouse.write_bytes(b"no database")
    (said,) = [each for each in health(home).problems if "published warehouse" in each]
    assert said.endswith("a night replaces it: `warehouse run`.")


@pytest.fixture
def swapped(home: Home) -> Iterator[Ledger]:
    """The ledger of a home in which a later night published and could not say so."""
    ledger = Ledger(home.ledger_url)
    ledger.record_run("waiting-run", "waiting", details={"moved": []})
    ledger.record_run("later-night", "started")
    publish_as(home, "later-night")
    yield ledger
    ledger.close()


def publish_as(home: Home, run_id: str) -> None:
    """Has the published file say that a run published it last."""
    with duckdb.connect(str(home.warehouse)) as db:
        db.execute(
            "insert into audit.published_run values (?, timestamp '2015-01-21 18:30')", [run_id]
        )


def test_nobody_decides_on_what_is_published_and_not_on_record(home: Home, swapped: Ledger) -> None:
    with pytest.raises(SettingsError, match="A night published and could not say so"):
        approve(home, "waiting-run", "Somchai")
    with pytest.raises(SettingsError, match="A night published and could not say so"):
        close(home, 2558, 1, "Somchai")
    assert not swapped.is_published("waiting-run")
    swapped.record_run("later-night", "published")
    refuse_off_the_record(home, swapped)


def test_an_approval_that_was_cut_short_and_an_earlier_version_are_no_such_night(
    home: Home, swapped: Ledger
) -> None:
    publish_as(home, "waiting-run")
    with duckdb.connect(str(home.warehouse)) as db:
        db.execute("delete from audit.published_run where run_id = 'later-night'")
    refuse_off_the_record(home, swapped, but_for="waiting-run")
    with duckdb.connect(str(home.warehouse)) as db:
        db.execute("delete from audit.published_run where run_id = 'waiting-run'")
    swapped.record_run("later-night", "published")
    refuse_off_the_record(home, swapped)


def test_nobody_fixes_or_publishes_figures_from_before_a_person_was_forgotten(home: Home) -> None:
    with contextlib.closing(Ledger(home.ledger_url)) as ledger:
        ledger.record_run("waiting-run", "waiting", details={"moved": []})
        (home.waiting / "waiting-run").mkdir(parents=True)
        shutil.copyfile(home.warehouse, home.waiting / "waiting-run" / "warehouse.duckdb")
        with pytest.raises(SettingsError, match="knew no quarters"):  # of this small file
            close(home, 2558, 1, "Somchai")
        gone = {"event_kind": "forgotten", "person_hash": "hash", "occurred_at": utc_now()}
        record_forgotten(ledger, {**gone, "files_changed": 1, "rows_removed": 1}, [], [], [])
        with pytest.raises(SettingsError, match=r"forgotten at .* still have that person"):
            close(home, 2558, 1, "Somchai")
        with pytest.raises(SettingsError, match=r"forgotten at .* still have that person"):
            approve(home, "waiting-run", "Somchai")
        with duckdb.connect(str(home.warehouse)) as db:  # the next night
            db.execute("insert into audit.published_run (run_id, published_at) "
                       "values ('next', ?)", [utc_now()])  # fmt: skip
        ledger.record_run("next", "published")
        with pytest.raises(SettingsError, match="knew no quarters"):
            close(home, 2558, 1, "Somchai")


@pytest.fixture
def built(home: Home, tmp_path: Path) -> Path:
    """A warehouse that a later night built."""
    shutil.copyfile(home.warehouse, tmp_path / "built.duckdb")
    return tmp_path / "built.duckdb"


def swap(home: Home, built: Path, day: int, run_id: str) -> Path:
    """Publishes on a day of January 2015; the version's folder."""
    swap_in(built, home, dt.datetime(2015, 1, day, tzinfo=dt.UTC), run_id)
    current = current_version(home)
    assert current is not None
    return current


def test_what_is_published_is_a_link_to_a_version_and_the_version_can_be_moved(
    home: Home, built: Path
) -> None:
    assert not home.warehouse.is_symlink()  # of an earlier release
    version = swap(home, built, 21, "run-number-1")
    assert version.name == "20150121T000000Z-run-numb"
    assert home.warehouse.resolve() == (version / "warehouse.duckdb").resolve()
    moved = home.root.rename(home.root.with_name("moved"))
    with duckdb.connect(str(moved / "published" / "warehouse.duckdb"), read_only=True) as db:
        assert db.sql("select count(*) from audit.published_run").fetchone()


def test_a_home_copied_by_what_follows_links_publishes_again(
    home: Home, built: Path, tmp_path: Path
) -> None:
    version = swap(home, built, 21, "first")
    (version / "report").mkdir()
    (home.published / "report").symlink_to("current/report")
    copy = Path(shutil.copytree(home.root, tmp_path / "copy"))
    assert not (copy / "published" / "current").is_symlink()

    def report(_: Path, folder: Path) -> None:
        (folder / "report").mkdir()
        (folder / "report" / "index.html").write_text("second")

    swap_in(built, home_at(copy), dt.datetime(2015, 1, 22, tzinfo=dt.UTC), "second", report)
    published = copy / "published"
    assert (published / "report" / "index.html").read_text() == "second"
    assert all((published / name).is_symlink() for name in ("current", "report"))
    assert (published / "warehouse.duckdb").is_symlink()


def test_one_rename_changes_all_that_is_published(
    home: Home, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap(home, built, 21, "first")
    renamed: list[str] = []
    replace = Path.replace

    def replaced(self: Path, target: Path) -> Path:
        renamed.append(target.name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", replaced)
    swap(home, built, 22, "second")
    assert renamed == ["current"]


def test_a_version_is_open_to_everybody_whatever_the_umask(home: Home, built: Path) -> None:
    before = os.umask(0o077)
    try:
        version = swap(home, built, 21, "first")
    finally:
        os.umask(before)
    for path in (version.parent, version, version / "warehouse.duckdb"):
        assert path.stat().st_mode & 0o044 == 0o044


def test_an_earlier_version_that_somebody_went_back_to_is_kept(home: Home, built: Path) -> None:
    home = dataclasses.replace(home, keep_versions=10)
    first = swap(home, built, 1, "first")
    for day in range(2, 8):
        swap(home, built, day, f"night-{day}")
    back = home.published / "back"  # as docs/operations.md says
    back.symlink_to(f"versions/{first.name}")
    back.rename(home.published / "current")
    one_only = dataclasses.replace(home, keep_versions=1)
    forget_old_versions(one_only)
    assert sorted(path.name[:8] for path in first.parent.iterdir()) == ["20150101", "20150107"]
    assert home.warehouse.exists()


def test_a_swap_that_fails_leaves_what_was_published(
    home: Home, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = swap(home, built, 21, "first")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("orchestration.publication.make_durable", full)
    with pytest.raises(OSError, match="No space"):
        swap_in(built, home, dt.datetime(2015, 1, 22, tzinfo=dt.UTC), "second")
    assert list(first.parent.iterdir()) == [first]
    assert current_version(home) == first


def test_a_file_system_without_symbolic_links_has_the_warehouse_as_a_file(
    home: Home, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", unknown)
    built.write_bytes(built.read_bytes() + b" ")
    swap_in(built, home, dt.datetime(2015, 1, 21, tzinfo=dt.UTC), "first")
    assert home.warehouse.read_bytes() == built.read_bytes()
    assert current_version(home) is None


def test_a_damaged_version_is_set_aside_beside_its_report(home: Home, built: Path) -> None:
    version = swap(home, built, 21, "first")
    (version / "warehouse.duckdb").write_bytes(b"no database")
    aside = set_aside_if_unreadable(home)
    assert aside is not None
    assert aside.read_bytes() == b"no database"
    assert version.is_dir()
    assert not home.warehouse.exists()
    swap(home, built, 22, "second")
    assert home.warehouse.exists()
