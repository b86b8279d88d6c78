"""The notebook over the published sample: its figures, and in a browser without the internet."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import duckdb
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.integration.conftest import Sample

PROJECT = Path(__file__).parents[2]
NOTEBOOK = PROJECT / "docs" / "notebooks" / "programme.py"
MARIMO = Path(sys.executable).with_name("marimo")
CHROMIUM = Path("/usr/bin/chromium")

pytestmark = pytest.mark.night

needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's package chromium")


def module(path: Path) -> Any:
    """A program of the documents, which are no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def run_over(home: Path) -> tuple[str, dict[str, Any]]:
    """Runs every cell over a home: all that they show, as text, and what they define.

    A cell that fails raises what went wrong.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DAGSTER_HOME", "WAREHOUSE_BUILD"):
            patch.setenv(name, "")  # reading the settings sets them
        patch.setenv("WAREHOUSE_HOME", str(home))
        outputs, defined = module(NOTEBOOK).app.run()
    return "\n".join(getattr(output, "text", "") for output in outputs), dict(defined)


@pytest.fixture(scope="module")
def cells(sample: Sample) -> tuple[str, dict[str, Any]]:
    """What the cells show and define over the sample."""
    return run_over(sample.home.root)


def test_the_notebook_is_well_formed() -> None:
    done = subprocess.run(
        [MARIMO, "check", "--strict", NOTEBOOK], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_cards_show_what_is_published_of_the_two_targets(
    cells: tuple[str, dict[str, Any]], sample: Sample
) -> None:
    shown, defined = cells
    published = sample.home.rows(
        "select format('{:,.2f}', actual_baht), format('{:,}', target_baht::bigint), "
        "format('{:.1f}%', 100 * progress_ratio), format('{:,.2f}', suspicious_baht) "
        "from reports.rpt_programme_progress order by measure desc"
    )
    assert len(defined["targets"]) == len(published) == 2
    for card, (actual, target, progress, doubtful) in zip(
        defined["targets"], published, strict=True
    ):
        assert {actual, target, progress} == {
            text for text in (actual, target, progress) if text in card.text
        }
        assert doubtful in shown


def test_the_pace_ends_at_the_published_figure(
    cells: tuple[str, dict[str, Any]], sample: Sample
) -> None:
    pace = cells[1]["pace"]
    last = pace[pace["fiscal_quarter"] == 4].set_index("measure")["so_far_baht"].to_dict()
    assert last == pytest.approx(
        {
            measure: float(actual)
            for measure, actual in sample.home.rows(
                "select measure, actual_baht from reports.rpt_programme_progress"
            )
        },
        abs=0.005,
    )


def test_every_cluster_and_every_expected_quarter_is_drawn(
    cells: tuple[str, dict[str, Any]], sample: Sample
) -> None:
    defined = cells[1]
    drawn = defined["clusters"].set_index("cluster_code")["economic_expansion_baht"].to_dict()
    assert drawn == {
        code: float(baht)
        for code, baht in sample.home.rows(
            "select cluster_code, economic_expansion_baht from reports.rpt_cluster_scorecard"
        )
    }
    quarters = defined["completeness"][["members_expected", "members_reported"]].sum()
    assert [tuple(quarters)] == sample.home.rows(
        "select sum(members_expected), sum(members_reported) "
        "from reports.rpt_programme_completeness"
    )


def test_those_who_took_part_are_shown_with_the_warning_that_it_shows_no_cause(
    cells: tuple[str, dict[str, Any]], sample: Sample
) -> None:
    shown, defined = cells
    assert len(defined["participation"]) == 2 * 8
    ((thai, english),) = sample.home.rows(
        "select distinct warning_th, warning_en from reports.rpt_participation_outcomes"
    )
    assert english in shown
    assert thai in shown


def test_every_open_matter_is_listed(cells: tuple[str, dict[str, Any]], sample: Sample) -> None:
    ((count,),) = sample.home.rows(
        "select count(*) from reports.rpt_follow_up where state <> 'resolved'"
    )
    assert len(cells[1]["matters"]) == count > 0


def test_where_nothing_is_published_the_notebook_says_what_to_do(tmp_path: Path) -> None:
    shown, defined = run_over(tmp_path)
    assert "Nothing is published" in shown
    assert "make run" in shown
    assert "targets" not in defined


def test_a_year_without_targets_or_activities_is_shown_too(sample: Sample, tmp_path: Path) -> None:
    published = tmp_path / "published"
    published.mkdir()
    shutil.copyfile(sample.home.published, published / "warehouse.duckdb")
    with duckdb.connect(str(published / "warehouse.duckdb")) as db:
        db.execute("delete from reports.rpt_participation_outcomes")
        db.execute(
            "update reports.rpt_programme_progress "
            "set target_baht = null, progress_ratio = null, is_target_met = null"
        )
    shown, defined = run_over(tmp_path)
    assert all("no target" in card.text for card in defined["targets"])
    assert defined["even"].empty
    assert "Nothing yet" in shown


# ── As `make notebook` opens it ───────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def page(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The notebook in a browser, opened by the command that the documents name."""
    from playwright.sync_api import sync_playwright

    pictures = module(PROJECT / "docs" / "screenshots.py")
    port = pictures.free_port()
    command = [
        *("make", "--directory", str(PROJECT), "--assume-old=setup", "notebook"),
        *(f"BIN={MARIMO.parent}", f"NOTEBOOK_ARGS=--headless --port {port}"),
    ]
    environment = {
        "WAREHOUSE_HOME": str(sample.home.root),
        "HOME": str(tmp_path_factory.mktemp("user")),  # where marimo remembers what was opened
    }
    with (
        pictures.serving(command, port, "health", environment) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=pictures.CHROMIUM_ARGUMENTS
        )
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.locator("canvas").nth(3).wait_for(timeout=90_000)
        page.asked = asked  # type: ignore[attr-defined]
        yield page


@pytest.mark.browser
@needs_chromium
def test_the_figures_and_the_charts_are_there(page: Page, sample: Sample) -> None:
    for (figure,) in sample.home.rows(
        "select format('{:,.2f}', actual_baht) from reports.rpt_programme_progress"
    ):
        assert page.get_by_text(figure).count() == 1
    assert page.locator("canvas").count() == 4


@pytest.mark.browser
@needs_chromium
def test_choosing_a_cluster_draws_that_cluster(page: Page) -> None:
    page.get_by_label("Cluster").select_option(label="C09 คลัสเตอร์ต่อตัวถังรถบัส จังหวัดราชบุรี")
    page.get_by_text("Of the chosen cluster").wait_for(timeout=60_000)
    assert page.get_by_text("The dashed line").count() == 0


@pytest.mark.browser
@needs_chromium
def test_nothing_outside_this_machine_is_asked_or_linked_from_a_chart(page: Page) -> None:
    asked = {urlsplit(url).hostname for url in page.asked}  # type: ignore[attr-defined]
    assert asked - {None} == {"127.0.0.1"}
    links = page.locator(".vega-actions a").evaluate_all("all => all.map(one => one.href)")
    assert [link for link in links if link.startswith("http") and "127.0.0.1" not in link] == []
