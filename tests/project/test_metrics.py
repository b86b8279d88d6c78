"""Every figure of a report is a metric with a definition: in two languages, with unit and bound."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from orchestration.manifest import prepare_manifest
from sources.contracts import discover

PROJECT = Path(__file__).parents[2]
NUMBERS = ("integer", "bigint", "double", "decimal")
UNITS = {"baht", "people", "ratio", "count", "days"}
BOUNDS = {"floor", "ceiling", "none"}
#: A column's name so → the unit of its metric. Every other name is of a count or of people.
UNIT_OF_NAME = {r"_baht$": "baht", r"^baht_": "baht", r"_ratio$": "ratio", r"^days_": "days"}
#: Numbers that say when or where and are no figures, in reports whose grain they are not.
LABELS = {"fiscal_year_be", "fiscal_quarter", "row_number"}
_THAI = re.compile("[\u0e00-\u0e7f]")

Node = dict[str, Any]


@pytest.fixture(scope="module")
def manifest() -> Node:
    """What dbt makes of the project."""
    parsed: Node = json.loads(prepare_manifest().read_text(encoding="utf-8"))
    return parsed


@pytest.fixture(scope="module")
def metrics(manifest: Node) -> dict[str, Node]:
    """Name → metric."""
    return {metric["name"]: metric for metric in manifest["metrics"].values()}


@pytest.fixture(scope="module")
def figures(manifest: Node) -> dict[tuple[str, str], Node]:
    """(report, column) → every numeric column of a report outside its grain."""
    return {
        (node["name"], column["name"]): column
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == "reports"
        for column in node["columns"].values()
        if column["data_type"].split("(")[0] in NUMBERS
        and column["name"] not in {*node["config"]["meta"]["grain"], *LABELS}
        and node["name"] != "metric_definition"
    }


def metric_of(column: Node) -> str:
    """The name of a column's metric; empty where it names none."""
    return str(column["config"]["meta"].get("metric", ""))


def inputs_of(metric: Node) -> list[str]:
    """The metrics that a metric is arithmetic over."""
    parameters = metric["type_params"]
    if metric["type"] == "ratio":
        return [parameters["numerator"]["name"], parameters["denominator"]["name"]]
    return [each["name"] for each in parameters["metrics"] or []]


def test_every_figure_of_a_report_names_the_metric_it_is(
    figures: dict[tuple[str, str], Node], metrics: dict[str, Node]
) -> None:
    assert figures
    undefined = {place: metric_of(column) for place, column in figures.items()}
    assert {place: name for place, name in undefined.items() if name not in metrics} == {}


def test_no_metric_is_defined_that_no_report_shows(
    figures: dict[tuple[str, str], Node], metrics: dict[str, Node]
) -> None:
    assert set(metrics) - {metric_of(column) for column in figures.values()} == set()


def test_a_metrics_unit_is_what_the_names_of_its_columns_say(
    figures: dict[tuple[str, str], Node], metrics: dict[str, Node]
) -> None:
    wrong = {}
    for (report, name), column in figures.items():
        unit = metrics[metric_of(column)]["config"]["meta"]["unit"]
        said = {of for pattern, of in UNIT_OF_NAME.items() if re.search(pattern, name)}
        if unit not in (said or {"count", "people"}):
            wrong[report, name] = unit
    assert wrong == {}


def test_every_metric_is_told_in_thai_and_in_english_with_a_unit_and_a_bound(
    metrics: dict[str, Node],
) -> None:
    for name, metric in metrics.items():
        meta = metric["config"]["meta"]
        assert _THAI.search(meta["label_th"]), name
        assert _THAI.search(meta["text_th"]), name
        assert metric["label"], name
        assert metric["description"], name
        assert not _THAI.search(metric["label"] + metric["description"]), name
        assert meta["unit"] in UNITS, name
        assert meta["bound"] in BOUNDS, name


def test_a_metric_is_a_measure_or_arithmetic_over_metrics(metrics: dict[str, Node]) -> None:
    assert {metric["type"] for metric in metrics.values()} <= {"simple", "ratio", "derived"}


def test_the_targets_are_floors_and_nothing_that_is_reported_is_mixed_with_them(
    manifest: Node, metrics: dict[str, Node]
) -> None:
    measures = {
        measure["name"]: model["node_relation"]["alias"]
        for model in manifest["semantic_models"].values()
        for measure in model["measures"]
    }
    of_targets = {
        name
        for name, metric in metrics.items()
        if metric["type"] == "simple"
        and measures[metric["type_params"]["measure"]["name"]] == "fct_programme_target"
    }
    assert of_targets == {"programme_target"}
    bounds = {name: metric["config"]["meta"]["bound"] for name, metric in metrics.items()}
    assert {name: bound for name, bound in bounds.items() if bound != "none"} == {
        "programme_target": "floor"
    }
    # Only a ratio may set one against the other.
    over_targets = {
        name: metric["type"]
        for name, metric in metrics.items()
        if of_targets & {*inputs_of(metric)}
    }
    assert over_targets == {"programme_progress": "ratio"}
    formulas = [
        json.dumps(metric["config"]["meta"].get("formula", {})) for metric in metrics.values()
    ]
    assert not any("fct_programme_target" in formula for formula in formulas)


def test_the_types_of_activities_are_those_of_the_contract() -> None:
    codes = {code.value for code in discover()["activity_reports"].column("activity_type").codes}
    macro = (PROJECT / "dbt_project/macros/activity_types.sql").read_text(encoding="utf-8")
    assert set(re.findall(r"'(\w+)'", macro)) == codes
    definitions = (PROJECT / "dbt_project/models/semantic/participation.yml").read_text("utf-8")
    (listed,) = re.findall(r"values\s([^)]*\).*?)\s*\) as types", definitions, re.DOTALL)
    assert set(re.findall(r"'(\w+)'", listed)) == codes | {"any"}


def test_a_day_is_what_the_semantic_layer_joins_times_on(manifest: Node) -> None:
    spines = {
        node["name"]: node["time_spine"]["standard_granularity_column"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node.get("time_spine")
    }
    assert spines == {"dim_date": "date_day"}
