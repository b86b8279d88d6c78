"""The warehouse's file from the tables that Spark wrote.

Spark's types are not all those that a contract names and its files enforce nothing, so each table
is made as its contract says and filled in the order of Spark's files: the columns, types, rules and
values that dbt has on DuckDB.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.manifest import BuildFailed
from orchestration.spark.places import Tables
from orchestration.spark.session import first_line
from sources.sql import quoted

#: Of DuckDB's buffers, as dbt's profile has it; beyond it spills to disk.
_MEMORY = "900MB"


def assemble(
    folder: Path,
    tables: Tables,
    nodes: Mapping[str, Mapping[str, Any]],
    beside: Iterable[str],
) -> None:
    """Fills `warehouse.duckdb` with what is published, `scratch.duckdb` with what is read besides.

    Args:
        folder: of the build.
        tables: where Spark's tables lie.
        nodes: `schema.table` → its node of dbt's manifest, whose columns are its contract.
        beside: `schema.table` of what finishing the warehouse reads besides.

    Raises:
        BuildFailed: a table does not keep its contract.
    """
    with _opened(folder / "warehouse.duckdb") as db:
        for name, node in nodes.items():
            schema, table = name.split(".")
            db.execute(f"create schema if not exists {schema}")
            db.execute(f"create table {name} ({columns_sql(node['columns'])})")
            columns = ", ".join(f'"{column}"' for column in node["columns"])
            try:
                if parts := tables.fetched(schema, table, folder / "fetched"):
                    db.execute(f"insert into {name} select {columns} from {_parquet(parts)}")
            except duckdb.Error as error:
                raise BuildFailed(
                    f"{name} as Spark built it breaks its contract: {first_line(error)}"
                ) from error
        db.execute("checkpoint")
    with _opened(folder / "scratch.duckdb") as db:
        for name in beside:
            schema, table = name.split(".")
            db.execute(f"create schema if not exists {schema}")
            parts = tables.fetched(schema, table, folder / "fetched")
            db.execute(f"create table {name} as from {_parquet(parts)}")


def columns_sql(columns: Mapping[str, Mapping[str, Any]]) -> str:
    """Columns of a table as its contract declares them.

    Args:
        columns: name → column of dbt's manifest.
    """
    declared = []
    for name, column in columns.items():
        rules = {rule["type"] for rule in column["constraints"]}
        if unknown := rules - {"not_null"}:
            raise BuildFailed(f"{name}: no table is made with the constraint {min(unknown)} here.")
        declared.append(f'"{name}" {column["data_type"]}{" not null" if rules else ""}')
    return ", ".join(declared)


def rows_of(tables: Tables, name: str) -> int | None:
    """How many rows a table has, as its files say themselves; None of what is no table."""
    from pyarrow import parquet

    parts = tables.parts(*name.split("."))
    if not parts:
        return None
    rows = 0
    for part in parts:
        with tables.files.open(part) as file:
            rows += parquet.read_metadata(file).num_rows
    return rows


def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(path), config={"memory_limit": _MEMORY})


def _parquet(parts: Iterable[Path]) -> str:
    return f"read_parquet([{', '.join(quoted(str(part)) for part in parts)}])"
