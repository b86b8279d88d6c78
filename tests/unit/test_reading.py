"""A file as text: told by its content, its rows as typed, its row numbers as a person sees them."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import excel97
import openpyxl
import pyarrow as pa
import pytest
from file_writers import ods_bytes, plain_xlsx_bytes, zipped_bytes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from sources.contracts import discover
from sources.reading import (
    FileRejected,
    Reading,
    careful_batches,
    cell_text,
    detect_encoding,
    open_tables,
)
from sources.reading import packed as packing

OUTCOMES = discover()["financial_outcomes"]
HEADER = [column.name for column in OUTCOMES.columns if column.required]
THAI_HEADER = [column.label for column in OUTCOMES.columns if column.required]
ROW = ["C01", "0105558000014", "2558", "1", "ยอดขายเพิ่ม", "1,200.50", "20 ม.ค. 58"]
ROWS = [[*ROW[:3], str(quarter), *ROW[4:]] for quarter in (1, 2, 3, 4)]


@dataclass(frozen=True)
class Seen:
    """What reading saw of a file."""

    reading: Reading
    rows: list[tuple[int, dict[str, str]]]
    overflow: dict[int, str]

    @property
    def format(self) -> str:
        """What the file is."""
        return self.reading.format

    def column(self, name: str) -> list[str]:
        """A column's texts."""
        return [row[name] for _, row in self.rows]


Look = Callable[[bytes | str], Seen]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Reads a file of these bytes."""

    def seen(content: bytes | str) -> Seen:
        path = tmp_path / "0123abcd"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        reading = open_tables(path, OUTCOMES)
        rows: list[tuple[int, dict[str, str]]] = []
        overflow: dict[int, str] = {}
        for table in reading.tables:
            careful = careful_batches(table)
            try:
                batches = list(table.batches())
            except pa.ArrowInvalid:
                assert careful is not None
                batches = list(careful())
            for batch in batches:
                for record in batch.to_pylist():
                    named = {
                        name: record[f"c{position}"]
                        for name, position in table.header.positions.items()
                    }
                    rows.append((record["row_number"], named))
                    if record["overflow"] is not None:
                        overflow[record["row_number"]] = record["overflow"]
        return Seen(reading, rows, overflow)

    return seen


def text(rows: Sequence[Sequence[str]], delimiter: str = ",", ends: str = "\n") -> str:
    """Delimited text; cells with a delimiter are quoted."""
    return ends.join(
        delimiter.join(f'"{c}"' if any(m in c for m in (delimiter, "\n")) else c for c in cells)
        for cells in rows
    )


def workbook(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rejection(look: Look, content: bytes | str) -> FileRejected:
    """How a file is rejected."""
    with pytest.raises(FileRejected) as caught:
        look(content)
    return caught.value


# ── Text: encodings and delimiters ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16", "utf-16-le-bom", "utf-16-be-bom"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_text_is_read_in_every_encoding_delimiter_and_line_end(
    look: Look, encoding: str, delimiter: str, ends: str
) -> None:
    content = text([THAI_HEADER, *ROWS], delimiter, ends)
    if encoding.endswith("-bom"):
        data = ("\ufeff" + content).encode(encoding.removesuffix("-bom"))
    else:
        data = content.encode(encoding)
    seen = look(data)
    assert [number for number, _ in seen.rows] == [2, 3, 4, 5]
    assert seen.column("quarter") == ["1", "2", "3", "4"]
    assert set(seen.column("measure")) == {"ยอดขายเพิ่ม"}
    assert set(seen.column("amount")) == {"1,200.50"}


def test_the_format_is_said_in_words(look: Look) -> None:
    content = text([HEADER, *ROWS], "\t")
    assert look(content).format == "tab-separated text, utf-8"
    assert look(content.encode("cp874")).format == "tab-separated text, cp874"
    assert look(gzip.compress(content.encode())).format == "tab-separated text, utf-8, gzip"


def test_thai_windows_text_with_its_own_marks_is_cp874(tmp_path: Path) -> None:
    path = tmp_path / "file"
    # 0xA0 is a no-break space, 0x93 and 0x94 are quotation marks: TIS-620 refuses all three.
    path.write_bytes("รวม".encode("cp874") + b"\xa0\x93\x94")
    assert detect_encoding(path) == "cp874"


def test_thai_in_utf_16_without_a_mark_is_read_where_its_header_is_english(look: Look) -> None:
    assert len(look(text([HEADER, *ROWS]).encode("utf-16-le")).rows) == 4


def test_damaged_utf_8_is_not_mistaken_for_thai_windows_text(look: Look) -> None:
    data = text([THAI_HEADER, *ROWS]).encode()
    broken = data[:-20].rsplit("ม".encode(), 1)
    rejected = rejection(look, broken[0] + b"\xe0\xb8\n" + broken[1])
    assert rejected.reason == "unreadable"
    assert "UTF-8" in rejected.message
    assert "line 5" in rejected.message


@pytest.mark.parametrize("cut", [1, 3])
def test_damaged_utf_16_is_unreadable(look: Look, cut: int) -> None:
    assert rejection(look, text([HEADER, *ROWS]).encode("utf-16")[:-cut]).reason == "unreadable"


def test_bytes_that_are_no_text_in_any_encoding_are_unreadable(look: Look) -> None:
    content = (",".join(HEADER) + "\n").encode() + b"\xdb\xdc\xdd\xde\xfc\xfd" * 9
    assert rejection(look, content).reason == "unreadable"


# ── Text: rows ────────────────────────────────────────────────────────────────────────────────


def test_a_line_break_inside_quotation_marks_does_not_begin_a_row(look: Look) -> None:
    rows = [[*ROWS[0][:4], "ยอดขาย\nเพิ่ม", *ROWS[0][5:]], ROWS[1]]
    seen = look(text([HEADER, *rows]))
    assert [(number, row["measure"]) for number, row in seen.rows] == [
        (2, "ยอดขาย\nเพิ่ม"),
        (3, "ยอดขายเพิ่ม"),
    ]


def test_doubled_quotation_marks_are_one(look: Look) -> None:
    content = ",".join(HEADER) + '\nC01,0105558000014,2558,1,"ยอด""ขาย""",100,2015-01-20\n'
    assert look(content).column("measure") == ['ยอด"ขาย"']


