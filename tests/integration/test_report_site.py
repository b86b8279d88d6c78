"""The report over the sample, as its readers have it: files, a server, a browser, no network."""

from __future__ import annotations

import contextlib
import csv
import importlib.util
import io
import json
import shlex
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import duckdb
import pytest
from html_pages import HtmlPage, read_page

from orchestration.report import write_report
from orchestration.report.pages import PAGES
from orchestration.report.pages.dictionary import DBT
from orchestration.settings import Home as Paths
from orchestration.trace import trace

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.integration.conftest import Sample

SCREENSHOTS = Path(__file__).parents[2] / "docs" / "screenshots.py"
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu"]

pytestmark = pytest.mark.night
in_a_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's package chromium"),
]

LANGUAGES = ("th", "en")
#: Width and height of a desktop and of a phone.
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
#: One cluster of the sample, with everything that its page may tell; the others have the template.
CLUSTER = "clusters/C09.html"
WATCHED = [*(page.path for page in PAGES), CLUSTER]
#: The checker fetches style sheets to look at media queries: that alone the page's policy forbids.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "resultTypes": ["violations"],
    "preload": False,
}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the script that draws charts is kept; made once for all sites here."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def site(sample: Sample, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the sample, in a folder with a Thai name and a space."""
    folder = tmp_path_factory.mktemp("report") / "รายงาน โครงการ"
    write_report(sample.home.published, folder, cache=cache)
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, HtmlPage]:
    """Every HTML file of it, by its path, but for dbt's own."""
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*.html")}
    return {name: read_page(path) for name, path in files.items() if name != DBT}


@pytest.fixture(scope="module")
def published(sample: Sample) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(sample.home.published), read_only=True) as db:
        yield db


def changed_copy(sample: Sample, folder: Path, *statements: str) -> Path:
    """The sample's warehouse with something changed in it."""
    copy = folder / "warehouse.duckdb"
    shutil.copyfile(sample.home.published, copy)
    with duckdb.connect(str(copy)) as db:
        for statement in statements:
            db.execute(statement)
    return copy


# ── The files ─────────────────────────────────────────────────────────────────────────────────


def test_every_page_is_in_both_languages_and_says_which(pages: dict[str, HtmlPage]) -> None:
    below = {
        code: {path.split("/", 1)[1] for path in pages if path.startswith(f"{code}/")}
        for code in LANGUAGES
    }
    assert below["th"] == below["en"]
    assert below["th"] >= set(WATCHED)
    assert len([path for path in below["th"] if path.startswith("clusters/")]) == 17
    for path, page in pages.items():
        assert page.language == (path.split("/")[0] if "/" in path else "th")


def test_every_link_leads_somewhere_and_the_language_switch_to_the_same_page(
    site: Path, pages: dict[str, HtmlPage]
) -> None:
    dead = []
    for path, page in pages.items():
        for link in [*page.links, *page.sources]:
            if link.startswith("data:"):
                continue
            to = urlsplit(link)
            assert not to.scheme, f"{path} leads out of the site: {link}"
            assert not to.netloc, f"{path} leads out of the site: {link}"
            target = (site / path).parent.joinpath(unquote(to.path)).resolve() if to.path else None
            target = target or (site / path).resolve()
            if not target.is_relative_to(site.resolve()) or not target.is_file():
                dead.append((path, link))
            elif to.fragment:
                other = pages[target.relative_to(site.resolve()).as_posix()]
                if to.fragment not in other.ids:
                    dead.append((path, link))
        code, _, rest = path.partition("/")
        if rest:
            other = "en" if code == "th" else "th"
            assert "../" * (rest.count("/") + 1) + f"{other}/{rest}" in page.links
    assert dead == []


def test_no_id_stands_twice_on_a_page(pages: dict[str, HtmlPage]) -> None:
    twice = {
        path: sorted({name for name in page.ids if page.ids.count(name) > 1})
        for path, page in pages.items()
    }
    assert {path: names for path, names in twice.items() if names} == {}


def test_every_table_offers_a_csv_that_says_the_same(
    site: Path, pages: dict[str, HtmlPage]
) -> None:
    compared = 0
    for path, page in pages.items():
        for table in page.tables.values():
            assert table.csv is not None, (path, table.name)
            file = (site / path).parent / table.csv
            assert file.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel reads Thai by the BOM"
            heads, *rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")))
            assert heads == table.heads
            assert len(rows) == len(table.rows)
            for in_csv, cells in zip(rows, table.rows, strict=True):
                for value, (text, key) in zip(in_csv, cells, strict=True):
                    compared += 1
                    assert said_alike(value, text, key), (path, table.name, value, text, key)
    assert compared > 5000


