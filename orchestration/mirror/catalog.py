"""What stands in the mirror's database now, asked of PostgreSQL's catalog in a few queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orchestration.mirror.keys import SCHEMAS

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

Name = tuple[str, str]

_SCHEMAS_SQL = """
select n.nspname, obj_description(n.oid, 'pg_namespace'),
    exists (select from pg_class as c where c.relnamespace = n.oid)
    or exists (select from pg_proc as p where p.pronamespace = n.oid)
from pg_namespace as n where n.nspname = any(%s)
"""
_RELATIONS_SQL = """
select n.nspname, c.relname, c.relkind = 'r'
    and c.relowner = (select oid from pg_roles where rolname = current_user),
    obj_description(c.oid, 'pg_class')
from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any(%s) and c.relkind not in ('i', 'I', 't', 'c')
"""
_COLUMNS_SQL = """
select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    col_description(c.oid, a.attnum)
from pg_attribute as a
join pg_class as c on c.oid = a.attrelid and c.relkind = 'r'
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any(%s) and a.attnum > 0 and not a.attisdropped
order by a.attnum
"""
_CONSTRAINTS_SQL = """
select n.nspname, c.relname, k.conname, k.contype::text,
    array(select a.attname::text from unnest(k.conkey) with ordinality as of (attnum, place)
        join pg_attribute as a on a.attrelid = c.oid and a.attnum = of.attnum order by place),
    (select pn.nspname || '.' || p.relname from pg_class as p
        join pg_namespace as pn on pn.oid = p.relnamespace where p.oid = k.confrelid)
from pg_constraint as k
join pg_class as c on c.oid = k.conrelid
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any(%s) and k.contype in ('p', 'u', 'f')
"""
_INDEXES_SQL = """
select n.nspname, c.relname from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any(%s) and c.relkind = 'i'
"""


@dataclass(frozen=True)
class ColumnThere:
    """A column as it stands in the database."""

    kind: str
    is_required: bool
    comment: str | None


@dataclass(frozen=True)
class Constraint:
    """A primary key (p), unique key (u) or foreign key (f)."""

    kind: str
    columns: tuple[str, ...]
    refers_to: str | None = None


@dataclass
class TableThere:
    """A table as it stands in the database.

    Attributes:
        is_ours: whether it is an ordinary table whose owner the session is.
        comment: what it says.
        columns: by name, in their order.
        constraints: by name.
    """

    is_ours: bool
    comment: str | None
    columns: dict[str, ColumnThere] = field(default_factory=dict)
    constraints: dict[str, Constraint] = field(default_factory=dict)


@dataclass(frozen=True)
class SchemaThere:
    """A schema as it stands in the database."""

    comment: str | None
    has_something: bool


@dataclass(frozen=True)
class There:
    """All that stands in the three schemas.

    Attributes:
        schemas: those of the three that exist, by name.
        tables: every relation in them.
        indexes: names of indexes, with their schema.
    """

    schemas: Mapping[str, SchemaThere]
    tables: Mapping[Name, TableThere]
    indexes: frozenset[Name]


def look(cursor: Cursor) -> There:
    """What there is."""
    schemas = {
        str(name): SchemaThere(comment, has_something)
        for name, comment, has_something in _asked(cursor, _SCHEMAS_SQL)
    }
    tables: dict[Name, TableThere] = {
        (schema, name): TableThere(is_ours, comment)
        for schema, name, is_ours, comment in _asked(cursor, _RELATIONS_SQL)
    }
    for schema, name, column, kind, is_required, comment in _asked(cursor, _COLUMNS_SQL):
        tables[schema, name].columns[column] = ColumnThere(kind, is_required, comment)
    for schema, name, called, kind, columns, refers_to in _asked(cursor, _CONSTRAINTS_SQL):
        tables[schema, name].constraints[called] = Constraint(kind, tuple(columns), refers_to)
    indexes = frozenset((schema, name) for schema, name in _asked(cursor, _INDEXES_SQL))
    return There(schemas, tables, indexes)


def _asked(cursor: Cursor, sql: str) -> list[tuple[Any, ...]]:
    cursor.execute(sql, [list(SCHEMAS)])
    return list(cursor.fetchall())
