"""A server as deploy/ sets it up, on loopback: the services in a home, the real nginx before them.

The site is the one that is installed; only what an operator edits (addresses, names, certificate,
passwords) is written anew, into the files that are there for it. Where the tests run as root, the
services find their software read-only and nothing parsed in it, as a fresh installation's would be.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any, Self

import trustme
from postgres import free_port

PROJECT = Path(__file__).parents[1]
WAREHOUSE = Path(sys.executable).with_name("warehouse")
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NEEDED = "needs Debian's packages nginx and openssl"
INSTALLED = NGINX is not None and shutil.which("openssl") is not None
SERVICES = ("code", "daemon", "webserver", "viewer")
START_SECONDS = 400
#: Until a process that was told to end is killed. The units give it longer (TimeoutStopSec); it
#: ends within seconds, but for one whose interrupt came where Python drops it.
STOP_SECONDS = 30

_READ_ONLY = """
mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" &&
if [ -d "$0/dbt_project/target" ]; then mount -t tmpfs -o ro tmpfs "$0/dbt_project/target"; fi &&
umask 077 && exec "$@"
"""
#: nginx as Debian starts it includes its sites in the `http` block; here all that it writes lies
#: in a folder of its own.
_NGINX = """
daemon off;
pid nginx.pid;
error_log stderr warn;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {site};
}}
"""


def can_mount_read_only() -> bool:
    """Whether a process of ours may have a file system view of its own."""
    tried = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    return os.geteuid() == 0 and tried.returncode == 0


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        """The body of an answer that is JSON."""
        return json.loads(self.body)


@dataclass
class Server:
    """The running server.

    Attributes:
        folder: everything but the home; short, for sockets have short names.
        home: where the services work.
        port: nginx's, for TLS.
        plain_port: nginx's, for plain HTTP.
        passwords: user → password.
        authority: whose certificate nginx has.
        quack_port: where `warehouse serve` listens, if it does.
    """

    folder: Path
    home: Path
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    plain_port: int = field(default_factory=free_port)
    passwords: dict[str, str] = field(default_factory=dict)
    authority: trustme.CA = field(default_factory=trustme.CA)
    quack_port: int | None = None
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    is_read_only: bool = field(default_factory=can_mount_read_only)

    @property
    def address(self) -> str:
        """Where people open the UI."""
        return f"https://localhost:{self.port}"

    @property
    def sockets(self) -> Path:
        """The folder of the services' sockets."""
        return self.folder / "sockets"

    @property
    def published(self) -> Path:
        """What nginx takes for the folder `published`: its user cannot enter a test's own home."""
        return self.folder / "published"

    def start(self, service: str) -> None:
        """Starts a service in a process group of its own, as systemd does in its unit."""
        command = [str(WAREHOUSE), "service", service, "--sockets", str(self.sockets)]
        if self.is_read_only:
            command = ["unshare", "--mount", "sh", "-c", _READ_ONLY, str(PROJECT), *command]
        with (self.folder / f"{service}.log").open("ab") as log:
            self.processes[service] = subprocess.Popen(
                command, env=self.environment, cwd=self.home, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def checks(self, service: str) -> bool:
        """What the containers' health check says."""
        done = subprocess.run(
            [WAREHOUSE, "service", service, "--sockets", str(self.sockets), "--check"],
            env=self.environment, cwd=self.home, check=False, timeout=60,
        )  # fmt: skip
        return done.returncode == 0

    def stop(self, service: str) -> None:
        """Tells every process of a service to end, and kills what does not, as systemd does."""
        process = self.processes.pop(service)
        os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def start_nginx(self) -> None:
        """Writes what an operator edits, checks all of it, and starts nginx."""
        assert NGINX is not None
        site = self.folder / "nginx"
        shutil.copytree(PROJECT / "deploy" / "nginx", site)
        edited = site / "warehouse"
        certificate = self.authority.issue_cert("localhost")
        certificate.private_key_pem.write_to_path(edited / "tls.key")
        for pem in certificate.cert_chain_pems:
            pem.write_to_path(edited / "tls.pem", append=True)
        (edited / "upstreams.conf").write_text(
            f"upstream warehouse_operators {{ server unix:{self.sockets}/webserver.sock; }}\n"
            f"upstream warehouse_viewers {{ server unix:{self.sockets}/viewer.sock; }}\n"
        )
        (edited / "host.conf").write_text(
            f"listen 127.0.0.1:{self.port} ssl http2;\nserver_name localhost;\n"
            "ssl_certificate warehouse/tls.pem;\nssl_certificate_key warehouse/tls.key;\n"
        )
        (edited / "redirect.conf").write_text(
            f"listen 127.0.0.1:{self.plain_port};\nserver_name localhost;\n"
            f"set $warehouse_host localhost:{self.port};\n"
        )
        (edited / "published.conf").write_text(f'set $warehouse_published "{self.published}";\n')
        if self.quack_port:
            example = (edited / "quack.conf.example").read_text()
            quack = example.replace("127.0.0.1:9494", f"127.0.0.1:{self.quack_port}")
            (edited / "quack.conf").write_text(quack)
        self._set_password("operator", "operators", "viewers")
        self._set_password("viewer", "viewers")
        configuration = site / "nginx.conf"
        text = _NGINX.format(folder=self.folder, site=site / "warehouse.conf")
        configuration.write_text(text.replace("nginx.pid", str(self.folder / "nginx.pid")))
        # Its workers are another user's where it is started by root.
        for folder in (self.folder, self.sockets, edited):
            folder.chmod(0o755)
        command = [NGINX, "-p", str(site), "-c", str(configuration)]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        assert "[warn]" not in checked.stderr, checked.stderr
        with (self.folder / "nginx.log").open("ab") as log:
            self.processes["nginx"] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stderr=log, start_new_session=True
            )

    def _set_password(self, user: str, *groups: str) -> None:
        """As the document says to: a line of openssl's in each group's file."""
        self.passwords[user] = f"{user}'s password"
        hashed = subprocess.run(
            ["openssl", "passwd", "-6", "-stdin"],
            input=self.passwords[user], capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        for group in groups:
            with (self.folder / "nginx/warehouse" / f"{group}.htpasswd").open("a") as file:
                file.write(f"{user}:{hashed}\n")

    def ask(
        self,
        path: str,
        user: str | None = None,
        *,
        method: str = "GET",
        body: bytes | None = None,
        password: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Sends one request through nginx, trusting its certificate alone."""
        trusted = ssl.create_default_context()
        self.authority.configure_trust(trusted)
        connection = http.client.HTTPSConnection(
            "localhost", self.port, timeout=120, context=trusted
        )
        sent = dict(headers or {})
        if user is not None:
            login = f"{user}:{password or self.passwords[user]}"
            sent["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            # What a WebSocket sends has no end.
            read = b"" if answer.status == http.HTTPStatus.SWITCHING_PROTOCOLS else answer.read()
            return Answer(answer.status, answer.headers, read)
        finally:
            connection.close()

    def graphql(self, query: str, user: str | None, prefix: str = "", **headers: str) -> Answer:
        """Asks Dagster as its own UI does."""
        return self.ask(
            f"{prefix}/graphql", user, method="POST", body=json.dumps({"query": query}).encode(),
            headers={"Content-Type": "application/json", **headers},
        )  # fmt: skip

    def open_websocket(self, path: str, user: str | None, **headers: str) -> int:
        """The status with which a WebSocket's handshake is answered; 101 is an open one."""
        asked = {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Protocol": "graphql-ws",
        }
        return self.ask(path, user, headers={**asked, **headers}).status

    def wait_until_ready(self) -> Self:
        """Waits until both UIs have the definitions from the code server."""
        query = (
            "{ workspaceOrError { ... on Workspace"
            " { locationEntries { locationOrLoadError { __typename } } } } }"
        )
        deadline = time.monotonic() + START_SECONDS
        for prefix in ("", "/view"):
            while not self._is_loaded(query, prefix):
                for name, process in self.processes.items():
                    said = (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]
                    assert process.poll() is None, f"{name} ended: {said}"
                assert time.monotonic() < deadline, f"no definitions at {prefix}/graphql"
                time.sleep(1)
        return self

    def _is_loaded(self, query: str, prefix: str) -> bool:
        try:
            answer = self.graphql(query, "operator", prefix)
        except OSError:
            return False  # nginx does not listen yet
        return b'"RepositoryLocation"' in answer.body

    def listening(self) -> list[str]:
        """The TCP sockets on which the services' processes listen."""
        import psutil

        found = []
        for name, process in self.processes.items():
            if name == "nginx":
                continue
            main = psutil.Process(process.pid)
            for each in (main, *main.children(recursive=True)):
                found += [
                    f"{name}: {c.laddr}" for c in each.net_connections() if c.status == "LISTEN"
                ]
        return found


@contextmanager
def running_server(home: Path, environment: dict[str, str]) -> Iterator[Server]:
    """The services over `home` with nginx before them, while the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="served-"))
    server = Server(folder, home, environment)
    server.sockets.mkdir()
    try:
        for service in SERVICES:
            server.start(service)
        server.start_nginx()
        yield server.wait_until_ready()
    finally:
        for service in list(server.processes):
            server.stop(service)
        shutil.rmtree(folder)


def connect_in_the_clear(port: int, path: str) -> Answer:
    """Asks without TLS."""
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def speaks(port: int, version: ssl.TLSVersion) -> bool:
    """Whether a server agrees to this version of TLS and no other."""
    offered = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    offered.check_hostname = False
    offered.verify_mode = ssl.CERT_NONE
    offered.set_ciphers("ALL:@SECLEVEL=0")
    offered.minimum_version = offered.maximum_version = version
    try:
        with (
            socket.create_connection(("localhost", port), timeout=30) as plain,
            offered.wrap_socket(plain, server_hostname="localhost") as wrapped,
        ):
            return wrapped.version() is not None
    except ssl.SSLError:
        return False
