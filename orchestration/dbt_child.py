"""What the process does that builds with dbt: it gets ready, waits for the word, builds, ends.

    standard input   ◀── the word: a line of JSON, once        (orchestration.dbt_process)
    standard output  ──▶ a line of JSON for each piece of news: {"what": …, "said": …}

While the night takes in what came, it imports dbt, loads the project and warms up. It ends with
whoever started it, however that ended: standard input is then at its end, and a thread waits for
that. What dbt prints goes the way of the news, so that nothing of it reaches a terminal by itself.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
from contextlib import redirect_stdout, suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TextIO

from orchestration.dbt_running import Listener, Project
from orchestration.garbage import collected_seldom
from orchestration.manifest import BuildFailed
from orchestration.settings import Target

#: What is built to warm up: a model that reads no other, and its tests.
_READS_NO_OTHER = ("build", "--select", "dim_date")


class News:
    """The way out: one line a piece of news, whole, from whatever thread it comes."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._printed: list[str] = []

    def tell(self, what: str, said: Any = None) -> None:
        """Tells a piece of news, and before it what was printed."""
        with self._lock:
            if self._printed:
                self._write("printed", "".join(self._printed))
                self._printed.clear()
            self._write(what, said)
            self._out.flush()

    def print(self, text: str) -> None:
        """Tells what is printed, with the next piece of news: dbt prints more than it tells."""
        with self._lock:
            self._printed.append(text)

    def _write(self, what: str, said: Any) -> None:
        self._out.write(f"{json.dumps({'what': what, 'said': said})}\n")


class _Printed(io.TextIOBase):
    """Standard output of dbt, as news."""

    def __init__(self, news: News) -> None:
        self._news = news

    def write(self, text: str) -> int:
        """Passes on what is printed."""
        self._news.print(text)
        return len(text)


def main() -> None:
    """Gets ready, waits for the word and follows it; never returns."""
    # Ctrl-C is for the night, which ends this process in its own time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    news = News(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    sys.stdout = _Printed(news)
    words: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=_hear, args=(words,), daemon=True).start()
    with collected_seldom():
        try:
            _build(words, news)
        except BaseException as error:
            news.tell("failed", {"why": str(error), "cause": str(_root(error))})
            raise
    # What Python does at its end is not waited for: dbt's connections are closed.
    os._exit(0)


def _hear(words: SimpleQueue[dict[str, Any]]) -> None:
    """Waits for words, and for the end of whoever says them."""
    for line in sys.stdin:
        words.put(json.loads(line))
    os._exit(1)


def _build(words: SimpleQueue[dict[str, Any]], news: News) -> None:
    project = Project(Target.duckdb)
    # What is the matter with the project is said when it is needed; a full disk may do without.
    with suppress(BuildFailed, OSError):
        project.load()
        if words.empty():
            _warm_up(project)
    word = words.get()
    project.run(
        word["command"],
        Path(word["folder"]),
        Path(word["artefacts"]),
        word["variables"],
        Listener(
            started=lambda kind, name: news.tell("started", [kind, name]),
            became=lambda result: news.tell("became", asdict(result)),
        ),
    )
    news.tell("done")


def _warm_up(project: Project) -> None:
    """Builds a model for nobody: what dbt makes on first use is made while the night does not wait.

    That is its checks of project and profile, its templates and its connection: half a second.

    Raises:
        BuildFailed: dbt could not run.
        OSError: there is no room for it.
    """
    folder = Path.cwd()  # of this process alone; whoever began it removes it
    nobody = Listener(started=lambda _kind, _name: None, became=lambda _result: None)
    with redirect_stdout(io.StringIO()):
        import_module("pandas")  # a model in Python wants it
        project.run(_READS_NO_OTHER, folder, folder / "dbt", {}, nobody)


def _root(error: BaseException) -> BaseException:
    """What caused an error in the first place."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error
