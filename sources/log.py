"""The structured log: what happened, a JSON object a line, in UTC, a file a day.

    <home>/logs/2026-11-22.jsonl
    {"event": "file loaded", "run_id": …, "file_id": …, "level": "info", "at": "2026-11-22T…Z"}

Written once a folder is named by `write_to`; before that nothing is. Lines of several processes
stand in one file: each is appended by one write. What looks personal is masked, whoever logs it.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from collections.abc import Generator, MutableMapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

#: A national id, also with its dashes; an address; a telephone number as Thais write it. Digests
#: and ids of runs hold long numbers too: hence no letter, digit or dash beside.
_PERSONAL = re.compile(
    r"(?<![\w-])[1-8๑-๘][- ]?\d{4}[- ]?\d{5}[- ]?\d{2}[- ]?\d(?![\w-])"
    r"|[^\s;,:<>\"']+@[^\s;,<>\"']+\.\w+"
    r"|(?<![\w.,-])(?:[0\u0e50]|\+66[- ]?)[2-9๒-๙]\d?[- ]?\d{3}[- ]?\d{3,4}(?![\w.,-])"
)
#: Beside what a line says of itself, what all lines say while a run lasts.
_bound: dict[str, Any] = {}
_folder: Path | None = None


def write_to(folder: Path | None) -> None:
    """Names the folder whose files get the lines from now on; None ends the log."""
    global _folder  # noqa: PLW0603 - a process writes one log
    _folder = folder


@contextmanager
def bound(**values: Any) -> Generator[None, None, None]:
    """Has every line say these, too, while the block runs: `run_id=…`."""
    before = dict(_bound)
    _bound.update(values)
    try:
        yield
    finally:
        _bound.clear()
        _bound.update(before)


def info(event: str, **values: Any) -> None:
    """Logs what happened.

    Args:
        event: what, in words that stay the same; what differs goes into values.
        values: named facts, `file_id` and `dataset` among them where there is a file.
    """
    if _folder is not None:
        _logger(_folder).info(event, **{**_bound, **values})


def error(event: str, **values: Any) -> None:
    """Logs what went wrong; see `info`."""
    if _folder is not None:
        _logger(_folder).error(event, **{**_bound, **values})


def without_persons(text: str) -> str:
    """A text with what looks like a national id, an address or a telephone number masked."""
    return _PERSONAL.sub("•", text)


class _DayFile:
    """Appends lines to today's file, which is its owner's alone.

    A line that cannot be written goes to standard error: no night fails for its log.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def msg(self, line: str) -> None:
        """Writes one line."""
        path = self._folder / f"{dt.datetime.now(dt.UTC):%Y-%m-%d}.jsonl"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, f"{line}\n".encode())
            finally:
                os.close(descriptor)
        except OSError as problem:
            sys.stderr.write(f"{path}: {problem.strerror}: {line}\n")

    info = error = msg


def _masked(_logger: Any, _level: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = without_persons(value)
    return line


def _process(_logger: Any, _level: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    line["process"] = os.getpid()
    return line


@cache
def _logger(folder: Path) -> Any:
    import structlog  # a tenth of a second, for those who log

    return structlog.wrap_logger(
        _DayFile(folder),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _process,
            _masked,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        wrapper_class=structlog.BoundLogger,
    )
