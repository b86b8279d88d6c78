"""Mirrors what is published: one try, tries again while it fails by what can pass, and notes it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.mirror import catalog, loading, renewal, server, standing
from orchestration.mirror.columns import NoExactType
from orchestration.mirror.keys import Keys, proven_keys
from orchestration.mirror.server import MirrorFailed
from orchestration.mirror.shape import Table, tables_of
from orchestration.settings import Home, SettingsError
from sources import log

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

#: Tries, and the pause before the second (seconds), which doubles with each.
TRIES = 5
FIRST_PAUSE_SECONDS = 2.0
#: Of DuckDB's buffers; rows pass through and are not kept.
_MEMORY = "500MB"
_RUN_SQL = "select run_id from audit.published_run order by published_at desc limit 1"


@dataclass(frozen=True)
class Mirrored:
    """What was mirrored.

    Attributes:
        run_id: the published run that the mirror shows now.
        tables: how many tables it has.
        rows: their rows.
        tables_changed: tables in which a row is another than before.
        rows_added: rows that are new.
        rows_removed: rows that are gone; one that changed counts in both.
        notes: what somebody should do, a sentence each.
        seconds: wall time.
    """

    run_id: str
    tables: int
    rows: int
    tables_changed: int
    rows_added: int
    rows_removed: int
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def in_words(self) -> str:
        """A sentence for a person."""
        return (
            f"Mirrored run {self.run_id[:8]} in {self.seconds:.1f} s: {self.tables} tables, "
            f"{self.rows:,} rows; {self.rows_added:,} added and {self.rows_removed:,} removed in "
            f"{self.tables_changed} of them."
        )


def mirror_published(home: Home) -> Mirrored:
    """Mirrors what a home has published, and notes in the home whether that succeeded.

    Raises:
        SettingsError: there is no mirror, or nothing is published.
        MirrorFailed: it did not succeed; the mirror shows what it did before.
    """
    if home.publish_postgres is None:
        raise SettingsError("WAREHOUSE_PUBLISH_POSTGRES is not set: there is no mirror to renew.")
    if not home.warehouse.exists():
        raise SettingsError("Nothing is published yet. Run `warehouse run` first.")
    try:
        done = mirror(home.warehouse, home.publish_postgres, _keys)
    except MirrorFailed as error:
        log.error("mirror not renewed", reason=str(error))
        with suppress(OSError):  # it counts as behind all the same
            standing.keep_failed(home, home.publish_postgres, str(error))
        raise
    try:
        standing.keep_mirrored(home, home.publish_postgres, done.run_id)
    except OSError as error:
        raise MirrorFailed(
            f"It is mirrored, but {home.root} could not be written ({error.strerror}). Make room "
            "or mend the disk, then type `warehouse mirror`."
        ) from error
    log.info("mirror renewed", run_id=done.run_id, rows=done.rows, seconds=done.seconds)
    return done


def _keys() -> Keys:
    from orchestration.manifest import BuildFailed

    try:
        return proven_keys()
    except BuildFailed as error:
        raise MirrorFailed(str(error)) from error


def mirror(database: Path, url: str, keys: Callable[[], Keys] = Keys) -> Mirrored:
    """Mirrors every table of a published file into a database.

    Args:
        database: a closed DuckDB file with the published schemas.
        url: SQLAlchemy's, of PostgreSQL.
        keys: gives the keys that hold in it.

    Raises:
        MirrorFailed: it did not succeed; the database shows what it did before.
    """
    import psycopg2
    import tenacity

    started = time.monotonic()

    def tell(state: tenacity.RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        log.info("mirror tried again", failed=server.in_words(error, url))

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(server.can_pass),
        stop=tenacity.stop_after_attempt(TRIES),
        wait=tenacity.wait_exponential(FIRST_PAUSE_SECONDS),
        before_sleep=tell,
        reraise=True,
    )
    try:
        done = retrying(_mirror_once, database, url, keys())
    except psycopg2.Error as error:
        raise MirrorFailed(server.in_words(error, url)) from error
    except NoExactType as error:
        raise MirrorFailed(f"{error} Report it.") from error
    except (duckdb.Error, OSError) as error:
        said = str(error).splitlines()[0]
        raise MirrorFailed(f"What is published could not be read ({said}).") from error
    return Mirrored(**{**vars(done), "seconds": round(time.monotonic() - started, 2)})


def _mirror_once(database: Path, url: str, keys: Keys) -> Mirrored:
    import psycopg2

    with (
        server.session(url) as connection,
        server.only_mirror(connection),
        duckdb.connect(str(database), read_only=True) as db,
        connection.cursor() as cursor,
    ):
        db.execute(f"set memory_limit = '{_MEMORY}'")
        tables = tables_of(db, keys)
        (run_id,) = db.execute(_RUN_SQL).fetchone() or ("",)
        renewal.refuse_foreign_schemas(catalog.look(cursor))  # before anything is sent
        rows = 0
        for table in tables:
            rows += loading.stage(db, cursor, table)
        note = renewal.make_reader(cursor)
        changed = _renew(connection, tables, lets_read=note is None)
        for schema, name in changed:
            table = next(one for one in tables if (one.schema, one.name) == (schema, name))
            # Room of rows that are gone is used again; the file is not cut, which needs a lock.
            try:
                cursor.execute(f"vacuum (analyze, truncate false) {table.sql}")
            except psycopg2.Error as error:  # readers have the night; PostgreSQL does it itself
                log.error("mirror not vacuumed", table=table.sql, reason=str(error).strip())
                break
    return Mirrored(
        run_id,
        len(tables),
        rows,
        len(changed),
        sum(of.added for of in changed.values()),
        sum(of.removed for of in changed.values()),
        [note] if note else [],
    )


def _renew(
    connection: Connection, tables: list[Table], *, lets_read: bool
) -> dict[tuple[str, str], renewal.Changed]:
    """The one transaction; committed when it returns."""
    with connection, connection.cursor() as cursor:  # a transaction, also where each is its own
        there = catalog.look(cursor)
        renewal.refuse_foreign_schemas(there)
        changed = renewal.renew(cursor, tables, there, connection.server_version // 10000)
        if lets_read:
            renewal.let_read(cursor, tables)
    return changed
