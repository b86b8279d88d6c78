"""Workbooks: .xlsx, .xlsm, .xls, .ods, read by calamine, every sheet whose header fits.

Hidden sheets, rows and columns are read as the others are: what is hidden may be hidden by a filter
and is still what somebody reports. A value merged down over several rows stands in each of them.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from sources.contracts import Contract
from sources.headers import ROWS_SEARCHED, Header, find_header
from sources.reading import excel97, opendocument, packages
from sources.reading.tables import (
    RECORDS_A_BATCH,
    FileRejected,
    Reading,
    Table,
    is_of_this_machine,
    no_header,
    numbered,
    require_all,
    what_is_wrong,
)
from sources.reading.values import cell_text, column_text

_ZIP = b"PK\x03\x04"
#: A workbook of Excel 97 has at most 65,536 rows a sheet and opens in seconds.
SECONDS_TO_OPEN = 300
#: Forty times what calamine needs for a full sheet of Excel 97 with thirty columns.
BYTES_TO_OPEN = 4 * 1024 * 1024 * 1024
#: Run on its own: what asks for memory or time without bounds takes only this process with it.
_OPEN_IN_VAIN = f"""
import sys, python_calamine
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({BYTES_TO_OPEN}, {BYTES_TO_OPEN}))
except (ImportError, OSError, ValueError):
    pass  # a system without such limits
book = python_calamine.load_workbook(sys.argv[1])
for name in book.sheet_names:
    for row in book.get_sheet_by_name(name).iter_rows():
        pass
