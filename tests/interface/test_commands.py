"""Section 4 of the interface page, row by row: what people type.

Over the home of `tests.interface.story` as its last night left it; nothing here runs a night.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import psutil
import pytest

from tests.interface import page
from tests.interface import story as told
from tests.interface.story import OUTCOMES, Story

if TYPE_CHECKING:
    from tests.integration.conftest import Done, Home

pytestmark = pytest.mark.night

PROJECT = Path(__file__).parents[2]
A = f"{OUTCOMES}/a.csv"
UI_SECONDS = 180


@pytest.fixture(scope="module")
def home(story: Story) -> Home:
    return story.home


# ── The console script ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", page.COMMANDS)
def test_help_on_each_command(home: Home, command: str) -> None:
    done = home.run(command, "--help")
    assert done.exit_code == 0
    assert f"warehouse {command}" in done.said
    assert "--help" in done.said


def test_help_names_every_command(home: Home) -> None:
    said = home.run("--help").said
    assert [command for command in page.COMMANDS if command not in said] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("query", "select 1 as one"),
        ("trace", "dim_cluster", "cluster_code=C01"),
        ("quarantine",),
        ("rejudge", "--dry-run"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_json_where_something_is_printed_for_programs(
    home: Home, arguments: tuple[str, ...]
) -> None:
    assert home.run(*arguments, "--json").json()


# ── warehouse run ─────────────────────────────────────────────────────────────────────────────


def test_run_exits_0_when_published_and_1_when_not_and_says_why(story: Story) -> None:
    assert [story.night(name).exit_code for name in ("first", "third", "failed")] == [0, 0, 1]
    assert story.night("third").json()["published"] is True
    assert "reconcil" in story.night("failed").json()["reason"]


def test_run_as_of_without_an_offset_is_asia_bangkok_and_rebuilds_what_was_published_then(
    story: Story,
) -> None:
    done, out = story.rebuilt["between"]
    assert done.exit_code == 0, done.said
    assert str(out) in done.stdout
    first = story.night("first")
    found = story.rebuilt_rows(
        "between", "select count(*), sum(amount) from marts.fct_financial_outcome"
    )
    published = first.tables["marts.fct_financial_outcome"]
    assert found == [(len(published), sum(row["amount"] for row in published))]
    statuses = story.rebuilt_rows("between", "select status from audit.load_file order by all")
    assert [one for (one,) in statuses] == sorted(
        row["status"] for row in first.tables["audit.load_file"]
    )


def test_run_as_of_with_an_offset_is_that_instant(story: Story) -> None:
    done, _ = story.rebuilt["undone"]
    assert done.exit_code == 0, done.said
    assert story.rebuilt_rows(
        "undone", f"select status from audit.load_file where path = '{told.WAITING}'"
    ) == [("loaded",)]


def test_run_as_of_builds_beside_the_current_one_and_changes_nothing(story: Story) -> None:
    assert story.home.digest() == story.night("third").digest


@pytest.mark.parametrize(
    "arguments",
    [
        ("--as-of", "yesterday", "--out", "x.duckdb"),
        ("--as-of", "2015-13-01", "--out", "x.duckdb"),
        ("--as-of", "2015-01-20"),
        ("--out", "x.duckdb"),
    ],
)
def test_run_as_of_needs_a_time_and_a_file(home: Home, arguments: tuple[str, ...]) -> None:
    done = home.run("run", *arguments)
    assert done.exit_code == 1
    assert "Traceback" not in done.said
    assert done.stderr
    assert not (home.landing.parent / "x.duckdb").exists()


# ── warehouse status ──────────────────────────────────────────────────────────────────────────


def test_status_last_run_what_is_published_files_waiting_rejected_quarantined_failing_checks(
    story: Story,
) -> None:
    state = story.said["before the failed night"].json()
    third = story.night("third")
    assert state["healthy"] is True
    assert state["last_run"]["run_id"] == state["published"]["run_id"] == third.report["run_id"]
    assert state["files_waiting"] == [told.WAITING]
    statuses = [file["status"] for file in third.tables["audit.load_file"]]
    assert state["files_rejected"] == statuses.count("rejected")
    assert state["rows_quarantined"] == sum(
        file["rows_quarantined"] for file in third.where("audit.load_file", status="loaded")
    )
    assert state["rows_held"] == len(
        {
            (row["path"], row["row_number"])
            for row in third.where("audit.quarantined_row", held=True)
        }
    )
    assert state["failing_checks"]


def test_status_exits_0_when_healthy_and_1_when_not(story: Story) -> None:
    assert story.said["before the failed night"].exit_code == 0
    assert story.said["after the failed night"].exit_code == 1
    assert story.said["nothing yet"].exit_code == 1


def test_status_after_a_failed_night_says_why(story: Story) -> None:
    problems = " ".join(story.said["after the failed night"].json()["problems"])
    assert "reconcil" in problems


def test_status_for_a_person(home: Home) -> None:
    said = home.run("status").said
    for told_of in ("Last run", "Published", "Files waiting", "Files rejected", "Quarantined"):
        assert told_of in said


# ── warehouse query ───────────────────────────────────────────────────────────────────────────

QUESTION = (
    "select measure, target_baht, progress_ratio is null as open from "
    "reports.rpt_programme_progress where fiscal_year_be = 2558 order by measure"
)


def test_query_format_csv(home: Home) -> None:
    done = home.run("query", QUESTION, "--format", "csv")
    assert list(csv.reader(io.StringIO(done.stdout))) == [
        ["measure", "target_baht", "open"],
        ["cost_reduction", "65000000.00", "False"],
        ["economic_expansion", "530000000.00", "False"],
    ]


def test_query_format_json(home: Home) -> None:
    done = home.run("query", QUESTION, "--format", "json")
    assert [row["target_baht"] for row in json.loads(done.stdout)] == [65_000_000, 530_000_000]
    assert json.loads(done.stdout) == home.run("query", QUESTION, "--json").json()


def test_query_format_table_is_the_default(home: Home) -> None:
    done = home.run("query", QUESTION)
    assert done.exit_code == 0
    assert done.stdout == home.run("query", QUESTION, "--format", "table").stdout
    assert "economic_expansion" in done.stdout
    assert "530" in done.stdout


def test_query_prints_thai_text_and_nothing_where_there_is_none(home: Home) -> None:
    sql = 'select \'เชียงใหม่, "ลำพูน"\' as "จังหวัด", null as nothing'
    text = home.run("query", sql, "--format", "csv").stdout
    assert list(csv.reader(io.StringIO(text))) == [
        ["จังหวัด", "nothing"], ['เชียงใหม่, "ลำพูน"', ""],
    ]  # fmt: skip
    assert home.run("query", sql, "--json").json() == [
        {"จังหวัด": 'เชียงใหม่, "ลำพูน"', "nothing": None}
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "delete from audit.load_file",
        "create table marts.mine (i integer)",
        "update marts.dim_cluster set branch = 'other'",
        "drop schema marts cascade",
        "copy (select 1) to '{warehouse}' (format csv)",
        "set enable_external_access = true",
    ],
)
def test_query_is_read_only(home: Home, sql: str) -> None:
    before = home.digest()
    sql = sql.format(warehouse=home.published)
    done = home.run("query", sql)
    assert done.exit_code == 1
    assert "Traceback" not in done.said
    assert home.digest() == before


def test_query_that_is_no_sql_says_so(home: Home) -> None:
    done = home.run("query", "selec 1")
    assert done.exit_code == 1
    assert "Traceback" not in done.said


# ── warehouse trace ───────────────────────────────────────────────────────────────────────────


def _rows(traced: Any) -> list[Any]:
    return [row for origin in traced["origins"] for row in origin["rows"]]


def test_trace_the_source_files_rows_and_original_text_behind_a_row_of_a_mart(home: Home) -> None:
    traced = home.run(
        "trace", "fct_financial_outcome", f"juristic_id={told.ONE}", "cluster_code=C01",
        "fiscal_quarter=1", "--json",
    ).json()  # fmt: skip
    (row,) = _rows(traced)
    assert (row["path"], row["row_number"]) == (A, 2)
    assert row["original"]["จำนวน"] == "110"
    assert row["original"]["เลขทะเบียนนิติบุคคล"] == told.ONE


def test_trace_of_a_report_names_every_file_with_what_it_adds(story: Story) -> None:
    traced = story.home.run(
        "trace", "rpt_programme_progress", "fiscal_year_be=2558", "measure=economic_expansion",
        "--column", "actual_baht", "--json",
    ).json()  # fmt: skip
    (origin,) = traced["origins"]
    (row,) = traced["rows"]
    assert float(origin["amount"]) == float(row["actual_baht"])
    assert sum(float(file["amount"]) for file in origin["files"]) == float(row["actual_baht"])
    assert A in {file["path"] for file in origin["files"]}
    assert told.TAKEN_OUT not in {file["path"] for file in origin["files"]}


def test_trace_for_a_person(home: Home) -> None:
    done = home.run(
        "trace", "reports.rpt_cluster_scorecard", "cluster_code=C01", "fiscal_year_be=2558"
    )
    assert done.exit_code == 0
    assert A in done.said
    assert "สถาบันวิจัยตัวอย่าง" in done.said


def test_trace_of_a_natural_person_shows_nobody(story: Story) -> None:
    (person,) = story.night("third").where("marts.dim_enterprise", legal_form="sole_proprietor")
    done = story.home.run("trace", "dim_enterprise", f"enterprise_key={person['enterprise_key']}")
    assert done.exit_code == 0
    assert told.PERSON not in done.said
    assert "ห้ามเห็น" not in done.said


@pytest.mark.parametrize(
    "arguments",
    [
        ("no_such_table", "a=1"),
        ("dim_cluster", "no_such_column=1"),
        ("dim_cluster", "cluster_code=C98"),
        ("dim_cluster", "C01"),
    ],
)
def test_trace_of_what_is_not_there_says_so(home: Home, arguments: tuple[str, ...]) -> None:
    done = home.run("trace", *arguments)
    assert done.exit_code == 1
    assert done.stderr
    assert "Traceback" not in done.said


# ── warehouse quarantine ──────────────────────────────────────────────────────────────────────


def test_quarantine_what_is_quarantined_and_why(story: Story) -> None:
    found = story.home.run("quarantine", "--json").json()
    listed = {(row["path"], row["row_number"], row["column_name"], row["reason"]) for row in found}
    third = story.night("third")
    counting = {
        (file["path"], file["file_id"])
        for file in third.tables["audit.load_file"]
        if file["status"] in ("loaded", "rejected")
    }
    assert listed == {
        (row["path"], row["row_number"], row["column_name"], row["reason"])
        for row in third.tables["audit.quarantined_row"]
        if (row["path"], row["file_id"]) in counting
    }
    assert all(row["message"] for row in found)


@pytest.mark.parametrize("dataset", page.DATASETS)
def test_quarantine_dataset_lists_that_datasets_rows_alone(home: Home, dataset: str) -> None:
    whole = home.run("quarantine", "--json").json()
    found = home.run("quarantine", "--dataset", dataset, "--json").json()
    assert found == [row for row in whole if row["dataset"] == dataset]
    assert found


def test_quarantine_of_no_such_dataset_says_so(home: Home) -> None:
    done = home.run("quarantine", "--dataset", "no_such_dataset")
    assert done.exit_code == 1
    assert "no_such_dataset" in done.said


def test_quarantine_for_a_person_names_the_row_the_reason_and_the_text(story: Story) -> None:
    said = story.home.run("quarantine", "--dataset", page.DATASETS[1]).said
    assert "bad_province" in said
    assert "แอตแลนติส" in said


def test_quarantine_xlsx_a_workbook_to_send_back_with_every_row_and_its_reason(
    story: Story, tmp_path: Path
) -> None:
    out = tmp_path / "กลับไปแก้.xlsx"
    done = story.home.run("quarantine", "--xlsx", str(out))
    assert done.exit_code == 0, done.said
    book = openpyxl.load_workbook(out)
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    texts = {str(cell.value) for cell in cells}
    assert not [text for text in texts if text.startswith(("=", "+", "@"))]
    assert "แอตแลนติส" in texts
    waiting = story.home.rows(
        "select distinct path from audit.quarantined_row "
        "where file_status in ('loaded', 'rejected') and not is_sent_again"
    )
    said = "\n".join(texts)
    assert waiting
    assert [path for (path,) in waiting if path not in said] == []


# ── warehouse withdraw ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["withdraw by path", "withdraw both versions", "undo by path"])
def test_withdraw_and_undo_by_path(story: Story, name: str) -> None:
    assert story.said[name].exit_code == 0, story.said[name].said


@pytest.mark.parametrize(
    ("name", "kind"), [("withdraw by id", "withdrawn"), ("undo by id", "reinstated")]
)
def test_withdraw_and_undo_by_id(story: Story, name: str, kind: str) -> None:
    (file,) = story.said[name].json()
    assert (file["path"], file["event_kind"]) == (told.TAKEN_OUT_BY_ID, kind)


@pytest.mark.parametrize("name", ["withdraw again", "undo again", "withdraw nothing"])
def test_withdraw_that_would_change_nothing_says_so(story: Story, name: str) -> None:
    done = story.said[name]
    assert done.exit_code == 1
    assert done.stderr
    assert "Traceback" not in done.said


def test_withdraw_changes_nothing_before_the_next_night(story: Story) -> None:
    """Published rows of the second night are still those after the withdrawals were typed."""
    assert story.night("second").digest != story.night("third").digest
    assert story.home.digest() == story.night("third").digest


def test_withdraw_takes_a_path_as_the_shell_completes_it(story: Story, tmp_path: Path) -> None:
    """Relative to the folder one stands in, or absolute; over a copy of the home."""
    copy = _copied(story, tmp_path)
    for typed in (
        f"{copy.landing.name}/{told.TAKEN_OUT}",
        str(copy.landing / told.TAKEN_OUT_BY_ID),
    ):
        done = copy.run("withdraw", typed)
        assert done.exit_code == 0, done.said


def _copied(story: Story, folder: Path) -> Home:
    root, landing = folder / "home", folder / "landing"
    shutil.copytree(story.home.root, root)
    shutil.copytree(story.home.landing, landing)
    return type(story.home)(root, landing)


# ── warehouse template, sample, rejudge ───────────────────────────────────────────────────────


@pytest.mark.parametrize("dataset", page.DATASETS)
def test_template_an_empty_workbook_with_thai_headers_drop_downs_for_codes_and_a_help_sheet(
    home: Home, tmp_path: Path, dataset: str
) -> None:
    out = tmp_path / "แบบ ฟอร์ม.xlsx"
    done = home.run("template", dataset, "--out", str(out))
    assert done.exit_code == 0, done.said
    book = openpyxl.load_workbook(out)
    first = book[book.sheetnames[0]]
    header = [str(cell.value).rstrip("* ") for cell in first[1] if cell.value]
    assert header == list(page.LABELS[dataset].values())
    assert not [
        cell for row in first.iter_rows(min_row=2, values_only=True) for cell in row if cell
    ]
    lists = len(first.data_validations.dataValidation)
    assert lists >= sum(of == dataset for of, _ in page.CODES)
    texts = {
        cell
        for sheet in book.worksheets[1:]
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    }
    assert set(page.LABELS[dataset].values()) <= texts
    for (of, _), codes in page.CODES.items():
        if of == dataset:
            assert set(codes.values()) <= texts


def test_template_of_no_such_dataset_says_so(home: Home, tmp_path: Path) -> None:
    done = home.run("template", "no_such_dataset", "--out", str(tmp_path / "x.xlsx"))
    assert done.exit_code == 1
    assert "no_such_dataset" in done.said


def test_sample_writes_the_bundled_sample_landing_zone(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "ตัวอย่าง"
    assert home.run("sample", "--out", str(out)).exit_code == 0
    assert {folder.name for folder in out.iterdir()} == set(page.DATASETS)
    for dataset in page.DATASETS:
        assert any(path.is_file() for path in (out / dataset).rglob("*"))


def test_sample_fills_an_empty_landing_zone_and_no_other(tmp_path: Path, home: Home) -> None:
    fresh = type(home)(tmp_path / "home", tmp_path / "home" / "landing", landing_is_default=True)
    fresh.root.mkdir()
    fresh.landing.mkdir()
    assert fresh.run("sample", "--if-empty").exit_code == 0
    written = sorted(path for path in fresh.landing.rglob("*") if path.is_file())
    assert len(written) > 50
    written[0].write_bytes(b"mine")
    assert fresh.run("sample", "--if-empty").exit_code == 0
    assert written[0].read_bytes() == b"mine"


def test_rejudge_has_nothing_to_judge_where_no_contract_changed(story: Story) -> None:
    told_to_programs = story.home.run("rejudge", "--json").json()
    assert told_to_programs["taken_over"] == 0
    assert {of["dataset"] for of in told_to_programs["datasets"]} == set(page.DATASETS)
    assert not any(of["changed"] for of in told_to_programs["datasets"])
    assert story.home.digest() == story.night("third").digest


def test_rejudge_of_no_such_dataset_says_so(home: Home) -> None:
    done = home.run("rejudge", "no_such_dataset")
    assert done.exit_code == 1
    assert "no_such_dataset" in done.said


# ── Where nothing is published ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "select 1"),
        ("quarantine",),
        ("trace", "dim_cluster", "cluster_code=C01"),
        ("withdraw", A),
        ("status",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_home_without_a_warehouse_says_so(
    home: Home, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "landing").mkdir()
    done = type(home)(tmp_path / "home", tmp_path / "landing").run(*arguments)
    assert done.exit_code == 1
    assert "Traceback" not in done.said
    assert done.said


# ── Settings ──────────────────────────────────────────────────────────────────────────────────


def test_settings_key_secret_is_made_and_kept_in_the_home_readable_by_its_owner_alone(
    story: Story,
) -> None:
    secret = story.home.root / "key_secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    hashed = hmac.new(secret.read_bytes().strip(), told.ONE.encode(), hashlib.sha256).hexdigest()
    for name in ("first", "third"):
        (one,) = story.night(name).where("marts.dim_enterprise", juristic_id=told.ONE)
        assert one["enterprise_key"] == hashed


def test_settings_what_is_private_in_the_home_is_its_owners_alone(home: Home) -> None:
    for name in ("archive", "store"):
        assert stat.S_IMODE((home.root / name).stat().st_mode) == 0o700


def _plain(folder: Path, home: Home, settings: str, **environment: str) -> Done:
    """Types `warehouse status --json` in a folder with this `.env`."""
    (folder / ".env").write_text(settings, encoding="utf-8")
    (folder / "landing").mkdir(exist_ok=True)

    class Elsewhere(type(home)):  # type: ignore[misc]
        def environment(self, **more: str) -> dict[str, str]:
            named = super().environment()
            return {k: v for k, v in named.items() if not k.startswith("WAREHOUSE_")} | more

    done: Done = Elsewhere(home.root, folder / "landing").run("status", "--json", **environment)
    return done


def test_settings_come_from_a_env_file(home: Home, tmp_path: Path) -> None:
    text = f"WAREHOUSE_HOME='{home.root}'\nWAREHOUSE_LANDING='{home.landing}'\n"
    state = _plain(tmp_path, home, text).json()
    assert state["published"]
    assert not [path for path in state["files_waiting"] if path != told.WAITING]


def test_settings_the_environment_wins_over_the_env_file(home: Home, tmp_path: Path) -> None:
    text = "WAREHOUSE_HOME=./nowhere\n"
    assert _plain(tmp_path, home, text).json()["published"] is None
    done = _plain(
        tmp_path, home, text, WAREHOUSE_HOME=str(home.root), WAREHOUSE_LANDING=str(home.landing)
    )
    assert done.json()["published"]


def test_settings_the_default_home_is_var_and_its_landing_zone_is_in_it(
    home: Home, tmp_path: Path
) -> None:
    problems = _plain(tmp_path, home, "").json()["problems"]
    assert any(str(tmp_path / "var") in problem for problem in problems), problems


# ── make ──────────────────────────────────────────────────────────────────────────────────────


def _make(target: str) -> list[str]:
    # As typed at a prompt, also where these tests are run by make themselves.
    ours = ("MAKE", "PYTEST_ARGS")
    typed = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        ["make", "--dry-run", target],
        cwd=PROJECT, env=typed, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [line for line in done.stdout.splitlines() if line]


def test_make_run_fills_an_empty_landing_zone_with_the_sample_and_runs_a_night() -> None:
    lines = _make("run")
    assert lines[-2:] == [".venv/bin/warehouse sample --if-empty", ".venv/bin/warehouse run"]


def test_make_test_runs_the_tests_and_make_ui_opens_dagster() -> None:
    assert _make("test")[-1].startswith(".venv/bin/python -m pytest ")
    assert _make("ui")[-1] == ".venv/bin/warehouse ui"


# ── warehouse ui ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Served:
    """What the UI was seen to do."""

    addresses: set[str]
    daemon_is_healthy: bool
    jobs: set[str]


DAEMON = "{ instance { daemonHealth { allDaemonStatuses { daemonType required healthy } } } }"
JOBS = "{ repositoriesOrError { ... on RepositoryConnection { nodes { jobs { name } } } } }"


def _wait_for(condition: Callable[[], Any], seconds: float = UI_SECONDS) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if found := condition():
                return found
        except OSError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s")


@pytest.fixture(scope="module")
def served(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    copy = _copied(story, tmp_path_factory.mktemp("ui"))
    port = 20_000 + os.getpid() % 20_000
    process = subprocess.Popen(
        [Path(sys.executable).with_name("warehouse"), "ui"],
        env=copy.environment(WAREHOUSE_PORT=str(port)),
        cwd=copy.landing.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def ask(question: str) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/graphql",
            json.dumps({"query": question}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())["data"]

    def scheduler_is_healthy() -> bool:
        statuses = ask(DAEMON)["instance"]["daemonHealth"]["allDaemonStatuses"]
        return any(s["healthy"] for s in statuses if s["daemonType"] == "SCHEDULER")

    try:
        nodes = _wait_for(lambda: ask(JOBS)["repositoriesOrError"]["nodes"])
        jobs = {job["name"] for node in nodes for job in node["jobs"]}
        healthy = _wait_for(scheduler_is_healthy)
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(True)]
        addresses = {
            connection.laddr.ip
            for member in family
            for connection in member.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }
        yield Served(addresses, healthy, jobs)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def test_ui_dagsters_webserver_on_127_0_0_1(served: Served) -> None:
    assert "nightly" in served.jobs
    assert served.addresses == {"127.0.0.1"}


def test_ui_dagsters_daemon(served: Served) -> None:
    assert served.daemon_is_healthy
