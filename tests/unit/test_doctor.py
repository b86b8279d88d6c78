"""What the doctor finds in a home that was really broken, and what it says to type."""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from small_home import home_at

from orchestration import settings
from orchestration.doctor import examine
from orchestration.doctor.finding import Finding
from orchestration.instance import InstanceUnusable, write_instance_config
from orchestration.settings import Home, SettingsError
from sources.clock import utc_now
from sources.ledger import Ledger
from sources.ledger_tables import run_event

NOBODY = pwd.getpwnam("nobody")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become another user")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may enter."""
    made = Path(tempfile.mkdtemp(prefix="doctor-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def home(small_home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home in order, which the environment names; what `settings.load` sets is set back."""
    shutil.copytree(small_home, folder / "home")
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("WAREHOUSE_")]:
        del os.environ[name]
    os.environ["WAREHOUSE_HOME"] = str(folder / "home")
    (folder / "run").mkdir()
    monkeypatch.chdir(folder / "run")
    yield home_at(folder / "home")
    os.environ.clear()
    os.environ.update(before)


def found(about: str, *, status: str = "problem") -> str:
    """What the doctor says of a matter, with what to do."""
    told = [f for f in examine().findings if (f.about, f.status) == (about, status)]
    assert told, f"no {status} of {about}"
    return " ".join(f"{finding.what} {finding.mend or ''}" for finding in told)


def as_nobody(look: Callable[[], list[Finding]]) -> list[Finding]:
    """What a user without rights to anything is told."""
    there, here = multiprocessing.get_context("fork").Pipe()

    def become_nobody() -> None:
        os.setgroups([])
        os.setgid(NOBODY.pw_gid)
        os.setuid(NOBODY.pw_uid)
        there.send(look())

    process = multiprocessing.get_context("fork").Process(target=become_nobody)
    process.start()
    try:
        assert here.poll(60), "the doctor gave no answer"
        answer: list[Finding] = here.recv()
        return answer
    finally:
        process.join()


def test_a_home_in_order_is_well(home: Home) -> None:
    diagnosis = examine()
    assert [f for f in diagnosis.findings if f.status == "problem"] == []
    assert diagnosis.well
    assert {f.about for f in diagnosis.findings} >= {
        "software", "packages", "settings", "clock", "home", "permissions", "landing", "disk",
        "file system", "ledger", "store", "key", "published", "dagster", "alerts",
    }  # fmt: skip


def test_every_finding_that_is_not_well_says_what_to_do(home: Home) -> None:
    (home.root / "ledger.sqlite").write_bytes(b"rotten " * 999)
    home.archive.chmod(0o755)
    home.warehouse.write_bytes(b"no database")
    bad = [f for f in examine().findings if f.status == "problem"]
    assert len(bad) >= 3
    assert [f for f in bad if not f.mend and "could not be examined" not in f.what] == []


def test_a_dagster_database_that_is_down_is_a_finding(home: Home) -> None:
    write_instance_config(home)
    os.environ["WAREHOUSE_DAGSTER_URL"] = "postgresql://me:hunter2@127.0.0.1:1/none"
    said = found("dagster")
    assert "cannot be reached" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("told", ["run_monitoring: {enabled: many}\n", "storage: [\n", "- a\n"])
def test_an_override_that_is_wrong_is_a_finding(home: Home, told: str) -> None:
    write_instance_config(home)
    (home.dagster / "dagster.override.yaml").write_text(told)
    with suppress(InstanceUnusable):
        write_instance_config(home)
    assert "dagster.override.yaml" in found("dagster")


@pytest.mark.parametrize("variable", ["WAREHOUSE_LEDGER_URL", "WAREHOUSE_DAGSTER_URL"])
@pytest.mark.parametrize(
    "url",
    ["postgresql://me:hun@ter2@host/x", "postgresql://me:hun@t:er2@host/x", "hunter2"],
)
def test_a_password_with_special_letters_is_a_sentence_without_it(
    home: Home, variable: str, url: str
) -> None:
    os.environ[variable] = url
    said = found("settings")
    assert said.startswith(f"{variable} is no database URL that can be used.")
    assert "special letters of the password as %XX" in said
    assert not re.search("hun|er2", said)


# ── The environment ───────────────────────────────────────────────────────────────────────────────


def test_a_misspelt_setting_is_told_with_the_one_that_was_meant(home: Home) -> None:
    os.environ["WAREHOUSE_LANDNG"] = "elsewhere"
    assert found("settings", status="warning") == (
        "WAREHOUSE_LANDNG is no setting and has no effect. Is WAREHOUSE_LANDING meant?"
    )


def test_a_misspelt_setting_in_the_file_is_told_too(home: Home) -> None:
    Path(".env").write_text("WAREHOUSE_KEEP_VERSION=3\n")
    Path(".env").chmod(0o600)
    assert "WAREHOUSE_KEEP_VERSIONS meant" in found("settings", status="warning")


def test_a_value_out_of_range_is_a_problem_and_is_not_repeated(home: Home) -> None:
    os.environ["WAREHOUSE_KEEP_VERSIONS"] = "-81723"
    said = found("settings")
    assert "WAREHOUSE_KEEP_VERSIONS: Input should be greater than or equal to 1" in said
    assert "81723" not in said
    assert not examine().well


def test_a_file_of_settings_that_others_may_read_is_told(home: Home) -> None:
    Path(".env").write_text("")
    Path(".env").chmod(0o644)
    assert f"chmod 600 {Path('.env').absolute()}" in found("settings", status="warning")


@needs_root
def test_a_file_of_settings_that_cannot_be_read_is_a_problem(home: Home) -> None:
    Path(".env").write_text("")
    Path(".env").chmod(0o600)
    told = as_nobody(lambda: examine().findings)
    assert [f.what for f in told if f.about == "settings" and f.status == "problem"]


def test_a_package_of_another_version_than_the_lock_says_is_a_problem(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = (settings.PROJECT / "requirements.lock").read_text()
    (folder / "requirements.lock").write_text(re.sub(r"(?m)^duckdb==\S+", "duckdb==1.0.0", lock))
    monkeypatch.setattr(settings, "PROJECT", folder)
    said = found("packages")
    assert f"duckdb is {duckdb.__version__}, not 1.0.0" in said
    assert "make setup" in said


# ── Folders ───────────────────────────────────────────────────────────────────────────────────────


def test_a_home_that_is_not_there_is_a_problem(home: Home) -> None:
    os.environ["WAREHOUSE_HOME"] = str(home.root / "nowhere")
    assert "There is no home" in found("home")


@needs_root
def test_another_users_home_is_a_problem_and_its_databases_are_not_opened(home: Home) -> None:
    told = as_nobody(lambda: examine().findings)
    (said,) = [f for f in told if f.about == "home"]
    assert said.status == "problem"
    assert "belongs to the user root, and this is nobody" in said.what
    assert "sudo -u root" in str(said.mend)
    assert not {f.about for f in told} & {"ledger", "store", "published"}


@needs_root
def test_what_this_user_cannot_write_in_its_own_home_is_a_problem(home: Home) -> None:
    os.chown(home.root, NOBODY.pw_uid, NOBODY.pw_gid)
    told = as_nobody(lambda: examine().findings)
    what = [f"{f.what} {f.mend}" for f in told if f.about == "permissions"]
    assert any("archive cannot be written; it belongs to root" in line for line in what)
    assert any("chown -R nobody" in line for line in what)


@pytest.mark.parametrize("name", ["archive", "store", "ledger.sqlite", "key_secret"])
def test_what_is_personal_and_open_to_others_is_a_problem(home: Home, name: str) -> None:
    path = home.root / name
    path.chmod(path.stat().st_mode | 0o044)
    assert f"chmod go= {path}" in found("permissions")


def test_a_token_that_others_may_read_is_a_problem(home: Home) -> None:
    home.serve_secret()
    assert "serve_token" not in str(examine().as_dict())
    home.serve_token_file.chmod(0o644)
    assert f"chmod go= {home.serve_token_file}" in found("permissions")


def test_a_token_file_that_a_power_cut_left_empty_is_no_token(home: Home) -> None:
    home.serve_token_file.write_text("\n")
    with pytest.raises(SettingsError, match="is shorter than 16 characters"):
        home.serve_secret()


def test_a_published_folder_that_analysts_cannot_enter_is_told(home: Home) -> None:
    home.published.chmod(0o700)
    assert f"chmod go+rX {home.published}" in found("permissions", status="warning")


def test_a_landing_zone_that_is_not_mounted_is_a_problem(home: Home) -> None:
    shutil.rmtree(home.landing)
    assert "does not exist" in found("landing")


def test_a_dataset_without_a_folder_is_told_with_what_to_type(home: Home) -> None:
    gone = home.landing / "activity_reports"
    gone.rmdir()
    assert f"mkdir {gone}" in found("landing", status="warning")


@needs_root
def test_a_submission_that_cannot_be_read_is_a_problem(home: Home) -> None:
    closed = home.landing / "activity_reports" / "closed.csv"
    closed.write_text("x")
    closed.chmod(0o600)
    for path in (home.root, *home.root.rglob("*")):
        if path != closed:
            os.chown(path, NOBODY.pw_uid, NOBODY.pw_gid)
    told = as_nobody(lambda: examine().findings)
    (said,) = [f for f in told if f.about == "landing"]
    assert said.status == "problem"
    assert str(closed) in said.what


def test_a_disk_without_room_for_a_night_is_a_problem(home: Home) -> None:
    free = shutil.disk_usage(home.root).free // 1024**2
    os.environ["WAREHOUSE_MIN_FREE_MB"] = str(free + 1_000)
    assert "MB are missing" in found("disk")


def test_a_build_on_another_disk_than_what_is_published_is_a_problem(home: Home) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == home.root.stat().st_dev:
        pytest.skip("there is no other file system")
    with tempfile.TemporaryDirectory(dir=memory) as elsewhere:
        shutil.rmtree(home.build)
        home.build.symlink_to(elsewhere)
        assert "two file systems" in found("file system")


# ── Records ───────────────────────────────────────────────────────────────────────────────────────


def test_a_damaged_ledger_is_a_problem_and_the_rest_is_still_examined(home: Home) -> None:
    (home.root / "ledger.sqlite").write_bytes(b"rotten " * 999)
    assert "The ledger cannot be read" in found("ledger")
    assert {"alerts", "dagster", "disk"} <= {f.about for f in examine().findings}


def test_a_ledger_in_a_database_that_does_not_answer_is_a_problem_without_its_password(
    home: Home,
) -> None:
    os.environ["WAREHOUSE_LEDGER_URL"] = "postgresql://me:hunter2@127.0.0.1:1/none"
    assert "Is its database running?" in found("ledger")
    assert "hunter2" not in json.dumps(examine().as_dict())


def test_a_clock_behind_the_last_run_is_a_problem(home: Home) -> None:
    ledger = Ledger(home.ledger_url)
    with ledger.engine.begin() as connection:
        connection.execute(
            sa.update(run_event).values(occurred_at=utc_now() + dt.timedelta(hours=2))
        )
    ledger.close()
    assert "What comes now would count as older" in found("clock")


@pytest.mark.parametrize("where", ["archive", "store"])
def test_a_file_that_the_ledger_names_and_nobody_has_is_a_problem(home: Home, where: str) -> None:
    kept = [p for p in (home.root / where).rglob("*") if p.is_file() and "empty" not in p.name]
    kept[0].unlink()
    said = found("store")
    assert f"the first: {kept[0]}" in said
    assert "warehouse restore" in said


def test_an_empty_parquet_file_is_no_file(home: Home) -> None:
    path = next(p for p in home.store.rglob("*.parquet") if "empty" not in p.name)
    path.write_bytes(b"")
    assert str(path) in found("store")


def test_another_key_than_the_one_of_the_stored_files_is_a_problem(home: Home) -> None:
    os.environ["WAREHOUSE_KEY_SECRET"] = "hunter2"
    said = found("key")
    assert "would not join" in said
    assert "hunter2" not in said


def test_a_key_that_is_gone_is_a_problem_before_a_night_makes_another(home: Home) -> None:
    (home.root / "key_secret").unlink()
    assert "The key of the enterprise hash is gone" in found("key")
    assert not (home.root / "key_secret").exists()


def test_a_published_file_that_is_gone_or_no_database_is_a_problem(home: Home) -> None:
    home.warehouse.write_bytes(b"no database")
    assert "cannot be read" in found("published")
    home.warehouse.unlink()
    assert "is gone" in found("published")


def test_a_published_file_of_an_earlier_run_is_told(home: Home) -> None:
    ledger = Ledger(home.ledger_url)
    ledger.record_run("later", "published")
    ledger.close()
    assert "the ledger's last is later" in found("published", status="warning")


# ── Services ──────────────────────────────────────────────────────────────────────────────────────


def instance_in(home: Home) -> Any:
    from dagster import DagsterInstance

    write_instance_config(home)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    return DagsterInstance.from_config(str(home.dagster))


def test_a_daemon_that_lives_or_is_long_dead_is_told(home: Home) -> None:
    from dagster._daemon.types import DaemonHeartbeat

    with instance_in(home) as instance:
        assert "has never run" in found("daemon", status="warning")
        for ago, status, said in ((7_200, "warning", "2.0 hours ago"), (1, "ok", "is alive")):
            seconds = dt.datetime.now().timestamp() - ago
            instance.add_daemon_heartbeat(DaemonHeartbeat(seconds, "SCHEDULER", "d", []))
            assert said in found("daemon", status=status)


def test_a_damaged_instance_is_a_finding_and_no_traceback(home: Home) -> None:
    with instance_in(home):
        pass
    (home.dagster / "history" / "runs.db").write_bytes(b"rotten " * 999)
    assert "could not be examined" in found("dagster")


def test_an_address_that_is_not_understood_is_a_problem_and_is_not_repeated(home: Home) -> None:
    os.environ["WAREHOUSE_ALERTS"] = "json://127.0.0.1/x carrier-pigeon://hunter2@roof"
    said = found("alerts")
    assert "address 2 (carrier-pigeon) of 2" in said
    assert "hunter2" not in said


def test_addresses_that_are_understood_are_well(home: Home) -> None:
    os.environ["WAREHOUSE_ALERTS"] = "json://127.0.0.1/x mailto://a:b@example.org"
    assert "2 addresses" in found("alerts", status="ok")


# ── The command ───────────────────────────────────────────────────────────────────────────────────


def test_the_command_exits_with_1_and_says_in_json_what_to_type(home: Home) -> None:
    home.archive.chmod(0o755)
    done = subprocess.run(
        [Path(sys.executable).with_name("warehouse"), "doctor", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    said = json.loads(done.stdout)
    assert (done.returncode, said["well"], done.stderr) == (1, False, "")
    (bad,) = [f for f in said["findings"] if f["status"] == "problem"]
    assert bad["mend"] == f"Type: chmod go= {home.archive}"
