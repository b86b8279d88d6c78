"""Back to the coordinators and back again: two nights, and the workbooks that go between them.

First night: files of four datasets with bad rows, rows that wait, a row said twice, a file refused
for its bad rows and one without any row. The operator writes the workbooks; the coordinators mend
the marked cells as people do, dates as dates and numbers as numbers, and drop the workbooks into
the landing folders. Second night: what was mended is current, and nobody is asked for it again.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from sources.contracts import discover
from sources.corrections import DUPLICATES_SHEET, SUMMARY_SHEET
from sources.sampling.world import juristic_id
from sources.workbook import LIST_SHEET

if TYPE_CHECKING:
    from tests.integration.conftest import Home, Night, Record

pytestmark = pytest.mark.night

FIRM, OTHER, MENDED, LATE = (juristic_id(n) for n in range(301, 305))
SALES = "sales_increase"
MEMBERS = "member_registrations/สมาชิก ม.ค. 58.csv"
OUTCOMES = "financial_outcomes/ยอดขาย.csv"
ACTIVITIES = "activity_reports/กิจกรรม.csv"
EMPTY = "financial_outcomes/ว่าง.csv"
BACK = {
    "member_registrations": "member_registrations/แก้แล้ว.xlsx",
    "financial_outcomes": "financial_outcomes/ส่งกลับ/แก้แล้ว.xlsx",
    "activity_reports": "activity_reports/แก้แล้ว.xlsx",
}
#: Rows as a person sees them in the outcomes' file.
BAD_ROW, REPLACED_ROW, HELD_ROW, LATE_ROW = 3, 4, 6, 7
ASKED = "คนที่ไม่มีใครควรเห็น"


@dataclass(frozen=True)
class Story:
    """The two nights, the workbooks of the first, and what the operator was told."""

    home: Home
    first: Night
    second: Night
    folder: Path
    told: list[Record]
    told_again: list[Record]
    listed: list[Record]


def column_of(dataset: str, name: str) -> int:
    """Where a column stands on a sheet, from 1."""
    return [column.name for column in discover()[dataset].columns].index(name) + 1


def mend(book: Any, sheet: str, dataset: str, key: str, **values: Any) -> None:
    """Types into the cells of the row that has this text in one of its cells."""
    (row,) = (
        cells[0].row for cells in book[sheet].iter_rows() if key in [cell.value for cell in cells]
    )
    for name, value in values.items():
        book[sheet].cell(row, column_of(dataset, name)).value = value


def saved(book: Any) -> bytes:
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


@pytest.fixture(scope="module")
def story(
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    activity: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Story:
    home = new_home("mended")
    home.csv(
        "cluster_registrations/คลัสเตอร์.csv",
        [
            cluster("C05", coordinator_name=ASKED),
            cluster("C07", coordinator_name=f" {ASKED}"),
            cluster("C08", coordinator_name="อีกคน"),
        ],
    )
    home.csv(
        MEMBERS,
        [
            member("C05", FIRM),
            member("C05", OTHER),
            member("C05", MENDED, province="เชียงหม่", registered_on="31/02/2558"),
        ],
    )
    home.csv(
        OUTCOMES,
        [
            outcome("C05", FIRM, 100),
            outcome("C05", FIRM, "สองร้อย", quarter="2"),
            outcome("C05", OTHER, 5),
            outcome("C05", OTHER, 7),
            outcome("C05", MENDED, 40),
            outcome("C05", LATE, 3),
        ],
    )
    home.csv(
        ACTIVITIES,
        [
            activity("A-1", "C08"),
            activity("A-2", "C08", start_date="2015-13-01"),
            activity("A-3", "C08", start_date="", title="=1+1"),
        ],
    )
    home.write(
        EMPTY, "รหัสคลัสเตอร์,เลขทะเบียนนิติบุคคล,ปีงบประมาณ,ไตรมาส,ตัวชี้วัด,จำนวน,วันที่ส่งข้อมูล\r\n".encode()
    )
    first = home.night()
    folder = home.root.parent / "สำหรับผู้ประสานงาน"
    told = home.run("quarantine", "--xlsx", str(folder), "--json").json()
    book = openpyxl.load_workbook(folder / "C05_C07.xlsx")
    mend(
        book, "สมาชิก ม.ค. 58", "member_registrations", MENDED,
        province="เชียงใหม่", registered_on=dt.datetime(2558, 1, 5),
    )  # fmt: skip
    mend(book, "ยอดขาย", "financial_outcomes", "สองร้อย", amount=250.5)
    home.write(BACK["member_registrations"], saved(book))
    home.write(BACK["financial_outcomes"], saved(book))
    book = openpyxl.load_workbook(folder / "C08.xlsx")
    mend(book, "กิจกรรม", "activity_reports", "A-2", start_date="20 ม.ค. 58")
    mend(book, "กิจกรรม", "activity_reports", "A-3", start_date=dt.datetime(2015, 1, 20))
    home.write(BACK["activity_reports"], saved(book))
    second = home.night()
    return Story(
        home,
        first,
        second,
        folder,
        told,
        home.run("quarantine", "--xlsx", str(folder.with_name("อีกครั้ง.xlsx")), "--json").json(),
        home.run("quarantine", "--json").json(),
    )


def test_both_nights_publish(story: Story) -> None:
    for night in (story.first, story.second):
        assert night.exit_code == 0, night.said


# ── What goes out ─────────────────────────────────────────────────────────────────────────────


def test_there_is_a_workbook_a_coordinator_named_by_the_clusters_and_by_nobodys_name(
    story: Story,
) -> None:
    found = {path.name: path for path in story.folder.iterdir()}
    assert set(found) == {"C05_C07.xlsx", "C08.xlsx", "other.xlsx"}
    assert {Path(book["file"]).name for book in story.told} == set(found)
    for path in found.values():
        assert path.stat().st_mode & 0o077 == 0
        cells = [
            str(cell)
            for sheet in openpyxl.load_workbook(path)
            for row in sheet.iter_rows(values_only=True)
            for cell in row
        ]
        assert not any(ASKED in cell for cell in cells)


def test_a_file_goes_to_the_one_whose_cluster_its_rows_name(story: Story) -> None:
    whose = {
        Path(book["file"]).name: {file["path"] for file in book["files"]} for book in story.told
    }
    assert whose == {
        "C05_C07.xlsx": {MEMBERS, OUTCOMES},
        "C08.xlsx": {ACTIVITIES},
        "other.xlsx": {EMPTY},
    }


def test_a_workbook_has_an_overview_a_sheet_a_file_the_duplicates_and_the_lists(
    story: Story,
) -> None:
    book = openpyxl.load_workbook(story.folder / "C05_C07.xlsx")
    assert book.sheetnames == [
        SUMMARY_SHEET,
        "ยอดขาย",
        "สมาชิก ม.ค. 58",
        DUPLICATES_SHEET,
        LIST_SHEET,
    ]
    assert openpyxl.load_workbook(story.folder / "other.xlsx").sheetnames == [SUMMARY_SHEET]


def test_bad_and_waiting_rows_stand_on_their_sheet_and_a_replaced_one_does_not(
    story: Story,
) -> None:
    sheet = openpyxl.load_workbook(story.folder / "C05_C07.xlsx")["ยอดขาย"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(row[1], row[5], row[8]) for row in rows] == [
        (FIRM, "สองร้อย", str(BAD_ROW)),
        (MENDED, "40", str(HELD_ROW)),
        (LATE, "3", str(LATE_ROW)),
    ]


def test_a_file_refused_whole_has_every_row_on_its_sheet(story: Story) -> None:
    sheet = openpyxl.load_workbook(story.folder / "C08.xlsx")["กิจกรรม"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["A-1", "A-2", "A-3"]


# ── What comes back ───────────────────────────────────────────────────────────────────────────


def test_the_workbooks_load_without_a_complaint(story: Story) -> None:
    for path in BACK.values():
        assert story.second.files(path) == [("loaded", None)]
    assert story.second.quarantined(BACK["member_registrations"]) == set()
    assert story.second.quarantined(BACK["activity_reports"]) == set()
    # What waits for a firm that nobody has registered still waits, and once only.
    assert story.second.quarantined(BACK["financial_outcomes"]) == {
        (4, "juristic_id", "unregistered_enterprise", True)
    }


def test_what_was_mended_is_current_and_counts_once(story: Story) -> None:
    assert story.first.amounts() == {(FIRM, 1, SALES): 100, (OTHER, 1, SALES): 7}
    assert story.second.amounts() == {
        (FIRM, 1, SALES): 100,
        (FIRM, 2, SALES): Decimal("250.50"),
        (OTHER, 1, SALES): 7,
        (MENDED, 1, SALES): 40,
    }
    (progress,) = story.second.where("reports.rpt_programme_progress", measure="economic_expansion")
    assert progress["actual_baht"] == Decimal("397.50")


def test_mended_dates_and_places_are_what_people_meant(story: Story) -> None:
    registered = {row["registered_on"] for row in story.second.tables["marts.fct_membership"]}
    assert dt.date(2015, 1, 5) in registered
    days = {
        row["activity_id"]: row["start_date"] for row in story.second.tables["marts.fct_activity"]
    }
    assert days == dict.fromkeys(("A-1", "A-2", "A-3"), dt.date(2015, 1, 20))


def test_every_file_reconciles_on_both_nights(story: Story) -> None:
    for night in (story.first, story.second):
        for row in night.tables["audit.load_file"]:
            fates = row["rows_current"] + row["rows_superseded"] + row["rows_quarantined"]
            assert row["rows_read"] == fates, row["path"]


def test_the_row_that_waited_is_superseded_by_itself_sent_again(story: Story) -> None:
    (row,) = story.second.where("audit.load_file", path=OUTCOMES)
    assert (row["rows_current"], row["rows_superseded"], row["rows_quarantined"]) == (2, 2, 2)
    (row,) = story.second.where("audit.load_file", path=BACK["financial_outcomes"])
    assert (row["rows_current"], row["rows_superseded"], row["rows_quarantined"]) == (2, 0, 1)


# ── Nobody is asked twice ─────────────────────────────────────────────────────────────────────


def test_the_audit_keeps_every_old_row_and_says_that_it_was_sent_again(story: Story) -> None:
    again = {
        (row["path"], row["row_number"]): row["is_sent_again"]
        for row in story.second.tables["audit.quarantined_row"]
    }
    assert again == {
        (MEMBERS, 4): True,
        (OUTCOMES, BAD_ROW): True,
        (OUTCOMES, REPLACED_ROW): False,
        (ACTIVITIES, 2): True,
        (ACTIVITIES, 3): True,
        (ACTIVITIES, 4): True,
        (BACK["financial_outcomes"], 4): False,
    }
    assert not any(row["is_sent_again"] for row in story.first.tables["audit.quarantined_row"])


def test_the_next_workbook_asks_only_for_what_is_left(story: Story) -> None:
    (book,) = story.told_again
    assert {file["path"]: file["rows"] for file in book["files"]} == {
        OUTCOMES: 0,
        EMPTY: 0,
        BACK["financial_outcomes"]: 1,
    }


def test_the_list_for_programs_has_every_problem_and_whether_it_was_sent_again(
    story: Story,
) -> None:
    found = {(row["path"], row["row_number"], row["is_sent_again"]) for row in story.listed}
    assert (OUTCOMES, BAD_ROW, True) in found
    assert (OUTCOMES, REPLACED_ROW, False) in found
    assert len(found) == len(
        {(row["path"], row["row_number"]) for row in story.second.tables["audit.quarantined_row"]}
    )


def test_a_list_of_one_cluster_has_the_files_that_name_it(story: Story) -> None:
    rows = story.home.run("quarantine", "--cluster", "c08", "--json").json()
    assert {row["path"] for row in rows} == {ACTIVITIES}
    books = story.home.run(
        "quarantine", "--cluster", "C05", "--xlsx", str(story.folder.with_name("a.xlsx")), "--json"
    ).json()
    assert {file["path"] for file in books[0]["files"]} == {OUTCOMES, BACK["financial_outcomes"]}


def test_an_unknown_dataset_is_said_to_be_unknown(story: Story) -> None:
    done = story.home.run("quarantine", "--dataset", "x", "--xlsx", "a.xlsx")
    assert done.exit_code == 1
    assert "There is no dataset 'x'" in done.said
