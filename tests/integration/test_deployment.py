"""A server as deploy/ sets it up: the real services in a home that has run, the real nginx before.

One story: what strangers, viewers and other sites' pages are refused; what operators can do, down
to a night that publishes; and how a night ends when its service is stopped.
"""

from __future__ import annotations

import json
import re
import shutil
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from filelock import FileLock
from proxied import INSTALLED, NEEDED, Server, connect_in_the_clear, running_server, speaks

from orchestration.exports import write_exports
from tests.integration.conftest import Home

if TYPE_CHECKING:
    from tests.integration.conftest import Sample

CHROMIUM = Path("/usr/bin/chromium")
RUN_SECONDS = 400

pytestmark = [pytest.mark.night, pytest.mark.skipif(not INSTALLED, reason=NEEDED)]

SELECTOR = 'repositoryName: "__repository__", repositoryLocationName: "orchestration.definitions"'
PARAMS = f'{{selector: {{jobName: "nightly", {SELECTOR}}}, runConfigData: "{{}}", mode: "default"}}'
LAUNCH = f"""mutation {{ launchRun(executionParams: {PARAMS}) {{
  __typename ... on LaunchRunSuccess {{ run {{ runId }} }} ... on PythonError {{ message }} }} }}"""
RUNS = "{ runsOrError { ... on Runs { results { runId status tags { key value } } } } }"
STATE = '{ runOrError(runId: "%s") { ... on Run { status } } }'
#: What would change something, one of each kind that Dagster knows.
MUTATIONS = {
    "a run": LAUNCH,
    "runs": f"mutation {{ launchMultipleRuns(executionParamsList: [{PARAMS}]) {{ __typename "
    "... on LaunchMultipleRunsResult { launchMultipleRunsResult { __typename } } } }",
    "deleting a run": 'mutation { deletePipelineRun(runId: "%s") { __typename } }',
    "ending a run": 'mutation { terminateRun(runId: "%s") { __typename '
    "... on TerminateRunFailure { message } } }",
    "a schedule": f'mutation {{ startSchedule(scheduleSelector: {{scheduleName: "every_night", '
    f"{SELECTOR}}}) {{ __typename }} }}",
    "forgetting an asset": "mutation { wipeAssets(assetPartitionRanges: [{assetKey: "
    '{path: ["published", "warehouse"]}}]) { __typename } }',
    "an event": "mutation { reportRunlessAssetEvents(eventParams: {eventType: "
    'ASSET_MATERIALIZATION, assetKey: {path: ["published", "warehouse"]}}) { __typename } }',
    "ending the code server": "mutation { shutdownRepositoryLocation(repositoryLocationName: "
    '"orchestration.definitions") { __typename } }',
    "loading anew": "mutation { reloadWorkspace { __typename } }",
}
EVERYWHERE = [
    "/", "/graphql", "/server_info", "/dagit_info", "/logs/x/out", "/notebook?path=x.ipynb",
    "/download_debug/x", "/report_asset_materialization/x", "/vendor/x", "/runs", "/views",
    "/view", "/view/", "/view/graphql", "/view/server_info", "/view/logs/x/out", "/no/such/page",
    "/report/", "/report/index.html", "/exports/", "/exports/index.json", "/exports/no-such-file",
]  # fmt: skip
#: Where a viewer may go.
FOR_VIEWERS = ("/view", "/report", "/exports")


@pytest.fixture(scope="module")
def home(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A copy of the sample's home, so that what is launched here is not in the other stories."""
    copy = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(sample.home.root, copy)
    return Home(copy, copy / "landing", landing_is_default=True)


@pytest.fixture(scope="module")
def server(home: Home) -> Iterator[Server]:
    with running_server(home.root, home.environment(PYTHONDONTWRITEBYTECODE="1")) as server:
        yield server


def runs(server: Server, user: str = "operator", prefix: str = "") -> list[dict[str, Any]]:
    """Every run but those that a sensor starts by itself, as a user sees it."""
    found = server.graphql(RUNS, user, prefix).json()["data"]["runsOrError"]["results"]
    return [
        {"runId": run["runId"], "status": run["status"]}
        for run in found
        if "dagster/sensor_name" not in {tag["key"] for tag in run["tags"]}
    ]


def status_after(server: Server, run_id: str, *ends: str, prefix: str = "") -> str:
    """What becomes of a run: the first of these states that it reaches."""
    deadline = time.monotonic() + RUN_SECONDS
    status = ""
    while status not in ends and time.monotonic() < deadline:
        time.sleep(1)
        answer = server.graphql(STATE % run_id, "operator", prefix)
        status = answer.json()["data"]["runOrError"]["status"]
    return status


# ── Strangers ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_is_answered_to_whoever_brings_no_login(
    server: Server, method: str, path: str
) -> None:
    if path == "/view":
        path = "/view/"  # where it leads to
    answer = server.ask(path, method=method, body=b"{}" if method == "POST" else None)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("path", ["/graphql", "/view/graphql"])
