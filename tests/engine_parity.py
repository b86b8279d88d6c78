"""Whether two engines have built the same tables: every column of every one, value by value.

Both sides are read by one DuckDB connection, as a file, as a lake or as Parquet files that Spark has
written:

    table → relation of one engine   ┐
    table → relation of the other    ┴─▶ differences: table, row, column, both values

Rows have no order, and an engine's own width of a number is no difference: 5 is 5 as an integer and
as a decimal. A number that is exact on one side and binary on the other is one, and so is a column
that only one side has or that stands elsewhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

#: Table (schema and name) → what stands behind `from` to read it.
Tables = Mapping[str, str]
_WHOLE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")


@dataclass(frozen=True)
class Difference:
    """One place in which the tables are not the same.

    Attributes:
        table: schema and name.
        row: the row's key, or all of a row that one side lacks; empty where it is not about a row.
        column: the column; empty where a row or the table itself is lacking.
        one: what the one side has, None for nothing.
        other: what the other has.
    """

    table: str
    row: tuple[Any, ...]
    column: str
    one: Any
    other: Any

    def __str__(self) -> str:
        """The difference in a line."""
        return f"{self.table} {self.row} {self.column}: {self.one!r} | {self.other!r}"


def tables_of_database(db: duckdb.DuckDBPyConnection, database: str, *schemas: str) -> Tables:
    """The tables and views of an attached database's schemas."""
    found = db.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_catalog = ? and list_contains(?, table_schema) order by all",
        [database, list(schemas)],
    ).fetchall()
    return {f"{schema}.{table}": f'"{database}"."{schema}"."{table}"' for schema, table in found}


def tables_of_folder(folder: Path, *schemas: str) -> Tables:
    """The tables below Spark's warehouse folder: `<schema>.db/<table>/*.parquet`."""
    return {
        f"{schema}.{table.name}": f"read_parquet('{table.as_posix()}/*.parquet')"
        for schema in schemas
        for table in sorted((folder / f"{schema}.db").iterdir())
        if any(table.glob("*.parquet"))
    }


def differences(
    db: duckdb.DuckDBPyConnection,
    one: Tables,
    other: Tables,
    *,
    keys: Mapping[str, Sequence[str]] | None = None,
    tolerance: float = 0.0,
    at_most: int = 20,
) -> list[Difference]:
    """Returns the first differences of each table; none where both sides say the same.

    Args:
        db: reads both sides.
        one: the tables as the one engine built them.
        other: as the other did.
        keys: table → columns that tell its rows apart, by which rows are paired. Without them those
            that differ are paired in the order of their exact columns.
        tolerance: by how much of its size a binary number may differ.
        at_most: differences of one table that are returned.
    """
    found: list[Difference] = []
    for table in sorted({*one, *other}):
        if table not in one or table not in other:
            found.append(Difference(table, (), "", one.get(table), other.get(table)))
            continue
        key = (keys or {}).get(table, ())
        found += _of_table(db, table, (one[table], other[table]), key, tolerance)[:at_most]
    return found


def _of_table(
    db: duckdb.DuckDBPyConnection,
    table: str,
    sides: tuple[str, str],
    key: Sequence[str],
    tolerance: float,
) -> list[Difference]:
    """The differences of one table."""
    one, other = (_columns(db, side) for side in sides)
    if list(one) != list(other):
        return [Difference(table, (), "columns", list(one), list(other))]
    unlike = [
        Difference(table, (), name, one[name], other[name])
        for name in one
        if _kind(one[name]) != _kind(other[name])
    ]
    if unlike:
        return unlike
    values = [_value(name, one[name], other[name]) for name in one]
    binary = [name for name in one if _kind(one[name]) == "binary"]
    order = [name for name in (key or one) if name not in binary]
    order += [name for name in one if name not in order]
    selects = [f"select {', '.join(values)} from {side}" for side in sides]
    left_over = [
        db.execute(
            f"from ({selects[side]} except all {selects[1 - side]}) "
            f"order by {', '.join(map(_quoted, order))}"
        ).fetchall()
        for side in (0, 1)
    ]
    places = [list(one).index(name) for name in (key or order[: len(order) - len(binary)])]
    return list(_of_rows(table, list(one), left_over, places, set(binary), tolerance))


def _of_rows(
    table: str,
    columns: list[str],
    sides: Sequence[list[tuple[Any, ...]]],
    key: list[int],
    binary: set[str],
    tolerance: float,
) -> Iterable[Difference]:
    """Pairs the rows that only one side has, and says in what each pair differs."""
    others: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for row in sides[1]:
        others.setdefault(tuple(row[place] for place in key), []).append(row)
    alone = []
    for row in sides[0]:
        named = tuple(row[place] for place in key)
        if not others.get(named):
            alone.append(row)
            continue
        for name, value, counterpart in zip(columns, row, others[named].pop(0), strict=True):
            if name in binary and _is_close(value, counterpart, tolerance):
                continue
            if value != counterpart:
                yield Difference(table, named, name, value, counterpart)
    yield from _of_rows_alone(
        table, columns, alone, [row for rows in others.values() for row in rows]
    )


def _of_rows_alone(
    table: str,
    columns: list[str],
    one: list[tuple[Any, ...]],
    other: list[tuple[Any, ...]],
) -> Iterable[Difference]:
    """Where as many rows have no counterpart on either side, in what they differ in their order."""
    if len(one) == len(other):
        for row, counterpart in zip(one, other, strict=True):
            for name, value, against in zip(columns, row, counterpart, strict=True):
                if value != against:
                    yield Difference(table, row, name, value, against)
        return
    for row in one:
        yield Difference(table, row, "", "a row", None)
    for row in other:
        yield Difference(table, row, "", None, "a row")


def _is_close(one: float | None, other: float | None, tolerance: float) -> bool:
    """Whether two binary numbers are the same but for what is tolerated."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)


def _columns(db: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """Column → its type, in the relation's order."""
    described = db.execute(f"describe from {relation}").fetchall()
    return {name: kind for name, kind, *_ in described}


def _kind(column_type: str) -> str:
    """What must be the same of a type on both sides."""
    if _WHOLE.fullmatch(column_type) or _DECIMAL.fullmatch(column_type):
        return "exact"
    if column_type in {"DOUBLE", "FLOAT"}:
        return "binary"
    if column_type.startswith("STRUCT") or column_type.endswith("[]"):
        return "nested"
    return column_type


def _value(name: str, one: str, other: str) -> str:
    """What is selected of a column, so that both sides' values are of one type."""
    kind = _kind(one)
    quoted = _quoted(name)
    if kind == "exact":
        scale = max(int(m[2]) if (m := _DECIMAL.fullmatch(kind)) else 0 for kind in (one, other))
        return f"cast({quoted} as decimal(38, {scale})) as {quoted}"
    if kind == "nested":
        return f"cast({quoted} as varchar) as {quoted}"
    return quoted


def _quoted(name: str) -> str:
    """A column's name as SQL has it."""
    return f'"{name}"'
