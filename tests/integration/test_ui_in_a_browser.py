"""Dagster's UI over a home that has run, opened as an operator would: in a browser."""

from __future__ import annotations

import importlib.util
import json
import shutil
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.integration.conftest import Sample

PROJECT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.night,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's package chromium"),
]

LAUNCH = """
mutation { launchRun(executionParams: {
  selector: {jobName: "nightly", repositoryName: "__repository__",
             repositoryLocationName: "%s"},
  runConfigData: "{}", mode: "default"
}) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
LOCATION = "{ workspaceOrError { ... on Workspace { locationEntries { name loadStatus } } } }"
RUN = '{ runOrError(runId: "%s") { ... on Run { status } } }'
RUN_SECONDS = 300


def _screenshots() -> Any:
    spec = importlib.util.spec_from_file_location("screenshots", PROJECT / "docs/screenshots.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pictures() -> Any:
    return _screenshots()


@pytest.fixture(scope="module")
def home(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample's home, so that what is launched here is not in the other stories."""
    copy = tmp_path_factory.mktemp("ui") / "home"
    shutil.copytree(sample.home.root, copy)
    return copy


@pytest.fixture(scope="module")
def address(pictures: Any, home: Path) -> Iterator[str]:
    with pictures.ui(home) as address:
        yield address


@pytest.fixture(scope="module")
def page(pictures: Any, address: str) -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=pictures.CHROMIUM_ARGUMENTS
        )
        yield browser.new_page()
        browser.close()


def _ask(address: str, query: str) -> Any:
    request = urllib.request.Request(
        f"{address}/graphql",
        json.dumps({"query": query}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())["data"]


def test_the_asset_graph_shows_the_way_from_submissions_to_the_published_warehouse(
    pictures: Any, page: Page, address: str
) -> None:
    pictures.open_page(page, f"{address}/asset-groups")
    page.get_by_text("landing").first.wait_for()
    shown = page.inner_text("body")
    for group in ("landing", "store", "staging", "intermediate", "marts", "reports", "published"):
        assert group in shown


def test_a_check_that_fails_says_how_many_rows_fail_and_why(
    pictures: Any, page: Page, address: str
) -> None:
    pictures.open_page(
        page, f"{address}/assets/{pictures.CHECKED}?view=checks&checkDetail={pictures.CHECK}"
    )
    page.get_by_text("rows failing").first.wait_for()
    shown = page.inner_text("body")
    assert "Failed" in shown
    assert "bad_code" in shown


def test_a_run_of_the_console_script_is_listed_with_its_job(
    pictures: Any, page: Page, address: str, sample: Sample
) -> None:
    pictures.open_page(page, f"{address}/runs")
    page.get_by_text(sample.second.report["run_id"][:8]).first.wait_for()
    assert "nightly" in page.inner_text("body")


def test_a_night_launched_from_the_ui_publishes(address: str, home: Path) -> None:
    before = (home / "published" / "warehouse.duckdb").stat().st_mtime_ns
    entries = _ask(address, LOCATION)["workspaceOrError"]["locationEntries"]
    launched = _ask(address, LAUNCH % entries[0]["name"])["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    query = RUN % launched["run"]["runId"]
    deadline = time.monotonic() + RUN_SECONDS
    status = "STARTING"
    while status not in ("SUCCESS", "FAILURE", "CANCELED") and time.monotonic() < deadline:
        time.sleep(2)
        status = _ask(address, query)["runOrError"]["status"]
    assert status == "SUCCESS"
    assert (home / "published" / "warehouse.duckdb").stat().st_mtime_ns > before
