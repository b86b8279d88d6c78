"""Whoever opens the published file with any tool finds what every table and column is."""

from __future__ import annotations

import duckdb
import pytest
from conftest import Sample

from orchestration.dictionary import tables_of_the_project

pytestmark = pytest.mark.night


def test_every_table_and_column_says_what_it_is_as_the_project_does(sample: Sample) -> None:
    described = {
        (table.full_name, column.name): (table.description.comment, column.description.comment)
        for table in tables_of_the_project()
        for column in table.columns
    }
    with duckdb.connect(str(sample.home.published), read_only=True) as db:
        rows = db.execute(
            "select c.schema_name || '.' || c.table_name, c.column_name, t.comment, c.comment "
            "from duckdb_columns() as c join duckdb_tables() as t using (table_oid) "
            "where not c.internal"
        ).fetchall()
    assert {(table, column): tuple(said) for table, column, *said in rows} == described
    assert all("\n" in comment for said in described.values() for comment in said)
