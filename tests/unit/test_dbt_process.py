"""The process that builds with dbt: it waits for its word, tells its news, and ends with the night.

Its builds are of one model that reads no other.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from programs import said_by
from small_home import home_at

from orchestration import dbt_process, progress
from orchestration.dbt_process import at_hand, built
from orchestration.dbt_running import NodeResult
from orchestration.manifest import BuildFailed
from orchestration.settings import Target

ONE_MODEL = ["build", "--select", "dim_date"]
#: A night of its own that says which process builds for it, and then waits for its end.
NIGHT = """
import sys, time
from pathlib import Path
from orchestration import dbt_process, progress
begin = dbt_process.begin
def told(folder):
    process = begin(folder)
    print(process.pid, flush=True)
    return process
def wait(stage, text):
    print("building", flush=True)
    time.sleep(60)
dbt_process.begin = told
progress._listeners.append(wait)
folder = Path(sys.argv[1])
list(dbt_process.built(["build", "--select", "dim_date"], folder, folder / "dbt", {}))
"""


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The processes that are begun."""
    processes: list[Any] = []
    begin = dbt_process.begin

    def told(folder: Path) -> Any:
        processes.append(begin(folder))
        return processes[-1]

    monkeypatch.setattr(dbt_process, "begin", told)
    yield processes
    assert all(process.poll() is not None for process in processes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a build; its name is nobody else's."""
    path = tmp_path / "build-of-nobody-else"
    path.mkdir()
    return path


def build_one(folder: Path, command: list[str] = ONE_MODEL) -> list[NodeResult]:
    """Builds one model and its tests."""
    return list(built(command, folder, folder / "dbt", {"report_due_days": 15}))


def opened(file: Path, seconds: float = 30) -> duckdb.DuckDBPyConnection:
    """A database for writing, as soon as nobody else has it open."""
    until = time.monotonic() + seconds
    while True:
        try:
            return duckdb.connect(str(file))
        except duckdb.IOException:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def opened_once_made(file: Path, seconds: float = 60) -> duckdb.DuckDBPyConnection:
    """A database that another process makes, once it has let go of it."""
    until = time.monotonic() + seconds
    while True:
        try:
            return duckdb.connect(str(file), read_only=True)
        except duckdb.IOException:  # it is not there, or still open
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def test_the_process_that_waits_builds_and_tells_of_each_node(
    tmp_path: Path, folder: Path, begun: list[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    at: list[str] = []
    printed = io.StringIO()
    with (
        at_hand(home_at(tmp_path)),
        progress.listening(lambda stage, text: at.append(f"{stage} {text}")),
        contextlib.redirect_stdout(printed),
    ):
        commanded = Path(f"/proc/{begun[0].pid}/cmdline").read_bytes().decode()
        results = build_one(folder)
    (model, *tests) = results
    assert len(begun) == 1
    assert (model.unique_id, model.status) == ("model.cluster_warehouse.dim_date", "success")
    assert model.rows == 18_628
    assert tests
    assert {result.status for result in tests} == {"pass"}
    assert {result.relation for result in tests} == {"dim_date"}
    assert at[0] == "building dbt: dim_date"
    assert all(news.startswith("checking dbt: ") for news in at[1:])
    assert len(at) == len(results)
    # What dbt prints is for the log of the step and never for the terminal by itself.
    assert "Completed successfully" in printed.getvalue()
    assert "".join(capfd.readouterr()) == ""
    # What it builds, and by which settings, is nobody's business who lists the processes.
    assert str(folder) not in commanded
    assert "report_due_days" not in commanded
    # All is in the files: whoever opens them next has nothing to take over.
    assert [path.name for path in folder.glob("*.wal")] == []
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as db:
        assert db.execute("select count(*) from marts.dim_date").fetchall() == [(model.rows,)]


def test_it_warms_up_for_nobody_while_it_waits_and_leaves_nothing(
    tmp_path: Path,
    folder: Path,
    begun: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    printed = io.StringIO()
    with at_hand(home_at(tmp_path)), contextlib.redirect_stdout(printed):
        (own,) = tmp_path.glob("cluster-warehouse-*")
        with opened_once_made(own / "warehouse.duckdb") as db:
            assert db.execute("select count(*) from marts.dim_date").fetchall() == [(18_628,)]
        results = build_one(folder)
        assert [path.name for path in tmp_path.glob("cluster-warehouse-*")] == []
    # It was one build that was asked for, and one is told of.
    assert results[0].name == "dim_date"
    assert printed.getvalue().count("Completed successfully") == 1
    assert len([result for result in results if result.name == "dim_date"]) == 1
    assert "".join(capfd.readouterr()) == ""
    assert len(begun) == 1


def test_a_process_without_a_word_ends_with_the_block(tmp_path: Path, begun: list[Any]) -> None:
    with at_hand(home_at(tmp_path)):
        assert begun[0].poll() is None
    assert begun[0].poll() == -signal.SIGKILL


def test_a_block_within_another_begins_no_second_process(tmp_path: Path, begun: list[Any]) -> None:
    home = home_at(tmp_path)
    with at_hand(home):
        with at_hand(home):
            pass
        assert begun[0].poll() is None
    assert len(begun) == 1


@pytest.mark.parametrize(("target", "begin_now"), [(Target.spark, True), (Target.duckdb, False)])
def test_none_is_begun_where_none_is_needed(
    tmp_path: Path, begun: list[Any], target: Target, begin_now: bool
) -> None:
    with at_hand(home_at(tmp_path, target=target), begin_now=begin_now):
        pass
    assert begun == []


def test_one_that_died_while_it_waited_is_no_matter(
    tmp_path: Path, folder: Path, begun: list[Any]
) -> None:
    with at_hand(home_at(tmp_path)):
        begun[0].kill()
        begun[0].wait()
        assert build_one(folder)[0].status == "success"
    assert len(begun) == 2


def test_one_that_is_killed_while_it_builds_fails_the_build_with_what_to_do(
    folder: Path, begun: list[Any]
) -> None:
    results: list[NodeResult] = []
    with (
        progress.listening(lambda *_: os.kill(begun[0].pid, signal.SIGKILL)),
        pytest.raises(BuildFailed, match=r"SIGKILL.*out of memory.*run the night again"),
    ):
        results += built(ONE_MODEL, folder, folder / "dbt", {})
    assert begun[0].poll() == -signal.SIGKILL


def test_one_that_cannot_begin_says_the_last_words_of_python(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(dbt_process, "_BEGIN", "import no_such_module")
    with pytest.raises(BuildFailed, match=r"exit code 1 \(ModuleNotFoundError.*no_such_module"):
        build_one(folder)


def test_what_dbt_itself_cannot_do_is_said_in_its_words(folder: Path, begun: list[Any]) -> None:
    with pytest.raises(BuildFailed, match="no_such_method"):
        build_one(folder, ["build", "--select", "no_such_method:dim_date"])
    assert len(begun) == 1


def test_a_build_that_nobody_waits_for_any_more_ends(folder: Path, begun: list[Any]) -> None:
    results = built(ONE_MODEL, folder, folder / "dbt", {})
    assert next(iter(results)).name == "dim_date"
    results.close()  # type: ignore[attr-defined]
    assert begun[0].poll() == -signal.SIGKILL


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_whoever_began_it_and_lets_go_of_the_files(
    folder: Path, how: signal.Signals
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", NIGHT, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as night:
        assert night.stdout is not None
        pid = int(night.stdout.readline())
        os.kill(pid, 0)
        assert "building\n" in iter(night.stdout.readline, "")
        if how == signal.SIGINT:
            os.killpg(night.pid, how)  # as a terminal does: to all of the group
        else:
            night.send_signal(how)
    with opened(folder / "scratch.duckdb") as db:
        assert db.execute("select 1").fetchall() == [(1,)]


def test_definitions_load_without_dbt() -> None:
    loaded = said_by(
        "import sys, orchestration.definitions;"
        "print(*{name.split('.')[0] for name in sys.modules});"
        "import dbt.version; print(dbt.version.__version__)"
    ).splitlines()
    assert "dagster_dbt" in loaded[0].split()
    assert not {"dbt", "dbt_common", "networkx"} & set(loaded[0].split())
    # Of dbt's cloud, and of the lineage of columns.
    assert not {"requests", "sqlglot"} & set(loaded[0].split())
    assert loaded[1]  # and whoever builds in the same process has dbt


def test_whoever_imports_dagsters_integration_has_all_of_it() -> None:
    said = said_by(
        "from orchestration.dagster_dbt_alone import dbt_assets, DbtProject;"
        "import dagster_dbt;"
        "print(dagster_dbt.DbtCliResource.__name__, dagster_dbt.dbt_assets is dbt_assets,"
        " dagster_dbt.DbtProject is DbtProject)"
    ).split()
    assert said == ["DbtCliResource", "True", "True"]


def test_every_model_seed_and_test_of_the_project_is_an_asset_or_a_check() -> None:
    from orchestration.manifest import load_manifest
    from orchestration.transform import dbt_models_asset

    nodes = load_manifest()["nodes"].values()
    models = dbt_models_asset()
    assets = [node for node in nodes if node["resource_type"] in ("model", "seed")]
    tests = [node for node in nodes if node["resource_type"] == "test"]
    assert len(models.keys) == len(assets)
    assert len(models.check_keys) == len(tests)
