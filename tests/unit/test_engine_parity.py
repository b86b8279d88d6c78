"""The comparison of what two engines built: what it finds, and what it takes for the same."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from engine_parity import Difference, differences, tables_of_database, tables_of_folder


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads both sides."""
    with duckdb.connect() as connection:
        yield connection


def found(
    db: duckdb.DuckDBPyConnection, one: str, other: str, tolerance: float = 0.0, *, key: str = ""
) -> list[Difference]:
    """The differences of two queries."""
    keys = {"t": [key]} if key else None
    sides = ({"t": f"({query})"} for query in (one, other))
    return differences(db, *sides, keys=keys, tolerance=tolerance)


def test_rows_in_another_order_and_wider_numbers_are_the_same(
    db: duckdb.DuckDBPyConnection,
) -> None:
    one = "select * from (values (1, 'ก', null, [1]), (2, 'b', 1.50, null)) as t(i, x, y, l)"
    other = (
        "select cast(i as bigint) as i, x, cast(y as decimal(38, 4)) as y, l "
        f"from ({one}) order by i desc"
    )
    assert found(db, one, other) == []


def test_a_value_that_differs_is_named_by_its_row_and_column(
    db: duckdb.DuckDBPyConnection,
) -> None:
    one = "select * from (values (1, 'a', 1.5), (2, 'b', 2.5)) as t(k, x, y)"
    other = "select * from (values (1, 'a', 1.5), (2, null, 2.6)) as t(k, x, y)"
    assert found(db, one, other, key="k") == [
        Difference("t", (2,), "x", "b", None),
        Difference("t", (2,), "y", Decimal("2.5"), Decimal("2.6")),
    ]


def test_without_a_key_rows_that_have_no_counterpart_are_paired_in_their_order(
    db: duckdb.DuckDBPyConnection,
) -> None:
    one = "select * from (values ('a', 1), ('b', 2)) as t(x, y)"
    other = "select * from (values ('a', 1), ('b', 3)) as t(x, y)"
    assert found(db, one, other) == [Difference("t", ("b", 2), "y", 2, 3)]


def test_a_row_too_many_is_told_also_where_it_repeats_another(
    db: duckdb.DuckDBPyConnection,
) -> None:
    one = "select * from (values (1), (1), (2)) as t(x)"
    other = "select * from (values (1), (2)) as t(x)"
    assert found(db, one, other) == [Difference("t", (1,), "", "a row", None)]
    assert found(db, other, one) == [Difference("t", (1,), "", None, "a row")]


def test_binary_numbers_may_differ_by_what_is_tolerated_and_no_more(
    db: duckdb.DuckDBPyConnection,
) -> None:
    one, other = "select 'a' as k, 1.0e0 as x", "select 'a' as k, 1.0000000001e0 as x"
    assert found(db, one, other, 1e-9) == []
    assert [difference.column for difference in found(db, one, other, 1e-12)] == ["x"]
    assert found(db, one, "select 'a' as k, cast(null as double) as x", 1e-9) != []


def test_exact_on_one_side_and_binary_on_the_other_is_a_difference(
    db: duckdb.DuckDBPyConnection,
) -> None:
    assert found(db, "select 1.0 as x", "select 1.0e0 as x") == [
        Difference("t", (), "x", "DECIMAL(2,1)", "DOUBLE")
    ]


def test_a_column_that_lacks_or_stands_elsewhere_is_a_difference(
    db: duckdb.DuckDBPyConnection,
) -> None:
    assert found(db, "select 1 as x, 2 as y", "select 2 as y, 1 as x") == [
        Difference("t", (), "columns", ["x", "y"], ["y", "x"])
    ]


def test_a_table_that_one_side_lacks_is_a_difference(db: duckdb.DuckDBPyConnection) -> None:
    assert [d.other for d in differences(db, {"t": "(select 1)"}, {})] == [None]


def test_each_tables_first_differences_are_told(db: duckdb.DuckDBPyConnection) -> None:
    one, other = "(select * from range(100) as r(i))", "(select * from range(50, 100) as r(i))"
    told = differences(db, {"s.a": one, "s.b": one}, {"s.a": other, "s.b": one}, at_most=3)
    assert [(d.table, d.row) for d in told] == [("s.a", (n,)) for n in range(3)]


def test_the_tables_of_a_file_and_of_a_folder_of_parquet_are_found(
    db: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = tmp_path / "tables" / "marts.db" / "dim_cluster"
    folder.mkdir(parents=True)
    db.execute(f"copy (select 'C01' as code) to '{folder}/part-0.parquet' (format parquet)")
    db.execute(f"attach '{tmp_path}/w.duckdb' as w")
    db.execute("create schema w.marts")
    db.execute("create table w.marts.dim_cluster as select 'C02' as code")
    of_file = tables_of_database(db, "w", "marts")
    of_folder = tables_of_folder(tmp_path / "tables", "marts")
    assert list(of_file) == list(of_folder) == ["marts.dim_cluster"]
    assert [(d.one, d.other) for d in differences(db, of_file, of_folder)] == [("C02", "C01")]
