"""What a night tells of itself while it runs: (stage, text) to whoever listens.

The console listens when a person started the night; Dagster's own log gets the same as run
metadata and events. A stage is one of reading, judging, building, checking, publishing or the fate
of a file (loaded, rejected, duplicate, archived).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, str], None]

_listeners: list[Listener] = []


def notify(stage: str, text: str) -> None:
    """Tells every listener."""
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
