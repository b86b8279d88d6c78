"""Redis and Celery workers for tests: the real programs, on loopback, in a test's own folders."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from postgres import free_port

REDIS = shutil.which("redis-server")
NEEDED = "needs Debian's package redis-server"
_BESIDE_PYTHON = Path(sys.executable).parent
_CONFIGURATION = Path(__file__).parents[1] / "deploy/celery/celery.yaml"


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis that keeps nothing, while the block runs; gives its URL."""
    assert REDIS is not None, NEEDED
    port = free_port()
    process = subprocess.Popen(
        [REDIS, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    import redis

    url = f"redis://127.0.0.1:{port}/0"
    try:
        for _ in range(300):
            try:
                redis.Redis.from_url(url).ping()
                break
            except redis.ConnectionError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(30)


@dataclass
class Worker:
    """A worker, started as the unit of deploy/celery starts it.

    Attributes:
        process: of the command; the worker and its child are in its session.
        log: what it printed.
    """

    process: subprocess.Popen[bytes]
    log: Path

    def wait_until_ready(self) -> None:
        """Returns once it takes batches."""
        deadline = time.monotonic() + 300
        while " ready." not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.2)

    def kill(self) -> None:
        """Ends all of it without a word, as a machine that loses its power does."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)


@contextmanager
def celery_worker(
    folder: Path, name: str, environment: Mapping[str, str], visibility_seconds: int
) -> Iterator[Worker]:
    """A worker with one process that loads, while the block runs.

    Args:
        folder: for its log and its configuration.
        name: its own.
        environment: all of it; the home's Dagster is prepared.
        visibility_seconds: after how long a batch of a dead worker is handed to another.
    """
    configuration = yaml.safe_load(_CONFIGURATION.read_text())
    options = configuration["execution"]["config"]["config_source"]["broker_transport_options"]
    options["visibility_timeout"] = visibility_seconds
    file = folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump(configuration))
    log = folder / f"{name}.log"
    with log.open("wb") as printed:
        process = subprocess.Popen(
            [
                _BESIDE_PYTHON / "dagster-celery", "worker", "start", "-A", "dagster_celery.app",
                "-n", name, "-y", str(file), "--", "--concurrency=1",
            ],
            env={
                **environment,
                "PATH": f"{_BESIDE_PYTHON}:{environment['PATH']}",
                "DAGSTER_HOME": f"{environment['WAREHOUSE_HOME']}/dagster",
                "PYTHONUNBUFFERED": "1",
            },
            cwd=folder,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    worker = Worker(process, log)
    try:
        yield worker
    finally:
        worker.kill()
