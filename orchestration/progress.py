"""What a night tells of itself while it runs: (stage, text) to whoever listens.

The console listens when a person started the night; Dagster's own log gets the same as run
metadata and events. A stage is one of reading, judging, building, checking, publishing or the fate
of a file (loaded, rejected, duplicate, archived).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

from sources import log

Listener = Callable[[str, str], None]

_listeners: list[Listener] = []


def notify(stage: str, text: str) -> None:
    """Tells every listener, and the log."""
    log.info(stage, text=text)
    for listener in _listeners:
        listener(stage, text)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Has `listener` told while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@contextmanager
def steps_off_the_terminal() -> Generator[None, None, None]:
    """Keeps what steps print (dbt's lines) off the terminal; Dagster's step logs still get it."""
    sys.stdout.flush()
    terminal, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(terminal, 1)
        os.close(terminal)
        os.close(nowhere)
