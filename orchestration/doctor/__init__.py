"""Whether this installation can run a night, and what to type where it cannot.

    environment   the software, its packages, settings, the clock
    folders       who may read and write what, where it lies, whether it has room
    records       ledger, store, key, published warehouse: whether they fit each other
    services      Dagster's instance and daemon, alerts
    mirror        the PostgreSQL mirror, where one is set
    lake          the lakehouse, where that is the target
    objects       landing zone, archive and store, where an object store has them

Every examination stands alone and tells what it found; one that cannot be made is itself a
finding, so that the doctor answers when things are broken. Nothing is changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial

import duckdb
from sqlalchemy.exc import SQLAlchemyError

from orchestration import settings
from orchestration.doctor import environment, folders, lake, mirror, objects, records, services
from orchestration.doctor.finding import Finding, ok, problem
from orchestration.settings import Home, SettingsError

#: What an examination of something broken may raise.
_BROKEN = (
    OSError, ValueError, LookupError, RuntimeError, TypeError, ArithmeticError,
    SQLAlchemyError, sqlite3.Error, duckdb.Error,
)  # fmt: skip


@dataclass(frozen=True)
class Diagnosis:
    """Everything that was found."""

    findings: list[Finding]

    @property
    def well(self) -> bool:
        """Whether nothing is a problem."""
        return not any(finding.status == "problem" for finding in self.findings)

    def as_dict(self) -> dict[str, object]:
        """As JSON has it."""
        return {"well": self.well, "findings": [asdict(finding) for finding in self.findings]}

    def show(self) -> None:
        """Prints it for a person, the worst last so that it is on the screen."""
        from rich.console import Console

        console = Console(highlight=False, soft_wrap=True)
        marks = {
            "ok": ("ok", "green"),
            "warning": ("warning", "yellow"),
            "problem": ("PROBLEM", "red"),
        }
        for status, (mark, colour) in marks.items():
            for finding in self.findings:
                if finding.status == status:
                    console.print(f"{mark:<8} {finding.about}: {finding.what}", style=colour)
                    if finding.mend:
                        console.print(f"         → {finding.mend}")
        count = sum(finding.status == "problem" for finding in self.findings)
        console.print(f"{count} problems." if count else "Nothing keeps a night from running.")


def examine() -> Diagnosis:
    """Examines the installation and the home that the environment names."""
    found = [*_made("software", environment.software), *_made("packages", environment.packages)]
    found += [*_made("settings", environment.variables), *_made("clock", environment.time_zone)]
    try:
        home = settings.load()
    except (SettingsError, OSError, ValueError) as error:
        found.append(problem("settings", _said(error), "Correct it in the environment or `.env`."))
        return Diagnosis(found)
    found.append(ok("settings", f"The home is {home.root}, the landing zone {home.landing}."))
    found += _made("home", partial(folders.owned, home))
    usable = not any(finding.status == "problem" and finding.about == "home" for finding in found)
    for about, examination in _of_home():
        if usable or about in ("landing", "object store", "alerts"):
            found += _made(about, partial(examination, home))
    return Diagnosis(found)


def _of_home() -> list[tuple[str, Callable[[Home], Iterator[Finding]]]]:
    return [
        ("permissions", folders.permissions),
        ("landing", folders.landing),
        ("object store", objects.stores),
        ("disk", folders.room),
        ("file system", folders.file_system),
        ("ledger", records.ledger),
        ("clock", records.clock),
        ("store", records.store),
        ("key", records.key),
        ("published", records.published),
        ("dagster", services.dagster),
        ("alerts", services.alerts),
        ("mirror", mirror.postgres),
        ("lakehouse", lake.lake),
    ]


def _made(about: str, examination: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What an examination found, or that it could not be made."""
    try:
        yield from examination()
    except _BROKEN as error:
        yield problem(about, f"This could not be examined: {_said(error)}", None)


def _said(error: BaseException) -> str:
    """An error in words; of a database what it said, without the statement and its values."""
    return str(getattr(error, "orig", None) or error) or type(error).__name__
