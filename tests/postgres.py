"""A PostgreSQL server for tests: Debian's own, on loopback, in a folder that goes with the test.

PostgreSQL refuses to run as root, so there it runs as the system's user `postgres`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import sqlalchemy as sa

_FOLDERS = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/bin")]
#: Where Debian has the server's programs; None where it is not installed.
PROGRAMS = next((folder for folder in _FOLDERS if (folder / "initdb").exists()), None)
NEEDED = "needs Debian's package postgresql"


def free_port() -> int:
    """A TCP port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Postgres:
    """A server on loopback, which can be stopped and started again.

    Attributes:
        folder: the cluster's folder.
        port: its TCP port.
    """

    folder: Path
    port: int

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.folder), "-l", log, "-o", options, "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stops the server; by `immediate`, as a machine that loses its power does."""
        self._run("pg_ctl", "-D", str(self.folder), "-m", mode, "-w", "stop")

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Stops the server's processes where they are, as on a machine that hangs."""
        server = psutil.Process(int((self.folder / "postmaster.pid").read_text().split()[0]))
        stopped = [server, *server.children(recursive=True)]
        for process in stopped:
            process.suspend()
        try:
            yield
        finally:
            for process in reversed(stopped):
                process.resume()

    def database(self, name: str) -> str:
        """Makes an empty database; returns its SQLAlchemy URL."""
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(f'create database "{name}"'))
        engine.dispose()
        return self.url(name)

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg2://postgres@127.0.0.1:{self.port}/{database}"

    def _run(self, program: str, *arguments: str) -> None:
        assert PROGRAMS is not None, NEEDED
        subprocess.run(
            [PROGRAMS / program, *arguments],
            user="postgres" if os.geteuid() == 0 else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            # Not a pipe: the server that pg_ctl leaves behind would hold it open.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=120,
        )


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """A new, empty server that trusts whoever comes from this machine, while the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    server = Postgres(folder / "data", free_port())
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    try:
        server._run(
            "initdb", "-D", str(server.folder), "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        server.start()
        yield server
    finally:
        if (server.folder / "postmaster.pid").exists():
            server.stop("immediate")
        shutil.rmtree(folder)
