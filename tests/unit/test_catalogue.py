"""What is published, described by the file itself: `warehouse tables`."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from published_file import home_in, publish
from typer.testing import CliRunner

from orchestration import catalogue
from orchestration.cli import app
from orchestration.querying import opened
from orchestration.settings import Home, SettingsError


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which one night has published."""
    made = home_in(tmp_path_factory.mktemp("catalogue") / "home")
    publish(made, "night-1")
    return made


def describe(home: Home, name: str) -> catalogue.Described:
    """A table of the published file."""
    with opened(home) as db:
        return catalogue.describe(db, name)


def test_reports_come_first_each_with_its_rows_and_what_one_row_is(home: Home) -> None:
    with opened(home) as db:
        every = catalogue.tables(db)
    assert [one.schema for one in every] == ["reports"] * 3 + ["marts", "audit"]
    example = next(one for one in every if one.name == "rpt_example")
    assert (example.rows, example.grain) == (3, "One row per number.")


def test_a_column_has_its_type_its_comment_and_the_formula_of_its_figure(home: Home) -> None:
    column = describe(home, "reports.rpt_example").columns[2]
    assert (column.name, column.type) == ("sum_baht", "DECIMAL(18,2)")
    assert column.description == "What it sums up to.\nยอดรวม"
    assert (column.metric, column.formula) == ("example_sum", "sum(amount)")


def test_the_key_is_what_a_figure_is_of_or_the_primary_key(home: Home) -> None:
    assert describe(home, "rpt_example").keys == ["number"]
    assert describe(home, "dim_cluster").keys == ["cluster_code"]
    assert (
        describe(home, "dim_cluster").how_to_trace == "warehouse trace dim_cluster cluster_code=…"
    )


def test_a_file_without_comments_or_definitions_is_described_all_the_same(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "old.duckdb")) as db:
        db.execute("create schema marts; create table marts.old (a integer not null, b varchar)")
        (table,) = catalogue.tables(db)
        assert (table.full_name, table.rows, table.grain) == ("marts.old", 0, "")
        columns = catalogue.describe(db, "old").columns
    assert [(column.name, column.nullable, column.description) for column in columns] == [
        ("a", False, None),
        ("b", True, None),
    ]


@pytest.mark.parametrize("typed", ["rpt_exampel", "reports.rpt_exmple", "RPT_EXAMPL"])
def test_an_unknown_name_is_answered_with_the_one_that_is_near(home: Home, typed: str) -> None:
    with pytest.raises(SettingsError, match=r"Did you mean .*reports\.rpt_example"):
        describe(home, typed)


def test_a_name_near_nothing_is_answered_with_where_they_are_listed(home: Home) -> None:
    with pytest.raises(SettingsError, match="`warehouse tables` lists them"):
        describe(home, "zzz")


def test_programs_get_json(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"WAREHOUSE_HOME": str(home.root)}
    listed = CliRunner().invoke(app, ["tables", "--json"], env=environment)
    assert {row["name"] for row in json.loads(listed.stdout)} >= {"rpt_example", "dim_cluster"}
    one = CliRunner().invoke(app, ["tables", "rpt_example", "--json"], env=environment)
    assert json.loads(one.stdout)["columns"][0]["type"] == "INTEGER"
    shown = CliRunner().invoke(app, ["tables", "rpt_example"], env=environment).stdout
    assert "sum(amount)" in shown
    assert "หนึ่งแถวต่อหนึ่งจำนวน" in shown
