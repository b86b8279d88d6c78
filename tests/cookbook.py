"""The questions of the cookbook, as `docs/analysts.md` has them: tests and the bench run these.

A question is a heading ``### N. question`` under ``## Cookbook``, with one block of SQL and, below
it, the answer on the bundled sample as a table. Nothing here knows what is asked.

``python -m tests.cookbook DATABASE`` writes the answers anew, from the warehouse of a first night
of the sample; read what it changed before it is committed.
"""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

ANALYSTS = Path(__file__).parents[1] / "docs" / "analysts.md"

_COOKBOOK = re.compile(r"^## Cookbook\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_QUESTION = re.compile(r"^### (\d+)\. (.+)\n((?:(?!^### ).*\n?)*)", re.MULTILINE)
_SQL = re.compile(r"^```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: A result of more rows than this is cut, to so many.
LONG, SHOWN = 8, 6

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


def answer(db: duckdb.DuckDBPyConnection, question: Question) -> str:
    """The table that the document is to show: what the warehouse answers."""
    cursor = db.execute(question.sql)
    return markdown([column[0] for column in cursor.description or []], cursor.fetchall())


def markdown(columns: list[str], rows: list[tuple[Any, ...]]) -> str:
    """A result as the document shows it: with commas, numbers to the right, null empty.

    Of more than `LONG` rows the first `SHOWN` are shown, and how many follow.
    """
    shown = rows if len(rows) <= LONG else rows[:SHOWN]
    numeric = [
        any(isinstance(row[at], int | float | Decimal) for row in rows)
        and not any(isinstance(row[at], bool) for row in rows)
        for at in range(len(columns))
    ]
    lines = [
        columns,
        ["--:" if right else "---" for right in numeric],
        *([_cell(name, value) for name, value in zip(columns, row, strict=True)] for row in shown),
    ]
    if len(rows) > len(shown):
        lines.append([f"… {len(rows) - len(shown)} more", *[""] * (len(columns) - 1)])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def renew(path: Path, database: Path) -> None:
    """Writes what a warehouse answers below every question, in place of what stands there."""
    text = path.read_text(encoding="utf-8")
    with duckdb.connect(str(database), read_only=True) as db:
        for question in questions(path):
            block = f"```sql\n{question.sql}```\n\n"
            before, _, after = text.partition(block)
            shown = _TABLE.match(after)
            rest = after[shown.end() :] if shown else "\n" + after
            text = before + block + answer(db, question) + rest
    path.write_text(text, encoding="utf-8")


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


if __name__ == "__main__":
    renew(ANALYSTS, Path(sys.argv[1]))
