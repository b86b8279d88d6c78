"""What `warehouse serve` runs: a relay that stays, and an engine for each published file.

    relay ──▶ engine of the file that is published now
          └─▶ engine of the file before, until its sessions are done

A night's swap changes what `published/warehouse.duckdb` is. A new engine is started on it; new
sessions go there. Sessions of the old one go on, each on the one night it began with; then it is
ended, and whoever comes back to it must connect again.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from orchestration import settings
from orchestration.serving.engine import Order
from orchestration.serving.relay import Relay, Upstream
from orchestration.settings import Home, SettingsError
from sources import log

#: How often it is looked whether something else is published (seconds).
LOOK_SECONDS = 2.0
#: An old engine is ended once nobody asked it for so long, …
IDLE_SECONDS = 60.0
#: … and in any case so long after the swap: a statement cannot be stopped otherwise.
DRAIN_SECONDS = 900.0
#: An engine that has not said its port by now does not start.
_START_SECONDS = 60
#: After an engine could not be started, the next try waits for so long.
_AGAIN_SECONDS = 10.0
_STOP_SECONDS = 5


@dataclass(frozen=True)
class Published:
    """One published file; two nights' are never equal, whatever their path."""

    path: Path
    device: int
    inode: int
    modified_ns: int


def published_now(link: Path) -> Published | None:
    """What is published; None where nothing is.

    Args:
        link: the published warehouse, a file or a link to one.
    """
    try:
        path = link.resolve(strict=True)
        stat = path.stat()
    except OSError:
        return None
    return Published(path, stat.st_dev, stat.st_ino, stat.st_mtime_ns)


class EngineFailed(RuntimeError):
    """An engine did not come up; the message says why."""


class Engine:
    """A process that serves one published file."""

    def __init__(self, of: Published, order: Order) -> None:
        """Starts it and waits until it answers.

        Raises:
            EngineFailed: it does not.
        """
        self.of = of
        self.replaced_at: float | None = None
        # Nothing of our secrets is in its environment; the token goes over its standard input.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "orchestration.serving.engine"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=settings.environment_of_others()
            | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,  # Ctrl-C is for the server to hear
        )
        late = threading.Timer(_START_SECONDS, self.process.kill)
        late.start()
        try:
            assert self.process.stdin and self.process.stdout and self.process.stderr  # noqa: S101
            self.process.stdin.write(order.line())
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except OSError:
            answer = ""
        finally:
            late.cancel()
        if not answer:
            self.process.kill()
            said = self.process.stderr.read().strip().splitlines() if self.process.stderr else []
            self.process.wait()
            raise EngineFailed(said[-1] if said else "It did not come up.")
        self.upstream = Upstream(int(json.loads(answer)["port"]))

    @property
    def runs(self) -> bool:
        """Whether the process is alive."""
        return self.process.poll() is None

    def stop(self) -> None:
        """Ends it, by force where it works on a statement."""
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


class Server:
    """Serves what is published, through every swap, until it is told to end."""

    def __init__(
        self,
        home: Home,
        host: str,
        port: int,
        tell: Callable[[str], None],
        *,
        look_seconds: float = LOOK_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
        drain_seconds: float = DRAIN_SECONDS,
    ) -> None:
        """Binds the port; nothing answers before `run`.

        Args:
            home: whose published warehouse to serve.
            host: address to listen on.
            port: its port; 0 takes a free one.
            tell: is told what happens, a sentence at a time.
            look_seconds: how often it is looked for a swap.
            idle_seconds: when an old engine that nobody asks is ended.
            drain_seconds: when an old engine is ended in any case.

        Raises:
            SettingsError: the port is taken, or the address is none of this machine's.
        """
        self.home = home
        self.tell = tell
        self.look_seconds = look_seconds
        self.idle_seconds = idle_seconds
        self.drain_seconds = drain_seconds
        self.current: Engine | None = None
        self.old: list[Engine] = []
        self.ending = threading.Event()
        self._token = home.serve_secret()
        self._not_before = 0.0
        try:
            self.relay = Relay(host, port)
        except (OSError, OverflowError) as error:
            raise SettingsError(
                f"{host}:{port} cannot be listened on ({getattr(error, 'strerror', None) or error})"
                ". Set WAREHOUSE_SERVE_PORT to another port, or end what has this one."
            ) from error
        self.address = f"{f'[{host}]' if ':' in host else host}:{self.relay.port}"

    def run(self) -> None:
        """Serves until `ending` is set; then ends every engine."""
        relay = threading.Thread(target=self.relay.serve_forever, args=(0.1,), daemon=True)
        relay.start()
        if published_now(self.home.warehouse) is None:
            self.tell(f"Nothing is published in {self.home.published} yet; waiting for a night.")
        try:
            while not self.ending.is_set():
                self.look()
                self.ending.wait(self.look_seconds)
        finally:
            self.relay.shutdown()
            self.relay.server_close()
            for engine in [*self.old, *([self.current] if self.current else [])]:
                engine.stop()

    def look(self) -> None:
        """Follows what is published, and ends engines that are done."""
        now = published_now(self.home.warehouse)
        if self.current and not self.current.runs:
            self.tell("The process that served ended by itself; another is started.")
            log.error("serving ended by itself", exit_code=self.current.process.returncode)
            self.relay.current = None
            self.relay.forget(self.current.upstream)
            self.current.stop()
            self.current = None
        if (
            now
            and (self.current is None or self.current.of != now)
            and time.monotonic() >= self._not_before
        ):
            self._take(now)
        for engine in [engine for engine in self.old if self._is_done(engine)]:
            self.relay.forget(engine.upstream)
            engine.stop()
            self.old.remove(engine)
            self.tell("The night before is served no longer: its sessions are done.")

    def _take(self, now: Published) -> None:
        order = Order(
            str(now.path),
            self._token,
            self.home.serve_memory_mb,
            max(1, (os.cpu_count() or 2) // 2),
        )
        try:
            engine = Engine(now, order)
        except EngineFailed as error:
            self._not_before = time.monotonic() + _AGAIN_SECONDS
            self.tell(f"{now.path} cannot be served: {error}")
            log.error("not served", file=str(now.path), why=str(error))
            return
        if self.current:
            self.current.replaced_at = time.monotonic()
            self.old.append(self.current)
        self.current = engine
        self.relay.current = engine.upstream
        self.tell(f"Serving {now.path} on quack:{self.address}.")
        log.info("serving", file=str(now.path))

    def _is_done(self, engine: Engine) -> bool:
        since = time.monotonic() - (engine.replaced_at or 0.0)
        # Idle counts from the swap on at the earliest: a session may have just begun.
        idle = min(since, engine.upstream.idle_seconds())
        return not engine.runs or idle >= self.idle_seconds or since >= self.drain_seconds


def run_until_told(server: Server) -> None:
    """Serves until SIGTERM or Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.ending.set())
    server.run()


def answers(host: str, port: int) -> bool:
    """Whether a warehouse is served there."""
    import http.client

    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