@pytest.mark.parametrize("blank", ["", ",,,,,,"])
def test_blank_lines_count_in_the_row_numbers(look: Look, blank: str) -> None:
    content = "\n".join([text([HEADER]), text(ROWS[:1]), blank, blank, text(ROWS[1:2]), ""])
    numbers = {number: row for number, row in look(content).rows if any(row.values())}
    assert sorted(numbers) == [2, 5]
    assert numbers[5]["quarter"] == "2"


def test_title_rows_stand_above_the_header(look: Look) -> None:
    content = "ผลลัพธ์ทางการเงิน\n\nคลัสเตอร์ผ้าทอ,,ปี 2558\n" + text([THAI_HEADER, *ROWS])
    assert [number for number, _ in look(content).rows] == [5, 6, 7, 8]


def test_a_short_row_is_filled_up_and_a_long_one_says_what_is_beyond(look: Look) -> None:
    seen = look(text([HEADER, ROWS[0][:5], [*ROWS[1], "เกิน", "", "มา"], [*ROWS[2], "", ""]]))
    assert seen.rows[0][1]["amount"] == ""
    assert seen.overflow == {3: "เกิน | มา"}
    assert [number for number, _ in seen.rows] == [2, 3, 4]


def test_a_comma_at_the_end_of_every_line_is_harmless(look: Look) -> None:
    seen = look("\n".join(line + "," for line in text([HEADER, *ROWS]).split("\n")))
    assert seen.overflow == {}
    assert seen.column("quarter") == ["1", "2", "3", "4"]


def test_a_quotation_mark_that_is_never_closed_is_told(look: Look) -> None:
    content = text([HEADER, *ROWS]) + '\nC01,"0105558000014,2558,1,x,1,1\nC01,0,2558,1,x,1,1\n'
    assert rejection(look, content).reason == "unreadable"


def test_rows_between_two_stray_quotation_marks_do_not_become_part_of_a_cell(look: Look) -> None:
    header = [*HEADER, "evidence_ref"]
    lines = [",".join(header), *(",".join([*row[:5], "100", row[6], "ก"]) for row in ROWS)]
    lines[2] = lines[2].replace(",ก", ',"ก')
    lines[4] = lines[4].replace(",ก", ',"ก')
    seen = look("\n".join(lines))
    assert [number for number, _ in seen.rows] == [2, 3]
    assert "C01 | 0105558000014 | 2558 | 3" in seen.overflow[3]


def test_a_well_formed_cell_of_several_lines_may_have_delimiters(look: Look) -> None:
    seen = look(",".join(HEADER) + '\nC01,0,2558,1,"ก, ข,\nค, ง, จ, ฉ, ช",1,2015-01-20\n')
    assert (seen.column("measure"), seen.overflow) == (["ก, ข,\nค, ง, จ, ฉ, ช"], {})


