"""Which row of a table is its header, and which column is which.

A header names a column by its English name, its Thai label or a synonym of the contract, in any
order, ignoring case and space. A money header may say its unit in brackets: จำนวน (ล้านบาท); a title
above the table may say it for all of them: หน่วย: ล้านบาท. A header may stand in two rows, a group's
title over the titles of its columns.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sources.contracts import Contract
from sources.returned import ours_among
from sources.text import spelling_key, tidy

#: Title rows stand above the header; no form seen so far has more than a dozen.
ROWS_SEARCHED = 40

_UNIT_WORDS = r"(?P<unit>(?:ล้าน|แสน|หมื่น|พัน)?บาท|ลบ\.?|baht)"
_UNIT = re.compile(rf"^(?P<name>.*?)[(\[](?:หน่วย)?:?{_UNIT_WORDS}[)\]]$")
_UNIT_OF_ALL = re.compile(rf"^[(\[]?(?:หน่วย|unit):?{_UNIT_WORDS}[)\]]?$")
_BAHT = ("บาท", "baht")


@dataclass(frozen=True)
class Header:
    """The header of a table: where it stands and what its cells name.

    Attributes:
        index: its row (its last one, where it has two), counted from 0.
        positions: contract column → position in the row.
        units: money column → the unit its header states, where that is not baht.
        cells: the header's own texts, by position.
        unknown: texts that name no column of the contract.
        missing: required columns that no cell names.
        ambiguous: columns that more than one cell names.
        ours: what a workbook that came back has beside the rows → its position.
    """

    index: int
    positions: dict[str, int]
    cells: tuple[str, ...]
    units: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    ours: dict[str, int] = field(default_factory=dict)


def spellings_of(contract: Contract, column: str) -> list[str]:
    """What `spelling_key` makes of every text that names the column."""
    return sorted(
        spelling for spelling, named in contract.columns_by_spelling.items() if named == column
    )


@dataclass(frozen=True)
class _Cell:
    """What one cell of a header says."""

    text: str
    column: str | None = None
    unit: str | None = None


def _read(cell: str, names: Mapping[str, str], money: frozenset[str]) -> _Cell:
    key = spelling_key(cell).rstrip("*:")
    column, unit = names.get(key), None
    if column is None and (found := _UNIT.match(key)):
        named = names.get(found["name"])
        column = named if named in money else None
        # A group's title need not be a column to state the unit of the columns below it.
        unit = found["unit"]
    return _Cell(tidy(cell) if key else "", column, unit)


def _header(index: int, cells: Sequence[_Cell], contract: Contract) -> Header:
    positions: dict[str, int] = {}
    ambiguous: list[str] = []
    ours = ours_among([cell.text for cell in cells])
    for position, cell in enumerate(cells):
        if position in ours.values():
            continue
        if cell.column in positions:
            ambiguous.append(cell.column)
        elif cell.column is not None:
            positions[cell.column] = position
    money = {column.name for column in contract.money}
    return Header(
        index=index,
        positions=positions,
        cells=tuple(cell.text for cell in cells),
        units={
            column: unit
            for column, position in positions.items()
            if column in money and (unit := cells[position].unit) and unit not in _BAHT
        },
        unknown=tuple(
            cell.text
            for position, cell in enumerate(cells)
            if cell.text and cell.column is None and position not in ours.values()
        ),
        missing=tuple(c.name for c in contract.required if c.name not in positions),
        ambiguous=tuple(ambiguous),
        ours=ours,
    )


def find_header(rows: Sequence[Sequence[str]], contract: Contract) -> Header | None:
    """The row that names most of the contract's columns; None where no row names any.

    Args:
        rows: the first rows of the table, as text.
        contract: whose columns to look for.
    """
    names = contract.columns_by_spelling
    money = frozenset(column.name for column in contract.money)
    read = [[_read(cell, names, money) for cell in cells] for cells in rows[:ROWS_SEARCHED]]
    named = [len({cell.column for cell in row if cell.column}) for row in read]
    if not any(named):
        return None
    best = named.index(max(named))
    keys = {column.name for column in contract.key}
    index, cells = _of_two_rows(best, read, keys)
    titles = itertools.chain.from_iterable(rows[: min(best, index)])
    return _header(index, _with_unit_of_all(cells, titles, money), contract)


def _of_two_rows(
    best: int, rows: Sequence[Sequence[_Cell]], keys: set[str]
) -> tuple[int, Sequence[_Cell]]:
    """The header's last row and its cells, taken together with a row that belongs to it.

    The row below belongs to it where it names a further column and holds no key, so is no record;
    the row above, where it names columns over the same columns, as merged cells do.
    """
    cells = rows[best]
    if best + 1 < len(rows):
        below = rows[best + 1]
        holds_key = any(
            cell.text and cell.column != own.column
            for own, cell in zip(cells, below, strict=False)
            if own.column in keys
        )
        if not holds_key and (both := _together(cells, below)) is not None:
            return best + 1, both
    if best > 0:
        above = rows[best - 1]
        alike = sum(
            own.column is not None and own.column == cell.column
            for own, cell in zip(cells, above, strict=False)
        )
        if alike and (both := _together(above, cells)) is not None:
            return best, both
    return best, cells


def _together(upper: Sequence[_Cell], lower: Sequence[_Cell]) -> list[_Cell] | None:
    """Two rows as one; None where the second neither names a further column nor states a unit."""
    width = max(len(upper), len(lower))
    blank = _Cell("")
    group = blank
    states_unit = False
    taken: set[str] = set()
    cells: list[_Cell] = []
    for above, below in zip(
        [*upper, *[blank] * (width - len(upper))],
        [*lower, *[blank] * (width - len(lower))],
        strict=True,
    ):
        # A title over several columns stands in the first of them; the others are blank above.
        group = above if above.text else group
        own = next((c for c in (below, above) if c.column and c.column not in taken), None)
        text = own.text if own else " ".join(dict.fromkeys(filter(None, (above.text, below.text))))
        unit = (own.unit if own else None) or below.unit or (group.unit if below.text else None)
        cells.append(_Cell(text, own.column if own else None, unit))
        taken |= {own.column} if own and own.column else set()
        states_unit = states_unit or bool(above.column and below.unit and not below.column)
    fuller = max(len({c.column for c in row if c.column}) for row in (upper, lower))
    return cells if len(taken) > fuller or states_unit else None


def _with_unit_of_all(
    cells: Sequence[_Cell], titles: Iterable[str], money: frozenset[str]
) -> list[_Cell]:
    """The cells with the unit that a title above the table states for all amounts of it."""
    said = {found["unit"] for text in titles if (found := _UNIT_OF_ALL.match(spelling_key(text)))}
    if len(said) != 1:
        return list(cells)
    (unit,) = said
    return [
        replace(cell, unit=unit) if cell.column in money and cell.unit is None else cell
        for cell in cells
    ]
