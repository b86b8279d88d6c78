"""Asks the warehouse: rows by column name, with values bound, never pasted."""

from __future__ import annotations

from typing import Any

import duckdb


def ask(db: duckdb.DuckDBPyConnection, sql: str, **values: Any) -> list[dict[str, Any]]:
    """The rows of a query, each by column name.

    Args:
        db: the open warehouse.
        sql: the query; `$name` stands for a value.
        values: the values by name.
    """
    answer = db.execute(sql, values or None)
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
