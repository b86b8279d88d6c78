"""The PostgreSQL mirror: whether it is reached, may be written, can be read, and is up to date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from orchestration.doctor.finding import Finding, ok, warning
from orchestration.settings import Home

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

_AGAIN = "Then type: warehouse mirror"
_RIGHTS_SQL = """
select current_user, has_database_privilege(current_database(), 'create'),
    has_database_privilege(current_database(), 'temporary')
"""
_OWNED_SQL = """
select nspname from pg_namespace
where nspname = any(%s) and nspowner = (select oid from pg_roles where rolname = current_user)
"""
_READER_SQL = "select exists (select from pg_roles where rolname = %s)"


def postgres(home: Home) -> Iterator[Finding]:
    """Whether the mirror, where one is set, can be renewed and shows what is published.

    Never a problem: without a mirror nights run, and analysts have the published file.
    """
    if home.publish_postgres is None:
        return
    import psycopg2

    from orchestration.mirror import server

    try:
        with server.session(home.publish_postgres) as connection, connection.cursor() as cursor:
            version = connection.server_version // 10000
            yield ok("mirror", f"{server.place(home.publish_postgres)} is PostgreSQL {version}.")
            yield from _rights(cursor)
    except psycopg2.Error as error:
        yield warning("mirror", server.in_words(error, home.publish_postgres), _AGAIN)
        return
    except server.MirrorFailed as error:
        yield warning("mirror", str(error), _AGAIN)
        return
    yield from _standing(home)


def _rights(cursor: Cursor) -> Iterator[Finding]:
    from orchestration.mirror import catalog, renewal
    from orchestration.mirror.keys import SCHEMAS
    from orchestration.mirror.server import READER, MirrorFailed

    try:
        renewal.refuse_foreign_schemas(catalog.look(cursor))
    except MirrorFailed as error:
        yield warning("mirror", str(error), _AGAIN)
    cursor.execute(_RIGHTS_SQL)
    user, may_create, may_stage = cursor.fetchone() or ("", False, False)
    cursor.execute(_OWNED_SQL, [list(SCHEMAS)])
    owned = {str(name) for (name,) in cursor.fetchall()}
    lacking = [schema for schema in SCHEMAS if schema not in owned]
    if lacking and not may_create:
        yield warning(
            "mirror",
            f"The user {user} may not make the schemas {', '.join(lacking)}.",
            f"An administrator types, for each: create schema {lacking[0]} authorization {user}",
        )
    if not may_stage:
        yield warning(
            "mirror",
            f"The user {user} may make no temporary tables, through which rows are loaded.",
            f"An administrator types: grant temporary on database … to {user}",
        )
    cursor.execute(_READER_SQL, [READER])
    if not (cursor.fetchone() or (False,))[0]:
        yield warning(
            "mirror",
            f"There is no role {READER}: nobody else can read the mirror.",
            f"`warehouse mirror` makes it where {user} may make roles; else an administrator "
            f"types: create role {READER} nologin",
        )


def _standing(home: Home) -> Iterator[Finding]:
    from orchestration.mirror.standing import behind

    late = behind(home)
    if late is not None:
        yield warning("mirror", late.in_words(), _AGAIN)
    elif home.warehouse.exists():
        yield ok("mirror", "The mirror shows what is published.")
