"""Privacy: what is personal in what arrives, where it is kept and how long, what is published.

What is personal follows from the contracts, column by column. Whether a column of that name is
published is looked up in the warehouse itself, not asserted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from orchestration.report.asking import ask
from orchestration.report.edition import Edition
from orchestration.report.language import Text
from orchestration.report.page import Document, Page, Sheet
from orchestration.report.tables import Column, Table
from sources import contracts

PATH = "privacy.html"
TITLE = Text("ข้อมูลส่วนบุคคล", "Privacy")

_PUBLISHED_COLUMNS = """
select distinct column_name as name from information_schema.columns where table_schema = 'marts'
"""

_ALWAYS = Text("ข้อมูลส่วนบุคคลเสมอ", "Always personal")
_OF_A_PERSON = Text("เมื่อเป็นของบุคคลธรรมดา", "Where it is a natural person's")
_FREE_TEXT = Text("ข้อความอิสระ อาจเอ่ยถึงบุคคล", "Free text, may name people")
_NOT = Text("ไม่เผยแพร่", "Not published")
#: What is published of a column, by why it is personal; where the column is published at all.
_SHOWN = {
    _ALWAYS: Text("เผยแพร่", "Published"),
    _OF_A_PERSON: Text(
        "เผยแพร่เฉพาะของนิติบุคคลและวิสาหกิจชุมชน ของบุคคลธรรมดาเว้นว่าง",
        "Published of firms and community enterprises alone; empty for natural persons",
    ),
    _FREE_TEXT: Text(
        "เผยแพร่โดยปิดเลขประจำตัวของบุคคล โทรศัพท์ และอีเมล",
        "Published with personal ids, telephone numbers and e-mail addresses covered",
    ),
}


def why_personal(column: contracts.Column) -> Text | None:
    """Why a column may hold personal data; None where it cannot."""
    if column.is_personal:
        return _ALWAYS
    if column.personal_when_natural_in or column.form == "enterprise_id":
        return _OF_A_PERSON
    return _FREE_TEXT if column.is_free_text and not column.codes else None


def personal_columns(published: Iterable[str]) -> list[dict[str, Any]]:
    """Every column that may hold personal data, in the order of the contracts.

    Args:
        published: the names of all columns of the published marts.
    """
    there = set(published)
    return [
        {
            "dataset": Text(contract.label, contract.dataset),
            "column": Text(column.label, column.name),
            "why": why,
            "shown": _SHOWN[why] if column.name in there else _NOT,
        }
        for contract in contracts.discover().values()
        for column in contract.columns
        if (why := why_personal(column)) is not None
    ]


def _columns_table(rows: list[dict[str, Any]]) -> Table:
    return Table(
        "personal-columns",
        Text("คอลัมน์ที่มีหรืออาจมีข้อมูลส่วนบุคคล", "Columns that hold or may hold personal data"),
        (
            Column("dataset", Text("ชุดข้อมูล", "Dataset")),
            Column("column", Text("คอลัมน์", "Column")),
            Column("why", Text("เป็นข้อมูลส่วนบุคคล", "Personal")),
            Column("shown", Text("ในคลังที่เผยแพร่", "In the published warehouse")),
        ),
        rows,
        note=Text(
            "ตามสัญญาข้อมูล (contract) ของแต่ละชุด",
            "From the contract of each dataset.",
        ),
    )


_YES, _NO = Text("มี", "yes"), Text("ไม่มี", "no")
_OWNER = Text("บัญชีผู้ใช้ที่รันคลังเท่านั้น", "The account that runs the warehouse alone")
_FOR_EVER = Text("ตลอดไป ไม่มีการลบเป็นประจำ", "For good; nothing is removed by routine")

#: Place, what it holds, whether that is personal, who can open it, how long it is kept.
_KEPT: tuple[tuple[Text, Text, Text, Text, Text], ...] = (
    (
        Text("โฟลเดอร์รับไฟล์ (landing)", "The landing zone"),
        Text("ไฟล์ที่ผู้ประสานงานวางไว้", "Files as coordinators put them there"),
        _YES,
        Text(
            "ตามสิทธิ์ที่ผู้ดูแลระบบให้แก่ผู้ส่งไฟล์",
            "Whom the operator lets put files there",
        ),
        Text(
            "จนกว่าเจ้าของไฟล์จะลบ คลังไม่ลบไฟล์ของผู้ส่ง",
            "Until its owner deletes it; the warehouse deletes no sender's file",
        ),
    ),
    (
        Text("คลังไฟล์ต้นฉบับ (archive)", "The archive"),
        Text("ไบต์ของทุกไฟล์ที่รับเข้า", "The bytes of every file taken in"),
        _YES, _OWNER, _FOR_EVER,
    ),
    (
        Text("ที่เก็บแถว (store)", "The store"),
        Text("แถวที่อ่านแล้ว ทั้งที่รับและที่กักไว้", "Rows as read, accepted and quarantined"),
        _YES, _OWNER, _FOR_EVER,
    ),
    (
        Text("บัญชีเหตุการณ์ (ledger)", "The ledger"),
        Text(
            "อะไรเกิดกับไฟล์ใดเมื่อใด มีชื่อไฟล์ แต่ไม่มีแถว",
            "What happened to which file when: names of files, no rows",
        ),
        Text("ไม่มี เว้นแต่ตั้งชื่อไฟล์ด้วยชื่อคน", "no, unless a file is named after a person"),
        Text(
            "บัญชีผู้ใช้ที่รันคลัง หรือผู้ที่เปิดฐานข้อมูลนั้นได้",
            "The account that runs the warehouse, or whom its database lets in",
        ), _FOR_EVER,
    ),
    (
        Text("แฟ้มส่งคืนผู้ประสานงาน (quarantine)", "Workbooks for coordinators"),
        Text("แถวที่ต้องแก้ ตามที่ส่งมา", "Rows to be mended, as they were sent"),
        _YES, _OWNER,
        Text(
            "เขียนใหม่ทุกครั้งที่แถวที่กักไว้เปลี่ยน",
            "Written anew whenever what is quarantined changes",
        ),
    ),
    (
        Text("สำเนาสำรอง (back-up)", "Back-ups"),
        Text("คลังไฟล์ ที่เก็บแถว บัญชี และกุญแจ", "Archive, store, ledger and key"),
        _YES, _OWNER,
        Text(
            "ชุดล่าสุด 7 ชุด หรือตามที่ผู้ดูแลระบบกำหนด (--keep)",
            "The last 7, or as many as the operator says (--keep)",
        ),
    ),
    (
        Text("บันทึกการทำงาน และ Dagster", "Logs and Dagster"),
        Text("จำนวน เวลา ชื่อไฟล์ ไม่มีค่าของแถว", "Counts, times, names of files; no values"),
        _NO,
        Text(
            "บัญชีผู้ใช้ที่รันคลัง และผู้ที่เข้าหน้า Dagster ได้",
            "The account that runs the warehouse, and whoever is let into Dagster's pages",
        ),
        Text(
            "บันทึก 90 วัน ประวัติของ Dagster 365 วัน หรือตามที่ตั้งไว้",
            "Logs 90 days, Dagster's history 365 days, or as set",
        ),
    ),
    (
        Text("คลังที่เผยแพร่ และรายงานนี้", "The published warehouse and this report"),
        Text("ตารางและตัวเลขโดยไม่มีข้อมูลส่วนบุคคล", "Tables and figures without personal data"),
        _NO,
        Text("ทุกคนที่เปิดโฟลเดอร์ได้", "Everybody who can read the folder"),
        Text(
            "ล่าสุด 7 รุ่น หรือตามที่ตั้งไว้", "The last 7 versions, or as set"
        ),
    ),
)  # fmt: skip


def _kept_table() -> Table:
    return Table(
        "kept",
        Text("เก็บไว้ที่ใด ใครเปิดได้ นานเท่าใด", "Where it is kept, who can open it, how long"),
        (
            Column("place", Text("ที่เก็บ", "Place")),
            Column("holds", Text("มีอะไร", "Holds")),
            Column("personal", Text("ข้อมูลส่วนบุคคล", "Personal data")),
            Column("who", Text("ใครเปิดได้", "Who can open it")),
            Column("long", Text("นานเท่าใด", "How long")),
        ),
        [
            dict(zip(("place", "holds", "personal", "who", "long"), line, strict=True))
            for line in _KEPT
        ],
        is_sortable=False,
    )


def documents(db: duckdb.DuckDBPyConnection, edition: Edition) -> Iterable[Document]:
    """The one document."""
    del edition
    rows = personal_columns(row["name"] for row in ask(db, _PUBLISHED_COLUMNS))

    def fill(sheet: Sheet) -> Mapping[str, Any]:
        return {"columns": sheet.table(_columns_table(rows)), "kept": sheet.table(_kept_table())}

    yield Document(PATH, TITLE, "privacy.jinja", fill)


PAGE = Page(PATH, TITLE, documents)
