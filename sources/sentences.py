"""What coordinators are told, in Thai and English: why something was not taken in, what to type.

The sentences of the reasons stand in the seed `reason_code` of the dbt project, so that the audit
tables and the workbook for coordinators say the same; a column's label, its example and what it
allows come from its contract.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from sources.contracts import Column
from sources.reference import SEEDS

Level = Literal["row", "file"]


@dataclass(frozen=True)
class Said:
    """The same said in both languages."""

    thai: str
    english: str

    def __str__(self) -> str:
        """Both, Thai first, on a line each."""
        return f"{self.thai}\n{self.english}"


@dataclass(frozen=True)
class Reason:
    """Why a row or a file is not taken in.

    Attributes:
        code: the reason code of the interface page, section 2.
        is_held: whether the row only waits for another record.
        meaning: what is wrong.
        action: what to do.
    """

    code: str
    is_held: bool
    meaning: Said
    action: Said


#: Value form → what to type, and an example where a contract gives none.
_FORMS: dict[str, tuple[Said, str]] = {
    "text": (Said("ข้อความ", "Text"), ""),
    "firm_name": (Said("ชื่อเต็มของกิจการ", "The enterprise's full name"), ""),
    "identifier": (Said("รหัส", "A code"), ""),
    "code": (Said("เลือกจากรายการ", "Choose from the list"), ""),
    "date": (
        Said("วันที่ วัน/เดือน/ปี พ.ศ. หรือ ค.ศ.", "A date, day first; either era"),
        "20/01/2558",
    ),
    "money": (Said("จำนวนเงินเป็นบาท", "An amount in baht"), "1,234,567.50"),
    "integer": (Said("จำนวนเต็ม", "A whole number"), "12"),
    "fiscal_year": (Said("ปีงบประมาณ พ.ศ. หรือ ค.ศ.", "The fiscal year, either era"), "2558"),
    "quarter": (
        Said("ไตรมาส 1 ถึง 4 (1 คือ ต.ค.-ธ.ค.)", "1 to 4; 1 is October to December"),
        "1",
    ),
    "province": (Said("ชื่อจังหวัด", "A province's name"), "อุดรธานี"),
    "enterprise_id": (
        Said(
            "เลขทะเบียน 13 หลัก หรือรหัสวิสาหกิจชุมชน",
            "A 13-digit id, or a community enterprise's code",
        ),
        "",
    ),
}
_LISTED = Said("หลายค่าคั่นด้วย ;", "several separated by ;")


@cache
def reasons() -> Mapping[tuple[str, str], Reason]:
    """Every reason by its code and the level (row, file) on which it stands."""
    with (SEEDS / "reason_code.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["code"], row["level"]): Reason(
                row["code"],
                row["is_held"] == "true",
                Said(row["meaning_th"], row["meaning_en"]),
                Said(row["action_th"], row["action_en"]),
            )
            for row in csv.DictReader(file)
        }


@cache
def check_instructions() -> Mapping[tuple[str, str], Said]:
    """What to do when a check fails that is no rule of a contract, by its tool and name."""
    with (SEEDS / "check_instruction.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["tool"], row["check_name"]): Said(row["action_th"], row["action_en"])
            for row in csv.DictReader(file)
        }


def how_to_type(column: Column) -> Said:
    """What a column takes."""
    said, _ = _FORMS[column.form]
    if not column.is_list:
        return said
    return Said(f"{said.thai} {_LISTED.thai}", f"{said.english}; {_LISTED.english}")


def example(column: Column) -> str:
    """A value as a person would type it; empty where any text will do."""
    if column.examples:
        return column.examples[0]
    return column.codes[0].label if column.codes else _FORMS[column.form][1]


def allowed(column: Column) -> Said:
    """The values a column takes, where they can be listed or bounded; empty where not."""
    if column.codes:
        labels = ", ".join(code.label for code in column.codes)
        return Said(labels, ", ".join(code.value for code in column.codes))
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return Said(f"{low} ถึง {high}", f"{low} to {high}")
    if low is not None:
        return Said(f"{low} ขึ้นไป", f"{low} or more")
    return Said(f"ไม่เกิน {high}", f"at most {high}") if high is not None else Said("", "")


def why(code: str, level: Level = "row", column: Column | None = None) -> Said:
    """What a reason means, with the column it is about.

    Raises:
        KeyError: the seed has no such reason on that level.
    """
    meaning = reasons()[code, level].meaning
    if column is None:
        return meaning
    return Said(f"{column.label}: {meaning.thai}", f"{column.name}: {meaning.english}")


def what_to_do(code: str, level: Level = "row", column: Column | None = None) -> Said:
    """What to do about a reason, with what the column allows or an example of it.

    Raises:
        KeyError: the seed has no such reason on that level.
    """
    reason = reasons()[code, level]
    action = reason.action
    if column is None or reason.is_held:
        return action
    if code in ("bad_code", "out_of_range") and (values := allowed(column)).thai:
        return Said(
            f"{action.thai} ค่าที่รับ: {values.thai}", f"{action.english} Allowed: {values.english}"
        )
    if shown := example(column):
        return Said(f"{action.thai} เช่น {shown}", f"{action.english} Example: {shown}")
    return action
