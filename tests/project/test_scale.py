"""The page on growth: its tables and its plot are what the bench wrote, and nothing else."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Collection
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs"
ROWS = ("startup_first", "full", "by_hand")


@pytest.fixture(scope="module")
def scale() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scale", DOCS / "scale.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(target: str, outcomes: int, cpu: float, rows: Collection[str] = ROWS) -> dict[str, Any]:
    def cost(seconds: float) -> dict[str, float]:
        return {"cpu_seconds": seconds, "wall_seconds": seconds / 2, "peak_mib": 1000.4}

    costs = {"startup_first": cost(20), "full": cost(cpu), "by_hand": cost(10)}
    return {
        "machine": {
            "target": target, "measured_at": "2026-11-23T01:02:03+00:00", "cores": 2,
            "memory_mib": 24105, "load_before": 0.1, "duckdb": "1.5.5",
        },
        "size": outcomes / 1e6, "repeat": 1, "plan": {"outcomes": outcomes},
        "rows": {name: costs[name] for name in rows},
        "stages": {"full": {"start-up": cost(5), "build": cost(cpu - 5)}},
    }  # fmt: skip


def test_the_page_says_what_was_measured_and_nothing_else(scale: ModuleType) -> None:
    page = (DOCS / "scale.md").read_text(encoding="utf-8")
    measured = scale.runs(DOCS / "measured")
    assert measured
    assert scale.written(page, measured) == page


def test_the_plot_is_of_what_was_measured(scale: ModuleType) -> None:
    """Point by point: where a label stands depends on the machine's fonts."""
    kept = (DOCS / "images" / "scale.svg").read_text(encoding="utf-8")
    drawn = scale.plot(scale.runs(DOCS / "measured"))
    point = r'aria-label="(outcomes[^"]*; what: [^"]*)"'
    assert re.findall(point, drawn)
    assert re.findall(point, kept) == re.findall(point, drawn)


def test_a_night_is_set_against_the_sql_by_hand_beyond_its_start_up(
    scale: ModuleType, tmp_path: Path
) -> None:
    given = [
        run("spark", 1_000_000, 60, ["full", "startup_first"]),
        run("duckdb", 1_000_000, 40),
        run("duckdb", 10_000_000, 90, ["full"]),
    ]
    for number, one in enumerate(given):
        (tmp_path / f"{number}.json").write_text(json.dumps(one))
    measured = scale.runs(tmp_path)
    assert [one["machine"]["target"] for one in measured] == ["duckdb", "spark", "duckdb"]
    assert scale.of_nights(measured).splitlines()[2:] == [
        "| 1,000,000 | DuckDB | everything is new | 40.0 | 20.0 | 1,000 | 2.0 |",
        "| 1,000,000 | Spark | everything is new | 60.0 | 30.0 | 1,000 |  |",
        "| 1,000,000 | | SQL by hand | 10.0 | 5.0 | 1,000 | 1.0 |",
        "| 10,000,000 | DuckDB | everything is new | 90.0 | 45.0 | 1,000 |  |",
    ]
    assert scale.of_stages(measured).splitlines()[2] == (
        "| 1,000,000 | DuckDB | 5.0 / 2.5 / 1,000 | 35.0 / 17.5 / 1,000 |"
    )
    assert "SQL by hand" in scale.plot(measured)


def test_a_page_without_a_place_for_a_table_is_told(scale: ModuleType) -> None:
    with pytest.raises(ValueError, match="one place for nights"):
        scale.written("nothing", [run("duckdb", 1_000_000, 40)])
