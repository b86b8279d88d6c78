"""The services of a server: what systemd's units and the containers start, each one process.

`code` holds the definitions and runs the nights; `daemon` starts them by the schedule; `webserver`
is Dagster's UI for operators and `viewer` the same one, read-only, under its own path. They meet
on Unix sockets in one folder: Dagster's servers know no login, and a TCP port of loopback would be
open to everybody who has a shell on the machine, a socket is not.
"""

from __future__ import annotations

import json
import os
import socket as socketlib
import sys
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

from orchestration import settings
from orchestration.settings import Home, SettingsError
from sources import log

#: Where the read-only UI is, behind the proxy.
VIEWER_PREFIX = "/view"
#: As `warehouse ui` calls it, so that what was switched on or off there stays so here.
_LOCATION = "orchestration.definitions"
#: The longest path that Linux binds a socket to (unix(7): 108 bytes, the last of them zero).
_SOCKET_PATH_BYTES = 107
#: What a request may take once a stop was asked for: a subscription would stay open for ever.
_STOP_SECONDS = 5
_ANSWER_SECONDS = 10
#: How long a service waits for the one that makes Dagster's tables: all are started together.
_INSTANCE_SECONDS = 120


class Service(StrEnum):
    """One of the server's processes."""

    code = "code"
    daemon = "daemon"
    webserver = "webserver"
    viewer = "viewer"


def serve(home: Home, service: Service, sockets: Path) -> None:
    """Runs a service until it is told to end.

    Args:
        home: prepared; settings are in the environment (`settings.export`).
        service: which one.
        sockets: the folder of all services' sockets; made for its owner alone where it is missing.

    Raises:
        SettingsError: the path of the folder is too long for a socket.
    """
    from orchestration.instance import prepare_instance

    longest = max(len(os.fsencode(_socket(sockets, each))) for each in Service)
    if longest > _SOCKET_PATH_BYTES:
        raise SettingsError(
            f"{sockets} is {longest - _SOCKET_PATH_BYTES} bytes too long for a Unix socket. "
            "Name a shorter folder with --sockets, e.g. one in /run."
        )
    sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
    prepare_instance(home, wait_seconds=_INSTANCE_SECONDS)
    log.info("service started", service=str(service))
    workspace = write_workspace(home, _socket(sockets, Service.code))
    os.chdir(settings.PROJECT)
    match service:
        case Service.code:
            # Here alone: whoever has not imported dbt takes half the memory.
            from orchestration.manifest import prepare_manifest

            prepare_manifest()
            socket = str(_socket(sockets, service))
            target = ["-m", "orchestration.definitions", "-d", str(settings.PROJECT)]
            _become("dagster", "code-server", "start", "--socket", socket, *target)
        case Service.daemon:
            for said in take_over_in_words(home):
                print(said, flush=True)  # noqa: T201 - for the journal
            _become("dagster-daemon", "run", "-w", str(workspace))
        case Service.webserver:
            _serve_the_ui(workspace, _socket(sockets, service), read_only=False)
        case Service.viewer:
            _serve_the_ui(workspace, _socket(sockets, service), read_only=True)


def answers(service: Service, sockets: Path) -> bool:
    """Whether a service answers on its socket; the daemon has none, see its heartbeats for that."""
    with socketlib.socket(socketlib.AF_UNIX) as connection:
        connection.settimeout(_ANSWER_SECONDS)
        try:
            connection.connect(str(_socket(sockets, service)))
            if service is Service.code:
                return True
            prefix = VIEWER_PREFIX if service is Service.viewer else ""
            connection.sendall(f"GET {prefix}/server_info HTTP/1.0\r\n\r\n".encode())
            return b" 200 " in connection.recv(64)
        except OSError:
            return False


def write_workspace(home: Home, code_socket: Path) -> Path:
    """Writes which code server Dagster's processes ask; returns the file."""
    path = home.dagster / "workspace.yaml"
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    server = {"socket": str(code_socket), "location_name": _LOCATION}
    # JSON is YAML, and quotes what has to be quoted.
    temporary.write_text(json.dumps({"load_from": [{"grpc_server": server}]}))
    temporary.replace(path)
    return path


def take_over_in_words(home: Home) -> list[str]:
    """Takes over from runs that were cut short, or says why not: the next night does it then.

    Args:
        home: prepared, with its instance's configuration written.

    Returns:
        What became of it, a sentence a run.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from orchestration.taking_over import take_over_if_free

    try:
        return [f"Took over: {cut.in_words()}" for cut in take_over_if_free(home)]
    except (SettingsError, SQLAlchemyError, OSError) as error:
        said = getattr(error, "orig", None) or error
        return [f"Nothing was taken over: {said}"]


def _socket(sockets: Path, service: Service) -> Path:
    return sockets / f"{service}.sock"


def _become(program: str, *arguments: str) -> NoReturn:
    """Replaces this process by a program of this environment."""
    beside = Path(sys.executable).with_name(program)
    os.execv(beside, [str(beside), *arguments])  # noqa: S606 - replaced by Dagster's own


def _serve_the_ui(workspace: Path, socket: Path, *, read_only: bool) -> None:
    """Serves Dagster's UI on a socket.

    As the program `dagster-webserver` does, which knows TCP ports only. uvicorn opens the socket
    to everybody; who may come to it is for the mode of its folder to say.
    """
    import uvicorn
    from dagster import DagsterInstance
    from dagster._core.workspace.context import WorkspaceProcessContext
    from dagster._core.workspace.load_target import WorkspaceFileTarget
    from dagster_webserver.app import create_app_from_workspace_process_context
    from dagster_webserver.version import __version__

    with (
        DagsterInstance.get() as instance,
        WorkspaceProcessContext(
            instance,
            workspace_load_target=WorkspaceFileTarget([str(workspace)]),
            version=__version__,
            read_only=read_only,
        ) as context,
    ):
        # The program's own defaults: milliseconds a statement, seconds a connection, connections.
        instance.optimize_for_webserver(15_000, 3_600, 20)
        app = create_app_from_workspace_process_context(
            context, VIEWER_PREFIX if read_only else "", live_data_poll_rate=2_000
        )
        uvicorn.run(
            app,
            uds=str(socket),
            log_level="warning",
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