def said_alike(value: str, text: str, key: str | None) -> bool:
    """Whether a CSV's value, a cell's text and what the cell is sorted by are the same."""
    if not value:
        return text == "–"
    if key is None:
        return " ".join(value.split()).removeprefix("'") == text
    if not key.replace(".", "").lstrip("-").isdigit():
        return value == key
    number = Decimal(value)
    shown = Decimal(text.replace("−", "-").replace(",", "").replace("%", ""))
    if text.endswith("%"):
        number *= 100
    assert Decimal(key) in (Decimal(value), Decimal(value) * 1_000_000)
    return abs(number - shown) <= Decimal("0.0501")


def test_the_figures_on_the_pages_are_those_of_the_warehouse(
    pages: dict[str, HtmlPage], published: duckdb.DuckDBPyConnection
) -> None:
    progress = published.execute(
        "select actual_baht, target_baht, target_baht - actual_baht "
        "from reports.rpt_programme_progress where fiscal_year_be = 2558"
    ).fetchall()
    assert len(progress) == 2
    for code, unit in (("th", "บาท"), ("en", "baht")):
        titles = pages[f"{code}/index.html"].titles
        for baht in (amount for row in progress for amount in row):
            assert f"{baht:,.2f} {unit}" in titles
        table = pages[f"{code}/clusters.html"].tables["scorecards"]
        shown = {row[1][0]: [Decimal(row[n][1] or 0) for n in (4, 5, 6, 7)] for row in table.rows}
        scorecards = published.execute(
            "select cluster_code, economic_expansion_baht, cost_reduction_baht, jobs_created, "
            "members from reports.rpt_cluster_scorecard where fiscal_year_be = 2558"
        ).fetchall()
        assert shown == {code: [Decimal(str(v)) for v in values] for code, *values in scorecards}


def test_a_member_who_reported_once_in_the_year_is_told_as_such(
    pages: dict[str, HtmlPage], published: duckdb.DuckDBPyConnection
) -> None:
    expected, once, always = published.execute(
        """
        with quarters as (
            select members.cluster_code, members.enterprise_key,
                count(distinct outcomes.fiscal_quarter) as reported
            from marts.fct_member_year as members
            left join marts.fct_financial_outcome as outcomes
                on members.cluster_code = outcomes.cluster_code
                and members.enterprise_key = outcomes.enterprise_key
                and members.fiscal_year_be = outcomes.fiscal_year_be
                and outcomes.programme_measure = 'economic_expansion'
            where members.fiscal_year_be = 2558
            group by all
        )
        select count(*), count(*) filter (where reported > 0), count(*) filter (where reported = 4)
        from quarters
        """
    ).fetchall()[0]
    assert always < once
    assert f"{once} of {expected} in at least one quarter" in pages["en/index.html"].text
    assert f"{once} จาก {expected} ราย รายงานอย่างน้อยหนึ่งไตรมาส" in pages["th/index.html"].text
    assert "in at least one quarter" in pages["en/clusters/C01.html"].text


def test_a_silent_cluster_is_marked_as_quiet(
    pages: dict[str, HtmlPage], published: duckdb.DuckDBPyConnection
) -> None:
    silent = published.execute(
        "select cluster_code from reports.rpt_reporting_completeness "
        "where fiscal_year_be = 2558 and fiscal_quarter = 4 and members_reported = 0"
    ).fetchall()
    rows = pages["en/clusters.html"].tables["scorecards"].rows
    assert [(row[1][0],) for row in rows if row[3][0] == "quiet"] == silent
    assert len(silent) == 1
    assert (
        "No member has reported the latest quarter"
        in pages[f"en/clusters/{silent[0][0]}.html"].text
    )


def test_every_figure_is_defined_and_every_definition_is_there(
    pages: dict[str, HtmlPage], published: duckdb.DuckDBPyConnection
) -> None:
    metrics = published.execute("select name, formula from reports.metric_definition").fetchall()
    for code in LANGUAGES:
        page = pages[f"{code}/definitions.html"]
        assert {name for name, _ in metrics} <= set(page.ids)
        assert all(formula in page.text for _, formula in metrics)


