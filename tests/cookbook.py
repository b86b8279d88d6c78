"""The questions of the cookbook, as `docs/analysts.md` has them: tests and the bench run these.

A question is a heading ``### N. question`` under ``## Cookbook``, with one block of SQL and, below
it, the answer on the bundled sample as a table. Nothing here knows what is asked.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

ANALYSTS = Path(__file__).parents[1] / "docs" / "analysts.md"

_COOKBOOK = re.compile(r"^## Cookbook\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_QUESTION = re.compile(r"^### (\d+)\. (.+)\n((?:(?!^### ).*\n?)*)", re.MULTILINE)
_SQL = re.compile(r"^```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"(?:^\|.*\|\n)+", re.MULTILINE)


class Question(NamedTuple):
    """One question and the SQL that answers it."""

    number: int
    title: str
    sql: str


def questions(path: Path = ANALYSTS) -> list[Question]:
    """The questions of a document, in its order.

    Raises:
        ValueError: a question has no block of SQL, or more than one.
    """
    found = []
    for number, title, body in _bodies(path):
        blocks = _SQL.findall(body)
        if len(blocks) != 1:
            raise ValueError(f"{path.name}: question {number} has {len(blocks)} blocks of SQL")
        found.append(Question(number, title, blocks[0]))
    return found


def answers(path: Path = ANALYSTS) -> dict[int, str]:
    """The table that the document shows below each question's SQL, by the question's number.

    Raises:
        ValueError: a question shows no table below its SQL, or more than one.
    """
    found = {}
    for number, _, body in _bodies(path):
        tables = _TABLE.findall(_SQL.split(body)[-1] + "\n")
        if len(tables) != 1:
            raise ValueError(f"{path.name}: question {number} shows {len(tables)} answers")
        found[number] = tables[0]
    return found


def markdown(columns: list[str], rows: list[tuple[Any, ...]]) -> str:
    """A result as the document shows it: baht with commas, numbers to the right, null empty."""
    numeric = [
        any(isinstance(row[at], int | float | Decimal) for row in rows)
        and not any(isinstance(row[at], bool) for row in rows)
        for at in range(len(columns))
    ]
    lines = [
        columns,
        ["--:" if right else "---" for right in numeric],
        *([_cell(name, value) for name, value in zip(columns, row, strict=True)] for row in rows),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _bodies(path: Path) -> list[tuple[int, str, str]]:
    """Number, title and all that stands below it, of each question."""
    cookbook = _COOKBOOK.search(path.read_text(encoding="utf-8"))
    if cookbook is None:
        raise ValueError(f"{path.name} has no section '## Cookbook'")
    return [
        (int(number), title.strip(), body)
        for number, title, body in _QUESTION.findall(cookbook.group(1))
    ]


def _cell(name: str, value: Any) -> str:
    """A value as the document shows it; a year or a row number has no commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal) or (isinstance(value, int) and not name.endswith(_PLAIN)):
        return f"{value:,}"
    return str(value).replace("|", "\\|").replace("\n", " ")


#: Endings of columns whose whole numbers are names rather than counts.
_PLAIN = ("_be", "_quarter", "row_number", "night_number")
