"""Asks the warehouse: rows by column name, with values bound, never pasted."""

from __future__ import annotations

from typing import Any

import duckdb

from sources.sql import literal, records


def ask(db: duckdb.DuckDBPyConnection, sql: str, **values: Any) -> list[dict[str, Any]]:
    """The rows of a query, each by column name.

    Args:
        db: the open warehouse.
        sql: the query; `$name` stands for a value.
        values: the values by name.
    """
    if not values:
        return records(db, sql)
    # Bound by DuckDB itself: for values of Python it would import pandas.
    bound = ", ".join(f"{name} := {literal(value)}" for name, value in values.items())
    db.execute(f"prepare asked as {sql}")
    return records(db, f"execute asked({bound})")