@pytest.mark.parametrize("encoding", ["utf-8", "cp874", "utf-16"])
def test_what_only_pads_is_a_space_and_never_joins_two_digits(look: Look, encoding: str) -> None:
    row = [*ROWS[0][:3], "1\0\0", "ยอดขายเพิ่ม", "1\x002", "20 ม.ค. 58"]
    seen = look((text([HEADER, row]) + "\r\n\x1a").encode(encoding))
    assert seen.column("quarter")[0] == "1  "
    assert seen.column("amount")[0] == "1 2"
    assert seen.column("cluster_code")[1:] in ([], [" "])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("header", [HEADER, THAI_HEADER])
def test_utf_16_that_lost_its_mark_is_read(look: Look, encoding: str, header: list[str]) -> None:
    assert len(look(text([header, *ROWS]).encode(encoding)).rows) == 4


def test_the_line_that_names_the_separator_is_a_title(look: Look) -> None:
    seen = look("sep=;\r\n" + text([HEADER, *ROWS], ";", "\r\n"))
    assert [number for number, _ in seen.rows] == [3, 4, 5, 6]
    assert seen.format == "semicolon-separated text, utf-8"


def test_a_cell_longer_than_the_usual_limit_is_read_by_both_readers(look: Look) -> None:
    long = "x" * 200_000
    rows = [[*ROWS[0][:4], long, *ROWS[0][5:]], ROWS[1]]
    assert look(text([HEADER, *rows])).column("measure")[0] == long
    assert look("หัวเรื่อง\n" + text([HEADER, *rows])).column("measure")[0] == long


def test_an_unknown_column_is_known_as_such(look: Look) -> None:
    seen = look(text([[*HEADER, "หมายเหตุ"], *([*row, "ดี"] for row in ROWS)]))
    assert seen.reading.tables[0].header.unknown == ("หมายเหตุ",)


@given(
    rows=st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
            min_size=7,
            max_size=7,
        ),
        min_size=1,
        max_size=12,
    ),
    delimiter=st.sampled_from(",;\t|"),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_cells_read_back_as_they_were_typed(
    look: Look, rows: list[list[str]], delimiter: str
) -> None:
    import csv

    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([HEADER, *rows])
    assert [list(row.values()) for _, row in look(file.getvalue()).rows] == rows


def test_the_quick_and_the_careful_reader_see_the_same(tmp_path: Path) -> None:
    path = tmp_path / "file"
    rows = [ROWS[n % 4] for n in range(500)]
    path.write_text(text([HEADER, *rows]), encoding="utf-8")
    (table,) = open_tables(path, OUTCOMES).tables
    careful = careful_batches(table)
    assert careful is not None
    quick = pa.Table.from_batches(table.batches())
    assert quick.equals(pa.Table.from_batches(careful()))
    assert quick.column("row_number").to_pylist() == list(range(2, 502))


# ── Workbooks ─────────────────────────────────────────────────────────────────────────────────


def test_a_workbook_with_titles_and_empty_rows_keeps_its_row_numbers(look: Look) -> None:
    seen = look(workbook({"ไตรมาส": [["ผลลัพธ์"], [], THAI_HEADER, ROWS[0], [], ROWS[1]]}))
    filled = [number for number, row in seen.rows if any(row.values())]
    assert filled == [4, 6]
    assert seen.format == "workbook"


def test_every_sheet_whose_header_fits_is_read_and_others_are_named(look: Look) -> None:
    seen = look(
        workbook(
            {
                "คำอธิบาย": [["กรอกข้อมูลในแผ่นถัดไป"]],
                "Q1": [HEADER, ROWS[0]],
                "Q2": [THAI_HEADER, ROWS[1]],
                "ครึ่งเดียว": [["cluster_code", "amount"], ["C01", "1"]],
                "ว่าง": [],
            }
        )
    )
    assert [table.name for table in seen.reading.tables] == ["Q1", "Q2"]
    assert seen.reading.passed_over == ("คำอธิบาย", "ครึ่งเดียว", "ว่าง")
    assert seen.column("quarter") == ["1", "2"]


