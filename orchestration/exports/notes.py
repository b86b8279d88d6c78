"""The workbook's first sheet: what this is, of which night, in which units, what is where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.exports.labels import Label
from orchestration.exports.run import PublishedRun
from orchestration.exports.tables import Table
from orchestration.settings import TIME_ZONE
from sources.workbook import fit_row, legal

NAME = "notes"
_WIDTHS = (34, 44, 70, 12, 44)

_WHAT = (
    Label(
        "รายงานของคลังข้อมูลคลัสเตอร์ ซึ่งประกาศใหม่ทุกคืน ไม่มีข้อมูลส่วนบุคคล",
        "The reports of the cluster warehouse, published anew every night, without personal data.",
    ),
    Label(
        "ผู้ที่ยังไม่รายงานไม่อยู่ในตัวเลขใด: ดูความครบถ้วนก่อนเปรียบเทียบ",
        "What was not reported is in no figure: look at the completeness before you compare.",
    ),
    Label(
        "เป้าหมายเป็นค่าขั้นต่ำ (ไม่น้อยกว่า)",
        "Targets are floors ('not less than').",
    ),
)
_UNITS = (
    Label(
        "จำนวนเงินเป็นบาท ละเอียดถึงสตางค์ การจ้างงาน (jobs_created) เป็นคน",
        "Money is baht, to the satang; jobs_created counts people.",
    ),
    Label(
        "ปีงบประมาณเป็น พ.ศ. เริ่มตุลาคม สิ้นสุดกันยายน เรียกตามปีที่สิ้นสุด",
        "Fiscal years (Buddhist era): October to September, named by the year they end in.",
    ),
    Label(
        "วันที่เป็น ค.ศ. (ปี-เดือน-วัน) เวลาเป็น UTC ช้ากว่าเวลาไทย 7 ชั่วโมง",
        "Dates are of the Christian era (year-month-day); times are UTC, 7 hours behind Bangkok.",
    ),
    Label(
        "เครื่องหมาย ' หน้าข้อความที่ขึ้นต้นด้วย = + - @ กันไม่ให้โปรแกรมคำนวณ",
        "An apostrophe before a text that begins with = + - @ keeps programs from computing it.",
    ),
    Label(
        "จำนวนที่ยาวกว่า 15 หลักเป็นข้อความ เพราะโปรแกรมตารางเก็บได้ไม่ครบ",
        "A number of more than 15 digits is text, for spreadsheets do not keep it exactly.",
    ),
)
_DEFINITIONS = Label(
    "นิยามและสูตรของทุกตัวเลขอยู่ในชีต metric_definition และ metric_column",
    "What every figure means, and its formula: sheets metric_definition and metric_column.",
)


@dataclass(frozen=True)
class Sheet:
    """A sheet of the workbook.

    Attributes:
        name: of the sheet.
        table: what it shows.
        title: what it is called; None where nobody has named it.
        rows: of the table.
        most_rows: that a sheet gets.
    """

    name: str
    table: Table
    title: Label | None
    rows: int
    most_rows: int

    @property
    def rows_shown(self) -> int:
        """How many rows the sheet has below its header."""
        return min(self.rows, self.most_rows)

    @property
    def remark(self) -> str:
        """Where the rest is, if not all of the table is shown."""
        if self.rows == self.rows_shown:
            return ""
        return (
            f"แสดง {self.rows_shown:,} แถวแรกจาก {self.rows:,} แถว "
            f"ครบใน csv/{self.table.name}.csv\n"
            f"The first {self.rows_shown:,} of {self.rows:,} rows; all are in "
            f"csv/{self.table.name}.csv."
        )


def write_notes(book: Any, run: PublishedRun | None, sheets: Sequence[Sheet]) -> None:
    """Writes the notes as the next sheet of a workbook.

    Args:
        book: XlsxWriter's, whose other sheets follow.
        run: the night; None where the database names none.
        sheets: what follows.
    """
    page = book.add_worksheet(NAME)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    for position, width in enumerate(_WIDTHS):
        page.set_column(position, position, width)
    bold, title = book.add_format({"bold": True}), book.add_format({"bold": True, "font_size": 16})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "bg_color": "#E3F2E9", "border": 1, "text_wrap": True})
    count = book.add_format({"num_format": "#,##0", "valign": "top"})
    link = book.add_format({"font_color": "#0B5394", "underline": 1, "valign": "top"})
    page.write_string(0, 0, "คลังข้อมูลคลัสเตอร์ / Cluster warehouse", title)
    row = 1
    for said in _WHAT:
        row = _say(page, row, said)
    row += 1
    for name, value in _of_night(run):
        page.write_string(row, 0, name, bold)
        page.write_string(row, 1, value)
        row += 1
    row += 1
    page.write_string(row, 0, "หน่วย / Units", bold)
    row += 1
    for said in _UNITS:
        row = _say(page, row, said)
    row = _say(page, row, _DEFINITIONS)
    row += 1
    heads = ("ชีต / Sheet", "คือ / Is", "แต่ละแถวคือ / A row is", "แถว / Rows", "หมายเหตุ / Remark")
    for position, text in enumerate(heads):
        page.write_string(row, position, text, head)
    for sheet in sheets:
        row += 1
        called = f"{sheet.title.th}\n{sheet.title.en}" if sheet.title else ""
        said_of_it = legal(sheet.table.comment)
        fit_row(
            page, row,
            [(called, _WIDTHS[1]), (said_of_it, _WIDTHS[2]), (sheet.remark, _WIDTHS[4])],
        )  # fmt: skip
        page.write_url(row, 0, f"internal:'{sheet.name}'!A1", link, sheet.name)
        page.write_string(row, 1, called, wrapped)
        page.write_string(row, 2, said_of_it, wrapped)
        page.write_number(row, 3, sheet.rows, count)
        page.write_string(row, 4, sheet.remark, wrapped)


def _say(page: Any, row: int, said: Label) -> int:
    """Writes a sentence in both languages, a line each; returns the next row."""
    page.write_string(row, 0, said.th)
    page.write_string(row + 1, 0, said.en)
    return row + 2


def _of_night(run: PublishedRun | None) -> list[tuple[str, str]]:
    if run is None:
        return [("รอบการประมวลผล / Run", "ไม่ทราบ / not on record")]
    utc = run.published_at.replace(tzinfo=dt.UTC)
    bangkok = utc.astimezone(ZoneInfo(TIME_ZONE))
    return [
        ("ประกาศเมื่อ / Published at", f"{bangkok:%Y-%m-%d %H:%M} {TIME_ZONE}"),
        ("", f"{utc:%Y-%m-%d %H:%M:%S} UTC"),
        ("รอบการประมวลผล / Run", run.run_id),
        ("รุ่นของโปรแกรม / Software", run.git_sha or ""),
        ("ไฟล์ที่ใช้ / Files", f"{run.files_loaded:,}"),
        ("แถวที่ใช้ / Rows", f"{run.rows_loaded:,}"),
    ]
