"""How the ledger's database is reached: settings of a connection, and patience with a server.

Patience has an end: a server that is away is tried for a while, one that is silent is given up
(`sources.silence`).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sources import log
from sources.silence import Watch, is_watched, noticed_by, watched


class LedgerError(RuntimeError):
    """The ledger cannot be used as it is; the message says what to do."""


class LedgerUnreachable(LedgerError):
    """The ledger's database server does not answer, or went away in the middle."""


def engine_of(url: str | sa.URL, patience_seconds: float = 0) -> sa.Engine:
    """An engine for the ledger at a database URL.

    Args:
        url: SQLAlchemy's.
        patience_seconds: how long to try to reach a database server that does not answer.
    """
    # An event names files and senders: no error may repeat it. A connection that its server has
    # dropped is noticed before anything is sent by it.
    where = sa.make_url(url)
    is_file = where.get_backend_name() == "sqlite"
    arguments = {} if is_file else noticed_by(where)
    engine = sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=arguments)
    if is_file:
        sa.event.listen(engine, "connect", _sqlite_settings)
    else:
        watch = watched(engine) if is_watched(where) else None
        _reach_patiently(engine, patience_seconds, watch)
    return engine


def _reach_patiently(engine: sa.Engine, patience_seconds: float, watch: Watch | None) -> None:
    """Has an engine try for a while to reach its server, and say in a sentence that it cannot.

    Only connecting is tried again: it has changed nothing yet. Of a transaction that was broken
    nobody knows whether it was committed, so nothing is done twice; the next night finds out.
    """
    import tenacity

    where = f"{engine.url.host or 'localhost'}:{engine.url.port or 5432}/{engine.url.database}"
    patience = {"seconds": patience_seconds}

    def tell(state: tenacity.RetryCallState) -> None:
        log.info("ledger not reached, tried again", tries=state.attempt_number, database=where)

    def connect(dialect: Any, _record: Any, arguments: Any, named: Any) -> Any:
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: _may_answer_later(dialect, error)),
            stop=tenacity.stop_after_delay(patience["seconds"]),
            wait=tenacity.wait_fixed(1),
            before_sleep=tell,
            reraise=True,
        )
        try:
            return retrying(dialect.connect, *arguments, **named)
        except dialect.loaded_dbapi.OperationalError:
            patience["seconds"] = 0  # who waited in vain does not wait again
            raise

    def say(context: sa.engine.ExceptionContext) -> LedgerUnreachable | None:
        if context.is_pre_ping or not (context.is_disconnect or context.connection is None):
            return None
        said = " ".join(str(context.original_exception).split())
        said = (watch.gave_up if watch else None) or said
        return LedgerUnreachable(
            f"The ledger's database {where} does not answer ({said}). Start the server, or mend "
            "WAREHOUSE_LEDGER_URL, then run again; what is published stays as it is."
        )

    sa.event.listen(engine, "do_connect", connect)
    sa.event.listen(engine, "handle_error", say)


def _may_answer_later(dialect: Any, error: BaseException) -> bool:
    """Whether a server that is started or reached again would have been all that was missing."""
    if not isinstance(error, dialect.loaded_dbapi.OperationalError):
        return False
    said = str(error)
    return "FATAL" not in said or "the database system is" in said


def _sqlite_settings(connection: Any, _record: Any) -> None:
    """Waits for another writer instead of failing, and keeps what was committed."""
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode = wal")
    cursor.execute("pragma synchronous = full")
    cursor.execute("pragma busy_timeout = 30000")
    cursor.close()
