"""The one transaction in which the mirror becomes another: tables to fit, rows that differ, keys.

Rows are deleted and inserted, never truncated, and no table is made in another's place: neither
locks readers out, and whoever reads in a transaction that began earlier goes on seeing what was.
Only a release that changes a table's columns or keys needs the table for itself for a moment. It
asks for it first of all, and gives up soon (`lock_timeout`), so that nobody waits long behind it.

What depends on a column or table that is no longer published stands in the way, and PostgreSQL
says so: nothing is ever dropped with what others made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.mirror.catalog import ColumnThere, Constraint, TableThere, There
from orchestration.mirror.columns import Column
from orchestration.mirror.keys import SCHEMAS
from orchestration.mirror.server import NULLS_ARE_VALUES, READER, MirrorFailed
from orchestration.mirror.shape import Table, fitting
from sources.sql import identifier, quoted

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

#: Begins the comment of a schema that the mirror made.
MARK = "Mirror of the cluster warehouse."
_SCHEMA_COMMENT = (
    f"{MARK} Renewed by every night that publishes; read-only. Views and tables of your own belong "
    "in another schema."
)


@dataclass(frozen=True)
class Changed:
    """How many rows of a table were another before."""

    added: int
    removed: int


def is_marked(comment: str | None) -> bool:
    """Whether a schema with this comment is one that the mirror made."""
    return (comment or "").startswith(MARK)


def refuse_foreign_schemas(there: There) -> None:
    """Leaves alone what somebody else has made.

    Raises:
        MirrorFailed: a schema of that name holds something and was not made by the mirror.
    """
    for name, schema in there.schemas.items():
        if schema.has_something and not is_marked(schema.comment):
            raise MirrorFailed(
                f"The database has a schema {name} that the mirror did not make, and nothing in it "
                "was touched. Rename it, or mirror into a database of its own. If it is an earlier "
                f"mirror, type in it: comment on schema {name} is '{MARK}'"
            )


def renew(
    cursor: Cursor, tables: Sequence[Table], there: There, major: int
) -> dict[tuple[str, str], Changed]:
    """Makes the mirror what the staged rows and the tables' shapes say, within a transaction.

    Args:
        cursor: in a transaction; the tables' rows are staged in its session.
        tables: all that are published.
        there: what stands in the database.
        major: the server's version.

    Returns:
        What changed, by table; those in which nothing did are left out.

    Raises:
        psycopg2.Error: it cannot be done; the transaction is to be rolled back.
    """
    for statement in _before(tables, there, major):
        cursor.execute(statement)
    cursor.execute("set constraints all deferred")
    changed = {}
    for table in tables:
        is_new = (table.schema, table.name) not in there.tables
        rows = _renew_rows(cursor, table, is_new)
        if rows.added or rows.removed:
            changed[table.schema, table.name] = rows
    cursor.execute("set constraints all immediate")  # before what would find checks outstanding
    for statement in _after(tables, there, major):
        cursor.execute(statement)
    return changed


# ── The tables ────────────────────────────────────────────────────────────────────────────────


def _before(tables: Sequence[Table], there: There, major: int) -> Iterator[str]:
    """What makes room for the new rows; what needs a table for itself comes first."""
    wanted = {(table.schema, table.name): table for table in tables}
    kept = _kept(tables, there, major)
    ours = {name: found for name, found in there.tables.items() if found.is_ours}
    for kinds in ("f", "pu"):  # what refers to a key goes before the key
        for name, found in ours.items():
            gone = [
                f"drop constraint {identifier(called)}"
                for called, constraint in found.constraints.items()
                if constraint.kind in kinds and (*name, called) not in kept
            ]
            if gone:
                yield f"alter table {_sql_of(name)} {', '.join(gone)}"
    for name, found in ours.items():
        if name not in wanted:
            yield f"drop table {_sql_of(name)}"
        elif changes := list(_alterations(wanted[name], found)):
            yield f"alter table {_sql_of(name)} {', '.join(changes)}"
    for schema in SCHEMAS:
        was = there.schemas.get(schema)
        if was is None:
            yield f"create schema {identifier(schema)}"
        if was is None or not is_marked(was.comment):
            yield f"comment on schema {identifier(schema)} is {quoted(_SCHEMA_COMMENT)}"
    for name, table in wanted.items():
        if name not in there.tables:
            columns = ", ".join(
                f"{identifier(column.name)} {column.kind}{' not null' * column.is_required}"
                for column in table.columns
            )
            yield f"create table {table.sql} ({columns})"


def _sql_of(name: tuple[str, str]) -> str:
    return f"{identifier(name[0])}.{identifier(name[1])}"


def _alterations(table: Table, found: TableThere) -> Iterator[str]:
    """The columns that go, and those that come.

    One that becomes another type goes and comes: its values come with the new rows.
    """
    wanted = {column.name: column for column in table.columns}
    for name, was in found.columns.items():
        if not _stays(wanted.get(name), was):
            yield f"drop column {identifier(name)}"
        elif was.is_required and not wanted[name].is_required:
            yield f"alter column {identifier(name)} drop not null"
    for column in table.columns:
        if not _stays(column, found.columns.get(column.name)):
            yield f"add column {identifier(column.name)} {column.kind}"


def _stays(wanted: Column | None, was: ColumnThere | None) -> bool:
    return wanted is not None and was is not None and wanted.kind == was.kind


def _after(tables: Sequence[Table], there: There, major: int) -> Iterator[str]:
    """What can be so once the new rows are there: keys before what refers to them, comments."""
    kept = _kept(tables, there, major)
    references = []
    for table in tables:
        was = _columns_that_stay(table, there)
        is_new = (table.schema, table.name) not in there.tables
        for column in table.columns:
            is_so = is_new or (column.name in was and was[column.name].is_required)
            if column.is_required and not is_so:
                yield f"alter table {table.sql} alter {identifier(column.name)} set not null"
        for name, constraint in _constraints(table, major).items():
            if (table.schema, table.name, name) in kept:
                continue
            statement = f"alter table {table.sql} add constraint {_defined(name, constraint)}"
            if constraint.kind == "f":
                references.append(statement)
            else:
                yield statement
        for columns in table.indexes:
            name = fitting(f"{table.name}_{'_'.join(columns)}_idx")
            # An index goes with a column of its.
            if (table.schema, name) not in there.indexes or not was.keys() >= set(columns):
                yield f"create index {identifier(name)} on {table.sql} ({_listed(columns)})"
        yield from _comments(table, was, there)
    yield from references


def _columns_that_stay(table: Table, there: There) -> dict[str, ColumnThere]:
    found = there.tables.get((table.schema, table.name))
    if found is None:
        return {}
    wanted = {column.name: column for column in table.columns}
    return {name: was for name, was in found.columns.items() if _stays(wanted.get(name), was)}


def _kept(tables: Sequence[Table], there: There, major: int) -> set[tuple[str, str, str]]:
    """The keys that stand already as they are to be: schema, table and name of each."""
    kept: set[tuple[str, str, str]] = set()
    for kinds in ("pu", "f"):
        for table in tables:
            found = there.tables.get((table.schema, table.name))
            stay = set(_columns_that_stay(table, there))
            for name, constraint in _constraints(table, major).items():
                if (
                    constraint.kind in kinds
                    and found is not None
                    and found.constraints.get(name) == constraint
                    and stay.issuperset(constraint.columns)
                    and (constraint.refers_to is None or _key_name(constraint.refers_to) in kept)
                ):
                    kept.add((table.schema, table.name, name))
    return kept


def _key_name(table: str) -> tuple[str, str, str]:
    """Schema, table and name of the primary key of a `schema.table`."""
    schema, _, name = table.partition(".")
    return schema, name, fitting(f"{name}_pkey")


def _constraints(table: Table, major: int) -> dict[str, Constraint]:
    """The keys that a table is to have, by their names."""
    wanted = {}
    if table.key is not None and table.has_primary_key:
        wanted[fitting(f"{table.name}_pkey")] = Constraint("p", table.key.columns)
    elif table.key is not None and major >= NULLS_ARE_VALUES:
        wanted[fitting(f"{table.name}_key")] = Constraint("u", table.key.columns)
    for one in table.references:
        name = fitting(f"{table.name}_{'_'.join(one.columns)}_fkey")
        wanted[name] = Constraint("f", one.columns, f"{one.schema}.{one.table}")
    return wanted


def _defined(name: str, constraint: Constraint) -> str:
    columns = _listed(constraint.columns)
    if constraint.kind == "p":
        return f"{identifier(name)} primary key ({columns})"
    if constraint.kind == "u":
        return f"{identifier(name)} unique nulls not distinct ({columns})"
    schema, _, table = (constraint.refers_to or "").partition(".")
    return (
        f"{identifier(name)} foreign key ({columns}) "
        f"references {identifier(schema)}.{identifier(table)} ({columns}) deferrable"
    )


def _comments(table: Table, was: Mapping[str, ColumnThere], there: There) -> Iterator[str]:
    found = there.tables.get((table.schema, table.name))
    if table.comment != (found.comment if found else None):
        yield f"comment on table {table.sql} is {_or_null(table.comment)}"
    for column in table.columns:
        if column.comment != (was[column.name].comment if column.name in was else None):
            name = f"{table.sql}.{identifier(column.name)}"
            yield f"comment on column {name} is {_or_null(column.comment)}"


def _or_null(text: str | None) -> str:
    # As an escaped string a backslash means the same whatever the server's settings are.
    return "null" if text is None else "E" + quoted(text.replace("\\", "\\\\"))


# ── The rows ──────────────────────────────────────────────────────────────────────────────────


def _renew_rows(cursor: Cursor, table: Table, is_new: bool) -> Changed:
    """Deletes the rows that are no longer so and inserts those that are new."""
    columns = _listed([column.name for column in table.columns])
    if is_new:
        cursor.execute(f"insert into {table.sql} ({columns}) select {columns} from {table.staged}")
        return Changed(cursor.rowcount, 0)
    remove, add = _by_key(table) if table.has_primary_key else _by_line(table)
    cursor.execute(remove)
    removed = cursor.rowcount
    cursor.execute(add)
    return Changed(cursor.rowcount, removed)


def _by_key(table: Table) -> tuple[str, str]:
    """Deletes and inserts rows that the key tells apart."""
    key = table.key.columns if table.key else ()
    same_key = " and ".join(f"old.{identifier(c)} = new.{identifier(c)}" for c in key)
    columns = [column.name for column in table.columns]
    return (
        f"delete from {table.sql} as old where not exists (select from {table.staged} as new "
        f"where {same_key} and row({_listed(columns, 'old')}) "
        f"is not distinct from row({_listed(columns, 'new')}))",
        f"insert into {table.sql} ({_listed(columns)}) select {_listed(columns)} "
        f"from {table.staged} as new where not exists "
        f"(select from {table.sql} as old where {same_key})",
    )


def _by_line(table: Table) -> tuple[str, str]:
    """Deletes and inserts rows by all that they say, each as often as it is there."""
    columns = _listed([column.name for column in table.columns])
    line = f"row({columns})::text"

    def numbered(source: str, more: str) -> str:
        # Names that no column has.
        return (
            f'(select {more}, {line} as "~line", '
            f'row_number() over (partition by {line}) as "~copy" from {source})'
        )

    old, new = numbered(table.sql, 'ctid as "~place"'), numbered(table.staged, columns)
    same = 'old."~line" = new."~line" and old."~copy" = new."~copy"'
    return (
        f'delete from {table.sql} where ctid in (select old."~place" from {old} as old '
        f"where not exists (select from {new} as new where {same}))",
        f"insert into {table.sql} ({columns}) select {columns} from {new} as new "
        f"where not exists (select from {old} as old where {same})",
    )


def _listed(columns: Sequence[str], of: str | None = None) -> str:
    return ", ".join(f"{of}.{identifier(c)}" if of else identifier(c) for c in columns)


# ── Who may read ──────────────────────────────────────────────────────────────────────────────


def make_reader(cursor: Cursor) -> str | None:
    """Makes the role of those who read, where there is none and this user may.

    Returns:
        What an administrator must type; None where the role exists.
    """
    cursor.execute("select exists (select from pg_roles where rolname = %s)", [READER])
    if (cursor.fetchone() or (False,))[0]:
        return None
    cursor.execute("select rolsuper or rolcreaterole from pg_roles where rolname = current_user")
    if (cursor.fetchone() or (False,))[0]:
        cursor.execute(f"create role {READER} nologin")
        return None
    return (
        f"Nobody else can read the mirror yet: there is no role {READER}, and the mirror's user "
        f"may make none. Have an administrator type: create role {READER} nologin; then type "
        "`warehouse mirror`."
    )


def let_read(cursor: Cursor, tables: Sequence[Table]) -> None:
    """Grants the readers' role what it lacks: to use the schemas and to select from the tables."""
    for schema in SCHEMAS:
        cursor.execute("select has_schema_privilege(%s, %s, 'usage')", [READER, schema])
        if not (cursor.fetchone() or (False,))[0]:
            cursor.execute(f"grant usage on schema {identifier(schema)} to {READER}")
    for table in tables:
        cursor.execute("select has_table_privilege(%s, %s, 'select')", [READER, table.sql])
        if not (cursor.fetchone() or (False,))[0]:
            cursor.execute(f"grant select on {table.sql} to {READER}")
