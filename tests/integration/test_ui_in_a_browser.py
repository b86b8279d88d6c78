"""Dagster's UI over a home that has run, opened as an operator would: in a browser."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
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
START_SENSOR = """
mutation { startSensor(sensorSelector: {
  sensorName: "new_files", repositoryName: "__repository__", repositoryLocationName: "%s"
}) { __typename } }
"""
BACKFILL = """
mutation { launchPartitionBackfill(backfillParams: {
  assetSelection: [{path: ["rebuilt", "warehouse_as_of"]}], partitionNames: %s
}) { __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }
"""
DAYS = """
{ assetNodeOrError(assetKey: {path: ["rebuilt", "warehouse_as_of"]}) {
  ... on AssetNode { partitionKeys }
} }
"""
RUNS = """
{ runsOrError(limit: 50) { ... on Runs { results {
  runId jobName status startTime endTime tags { key value }
} } } }
"""
#: A night takes half a minute; on a machine with much else to do, many times that.
RUN_SECONDS = 900
ENDED = ("SUCCESS", "FAILURE", "CANCELED")
NEW = "activity_reports/กลางวัน/มาใหม่.csv"


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
    """A copy of the sample's home, so that what is launched here is not in the other stories.

    Its first night passed three days ago, so that there are days to choose from.
    """
    copy = tmp_path_factory.mktemp("ui") / "home"
    shutil.copytree(sample.home.root, copy)
    with contextlib.closing(sqlite3.connect(copy / "ledger.sqlite")) as ledger, ledger:
        for table, column in (
            ("run_event", "occurred_at"), ("file_event", "occurred_at"),
            ("matter_event", "occurred_at"), ("check_result", "checked_at"),
            ("night_difference", "recorded_at"),
        ):  # fmt: skip
            ledger.execute(
                f"update {table} set {column} = date(substr({column}, 1, 10), '-3 days') "
                f"|| substr({column}, 11) where run_id = ?",
                [sample.first.report["run_id"]],
            )
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


def _location(address: str) -> str:
    return str(_ask(address, LOCATION)["workspaceOrError"]["locationEntries"][0]["name"])


def _runs(address: str) -> list[dict[str, Any]]:
    return [
        {**run, "tags": {tag["key"]: tag["value"] for tag in run["tags"]}}
        for run in _ask(address, RUNS)["runsOrError"]["results"]
    ]


def _wait_for_run(
    address: str,
    tags: dict[str, str],
    statuses: tuple[str, ...] = ENDED,
    run_id: str | None = None,
) -> dict[str, Any]:
    """The latest run with these tags and this id, once it has come to one of the statuses."""
    deadline = time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        for run in _runs(address):
            is_meant = tags.items() <= run["tags"].items() and run_id in (None, run["runId"])
            if is_meant and run["status"] in statuses:
                return run
        time.sleep(1)
    raise TimeoutError(f"no run {run_id or tags} came to {statuses}")


def _figures(warehouse: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as db:
        return (
            db.execute("select * from reports.rpt_programme_progress order by all").fetchall()
            + db.execute("select * from marts.fct_activity order by all").fetchall()
        )


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
    assert "financial_outcomes/" in shown


def test_what_is_published_shows_the_nights_its_freshness_and_where_to_go_on(
    pictures: Any, page: Page, address: str, sample: Sample
) -> None:
    pictures.open_page(page, f"{address}/assets/published/warehouse")
    page.get_by_text("economic expansion 2558 (baht)").first.wait_for()
    page.get_by_text("Deadline: At 06:00 AM GMT+7").first.wait_for()
    shown = page.inner_text("body")
    assert "When it is red:" in shown
    assert "2 nights that published" in shown
    assert "data-engineering" in shown
    assert page.get_by_role("link", name="quarantine / workbooks").count()
    assert page.get_by_role("link", name="reports / rpt_follow_up").count()
    page.get_by_role("button", name="Plots").click()
    page.get_by_text("rows current").first.wait_for()
    assert page.locator("canvas").count() >= 3


def test_a_run_list_says_which_night_published(pictures: Any, page: Page, address: str) -> None:
    pictures.open_page(page, f"{address}/runs")
    page.get_by_text("warehouse/result: published").first.wait_for()
    assert page.get_by_text("warehouse/started_by: warehouse run").count()


def test_a_run_of_the_console_script_is_listed_with_its_job(
    pictures: Any, page: Page, address: str, sample: Sample
) -> None:
    pictures.open_page(page, f"{address}/runs")
    page.get_by_text(sample.second.report["run_id"][:8]).first.wait_for()
    assert "nightly" in page.inner_text("body")


def test_days_chosen_in_the_ui_are_built_again_and_a_night_does_not_wait_for_them(
    address: str, home: Path
) -> None:
    published = home / "published" / "warehouse.duckdb"
    before = published.stat().st_mtime_ns
    of_the_first_night = min((home / "published" / "versions").glob("*/warehouse.duckdb"))
    days = _ask(address, DAYS)["assetNodeOrError"]["partitionKeys"][:2]
    asked = _ask(address, BACKFILL % json.dumps(days))["launchPartitionBackfill"]
    assert asked["__typename"] == "LaunchBackfillSuccess", asked
    _wait_for_run(address, {"dagster/backfill": asked["backfillId"]}, ("STARTED", *ENDED))
    launched = _ask(address, LAUNCH % _location(address))["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    rebuilt = [_wait_for_run(address, {"dagster/partition": day}) for day in days]
    (night,) = [run for run in _runs(address) if run["runId"] == launched["run"]["runId"]]
    assert night["startTime"] < max(run["endTime"] for run in rebuilt)
    night = _wait_for_run(address, {}, run_id=launched["run"]["runId"])
    assert {run["status"] for run in (night, *rebuilt)} == {"SUCCESS"}
    assert published.stat().st_mtime_ns > before
    for day in days:
        assert _figures(home / "rebuilt" / day / "warehouse.duckdb") == _figures(of_the_first_night)


def test_new_files_are_taken_in_by_day_once_the_sensor_is_switched_on(
    address: str, home: Path
) -> None:
    path = home / "landing" / NEW
    path.parent.mkdir()
    path.write_text(
        "activity_id,cluster_code,activity_type,start_date,submitted_on\n"
        "DAY-1,C01,linkage,2015-02-01,2015-02-05\n"
    )
    hour_ago = time.time() - 3600
    os.utime(path, (hour_ago, hour_ago))
    started = _ask(address, START_SENSOR % _location(address))["startSensor"]
    assert started["__typename"] == "Sensor"
    run = _wait_for_run(address, {"dagster/sensor_name": "new_files"})
    assert (run["jobName"], run["status"]) == ("nightly", "SUCCESS")
    assert run["tags"]["warehouse/files_waiting"] == "1"
    with duckdb.connect(str(home / "published" / "warehouse.duckdb"), read_only=True) as db:
        answer = db.execute("select status from audit.load_file where path = ?", [NEW])
        assert answer.fetchall() == [("loaded",)]
