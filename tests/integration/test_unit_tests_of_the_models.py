"""dbt's unit tests, run against a home that a night has built.

A night leaves them out: they prove the models' logic on rows of their own, whatever came. dbt
needs the relations that a model reads only for the names and types of their columns.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from tests.integration.conftest import Sample

pytestmark = pytest.mark.night

DBT_PROJECT = Path(__file__).parents[2] / "dbt_project"


@pytest.fixture(scope="module")
def results(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What dbt found by unit test; run on copies, so that the home stays as the night left it."""
    folder = tmp_path_factory.mktemp("unit tests")
    build = folder / "build"
    build.mkdir()
    shutil.copy(sample.home.root / "build" / "night" / "scratch.duckdb", build)
    shutil.copy(sample.home.published, build / "warehouse.duckdb")
    done = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "test", "--select", "test_type:unit",
         "--target-path", str(folder / "target"), "--log-path", str(folder / "logs")],
        env=sample.home.environment(WAREHOUSE_BUILD=str(build)),
        cwd=DBT_PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    written = folder / "target" / "run_results.json"
    assert written.exists(), done.stdout + done.stderr
    found = json.loads(written.read_text())["results"]
    return {result["unique_id"].rsplit(".", 1)[-1]: result for result in found}


def test_every_unit_test_of_the_models_passes(results: dict[str, Any]) -> None:
    failed = {
        name: result["message"] for name, result in results.items() if result["status"] != "pass"
    }
    assert failed == {}


def test_every_unit_test_that_is_written_was_run(results: dict[str, Any]) -> None:
    written = {
        test["name"]
        for path in DBT_PROJECT.glob("models/**/*.yml")
        for test in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("unit_tests", [])
    }
    assert written
    assert set(results) == written