def test_every_command_that_traces_a_figure_runs(
    pages: dict[str, HtmlPage], sample: Sample
) -> None:
    commands = {command for page in pages.values() for command in page.commands}
    home = Paths(
        root=sample.home.root, landing=sample.home.landing, landing_is_set=False, ledger_url="",
        keep_versions=7, report_due_days=15, key_secret=None,
    )  # fmt: skip
    of_a_kind = {}
    for command in sorted(commands):
        program, name, table, *words = shlex.split(command)
        assert (program, name) == ("warehouse", "trace")
        column = words[words.index("--column") + 1] if "--column" in words else None
        keys = [word for word in words if "=" in word]
        of_a_kind[table, column, len(keys)] = (command, keys)
    assert len(of_a_kind) > 8
    for (table, column, _), (command, keys) in of_a_kind.items():
        assert trace(home, table, keys, column).rows, command
    done = sample.home.run(*shlex.split(min(commands))[1:])
    assert done.exit_code == 0, done.said


def test_the_same_warehouse_gives_the_same_bytes(
    site: Path, sample: Sample, cache: Path, tmp_path: Path
) -> None:
    # The file itself is open here.
    database = Path(shutil.copyfile(sample.home.published, tmp_path / "warehouse.duckdb"))
    write_report(database, tmp_path / "again", cache=cache)
    first, second = (
        {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file()}
        for root in (site, tmp_path / "again")
    )
    assert first == second


# ── Other warehouses ──────────────────────────────────────────────────────────────────────────


def test_a_warehouse_with_nothing_in_it_gives_pages_with_sentences(
    sample: Sample, cache: Path, tmp_path: Path
) -> None:
    with duckdb.connect(str(sample.home.published), read_only=True) as db:
        emptied = [
            f"delete from {schema}.{name}"
            for schema, name in db.execute(
                "select table_schema, table_name from information_schema.tables"
            ).fetchall()
            if name not in ("metric_definition", "metric_column", "dim_date", "dim_province")
        ]
    write_report(changed_copy(sample, tmp_path, *emptied), tmp_path / "empty", cache=cache)
    english = read_page(tmp_path / "empty/en/index.html")
    assert "There is no target yet, and no outcome has been reported." in english.text
    assert "This is the first night" in english.text
    assert english.data == {}
    assert "nothing to show yet" in read_page(tmp_path / "empty/en/clusters.html").text


def test_a_year_that_is_not_over_is_projected_from_the_quarters_that_are_due(
    sample: Sample, cache: Path, tmp_path: Path
) -> None:
    early = changed_copy(
        sample, tmp_path, "update marts.dim_fiscal_quarter set is_due = fiscal_quarter <= 3",
    )  # fmt: skip
    with duckdb.connect(str(early), read_only=True) as db:
        (reported,) = db.execute(
            "select sum(amount) from marts.fct_financial_outcome where fiscal_year_be = 2558 "
            "and fiscal_quarter <= 3 and programme_measure = 'cost_reduction'"
        ).fetchone() or (None,)
    write_report(early, tmp_path / "early", cache=cache)
    page = read_page(tmp_path / "early/en/index.html")
    assert "75% of the year" in " ".join(page.text.split())
    assert f"{reported / 3 * 4:,.2f} baht" in page.titles


def test_a_year_of_which_nothing_has_come_shows_its_targets_and_promises_nothing(
    sample: Sample, cache: Path, tmp_path: Path
) -> None:
    young = changed_copy(
        sample,
        tmp_path,
        "update marts.dim_fiscal_quarter set is_due = false",
        "delete from marts.fct_financial_outcome",
        "update reports.rpt_programme_progress set actual_baht = 0, progress_ratio = 0, "
        "is_target_met = false, actual_without_suspicions_baht = 0, suspicious_baht = 0, "
        "completeness_ratio = 0, members_reported = 0, clusters_reporting = 0",
    )
    write_report(young, tmp_path / "young", cache=cache)
    page = read_page(tmp_path / "young/en/index.html")
    text = " ".join(page.text.split())
    assert text.count("neither pace nor projection can be told") == 2
    assert "530,000,000.00 baht" in page.titles
    assert "None" not in text


