"""Has the lake's tables become those of a closed file, within one transaction.

A table whose rows are what they were is not touched, and not even read: the last commit says by a
fingerprint what they were. Of a table that changed, rows that are gone are deleted and rows that
are new inserted; where much changed it is written anew, which reads faster afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.lake.attaching import LAKE
from orchestration.mirror.keys import SCHEMAS, Keys
from sources.sql import identifier, quoted

if TYPE_CHECKING:
    import duckdb

#: The database of the file that is published, in the same connection.
FILE = "built"
#: A table of whose rows more than this share is gone is written anew.
_ANEW_SHARE = 0.1
_COMPARED = "temp.main.compared"

_TABLES_SQL = """
select schema_name, table_name, comment from duckdb_tables()
where database_name = {database} and schema_name in ({schemas}) order by all
"""
_COLUMNS_SQL = """
select schema_name, table_name, column_name, data_type, not is_nullable, comment
from duckdb_columns() where database_name = {database} and schema_name in ({schemas})
order by schema_name, table_name, column_index
"""

Name = tuple[str, str]


@dataclass(frozen=True)
class Column:
    """A column: its type, and whether it is never null."""

    kind: str
    is_required: bool


@dataclass(frozen=True)
class Table:
    """A table as a database has it; comments by column, that of the table under None."""

    columns: Mapping[str, Column]
    comments: Mapping[str | None, str | None]

    @property
    def listed(self) -> str:
        """Its columns in SQL."""
        return ", ".join(identifier(name) for name in self.columns)


@dataclass(frozen=True)
class Changed:
    """How many rows of a table came and went."""

    added: int
    removed: int


def tables_in(db: duckdb.DuckDBPyConnection, database: str) -> dict[Name, Table]:
    """The published tables of one of a connection's databases, by schema and name."""
    said = {"database": quoted(database), "schemas": ", ".join(map(quoted, SCHEMAS))}
    columns: dict[Name, dict[str, Column]] = {}
    comments: dict[Name, dict[str | None, str | None]] = {}
    for schema, name, comment in db.execute(_TABLES_SQL.format(**said)).fetchall():
        columns[schema, name], comments[schema, name] = {}, {None: comment}
    found = db.execute(_COLUMNS_SQL.format(**said)).fetchall()
    for schema, name, column, kind, is_required, comment in found:
        if (schema, name) in columns:  # a view has columns, too
            columns[schema, name][column] = Column(kind, is_required)
            comments[schema, name][column] = comment
    return {name: Table(columns[name], comments[name]) for name in columns}


def fingerprints(db: duckdb.DuckDBPyConnection, tables: Mapping[Name, Table]) -> dict[str, str]:
    """What tells each of the file's tables from one with other rows, whatever their order.

    Number of rows, the exclusive or of their 64-bit hashes, and their sum: that other rows have
    the same is as likely as one in 2^64.
    """
    found = {}
    for name, table in tables.items():
        hashed = f"hash({table.listed})"
        (one,) = db.execute(
            f"select concat_ws(':', count(*), bit_xor({hashed}), sum({hashed}::hugeint)) "
            f"from {sql_of(FILE, name)}"
        ).fetchall()
        found[".".join(name)] = str(one[0])
    return found


def renew(
    db: duckdb.DuckDBPyConnection,
    tables: Mapping[Name, Table],
    same: Collection[str],
    keys: Keys,
    *,
    anew: bool = False,
) -> dict[Name, Changed]:
    """Has the lake become the file; in the transaction that the connection is in.

    Args:
        db: has the file as `built` and the lake.
        tables: the file's.
        same: the tables (`schema.table`) whose rows the lake has already.
        keys: which of a table's columns no two of its rows share.
        anew: write every table anew, so that nothing of earlier rows is left in its files.

    Returns:
        What changed, by table; tables in which nothing did are left out.
    """
    there = tables_in(db, LAKE)
    for schema in SCHEMAS:
        db.execute(f"create schema if not exists {LAKE}.{identifier(schema)}")
    changed = {}
    for name in there.keys() - tables.keys():
        db.execute(f"drop table {sql_of(LAKE, name)}")
    for name, table in tables.items():
        was = there.get(name)
        if was is None or was.columns != table.columns or anew:
            rows = _make(db, name, table, is_there=was is not None)
            was = None
        elif ".".join(name) in same:
            rows = Changed(0, 0)
        elif name in keys.keys:
            rows = _renew_rows(db, name, table)
        else:
            rows = _write_anew(db, name, table)
        _comment(db, name, table, was)
        if rows.added or rows.removed:
            changed[name] = rows
    return changed


