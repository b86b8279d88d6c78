"""`warehouse sample --if-empty`, which `make run` types: never into a home that is in use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAIN = "from orchestration.cli import main; main()"


def sample_if_empty(home: Path, landing: Path) -> str:
    """What the command says; it has to end well, for `make run` to go on to the night."""
    kept = {name: said for name, said in os.environ.items() if not name.startswith("WAREHOUSE_")}
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "sample", "--if-empty"],
        env={**kept, "WAREHOUSE_HOME": str(home), "WAREHOUSE_LANDING": str(landing)},
        cwd=landing, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return done.stdout


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """An empty landing zone."""
    made = tmp_path / "landing"
    made.mkdir()
    return made


def test_a_home_that_has_loaded_files_gets_no_sample_though_its_landing_zone_is_empty(
    small_home: Path, tmp_path: Path, landing: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(small_home, home)
    said = sample_if_empty(home, landing)
    assert said == f"{home} has loaded files already; no sample was written.\n"
    assert list(landing.iterdir()) == []


def test_a_new_home_gets_the_sample_and_no_ledger_for_the_asking(
    tmp_path: Path, landing: Path
) -> None:
    assert "sample files to" in sample_if_empty(tmp_path / "home", landing)
    assert any(path.is_file() for path in landing.rglob("*"))
    assert not (tmp_path / "home" / "ledger.sqlite").exists()