def test_a_sheet_that_almost_fits_is_told_with_what_is_wrong_with_it(look: Look) -> None:
    most = [name for name in HEADER if name != "amount"]
    twice = [*HEADER, "จำนวน"]
    seen = look(
        workbook(
            {
                "Q1": [HEADER, ROWS[0]],
                "Q2": [most, ROWS[1]],
                "Q3": [twice, [*ROWS[1], "5"]],
                "other": [["cluster_code", "juristic_id", "submitted_on"], ["C01", "1", "x"]],
            }
        )
    )
    assert seen.reading.passed_over == ("Q2", "Q3", "other")
    assert seen.reading.remarks == {
        "sheets_almost_fitting": [
            "Q2 (lacks amount (จำนวน))",
            "Q3 (names amount (จำนวน) more than once)",
        ]
    }


def test_cells_of_a_workbook_are_as_a_person_would_type_them(look: Look) -> None:
    row = ["C01", 105558000014, 2558, 1.0, "x", 1234567.89, dt.datetime(2558, 1, 20)]
    seen = look(workbook({"a": [HEADER, row]})).rows[0][1]
    assert seen == {
        "cluster_code": "C01",
        "juristic_id": "105558000014",
        "fiscal_year": "2558",
        "quarter": "1",
        "measure": "x",
        "amount": "1234567.89",
        "submitted_on": "2558-01-20",
    }


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (float("nan"), ""),
        (1200.0, "1200"),
        (0.1, "0.1"),
        (1e15, "1000000000000000"),
        (1e-7, "0.0000001"),
        (123456789012.5, "123456789012.5"),
        (True, "TRUE"),
        (dt.datetime(2015, 1, 20), "2015-01-20"),
        (dt.datetime(2015, 1, 20, 9, 30), "2015-01-20 09:30:00"),
        (dt.date(2015, 1, 20), "2015-01-20"),
        (dt.time(9, 30), "09:30:00"),
        ("  ก ", "  ก "),
        (13, "13"),
    ],
)
def test_a_cell_says_its_value_in_full(value: Any, said: str) -> None:
    assert cell_text(value) == said


def test_a_workbook_without_a_row_is_empty(look: Look) -> None:
    assert rejection(look, workbook({"a": [], "b": []})).reason == "empty"


def test_a_workbook_without_the_columns_says_which_are_missing(look: Look) -> None:
    rejected = rejection(look, workbook({"a": [HEADER[:-1], ROWS[0]]}))
    assert rejected.reason == "missing_column"
    assert "submitted_on" in rejected.message
    assert "วันที่ส่งข้อมูล" in rejected.message


def test_texts_that_a_header_does_not_explain_are_said_but_not_those_of_a_title(look: Look) -> None:
    names = [*HEADER[:-1], "วันส่งจริง"]
    assert "Not understood there: วันส่งจริง." in rejection(look, text([names, ROW])).message
    title = ["cluster", "C01", "ผู้ประสานงาน", "สมหญิง ใจดี", "0812345678"]
    rejected = rejection(look, text([title, ["a", "b", "c", "d", "e"]]))
    assert rejected.reason == "missing_column"
    assert "สมหญิง" not in rejected.message


def test_a_stray_cell_in_the_last_corner_of_a_sheet_does_not_fill_the_memory(look: Look) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEADER, *ROWS):
        sheet.append(row)
    sheet.cell(1_048_576, 16_384).value = "x"
    file = io.BytesIO()
    book.save(file)
    rejected = rejection(look, file.getvalue())
    assert rejected.reason == "unreadable"
    assert "XFD1048576" in rejected.message


def sheet_xml(*rows: str, first: int = 1) -> bytes:
    """A workbook whose first row is the header and whose other rows are given as XML."""
    cells = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEADER)
    return plain_xlsx_bytes(f'<row r="{first}">{cells}</row>{"".join(rows)}')


def test_a_formula_says_its_result_also_where_that_is_the_empty_text(look: Look) -> None:
    seen = look(
        sheet_xml(
            '<row r="2"><c r="A2" t="str"><f>"C"&amp;"01"</f><v>C01</v></c>'
            '<c r="E2" t="str"><f>IF(TRUE,"")</f><v></v></c><c r="F2"><f>2*3</f><v>6</v></c></row>'
        )
    )
    assert [seen.column(name) for name in ("cluster_code", "measure", "amount")] == (
        [["C01"], [""], ["6"]]
    )
    assert seen.reading.remarks == {}


@pytest.mark.parametrize("empty", ["", "<v/>", "<v></v>", "<v> </v>"])
def test_a_formula_that_was_never_calculated_says_itself(look: Look, empty: str) -> None:
    seen = look(
        sheet_xml(f'<row r="2"><c r="A2"><v>1</v></c><c r="F2"><f>A2*2</f>{empty}</c></row>')
    )
    assert seen.column("amount") == ["=A2*2"]
    assert seen.reading.remarks == {"formulas_never_calculated": 1}
    assert "first F2 of sheet 'Sheet1'" in seen.reading.advice
    assert "open the workbook in Excel" in seen.reading.advice


