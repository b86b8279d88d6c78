"""A DuckDB connection with the lake attached; what keeps it from that is told in a sentence.

The catalog's password goes to DuckDB as a secret in the connection's memory, so it stands in no
statement's text, no list of databases and no file.
"""

from __future__ import annotations

import importlib.resources
import importlib.util
import os
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.settings import Home, SettingsError
from sources.objects import reach_objects
from sources.silence import NOTICED, Watch
from sources.sql import quoted

if TYPE_CHECKING:
    import duckdb
    from psycopg2.extensions import connection as Connection

#: The name under which a connection has the lake.
LAKE = "lake"
#: Of the wheels of the lock file; nothing is fetched or copied.
EXTENSIONS = ("ducklake", "postgres_scanner")
_SECRET = "lake_catalog"  # noqa: S105 - a name
#: What DuckDB says of a database that is no lake yet, where it may not make one.
_NO_LAKE = "creating a new DuckLake is explicitly disabled"
_OTHER_DATA = "does not match existing data path"
#: What is said of a catalog's server that is gone, going or not there yet. Where nobody hears a
#: statement any more, DuckDB tells that of the one by which it takes back.
_GONE = (
    "closed the connection", "terminating connection", "shutting down", "starting up",
    "recovery mode", 'query "ROLLBACK"',
)  # fmt: skip
#: What DuckDB says where it was not heard that the statement before had failed.
_AFTERWARDS = "Current transaction is aborted"
#: What libpq adds for people, and DuckDB of a statement that nobody typed.
_ADDED = ("Is the server running", "This probably means", "LINE ")


class LakeFailed(SettingsError):
    """The lake cannot be read or written, and is as it was; the message says what to do."""


class NoLake(LakeFailed):
    """The catalog's database has no lake: nothing was published into it yet."""


class LakeUnsure(LakeFailed):
    """Whether the lake has published is not known: its catalog went away over the commit."""


def place(home: Home) -> str:
    """Where the catalog is, without who asks it: `host:port/name`."""
    options = _options(home)
    where = f"{options.get('host', 'localhost')}:{options.get('port', '5432')}"
    return f"{where}/{options.get('dbname', '')}"


def extension_file(name: str) -> Path:
    """Where the wheel of an extension keeps it, signed, for the DuckDB that is installed.

    Raises:
        LakeFailed: it is not installed, or for another DuckDB.
    """
    import duckdb

    package = f"duckdb_extension_{name}"
    if importlib.util.find_spec(package) is None:
        raise LakeFailed(
            f"The lakehouse needs DuckDB's extension {name}, which is not installed. Run "
            "`make cluster`."
        )
    folder = Path(str(importlib.resources.files(package))) / "extensions"
    file = folder / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    if not file.exists():
        there = ", ".join(sorted(path.name for path in folder.glob("v*"))) or "none"
        raise LakeFailed(
            f"DuckDB is {duckdb.__version__} and its extension {name} is for {there}. Run "
            "`make cluster` again: both must be of one version."
        )
    return file


def attached(
    home: Home, *, read_only: bool = True, create: bool = True, snapshot: int | None = None
) -> duckdb.DuckDBPyConnection:
    """A new connection that has the lake as `lake` and as its default.

    Args:
        home: whose settings.
        read_only: whether nothing can be changed, nor a lake made where there is none.
        create: whether a writer makes a lake where there is none.
        snapshot: the snapshot that is read; the last of each transaction's begin when unset.

    Raises:
        LakeFailed: it cannot be attached; the message says why, without the password.
        NoLake: nothing was published into it yet.
        sources.objects.ObjectStoreError: there are no credentials for its data.
    """
    import duckdb

    db = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
            # What does not fit into memory; made when it is needed, and gone with the connection.
            "temp_directory": f"{tempfile.gettempdir()}/warehouse-lake.{os.getpid()}",
        }
    )
    try:
        _attach(
            db,
            home,
            [
                *["read_only"] * read_only,
                *["create_if_not_exists false"] * (not create and not read_only),
                *([f"snapshot_version {snapshot}"] if snapshot is not None else []),
            ],
        )
    except BaseException:
        db.close()
        raise
    return db


def data_path(db: duckdb.DuckDBPyConnection) -> str:
    """Where the attached lake's files are: a folder or a URL, with a slash at its end."""
    found = db.execute(f"select data_path from ducklake_settings('{LAKE}')").fetchone()
    return str(found[0]) if found else ""


def _attach(db: duckdb.DuckDBPyConnection, home: Home, how: Sequence[str]) -> None:
    import duckdb

    for name in EXTENSIONS:
        db.execute(f"load {quoted(str(extension_file(name)))}")
    options = dict(_options(home))
    inside = {
        "host": options.pop("host", ""), "port": options.pop("port", ""),
        "user": options.pop("user", ""), "password": options.pop("password", ""),
        "database": options.pop("dbname", ""),
    }  # fmt: skip
    said = ", ".join(f"{name} {quoted(value)}" for name, value in inside.items() if value)
    try:
        db.execute(f"create temporary secret {_SECRET} (type postgres, {said})")
    except duckdb.Error:  # it may quote the statement, and that has the password
        raise LakeFailed("DuckDB does not take WAREHOUSE_LAKE_CATALOG.") from None
    rest = {**NOTICED, **options}
    path = "ducklake:postgres:" + " ".join(f"{name}={value}" for name, value in rest.items())
    said_of_it = [f"meta_secret '{_SECRET}'", *how]
    data = home.lake_data or _where_files_are(home)
    if data is not None:
        reach_objects(db, data)  # its extension must be there before
        said_of_it.append(f"data_path {quoted(data)}")
    try:
        db.execute(f"attach {quoted(path)} as {LAKE} ({', '.join(said_of_it)})")
        db.execute(f"use {LAKE}")
    except duckdb.Error as error:
        raise in_words(error, home) from None


