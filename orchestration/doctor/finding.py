"""What the doctor finds: how bad it is, what it is, and what to type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        about: what was looked at, in a word or two.
        status: `problem` where a night cannot run or data is in danger, `warning` where somebody
            should look, else `ok`.
        what: what was found, a sentence.
        mend: what to do or type; None where there is nothing to mend.
    """

    about: str
    status: Status
    what: str
    mend: str | None = None


def ok(about: str, what: str) -> Finding:
    """Nothing to do."""
    return Finding(about, "ok", what)


def warning(about: str, what: str, mend: str | None) -> Finding:
    """Nights run; somebody should look."""
    return Finding(about, "warning", what, mend)


def problem(about: str, what: str, mend: str | None) -> Finding:
    """A night cannot run, or data is in danger."""
    return Finding(about, "problem", what, mend)
