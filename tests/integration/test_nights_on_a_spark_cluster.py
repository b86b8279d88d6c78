"""Nights built on a standalone Spark cluster, and what is left when its machines die.

The home of the sample is copied after its nights on DuckDB. Its next night finds no master and may
not publish; nor may a build whose Java is killed, that has no worker, or whose executors run out of
memory, nor the night that loses all workers while models are built. The night after these computes
on two workers; one of them dies while models are built, then the executor of the other, and then
the master. It publishes the sample as DuckDB built it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from spark_cluster import IS_THERE, NEEDED, SparkCluster, spark_cluster

from tests.integration.conftest import Home, Night

if TYPE_CHECKING:
    from tests.integration.conftest import Record, Sample, Tables

pytestmark = [pytest.mark.night, pytest.mark.skipif(not IS_THERE, reason=NEEDED)]

#: Before this model workers die, when they have computed; before that one the executor of the one
#: that is left; before the last the master.
WORKER_DIES, EXECUTOR_DIES, MASTER_DIES = (
    "int_file_versions",
    "dim_cluster",
    "fct_financial_outcome",
)
#: How long a night bears with a cluster that has no worker, here and not in earnest (seconds).
_PATIENCE = 10
#: A row that no executor of these has room for.
_TOO_LARGE = "length(repeat(cast(id as string), 1500000000))"
_SECONDS = 900
#: What tells of a night and not of the sample: instants, runs, and what follows from their number.
_OF_THE_NIGHT = {
    "audit.check_result", "audit.check_history", "audit.night_difference", "audit.published_run",
    "marts.dim_night", "marts.fct_file_matter", "marts.fct_matter_event",
    "reports.rpt_follow_up", "reports.rpt_follow_up_trend",
}  # fmt: skip


@dataclass(frozen=True)
class Story:
    """What was published before, and what the two nights made of it."""

    home: Home
    before: Tables
    digest_before: str | None
    without_master: Night
    sessions: list[str]
    without_workers: Night
    seconds_without_workers: float
    exit_code: int
    tables: Tables
    tasks: dict[str, int]


@pytest.fixture(scope="module")
def story(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Two nights on the cluster, in a copy of the sample's home."""
    root = tmp_path_factory.mktemp("spark") / "home"
    shutil.copytree(sample.home.root, root, symlinks=True)
    home = Home(root, root / "landing", landing_is_default=True)
    before, digest = home.tables(), home.digest()
    with spark_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        for name in ("master", "one", "two"):
            cluster.kill(name)
        without_master = home.night(**cluster.environment)
        cluster.start("master")
        sessions = _sessions_that_end_badly(home, cluster, root.parent / "tables")
        for name in ("one", "two"):
            cluster.start(name)
        sessions += _session_short_of_memory(home, cluster, root.parent / "tables")
        without_workers, seconds = _night_that_loses_all_workers(home, cluster)
        for name in ("one", "two"):
            cluster.start(name)
        earlier = cluster.tasks_of("two")
        exit_code, tasks = _night_of_deaths(home, cluster)
        tasks["two after that"] = cluster.tasks_of("two") - earlier - tasks["two"]
    yield Story(
        home, before, digest, without_master, sessions, without_workers, seconds,
        exit_code, home.tables(), tasks,
    )  # fmt: skip


def _sessions_that_end_badly(home: Home, cluster: SparkCluster, folder: Path) -> list[str]:
    """What two builds say, one after the other in a process of their own, a line each.

    The Java machine of the first is killed; for the second nobody computes.
    """
    return _said_by_builds(
        home, cluster, folder,
        "build('local[1]', lambda spark: spark.sparkContext._gateway.proc.kill())\n"
        "build(sys.argv[1], lambda spark: None, 2)\n",
    )  # fmt: skip


def _session_short_of_memory(home: Home, cluster: SparkCluster, folder: Path) -> list[str]:
    """What a build says whose executors end by what they compute, one after the other."""
    build = f"build(sys.argv[1], lambda spark: spark.range(2).selectExpr({_TOO_LARGE!r}).collect())"
    return _said_by_builds(home, cluster, folder, build)


def _said_by_builds(home: Home, cluster: SparkCluster, folder: Path, builds: str) -> list[str]:
    """What builds say in a process of their own, a line each."""
    script = (
        "import sys; from pathlib import Path\n"
        "from orchestration.manifest import BuildFailed\n"
        "from orchestration.spark.session import session_of_a_build\n"
        "from orchestration.spark.watch import executors_watched\n"
        "def build(master, happens, patience_seconds=120):\n"
        "    try:\n"
        "        with session_of_a_build(master, sys.argv[2], Path(sys.argv[2])) as spark, \\\n"
        "            executors_watched(spark, patience_seconds):\n"
        "            happens(spark)\n"
        "            print(spark.range(10).selectExpr('sum(id)').collect())\n"
        "    except BuildFailed as failed: print(failed)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script + builds, cluster.url, str(folder)],
        env=home.environment(**cluster.environment),
        capture_output=True, text=True, check=True, timeout=_SECONDS,
    )  # fmt: skip
    return done.stdout.splitlines()


