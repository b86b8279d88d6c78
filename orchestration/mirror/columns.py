"""A published column as PostgreSQL has it: its exact type, and the text by which values travel."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sources.sql import identifier

_SCALARS = {
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "UTINYINT": "smallint",
    "SMALLINT": "smallint",
    "USMALLINT": "integer",
    "INTEGER": "integer",
    "UINTEGER": "bigint",
    "BIGINT": "bigint",
    "UBIGINT": "numeric(20,0)",
    "HUGEINT": "numeric(39,0)",
    "UHUGEINT": "numeric(39,0)",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "VARCHAR": "text",
    "DATE": "date",
    "TIME": "time without time zone",
    # Every instant of the warehouse is in UTC and has no zone.
    "TIMESTAMP": "timestamp with time zone",
    "TIMESTAMP_S": "timestamp with time zone",
    "TIMESTAMP_MS": "timestamp with time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    "INTERVAL": "interval",
    "UUID": "uuid",
    "BLOB": "bytea",
    "JSON": "jsonb",
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_LIST = re.compile(r"(.+)\[\d*\]")
_NESTED = re.compile(r"(STRUCT|MAP)\(.*\)(\[\d*\])*|.+\[\d*\]\[\d*\]", re.DOTALL)
#: Types whose text may be empty or hold anything: quoted in CSV, so that it is never taken for
#: null or for the end of the data.
_QUOTED = ("text", "jsonb")


class NoExactType(ValueError):
    """PostgreSQL has no type that holds every value of a column; the message names it."""


@dataclass(frozen=True)
class Column:
    """A column of a mirrored table.

    Attributes:
        name: as published.
        kind: PostgreSQL's type, as PostgreSQL itself writes it.
        is_required: whether it is never null.
        comment: what it says; None where it is not described.
        sent: the SQL by which DuckDB gives the value as text that PostgreSQL reads.
    """

    name: str
    kind: str
    is_required: bool
    comment: str | None
    sent: str

    @property
    def is_quoted(self) -> bool:
        """Whether its values are quoted in CSV."""
        return self.kind in _QUOTED or self.kind.endswith("[]")


def column_of(name: str, duckdb_type: str, is_required: bool, comment: str | None) -> Column:
    """The column of a DuckDB file as PostgreSQL has it.

    Raises:
        NoExactType: there is no type that holds all that it may hold.
    """
    kind = _kind(duckdb_type)
    if kind is None:
        raise NoExactType(f"PostgreSQL has no exact type for {name}, which is {duckdb_type}.")
    return Column(name, kind, is_required, comment, _sent(identifier(name), kind))


def _kind(duckdb_type: str) -> str | None:
    if scalar := _SCALARS.get(duckdb_type):
        return scalar
    if decimal := _DECIMAL.fullmatch(duckdb_type):
        return f"numeric({decimal[1]},{decimal[2]})"
    if duckdb_type.startswith("ENUM("):
        return "text"
    if _NESTED.fullmatch(duckdb_type):
        return "jsonb"
    if listed := _LIST.fullmatch(duckdb_type):
        element = _kind(listed[1])
        return None if element in (None, "bytea", "jsonb") else f"{element}[]"
    return None


def _sent(column: str, kind: str) -> str:
    if kind == "text":
        # The one letter that no text of PostgreSQL can hold.
        return f"replace({column}::varchar, chr(0), chr(65533))"
    if kind == "bytea":
        return rf"'\x' || hex({column})"
    if kind == "jsonb":
        return f"to_json({column})::varchar"
    if kind.endswith("[]"):
        element = r"""'"' || replace(replace(x::varchar, '\', '\\'), '"', '\"') || '"'"""
        of_each = f"lambda x: case when x is null then 'NULL' else {element} end"
        listed = f"array_to_string(list_transform({column}, {of_each}), ',')"
        return f"case when {column} is not null then '{{' || {listed} || '}}' end"
    return column
