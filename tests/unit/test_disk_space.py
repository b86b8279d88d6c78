"""Whether a night will fit: what is counted, and what is told when it will not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from intake_home import Home as Intake
from small_home import home_at

from orchestration.disk_space import MEGABYTE, NotEnoughRoom, assure, needs, shortage, size_of


def laid(path: Path, size: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    return path


def free(folder: Path) -> int:
    return shutil.disk_usage(folder).free // MEGABYTE


def test_a_folder_takes_what_its_files_take_and_a_file_with_two_names_counts_once(
    tmp_path: Path,
) -> None:
    one = laid(tmp_path / "a" / "one", MEGABYTE)
    alone = size_of(tmp_path)
    (tmp_path / "two").hardlink_to(one)
    assert alone >= MEGABYTE
    assert size_of(tmp_path) == alone
    assert size_of(tmp_path / "nothing there") == 0


def test_new_files_are_counted_in_the_archive_the_store_and_the_build(tmp_path: Path) -> None:
    home = home_at(tmp_path)
    home.prepare()
    idle, busy = needs(home, 0), needs(home, 100 * MEGABYTE)
    grown = {folder.name: (busy[folder] - idle[folder]) // MEGABYTE for folder in idle}
    assert grown == {"archive": 100, "store": 100, "build": 400, "published": 0}


def test_the_next_build_is_as_large_as_the_last_and_gets_back_what_that_left(
    tmp_path: Path,
) -> None:
    home = home_at(tmp_path)
    home.prepare()
    laid(home.warehouse, 100 * MEGABYTE)
    without = needs(home, 0)[home.build]
    laid(home.night / "scratch.duckdb", 100 * MEGABYTE)
    with_both = needs(home, 0)[home.build]
    assert without // MEGABYTE == 125
    assert with_both // MEGABYTE == 250 - 100


def test_a_night_that_fits_is_begun(tmp_path: Path) -> None:
    home = home_at(tmp_path, min_free_mb=1)
    home.prepare()
    assert shortage(home) is None
    assure(home, 0)


def test_a_night_that_would_not_fit_says_how_much_is_missing_where_and_what_to_do(
    tmp_path: Path,
) -> None:
    home = home_at(tmp_path, min_free_mb=free(tmp_path) + 1_000)
    home.prepare()
    laid(home.archive / "ab" / "abcd", 3 * MEGABYTE)
    with pytest.raises(NotEnoughRoom) as refused:
        assure(home, 0)
    said = str(refused.value)
    assert f"on the disk of {tmp_path}" in said
    assert "MB are missing" in said
    assert "taken by archive (" in said
    assert "warehouse housekeeping" in said


def test_files_larger_than_the_disk_are_refused_before_one_is_archived(tmp_path: Path) -> None:
    home = home_at(tmp_path, min_free_mb=1)
    home.prepare()
    assert "MB are missing" in str(shortage(home, 10 * free(tmp_path) * MEGABYTE))


def test_where_the_setting_is_0_nobody_asks(tmp_path: Path) -> None:
    home = home_at(tmp_path, min_free_mb=0)
    home.prepare()
    assert shortage(home, 10 * free(tmp_path) * MEGABYTE) is None


def test_the_intake_asks_before_it_archives_and_stops_when_refused(tmp_path: Path) -> None:
    intake = Intake(tmp_path / "home")
    intake.put("activity_reports/a.csv", "0123456789")
    asked = []

    def refuse(new_bytes: int) -> None:
        asked.append(new_bytes)
        raise NotEnoughRoom("no")

    once = intake.intake()
    object.__setattr__(once, "make_sure", refuse)
    with pytest.raises(NotEnoughRoom):
        once.receive()
    assert asked == [10]
    assert not (tmp_path / "home" / "archive").exists()
    assert intake.ledger.known_files() == {}