def test_no_websocket_is_opened_to_whoever_brings_no_login(server: Server, path: str) -> None:
    assert server.open_websocket(path, None) == 401


@pytest.mark.parametrize("path", ["/", "/view/"])
def test_a_wrong_password_is_no_login(server: Server, path: str) -> None:
    assert server.ask(path, "operator", password="another").status == 401


def test_plain_http_only_says_where_to_go(server: Server) -> None:
    answer = connect_in_the_clear(server.plain_port, "/runs?view=all")
    assert answer.status == 301
    assert answer.headers["Location"] == f"{server.address}/runs?view=all"


def test_a_browser_is_told_to_come_by_tls_alone_and_to_show_the_site_in_no_frame(
    server: Server,
) -> None:
    for user in (None, "operator"):
        headers = server.ask("/", user).headers
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert headers["X-Frame-Options"] == "DENY"
    assert "Content-Security-Policy" in server.ask("/", "operator").headers


def test_versions_of_tls_that_are_broken_are_not_spoken(server: Server) -> None:
    assert speaks(server.port, ssl.TLSVersion.TLSv1_2)
    assert speaks(server.port, ssl.TLSVersion.TLSv1_3)
    assert not speaks(server.port, ssl.TLSVersion.TLSv1_1)


@pytest.mark.parametrize("service", ["webserver", "viewer"])
def test_a_health_check_is_answered_by_the_service_itself(server: Server, service: str) -> None:
    assert server.checks(service)


def test_no_service_listens_on_the_network(server: Server) -> None:
    assert server.listening() == []


# ── Viewers ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [path for path in EVERYWHERE if not path.startswith(FOR_VIEWERS)])
def test_a_viewer_has_no_way_into_the_operators_ui(server: Server, path: str) -> None:
    assert server.ask(path, "viewer").status in (401, 405)
    assert server.ask(path, "viewer", method="POST", body=b"{}").status in (401, 405)


def test_a_viewer_sees_the_runs_and_is_told_that_nothing_may_be_started(server: Server) -> None:
    seen = runs(server, "viewer", "/view")
    assert seen == runs(server)
    asked = server.graphql("{ permissions { permission value } }", "viewer", "/view").json()
    granted = {one["permission"] for one in asked["data"]["permissions"] if one["value"]}
    assert granted == set()


@pytest.mark.parametrize("what", list(MUTATIONS))
def test_the_read_only_ui_refuses_whatever_would_change_something(
    server: Server, what: str
) -> None:
    before = runs(server)
    query = MUTATIONS[what]
    if "%s" in query:
        query %= before[0]["runId"]
    for user in ("viewer", "operator"):
        answer = server.graphql(query, user, "/view").json()
        assert not answer.get("errors"), answer
        assert re.search(r"UnauthorizedError|do not have permission", json.dumps(answer)), answer
    assert runs(server) == before


def test_the_read_only_ui_takes_no_event_from_another_program(server: Server) -> None:
    answer = server.ask("/view/report_asset_materialization/x", "viewer", method="POST")
    assert answer.status == 405


@pytest.mark.parametrize(
    "path",
    [
        "/view/../graphql", "/view/..%2fgraphql", "/view/%2e%2e/graphql", "/view//../graphql",
        "/view/logs/..%2f..%2f..%2fkey_secret", "/view/logs/x/%2e%2e/%2e%2e/key_secret",
        "/view%2fgraphql", "//graphql", "/./graphql",
    ],
)  # fmt: skip
def test_no_spelling_of_a_path_leads_a_viewer_out_of_the_read_only_ui(
    server: Server, path: str
) -> None:
    body = json.dumps({"query": LAUNCH}).encode()
    asked = server.ask(
        path, "viewer", method="POST", body=body, headers={"Content-Type": "application/json"}
    )
    assert asked.status in (400, 401, 404, 405)
    assert server.ask(path, "viewer").status in (400, 401, 404, 405)


