"""A published file that is damaged: it is told, and it does not keep the night from publishing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from small_home import home_at

from orchestration.publication import set_aside_if_unreadable
from orchestration.settings import Home
from orchestration.status import health


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


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_opened_stays(home: Home) -> None:
    home.warehouse.chmod(0)
    assert set_aside_if_unreadable(home) is None
    assert home.warehouse.exists()


def test_the_state_of_a_home_says_that_the_file_cannot_be_read(home: Home) -> None:
    home.warehouse.write_bytes(b"no database")
    (said,) = [each for each in health(home).problems if "published warehouse" in each]
    assert said.endswith("a night replaces it: `warehouse run`.")