def sql_of(database: str, name: Name) -> str:
    """A table's name in SQL."""
    return f"{database}.{identifier(name[0])}.{identifier(name[1])}"


def _make(db: duckdb.DuckDBPyConnection, name: Name, table: Table, *, is_there: bool) -> Changed:
    removed = _count(db, LAKE, name) if is_there else 0
    if is_there:
        db.execute(f"drop table {sql_of(LAKE, name)}")
    columns = ", ".join(
        f"{identifier(column)} {of.kind}{' not null' * of.is_required}"
        for column, of in table.columns.items()
    )
    db.execute(f"create table {sql_of(LAKE, name)} ({columns})")
    return Changed(_insert(db, name, table), removed)


def _renew_rows(db: duckdb.DuckDBPyConnection, name: Name, table: Table) -> Changed:
    """Rows of which no two are alike, on either side: compared by all that they say."""
    old, new = sql_of(LAKE, name), sql_of(FILE, name)
    same = " and ".join(
        f"old.{column} is not distinct from new.{column}"
        for column in map(identifier, table.columns)
    )
    db.execute(
        f"create or replace temp table compared as select old.place as gone, new.place as come "
        f"from (select rowid as place, * from {old}) as old "
        f"full join (select rowid as place, * from {new}) as new on {same} "
        "where old.place is null or new.place is null"
    )
    counted = db.execute(f"select count(gone), count(come) from {_COMPARED}").fetchone()
    gone, come = counted or (0, 0)
    is_anew = gone > _ANEW_SHARE * _count(db, LAKE, name)
    if not is_anew and gone:
        db.execute(f"delete from {old} where rowid in (select gone from {_COMPARED})")
    if not is_anew and come:
        _insert(db, name, table, f"where rowid in (select come from {_COMPARED})")
    # Not where something failed: the transaction takes it back then, and would not hear of more.
    db.execute(f"drop table {_COMPARED}")
    return _write_anew(db, name, table) if is_anew else Changed(come, gone)


def _write_anew(db: duckdb.DuckDBPyConnection, name: Name, table: Table) -> Changed:
    removed = _count(db, LAKE, name)
    db.execute(f"delete from {sql_of(LAKE, name)}")
    return Changed(_insert(db, name, table), removed)


def _insert(db: duckdb.DuckDBPyConnection, name: Name, table: Table, where: str = "") -> int:
    """In the file's own order, by which readers find a year's rows together."""
    done = db.execute(
        f"insert into {sql_of(LAKE, name)} ({table.listed}) "
        f"select {table.listed} from {sql_of(FILE, name)} {where} order by rowid"
    ).fetchone()
    return int(done[0]) if done else 0


def _count(db: duckdb.DuckDBPyConnection, database: str, name: Name) -> int:
    counted = db.execute(f"select count(*) from {sql_of(database, name)}").fetchone()
    return int(counted[0]) if counted else 0


def _comment(db: duckdb.DuckDBPyConnection, name: Name, table: Table, was: Table | None) -> None:
    for column, comment in table.comments.items():
        if comment == (was.comments[column] if was else None):
            continue
        said = "null" if comment is None else quoted(comment)
        if column is None:
            db.execute(f"comment on table {sql_of(LAKE, name)} is {said}")
        else:
            of = f"{sql_of(LAKE, name)}.{identifier(column)}"
            db.execute(f"comment on column {of} is {said}")
