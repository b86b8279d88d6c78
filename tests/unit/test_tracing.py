"""How a trace finds the rows behind a figure; whole traces are in tests/integration."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.trace import _fitting

BY_YEAR = "source.year = cell.year"
#: As the rule of outcomes by participation has it: it looks at the cell inside of a query.
BY_QUERY = "exists (select 1 from other where other.id = source.id and other.year = cell.year)"


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    """Two rows picked of one year, and rows of two years."""
    with duckdb.connect() as opened:
        opened.execute("create table cell as select 2558 as year from range(2)")
        opened.execute(
            "create table fact as select range as id, 2557 + range % 2 as year from range(6)"
        )
        opened.execute("create table other as select id, year from fact")
        yield opened


@pytest.mark.parametrize("condition", [BY_YEAR, BY_QUERY])
def test_a_row_that_fits_several_picked_rows_is_found_once(
    db: duckdb.DuckDBPyConnection, condition: str
) -> None:
    found = db.execute(f"select source.id from {_fitting('fact', condition)} order by 1").fetchall()
    assert found == [(1,), (3,), (5,)]


def test_a_fact_is_not_read_in_full_to_be_joined(db: duckdb.DuckDBPyConnection) -> None:
    plan = db.execute(f"explain select sum(id) from {_fitting('fact', BY_YEAR)}").fetchall()
    assert "SEMI" in plan[0][1]
    assert "DELIM" not in plan[0][1]
