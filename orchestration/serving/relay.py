"""Takes the requests of Quack's clients and gives each to the engine its session began with.

A client opens a new TCP connection for nearly every request, and a session is known to one engine
alone. So the relay learns the id of a session from the answer that began it and finds it again in
the requests that follow. A request that names no session it knows goes to the engine of what is
published now.
"""

from __future__ import annotations

import http.client
import re
import socket
import threading
import time
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from orchestration.serving import engine

#: Quack writes a session's id as 32 hexadecimal digits near the start of a message.
_SESSION_ID = re.compile(rb"[0-9A-F]{32}")
_MESSAGE_START = 256
#: A statement is text; what is longer would be rows to append, and nothing can be appended.
_LARGEST_REQUEST = 1 << 20
_PIECE = 1 << 18
#: How long a client may take over sending a request, or not taking its answer (seconds).
_CLIENT_SECONDS = 60
#: Requests at the same time; more are told to come again.
_AT_ONCE = 64
_SESSIONS_KEPT = 10_000


class Upstream:
    """An engine as the relay sees it: its port, what it is doing and when it was last asked."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.running = 0
        self.asked_at = time.monotonic()

    def idle_seconds(self) -> float:
        """For how long nothing was asked of it; 0 while it works."""
        return 0.0 if self.running else time.monotonic() - self.asked_at


class Relay(ThreadingHTTPServer):
    """Listens where clients connect to."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int) -> None:
        """Binds the port.

        Args:
            host: address to listen on.
            port: its port; 0 takes a free one.

        Raises:
            OSError: it is taken, or the address is none of this machine's.
        """
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), _Handler)
        self.current: Upstream | None = None
        self.free = threading.BoundedSemaphore(_AT_ONCE)
        self._sessions: OrderedDict[bytes, Upstream] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def upstream_of(self, message: bytes) -> Upstream | None:
        """The engine a request belongs to; None where nothing is published yet."""
        with self._lock:
            for session in _SESSION_ID.findall(message[:_MESSAGE_START]):
                if session in self._sessions:
                    self._sessions.move_to_end(session)
                    return self._sessions[session]
            return self.current

    def learn(self, message: bytes, upstream: Upstream) -> None:
        """Remembers the session that an engine's answer begins, if it does."""
        with self._lock:
            for session in _SESSION_ID.findall(message[:_MESSAGE_START]):
                self._sessions.setdefault(session, upstream)
            while len(self._sessions) > _SESSIONS_KEPT:
                self._sessions.popitem(last=False)

    def forget(self, upstream: Upstream) -> None:
        """Forgets the sessions of an engine that has ended: their clients must connect again."""
        with self._lock:
            for session in [key for key, at in self._sessions.items() if at is upstream]:
                del self._sessions[session]

    def count(self, upstream: Upstream, change: int) -> None:
        """Counts the requests an engine is working on."""
        with self._lock:
            upstream.running += change
            upstream.asked_at = time.monotonic()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: a client that went away is no matter for the log."""


class _Handler(BaseHTTPRequestHandler):
    """One request: Quack has a single path, and `GET /` by which one may ask whether it answers."""

    server: Relay
    timeout = _CLIENT_SECONDS
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._pass_on("/", b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != "/quack":
            self._refuse(404, "There is nothing here.")
        elif not length.isdigit():
            self._refuse(411, "The length of the request is missing.")
        elif int(length) > _LARGEST_REQUEST:
            self._refuse(413, "The request is too long.")
        else:
            self._pass_on("/quack", self.rfile.read(int(length)))

    def _pass_on(self, path: str, body: bytes) -> None:
        upstream = self.server.upstream_of(body)
        if upstream is None:
            self._refuse(503, "Nothing is published yet.")
        elif not self.server.free.acquire(blocking=False):
            self._refuse(503, "Too many requests at the same time.")
        else:
            self.server.count(upstream, +1)
            try:
                self._ask(upstream, path, body)
            finally:
                self.server.count(upstream, -1)
                self.server.free.release()

    def _ask(self, upstream: Upstream, path: str, body: bytes) -> None:
        asked = http.client.HTTPConnection(engine.HOST, upstream.port)
        kind = {"Content-Type": self.headers.get("Content-Type", "application/vnd.duckdb")}
        try:
            asked.request(self.command, path, body or None, kind if body else {})
            answer = asked.getresponse()
        except (OSError, http.client.HTTPException):
            self._refuse(502, "The warehouse has just changed or is starting: ask again.")
            return
        with answer:
            piece = answer.read(_PIECE)
            self.server.learn(piece, upstream)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
            self.send_header("Content-Length", answer.headers.get("Content-Length", "0"))
            self.send_header("Connection", "close")
            self.end_headers()
            while piece:
                self.wfile.write(piece)
                piece = answer.read(_PIECE)

    def _refuse(self, status: int, why: str) -> None:
        text = f"{why}\n".encode()
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(text)

    def version_string(self) -> str:
        """Nothing of versions is told to whoever asks."""
        return "cluster-warehouse"

    def log_message(self, *_: Any) -> None:
        """No line a request."""