def test_what_a_night_moved_is_told_with_the_files_behind_it(
    sample: Sample, cache: Path, tmp_path: Path
) -> None:
    key = "fiscal_year_be=2558, measure=cost_reduction"
    columns = "(run_id, difference_number, kind, line, table_name, figure_key, path, files, " \
        "figure_before_baht, figure_after_baht, figure_change_baht)"  # fmt: skip
    run = "(select run_id from marts.dim_night where is_this_night)"
    moved = changed_copy(
        sample,
        tmp_path,
        f"insert into audit.night_difference {columns} values "
        f"({run}, 9001, 'figure', 'total', 'reports.rpt_programme_progress', '{key}', null, null, "
        "61000000, 62321623.37, 1321623.37), "
        f"({run}, 9002, 'figure', 'file', 'reports.rpt_programme_progress', '{key}', "
        "'financial_outcomes/ใหม่.csv', 1, null, null, 1321623.37)",
    )
    write_report(moved, tmp_path / "moved", cache=cache)
    text = " ".join(read_page(tmp_path / "moved/en/index.html").text.split())
    assert "+฿1.32 million ฿61.00 million → ฿62.32 million" in text
    assert "+฿1.32 million financial_outcomes/ใหม่.csv" in text


def test_a_night_that_moved_nothing_says_so(pages: dict[str, HtmlPage]) -> None:
    assert "No headline figure moved." in pages["en/index.html"].text


# ── In a browser ──────────────────────────────────────────────────────────────────────────────


@dataclass
class Visit:
    """What was seen of one page at one width."""

    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    charts: int = 0
    drawn: int = 0
    marks: list[int] = field(default_factory=list)
    wider: bool = False
    violations: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def open_drawn(page: Page, address: str) -> None:
    """Opens a page and waits until its charts are drawn."""
    page.goto(address)
    page.wait_for_function(
        "document.querySelectorAll('[data-chart]').length "
        "=== document.querySelectorAll('[data-drawn]').length"
    )


@pytest.fixture(scope="module")
def visits(site: Path, browser: Browser) -> dict[tuple[str, str], Visit]:
    """Every kind of page, in both languages and at both widths, opened as a file."""
    seen = {}
    for size, (width, height) in SIZES.items():
        context = browser.new_context(viewport={"width": width, "height": height})
        for path in (f"{code}/{below}" for code in LANGUAGES for below in WATCHED):
            # The languages share one layout, so each is checked at one of the widths.
            is_checked = (size == "desktop") == path.startswith("th/")
            seen[path, size] = visit(context, site / path, is_checked)
        context.close()
    return seen


def visit(context: BrowserContext, file: Path, is_checked: bool) -> Visit:
    """Opens a page in a window of its own and looks round, with the checker where asked to."""
    from axe_playwright_python.sync_playwright import Axe

    seen = Visit()
    page = context.new_page()
    page.on("console", lambda message: seen.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: seen.said.append(str(error)))
    page.on("request", lambda request: seen.asked.append(request.url))
    open_drawn(page, file.as_uri())
    seen.charts = page.locator("[data-chart]").count()
    seen.drawn = page.locator("[data-drawn] svg").count()
    seen.marks = page.evaluate(
        "[...document.querySelectorAll('[data-drawn] svg')].map(svg => "
        "svg.querySelectorAll('.role-mark path').length)"
    )
    seen.wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    if is_checked:
        seen.violations = [
            f"{found['id']}: {found['nodes'][0]['html'][:200]}"
            for found in Axe().run(page, options=RULES).response["violations"]
        ]
    page.close()
    return seen


