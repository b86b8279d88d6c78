"""The process that builds with dbt, as the night sees it: begun early, given the word, ended.

    at_hand ──▶ a process that imports dbt and loads the project (orchestration.dbt_child)
    built   ──▶ the word to it ──▶ what becomes of each node, as soon as it is known

dbt needs some two seconds of CPU before its first statement and holds Python's lock for most of a
small build. Beside the night it has a core of its own: it gets ready while files are taken in, and
Dagster's events of what is built are written while the rest is.

What the process is told goes through a pipe and its environment, nothing through its command line.
It ends when the night does, however that ends: the pipe's end is its end.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

from orchestration import progress
from orchestration.dbt_running import NodeResult
from orchestration.manifest import BuildFailed
from orchestration.settings import PROJECT, Home, Target

#: The software is where this file is, wherever the night was started from.
_BEGIN = (
    f"import sys; sys.path.insert(0, {str(PROJECT)!r}); "
    "from orchestration.dbt_child import main; main()"
)
#: Seconds that a process has to end by itself once it has said that it is done.
_ENDS_SECONDS = 10
#: What it complained of, a file in its folder.
_COMPLAINTS = "complaints.txt"
#: Of what it complained of before it died.
_LAST_WORDS = 2_000


class Running(Protocol):
    """A process: of `subprocess.Popen` what is used here; both pipes are there."""

    stdin: Any
    stdout: Any

    def poll(self) -> int | None:
        """The exit code; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Waits for its end; returns the exit code."""

    def kill(self) -> None:
        """Ends it now."""


def begin(folder: Path) -> Running:
    """Begins a process.

    Args:
        folder: of its own, where it works; what Python itself complains of is written there.
    """
    with (folder / _COMPLAINTS).open("wb") as complaints:
        return subprocess.Popen(  # noqa: S603 - a fixed command
            [sys.executable, "-P", "-c", _BEGIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            cwd=folder,
        )


class _SaidByDbt(RuntimeError):
    """What was the matter in the first place, in the words of whoever noticed it."""


class DbtProcess:
    """A process that gets ready, is given one word, and ends."""

    def __init__(self, start: Callable[[Path], Running]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="cluster-warehouse-"))
        self._process = start(self._folder)
        self._hearing: threading.Thread | None = None

    @property
    def lives(self) -> bool:
        """Whether it can be given a word."""
        return self._process.poll() is None

    def run(
        self, command: Sequence[str], folder: Path, artefacts: Path, variables: Mapping[str, Any]
    ) -> Iterator[NodeResult]:
        """Gives it a command of dbt; what becomes of each node, as soon as it is known.

        Args:
            command: and its options.
            folder: of the build.
            artefacts: where dbt writes.
            variables: of the project that a setting decides.

        Raises:
            BuildFailed: dbt could not run, or the process was ended from outside.
        """
        self._say(
            {
                "command": command,
                "folder": str(folder),
                "artefacts": str(artefacts),
                "variables": dict(variables),
            }
        )
        # The pipe is emptied by a thread: a build does not wait for whoever tells of it.
        news: SimpleQueue[bytes] = SimpleQueue()
        self._hearing = threading.Thread(target=self._hear, args=(news,), daemon=True)
        self._hearing.start()
        while line := news.get():
            heard = json.loads(line)
            what, said = heard["what"], heard["said"]
            if what == "started":
                kind, name = said
                progress.notify("checking" if kind == "test" else "building", f"dbt: {name}")
            elif what == "became":
                yield NodeResult(**said)
            elif what == "printed":
                sys.stdout.write(said)
            elif what == "failed":
                raise BuildFailed(said["why"]) from _SaidByDbt(said["cause"])
            else:
                return
        raise BuildFailed(self._died_in_words())

    def end(self) -> None:
        """Ends it, whatever it is doing."""
        self._process.kill()
        self._process.wait(_ENDS_SECONDS)
        if self._hearing is not None:
            self._hearing.join()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what it never heard
                pipe.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _say(self, word: Mapping[str, Any]) -> None:
        with suppress(BrokenPipeError):  # it has died, as its silence will say
            self._process.stdin.write(json.dumps(word).encode() + b"\n")
            self._process.stdin.flush()

    def _hear(self, news: SimpleQueue[bytes]) -> None:
        for line in self._process.stdout:
            news.put(line)
        news.put(b"")

    def _died_in_words(self) -> str:
        code = self._process.wait(_ENDS_SECONDS)
        if code < 0:
            name = signal.Signals(-code).name
            return (
                f"The process that builds with dbt was ended from outside ({name}); nothing of "
                "what it built is published. Where nobody did that, the machine was out of memory: "
                "its log says so (`dmesg`). Give it more, or let less run beside the night, then "
                "run the night again."
            )
        said = (self._folder / _COMPLAINTS).read_text(errors="replace")[-_LAST_WORDS:].strip()
        last = said.rpartition("\n")[2] or "without a word"
        return (
            f"The process that builds with dbt ended by itself, exit code {code} ({last}); nothing "
            "of what it built is published. Type `warehouse doctor`, then run the night again."
        )


class _Processes:
    """Those that were begun in this process and not ended yet."""

    def __init__(self) -> None:
        self.waiting: DbtProcess | None = None
        self._begun: list[DbtProcess] = []

    def begin(self) -> DbtProcess:
        process = DbtProcess(begin)
        self._begun.append(process)
        return process

    def end(self, process: DbtProcess) -> None:
        if process in self._begun:
            self._begun.remove(process)
            process.end()

    def end_all(self) -> None:
        self.waiting = None
        for process in tuple(self._begun):
            self.end(process)

    def taken(self) -> DbtProcess:
        """The one that waits; a new one where none does, or it has died."""
        process, self.waiting = self.waiting, None
        if process is None or process.lives:
            return process or self.begin()
        self.end(process)
        return self.begin()


_processes = _Processes()


@contextmanager
def at_hand(home: Home, *, begin_now: bool = True) -> Generator[None, None, None]:
    """Has a process get ready to build while the block runs; with the block every one ends.

    Args:
        home: whose nights build on what: Spark's session is in the night's own process.
        begin_now: false where there may be nothing to build.
    """
    if _processes.waiting is not None:
        yield  # whoever has begun it ends it
        return
    if begin_now and home.target is not Target.spark:
        _processes.waiting = _processes.begin()
    try:
        yield
    finally:
        _processes.end_all()


def built(
    command: Sequence[str], folder: Path, artefacts: Path, variables: Mapping[str, Any]
) -> Iterator[NodeResult]:
    """Runs a command of dbt in the process that waits, or in a new one; see `DbtProcess.run`.

    Raises:
        BuildFailed: dbt could not run, or the process was ended from outside.
    """
    process = _processes.taken()
    try:
        yield from process.run(command, folder, artefacts, variables)
    finally:
        _processes.end(process)