def test_an_error_cell_says_its_error_however_its_xml_is_written(look: Look) -> None:
    seen = look(
        sheet_xml(
            '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="F2" t="e"><f>1/0</f>'
            "<v>#DIV/0!</v></c></row>",
            "<row><c/><c/><c t='e'><v>#REF!</v></c></row>",
        )
    )
    assert seen.column("cluster_code") == ["#N/A", ""]
    assert seen.column("amount") == ["#DIV/0!", ""]
    assert seen.column("fiscal_year") == ["", "#REF!"]
    assert seen.reading.remarks == {"cells_in_error": 3}


def test_a_cell_cut_in_two_by_a_block_is_still_found(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sources.reading import packages

    monkeypatch.setattr(packages, "BLOCK_BYTES", 50)
    monkeypatch.setattr(packages, "CELL_BYTES", 100)
    rows = [f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 30)]
    seen = look(sheet_xml(*rows, '<row r="30"><c r="A30" t="e"><v>#NAME?</v></c></row>'))
    assert seen.column("cluster_code")[-1] == "#NAME?"


def test_an_error_where_any_text_is_taken_stands_beyond_the_columns(tmp_path: Path) -> None:
    members = discover()["member_registrations"]
    names = [column.name for column in members.required]
    path = tmp_path / "file"
    path.write_bytes(
        excel97.workbook({"a": [names, ["C01", "1", excel97.Error("#VALUE!"), "x", "y", "z"]]})
    )
    (table,) = open_tables(path, members).tables
    (batch,) = table.batches()
    assert batch.column("overflow").to_pylist() == ["#VALUE!"]


@pytest.mark.parametrize("write", ["xlsx", "xls"])
def test_a_value_merged_down_stands_in_every_row_that_says_something(
    look: Look, write: str
) -> None:
    rows = [["หัวเรื่อง"], HEADER, ROWS[0], [None, *ROWS[1][1:]], [], [None, *ROWS[2][1:]], ["C02"]]
    rows[6] = ["C02", *ROWS[3][1:]]
    if write == "xls":
        content = excel97.workbook({"a": rows}, merged=[(2, 0, 5, 0), (0, 0, 0, 5)])
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.active.merge_cells("A3:A6")
        book.active.merge_cells("A1:F1")
        file = io.BytesIO()
        book.save(file)
        content = file.getvalue()
    assert [(n, row["cluster_code"]) for n, row in look(content).rows] == [
        (3, "C01"),
        (4, "C01"),
        (5, ""),
        (6, "C01"),
        (7, "C02"),
    ]


def test_cells_merged_side_by_side_stand_in_the_first_only(look: Look) -> None:
    book = openpyxl.Workbook()
    for row in (HEADER, ROWS[0]):
        book.active.append(row)
    book.active.merge_cells("D2:F2")
    file = io.BytesIO()
    book.save(file)
    seen = look(file.getvalue())
    assert [seen.column(name) for name in ("quarter", "measure", "amount")] == [["1"], [""], [""]]


def test_hidden_sheets_are_read_and_named(look: Look) -> None:
    content = excel97.workbook({"a": [HEADER, ROWS[0]], "b": [HEADER, ROWS[1]]}, hidden=["b"])
    seen = look(content)
    assert seen.column("quarter") == ["1", "2"]
    assert seen.reading.remarks == {"hidden_sheets_read": ["b"]}


def test_an_xls_whose_allocation_is_chained_over_many_sectors_is_searched_for_errors(
    tmp_path: Path,
) -> None:
    from sources.reading import excel97 as reader

    rows = [["ก" * 100, n] for n in range(5000)]
    path = tmp_path / "file"
    path.write_bytes(excel97.workbook({"a": [*rows, [excel97.Error("#NULL!")]]}))
    (sheet,) = reader.sheets_of(path)
    assert sheet.texts == {(5000, 0): "#NULL!"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (excel97.compound({"EncryptedPackage": b"x" * 5000}), "password"),
        (
            zipped_bytes(
                {
                    "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                    "content.xml": "encrypted",
                    "META-INF/manifest.xml": "<m><manifest:encryption-data/></m>",
                }
            ),
            "password",
        ),
        (zipped_bytes({"a.csv": ",".join(HEADER)}), "ZIP archive"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"<!DOCTYPE html><table>", "web page"),
        (b'<?xml version="1.0"?><Workbook/>', "web page"),
        (b"MIME-Version: 1.0\n", "web page"),
        (gzip.compress(gzip.compress(b"a,b", mtime=0), mtime=0), "twice"),
    ],
)
def test_what_is_sent_by_mistake_is_named(look: Look, content: bytes, says: str) -> None:
    rejected = rejection(look, content)
    assert rejected.reason == "unreadable"
    assert says in rejected.message


