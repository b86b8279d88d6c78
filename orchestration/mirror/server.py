"""The mirror's PostgreSQL server: how it is reached, and what it says when something fails.

Nothing that is said here holds the URL's password or a row's values: of an error of PostgreSQL the
first line and what it names beside it are told where they speak of tables and views, never the
line of a COPY or the values of a key.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sources.silence import NOTICED, Watch

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

#: The oldest server whose SQL suffices.
OLDEST = 12
#: The newest that null as a value of its own in a unique key needs.
NULLS_ARE_VALUES = 15
#: Who may read; nobody logs in as it, administrators grant it to people and programs.
READER = "warehouse_reader"
#: How long a lock on a table is waited for (milliseconds): whoever comes after waits behind it.
_LOCK_MILLISECONDS = 2000
#: Everybody who mirrors into one database holds this lock: the letters `mirror` as a number.
_ONE_MIRROR = int.from_bytes(b"mirror", "big")
#: Of the server's memory, for comparing rows and making indexes.
_MEMORY = "128MB"
#: How long another mirror is waited for: the session of one that was killed ends by itself.
_MIRROR_MILLISECONDS = 10_000
#: What may be otherwise at the next try: a lock not had, a deadlock, a server that goes down or
#: comes up, has too many connections, or whose catalog was changed by another at that moment.
_PASSING = frozenset(
    {"55P03", "40P01", "40001", "57P01", "57P02", "57P03", "53300", "08000", "08003", "08006"}
)
_DEPENDENT = "2BP01"
_FORBIDDEN = "42501"


class MirrorFailed(RuntimeError):
    """Nothing was mirrored, and what was before is as it was; the message says what to do."""


def place(url: str) -> str:
    """Where a database is, without who asks it: `host:port/name`."""
    from sqlalchemy import make_url

    at = make_url(url)
    return f"{at.host or 'localhost'}:{at.port or 5432}/{at.database}"


@contextmanager
def session(url: str) -> Generator[Connection, None, None]:
    """A session with the settings that mirroring needs, outside any transaction.

    Raises:
        psycopg2.Error: the server cannot be reached, or refuses.
        MirrorFailed: it is too old.
    """
    import psycopg2
    from sqlalchemy import create_engine, make_url

    target = make_url(url)
    dialect = create_engine(target).dialect
    _, named = dialect.create_connect_args(target)
    options = {**NOTICED, "application_name": "warehouse mirror", **named}
    connection = psycopg2.connect(**options)
    watch = Watch(place(url), lambda: psycopg2.connect(**options))
    try:
        watch.begin(connection)
        connection.autocommit = True
        major = connection.server_version // 10000
        if major < OLDEST:
            raise MirrorFailed(
                f"The mirror's server is PostgreSQL {major}; {OLDEST} or newer is needed."
            )
        with connection.cursor() as cursor:
            cursor.execute(
                "set search_path = pg_catalog; set timezone = 'UTC'; set datestyle = 'ISO, YMD'; "
                "set client_encoding = 'UTF8'; set extra_float_digits = 1; "
                f"set work_mem = '{_MEMORY}'; set maintenance_work_mem = '{_MEMORY}'; "
                "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0"
            )
        yield connection
    finally:
        watch.end()
        connection.close()


@contextmanager
def only_mirror(connection: Connection) -> Generator[None, None, None]:
    """Keeps other mirrors out of the database for as long as the session lasts.

    Raises:
        MirrorFailed: another one is at work.
    """
    from psycopg2.errors import LockNotAvailable

    with connection.cursor() as cursor:
        cursor.execute(f"set lock_timeout = {_MIRROR_MILLISECONDS}")
        try:
            cursor.execute("select pg_advisory_lock(%s)", [_ONE_MIRROR])
        except LockNotAvailable as error:
            raise MirrorFailed(
                "Another mirror into this database is at work. Wait until it ends, then type "
                "`warehouse mirror`."
            ) from error
        cursor.execute(f"set lock_timeout = {_LOCK_MILLISECONDS}")
        yield  # where that fails, the lock is given back with the session
        cursor.execute("select pg_advisory_unlock(%s)", [_ONE_MIRROR])


def can_pass(error: BaseException) -> bool:
    """Whether mirroring may succeed a little later, though nobody does anything."""
    import psycopg2

    if not isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError):
        return False
    if error.pgcode:
        return error.pgcode in _PASSING
    said = str(error)  # it did not come to a session, or the session broke off
    return "FATAL" not in said or "the database system is" in said or "too many" in said


def in_words(error: Any, url: str) -> str:
    """What a server said, and what to do; without password, statement or values.

    Args:
        error: of psycopg2.
        url: of the mirror.
    """
    code = error.pgcode
    where = place(url)
    primary = error.diag.message_primary if error.diag else None
    said = " ".join((primary or str(error)).split())
    if code is None:
        return (
            f"The mirror's database {where} does not answer ({said}). Start the server, or mend "
            "WAREHOUSE_PUBLISH_POSTGRES, then type `warehouse mirror`."
        )
    if code == "55P03":
        return (
            f"A table of {where} that this release changes was in use the whole time. End the "
            "sessions that hold it open (pg_stat_activity says which), then type "
            "`warehouse mirror`. Until then the mirror stays as it was."
        )
    if code == _DEPENDENT:
        detail = "; ".join((error.diag.message_detail or "").split("\n"))
        return (
            f"{said}, in {where}: {detail}. Nothing of it was taken away. Have whoever owns it "
            "change or drop it, then type `warehouse mirror`."
        )
    if code == _FORBIDDEN:
        from sqlalchemy import make_url

        user = make_url(url).username or "its user"
        return (
            f"PostgreSQL says of {where}: {said}. The mirror's user {user} must be allowed to make "
            "schemas there, or own marts, reports and audit with all that it mirrored. An "
            f"administrator types, for each of the three: create schema marts authorization {user}"
        )
    return f"PostgreSQL says of {where}: {said} ({code})."
