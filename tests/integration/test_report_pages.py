"""Places, activities, data quality and privacy in the report of the sample."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from html_pages import HtmlPage, HtmlTable, read_page

from orchestration.report import write_report
from orchestration.report.pages import activities, places, privacy, quality
from sources.contracts import discover

if TYPE_CHECKING:
    from tests.integration.conftest import Sample

CHROMIUM = Path("/usr/bin/chromium")
PAGES = (places.PAGE, activities.PAGE, quality.PAGE, privacy.PAGE)

pytestmark = pytest.mark.night


@pytest.fixture(scope="module")
def site(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four pages of the sample's report."""
    folder = tmp_path_factory.mktemp("pages")
    write_report(sample.home.published, folder, pages=PAGES)
    return folder


@pytest.fixture(scope="module")
def english(site: Path) -> dict[str, HtmlPage]:
    """The pages in English, by their names."""
    return {path.stem: read_page(path) for path in (site / "en").glob("*.html")}


@pytest.fixture(scope="module")
def db(sample: Sample) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(sample.home.published), read_only=True) as connection:
        yield connection


def column(table: HtmlTable, heading: str) -> dict[str, Decimal]:
    """A column of numbers by what its rows are called; a dash counts as 0."""
    at = table.heads.index(heading)
    return {row[0][0]: Decimal(row[at][1] or 0) for row in table.rows}


@pytest.mark.parametrize("table", ["provinces", "groups"])
@pytest.mark.parametrize(
    ("heading", "measure"),
    [
        ("Economic expansion by cluster (baht)", "economic_expansion"),
        ("Economic expansion by enterprise (baht)", "economic_expansion"),
        ("Cost reduction by cluster (baht)", "cost_reduction"),
        ("Cost reduction by enterprise (baht)", "cost_reduction"),
    ],
)
def test_the_places_of_a_figure_add_up_to_the_programmes_to_the_satang(
    english: dict[str, HtmlPage], db: duckdb.DuckDBPyConnection, table: str, heading: str,
    measure: str,
) -> None:  # fmt: skip
    (actual,) = db.execute(
        "select actual_baht from reports.rpt_programme_progress "
        f"where fiscal_year_be = 2558 and measure = '{measure}'"
    ).fetchone() or (None,)
    shown = column(english["places"].tables[table], heading)
    assert shown.pop("The whole programme") == actual
    assert sum(shown.values()) == actual
    assert len([baht for baht in shown.values() if baht]) > 5


def test_members_and_activities_by_place_are_those_of_the_scorecards(
    english: dict[str, HtmlPage], db: duckdb.DuckDBPyConnection
) -> None:
    sums = db.execute(
        "select sum(members), sum(activities) from reports.rpt_cluster_scorecard "
        "where fiscal_year_be = 2558"
    ).fetchone()
    for table in ("provinces", "groups"):
        totals = []
        for heading in ("Members", "Activities"):
            shown = column(english["places"].tables[table], heading)
            totals.append(shown.pop("The whole programme"))
            assert sum(shown.values()) == totals[-1]
        assert tuple(totals) == sums


def test_the_sample_has_figures_in_bangkok_and_figures_without_a_place(
    english: dict[str, HtmlPage],
) -> None:
    shown = column(english["places"].tables["groups"], "Economic expansion by cluster (baht)")
    assert shown["Bangkok (in no group)"] > 0
    assert shown["Not allocated (no province)"] > 0


def test_activities_add_up_in_every_way_they_are_told(
    english: dict[str, HtmlPage], db: duckdb.DuckDBPyConnection
) -> None:
    count, spent, with_partner = db.execute(
        "select count(*), sum(spent_baht), "
        "count(*) filter (where partner_name is not null or partner_type <> 'none') "
        "from marts.fct_activity where fiscal_year_be = 2558"
    ).fetchone() or (None, None, None)
    tables = english["activities"].tables
    for name in ("by-quarter", "by-type", "by-cluster"):
        rows = tables[name].rows
        for heading, total in (("Activities", count), ("Spent (baht)", spent)):
            at = tables[name].heads.index(heading)
            assert sum(Decimal(row[at][1] or 0) for row in rows) == total, name
    for name in ("partner-types", "partners", "links"):
        at = tables[name].heads.index("Activities")
        assert sum(Decimal(row[at][1] or 0) for row in tables[name].rows) == with_partner, name


def test_what_is_held_back_is_counted_as_the_audit_does(
    english: dict[str, HtmlPage], db: duckdb.DuckDBPyConnection
) -> None:
    quarantined = db.execute(
        "select reason, count(distinct (receipt_id, row_sequence)) from audit.quarantined_row "
        "where file_status = 'loaded' and not is_sent_again group by reason"
    ).fetchall()
    table = english["quality"].tables["by-reason"]
    shown: dict[str, int] = {}
    for row in table.rows:
        shown[row[-1][0]] = shown.get(row[-1][0], 0) + int(row[2][1] or 0)
    assert shown == dict(quarantined)


def test_no_value_of_a_row_that_is_held_back_is_shown(
    site: Path, db: duckdb.DuckDBPyConnection
) -> None:
    raw = {
        value
        for (value,) in db.execute("select raw_value from audit.quarantined_row").fetchall()
        if value and not value.isascii()
    }
    assert len(raw) > 3
    for path in site.glob("*/quality.html"):
        cells = {
            text
            for table in read_page(path).tables.values()
            for row in table.rows
            for text, _ in row
        }
        assert cells & raw == set()


def test_no_column_that_a_contract_marks_personal_is_published(
    english: dict[str, HtmlPage], db: duckdb.DuckDBPyConnection
) -> None:
    published = {
        name
        for (name,) in db.execute("select column_name from information_schema.columns").fetchall()
    }
    personal = {
        column.name
        for contract in discover().values()
        for column in contract.columns
        if column.is_personal
    }
    assert personal & published == set()
    shown = {row[1][0]: row[3][0] for row in english["privacy"].tables["personal-columns"].rows}
    assert {shown[name] for name in personal} == {"Not published"}


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's package chromium")
def test_the_map_is_used_by_keyboard_alone(site: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto((site / "en/places.html").as_uri())
        colours = (
            "[...document.querySelectorAll('.map path:not(.water)')]"
            ".map(path => getComputedStyle(path).fill)"
        )
        by_expansion = page.evaluate(colours)
        assert any("map-hatch" in colour for colour in by_expansion)
        keys = page.locator(".map .key:visible h3")
        assert keys.all_inner_texts() == ["Economic expansion, by cluster"]
        page.locator('.map [value="pexpansion"]').focus()
        for _ in range(4):
            page.keyboard.press("ArrowDown")
        assert keys.all_inner_texts() == ["Members"]
        assert page.evaluate(colours) != by_expansion
        for _ in range(2):
            page.keyboard.press("ArrowDown")
        assert keys.all_inner_texts() == ["Economic expansion, by cluster · by province group"]
        province = page.locator('.map a[href="#province-41"]')
        assert "Udon Thani: Economic expansion" in (province.get_attribute("aria-label") or "")
        province.focus()
        page.keyboard.press("Enter")
        assert page.url.endswith("#province-41")
        assert page.locator("tr:target th").inner_text() == "Udon Thani"
        browser.close()
