"""Workbooks for coordinators: safe to open, their columns as a contract has them, drop-downs.

What the empty form (`sources.template`) and the workbook sent back (`sources.corrections`) share.
Every cell is written as text that no spreadsheet program takes for a formula, and the reader takes
it for what it was before (the value forms drop the apostrophe that stands before such a text).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from types import TracebackType
from typing import IO, Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from sources import sentences
from sources.contracts import Column, Contract
from sources.reference import province_names

LIST_SHEET = "รายการ"
#: What one cell of a spreadsheet can hold, in characters.
LONGEST_CELL = 32_767
#: Of a line of 11-point text with Thai marks above and below, and of the highest row, in points.
LINE_POINTS, HIGHEST_ROW = 16.5, 400

#: Legal nowhere in XML 1.0, so in no workbook: control characters, half characters, no characters.
_ILLEGAL = re.compile("[\x00-\x08\x0e-\x1b\ud800-\udfff\ufffe\uffff]")
_MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0300-\u036f]")
#: Controls that the value forms read as a space.
_SPACING = re.compile("[\x0b\x0c\x1c-\x1f]")
#: A negative amount, with its unit or without: no program computes it.
_NEGATIVE = re.compile(r"-+|-[ ฿]*[0-9\u0e50-\u0e59][0-9\u0e50-\u0e59.,]*[ \u0e01-\u0e59.]*")

_NUMBER_FORMATS = {"date": "dd/mm/yyyy", "money": "#,##0.00", "integer": "0", "quarter": "0"}
_WIDTHS = {
    "text": 28,
    "firm_name": 32,
    "code": 24,
    "date": 14,
    "money": 18,
    "province": 18,
    "enterprise_id": 22,
}
_NARROW, _LIST_WIDTH = 14, 34


def legal(text: str) -> str:
    """The text without what no workbook can hold; a line ends as cells have it."""
    clean = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SPACING.sub(" ", clean)


def safe_text(text: str) -> str:
    """The text as a cell that no spreadsheet program computes, read back to the same value."""
    clean = legal(text).strip(" \t\n")
    if clean.startswith(("=", "+", "@")) or (
        clean.startswith("-") and not _NEGATIVE.fullmatch(clean)
    ):
        clean = f"'{clean}"
    return clean[:LONGEST_CELL]


def header_text(column: Column) -> str:
    """What stands above a column: its Thai label, with a star where a value is required."""
    return column.label + (" *" if column.required else "")


def width_of(column: Column) -> int:
    """How wide a column is, in characters."""
    return _LIST_WIDTH if column.is_list else _WIDTHS.get(column.form, _NARROW)


def is_wrapped(column: Column) -> bool:
    """Whether a column's texts may be long: they must not run over an empty cell beside them."""
    return column.is_list or column.form in ("text", "firm_name")


def choices(column: Column) -> tuple[str, ...]:
    """What a column's drop-down offers; nothing where any text will do, or several."""
    if column.is_list:
        return ()
    if column.codes:
        return tuple(code.label for code in column.codes)
    return province_names() if column.form == "province" else ()


