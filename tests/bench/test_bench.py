"""The bench itself: that it measures a whole process tree, and stops at a wrong figure.

No test asserts seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.bench.measure import CommandFailed, Cost, Look, measure, watch
from tests.bench.nights import PROJECT, ROWS, WrongFigures, _check_by_hand, _of_programme
from tests.bench.readers import ask
from tests.bench.stages import STAGES, Step, by_stage
from tests.bench.targets import started
from tests.bench.zones import ANSWERS, Answer, OtherZones, Zones
from tests.cookbook import questions
from tests.postgres import NEEDED, PROGRAMS

BUSY = "sum(i * i for i in range(3_000_000))"
ANSWER = Answer(
    {(2558, "jobs_created"): Decimal(7), (2558, "cost_reduction"): Decimal("10.25")},
    {"financial_outcomes": {"read": 3, "current": 2}},
)


def run(program: str, folder: Path) -> tuple[Cost, str]:
    return measure([sys.executable, "-c", program], cwd=folder, env=os.environ)


def test_what_a_command_starts_is_counted_with_it(tmp_path: Path) -> None:
    alone, _ = run(BUSY, tmp_path)
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}] )"
    parent, _ = run(f"{child}; print('done')", tmp_path)
    assert parent.cpu_seconds > alone.cpu_seconds / 2
    assert parent.peak_mib > 0


def test_the_memory_of_a_child_is_counted(tmp_path: Path) -> None:
    hold = "b = bytearray(200 * 1024 * 1024); import time; time.sleep(0.5)"
    cost, _ = run(
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])", tmp_path
    )
    assert cost.peak_mib > 200


def test_a_command_that_fails_stops_the_bench_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="no disk"):
        run("import sys; sys.exit('no disk')", tmp_path)


def test_the_median_is_taken_figure_by_figure() -> None:
    costs = [Cost(1.0, 30.0, 200.0), Cost(3.0, 10.0, 100.0), Cost(2.0, 20.0, 300.0)]
    assert Cost.median(costs) == Cost(2.0, 20.0, 200.0)


def test_what_a_command_had_used_is_known_from_moment_to_moment(tmp_path: Path) -> None:
    measured = watch([sys.executable, "-c", f"{BUSY}; {BUSY}"], cwd=tmp_path, env=os.environ)
    used = [look.cpu_seconds for look in measured.looks]
    assert used == sorted(used)
    assert used[-1] > used[0]
    assert measured.looks[-1].at - measured.looks[0].at <= measured.cost.wall_seconds


def test_what_is_used_while_a_step_runs_is_its_stages() -> None:
    looks = [Look(100.0 + second, 2.0 * second, 10.0 * second) for second in range(10)]
    steps = [
        Step("read", 101.0, 102.5),
        Step("dbt_models", 103.0, 106.5),
        Step("check", 106.5, 107.0),
        Step("published", 107.0, 108.0),
    ]
    stages = by_stage(looks, steps, Cost(19.0, 9.5, 90.0))
    assert stages == {
        "start-up": Cost(2.0, 1.0, 0.0),
        "intake": Cost(4.0, 2.0, 20.0),
        "build": Cost(7.0, 3.5, 60.0),
        "publish": Cost(3.0, 1.5, 70.0),
        "the end": Cost(3.0, 1.5, 90.0),
    }


def test_totals_by_hand_that_are_a_satang_off_stop_the_bench() -> None:
    totals = [[2558, "jobs_created", "7"], [2558, "cost_reduction", "10.25"]]
    rows = [["financial_outcomes", 3, 2]]
    _check_by_hand({"totals": totals, "rows": rows}, ANSWER)
    totals[1][2] = "10.26"
    with pytest.raises(WrongFigures, match="cost_reduction"):
        _check_by_hand({"totals": totals, "rows": rows}, ANSWER)


def test_rows_by_hand_that_are_one_short_stop_the_bench() -> None:
    totals = [[year, name, str(amount)] for (year, name), amount in ANSWER.totals.items()]
    with pytest.raises(WrongFigures, match="financial_outcomes"):
        _check_by_hand({"totals": totals, "rows": [["financial_outcomes", 3, 1]]}, ANSWER)


def test_sales_and_investment_are_one_figure_and_jobs_are_none() -> None:
    totals = {
        (2558, "sales_increase"): Decimal(5),
        (2558, "new_investment"): Decimal(6),
        (2558, "jobs_created"): Decimal(7),
    }
    assert _of_programme(totals) == {
        (2558, "economic_expansion"): Decimal(11),
        (2558, "cost_reduction"): Decimal(0),
    }


def test_zones_are_written_once_and_kept_for_the_next_target(tmp_path: Path) -> None:
    folder = tmp_path / "zones"
    made = Zones(folder, 0.002).make(["nights"])
    assert set(made) == {"full", "grown"}
    file = next(path for path in (folder / "new").rglob("*") if path.is_file())
    file.write_text("left as it is")
    kept = Zones(folder, 0.002)
    assert kept.make(["nights"]) == made
    assert file.read_text() == "left as it is"
    assert set(kept.make(["startup"])) == {"full", "grown", "tiny"}
    with pytest.raises(OtherZones, match="name another folder"):
        Zones(folder, 0.004)
    (folder / ANSWERS).unlink()
    with pytest.raises(OtherZones, match="finished in it"):
        Zones(folder, 0.002)


def test_a_question_that_the_warehouse_no_longer_answers_stops_the_bench(tmp_path: Path) -> None:
    page, warehouse = tmp_path / "page.md", tmp_path / "warehouse.duckdb"
    duckdb.connect(str(warehouse)).execute("create table there (n integer)").close()
    text = "## Cookbook\n\n### 1. How many?\n\n```sql\nfrom there\n```\n\n### 2. And?\n\n"
    page.write_text(f"{text}```sql\nfrom there\n```\n")
    asked = ask(warehouse, page)
    assert [(one.number, one.title) for one in asked] == [(1, "How many?"), (2, "And?")]
    assert all(one.wall_seconds > 0 for one in asked)
    page.write_text(f"{text}```sql\nfrom gone\n```\n")
    with pytest.raises(duckdb.CatalogException, match="gone"):
        ask(warehouse, page)


@pytest.mark.skipif(PROGRAMS is None, reason=NEEDED)
def test_homes_of_the_bench_that_share_a_lake_share_its_key(tmp_path: Path) -> None:
    with started("ducklake") as target:
        said = {**os.environ, **target.environment}
        program = "from orchestration import settings; print(settings.load().known_secret())"
        keys = {
            measure(
                [sys.executable, "-c", program],
                cwd=PROJECT,
                env={**said, "WAREHOUSE_HOME": str(tmp_path / home)},
            )[1]
            for home in ("tiny", "large")
        }
    (key,) = keys
    assert target.environment["WAREHOUSE_KEY_SECRET"] in key


@pytest.mark.night
def test_a_small_bench_measures_every_row_and_finds_every_figure_right(tmp_path: Path) -> None:
    report = tmp_path / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--size", "0.002", "--json", str(report)],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = json.loads(report.read_text())
    assert figures["figures_are_right"]
    assert set(figures["rows"]) == {row.name for row in ROWS}
    for row in ROWS:
        assert row.title in done.stdout
        assert min(figures["rows"][row.name].values()) > 0
    assert "by hand, CPU" in done.stdout
    for name, stages in figures["stages"].items():
        assert list(stages) == list(STAGES)
        for figure in ("cpu_seconds", "wall_seconds"):
            total = sum(cost[figure] for cost in stages.values())
            assert total == pytest.approx(figures["rows"][name][figure])
        assert stages["build"]["cpu_seconds"] > 0
    assert "slowest question of the cookbook" in done.stdout
    assert len(figures["readers"]["asked"]) == len(questions())
    assert set(figures["readers"]["mib"]) == {"warehouse", "parquet", "csv", "workbook"}
    assert "all totals and row counts are right" in done.stdout
