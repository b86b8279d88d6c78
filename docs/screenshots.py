"""Takes the pictures of pages that the README shows: `python docs/screenshots.py`.

Runs a night of the bundled sample in a temporary home (or looks at the home it is given), opens
`warehouse ui` on a free port, photographs, and ends what it started. The programme report is
written anew from what is published. Needs Debian's packages
chromium and fonts-thai-tlwg; playwright is in the project's `dev` extra, and downloads nothing.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import FloatRect, Page, sync_playwright

from orchestration.report import write_report

IMAGES = Path(__file__).parent / "images"
WAREHOUSE = Path(sys.executable).with_name("warehouse")
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip

#: Groups shown with their assets; the others stay folded, so that names can be read.
EXPANDED = ("landing", "store", "reports", "published")
#: A check that fails in the sample, over several files.
CHECKED, CHECK = "store/financial_outcomes", "measure__bad_code"

NODES = "svg foreignObject"
#: Pixels round the graph.
MARGIN = 24
START_SECONDS = 180
END_SECONDS = 90


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_the_sample(home: Path) -> None:
    """Publishes a warehouse of the bundled sample in `home`, where there is none yet."""
    if (home / "published" / "warehouse.duckdb").exists():
        return
    environment = {**os.environ, "WAREHOUSE_HOME": str(home)}
    for arguments in (["sample", "--if-empty"], ["run"]):
        subprocess.run([WAREHOUSE, *arguments], env=environment, check=True)  # noqa: S603


@contextmanager
def ui(home: Path) -> Iterator[str]:
    """Runs `warehouse ui` over `home`; gives its address.

    Raises:
        TimeoutError: it does not answer.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(  # noqa: S603
        [WAREHOUSE, "ui"],
        env={**os.environ, "WAREHOUSE_HOME": str(home), "WAREHOUSE_PORT": str(port)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(f"{address}/server_info"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise TimeoutError(f"`warehouse ui` does not answer on {address}")
            time.sleep(0.5)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:  # a busy machine may take longer to end a daemon well
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)  # noqa: PLR2004
    except OSError:
        return False


def open_page(page: Page, address: str) -> None:
    """Opens a page of Dagster's and waits until it is drawn, without a greeting over it."""
    page.goto(address)
    page.wait_for_timeout(4_000)
    greeting = page.get_by_role("button", name="Skip", exact=True)
    if greeting.count():
        greeting.click()
        page.wait_for_timeout(1_000)


def _box(page: Page) -> FloatRect:
    """What the graph's nodes take up on the page."""
    box: FloatRect = page.evaluate(
        """selector => {
            const nodes = [...document.querySelectorAll(selector)];
            const boxes = nodes.map(node => node.getBoundingClientRect());
            const x = Math.min(...boxes.map(box => box.left));
            const y = Math.min(...boxes.map(box => box.top));
            const width = Math.max(...boxes.map(box => box.right)) - x;
            const height = Math.max(...boxes.map(box => box.bottom)) - y;
            return {x, y, width, height};
        }""",
        NODES,
    )
    return box


def asset_graph(page: Page, address: str, out: Path) -> None:
    """The whole lineage, from what was sent to what is published; cut out of its page."""
    width, height = 1650, 1700
    page.set_viewport_size({"width": width, "height": height})
    groups = quote(",".join(f"global@global:{group}" for group in EXPANDED), safe="")
    open_page(page, f"{address}/asset-groups?expanded={groups}")
    width += 300  # room beside the graph, for Dagster's own buttons
    page.set_viewport_size({"width": width, "height": height})
    search = page.get_by_text("Search and filter assets").first.bounding_box()
    if search is None:
        raise LookupError("the page of the asset graph has no search field")
    middle = (search["x"] + width) / 2, (search["y"] + height) / 2
    for _ in range(4):  # nodes out of sight are not drawn, so the middle is found step by step
        box = _box(page)
        page.mouse.move(*middle)
        page.mouse.wheel(
            box["x"] + box["width"] / 2 - middle[0], box["y"] + box["height"] / 2 - middle[1]
        )
        page.wait_for_timeout(500)
    page.mouse.move(middle[0], 20)
    page.wait_for_timeout(500)
    box = _box(page)
    page.screenshot(
        path=out,
        clip=FloatRect(
            x=box["x"] - MARGIN,
            y=box["y"] - MARGIN,
            width=box["width"] + 2 * MARGIN,
            height=box["height"] + 2 * MARGIN,
        ),
    )


def run_checks(page: Page, address: str, out: Path) -> None:
    """The checks of a dataset after a night, one of them opened."""
    page.set_viewport_size({"width": 1600, "height": 1000})
    open_page(page, f"{address}/assets/{CHECKED}?view=checks&checkDetail={CHECK}")
    page.get_by_text("rows failing").first.wait_for()
    if not re.search(CHECK, page.inner_text("body")):
        raise LookupError(f"{CHECKED} shows no check {CHECK}")
    page.screenshot(path=out)


def what_is_published(page: Page, address: str, out: Path) -> None:
    """The nights at a glance, freshness and links, where an operator looks first."""
    page.set_viewport_size({"width": 1600, "height": 1000})
    open_page(page, f"{address}/assets/published/warehouse")
    page.get_by_text("The last nights").first.wait_for()
    page.screenshot(path=out)


def report_overview(page: Page, report: Path, out: Path) -> None:
    """The first page of the programme report, as far as the charts of the targets."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto((report / "en" / "index.html").as_uri())
    charts = page.locator("[data-drawn] svg")
    charts.nth(1).wait_for()
    box = page.locator(".charts").first.bounding_box()
    if box is None:
        raise LookupError("the report's first page shows no charts")
    below = box["y"] + box["height"]
    page.screenshot(path=out, full_page=True, clip=FloatRect(x=0, y=0, width=1280, height=below))


def main() -> None:
    """Takes every picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--home", type=Path, help="a home to look at; a temporary one when unset")
    parser.add_argument("--out", type=Path, default=IMAGES, help="where the pictures go")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        home = arguments.home or Path(temporary) / "warehouse-home"
        run_the_sample(home)
        with ui(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
            page = browser.new_context(timezone_id="Asia/Bangkok").new_page()
            asset_graph(page, address, arguments.out / "asset-graph.png")
            run_checks(page, address, arguments.out / "run-checks.png")
            what_is_published(page, address, arguments.out / "published.png")
            write_report(home / "published" / "warehouse.duckdb", Path(temporary) / "report")
            report_overview(page, Path(temporary) / "report", arguments.out / "report-overview.png")
            browser.close()


if __name__ == "__main__":
    main()