# ── Files that unpack to more than they may ───────────────────────────────────────────────────


def test_how_much_a_packed_file_may_hold() -> None:
    mebi, gibi = 1024 * 1024, 1024**3
    assert packing.allowed_bytes(1) == 256 * mebi
    assert packing.allowed_bytes(10 * mebi) == 2000 * mebi
    assert packing.allowed_bytes(100 * gibi) == 8 * gibi


def test_gzip_that_unpacks_beyond_measure_is_refused_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "ALWAYS_ALLOWED_BYTES", 1_000_000)
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(b"a,b\n" * 1_000_000))
    with pytest.raises(FileRejected) as caught:
        open_tables(path, OUTCOMES)
    assert "unpacks to more than" in caught.value.message
    del caught
    assert list(tmp_path.iterdir()) == [path]


def test_a_workbook_that_unpacks_beyond_measure_is_refused(look: Look) -> None:
    bomb = zipped_bytes({"xl/workbook.xml": "<x/>", "xl/worksheets/a.xml": " " * 300_000_000})
    assert len(bomb) < 1_000_000
    rejected = rejection(look, bomb)
    assert rejected.reason == "unreadable"
    assert "unpacks to more than" in rejected.message


def test_an_ods_that_repeats_a_cell_without_end_is_refused(look: Look) -> None:
    rows = ods_bytes({"a": [HEADER, ROWS[0]]})
    with zipfile.ZipFile(io.BytesIO(rows)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    parts["content.xml"] = parts["content.xml"].replace(
        "<table:table-cell office",
        '<table:table-cell table:number-columns-repeated="2000000000" office',
    )
    assert rejection(look, zipped_bytes(parts)).reason in {"unreadable", "missing_column"}


# ── Typed files ───────────────────────────────────────────────────────────────────────────────


def as_parquet(columns: dict[str, Any]) -> bytes:
    """A Parquet file with these columns."""
    file = io.BytesIO()
    parquet.write_table(pa.table(columns), file)
    return file.getvalue()


def test_typed_columns_of_a_parquet_file_are_text_as_a_person_would_type_it(look: Look) -> None:
    seen = look(
        as_parquet(
            {
                "cluster_code": pa.array(["C01"]).dictionary_encode(),
                "juristic_id": pa.array([105558000014], pa.int64()),
                "fiscal_year": pa.array([2558], pa.int16()),
                "quarter": pa.array([1.0]),
                "measure": pa.array(["ยอดขายเพิ่ม".encode()], pa.binary()),
                "amount": pa.array([Decimal("1200.50")], pa.decimal128(18, 2)),
                "submitted_on": pa.array([dt.date(2015, 1, 20)], pa.date32()),
            }
        )
    )
    assert seen.rows == [
        (
            1,
            {
                "cluster_code": "C01",
                "juristic_id": "105558000014",
                "fiscal_year": "2558",
                "quarter": "1",
                "measure": "ยอดขายเพิ่ม",
                "amount": "1200.50",
                "submitted_on": "2015-01-20",
            },
        )
    ]


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (pa.array([0.1 + 0.2]), "0.30000000000000004"),
        (pa.array([None], pa.float64()), ""),
        (pa.array([None], pa.null()), ""),
        (pa.array(["x"], pa.large_string()), "x"),
        (pa.array([["a", "b"]]), "a;b"),
        (pa.array([dt.datetime(2015, 1, 20)], pa.timestamp("ns")), "2015-01-20"),
        (pa.array([dt.datetime(2015, 1, 20, 9, 30)], pa.timestamp("us")), "2015-01-20 09:30:00"),
        (pa.array([dt.datetime(2015, 1, 19, 17)], pa.timestamp("ms", "UTC")), "2015-01-20"),
        (
            pa.array([dt.datetime(2015, 1, 20)], pa.timestamp("s", "Asia/Tokyo")),
            "2015-01-20 07:00:00",
        ),
        (pa.array([2**55], pa.timestamp("ms")), "<value out of range: 36028797018963968>"),
        (pa.array([Decimal("0.0000001")], pa.decimal128(20, 7)), "0.0000001"),
        (pa.array([Decimal("1200.50")], pa.decimal256(60, 2)), "1200.50"),
        (pa.array(["x", None, "x"]).dictionary_encode()[:1], "x"),
        (pa.array([1.5]).dictionary_encode(), "1.5"),
        (pa.array([True]), "TRUE"),
        (pa.array(["x"], pa.string_view()), "x"),
        (pa.array([0.5], pa.float16()), "0.5"),
        (pa.array([dt.time(9, 30)], pa.time64("us")), "09:30:00"),
        (pa.array([{"by": "ก"}]), '{"by": "ก"}'),
        (pa.array([[["a"], ["b"]]]), "a;b"),
    ],
)
def test_any_type_of_a_parquet_column_is_text(look: Look, array: Any, said: str) -> None:
    columns = {name: pa.array(["x"]) for name in HEADER} | {"amount": array}
    assert look(as_parquet(columns)).column("amount") == [said]


