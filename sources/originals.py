"""A row as somebody typed it, out of the archived bytes of its file.

The store keeps what a row's texts stand for; the texts themselves are kept once, in the archive.
The file is opened as the intake opens it. A row near its beginning is looked up in its lines; else
the file is walked in batches, up to the last row asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sources.contracts import Contract
from sources.headers import Header
from sources.objects import Place as File
from sources.objects import at_hand
from sources.reading import Reading, Table, careful_batches, near_rows, open_tables
from sources.reading.tables import whole_numbers
from sources.store import Archive

if TYPE_CHECKING:
    import pyarrow as pa

#: The sheet (None where the file is one table) and the row as a person sees it in the file.
Place = tuple[str | None, int]

#: A number whose cell says no unit of its own; the same texts as `sources.typed` has it.
_BARE_NUMBER = re.compile(r"^[-+−(฿ '’]*[0-9\u0e50-\u0e59.][0-9\u0e50-\u0e59., ]*[) ]*$")


@dataclass(frozen=True)
class Original:
    """A row as it came; an empty cell is an empty text.

    Attributes:
        sheet_name: the workbook's sheet; None where the file is one table.
        row_number: the row as a person sees it; the header's row counts.
        cells: contract column → text; a column that the header does not name is not there.
        units: money column → the unit its header states, where that is not baht.
        unknown: header → text of the columns that the contract does not know.
        overflow: the cells beyond the header.
    """

    sheet_name: str | None
    row_number: int
    cells: Mapping[str, str]
    units: Mapping[str, str]
    unknown: Mapping[str, str]
    overflow: str | None

    def said(self, column: str) -> str:
        """A cell's text as it stands by itself: a bare number with the unit its header states."""
        text = self.cells.get(column, "")
        unit = self.units.get(column)
        return f"{text.strip()} {unit}" if unit and _BARE_NUMBER.match(text) else text


def original_rows(
    archived: File, contract: Contract, wanted: Collection[Place]
) -> dict[Place, Original]:
    """The rows at these places of an archived file; a place that has no row is not in the answer.

    Args:
        archived: the file's bytes, or what is left of them.
        contract: the dataset's; the version that the rows were judged by need not be the same.
        wanted: sheet and row number of the rows.

    Raises:
        sources.reading.FileRejected: the file does not open under this contract.
        OSError: the archive cannot be read.
    """
    if not wanted:
        return {}
    found: dict[Place, Original] = {}
    with at_hand(archived) as path:
        for table in _opened(path, contract).tables:
            numbers = {number for sheet, number in wanted if sheet == table.name}
            if numbers:
                rows = _of_table(table, numbers)
                found |= {(row.sheet_name, row.row_number): row for row in rows}
    return found


def _opened(path: Path, contract: Contract) -> Reading:
    if path.suffix != Archive.REDACTED:
        return open_tables(path, contract)
    from sources.redacted import open_archived  # with Arrow, which few files need

    return open_archived(path, contract)


def _of_table(table: Table, numbers: Collection[int]) -> list[Original]:
    """The table's rows of these numbers, by the careful reader where the quick one gives up."""
    if (near := near_rows(table, numbers)) is not None:
        return [_original(table, row) for row in near]
    import pyarrow as pa

    careful = careful_batches(table)
    try:
        return list(_walk(table, table.batches, numbers))
    except pa.ArrowInvalid:
        if careful is None:
            raise
        return list(_walk(table, careful, numbers))


def _walk(
    table: Table, batches: Callable[[], Iterator[pa.RecordBatch]], numbers: Collection[int]
) -> Iterator[Original]:
    import numpy as np
    import pyarrow.compute as pc

    last = max(numbers)
    asked = whole_numbers(np.array(sorted(numbers), dtype=np.int32))
    for batch in batches():
        if not batch.num_rows:
            continue
        hits = batch.filter(pc.is_in(batch.column(0), value_set=asked))
        yield from (_original(table, row) for row in hits.to_pylist())
        if batch.column(0)[-1].as_py() >= last:
            return


def _original(table: Table, row: Mapping[str, str | int | None]) -> Original:
    header = table.header

    def cell(position: int) -> str:
        return str(row.get(f"c{position}") or "")

    return Original(
        sheet_name=table.name,
        row_number=int(row["row_number"] or 0),
        cells={name: cell(position) for name, position in header.positions.items()},
        units={name: unit for name, unit in header.units.items() if name in header.positions},
        unknown={
            name: text for name, position in _unknown(header) if (text := cell(position)) != ""
        },
        overflow=None if row["overflow"] is None else str(row["overflow"]),
    )


def _unknown(header: Header) -> Iterator[tuple[str, int]]:
    """The columns that the contract does not know, named as the store names them."""
    taken = {*header.positions.values(), *header.ours.values()}
    texts = [text for position, text in enumerate(header.cells) if position not in taken]
    for position, text in enumerate(header.cells):
        if position not in taken:
            alone = text and texts.count(text) == 1
            yield (text if alone else f"{text} (column {position + 1})".strip()), position
