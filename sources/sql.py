"""Names and texts as generated SQL has them, and rows by column name; imports nothing heavy."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


def quoted(text: str) -> str:
    """The text as a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """The name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | bool | int | Decimal | dt.date | None) -> str:
    """A value as SQL says it; an instant is one of UTC.

    For a statement's parameters DuckDB imports pandas, which takes a third of a second.
    """
    if value is None:
        return "null"
    if isinstance(value, dt.datetime):
        return f"timestamp {quoted(value.replace(tzinfo=None).isoformat(' '))}"
    if isinstance(value, dt.date):
        return f"date {quoted(value.isoformat())}"
    return quoted(value) if isinstance(value, str) else str(value)


def records(db: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """The rows of a query, each by column name."""
    answer = db.execute(sql)
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
