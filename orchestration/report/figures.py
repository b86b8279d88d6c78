"""A figure of the report: a number with its unit, what it means and how to see where it is from."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.report.language import Text


@dataclass(frozen=True)
class Trace:
    """What `warehouse trace` is asked to explain a figure.

    Attributes:
        table: of the published warehouse.
        keys: column → value of the row.
        column: the one that holds the figure.
    """

    table: str
    keys: Mapping[str, Any]
    column: str | None = None

    @property
    def command(self) -> str:
        """The command, as a shell takes it."""
        words = [self.table, *(f"{name}={value}" for name, value in self.keys.items())]
        if self.column is not None:
            words += ["--column", self.column]
        return "warehouse trace " + " ".join(shlex.quote(word) for word in words)


@dataclass(frozen=True)
class Figure:
    """A figure.

    Attributes:
        label: what it is.
        value: as the warehouse has it; None where nobody knows.
        kind: how it is written; see `Language.value`. `million` shows the exact baht as a title.
        metric: its definition, a name of `reports.metric_definition`.
        trace: what explains it.
        note: a sentence below it.
    """

    label: Text
    value: Any
    kind: str
    metric: str | None = None
    trace: Trace | None = None
    note: Text | None = None