# ── What is published, as files ───────────────────────────────────────────────────────────────


HOSTILE_PAGE = """<!doctype html><title>read</title><p id="said">unscripted</p>
<script src="probe.js"></script>"""
PROBE = """document.getElementById("said").textContent = "scripted";
fetch("/graphql", {method: "POST", credentials: "include",
  headers: {"Content-Type": "application/json"}, body: '{"query": "{ __typename }"}'})
  .then(answer => document.title = "answered " + answer.status)
  .catch(() => document.title = "refused");"""


@pytest.fixture
def files(server: Server, home: Home) -> Iterator[Path]:
    """What two nights left as files, in folders that `exports` and `report` are turned between.

    Yields:
        The folder of the nights, `first` and `second`.
    """
    nights = server.published / "nights"
    write_exports(home.published, nights / "first" / "exports")
    (nights / "first" / "report").mkdir()
    (nights / "first" / "report" / "index.html").write_text(HOSTILE_PAGE)
    (nights / "first" / "report" / "probe.js").write_text(PROBE)
    shutil.copytree(nights / "first", nights / "second")
    (nights / "second" / "exports" / "index.json").write_text('{"run_id": "the second"}')
    turn(server.published, "first")
    yield nights
    shutil.rmtree(server.published)


def turn(published: Path, night: str) -> None:
    """Turns both links to a night's folder, each by one rename."""
    for name in ("exports", "report"):
        link = published / f".{name}"
        link.symlink_to(Path("nights", night, name))
        link.replace(published / name)


def test_viewers_read_what_is_published_as_files(server: Server, files: Path) -> None:
    listed = server.ask("/exports/", "viewer")
    assert listed.status == 200
    assert b"reports.xlsx" in listed.body
    name = "csv/marts.dim_cluster.csv"
    answer = server.ask(f"/exports/{name}", "viewer")
    assert answer.status == 200
    assert answer.body == (files / "first" / "exports" / name).read_bytes()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert server.ask("/report/", "operator").body.decode() == HOSTILE_PAGE
    for missing in ("/exports/no-such-file", "/report/no-such-page.html"):
        assert server.ask(missing, "viewer").status == 404
    for path in ("/exports", "/report"):
        assert server.ask(path, "viewer").headers["Location"].endswith(f"{path}/")


def test_files_say_of_themselves_what_a_browser_must_know(server: Server, files: Path) -> None:
    for path in ("/report/", "/exports/", "/exports/index.json", "/exports/no-such-file"):
        headers = server.ask(path, "viewer").headers
        assert headers["Cache-Control"] == "no-cache"
        assert "connect-src 'none'; form-action 'none'" in headers["Content-Security-Policy"]
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert headers["X-Frame-Options"] == "DENY"


def test_a_new_night_is_seen_at_once_and_an_old_one_is_not_sent_twice(
    server: Server, files: Path
) -> None:
    first = server.ask("/exports/index.json", "viewer")
    known = {"If-None-Match": first.headers["ETag"]}
    assert server.ask("/exports/index.json", "viewer", headers=known).status == 304
    turn(files.parent, "second")
    second = server.ask("/exports/index.json", "viewer", headers=known)
    assert (second.status, second.json()) == (200, {"run_id": "the second"})