class Book:
    """A workbook being written. Use as a context manager; it is written when the block ends.

    Rows of a sheet are written in order, each once: a row is on its way to disk when the next
    one begins, so that memory holds one row a sheet.

    Args:
        file: the .xlsx file, open for writing.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._lists: dict[tuple[str, ...], str] = {}

    def __enter__(self) -> Book:
        """The book."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Writes the lists that drop-downs offer, and the file."""
        if kind is None:
            self._write_lists()
        self._book.close()

    def sheet(self, name: str) -> Any:
        """Adds a sheet behind the others; printed, it is as wide as a page."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        return sheet

    def style(self, **properties: Any) -> Any:
        """A cell format, made once for the same properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]

    def head(self, colour: str = "#E3F2E9") -> Any:
        """The format of a header."""
        return self.style(bold=True, bg_color=colour, border=1, text_wrap=True, valign="vcenter")

    def cell(self, column: Column, colour: str | None = None) -> Any:
        """The format of a column's cells: ids stay text; a colour marks a cell."""
        properties: dict[str, Any] = {
            "num_format": _NUMBER_FORMATS.get(column.form, "@"),
            "valign": "top",
            "text_wrap": is_wrapped(column),
        }
        if colour:
            properties |= {"bg_color": colour, "border": 1, "border_color": "#B0B0B0"}
        return self.style(**properties)

    def lay_out(self, sheet: Any, contract: Contract, rows: int) -> None:
        """Gives a sheet a contract's header in its first row, and formats and drop-downs below.

        Args:
            sheet: without any row yet.
            contract: whose columns.
            rows: how many rows get drop-downs.
        """
        sheet.freeze_panes(1, 0)
        sheet.set_row(0, 34)
        for position, column in enumerate(contract.columns):
            sheet.set_column(position, position, width_of(column), self.cell(column))
            sheet.write_string(0, position, header_text(column), self.head())
            note(sheet, 0, position, f"{column.name}\n{sentences.how_to_type(column)}")
            self._drop_down(sheet, position, column, rows)
        sheet.ignore_errors(
            {"number_stored_as_text": f"A1:{xl_col_to_name(len(contract.columns) - 1)}{rows + 1}"}
        )

    def _drop_down(self, sheet: Any, position: int, column: Column, rows: int) -> None:
        offered = choices(column)
        if not offered:
            return
        self._lists.setdefault(offered, column.label)
        letters = xl_col_to_name(list(self._lists).index(offered), col_abs=True)
        sheet.data_validation(
            1, position, rows, position,
            {
                "validate": "list",
                "source": f"='{LIST_SHEET}'!{letters}$2:{letters}${len(offered) + 1}",
                "error_type": "warning",
                "error_title": column.label[:32],
                "error_message": "กรุณาเลือกจากรายการ / Please choose from the list",
            },
        )  # fmt: skip

    def _write_lists(self) -> None:
        if not self._lists:
            return
        sheet = self.sheet(LIST_SHEET)
        sheet.set_column(0, len(self._lists) - 1, 26)
        sheet.freeze_panes(1, 0)
        columns = [(label, *offered) for offered, label in self._lists.items()]
        for row in range(max(map(len, columns))):
            for position, column in enumerate(columns):
                if row < len(column):
                    style = self.head() if row == 0 else None
                    sheet.write_string(row, position, column[row], style)


def fit_row(sheet: Any, row: int, cells: Sequence[tuple[str, float]]) -> None:
    """Makes a row as high as its wrapped texts need; to be called before they are written.

    Programs differ in whether they do so by themselves when they open a file.

    Args:
        sheet: of the book.
        row: counted from 0.
        cells: text and width, in characters, of the row's wrapped cells.
    """
    lines = max((_lines(text, width) for text, width in cells), default=1)
    if lines > 1:
        sheet.set_row(row, min(lines * LINE_POINTS, HIGHEST_ROW))


def _lines(text: str, width: float) -> int:
    # Marks above and below stand in their letter's place.
    return sum(1 + int(len(_MARKS.sub("", line)) / width) for line in text.split("\n"))


def note(sheet: Any, row: int, position: int, text: str) -> None:
    """Writes a cell's comment, as large as its text needs."""
    sheet.write_comment(
        row, position, text,
        {"x_scale": 2.4, "y_scale": 0.25 + _lines(text, 40) * 0.24, "font_size": 9, "author": ""},
    )  # fmt: skip


def sheet_names(wanted: Sequence[str], taken: Collection[str] = ()) -> list[str]:
    r"""Names that a workbook allows, as like the wanted ones as can be, each once.

    At most 31 characters (UTF-16 units), none of ``[]:*?/\``, no apostrophe at either end, not
    ``History``, and none that differs from another in case alone.

    Args:
        wanted: any texts.
        taken: names that the workbook has already.
    """
    used = {name.casefold() for name in taken} | {"history"}
    names = []
    for text in wanted:
        plain = re.sub(r"[\[\]:*?/\\\s]+", " ", _ILLEGAL.sub("", text)).strip("' ")
        plain = plain.lstrip("=+-@' ") or "-"  # a sheet's name stands in cells, too
        name, number = _cut(plain, 31), 1
        while name.casefold() in used:
            number += 1
            ending = f" ({number})"
            name = _cut(plain, 31 - len(ending)) + ending
        used.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, units: int) -> str:
    """The beginning of a text, no longer than so many UTF-16 units, no mark torn off its letter."""
    if len(text.encode("utf-16-le")) // 2 <= units:
        return text
    end = len(text)
    while len(text[:end].encode("utf-16-le")) // 2 > units:
        end -= 1
    while end > 1 and _MARKS.match(text[end]):
        end -= 1
    return text[:end].strip("' ")
