"""Nights in forked children of one process that has imported everything: the CPU of a night alone.

    Nights (in the test) ── a line of JSON ──▶ serve (a process of its own) ── fork ──▶ a command

A child runs the console script's own `main`. It can be told to kill itself with SIGKILL at a
point: just before a durable step (a file is opened for writing, renamed, linked, removed; the
ledger commits) or where the night tells what it is at. Points are named by what is done to which
file, and counted, so that the same name means the same point in every night over the same files.

The process that builds with dbt is forked too, from a night that has begun and from a server that
has imported dbt; what it is told and tells, and how it ends, is as ever.

Run as a program it is the server. Nothing of this is in the software: children are watched by
Python's audit hooks and by SQLAlchemy's events.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: What differs from home to home in the names of files.
_VARYING = (
    (re.compile(r"[0-9a-f]{64}"), "<file>"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<run>"),
    (re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}"), "<version>"),
    (re.compile(rf"\.(?:{re.escape(socket.gethostname())}~)?\d+\.part"), ".<process>.part"),
    (re.compile(r"archive/[0-9a-f]{2}\b"), "archive/<xx>"),
    (re.compile(r"(<file>|empty)\.[^/]*\.parquet"), r"\1.parquet"),
)
#: Where what is written is of no night's making, or does not matter to it.
_BESIDE = re.compile(r"/(dbt|dagster|logs)(/|$)")
#: Audit event → the place of the file's name among its arguments.
_WATCHED = {
    "os.rename": 1, "os.link": 1, "os.mkdir": 0, "os.remove": 0, "os.chmod": 0,
    "shutil.copyfile": 1, "shutil.rmtree": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Attributes:
        exit_code: as a shell has it; minus the signal's number of one that was killed.
        stdout: what it printed.
        stderr: what it complained of.
        points: the points it passed, in order; the last is where it was killed.
        cpu_seconds: of the child.
    """

    exit_code: int
    stdout: str
    stderr: str
    points: list[str]
    cpu_seconds: float


class Nights:
    """A server of nights."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(
        self,
        *arguments: str,
        environment: Mapping[str, str],
        kill_at: str | None = None,
        patience_seconds: float | None = None,
    ) -> Ended:
        """Runs a command of the console script in a forked child.

        Args:
            arguments: the command's.
            environment: all of it.
            kill_at: the point where it kills itself, as `points` names it.
            patience_seconds: how long it bears with a silent server, where that is to be sooner
                over than in earnest.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {
            "arguments": arguments,
            "environment": dict(environment),
            "kill_at": kill_at,
            "patience_seconds": patience_seconds,
        }
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the server of nights has died"
        return Ended(**json.loads(answer))