@pytest.mark.parametrize("path", ["/exports/index.json", "/report/index.html"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nobody_writes_what_is_published(
    server: Server, files: Path, method: str, path: str
) -> None:
    assert server.ask(path, "operator", method=method, body=b"x").status == 405


@pytest.mark.parametrize(
    "path",
    [
        "/exports/../warehouse.duckdb", "/exports/..%2fwarehouse.duckdb", "/exports../key_secret",
        "/exports/%2e%2e/%2e%2e/key_secret", "/report/../../ledger.sqlite", "/reportx",
        "/exports%2f", "/report//../../key_secret",
    ],
)  # fmt: skip
def test_no_spelling_of_a_path_leads_out_of_what_is_published_as_files(
    server: Server, files: Path, path: str
) -> None:
    assert server.ask(path, "viewer").status in (400, 401, 404)


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's package chromium")
def test_a_script_in_a_page_of_the_report_runs_and_can_send_nothing_to_dagster(
    server: Server, files: Path
) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_context(
            ignore_https_errors=True,
            http_credentials={"username": "operator", "password": server.passwords["operator"]},
        ).new_page()
        page.goto(f"{server.address}/report/")
        page.wait_for_function("document.title !== 'read'")
        assert page.locator("#said").inner_text() == "scripted"
        assert page.title() == "refused"
        browser.close()


# ── Pages of other sites, in an operator's browser ────────────────────────────────────────────


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://localhost"])
@pytest.mark.parametrize("prefix", ["", "/view"])
def test_what_a_page_of_another_site_sends_is_refused_with_any_login(
    server: Server, prefix: str, origin: str
) -> None:
    assert server.graphql(RUNS, "operator", prefix, Origin=origin).status == 403
    assert server.open_websocket(f"{prefix}/graphql", "operator", Origin=origin) == 403


@pytest.mark.parametrize("prefix", ["", "/view"])
def test_what_the_sites_own_page_sends_is_answered(server: Server, prefix: str) -> None:
    assert server.graphql(RUNS, "operator", prefix, Origin=server.address).status == 200
    user = "viewer" if prefix else "operator"
    opened = server.open_websocket(f"{prefix}/graphql", user, Origin=server.address)
    assert opened == 101


def test_a_link_or_a_form_starts_nothing(server: Server) -> None:
    before = runs(server)
    path = f"/graphql?query={quote(LAUNCH)}"
    assert server.ask(path, "operator").status == 405
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        sent = server.ask(
            path, "operator", method="POST", body=b"x=y", headers={"Content-Type": kind}
        )
        assert sent.status == 405
    assert server.open_websocket(path, "operator") == 101  # it starts what is sent through it
    assert {run["runId"] for run in runs(server)} == {run["runId"] for run in before}


# ── A browser ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's package chromium")
@pytest.mark.parametrize("user", ["operator", "viewer"])
def test_the_ui_opens_in_a_browser_and_asks_nobody_else(
    server: Server, user: str, tmp_path: Path
) -> None:
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    sockets: list[str] = []
    start = f"{server.address}/" if user == "operator" else f"{server.address}/view/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_context(
            ignore_https_errors=True,
            http_credentials={"username": user, "password": server.passwords[user]},
            viewport={"width": 1500, "height": 900},
        ).new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda opened: sockets.append(opened.url))
        page.goto(f"{start}locations/orchestration.definitions/jobs/nightly/")
        page.goto(f"{start}runs")
        page.get_by_text("nightly").first.wait_for()
        page.screenshot(path=tmp_path / f"{user}.png")
        browser.close()
    mine = ("data:", "blob:", start if user == "viewer" else server.address)
    assert [url for url in asked if not url.startswith(mine)] == []
    assert all(url.startswith(start.replace("https", "wss")) for url in sockets)


# ── Operators ─────────────────────────────────────────────────────────────────────────────────


def test_an_operators_run_goes_through_the_daemon_and_publishes(server: Server, home: Home) -> None:
    before = home.digest()
    launched = server.graphql(LAUNCH, "operator", Origin=server.address).json()["data"]["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    run_id = launched["run"]["runId"]
    assert status_after(server, run_id, "SUCCESS", "FAILURE", "CANCELED") == "SUCCESS"
    assert home.digest() != before
    ((published_run,),) = home.rows(
        "select run_id from audit.published_run order by published_at desc limit 1"
    )
    assert published_run == run_id
    # The services keep what they write to themselves (umask 077); this is for everybody.
    assert home.published.stat().st_mode & 0o777 == 0o644
    assert home.published.parent.stat().st_mode & 0o777 == 0o755


def test_a_service_needs_to_write_nothing_where_its_software_lies(
    server: Server, home: Home
) -> None:
    if not server.is_read_only:
        pytest.skip("only root can make the software read-only for the services")
    assert (home.root / "dbt" / "manifest.json").is_file()


def test_a_night_whose_service_is_stopped_ends_says_so_and_leaves_the_published_one(
    server: Server, home: Home
) -> None:
    before = home.digest()
    launched = server.graphql(LAUNCH, "operator").json()["data"]["launchRun"]
    run_id = launched["run"]["runId"]
    assert status_after(server, run_id, "STARTED", "FAILURE") == "STARTED"
    assert server.checks("code")
    server.stop("code")
    assert not server.checks("code")
    assert status_after(server, run_id, "FAILURE", "CANCELED") in ("FAILURE", "CANCELED")
    assert home.digest() == before
    with FileLock(home.root / "night.lock", timeout=0):
        pass  # nobody holds it
    server.start("code")
    server.wait_until_ready()
