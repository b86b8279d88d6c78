"""The comments in the published file: what every table and column is, for whoever opens it.

A comment's first line is English, its second Thai; tools that show one line show the English.
dbt's own `persist_docs` runs a statement a column and knows no Thai: all comments are set here in
one batch, once the file is finished.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from orchestration.dictionary.published import SCHEMAS, Table
from sources.sql import quoted


def set_comments(db: duckdb.DuckDBPyConnection, tables: Iterable[Table]) -> None:
    """Comments on every table and column that is there and described; others are left alone.

    Args:
        db: open for writing.
        tables: what describes them.
    """
    schemas = ", ".join(quoted(schema) for schema in SCHEMAS)
    there: set[tuple[str, str, str]] = set(
        db.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            f"where schema_name in ({schemas}) and database_name = current_database()"
        ).fetchall()
    )
    named = {(schema, table) for schema, table, _ in there}
    statements = []
    for table in tables:
        if (table.schema, table.name) not in named:
            continue
        relation = f'"{table.schema}"."{table.name}"'
        statements.append(f"comment on table {relation} is {quoted(table.description.comment)}")
        statements += [
            f'comment on column {relation}."{column.name}" is {quoted(column.description.comment)}'
            for column in table.columns
            if (table.schema, table.name, column.name) in there
        ]
    if statements:
        db.execute("; ".join(["begin", *statements, "commit"]))
