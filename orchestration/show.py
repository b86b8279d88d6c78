"""How things look on a terminal: tables, and a night's progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

_NUMBERS = (int, float, Decimal)
#: The fate of a file → its mark and colour.
_MARKS = {
    "loaded": ("✓", "green"),
    "rejected": ("✗", "red"),
    "duplicate": ("=", "yellow"),
}
#: Stages that are told of only while they last, on a terminal.
_PER_FILE = ("archived", "reading")
#: A stage → what is said of it.
_STAGES = {
    "archived": "Taking in",
    "waiting": "Waiting",
    "reading": "Reading",
    "judging": "Judging",
    "building": "Building",
    "checking": "Checking",
    "publishing": "Publishing",
}


class Baht(float):
    """An amount, shown to the satang."""


class Share(float):
    """A ratio, shown in per cent."""


def cell(value: Any) -> str:
    """A value as a person reads it: thousands marked, no float noise, nothing for null."""
    match value:
        case None:
            text = ""
        case bool():
            text = "true" if value else "false"
        case Share():
            text = f"{value:.1%}"
        case Baht():
            text = f"{value:,.2f}"
        case Decimal():
            text = f"{value:,}"
        case float():
            text = f"{value:,.4f}".rstrip("0").rstrip(".")
        case dt.datetime():
            text = value.isoformat(" ", "seconds")
        case _:
            text = str(value)
    return text


def print_table(
    names: Sequence[str], rows: Sequence[Sequence[Any]], title: str | None = None
) -> None:
    """Prints rows as a table; numbers to the right; as wide as it needs when not a terminal."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=max(console.width, 4000), no_color=True)
    table = Table(title=title, title_justify="left", header_style="bold")
    for position, name in enumerate(names):
        numeric = any(
            isinstance(row[position], _NUMBERS) and not isinstance(row[position], bool)
            for row in rows
        )
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell(value)) for value in row))
    console.print(table)
    console.print(f"{len(rows):,} row{'' if len(rows) == 1 else 's'}", style="dim")


@contextmanager
def counting(what: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Shows on a terminal how far something is; gives what is to be told (done, in all)."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _done, _all: None
        return
    with console.status(f"{what} …") as status:
        yield lambda done, in_all: status.update(f"{what} {done:,} of {in_all:,} files …")


class NightProgress:
    """Tells on a terminal what a night is doing; line by line where it is none."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)
        self.status = self.console.status("Looking through the landing zone …")

    def __enter__(self) -> NightProgress:
        """Begins to show."""
        self.status.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the show."""
        self.status.stop()

    def tell(self, stage: str, text: str) -> None:
        """Shows one piece of news."""
        if mark := _MARKS.get(stage):
            sign, colour = mark
            self.console.print(
                Text.assemble((f"  {sign} ", colour), (f"{stage:<10}", colour), text),
                soft_wrap=True,
            )
        elif self.console.is_terminal:
            self.status.update(Text(f"{_STAGES.get(stage, stage)} {text} …"))
        elif stage in _STAGES and not text.startswith("dbt: ") and stage not in _PER_FILE:
            self.console.print(f"{_STAGES[stage]} {text}", highlight=False, soft_wrap=True)
