"""Who alerts are sent to, for tests: a real mail server and a real webhook on loopback."""

from __future__ import annotations

import email
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiosmtpd.controller import Controller


@dataclass(frozen=True)
class Received:
    """A message as it arrived."""

    subject: str
    text: str
    #: How bad it is: of a webhook, apprise's word; of a mail, its type of content.
    kind: str


@dataclass
class Webhook:
    """A receiver of apprise's `json://`."""

    port: int
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address, with a password in it."""
        return f"json://operator:S3cretWord@127.0.0.1:{self.port}/hook"


@contextmanager
def webhook(port: int = 0) -> Iterator[Webhook]:
    """A webhook that takes what comes while the block runs; at any free port, or at this one."""
    held: list[Webhook] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            held[0].received.append(Received(body["title"], body["message"], body["type"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", port), Handler)
    held.append(Webhook(server.server_port))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield held[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Mailbox:
    """A mail server that keeps what it is given."""

    port: int
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address as apprise takes it."""
        return (
            f"mailto://127.0.0.1:{self.port}?mode=insecure"
            "&from=warehouse@example.org&to=operators@example.org"
        )

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keeps a mail, decoded as a mail program would."""
        mail = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        body = mail.get_body(("plain",))
        assert body is not None
        self.received.append(
            Received(str(mail["subject"]), body.get_content(), body.get_content_type())
        )
        return "250 OK"


@contextmanager
def mailbox(port: int) -> Iterator[Mailbox]:
    """A mail server on loopback while the block runs."""
    box = Mailbox(port)
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box
    finally:
        server.stop()
