"""Two nights over a landing zone as it really is: half-written files, strays, every form of table.

On the first night somebody is writing one file and holds another open; both are done by the
second. The enterprise of a file's only good row tells which file a figure came from.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import parquet

from sources.sampling.world import juristic_id

if TYPE_CHECKING:
    from tests.integration.conftest import Home, Night, Record

pytestmark = pytest.mark.night

(
    TITLED, SECOND_SHEET, SEMICOLON, UNICODE, PIPED, PACKED, COLUMNAR, LINES,
    GROWING, OPENED, HIDDEN, LOCKED, IN_HIDDEN_FOLDER, PARTIAL, OLD_NAME,
) = (juristic_id(number) for number in range(401, 416))  # fmt: skip
EVERYBODY = (
    TITLED, SECOND_SHEET, SEMICOLON, UNICODE, PIPED, PACKED, COLUMNAR, LINES,
    GROWING, OPENED, HIDDEN, LOCKED, IN_HIDDEN_FOLDER, PARTIAL, OLD_NAME,
)  # fmt: skip
SALES = "sales_increase"
FOLDER = "financial_outcomes"
GROWN = f"{FOLDER}/กำลังเขียน.csv"
HELD_OPEN = f"{FOLDER}/ยังเปิดอยู่.csv"
MEMBERS = "member_registrations/ปี 2558/ภาคเหนือ ตอนบน/สมาชิก (ฉบับแก้ไข) ใหม่.csv"
CLUSTERS = "cluster_registrations/ทะเบียน คลัสเตอร์.csv"
#: As it reads; on the disk it is named in the bytes of Thai Windows.
OLD_WINDOWS = f"{FOLDER}/จากเครื่องเก่า.csv"
WORKBOOK = f"{FOLDER}/สรุป ไตรมาส 1.XLSX"
#: The Thai labels of the interface page.
CLUSTER_LABELS = {
    "cluster_code": "รหัสคลัสเตอร์",
    "cluster_name_th": "ชื่อคลัสเตอร์",
    "cluster_name_en": "ชื่อภาษาอังกฤษ",
    "branch": "สาขาอุตสาหกรรม",
    "provinces": "จังหวัด",
    "coordinator_name": "ผู้ประสานงาน",
    "registered_on": "วันที่ขึ้นทะเบียน",
    "submitted_on": "วันที่ส่งข้อมูล",
    "status": "สถานะ",
}
OUTCOME_LABELS = (
    "รหัสคลัสเตอร์", "เลขทะเบียนนิติบุคคล", "ปีงบประมาณ", "ไตรมาส", "ตัวชี้วัด", "จำนวน",
    "หลักฐาน", "วันที่ส่งข้อมูล",
)  # fmt: skip
TAKEN = {
    TITLED: 1_234_567.5,
    SECOND_SHEET: -1_200,
    SEMICOLON: 2,
    UNICODE: 3,
    PIPED: 4,
    PACKED: 5,
    COLUMNAR: 6,
    LINES: 7.25,
    OLD_NAME: 9,
}


class Slow(threading.Thread):
    """Somebody whose export writes ten rows a second and opens the file anew for each."""

    def __init__(self, home: Home, rows: bytes) -> None:
        super().__init__(daemon=True)
        self.path = home.landing / GROWN
        self.lines = rows.splitlines(keepends=True)
        self.stopped = threading.Event()
        self.written = 0

    def run(self) -> None:
        while not self.stopped.is_set() and self.written < len(self.lines):
            self.write(self.lines[self.written])
            self.stopped.wait(0.1)

    def write(self, line: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(line)
        self.written += 1

    def finish(self) -> None:
        """Stops, and writes what is left at once."""
        self.stopped.set()
        self.join()
        while self.written < len(self.lines):
            self.write(self.lines[self.written])


@dataclass(frozen=True)
class Story:
    """The two nights."""

    home: Home
    first: Night
    second: Night
    grown_rows: int


def workbook_sheet(enterprise: str, amount: object) -> list[list[object]]:
    """A sheet as coordinators make it: titles, a gap, the table, a gap in it, the total."""
    day = dt.date(2558, 1, 10)
    return [
        ["รายงานผลลัพธ์ทางการเงิน ไตรมาส 1"],
        ["ข้อมูลตัวอย่าง (สังเคราะห์)"],
        [],
        ["ลำดับ", *OUTCOME_LABELS],
        [1, "C01", enterprise, 2558, 1, "ยอดขายเพิ่ม", amount, "ตัวอย่าง", day],
        [],
        [2, "C01", enterprise, 2558, 1, "การจ้างงานเพิ่ม", 3, None, day],
        ["รวม", None, None, None, None, None, amount],
    ]


def write_tables(home: Home, outcome: Callable[..., Record]) -> None:
    """Every form of table, an enterprise each."""
    home.xlsx(
        WORKBOOK,
        {
            "คำอธิบาย": [["กรุณากรอกแบบฟอร์ม"], ["ส่งภายในวันที่ 15"]],
            "คลัสเตอร์ 1": workbook_sheet(TITLED, 1_234_567.5),
            "คลัสเตอร์ 1 (ต่อ)": workbook_sheet(SECOND_SHEET, "(1,200)"),
            "ไม่มีวันที่ส่ง": [OUTCOME_LABELS[:-1], ["C01", TITLED, 2558, 2, "ยอดขายเพิ่ม", 60_000, None]],
        },
    )
    home.csv(f"{FOLDER}/ไทย.csv", [outcome("C01", SEMICOLON, 2)], encoding="cp874", delimiter=";")
    home.csv(f"{FOLDER}/u.txt", [outcome("C01", UNICODE, 3)], encoding="utf-16", delimiter="\t")
    home.csv(f"{FOLDER}/p.txt", [outcome("C01", PIPED, 4)], encoding="utf-8-sig", delimiter="|")
    packed = home.csv(f"{FOLDER}/z.csv", [outcome("C01", PACKED, 5)])
    home.write(f"{FOLDER}/z.csv.gz", gzip.compress(packed.read_bytes()))
    packed.unlink()
    old = os.fsdecode(OLD_WINDOWS.encode("cp874"))
    home.csv(old, [outcome("C01", OLD_NAME, 9)])
    table, buffer = pa.Table.from_pylist([outcome("C01", COLUMNAR, 6)]), io.BytesIO()
    parquet.write_table(table, buffer)
    home.write(f"{FOLDER}/c.parquet", buffer.getvalue())
    line = json.dumps(outcome("C01", LINES, 7) | {"amount": 7.25}, ensure_ascii=False)
    home.write(f"{FOLDER}/l.jsonl", line.encode())


def write_strays(home: Home, outcome: Callable[..., Record]) -> None:
    """What is no submission, each with a row that would show if it were taken for one."""
    home.csv(f"{FOLDER}/.ซ่อน.csv", [outcome("C01", HIDDEN, 10_000)])
    home.csv(f"{FOLDER}/~$สรุป.csv", [outcome("C01", LOCKED, 20_000)])
    home.csv(f"{FOLDER}/.rsync-partial/ส่งค้าง.csv", [outcome("C01", IN_HIDDEN_FOLDER, 30_000)])
    home.csv(f"{FOLDER}/ดาวน์โหลด.csv.part", [outcome("C01", PARTIAL, 40_000)])
    home.csv("งบประมาณ 2558/แผน.csv", [outcome("C01", HIDDEN, 50_000)])
    home.write("อ่านก่อนส่ง.txt", "วิธีส่งข้อมูล".encode())
    home.write(f"{FOLDER}/ว่าง.csv", b"")


@pytest.fixture(scope="module")
def story(
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Story:
    home = new_home("oddities")
    home.csv(
        CLUSTERS,
        [cluster("C01", registered_on="15 ต.ค. 57", branch="แฟชั่น", status="ปกติ")],
        encoding="cp874",
        delimiter=";",
        labels=CLUSTER_LABELS,
    )
    home.csv(MEMBERS, [member("C01", one) for one in EVERYBODY])
    write_tables(home, outcome)
    write_strays(home, outcome)
    opened = home.csv(HELD_OPEN, [outcome("C01", OPENED, 8)])
    # Rows for eighty seconds of writing: still at it when the night looks.
    whole = home.csv(
        GROWN,
        [
            outcome("C01", GROWING, 1, fiscal_year=year, quarter=quarter, measure=measure)
            for year in range(2550, 2601)
            for quarter in (1, 2, 3, 4)
            for measure in (SALES, "new_investment", "cost_reduction", "jobs_created")
        ],
    )
    rows = whole.read_bytes()
    whole.write_bytes(b"")
    slow = Slow(home, rows)
    slow.start()
    with opened.open("ab"):
        # Nothing was written to it for an hour: only that it is open tells.
        hour_ago = time.time() - 3_600
        os.utime(opened, (hour_ago, hour_ago))
        first = home.night()
    slow.finish()
    second = home.night()
    return Story(home, first, second, len(slow.lines) - 1)


def notes(night: Night) -> str:
    return "\n".join(night.report["notes"])


def test_both_nights_publish(story: Story) -> None:
    for night in (story.first, story.second):
        assert night.exit_code == 0, night.said


# ── Files that are not done ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [GROWN, HELD_OPEN])
def test_a_file_that_is_being_written_is_left_for_the_next_night(story: Story, path: str) -> None:
    assert story.first.files(path) == []
    assert path in notes(story.first)


def test_a_file_that_was_being_written_is_taken_whole_the_next_night(story: Story) -> None:
    assert story.second.files(GROWN) == [("loaded", None)]
    (row,) = story.second.where("audit.load_file", path=GROWN)
    assert (row["rows_read"], row["rows_current"]) == (story.grown_rows, story.grown_rows)


def test_a_file_that_was_held_open_is_taken_whole_the_next_night(story: Story) -> None:
    assert story.second.files(HELD_OPEN) == [("loaded", None)]
    assert story.second.amounts()[OPENED, 1, SALES] == 8


# ── What is no submission ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["งบประมาณ 2558", "อ่านก่อนส่ง.txt"])
def test_an_unknown_folder_and_a_stray_file_are_reported(story: Story, name: str) -> None:
    assert name in notes(story.first)
    assert not [row for row in story.first.tables["audit.load_file"] if name in row["path"]]


@pytest.mark.parametrize(
    ("path", "enterprise"),
    [
        (f"{FOLDER}/.ซ่อน.csv", HIDDEN),
        (f"{FOLDER}/~$สรุป.csv", LOCKED),
        (f"{FOLDER}/.rsync-partial/ส่งค้าง.csv", IN_HIDDEN_FOLDER),
        (f"{FOLDER}/ดาวน์โหลด.csv.part", PARTIAL),
    ],
    ids=["hidden", "lock", "in a hidden folder", "partial"],
)
def test_a_hidden_lock_or_partial_file_is_no_submission(
    story: Story, path: str, enterprise: str
) -> None:
    assert story.second.files(path) == []
    assert (enterprise, 1, SALES) not in story.second.amounts()


def test_a_file_without_a_byte_is_rejected_as_empty(story: Story) -> None:
    assert story.first.files(f"{FOLDER}/ว่าง.csv") == [("rejected", "empty")]


def test_a_stray_never_stops_the_night(story: Story) -> None:
    assert story.first.report["published"] is True
    assert len(story.first.report["rejected"]) == 1


# ── Every form of table ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("enterprise", TAKEN)
def test_a_table_in_any_form_is_read(story: Story, enterprise: str) -> None:
    assert float(story.first.amounts()[enterprise, 1, SALES]) == TAKEN[enterprise]


def test_thai_names_with_spaces_in_sub_folders_are_loaded(story: Story) -> None:
    assert story.first.files(MEMBERS) == [("loaded", None)]
    members = story.first.where("marts.fct_membership", is_current=True)
    assert len(members) == len(EVERYBODY)


def test_a_name_in_the_bytes_of_thai_windows_is_published_as_it_reads(story: Story) -> None:
    assert story.first.files(OLD_WINDOWS) == [("loaded", None)]


def test_a_sheet_that_almost_fits_is_reported_and_not_read(story: Story) -> None:
    (told,) = [note for note in story.first.report["notes"] if "look alike" in note]
    assert WORKBOOK in told
    assert "ไม่มีวันที่ส่ง (lacks submitted_on (วันที่ส่งข้อมูล))" in told
    assert (TITLED, 2, SALES) not in story.first.amounts()


def test_thai_headers_in_cp874_with_semicolons_are_read(story: Story) -> None:
    (row,) = story.first.tables["marts.dim_cluster"]
    assert row["cluster_name_th"] == "คลัสเตอร์ตัวอย่าง C01"
    assert (row["branch"], row["status"]) == ("fashion", "active")
    assert row["registered_on"] == dt.date(2014, 10, 15)


def test_a_list_inside_a_semicolon_separated_table_stays_a_list(story: Story) -> None:
    rows = story.first.where("marts.bridge_cluster_province", cluster_code="C01")
    assert {(row["province_code"], row["weight"]) for row in rows} == {("50", 0.5), ("51", 0.5)}


def test_titles_blank_rows_totals_and_notes_of_a_workbook_are_no_rows(story: Story) -> None:
    (row,) = story.first.where("audit.load_file", path=WORKBOOK)
    assert (row["status"], row["rows_read"], row["rows_current"]) == ("loaded", 4, 4)
    assert story.first.amounts()[TITLED, 1, "jobs_created"] == 3
    assert story.first.amounts()[SECOND_SHEET, 1, "jobs_created"] == 3


def test_a_workbooks_row_is_numbered_as_a_person_sees_it(story: Story) -> None:
    (row,) = story.first.where("audit.load_file", path=WORKBOOK)
    outcomes = story.first.where("marts.fct_financial_outcome", file_id=row["file_id"])
    assert sorted(outcome["row_number"] for outcome in outcomes) == [5, 5, 7, 7]


def test_a_date_cell_that_holds_the_buddhist_year_is_of_that_year(story: Story) -> None:
    (row,) = story.first.where("audit.load_file", path=WORKBOOK)
    outcomes = story.first.where("marts.fct_financial_outcome", file_id=row["file_id"])
    assert {outcome["submitted_on"] for outcome in outcomes} == {dt.date(2015, 1, 10)}