def test_a_parquet_file_without_rows_is_empty(look: Look) -> None:
    assert rejection(look, as_parquet({n: pa.array([], pa.string()) for n in HEADER})).reason == (
        "empty"
    )


def test_json_lines_are_read_with_the_number_of_their_line(look: Look) -> None:
    lines = [json.dumps(dict(zip(THAI_HEADER, row, strict=True))) for row in ROWS]
    seen = look("\n".join([lines[0], "", *lines[1:]]))
    assert [number for number, _ in seen.rows] == [1, 3, 4, 5]
    assert seen.format == "JSON lines, utf-8"


def test_figures_in_json_are_exact_and_nothing_is_nothing(look: Look) -> None:
    good = dict(zip(HEADER, ROW, strict=True))
    lines = [
        json.dumps({**good, "amount": None}),
        json.dumps(good).replace('"1,200.50"', "12345678901234.56"),
        json.dumps(good).replace('"1,200.50"', "1e3"),
        json.dumps({name: value for name, value in good.items() if name != "amount"}),
        json.dumps(good).replace('"1,200.50"', "1e999999999"),
    ]
    assert look("\n".join(lines)).column("amount") == [
        "",
        "12345678901234.56",
        "1000",
        "",
        "1E+999999999",
    ]


def test_an_array_of_objects_is_read_with_the_number_of_the_object(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sources.reading import records

    monkeypatch.setattr(records, "BLOCK_BYTES", 64)
    objects = [dict(zip(THAI_HEADER, row, strict=True)) for row in ROWS]
    for content in (
        json.dumps(objects, ensure_ascii=False),
        " \ufeff" + json.dumps(objects, indent=2) + "\n\n",
        json.dumps(objects).replace("}, {", "}\n,\n{"),
    ):
        seen = look(content.lstrip(" "))
        assert [number for number, _ in seen.rows] == [1, 2, 3, 4]
        assert seen.column("quarter") == ["1", "2", "3", "4"]
        assert seen.format.startswith("JSON array, utf-8")


@pytest.mark.parametrize(
    ("bend", "says"),
    [
        (lambda text: text[:-1], "cannot be read"),
        (lambda text: text[:-30], "Object 4"),
        (lambda text: text + "x", "behind the end"),
        (lambda text: text.replace("}, {", "} {", 1), "No comma"),
        (lambda text: text.replace("}, {", "}, 5, {", 1), "Element 2"),
        (lambda text: text.replace('"C01"', '{"a": ' * 100_000, 1), "nested too deep"),
        (lambda text: text.replace('"C01"', '"C01", "quarter": 9', 1), "the same name twice"),
    ],
)
def test_an_array_that_is_none_says_where(
    look: Look, bend: Callable[[str], str], says: str
) -> None:
    rejected = rejection(
        look, bend(json.dumps([dict(zip(HEADER, row, strict=True)) for row in ROWS]))
    )
    assert rejected.reason == "unreadable"
    assert says in rejected.message


def test_objects_may_name_a_column_differently_but_none_of_them_twice(look: Look) -> None:
    one = dict(zip(HEADER, ROWS[0], strict=True))
    other = {("จำนวน" if name == "amount" else name): text for name, text in one.items()}
    seen = look("\n".join(json.dumps(each) for each in (one, {**other, "amount": None})))
    assert seen.column("amount") == ["1,200.50", "1,200.50"]
    rejected = rejection(look, json.dumps({**one, "จำนวน": "1"}))
    assert "says one thing twice" in rejected.message


@pytest.mark.parametrize(
    "line",
    ['{"amount": ', "[1, 2]", '{"a": 1} {"b": 2}', '{"a": ' * 100_000, f'{{"a": {"9" * 5000}}}'],
)
def test_a_line_that_is_no_json_object_is_named(look: Look, line: str) -> None:
    good = json.dumps(dict(zip(HEADER, ROW, strict=True)))
    rejected = rejection(look, f"{good}\n{line}\n")
    assert rejected.reason == "unreadable"
    assert "Line 2" in rejected.message


def test_half_a_character_in_json_does_not_stop_the_reading(look: Look) -> None:
    line = json.dumps(dict(zip(HEADER, ROW, strict=True)) | {"\ud800": "\ud83d"})
    seen = look(line.replace('"C01"', '"\\ud800"'))
    assert seen.column("cluster_code") == ["\ufffd"]


# ── Compressed ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "content",
    [
        text([THAI_HEADER, *ROWS]).encode(),
        text([THAI_HEADER, *ROWS]).encode("cp874"),
        workbook({"a": [THAI_HEADER, *ROWS]}),
        as_parquet({name: [row[n] for row in ROWS] for n, name in enumerate(HEADER)}),
        "\n".join(json.dumps(dict(zip(HEADER, row, strict=True))) for row in ROWS).encode(),
    ],
    ids=["utf-8", "cp874", "workbook", "parquet", "json"],
)
def test_whatever_is_compressed_is_read_as_if_it_were_not(look: Look, content: bytes) -> None:
    plain, packed = look(content), look(gzip.compress(content))
    assert packed.rows == plain.rows
    assert packed.format == f"{plain.format}, gzip"