class TestInABrowser:
    """What a reader sees."""

    pytestmark = in_a_browser

    def test_nothing_is_amiss_in_the_console_and_nothing_is_asked_of_any_machine(
        self, site: Path, visits: dict[tuple[str, str], Visit]
    ) -> None:
        assert {where: visit.said for where, visit in visits.items() if visit.said} == {}
        outside = {
            url
            for visit in visits.values()
            for url in visit.asked
            if not url.startswith((site.as_uri(), "data:"))
        }
        assert outside == set()

    def test_every_chart_is_drawn_with_marks(self, visits: dict[tuple[str, str], Visit]) -> None:
        assert all(visit.charts == visit.drawn for visit in visits.values())
        assert all(count > 0 for visit in visits.values() for count in visit.marks)
        assert sum(visit.drawn for visit in visits.values()) >= 28

    def test_no_page_is_wider_than_the_screen(self, visits: dict[tuple[str, str], Visit]) -> None:
        assert [where for where, visit in visits.items() if visit.wider] == []

    def test_an_accessibility_checker_finds_nothing(
        self, visits: dict[tuple[str, str], Visit]
    ) -> None:
        found = {where: visit.violations for where, visit in visits.items() if visit.violations}
        assert found == {}

    def test_a_table_is_sorted_by_keyboard(self, site: Path, browser: Browser) -> None:
        page = browser.new_page()
        open_drawn(page, (site / "th/clusters.html").as_uri())
        head = page.locator("#scorecards thead th").nth(4)
        head.locator("button").focus()

        def order() -> list[float]:
            return [
                float(key)
                for key in page.eval_on_selector_all(
                    "#scorecards tbody td:nth-child(5)", "cells => cells.map(c => c.dataset.key)"
                )
            ]

        page.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == "descending"
        assert order() == sorted(order(), reverse=True)
        page.keyboard.press("Space")
        assert head.get_attribute("aria-sort") == "ascending"
        assert order() == sorted(order())
        page.close()

    def test_without_script_every_chart_is_its_table(self, site: Path, browser: Browser) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto((site / "en/index.html").as_uri())
        assert page.locator("#completeness").is_visible()
        assert page.locator("#cumulative-cost-reduction").is_visible()
        context.close()

    def test_print_shows_tables_of_charts_and_no_navigation(
        self, site: Path, browser: Browser
    ) -> None:
        page = browser.new_page()
        open_drawn(page, (site / "en/index.html").as_uri())
        assert not page.locator("#completeness").is_visible()
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("#completeness").is_visible()
        assert not page.locator("nav.pages").is_visible()
        page.close()

    def test_it_reads_the_same_from_a_server_below_a_prefix(
        self, site: Path, browser: Browser
    ) -> None:
        with served(site.parent) as address:
            page = browser.new_page()
            said: list[str] = []
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.goto(f"{address}/{site.name}/")
            page.wait_for_url("**/th/index.html")
            page.get_by_role("link", name="English").click()
            page.wait_for_url("**/en/index.html")
            page.get_by_role("link", name="Clusters", exact=True).click()
            open_drawn(page, page.url)
            assert page.locator("[data-drawn] svg").count() == 2
            with page.expect_download() as download:
                page.locator("#scorecards").locator("xpath=../..").locator("a.csv").click()
            assert Path(download.value.path()).read_bytes().startswith(b"\xef\xbb\xbf")
            assert said == []
            page.close()

    def test_the_readmes_picture_can_be_taken(
        self, site: Path, browser: Browser, tmp_path: Path
    ) -> None:
        spec = importlib.util.spec_from_file_location("screenshots", SCREENSHOTS)
        assert spec is not None
        assert spec.loader is not None
        pictures = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(pictures)
        page = browser.new_page()
        pictures.report_overview(page, site, tmp_path / "report-overview.png")
        assert (tmp_path / "report-overview.png").stat().st_size > 30_000
        page.close()

    def test_a_hostile_name_is_text_wherever_it_stands(
        self, sample: Sample, cache: Path, tmp_path: Path, browser: Browser
    ) -> None:
        name = "=cmd|x</script><img src=x onerror=alert(1)>\"'&amp;"
        told = name.replace("'", "''")
        hostile = changed_copy(
            sample, tmp_path,
            f"update marts.dim_cluster set cluster_name_th = '{told}', cluster_name_en = '{told}'",
            f"update reports.rpt_follow_up set path = '{told}', what_en = '{told}'",
        )  # fmt: skip
        write_report(hostile, tmp_path / "hostile", cache=cache)
        page = browser.new_page()
        dialogs: list[Any] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        for path in ("en/clusters.html", f"en/{CLUSTER}"):
            file = tmp_path / "hostile" / path
            open_drawn(page, file.as_uri())
            assert page.locator("img").count() == 0
            assert name in page.inner_text("main")
            for text in read_page(file).data.values():
                json.loads(text)
        assert dialogs == []
        cells = (tmp_path / "hostile/en/data/clusters-scorecards.csv").read_text("utf-8-sig")
        assert next(csv.reader(cells.splitlines()[1:]))[0] == f"'{name}"
        page.close()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """A plain web server over a folder, on a port of this machine; gives its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
