"""Tables of the report: rows once, as HTML in either language and as CSV that a spreadsheet opens.

A row is a mapping by column key. A value is as the warehouse has it (a number, a day, a text), or a
`Text` where it is in two languages. The CSV holds values exactly; HTML shows them as people read.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from orchestration.report.language import Language, Text

Row = Mapping[str, Any]

#: Kinds whose cells stand to the right and are sorted by their number.
NUMBERS = frozenset({"count", "baht", "million", "ratio", "decimal", "plain"})
#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff"


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        key: of the rows' values.
        heading: what stands above it.
        kind: how its values are written; see `Language.value`.
        metric: the metric it holds, which the heading links to.
        link: the key of the row's path to another page, below the language's folder.
        bar: whether a bar behind the number shows it as a share of the column's greatest.
    """

    key: str
    heading: Text
    kind: str = "text"
    metric: str | None = None
    link: str | None = None
    bar: bool = False

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers."""
        return self.kind in NUMBERS


@dataclass(frozen=True)
class Table:
    """Rows with their columns.

    Attributes:
        name: of its CSV and its place on the page; letters, digits and hyphens.
        caption: what it is about.
        columns: from left to right; the first names the row.
        rows: in the order in which they stand.
        is_sortable: whether the reader may sort it.
        note: a sentence below it.
        flagged: the key of a row's truth that marks it.
    """

    name: str
    caption: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    is_sortable: bool = True
    note: Text | None = None
    flagged: str | None = None
    greatest: Mapping[str, float] = field(init=False)

    def __post_init__(self) -> None:
        """Finds the greatest value of every column that shows bars."""
        greatest = {
            column.key: max((float(row[column.key] or 0) for row in self.rows), default=0.0)
            for column in self.columns
            if column.bar
        }
        object.__setattr__(self, "greatest", greatest)

    def share(self, row: Row, column: Column) -> float:
        """How long the bar of a cell is, 0 to 100."""
        greatest = self.greatest.get(column.key, 0.0)
        return round(max(0.0, float(row[column.key] or 0)) / greatest * 100, 1) if greatest else 0.0


def sort_key(value: Any) -> str:
    """What a cell is sorted by in the browser: a number, an ISO day, or nothing."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float | Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date) else ""


def as_csv(table: Table, language: Language) -> str:
    """The table as CSV: a BOM for Excel, headings in the language, values exact, CRLF.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    text = io.StringIO(newline="")
    text.write(_BOM)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_safe(language.say(column.heading)) for column in table.columns])
    writer.writerows(
        [_csv_value(row[column.key], column.kind, language) for column in table.columns]
        for row in table.rows
    )
    return text.getvalue()


def _csv_value(value: Any, kind: str, language: Language) -> str:
    if value is None:
        return ""
    if kind == "million":
        return f"{Decimal(str(value)) / 1_000_000:f}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return _safe(language.say(value if isinstance(value, Text) else str(value)))


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