"""


@dataclass(frozen=True)
class _Sheet:
    """One sheet as calamine holds it, with what its XML says beside.

    Attributes:
        name: as on its tab.
        cells: calamine's sheet.
        beside: error cells and formulas without a result.
        is_hidden: whether a person sees its tab.
    """

    name: str
    cells: Any
    beside: packages.Sheet
    is_hidden: bool

    @property
    def size(self) -> tuple[int, int]:
        """How many rows and columns it has, up to the last cell that says something."""
        ends = [self.cells.end or (-1, -1), *self.beside.texts]
        return max(row for row, _ in ends) + 1, max(column for _, column in ends) + 1

    def rows(self) -> Iterator[list[Any]]:
        """Its rows from the first on, all of one width, each from the first column on."""
        texts: dict[int, list[tuple[int, str]]] = {}
        for (index, column), text in self.beside.texts.items():
            texts.setdefault(index, []).append((column, text))
        height, width = self.size
        before = [""] * self.cells.start[1] if self.cells.start else []
        after = [""] * (width - (self.cells.end[1] + 1 if self.cells.end else 0))
        blank = ([""] * width for _ in itertools.count())
        known = ([*before, *row, *after] for row in self.cells.iter_rows())
        merges = _Merges(self.cells.merged_cell_ranges or self.beside.merged)
        if not (texts or merges.are_any):
            yield from known if before else self.cells.iter_rows()
            return
        for index, row in enumerate(itertools.islice(itertools.chain(known, blank), height)):
            for column, text in texts.get(index, ()):
                row[column] = text
            merges.fill_down(index, row)
            yield row


class _Merges:
    """Cells merged over several rows: calamine gives the first its value, the others nothing.

    A row in which nothing else stands stays empty, so that a merge that goes on below a table makes
    no rows.
    """

    def __init__(self, ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self._beginning: dict[int, list[tuple[int, int]]] = {}
        for (first, column), (last, _) in ranges:
            if last > first:
                self._beginning.setdefault(first, []).append((column, last))
        self._running: list[tuple[int, int, Any]] = []
        self.are_any = bool(self._beginning)

    def fill_down(self, index: int, row: list[Any]) -> None:
        """Gives the row the values merged into it from above; rows come in their order."""
        if self._running:
            self._running = [merge for merge in self._running if merge[1] >= index]
            if any(cell != "" for cell in row):
                for column, _, value in self._running:
                    row[column] = value if row[column] == "" else row[column]
        self._running += [
            (column, last, row[column])
            for column, last in self._beginning.get(index, ())
            if column < len(row)
        ]


def open_workbook(path: Path, contract: Contract) -> Reading:
    """Opens a workbook and finds the sheets that fit the contract.

    Raises:
        FileRejected: it is damaged, protected, too large, empty, or no sheet fits.
    """
    with _damage_is_told():
        beside = _looked_at(path)
        sheets = _opened(path, beside)
        for sheet in sheets:
            packages.refuse_far_cells(*sheet.size)
        heads = {
            sheet.name: [
                [cell_text(value) for value in row]
                for row in itertools.islice(sheet.rows(), ROWS_SEARCHED)
            ]
            for sheet in sheets
        }
    tables: list[Table] = []
    read: list[_Sheet] = []
    closest: Header | None = None
    passed_over: list[str] = []
    almost: list[str] = []
    for sheet in sheets:
        header = find_header(heads[sheet.name], contract)
        if header is None or header.missing or header.ambiguous:
            passed_over.append(sheet.name)
            if header and _fits_almost(header, contract):
                almost.append(f"{sheet.name} ({what_is_wrong(header, contract)})")
            if header and (closest is None or len(header.positions) > len(closest.positions)):
                closest = header
            continue
        tables.append(_table(sheet, header, contract))
        read.append(sheet)
    if not tables:
        if not any(heads.values()):
            raise FileRejected("empty", "The workbook has no row. Fill it in and send it again.")
        if closest is None:
            raise no_header(contract)
        require_all(closest, contract)
    remarks = _remarks(read, almost)
    return Reading("workbook", tuple(tables), tuple(passed_over), remarks, _advice(read))


def _fits_almost(header: Header, contract: Contract) -> bool:
    """Whether a sheet that is not read was most likely meant to be.

    More than half of what is required names the dataset: sheets of other datasets in the same
    workbook share fewer columns with it. A workbook to be mended has sheets that are not for us.
    """
    return not header.ours and len(header.missing) * 2 < len(contract.required)


def _remarks(sheets: Sequence[_Sheet], almost: Sequence[str]) -> dict[str, Any]:
    said = {
        "sheets_almost_fitting": list(almost),
        "hidden_sheets_read": [sheet.name for sheet in sheets if sheet.is_hidden],
        "cells_in_error": sum(sheet.beside.errors for sheet in sheets),
        "formulas_never_calculated": sum(sheet.beside.never_calculated for sheet in sheets),
    }
    return {name: value for name, value in said.items() if value}


def _advice(sheets: Sequence[_Sheet]) -> str:
    without = [sheet for sheet in sheets if sheet.beside.never_calculated]
    if not without:
        return ""
    count = sum(sheet.beside.never_calculated for sheet in without)
    return (
        f"{count} cells hold a formula without its result, first {without[0].beside.first} "
        f"of sheet {without[0].name!r}: open the workbook in Excel, save it and send it again."
    )


def _table(sheet: _Sheet, header: Header, contract: Contract) -> Table:
    # What is no value may not become a name or a title; columns of other forms refuse it anyway.
    taken_as_text = {
        position
        for name, position in header.positions.items()
        if contract.column(name).unread_reason is None
    }
    wrong: dict[int, list[str]] = {}
    for (index, column), text in sheet.beside.texts.items():
        if column in taken_as_text:
            wrong.setdefault(index, []).append(text)

    def batches() -> Iterator[pa.RecordBatch]:
        with _damage_is_told():
            rows = itertools.islice(sheet.rows(), header.index + 1, None)
            first = header.index + 1
            while chunk := list(itertools.islice(rows, RECORDS_A_BATCH)):
                columns = [column_text(column) for column in zip(*chunk, strict=True)]
                here = range(first, first + len(chunk))
                beyond = [" | ".join(wrong[index]) if index in wrong else None for index in here]
                yield numbered(columns, first + 1, pa.array(beyond, pa.string()))
                first += len(chunk)

    return Table(sheet.name, header, batches)


# ── Opening ───────────────────────────────────────────────────────────────────────────────────


def _looked_at(path: Path) -> list[packages.Sheet]:
    """What the sheets say of their cells; refuses what would not raise but end the process."""
    with path.open("rb") as file:
        is_zip = file.read(4) == _ZIP
    if is_zip:
        packages.refuse_too_much(path)
        if packages.is_package_of_sheets(path):
            return packages.sheets_of(path)
    if (opendocument if is_zip else excel97).is_protected(path):
        raise _unopened("it has a password")
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            [sys.executable, "-I", "-c", _OPEN_IN_VAIN, str(path)],
            capture_output=True, check=False, timeout=SECONDS_TO_OPEN,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _unopened(f"it does not open within {SECONDS_TO_OPEN} seconds") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise _unopened(said[-1] if done.returncode == 1 and said else "it is damaged")
    return opendocument.sheets_of(path) if is_zip else excel97.sheets_of(path)


def _opened(path: Path, beside: list[packages.Sheet]) -> list[_Sheet]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    book = load_workbook(str(path))
    nothing = itertools.repeat(packages.Sheet())
    return [
        _Sheet(
            sheet.name,
            book.get_sheet_by_name(sheet.name),
            its_own,
            sheet.visible != SheetVisibleEnum.Visible,
        )
        for sheet, its_own in zip(
            book.sheets_metadata, itertools.chain(beside, nothing), strict=False
        )
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]


@contextmanager
def _damage_is_told() -> Iterator[None]:
    """What calamine raises, panics among it, becomes the refusal of the file."""
    try:
        yield
    except FileRejected:
        raise
    except BaseException as error:
        if _is_no_fault_of_the_file(error):
            raise
        raise _unopened(f"{type(error).__name__}: {error}") from error


def _unopened(why: str) -> FileRejected:
    if "password" in why.lower():
        return FileRejected(
            "unreadable",
            "The workbook is protected by a password. Save it again without one and send it.",
        )
    return FileRejected(
        "unreadable",
        f"The workbook cannot be opened ({why}). It is damaged, or it is no workbook: open it in "
        "Excel, save it again as .xlsx and send it.",
    )


def _is_no_fault_of_the_file(error: BaseException) -> bool:
    """Whether it is a disk that fails, no memory, someone's Ctrl-C."""
    if isinstance(error, OSError):
        return is_of_this_machine(error)
    if isinstance(error, MemoryError):
        return True
    return not isinstance(error, Exception) and type(error).__module__ != "pyo3_runtime"
