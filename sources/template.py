"""The empty workbook that a coordinator fills in, made from a dataset's contract.

Thai headers (a star where a value is required), drop-downs for codes and provinces, ids as text so
that no leading zero is lost, and a sheet that says of every column what it takes, with an example.
The examples stand there and not among the data, where they would load.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sources import sentences
from sources.contracts import Contract
from sources.workbook import Book, fit_row

#: Rows that get formats and drop-downs; more can be typed below them.
ROWS = 5_000
DATA_SHEET, HELP_SHEET = "ข้อมูล", "คำอธิบาย"

_TITLES = (
    ("ช่อง", 26),
    ("Column", 22),
    ("จำเป็น\nRequired", 11),
    ("ใส่อะไร / What to type", 50),
    ("ค่าที่รับ / Values", 44),
    ("ตัวอย่าง / Example", 26),
)


def write_template(contract: Contract, out: Path) -> Path:
    """Writes a dataset's empty workbook.

    Args:
        contract: the dataset.
        out: the .xlsx file; replaced where it exists.

    Raises:
        OSError: it cannot be written.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb") as file, Book(file) as book:
        book.lay_out(book.sheet(DATA_SHEET), contract, ROWS)
        _explain(book, book.sheet(HELP_SHEET), contract)
    return out


def _explain(book: Book, sheet: Any, contract: Contract) -> None:
    for position, (_, width) in enumerate(_TITLES):
        sheet.set_column(position, position, width)
    sheet.write_string(0, 0, f"{contract.label} ({contract.dataset})", book.style(bold=True))
    lines = (
        f"กรอกในชีต '{DATA_SHEET}' ช่องที่มี * ต้องกรอก อย่าแก้หัวตาราง แล้ววางไฟล์ในโฟลเดอร์ "
        f"{contract.dataset}",
        f"Fill in the sheet '{DATA_SHEET}'; a column with * is required; leave the header as it "
        f"is; put the file into the folder {contract.dataset}. {contract.grain}",
    )
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, line)
    top = len(lines) + 2
    fit_row(sheet, top, _TITLES)
    for position, (title, _) in enumerate(_TITLES):
        sheet.write_string(top, position, title, book.head())
    sheet.freeze_panes(top + 1, 1)
    wrapped = book.style(text_wrap=True, valign="top", num_format="@", border=1)
    for row, column in enumerate(contract.columns, start=top + 1):
        allowed = sentences.allowed(column)
        cells = (
            column.label,
            column.name,
            "ใช่ / yes" if column.required else "",
            f"{sentences.how_to_type(column)}\n{column.description}",
            f"{allowed.thai}\n{allowed.english}" if allowed.thai else "",
            sentences.example(column),
        )
        fit_row(sheet, row, [(cell, _TITLES[at][1]) for at, cell in enumerate(cells)])
        for position, cell in enumerate(cells):
            sheet.write_string(row, position, cell, wrapped)
