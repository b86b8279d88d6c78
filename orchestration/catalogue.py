"""What is published: tables and columns with what the file itself says of them.

Descriptions are the comments in the DuckDB file, English in the first line and Thai in the second;
a file of older software has none, and is listed all the same.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

import duckdb

from orchestration.settings import SettingsError

#: Reports first: what most people look for.
_SCHEMAS = "['reports', 'marts', 'audit']"
_SENTENCE = re.compile(r"(.+?[.!?])(\s|$)")


@dataclass(frozen=True)
class Column:
    """A column; `formula` is that of the figure it holds, where it is a defined one."""

    name: str
    type: str
    nullable: bool
    key: bool
    description: str | None
    metric: str | None = None
    formula: str | None = None


@dataclass(frozen=True)
class Table:
    """A published table; `rows` is exact."""

    schema: str
    name: str
    rows: int
    description: str | None

    @property
    def full_name(self) -> str:
        """Schema and name."""
        return f"{self.schema}.{self.name}"

    @property
    def grain(self) -> str:
        """The first sentence of the description: what one row is."""
        english = (self.description or "").partition("\n")[0].strip()
        found = _SENTENCE.match(english)
        return found.group(1) if found else english

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {**asdict(self), "grain": self.grain}


@dataclass(frozen=True)
class Described:
    """A table with its columns."""

    table: Table
    columns: list[Column]

    @property
    def keys(self) -> list[str]:
        """The columns that tell its rows apart; empty where the file does not say."""
        return [column.name for column in self.columns if column.key]

    @property
    def example(self) -> str:
        """SQL to begin with."""
        return f"from {self.table.full_name} limit 10"

    @property
    def how_to_trace(self) -> str | None:
        """The command that says where a row's figures come from; None where it can tell nothing."""
        if self.table.schema == "audit" or not self.columns:
            return None
        keys = " ".join(f"{key}=…" for key in self.keys or [self.columns[0].name])
        return f"warehouse trace {self.table.name} {keys}"

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            **self.table.as_dict(),
            "columns": [asdict(column) for column in self.columns],
            "example": self.example,
            "trace": self.how_to_trace,
        }


def tables(db: duckdb.DuckDBPyConnection) -> list[Table]:
    """Every published table, reports first."""
    named = db.execute(
        f"""
        select schema_name, table_name, comment from duckdb_tables()
        where database_name = current_database() and not internal and not temporary
        order by list_position({_SCHEMAS}, schema_name) nulls last, schema_name, table_name
        """
    ).fetchall()
    if not named:
        return []
    # One statement: a count is read from the file's metadata and takes no scan.
    counts = ", ".join(
        f"(select count(*) from {_quoted(schema)}.{_quoted(name)})" for schema, name, _ in named
    )
    (rows,) = db.execute(f"select {counts}").fetchall()
    return [
        Table(schema, name, int(count), comment)
        for (schema, name, comment), count in zip(named, rows, strict=True)
    ]


def describe(db: duckdb.DuckDBPyConnection, asked: str) -> Described:
    """A table with its columns.

    Args:
        db: the published warehouse.
        asked: its name, with its schema or without.

    Raises:
        SettingsError: there is no such table; the message names those that are near.
    """
    every = tables(db)
    wanted = asked.strip().rstrip(";").replace('"', "").lower()
    found = [one for one in every if wanted in (one.name.lower(), one.full_name.lower())]
    if not found:
        raise SettingsError(_no_such_table(asked, wanted, every))
    return Described(found[0], _columns(db, found[0]))


def _no_such_table(asked: str, wanted: str, every: list[Table]) -> str:
    names = {name: one for one in every for name in (one.name.lower(), one.full_name.lower())}
    near = get_close_matches(wanted, names, n=3, cutoff=0.6)
    meant = list(dict.fromkeys(names[name].full_name for name in near))
    hint = f"Did you mean {' or '.join(meant)}?" if meant else "`warehouse tables` lists them."
    return f"There is no published table {asked!r}. {hint}"


def _columns(db: duckdb.DuckDBPyConnection, table: Table) -> list[Column]:
    metrics, grain = _metrics(db, table)
    keys = grain | {
        name
        for (names,) in db.execute(
            "select constraint_column_names from duckdb_constraints() "
            "where database_name = current_database() and schema_name = ? and table_name = ? "
            "and constraint_type = 'PRIMARY KEY'",
            [table.schema, table.name],
        ).fetchall()
        for name in names
    }
    rows = db.execute(
        "select column_name, data_type, is_nullable, comment from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? and table_name = ? "
        "order by column_index",
        [table.schema, table.name],
    ).fetchall()
    return [
        Column(name, kind, nullable, name in keys, comment, *metrics.get(name, (None, None)))
        for name, kind, nullable, comment in rows
    ]


def _metrics(
    db: duckdb.DuckDBPyConnection, table: Table
) -> tuple[dict[str, tuple[str, str]], set[str]]:
    """Column → name and formula of the figure it holds; and the columns one figure is of."""
    has_them = db.execute(
        "select count(*) = 2 from duckdb_tables() where database_name = current_database() "
        "and schema_name = 'reports' and table_name in ('metric_column', 'metric_definition')"
    ).fetchall()
    if has_them != [(True,)]:
        return {}, set()
    rows = db.execute(
        "select c.column_name, d.name, d.formula, c.grain from reports.metric_column as c "
        "join reports.metric_definition as d on d.name = c.metric_name where c.table_name = ?",
        [table.full_name],
    ).fetchall()
    grains = {grain for *_, grain in rows}
    one = {part.strip() for part in grains.pop().split(",")} if len(grains) == 1 else set()
    return {column: (name, formula) for column, name, formula, _ in rows}, one


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
