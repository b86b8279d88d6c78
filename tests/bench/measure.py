"""What a command costs: CPU, wall time and peak memory of its process and all that it starts."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

import psutil

#: How often memory is looked at: a peak shorter than this can be missed.
SAMPLE_SECONDS = 0.05
MIB = 1024 * 1024


class CommandFailed(RuntimeError):
    """A command that is measured did not exit with 0; the message is the end of what it said."""


@dataclass(frozen=True)
class Look:
    """What a process and its descendants had used up to a moment.

    Attributes:
        at: the moment, in seconds since the epoch.
        cpu_seconds: user and system time of all of them, and of those that they had waited for.
        resident_mib: memory resident in all of them at that moment.
    """

    at: float
    cpu_seconds: float
    resident_mib: float


@dataclass(frozen=True)
class Cost:
    """What a command cost.

    Attributes:
        cpu_seconds: user and system time of the process and of all it started and waited for.
        wall_seconds: from start to end.
        peak_mib: the most memory resident at once, summed over the processes; what two of them
            share is counted in both.
    """

    cpu_seconds: float
    wall_seconds: float
    peak_mib: float

    @staticmethod
    def median(costs: Iterable[Cost]) -> Cost:
        """The median of each figure by itself."""
        each = [asdict(cost) for cost in costs]
        return Cost(**{name: median(one[name] for one in each) for name in each[0]})


def _look(root: psutil.Process) -> Look | None:
    """What a process and its descendants use now; None once it is gone."""
    cpu = resident = 0.0
    try:
        family = [root, *root.children(recursive=True)]
    except psutil.Error:
        return None
    for process in family:
        try:
            with process.oneshot():
                times = process.cpu_times()
                resident += process.memory_info().rss
        except psutil.Error:
            continue
        cpu += times.user + times.system + times.children_user + times.children_system
    return Look(time.time(), cpu, resident / MIB)


class _Watch(threading.Thread):
    """Looks at a process until told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.looks: list[Look] = []
        self._process = psutil.Process(pid)
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.is_set():
            if look := _look(self._process):
                self.looks.append(look)
            self._stopped.wait(SAMPLE_SECONDS)

    def stop(self) -> None:
        self._stopped.set()
        self.join()


@dataclass(frozen=True)
class Measured:
    """A command that was measured.

    Attributes:
        cost: what it cost.
        said: what it wrote to standard output.
        looks: what it had used, from moment to moment.
    """

    cost: Cost
    said: str
    looks: Sequence[Look]


def measure(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> tuple[Cost, str]:
    """Runs a command; returns what it cost and what it wrote to standard output.

    Raises:
        CommandFailed: it exits with anything but 0.
    """
    measured = watch(command, cwd=cwd, env=env)
    return measured.cost, measured.said


def watch(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Measured:
    """Runs a command and looks at it all the while.

    Raises:
        CommandFailed: it exits with anything but 0.
    """
    with TemporaryFile() as out, TemporaryFile() as err:
        started = time.monotonic()
        process = subprocess.Popen(list(command), cwd=cwd, env=dict(env), stdout=out, stderr=err)
        watching = _Watch(process.pid)
        watching.start()
        # wait4 tells the use of this one child and of what it waited for, and of no other child.
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        finally:
            wall = time.monotonic() - started
            watching.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        said = []
        for stream in (out, err):
            stream.seek(0)
            said.append(stream.read().decode("utf-8", "replace"))
    if process.returncode:
        raise CommandFailed(
            f"{' '.join(command)} exited with {process.returncode}:\n{''.join(said)[-4000:]}"
        )
    peak = max((look.resident_mib for look in watching.looks), default=0.0)
    return Measured(Cost(usage.ru_utime + usage.ru_stime, wall, peak), said[0], watching.looks)