@contextlib.contextmanager
def nights(environment: Mapping[str, str]) -> Iterator[Nights]:
    """A server of nights, while the block runs.

    Args:
        environment: of a home in which it lets one night pass itself, so that what Python does
            once a process is done before the first fork.
    """
    process = subprocess.Popen(
        [sys.executable, __file__],
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield Nights(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)


# ── The server ────────────────────────────────────────────────────────────────────────────────


def serve() -> None:
    """Answers one request after the other until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _warm_up()
    for line in sys.stdin:
        with tempfile.TemporaryDirectory() as folder:
            answers.write(json.dumps(_in_a_child(Path(folder), **json.loads(line))) + "\n")
            answers.flush()


def _warm_up() -> None:
    """Lets a night pass in this process, then gives back what no child may inherit."""
    import dbt.adapters.duckdb.impl
    import dbt.task.build  # noqa: F401

    from orchestration import cli, dbt_process, event_log

    dbt_process.begin = _fork_dbt
    sys.argv = ["warehouse", "run", "--json"]
    with contextlib.suppress(SystemExit):
        cli.main()
    engines = event_log._engines._engines
    for engine in engines.values():
        engine.dispose()
    engines.clear()


def _in_a_child(
    folder: Path,
    arguments: list[str],
    environment: dict[str, str],
    kill_at: str | None,
    patience_seconds: float | None,
) -> dict[str, Any]:
    names = [folder / name for name in ("stdout", "stderr", "points")]
    child = os.fork()
    if not child:
        if patience_seconds is not None:
            _bear_with_silence(patience_seconds)
        _be_the_child(names, arguments, environment, kill_at)
    _, status, used = os.wait4(child, 0)
    stdout, stderr, points = (name.read_text(encoding="utf-8") for name in names)
    return {
        "exit_code": os.waitstatus_to_exitcode(status),
        "stdout": stdout,
        "stderr": stderr,
        "points": points.splitlines(),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
    }


def _bear_with_silence(seconds: float) -> None:
    from sources import silence

    silence.PATIENCE_SECONDS = seconds
    silence.NOTICED = {**silence.NOTICED, "connect_timeout": 2}


def _be_the_child(
    names: list[Path], arguments: list[str], environment: dict[str, str], kill_at: str | None
) -> None:
    os.setsid()
    for number, name in zip((1, 2), names[:2], strict=True):
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT)
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    from orchestration import cli

    _watch(names[2], Path(environment["WAREHOUSE_HOME"]), kill_at)
    sys.argv = ["warehouse", *arguments]
    code = 1
    try:
        cli.main()
        code = 0
    except SystemExit as ending:
        code = int(ending.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class _Forked:
    """A forked process, as `orchestration.dbt_process` uses one."""

    def __init__(self, pid: int, stdin: int, stdout: int) -> None:
        self.stdin, self.stdout = os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb")
        self._pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        return self._code if self._code is not None else self._waited(os.WNOHANG)

    def wait(self, timeout: float | None = None) -> int:
        del timeout  # it is killed before
        code = self._code if self._code is not None else self._waited(0)
        assert code is not None
        return code

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self._pid, signal.SIGKILL)

    def _waited(self, how: int) -> int | None:
        ended, status = os.waitpid(self._pid, how)
        if ended:
            self._code = os.waitstatus_to_exitcode(status)
        return self._code


def _fork_dbt(folder: Path) -> _Forked:
    word, to_it = os.pipe()
    from_it, news = os.pipe()
    pid = os.fork()
    if not pid:
        complaints = os.open(folder / "complaints.txt", os.O_WRONLY | os.O_CREAT)
        for number, descriptor in enumerate((word, news, complaints)):
            os.dup2(descriptor, number)
        for descriptor in (word, to_it, from_it, news, complaints):
            os.close(descriptor)
        os.chdir(folder)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - until it ends
        from orchestration.dbt_child import main

        try:
            main()
        finally:
            os._exit(1)
    os.close(word)
    os.close(news)
    return _Forked(pid, to_it, from_it)


def _watch(told: Path, home: Path, kill_at: str | None) -> None:
    """Writes every point down as it is passed; dies at the one asked for."""
    import sqlalchemy as sa

    from orchestration import progress

    passed: Counter[str] = Counter()
    night = os.getpid()
    points = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    root = f"{home}/"
    wrote: dict[int, str] = {}

    def pass_by(what: str) -> None:
        what = what.replace(root, "")
        for pattern, instead in _VARYING:
            what = pattern.sub(instead, what)
        passed[what] += 1
        point = f"{what} #{passed[what]}"
        os.write(points, f"{point}\n".encode())
        if point == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        place = _WATCHED.get(event)
        if place is None or os.getpid() != night:
            return
        path = str(arguments[place])
        if path.startswith(root) and not _BESIDE.search(path):
            pass_by(f"{event} {path}")

    def written(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        words = statement.split(maxsplit=3)
        if words[:2] == ["INSERT", "INTO"]:
            wrote.setdefault(id(connection), words[2])

    def commit(connection: Any) -> None:
        table = wrote.pop(id(connection), None)
        if table and str(connection.engine.url.database).endswith("ledger.sqlite"):
            pass_by(f"commit {table}")

    sys.addaudithook(hear)
    sa.event.listen(sa.Engine, "before_cursor_execute", written)
    sa.event.listen(sa.Engine, "commit", commit)
    progress._listeners.append(lambda stage, text: pass_by(f"{stage} {text}"))


if __name__ == "__main__":
    serve()
