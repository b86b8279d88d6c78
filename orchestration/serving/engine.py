"""One published file, served on a port of loopback until standard input ends.

A process of its own (`python -m orchestration.serving.engine`): a night's swap starts a new one
beside it, and a statement that eats the memory after all takes down no more than this. What to
serve comes as one line of JSON on standard input, the port goes out as one on standard output.
"""

from __future__ import annotations

import importlib.resources
import json
import os
import socket
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from orchestration.serving.guard import CATALOG, FUNCTION, write_guard

HOST = "127.0.0.1"
#: Of the wheels of the lock file. Quack draws its session ids with the cryptography of httpfs.
_EXTENSIONS = ("httpfs", "quack")
_PORT_TRIES = 10


@dataclass(frozen=True)
class Order:
    """What an engine is to do."""

    file: str
    token: str
    memory_mb: int
    threads: int

    def line(self) -> str:
        """As one line for its standard input."""
        return json.dumps(asdict(self)) + "\n"


def extension_file(name: str) -> Path:
    """Where the wheel of an extension keeps it, signed, for the DuckDB that is installed."""
    package = Path(str(importlib.resources.files(f"duckdb_extension_{name}")))
    return package / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"


def load_extensions(db: duckdb.DuckDBPyConnection) -> None:
    """Loads what Quack needs from the installed wheels; nothing is fetched or copied."""
    for name in _EXTENSIONS:
        db.execute(f"load '{str(extension_file(name)).replace(chr(39), chr(39) * 2)}'")


def open_locked(order: Order, scratch: Path) -> duckdb.DuckDBPyConnection:
    """Opens the published file so that nothing but reading it is left to do.

    Args:
        order: the file, its token and its limits.
        scratch: an empty folder for the guard's file.
    """
    guard = scratch / f"{CATALOG}.duckdb"
    db = duckdb.connect(
        order.file,
        read_only=True,
        config={
            "allow_community_extensions": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": f"{order.memory_mb}MB",
            "threads": str(order.threads),
            "temp_directory": "",  # what does not fit into the memory is refused
            "python_enable_replacements": "false",
        },
    )
    load_extensions(db)
    write_guard(guard, db)
    db.execute(f"attach '{str(guard).replace(chr(39), chr(39) * 2)}' as {CATALOG} (read_only)")
    db.execute(f"set global quack_authorization_function = '{FUNCTION}'")
    db.execute("set global enable_external_access = false")
    db.execute("set global lock_configuration = true")
    return db


def serve(db: duckdb.DuckDBPyConnection, token: str) -> int:
    """Has a locked database answer on a free port of loopback; returns the port."""
    for attempt in range(1, _PORT_TRIES + 1):
        port = _free_port()
        try:
            db.execute(f"call quack_serve('quack:{HOST}:{port}', token = ?)", [token])
        except duckdb.Error:
            if attempt == _PORT_TRIES:
                raise
            continue
        return port
    raise AssertionError("unreachable")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Serves what standard input orders, until that ends: with the process that started this."""
    order = Order(**json.loads(sys.stdin.readline()))
    # Open files outlive their names: nothing is left behind, however this process ends.
    with tempfile.TemporaryDirectory(prefix="warehouse-serve.") as scratch:
        db = open_locked(order, Path(scratch))
    print(json.dumps({"port": serve(db, order.token)}), flush=True)  # noqa: T201 - the answer
    sys.stdin.read()
    # A statement that still runs would be waited for.
    os._exit(0)


if __name__ == "__main__":
    main()
