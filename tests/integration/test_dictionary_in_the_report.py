"""The data dictionary and dbt's documentation in the report of the sample, as a reader has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from orchestration.report import write_report
from orchestration.report.pages import dictionary

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.integration.conftest import Sample

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.night
in_a_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's package chromium"),
]


@pytest.fixture(scope="module")
def site(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of this page alone."""
    folder = tmp_path_factory.mktemp("dictionary") / "รายงาน"
    write_report(sample.home.published, folder, pages=[dictionary.PAGE])
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def test_the_dictionary_has_the_published_files_tables_columns_and_types(
    site: Path, sample: Sample
) -> None:
    document: dict[str, Any] = json.loads((site / dictionary.JSON).read_text(encoding="utf-8"))
    with duckdb.connect(str(sample.home.published), read_only=True) as db:
        rows = db.execute(
            "select schema_name, table_name, column_name, lower(data_type), is_nullable "
            "from duckdb_columns() where not internal"
        ).fetchall()
        said = {
            (table["schema"], table["name"], column["name"], column["type"],
             not column["is_required"])
            for table in document["tables"]
            for column in table["columns"]
        }  # fmt: skip
        types = {
            kind: db.execute(f"select lower(typeof(cast(null as {kind})))").fetchall()[0][0]
            for kind in {row[3] for row in said}
        }
    assert {(*row[:3], types[row[3]], row[4]) for row in said} == set(rows)


def test_no_path_and_no_secret_of_this_machine_is_in_dbts_documentation(
    site: Path, sample: Sample
) -> None:
    page = (site / dictionary.DBT).read_text(encoding="utf-8")
    project = Path(dictionary.__file__).parents[3]
    key_file = sample.home.root / "key_secret"
    assert "rpt_programme_progress" in page
    assert str(sample.home.root) not in page
    assert str(project) not in page
    assert key_file.read_text(encoding="utf-8").strip() not in page


def test_a_second_report_of_one_warehouse_is_the_same_to_the_byte(
    site: Path, sample: Sample, tmp_path: Path
) -> None:
    write_report(sample.home.published, tmp_path / "again", pages=[dictionary.PAGE])
    for name in (dictionary.CSV, dictionary.JSON, dictionary.DBT):
        assert (site / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


class TestInABrowser:
    """What a reader sees."""

    pytestmark = in_a_browser

    def test_the_filter_shows_what_it_finds_and_a_link_brings_back_what_it_hid(
        self, site: Path, browser: Browser
    ) -> None:
        page = browser.new_page()
        page.goto((site / "th" / "dictionary.html").as_uri())
        page.get_by_label("ค้นหาตารางหรือคอลัมน์").fill("PROVINCE ถ่วง")
        assert page.get_by_role("status").inner_text() == "พบ 0 คอลัมน์"
        page.get_by_label("ค้นหาตารางหรือคอลัมน์").fill("fct_activity spent")
        shown = page.locator("section.described tbody tr:visible")
        assert shown.count() == 1
        assert shown.get_attribute("id") == "marts.fct_activity.spent_baht"
        assert page.get_by_role("status").inner_text() == "พบ 1 คอลัมน์"
        page.locator(".places").get_by_role("link", name="dim_cluster", exact=True).click()
        page.locator("[id='marts.dim_cluster']").wait_for(state="visible")
        assert page.get_by_label("ค้นหาตารางหรือคอลัมน์").input_value() == ""
        page.close()

    def test_dbts_documentation_opens_from_a_file_and_asks_nobody_for_anything(
        self, site: Path, browser: Browser
    ) -> None:
        said: list[str] = []
        asked: list[str] = []
        page = browser.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        file = (site / dictionary.DBT).as_uri()
        for place, text in (
            ("overview", "คลังข้อมูลคลัสเตอร์"),
            ("model/model.cluster_warehouse.rpt_programme_progress", "เป้าหมายเป็นเกณฑ์ขั้นต่ำ"),
        ):
            page.goto(f"{file}#!/{place}")
            page.get_by_text(text).first.wait_for()
        assert said == []
        assert set(asked) == {file}
        page.close()
