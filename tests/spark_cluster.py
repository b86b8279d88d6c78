"""A standalone Spark cluster for tests: a master and two workers on loopback, each a process.

They are started as an operator starts them, by `deploy/spark/node.sh`, with small heaps, and can be
killed and started again one by one.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from postgres import free_port

DEPLOYED = Path(__file__).parents[1] / "deploy" / "spark"
NEEDED = "needs Java: Debian's package openjdk-17-jre-headless"
IS_THERE = shutil.which("java") is not None
WORKERS = ("one", "two")
#: What a test's machine has room for, and where its driver is found.
_SMALL = """
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.driver.memory 768m
spark.executor.memory 512m
spark.sql.shuffle.partitions 2
spark.executor.defaultJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
 -XX:ReservedCodeCacheSize=240m
"""
_START_SECONDS = 120
#: What a process is called that computes.
_EXECUTOR = "CoarseGrainedExecutorBackend"


@dataclass
class SparkCluster:
    """A cluster on loopback.

    Attributes:
        folder: where its nodes write.
        port: the master's.
        nodes: name (`master`, `one`, `two`) → its process, of those that run.
    """

    folder: Path
    port: int
    nodes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The master, as a session names it."""
        return f"spark://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a night needs that computes here."""
        return {
            "WAREHOUSE_TARGET": "spark",
            "WAREHOUSE_SPARK_MASTER": self.url,
            "SPARK_CONF_DIR": str(self.folder / "conf"),
            "SPARK_LOCAL_IP": "127.0.0.1",
        }

    def start(self, name: str) -> None:
        """Starts a node and waits until it is one of the cluster."""
        arguments = ["master"] if name == "master" else ["worker", self.url]
        log = self.folder / f"{name}.log"
        before = log.stat().st_size if log.exists() else 0
        with log.open("ab") as said:
            self.nodes[name] = subprocess.Popen(
                [DEPLOYED / "node.sh", *arguments],
                env={
                    **os.environ,
                    "PYTHON": sys.executable,
                    "SPARK_CONF_DIR": str(self.folder / "conf"),
                    "SPARK_DAEMON_MEMORY": "160m",
                    "SPARK_MASTER_PORT": str(self.port),
                    "SPARK_MASTER_WEBUI_PORT": "0",
                    "SPARK_WORKER_WEBUI_PORT": "0",
                    "SPARK_WORKER_CORES": "1",
                    "SPARK_WORKER_MEMORY": "600m",
                    "SPARK_WORKER_DIR": str(self.folder / name),
                    "SPARK_LOCAL_DIRS": str(self.folder / f"{name}-spill"),
                },
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        sentence = "I have been elected leader" if name == "master" else "Successfully registered"
        deadline = time.monotonic() + _START_SECONDS
        while sentence not in log.read_text(errors="replace")[before:]:
            assert self.nodes[name].poll() is None, log.read_text(errors="replace")[before:]
            assert time.monotonic() < deadline, f"{name} did not start"
            time.sleep(0.2)

    def kill(self, name: str) -> None:
        """Kills a node as a machine that loses its power does: its executors with it."""
        process = self.nodes.pop(name)
        for group in {process.pid, *_executors_of(process.pid)}:
            with suppress(ProcessLookupError):
                os.kill(group, signal.SIGKILL)
        process.wait()

    def kill_executors(self, name: str) -> None:
        """Kills who computes for a worker, as a system without memory does; the worker lives."""
        for process in _executors_of(self.nodes[name].pid):
            with suppress(psutil.NoSuchProcess, ProcessLookupError):  # it has ended
                if _EXECUTOR in " ".join(psutil.Process(process).cmdline()):
                    os.kill(process, signal.SIGKILL)

    def tasks_of(self, worker: str) -> int:
        """How many tasks a worker's executors have finished."""
        said = (path.read_text(errors="replace") for path in self._of_executors(worker))
        return sum(len(re.findall(r"Finished task", text)) for text in said)

    def _of_executors(self, worker: str) -> list[Path]:
        return sorted((self.folder / worker).glob("app-*/*/stderr"))


def _executors_of(worker: int) -> list[int]:
    return [child.pid for child in psutil.Process(worker).children(recursive=True)]


@contextmanager
def spark_cluster(folder: Path) -> Iterator[SparkCluster]:
    """A master with two workers; whatever still runs afterwards is killed."""
    conf = folder / "conf"
    conf.mkdir(parents=True)
    deployed = (DEPLOYED / "spark-defaults.conf").read_text(encoding="utf-8")
    (conf / "spark-defaults.conf").write_text(deployed + _SMALL, encoding="utf-8")
    cluster = SparkCluster(folder, free_port())
    try:
        for name in ("master", *WORKERS):
            cluster.start(name)
        yield cluster
    finally:
        for name in list(cluster.nodes):
            cluster.kill(name)
