"""A published table as one Parquet and one CSV file, row by row in its own order.

DuckDB writes both, in a stream. In Parquet every type stays what it is: decimals decimals, dates
dates, instants timestamps without a zone (they are UTC). CSV is RFC 4180 with a byte order mark, by
which Excel knows UTF-8 and shows Thai; an empty text is `""`, a missing value nothing at all.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.exports.cells import shown_sql
from sources.sql import identifier, quoted

#: DuckDB's own size of a row group: what a reader of one cluster or year skips or reads.
ROW_GROUP_ROWS = 122_880
#: Stands in the file's first name, for DuckDB writes none by itself.
_BYTE_ORDER_MARK = "\ufeff"

_TABLES_SQL = """
select schema_name, table_name, coalesce(comment, '')
from duckdb_tables() where not internal and not temporary
order by schema_name, table_name
"""
_COLUMNS_SQL = """
select schema_name, table_name, column_name, data_type, coalesce(comment, '')
from duckdb_columns() where not internal
order by schema_name, table_name, column_index
"""


@dataclass(frozen=True)
class Column:
    """A column of a published table.

    Attributes:
        name: its name.
        type: DuckDB's name of its type, such as `DECIMAL(18,2)`.
        comment: what the database says of it; empty where nothing.
    """

    name: str
    type: str
    comment: str

    @property
    def is_text(self) -> bool:
        """Whether it holds text, and so whatever somebody typed."""
        return self.type == "VARCHAR"


@dataclass(frozen=True)
class Table:
    """A published table.

    Attributes:
        schema: marts, reports or audit.
        plain_name: its name in it.
        comment: what the database says of it, its grain first; empty where nothing.
        columns: in their order.
    """

    schema: str
    plain_name: str
    comment: str
    columns: Sequence[Column]

    @property
    def name(self) -> str:
        """`schema.table`: what its files are called."""
        return f"{self.schema}.{self.plain_name}"

    @property
    def relation(self) -> str:
        """The table in SQL."""
        return f"{identifier(self.schema)}.{identifier(self.plain_name)}"


@dataclass(frozen=True)
class Written:
    """A table that was written.

    Attributes:
        table: which.
        rows: how many it has.
        files: its files.
        content: a hash of what they follow from.
    """

    table: Table
    rows: int
    files: Sequence[Path]
    content: str


def published_tables(db: duckdb.DuckDBPyConnection) -> list[Table]:
    """Every table of a warehouse, by schema and name."""
    columns: dict[tuple[str, str], list[Column]] = {}
    for schema, table, name, kind, comment in db.execute(_COLUMNS_SQL).fetchall():
        columns.setdefault((schema, table), []).append(Column(name, kind, comment))
    return [
        Table(schema, name, comment, columns[schema, name])
        for schema, name, comment in db.execute(_TABLES_SQL).fetchall()
    ]


def write_parquet(db: duckdb.DuckDBPyConnection, table: Table, path: Path) -> int:
    """Writes a table as Parquet, compressed by zstd, with what the database says of it inside.

    Returns:
        How many rows it has.
    """
    said = {"table": table.name}
    if table.comment:
        said["description"] = table.comment
    if of_columns := {c.name: c.comment for c in table.columns if c.comment}:
        said["columns"] = json.dumps(of_columns, ensure_ascii=False)
    metadata = ", ".join(f"{identifier(key)}: {quoted(value)}" for key, value in said.items())
    return _copied(
        db,
        table.relation,
        path,
        f"format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS}, "
        f"kv_metadata {{{metadata}}}",
    )


def write_csv(db: duckdb.DuckDBPyConnection, table: Table, path: Path) -> int:
    """Writes a table as CSV that no program computes; see `orchestration.exports.cells`.

    Returns:
        How many rows it has.
    """
    marks = (_BYTE_ORDER_MARK, *[""] * (len(table.columns) - 1))
    cells = ", ".join(
        f"{shown(column)} as {identifier(mark + column.name)}"
        for mark, column in zip(marks, table.columns, strict=True)
    )
    source = f"(select {cells} from {table.relation})"
    return _copied(db, source, path, "format csv, header, new_line '\\r\\n'")


def shown(column: Column) -> str:
    """SQL of a column as cells show it: text that nothing computes, anything else as it is."""
    name = identifier(column.name)
    return shown_sql(name) if column.is_text else name


def _copied(db: duckdb.DuckDBPyConnection, source: str, path: Path, options: str) -> int:
    answer = db.execute(f"copy {source} to {quoted(str(path))} ({options})").fetchone()
    return int(answer[0]) if answer else 0