def catalog_says(home: Home, sql: str) -> list[tuple[Any, ...]]:
    """What the catalog's own tables say, asked of PostgreSQL itself.

    For small questions: to load DuckDB's extensions takes twenty times as long.

    Raises:
        LakeFailed: it cannot be asked.
        NoLake: there is no lake in it.
    """
    import psycopg2
    from psycopg2.errors import UndefinedTable

    with catalog_session(home) as session:
        try:
            with session.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        except UndefinedTable:
            raise NoLake(_nothing(home)) from None
        except psycopg2.Error as error:
            raise in_words(error, home) from None


@contextmanager
def catalog_session(home: Home) -> Generator[Connection, None, None]:
    """A session with the catalog's server, which is watched as long as the block lasts.

    Where it falls silent (`sources.silence`), DuckDB's connections to it are ended with this one.

    Raises:
        LakeFailed: it cannot be reached.
    """
    import psycopg2

    options = {**NOTICED, "application_name": "warehouse lake", **_options(home)}

    def connect() -> Connection:
        return psycopg2.connect(**options)

    try:
        session = connect()
    except psycopg2.Error as error:
        raise in_words(error, home) from None
    watch = Watch(place(home), connect)
    try:
        watch.begin(session)
        yield session
    finally:
        watch.end()
        session.close()


def _where_files_are(home: Home) -> str | None:
    """Where the catalog says that its files are; None where it is no lake's yet."""
    try:
        found = catalog_says(home, "select value from ducklake_metadata where key = 'data_path'")
    except NoLake:
        return None
    return str(found[0][0]) if found else None


def _nothing(home: Home) -> str:
    return (
        f"Nothing is published in the lake of {place(home)} yet. Run `warehouse run` on the "
        "machine that has the nights."
    )


def in_words(error: BaseException, home: Home) -> LakeFailed:
    """What went wrong with the lake, in a sentence without password or statement."""
    said = " ".join(str(error).split())
    where = place(home)
    if _NO_LAKE in said:
        return NoLake(_nothing(home))
    if _OTHER_DATA in said:
        return LakeFailed(
            f"WAREHOUSE_LAKE_DATA is {home.lake_data}, and the lake of {where} has its files "
            "elsewhere. Set it to where they are, or leave it out on a machine that only reads; a "
            "new place for the files needs a catalog database of its own."
        )
    if _AFTERWARDS in said:
        return _what_gave_way(home)
    return LakeFailed(_in_a_sentence(said, home))


def _in_a_sentence(said: str, home: Home) -> str:
    """Who it is that fails, and what to do."""
    where, why = place(home), _without_secret(said, home)
    is_gone = any(gone in said for gone in _GONE)
    if "HTTP" in said:
        return _of_objects(why, home)
    if not is_gone and ("FATAL" in said or "ERROR:" in said):
        return (
            f"PostgreSQL refuses the lake's catalog {where}: {why}. Correct "
            "WAREHOUSE_LAKE_CATALOG, or have an administrator grant what is missing."
        )
    if is_gone or "onnect" in said:
        return (
            f"The lake's catalog {where} does not answer ({why}). Start the server, or correct "
            "WAREHOUSE_LAKE_CATALOG, then run it again; what was published is unchanged."
        )
    return f"The lake of {where} cannot be used: {why}."


def _what_gave_way(home: Home) -> LakeFailed:
    """What keeps the lake from being used, where DuckDB does not say."""
    try:
        catalog_says(home, "select 1")
    except LakeFailed as gone:
        return gone
    return LakeFailed(
        f"The lake of {place(home)} broke off: its catalog or the store of its files gave way for "
        "a moment. Run it again; what was published is unchanged."
    )


def _of_objects(why: str, home: Home) -> str:
    """What the object store of the lake's files said, in a sentence."""
    where = home.lake_data or "the lake's files"
    if any(refused in why for refused in ("403", "401")):
        return (
            f"The object store refuses {where}: {why}. See that AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY are those of somebody who may read there, and write where "
            "nights are published, then run it again."
        )
    return (
        f"The object store does not answer for {where}: {why}. See that it runs and that "
        "AWS_ENDPOINT_URL names it, then run it again; what was published is unchanged."
    )


def _without_secret(said: str, home: Home) -> str:
    """The end of what was said: libpq's own words, which never hold the password."""
    for mark in ("FATAL:", "ERROR:", "failed: "):
        _, found, rest = said.rpartition(mark)
        if found:
            said = rest.strip()
            break
    for mark in _ADDED:
        said = said.partition(mark)[0]
    password = _options(home).get("password")
    said = said.replace(password, "…") if password else said
    return said.rstrip(". ")[:300]


def _options(home: Home) -> Mapping[str, str]:
    from sqlalchemy import make_url

    if home.lake_catalog is None:
        raise LakeFailed(
            "WAREHOUSE_TARGET is ducklake, and WAREHOUSE_LAKE_CATALOG is not set. Set it to the "
            "PostgreSQL database that keeps the lake's catalog: "
            "postgresql://USER:PASSWORD@HOST:5432/DATABASE"
        )
    url = make_url(home.lake_catalog)
    named = {
        "host": url.host,
        "port": str(url.port) if url.port else None,
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        **{name: value for name, value in url.query.items() if isinstance(value, str)},
    }
    return {name: str(value) for name, value in named.items() if value}
