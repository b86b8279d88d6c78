"""Who waits for a database server that has fallen silent is told, and does not wait for ever.

A server whose machine hangs, or that the network has lost, keeps its connections and says nothing;
libpq waits for its answer without end. Two things end that:

    NOTICED   what libpq is told: the kernel ends a connection of which nothing is acknowledged
    Watch     where all is acknowledged and nothing answered, somebody else asks; where nobody has
              answered for a while, this process's connections to that server are ended

Whoever waits on a connection that is ended hears that it was closed, and says so in a sentence of
its own. A statement that takes long is nothing of the kind: its server answers whoever else asks.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sources import log

if TYPE_CHECKING:
    import sqlalchemy as sa
    from psycopg2.extensions import connection as Connection

#: How long a server may say nothing at all: one that is taken over by another needs less (seconds).
PATIENCE_SECONDS = 60
#: How long one try to connect may take (seconds).
CONNECT_SECONDS = 10
_ASKS_EVERY_SECONDS = 15
#: One question in vain may be this machine's own standstill.
_IN_VAIN = 2
#: What libpq is told of every connection: who acknowledges nothing for a minute is gone.
NOTICED: Mapping[str, int] = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 1000 * PATIENCE_SECONDS,
}
#: The file descriptors of this process, a name each.
_DESCRIPTORS = Path("/dev/fd")


def noticed_by(url: sa.URL) -> dict[str, Any]:
    """What the driver of a database server is told besides its URL, which goes first."""
    told = NOTICED if is_watched(url) else {"connect_timeout": CONNECT_SECONDS}
    return {name: value for name, value in told.items() if name not in url.query}


def is_watched(url: sa.URL) -> bool:
    """Whether a URL leads to PostgreSQL by libpq."""
    return url.get_backend_name() == "postgresql" and url.get_driver_name() == "psycopg2"


def watched(engine: sa.Engine) -> Watch:
    """Has an engine's server be watched while the engine has connections, until it is disposed.

    Args:
        engine: of SQLAlchemy, with psycopg2.
    """
    import sqlalchemy as sa

    at, dialect = engine.url, engine.dialect

    def connect() -> Any:
        arguments, named = dialect.create_connect_args(at)
        return dialect.connect(*arguments, **{**NOTICED, **named})

    watch = Watch(f"{at.host or 'localhost'}:{at.port or 5432}/{at.database}", connect)
    sa.event.listen(engine, "connect", lambda connection, _record: watch.begin(connection))
    sa.event.listen(engine, "engine_disposed", lambda _engine: watch.end())
    weakref.finalize(engine, watch.end)  # of one that nobody disposed of
    return watch


class Watch:
    """Asks a server now and then whether it answers, while it has begun and is not over.

    Args:
        where: the server, for the log.
        connect: makes a new connection to it, or fails as libpq does.
    """

    def __init__(self, where: str, connect: Callable[[], Connection]) -> None:
        self._where, self._connect, self._patience = where, connect, PATIENCE_SECONDS
        self._peers: set[Any] = set()
        self._beginning, self._over = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None
        self._given_up = False

    def begin(self, connection: Connection) -> None:
        """Begins, or goes on, with one more connection to the server.

        Args:
            connection: to it; where it leads is where connections are ended.
        """
        with suppress(OSError), _socket_of(connection.fileno()) as one:
            self._peers.add(one.getpeername())
        self._given_up = False
        with self._beginning:
            # No thread lives on in a process that was forked.
            if self._thread is None or self._over.is_set() or not self._thread.is_alive():
                self._over = threading.Event()
                self._thread = threading.Thread(
                    target=self._watch, args=(self._over,), name="silence", daemon=True
                )
                self._thread.start()

    def end(self) -> None:
        """Asks no more."""
        self._over.set()

    @property
    def gave_up(self) -> str | None:
        """What to say of a server that was given up; None where it has answered since."""
        return f"no word from it for {self._patience:.0f} seconds" if self._given_up else None

    def _watch(self, over: threading.Event) -> None:
        answered, in_vain = time.monotonic(), 0
        while not over.wait(min(_ASKS_EVERY_SECONDS, self._patience / 2)):
            if self._answers():
                answered, in_vain, self._given_up = time.monotonic(), 0, False
                continue
            in_vain += 1
            if in_vain >= _IN_VAIN and time.monotonic() - answered >= self._patience:
                answered, in_vain, self._given_up = time.monotonic(), 0, True
                log.error("silent server given up", server=self._where, seconds=self._patience)
                end_connections(self._peers)

    def _answers(self) -> bool:
        import psycopg2

        try:
            self._connect().close()
        except psycopg2.Error as error:
            return "FATAL" in str(error)  # a refusal is an answer
        return True


def end_connections(peers: set[Any]) -> None:
    """Ends this process's connections to others, whoever made them and waits on them.

    Args:
        peers: to whom, as sockets name them.
    """
    for descriptor in list(_DESCRIPTORS.iterdir()):
        with suppress(OSError), _socket_of(int(descriptor.name)) as one:
            if one.getpeername() in peers:
                one.shutdown(socket.SHUT_RDWR)


def _socket_of(descriptor: int) -> socket.socket:
    """A second handle on a socket.

    Raises:
        OSError: it is none, or closed.
    """
    second = os.dup(descriptor)
    try:
        return socket.socket(fileno=second)
    except OSError:
        os.close(second)
        raise
