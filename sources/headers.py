"""Which row of a table is its header, and which column is which.

A header names a column by its English name, its Thai label or a synonym of the contract, in any
order, ignoring case and space. A money header may say its unit in brackets: จำนวน (ล้านบาท).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sources.contracts import Contract
from sources.returned import ours_among
from sources.text import spelling_key, tidy

#: Title rows stand above the header; no form seen so far has more than a dozen.
ROWS_SEARCHED = 40

_UNIT = re.compile(
    r"^(?P<name>.*?)[(\[](?:หน่วย)?:?(?P<unit>(?:ล้าน|แสน|หมื่น|พัน)?บาท|ลบ\.?|baht)[)\]]$"
)


@dataclass(frozen=True)
class Header:
    """The header of a table: where it stands and what its cells name.

    Attributes:
        index: its row, counted from 0.
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


def _names(contract: Contract) -> dict[str, str]:
    """Spelling key → column. A column's own name and label win over another's synonym."""
    names: dict[str, str] = {}
    for column in contract.columns:
        for spelling in column.synonyms:
            names[spelling_key(spelling)] = column.name
    for column in contract.columns:
        names[spelling_key(column.label)] = column.name
    for column in contract.columns:
        names[spelling_key(column.name)] = column.name
    return names


def _match(cells: Sequence[str], index: int, contract: Contract, names: dict[str, str]) -> Header:
    money = {column.name for column in contract.money}
    positions: dict[str, int] = {}
    units: dict[str, str] = {}
    unknown: list[str] = []
    ambiguous: list[str] = []
    ours = ours_among(cells)
    for position, cell in enumerate(cells):
        key = spelling_key(cell).rstrip("*:")
        if not key or position in ours.values():
            continue
        column = names.get(key)
        unit = None
        if column is None and (found := _UNIT.match(key)):
            column = names.get(found["name"])
            unit = found["unit"] if column in money else None
            column = column if column in money else None
        if column is None:
            unknown.append(tidy(cell))
        elif column in positions:
            ambiguous.append(column)
        else:
            positions[column] = position
            if unit and unit not in ("บาท", "baht"):
                units[column] = unit
    return Header(
        index=index,
        positions=positions,
        cells=tuple(tidy(cell) for cell in cells),
        units=units,
        unknown=tuple(unknown),
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
    names = _names(contract)
    best: Header | None = None
    for index, cells in enumerate(rows[:ROWS_SEARCHED]):
        header = _match(cells, index, contract, names)
        if header.positions and (best is None or len(header.positions) > len(best.positions)):
            best = header
    return best
