"""What every workbook for coordinators keeps to: cells nobody computes, sheet names that open."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.text import tidy
from sources.workbook import LONGEST_CELL, Book, safe_text, sheet_names

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+66 81 234 5678", "'+66 81 234 5678"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("\r\n=1", "'=1"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("-@x", "'-@x"),
        ("-500", "-500"),
        ("-1,234.50 บาท", "-1,234.50 บาท"),
        ("-๕๐๐", "-๕๐๐"),
        ("-", "-"),
        ("--", "--"),
        ("'0105558000014", "'0105558000014"),
        ("ข้อความ = ธรรมดา", "ข้อความ = ธรรมดา"),
        ("a\x00b\x07c", "abc"),
        ("สอง\r\nบรรทัด", "สอง\nบรรทัด"),
        ("a\x1fb", "a b"),
        ("", ""),
    ],
)
def test_a_text_that_a_program_could_compute_gets_an_apostrophe(text: str, safe: str) -> None:
    assert safe_text(text) == safe


@given(TEXTS)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    safe = safe_text(text)
    assert not safe.startswith(("=", "+", "@", "\t", "\r"))
    assert safe_text(safe) == safe


@given(
    st.from_regex(
        "[^\x00-\x1f\ud800-\udfff\ufffe\uffff=+@'-][^\x00-\x1f\ud800-\udfff\ufffe\uffff]{0,20}",
        fullmatch=True,
    )
)
def test_any_other_text_reads_as_it_did(text: str) -> None:
    assert tidy(safe_text(text)) == tidy(text)


def test_a_text_longer_than_a_cell_is_cut() -> None:
    assert len(safe_text("ก" * 40_000)) == LONGEST_CELL


@given(st.lists(TEXTS, max_size=8))
def test_sheet_names_are_such_as_programs_take(wanted: list[str]) -> None:
    names = sheet_names(wanted, taken=("สรุป",))
    assert len(names) == len(wanted)
    assert len({name.casefold() for name in [*names, "สรุป", "history"]}) == len(names) + 2
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_book_with_such_sheets_and_texts_opens(wanted: list[str]) -> None:
    raw = io.BytesIO()
    with Book(raw) as book:
        for name, text in zip(sheet_names(wanted), wanted, strict=True):
            book.sheet(name).write_string(0, 0, safe_text(text) or "-")
    read = openpyxl.load_workbook(raw)
    assert len(read.sheetnames) == len(wanted)
    assert all(sheet["A1"].data_type == "s" for sheet in read)


def test_a_thai_name_is_cut_before_a_letter_and_not_within_it() -> None:
    (name,) = sheet_names(["ก" * 30 + "ที่"])
    assert name == "ก" * 30


def test_equal_names_are_numbered() -> None:
    assert sheet_names(["รายงาน", "รายงาน", "รายงาน"]) == ["รายงาน", "รายงาน (2)", "รายงาน (3)"]