def _night_that_loses_all_workers(home: Home, cluster: SparkCluster) -> tuple[Night, float]:
    """A night in which all workers die, and how long it took from then on (seconds)."""
    script = (
        "from orchestration.spark import watch\n"
        f"watch.executors_watched.__wrapped__.__defaults__ = ({_PATIENCE},)\n"
        "from orchestration.cli import main; main()"
    )
    began = time.time()
    night = subprocess.Popen(
        [sys.executable, "-c", script, "run", "--json"],
        env=home.environment(**cluster.environment),
        cwd=home.root,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    _await(home, WORKER_DIES, began)
    for name in ("one", "two"):
        cluster.kill(name)
    died = time.monotonic()
    said, complained = night.communicate(timeout=_SECONDS)
    seconds = time.monotonic() - died
    return Night(night.returncode, said, complained, 0, home.digest(), home.tables()), seconds


def _night_of_deaths(home: Home, cluster: SparkCluster) -> tuple[int, dict[str, int]]:
    """A night in which machines die; how it ended, and the workers' tasks until the first death."""
    began = time.time()
    earlier = {worker: cluster.tasks_of(worker) for worker in ("one", "two")}
    night = home.start("run", "--json", **cluster.environment)
    _await(home, WORKER_DIES, began)
    tasks = {worker: cluster.tasks_of(worker) - earlier[worker] for worker in ("one", "two")}
    cluster.kill("one")
    _await(home, EXECUTOR_DIES, began)
    cluster.kill_executors("two")
    _await(home, MASTER_DIES, began)
    cluster.kill("master")
    return night.wait(_SECONDS), tasks


def _await(home: Home, model: str, began: float) -> None:
    """Waits until the night that began last says that it builds a model."""
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        for log in (home.root / "logs").iterdir():
            if log.stat().st_mtime >= began and f'"dbt: {model}"' in _last_run(log):
                return
        time.sleep(0.1)
    raise AssertionError(f"{model} was never built")


def _last_run(log: Path) -> str:
    """What the log holds of the run that it names last."""
    lines = log.read_text(encoding="utf-8").splitlines()
    runs = [json.loads(line).get("run_id") for line in lines]
    last = next((run for run in reversed(runs) if run), None)
    return "\n".join(line for line, run in zip(lines, runs, strict=True) if run == last)


def test_without_a_master_nothing_is_published_and_the_night_says_where_to_look(
    story: Story,
) -> None:
    assert story.without_master.exit_code == 1
    assert "WAREHOUSE_SPARK_MASTER" in story.without_master.report["reason"]
    assert story.without_master.digest == story.digest_before


def test_a_cluster_without_workers_is_given_up_and_the_night_says_so(story: Story) -> None:
    assert "No worker of Spark's master spark://" in story.sessions[1]
    assert "computed for 2 seconds" in story.sessions[1]


def test_where_the_drivers_java_is_killed_the_build_says_so_and_the_next_one_begins_its_own(
    story: Story,
) -> None:
    assert "Java on this machine ended in the middle of the build" in story.sessions[0]
    assert "killed by signal 9" in story.sessions[0]
    assert "spark.driver.memory" in story.sessions[0]
    assert len(story.sessions) == 3


def test_executors_that_run_out_of_memory_again_and_again_are_told_with_what_to_raise(
    story: Story,
) -> None:
    assert "Spark's executors ran out of memory" in story.sessions[2]
    assert "failed 4 times" in story.sessions[2]
    assert "spark.executor.memory" in story.sessions[2]
    assert "SPARK_WORKER_MEMORY" in story.sessions[2]


def test_a_night_that_loses_all_workers_is_given_up_in_time_and_publishes_nothing(
    story: Story,
) -> None:
    assert story.without_workers.exit_code == 1
    assert "No worker of Spark's master spark://" in story.without_workers.report["reason"]
    assert f"computed for {_PATIENCE} seconds" in story.without_workers.report["reason"]
    assert _PATIENCE <= story.seconds_without_workers < _PATIENCE + 120
    assert story.without_workers.digest == story.digest_before
    assert story.without_workers.tables.keys() == story.before.keys()


def test_a_plain_rerun_publishes_though_a_worker_an_executor_and_the_master_die_in_it(
    story: Story,
) -> None:
    assert story.exit_code == 0
    runs = [row["run_id"] for row in story.tables["audit.published_run"]]
    assert len(runs) == len(story.before["audit.published_run"]) + 1


def test_both_workers_computed_and_the_survivor_went_on(story: Story) -> None:
    assert story.tasks["one"] > 0
    assert story.tasks["two"] > 0
    assert story.tasks["two after that"] > 0


def test_what_spark_built_is_what_duckdb_built(story: Story) -> None:
    assert story.tables.keys() == story.before.keys()
    differing = {
        table
        for table in story.tables.keys() - _OF_THE_NIGHT
        if _values(story.tables[table]) != _values(story.before[table])
    }
    assert differing == set()


def _values(rows: list[Record]) -> list[str]:
    """A table's rows, in an order that no engine has its own view of."""
    return sorted(repr(row) for row in rows)


def test_the_file_has_the_columns_types_and_rules_of_one_built_on_duckdb(
    story: Story, sample: Sample
) -> None:
    described = []
    for path in (story.home.published, sample.home.published):
        with duckdb.connect(str(path), read_only=True) as db:
            described.append(
                db.execute(
                    "select schema_name, table_name, column_index, column_name, data_type, "
                    "is_nullable, comment from duckdb_columns() where not internal order by all"
                ).fetchall()
            )
    assert described[0] == described[1]


def test_nothing_that_spark_left_in_the_home_serves_or_records_events(story: Story) -> None:
    said = (story.home.root / "build" / "night" / "spark" / "spark.log").read_text()
    assert "SparkUI" not in said
    assert not list(story.home.root.rglob("*eventlog*"))
