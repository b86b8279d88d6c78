"""What the mirrored tables are to be: read from the published file, with the keys tests prove."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from orchestration.mirror.columns import Column, column_of
from orchestration.mirror.keys import SCHEMAS, Key, Keys, Reference
from sources.sql import identifier, quoted, records

#: Columns by which tables are joined and narrowed down, where a table has them.
_ASKED_BY = (
    ("cluster_code",),
    ("enterprise_key",),
    ("fiscal_year_be", "fiscal_quarter"),
)
#: Bytes of a name in PostgreSQL; a longer one is cut off.
_LONGEST_NAME = 63

_TABLES_SQL = f"""
select schema_name, table_name, comment from duckdb_tables()
where not internal and schema_name in ({", ".join(map(quoted, SCHEMAS))}) order by all
"""
_COLUMNS_SQL = """
select schema_name, table_name, column_name, data_type, not is_nullable as is_required, comment
from duckdb_columns() where not internal order by schema_name, table_name, column_index
"""


@dataclass(frozen=True)
class Table:
    """A table as it is mirrored.

    Attributes:
        schema: as published.
        name: as published.
        comment: what it says; None where it is not described.
        columns: in their order.
        key: what tells its rows apart; None where no test proves it.
        references: to other mirrored tables' keys.
    """

    schema: str
    name: str
    comment: str | None
    columns: tuple[Column, ...]
    key: Key | None = None
    references: tuple[Reference, ...] = ()

    @property
    def sql(self) -> str:
        """Its name in SQL."""
        return f"{identifier(self.schema)}.{identifier(self.name)}"

    @property
    def staged(self) -> str:
        """The name in SQL of the temporary table in which its next rows wait."""
        return f"pg_temp.{identifier(fitting(f'{self.schema}.{self.name}'))}"

    @property
    def has_primary_key(self) -> bool:
        """Whether its key is one of PostgreSQL's primary keys, which hold no null."""
        return self.key is not None and not self.key.nullable

    @property
    def indexes(self) -> Iterator[tuple[str, ...]]:
        """The columns of every index that its key does not make needless."""
        names = {column.name for column in self.columns}
        wanted = [one.columns for one in self.references]
        wanted += [columns for columns in _ASKED_BY if names.issuperset(columns)]
        key = self.key.columns if self.has_primary_key and self.key else ()
        for columns in dict.fromkeys(wanted):
            if key[: len(columns)] != columns:
                yield columns


def fitting(name: str) -> str:
    """A name as long as PostgreSQL takes it; of a longer one the end is a hash."""
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    return f"{name[:40]}_{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def tables_of(db: duckdb.DuckDBPyConnection, keys: Keys) -> list[Table]:
    """Every published table of an open file.

    A key is left out where the file lacks its columns or the table that it refers to: an earlier
    release may have published the file.

    Raises:
        orchestration.mirror.columns.NoExactType: a column cannot be mirrored.
    """
    columns: dict[tuple[str, str], list[Column]] = {}
    for row in records(db, _COLUMNS_SQL):
        table = columns.setdefault((row["schema_name"], row["table_name"]), [])
        table.append(
            column_of(row["column_name"], row["data_type"], row["is_required"], row["comment"])
        )
    names = {table: {column.name for column in of} for table, of in columns.items()}

    def key_of(table: tuple[str, str]) -> Key | None:
        key = keys.keys.get(table)
        return key if key and names[table].issuperset(key.columns) else None

    def is_whole(table: tuple[str, str], reference: Reference) -> bool:
        parent = (reference.schema, reference.table)
        key = key_of(parent) if parent in names else None
        return (
            key is not None
            and not key.nullable
            and key.columns == reference.columns
            and names[table].issuperset(reference.columns)
        )

    return [
        Table(
            row["schema_name"],
            row["table_name"],
            row["comment"],
            tuple(columns[table]),
            key_of(table),
            tuple(one for one in keys.references.get(table, ()) if is_whole(table, one)),
        )
        for row in records(db, _TABLES_SQL)
        for table in [(row["schema_name"], row["table_name"])]
    ]
