"""Kinds of charts, kept from one report to the next, so that Altair is imported for new ones alone.

    @kind def bars(…) ── asked for ──▶ made before? in this process, in the cache ──▶ else by Altair

A kind is made without data, so it follows from its arguments, the modules that make kinds and
Altair; what is kept is named by these. To import Altair takes longer than to write the pages.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache, wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any, ParamSpec

from sources.store import sha256_of_all

P = ParamSpec("P")
#: Modules that make kinds.
_MAKERS = ("charts.py", "grids.py")


class _Kinds:
    """The kinds made so far, and which of them were asked for since a report began."""

    def __init__(self) -> None:
        self.made: dict[str, Any] = {}
        self.asked: set[str] = set()


_kinds = _Kinds()


def kind(make: Callable[P, Any]) -> Callable[P, Any]:
    """Has a kind of chart made once for the same arguments."""

    @wraps(make)
    def asked_for(*args: P.args, **kwargs: P.kwargs) -> Any:
        name = json.dumps([make.__module__, make.__name__, args, kwargs], default=str)
        if name not in _kinds.made:
            _kinds.made[name] = make(*args, **kwargs)
        _kinds.asked.add(name)
        return _kinds.made[name]

    return asked_for


@contextmanager
def kept_in(folder: Path | None) -> Generator[None, None, None]:
    """Takes the kinds of a report from those that an earlier one kept, and keeps its own.

    Args:
        folder: where they are kept; None keeps none.
    """
    if folder is None:
        yield
        return
    kept = folder / f"kinds-{version('altair')}-{_makers()}.json"
    before = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    _kinds.made = {**before, **_kinds.made}
    _kinds.asked = set()
    yield
    asked = {name: _kinds.made[name] for name in sorted(_kinds.asked)}
    if asked.keys() != before.keys():
        folder.mkdir(parents=True, exist_ok=True)
        temporary = kept.with_name(f".{kept.name}.{os.getpid()}.part")
        temporary.write_text(json.dumps(asked, ensure_ascii=False, default=float), encoding="utf-8")
        temporary.replace(kept)
    for older in set(folder.glob("kinds-*.json")) - {kept}:
        older.unlink(missing_ok=True)


@cache
def _makers() -> str:
    """What the modules that make kinds say, as a short hash."""
    return sha256_of_all(Path(__file__).with_name(name) for name in _MAKERS)[:16]