def test_nothing_unpacked_stays_behind(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(text([HEADER, *ROWS]).encode()))
    for table in open_tables(path, OUTCOMES).tables:
        assert sum(batch.num_rows for batch in table.batches()) == 4
        (unpacked,) = set(tmp_path.iterdir()) - {path}
        assert unpacked.stat().st_mode & 0o077 == 0
    del table
    assert list(tmp_path.iterdir()) == [path]


# ── What is no table ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b",,,\n,,,\n", "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "unreadable"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "unreadable"),
        (b"PK\x03\x04 and then nothing of a workbook", "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and then nothing", "unreadable"),
        (b"PAR1 and then nothing PAR1", "unreadable"),
        (b"\x1f\x8b\x08 and then nothing", "unreadable"),
        (bytes(range(256)) * 40, "unreadable"),
        (b"a,b\n1,2\n", "missing_column"),
        ("สวัสดี".encode(), "missing_column"),
        (b"<html><body><table><tr><td>C01</td></tr></table></body></html>", "unreadable"),
        (b'{"amount": 1}', "missing_column"),
        (b"cluster_code,amount\nC01,5\n", "missing_column"),
        (text([[*HEADER, "จำนวนเงิน"], [*ROW, "1"]]).encode(), "unreadable"),
    ],
)
def test_what_is_no_submission_is_rejected_with_its_reason(
    look: Look, content: bytes, reason: str
) -> None:
    rejected = rejection(look, content)
    assert rejected.reason == reason
    assert rejected.message.endswith(".")


def _good_files() -> dict[str, bytes]:
    content = text([HEADER, *ROWS])
    return {
        "csv": content.encode(),
        "utf-16": content.encode("utf-16"),
        "gzip": gzip.compress(content.encode()),
        "workbook": workbook({"a": [HEADER, *ROWS]}),
        "parquet": as_parquet({name: [row[n] for row in ROWS] for n, name in enumerate(HEADER)}),
        "json": "\n".join(json.dumps(dict(zip(HEADER, row, strict=True))) for row in ROWS).encode(),
        "xls": (
            Path(__file__).parents[1] / "sources/financial_outcomes/workbooks/workbook_xls.xls"
        ).read_bytes(),
    }


@pytest.mark.parametrize("kind", sorted(_good_files()))
def test_a_damaged_file_is_read_or_rejected_but_never_breaks_the_night(
    look: Look, kind: str
) -> None:
    content = _good_files()[kind]
    look(content)
    choose = random.Random(2558)
    read = rejected = 0
    for _ in range(12 if kind == "xls" else 80):
        damaged = bytearray(content)
        if choose.random() < 0.4:
            damaged = damaged[: choose.randrange(len(damaged))]
        else:
            for _ in range(choose.choice((1, 3, 20))):
                damaged[choose.randrange(len(damaged))] = choose.randrange(256)
        try:
            look(bytes(damaged))
            read += 1
        except FileRejected as error:
            assert error.reason in {"unreadable", "missing_column", "empty"}
            rejected += 1
    assert rejected
