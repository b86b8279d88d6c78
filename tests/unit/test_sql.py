"""What generated SQL is put together from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import pytest
from programs import said_by

from orchestration.report.asking import ask
from sources.sql import identifier, literal, quoted, records


def test_texts_and_names_are_themselves_whatever_stands_in_them() -> None:
    text, name = 'it\'s "so"', 'a "b"'
    with duckdb.connect() as db:
        assert records(db, f"select {quoted(text)} as {identifier(name)}") == [{name: text}]


@pytest.mark.parametrize(
    "value",
    [
        None, "it's", "", True, False, 0, -7, 2**40, Decimal("-12.50"),
        dt.date(2015, 1, 20), dt.datetime(2015, 1, 20, 13, 5, 0, 120_000),
    ],
)  # fmt: skip
def test_a_value_is_itself_in_sql(value: object) -> None:
    with duckdb.connect() as db:
        (row,) = records(db, f"select {literal(value)} as value")  # type: ignore[arg-type]
    assert row == {"value": value}


def test_values_of_a_question_are_bound_whatever_stands_in_them() -> None:
    text = "'; drop table facts; --"
    with duckdb.connect() as db:
        db.execute("create table facts as select 2558 as year, ? as note", [text])
        asked = "select year + $more as then, note = $note as same from facts where year = $year"
        assert ask(db, asked, year=2558, more=1, note=text) == [{"then": 2559, "same": True}]
        assert ask(db, asked, year=2559, more=1, note=text) == []
        assert ask(db, "select count(*) as facts from facts") == [{"facts": 1}]


def test_what_publishes_waits_for_no_workbench() -> None:
    program = (
        "import sys, orchestration.publication; "
        "print({'numpy', 'pyarrow', 'sources.typed'} & set(sys.modules))"
    )
    assert said_by(program) == "set()\n"
