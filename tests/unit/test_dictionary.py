"""What the dictionary says of a published table, from a manifest and a glossary of a few lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.comments import set_comments
from orchestration.dictionary.published import Described, Table, published_tables
from orchestration.dictionary.thai import Glossary


def column(name: str, meta: dict[str, Any] | None = None, required: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "data_type": "varchar",
        "description": f"What {name}\n is; the coordinator's word.\n",
        "config": {"meta": meta or {}},
        "constraints": [{"type": "not_null"}] if required else [],
    }


def model(name: str, columns: list[dict[str, Any]], **meta: Any) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "schema": "marts",
        "name": name,
        "description": "One row per thing.\n",
        "config": {"meta": meta},
        "columns": {each["name"]: each for each in columns},
    }


MANIFEST: dict[str, Any] = {
    "nodes": {
        "model.w.fct_thing": model(
            "fct_thing",
            [
                column("thing_id", required=True),
                column("spent_baht"),
                column("things", {"metric": "things"}),
            ],
            grain=["thing_id"],
            trace=[
                {"dataset": "things"},
                {
                    "explains": ["things"],
                    "through": "dim_other",
                    "where": "source.a\n  = cell.a",
                },
            ],
        ),
        "model.w.dim_other": model("dim_other", [column("thing_id")], grain=["thing_id"]),
        "model.w.stg_thing": model("stg_thing", []) | {"schema": "staging"},
        "test.w.key": {
            "resource_type": "test",
            "name": "primary_key_fct_thing",
            "config": {"meta": {}},
            "attached_node": "model.w.fct_thing",
            "test_metadata": {"name": "primary_key", "kwargs": {"columns": ["thing_id"]}},
            "refs": [{"name": "fct_thing"}],
        },
        "test.w.assert": {
            "resource_type": "test",
            "name": "assert_things_add_up",
            "config": {"meta": {"dagster": {"ref": {"name": "fct_thing"}}}},
            "depends_on": {"nodes": ["model.w.dim_other"]},
            "refs": [{"name": "dim_other"}],
        },
    },
    "unit_tests": {"unit_test.w.a": {"name": "a_thing_is_counted_once", "model": "fct_thing"}},
    "metrics": {
        "metric.w.things": {
            "name": "things",
            "config": {"meta": {"label_th": "สิ่งของ", "text_th": "นับครั้งเดียว", "unit": "count"}},
        }
    },
}
GLOSSARY = Glossary(
    {"fct_thing": "หนึ่งแถวต่อสิ่งของ"},
    {"thing_id": {"dim_other": "รหัสอื่น", "others": "รหัส\nสิ่งของ"}, "spent_baht": "เงินที่ใช้"},
)


@pytest.fixture
def tables() -> tuple[Table, ...]:
    return published_tables(MANIFEST, GLOSSARY)


def test_only_what_is_published_is_in_the_dictionary(tables: tuple[Table, ...]) -> None:
    assert [table.full_name for table in tables] == ["marts.dim_other", "marts.fct_thing"]


def test_a_column_says_in_both_languages_what_it_is_and_by_its_name_its_unit(
    tables: tuple[Table, ...],
) -> None:
    thing_id, spent, _ = tables[1].columns
    assert thing_id.description == Described(
        "What thing_id is; the coordinator's word.", "รหัส สิ่งของ"
    )
    assert (thing_id.required, thing_id.unit) == (True, None)
    assert (spent.required, spent.unit) == (False, "baht")


def test_a_model_that_the_glossary_names_has_its_own_words(tables: tuple[Table, ...]) -> None:
    assert tables[0].columns[0].description.thai == "รหัสอื่น"


def test_a_column_that_holds_a_metric_says_what_the_metric_says(tables: tuple[Table, ...]) -> None:
    things = tables[1].columns[2]
    assert (things.metric, things.unit) == ("things", "count")
    assert things.description.thai == "สิ่งของ: นับครั้งเดียว"


def test_what_nobody_put_into_thai_has_english_alone(tables: tuple[Table, ...]) -> None:
    assert tables[0].description == Described("One row per thing.", None)
    assert tables[0].description.comment == "One row per thing."


def test_a_table_says_where_its_rows_come_from(tables: tuple[Table, ...]) -> None:
    own, through = tables[1].origins
    assert (own.dataset, own.explains) == ("things", ())
    assert (through.through, through.where) == ("marts.dim_other", "source.a = cell.a")
    assert through.explains == ("things",)


def test_a_table_says_what_is_tested_of_it_what_every_night_tests_first(
    tables: tuple[Table, ...],
) -> None:
    assert [(test.text, test.every_night) for test in tables[1].tests] == [
        ("primary key: thing_id", True),
        ("things add up", True),
        ("a thing is counted once", False),
    ]


def test_thai_takes_a_label_and_codes_from_the_contract_and_from_a_seed() -> None:
    said = Glossary(
        {
            "label": "{financial_outcomes.cluster_code.label}",
            "codes": "{activity_reports.partner_type.codes}",
            "seed": "{seeds.suspicion_rule.codes}",
        },
        {},
    )
    assert said.of_table("label") == "รหัสคลัสเตอร์"
    assert (said.of_table("codes") or "").startswith("research (วิจัย), education (การศึกษา)")
    assert (said.of_table("seed") or "").startswith("unit_slip (จำนวนผิดหน่วย), ")


def test_a_label_that_no_contract_has_is_the_columns_name_and_stops_no_night() -> None:
    said = Glossary({"a": "{gone.thing_id.label}", "b": "{seeds.gone.codes}"}, {})
    assert (said.of_table("a"), said.of_table("b")) == ("thing_id", "gone")


def test_comments_are_english_on_the_first_line_and_thai_on_the_second(
    tmp_path: Path, tables: tuple[Table, ...]
) -> None:
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as db:
        db.execute("create schema marts; create table marts.fct_thing (thing_id text, more text)")
        set_comments(db, tables)
    with duckdb.connect(str(file), read_only=True) as db:
        assert db.execute("select comment from duckdb_tables()").fetchall() == [
            ("One row per thing.\nหนึ่งแถวต่อสิ่งของ",)
        ]
        assert db.execute(
            "select comment from duckdb_columns() where not internal order by column_index"
        ).fetchall() == [("What thing_id is; the coordinator's word.\nรหัส สิ่งของ",), (None,)]


def test_a_file_without_any_described_table_is_left_alone(tables: tuple[Table, ...]) -> None:
    with duckdb.connect() as db:
        db.execute("create table thing (thing_id text)")
        set_comments(db, tables)
        assert db.execute("select comment from duckdb_tables()").fetchall() == [(None,)]
