"""The empty workbook that a coordinator fills in, made from a dataset's contract.

Thai headers (a star where a value is required), drop-downs for codes and provinces, ids as text so
that no leading zero is lost, and a sheet that says of every column what it takes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from sources.contracts import Column, Contract
from sources.reference import province_names

#: Rows that get formats and drop-downs; more can be typed below them.
ROWS = 5_000
DATA_SHEET, LIST_SHEET, HELP_SHEET = "ข้อมูล", "รายการ", "คำอธิบาย"

#: Value form → what to type, in Thai and English, with an example.
_HOW: dict[str, tuple[str, str, str]] = {
    "text": ("ข้อความ", "Text", ""),
    "firm_name": ("ชื่อเต็มของกิจการ", "The enterprise's full name", ""),
    "identifier": ("รหัส", "A code", ""),
    "code": ("เลือกจากรายการ", "Choose from the list", ""),
    "date": ("วันที่ วัน/เดือน/ปี พ.ศ. หรือ ค.ศ.", "A date, day first; either era", "20/01/2558"),
    "money": ("จำนวนเงินเป็นบาท", "An amount in baht", "1,234,567.50"),
    "integer": ("จำนวนเต็ม", "A whole number", "12"),
    "fiscal_year": ("ปีงบประมาณ พ.ศ. หรือ ค.ศ.", "The fiscal year, either era", "2558"),
    "quarter": ("ไตรมาส 1 ถึง 4 (1 คือ ต.ค.-ธ.ค.)", "1 to 4; 1 is October to December", "1"),
    "province": ("ชื่อจังหวัด", "A province's name", "อุดรธานี"),
    "enterprise_id": (
        "เลขทะเบียน 13 หลัก หรือรหัสวิสาหกิจชุมชน",
        "A 13-digit id, or a community enterprise's code",
        "",
    ),
}

_NUMBER_FORMATS = {"date": "dd/mm/yyyy", "money": "#,##0.00", "integer": "0", "quarter": "0"}


def write_template(contract: Contract, out: Path) -> Path:
    """Writes a dataset's empty workbook.

    Args:
        contract: the dataset.
        out: the .xlsx file; replaced where it exists.

    Raises:
        OSError: it cannot be written.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb") as file, xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        data, lists = book.add_worksheet(DATA_SHEET), book.add_worksheet(LIST_SHEET)
        explained = book.add_worksheet(HELP_SHEET)
        head = book.add_format(
            {"bold": True, "bg_color": "#E3F2E9", "border": 1, "text_wrap": True}
        )
        data.freeze_panes(1, 0)
        for position, column in enumerate(contract.columns):
            number_format = _NUMBER_FORMATS.get(column.form, "@")
            data.set_column(position, position, 20, book.add_format({"num_format": number_format}))
            data.write_string(0, position, column.label + (" *" if column.required else ""), head)
            data.write_comment(0, position, f"{column.name}\n{_how(column)}")
            _drop_down(data, lists, position, column)
        _explain(contract, explained, head, book.add_format({"text_wrap": True, "valign": "top"}))
    return out


def _how(column: Column) -> str:
    thai, english, _ = _HOW[column.form]
    return f"{thai} / {english}" + (" ; คั่นด้วย ; / separated by ;" if column.is_list else "")


def _choices(column: Column) -> list[str]:
    if column.codes:
        return [code.label for code in column.codes]
    return list(province_names()) if column.form == "province" else []


def _drop_down(data: Any, lists: Any, position: int, column: Column) -> None:
    choices = _choices(column)
    if not choices or column.is_list:
        return
    lists.write_column(0, position, [column.label, *choices])
    letters = xlsxwriter.utility.xl_col_to_name(position, col_abs=True)
    data.data_validation(
        1, position, ROWS, position,
        {
            "validate": "list",
            "source": f"='{LIST_SHEET}'!{letters}$2:{letters}${len(choices) + 1}",
            "error_type": "warning",
            "error_title": column.label[:32],
            "error_message": "กรุณาเลือกจากรายการ / Please choose from the list",
        },
    )  # fmt: skip


def _explain(contract: Contract, sheet: Any, head: Any, wrapped: Any) -> None:
    titles = (
        "ช่อง",
        "Column",
        "จำเป็น / Required",
        "ใส่อะไร / What to type",
        "ค่าที่รับ / Values",
        "ตัวอย่าง",
    )
    for position, (title, width) in enumerate(zip(titles, (24, 22, 12, 44, 60, 22), strict=True)):
        sheet.set_column(position, position, width, wrapped)
        sheet.write_string(0, position, title, head)
    for row, column in enumerate(contract.columns, start=1):
        values = "; ".join(f"{code.label} ({code.value})" for code in column.codes)
        example = ", ".join(column.examples) or _HOW[column.form][2]
        cells = (
            column.label,
            column.name,
            "ใช่ / yes" if column.required else "",
            f"{_how(column)}\n{column.description}",
            values,
            example,
        )
        for position, cell in enumerate(cells):
            sheet.write_string(row, position, cell)
