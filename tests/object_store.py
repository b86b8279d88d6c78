"""An S3 object store for tests: moto's server in a process of its own, behind a relay on loopback.

moto speaks the real protocol and keeps everything in memory. The relay is what a network is: it can
be cut or fall silent, at once or when a certain request comes by, and mended; the store behind it
loses nothing.
"""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from postgres import free_port

#: What the store is told; planted, to be looked for where no credential may be.
KEY_ID, SECRET = "AKIAPLANTEDBYTHETESTS", "planted/secret+of/the+object+store/9f8e7d6c"
_START_SECONDS = 60
_BLOCK = 1 << 16
_REQUEST = re.compile(rb'"(GET|PUT|HEAD|POST|DELETE) (\S+) HTTP')


@dataclass
class Relay:
    """Passes connections on to a port, until it is cut.

    Attributes:
        target: the port behind it.
        port: its own.
        cut_at: it is cut when these bytes come by, from either side.
        silent_at: when these come by it falls silent: connections stay, and nothing comes through.
        after: nothing of this happens before these have come by.
    """

    target: int
    port: int = field(default_factory=free_port)
    cut_at: bytes | None = None
    silent_at: bytes | None = None
    after: bytes | None = None
    _listener: socket.socket | None = None
    _open: set[socket.socket] = field(default_factory=set)
    _speaks: threading.Event = field(default_factory=threading.Event)

    def mend(self) -> None:
        """Lets connections through (again); what was held back while it was silent comes now."""
        self.cut_at = self.silent_at = self.after = None
        self._speaks.set()
        if self._listener is not None:
            return
        listener = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        self._listener = listener
        threading.Thread(target=self._accept, args=[listener], daemon=True).start()

    def fall_silent(self) -> None:
        """Keeps every connection, takes new ones, and lets nothing through."""
        self._speaks.clear()

    @property
    def is_silent(self) -> bool:
        """Whether it has fallen silent."""
        return not self._speaks.is_set()

    def cut(self) -> None:
        """Ends every connection, and refuses new ones."""
        self._speaks.set()  # who waits to pass something on finds nobody
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for end in list(self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()

    @property
    def is_cut(self) -> bool:
        """Whether nothing comes through."""
        return self._listener is None

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            self._open |= {client, server}
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self._pass, args=[one, other], daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := one.recv(_BLOCK):
                if self.after is not None and self.after in block:
                    self.after = None
                elif self.after is None and self.cut_at is not None and self.cut_at in block:
                    # Half of it goes out: who is cut off in a request has begun it.
                    other.sendall(block[: block.index(self.cut_at) + len(self.cut_at)])
                    self.cut()
                    return
                elif self.after is None and self.silent_at and self.silent_at in block:
                    self.fall_silent()
                self._speaks.wait()
                other.sendall(block)
            other.shutdown(socket.SHUT_WR)


@dataclass
class ObjectStore:
    """A store that answers on loopback.

    Attributes:
        port: moto's own port.
        log: where moto writes a line a request.
        relay: what stands before it.
    """

    port: int
    log: Path
    relay: Relay

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to reach it, by the variables that every S3 client knows."""
        return {
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.relay.port}",
        }

    @cached_property
    def client(self) -> Any:
        """A client that goes past the relay."""
        return boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=KEY_ID,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )

    def bucket(self, name: str, *, versioned: bool = False) -> str:
        """Makes an empty bucket; returns its URL."""
        self.client.create_bucket(Bucket=name)
        if versioned:
            self.client.put_bucket_versioning(
                Bucket=name, VersioningConfiguration={"Status": "Enabled"}
            )
        return f"s3://{name}"

    def contents(self, bucket: str) -> dict[str, list[bytes]]:
        """Key → the bytes of every version that the store has under it, earlier ones too."""
        found: dict[str, list[bytes]] = {}
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=bucket)
        for page in pages:
            for version in page.get("Versions", ()):
                got = self.client.get_object(
                    Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"]
                )
                found.setdefault(version["Key"], []).append(got["Body"].read())
        return found

    @contextmanager
    def counting(self) -> Iterator[Counter[str]]:
        """Counts the requests of the block by method; a listing is LIST."""
        before = self.log.stat().st_size
        counted: Counter[str] = Counter()
        yield counted
        time.sleep(0.2)  # the last line may not be written yet
        with self.log.open("rb") as file:
            file.seek(before)
            for method, path in _REQUEST.findall(file.read()):
                counted["LIST" if b"list-type=2" in path else method.decode()] += 1


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """A store that lasts as long as the block."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="object-store-") as folder:
        log = Path(folder, "log")
        with log.open("wb") as written:
            server = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                stdout=subprocess.DEVNULL,
                stderr=written,
            )
        relay = Relay(port)
        try:
            _wait_for(port, server)
            relay.mend()
            yield ObjectStore(port, log, relay)
        finally:
            relay.cut()
            server.terminate()
            server.wait(timeout=30)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the object store did not start")
