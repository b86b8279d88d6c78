"""A row as somebody typed it, found again in the archived bytes."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import duckdb
import openpyxl
import pytest
from good_rows import GOOD_ROWS, as_csv
from intake_home import Home
from programs import said_by

from sources.contracts import Contract, discover
from sources.originals import Place, original_rows
from sources.reading import FileRejected, delimited, near_rows, open_tables

OUTCOMES = discover()["financial_outcomes"]
CORPUS = Path(__file__).parents[1] / "sources"


def written(folder: Path, content: bytes | str) -> Path:
    path = folder / "archived"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def outcomes(count: int) -> list[dict[str, str]]:
    return [{**GOOD_ROWS["financial_outcomes"], "amount": f" {n:,} บาท"} for n in range(count)]


def test_a_row_has_the_text_that_was_typed_with_its_spaces(tmp_path: Path) -> None:
    path = written(tmp_path, as_csv(outcomes(5)))
    found = original_rows(path, OUTCOMES, [(None, 4)])
    assert list(found) == [(None, 4)]
    assert found[None, 4].cells["amount"] == " 2 บาท"
    assert found[None, 4].row_number == 4


def test_many_rows_over_many_blocks_are_each_found(tmp_path: Path) -> None:
    path = written(tmp_path, as_csv(outcomes(120_000)))
    wanted = [(None, number) for number in range(2, 120_002, 997)]
    found = original_rows(path, OUTCOMES, wanted)
    assert {number: row.cells["amount"] for (_, number), row in found.items()} == {
        number: f" {number - 2:,} บาท" for _, number in wanted
    }


def test_a_place_without_a_row_is_not_in_the_answer(tmp_path: Path) -> None:
    path = written(tmp_path, as_csv(outcomes(2)))
    assert original_rows(path, OUTCOMES, [(None, 9), ("ชีต", 2)]) == {}
    assert original_rows(path, OUTCOMES, []) == {}


def test_a_row_of_a_ragged_file_is_found_with_its_cells_too_many(tmp_path: Path) -> None:
    text = as_csv(outcomes(3)).rstrip("\n") + ",เกิน,มา\n"
    row = original_rows(written(tmp_path, text), OUTCOMES, [(None, 4)])[None, 4]
    assert row.overflow == "เกิน | มา"
    assert row.cells["submitted_on"] == "2015-02-01"


def test_unknown_columns_are_given_by_their_header(tmp_path: Path) -> None:
    rows = [{**row, "หมายเหตุ": "ฝากด้วย"} for row in outcomes(1)]
    row = original_rows(written(tmp_path, as_csv(rows)), OUTCOMES, [(None, 2)])[None, 2]
    assert row.unknown == {"หมายเหตุ": "ฝากด้วย"}


def test_a_compressed_file_is_read_through(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(as_csv(outcomes(3)).encode()))
    assert original_rows(path, OUTCOMES, [(None, 3)])[None, 3].cells["amount"] == " 1 บาท"


def test_rows_of_several_sheets_are_told_apart(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("ไตรมาส 1", "ไตรมาส 2"):
        sheet = book.create_sheet(name)
        for cells in csv.reader(io.StringIO(as_csv(outcomes(2)))):
            sheet.append([*cells[:-1], name if cells[-1] != "submitted_on" else cells[-1]])
    book.save(path := tmp_path / "archived")
    found = original_rows(path, OUTCOMES, [("ไตรมาส 1", 2), ("ไตรมาส 2", 3)])
    assert {place: row.cells["submitted_on"] for place, row in found.items()} == {
        ("ไตรมาส 1", 2): "ไตรมาส 1",
        ("ไตรมาส 2", 3): "ไตรมาส 2",
    }


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1.25", "1.25 ล้านบาท"),
        ("(๑.๒๕)", "(๑.๒๕) ล้านบาท"),
        ("1.25 บาท", "1.25 บาท"),
        ("ไม่มี", "ไม่มี"),
        ("", ""),
    ],
)
def test_a_bare_number_says_the_unit_of_its_header_when_it_stands_alone(
    tmp_path: Path, typed: str, said: str
) -> None:
    rows = [{**GOOD_ROWS["financial_outcomes"], "amount": typed}]
    text = as_csv(rows).replace("amount", "จำนวน (ล้านบาท)")
    row = original_rows(written(tmp_path, text), OUTCOMES, [(None, 2)])[None, 2]
    assert row.cells["amount"] == typed
    assert row.said("amount") == said


def test_a_file_that_does_not_open_under_the_contract_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileRejected, match="No row names"):
        original_rows(written(tmp_path, "a,b\n1,2\n"), OUTCOMES, [(None, 2)])


@pytest.mark.parametrize("contract", discover().values(), ids=lambda contract: contract.dataset)
def test_every_bad_row_of_the_corpus_is_found_as_the_intake_read_it(
    contract: Contract, home: Home
) -> None:
    samples = [
        path
        for path in sorted((CORPUS / contract.dataset).rglob("*"))
        if path.is_file() and not path.name.endswith(".expect.yaml")
    ]
    for path in samples:
        home.put(f"{contract.dataset}/{path.name}", path.read_bytes())
    _, taken = home.night()
    compared = 0
    for one in taken.values():
        file_id = one.outcome.file_id
        stored = home.store.path(contract.dataset, "quarantined", file_id, contract.version)
        if not stored.exists():
            continue
        rows = duckdb.execute(
            f"select sheet_name, row_number, original from read_parquet('{stored}')"
        ).fetchall()
        found = original_rows(
            home.archive.path(file_id), contract, [(sheet, number) for sheet, number, _ in rows]
        )
        for sheet, number, text in rows:
            kept, original = json.loads(text), found[sheet, number]
            compared += 1
            for column in contract.columns:
                was = kept[column.name] or ""
                assert was in (original.cells.get(column.name, ""), original.said(column.name))
            assert kept["overflow"] == original.overflow
    assert compared > 10


# ── Rows near the beginning, looked up in the lines ───────────────────────────────────────────

HEADER = "cluster_code,juristic_id,fiscal_year,quarter,measure,amount,evidence_ref,submitted_on"
LINE = "C01,0105558000016,2558,1,sales_increase,{},{},2015-02-01"


def table(*lines: str, end: str = "\n") -> str:
    return end.join([HEADER, *lines, ""])


TEXTS = {
    "amounts between marks": table(LINE.format('"1,200.50"', "ก"), LINE.format("5", '"a ""b"""')),
    "lines of Windows": table(*(LINE.format(n, "ก") for n in range(9)), end="\r\n"),
    "the encoding of old spreadsheets": table(LINE.format(1, "ก"), LINE.format(2, "ข")).encode(
        "cp874"
    ),
    "UTF-16": table(LINE.format(1, "ก"), LINE.format(2, "ข")).encode("utf-16"),
    "UTF-8 with its mark": b"\xef\xbb\xbf" + table(LINE.format(1, "ก")).encode(),
    "padding": table(LINE.format("1\0\0", "ก"), LINE.format("2", "ข\x1a")),
    "a title above": "รายงาน\n\n" + table(LINE.format(1, "ก"), LINE.format(2, "ข")),
    "cells too few and too many": table(
        "C01,0105558000016", LINE.format(1, "ก") + ",เกิน", "", LINE.format(2, "ข")
    ),
    "a cell of two lines": table(LINE.format(1, '"ก\nข"'), LINE.format(2, "ค")),
    "a cell of two lines below": table(LINE.format(1, "ก"), LINE.format(2, '"ข\nค"')),
    "a mark opened and never closed": table(LINE.format(1, "ก"), LINE.format(2, '"ข')),
    "marks that are letters": table(LINE.format(1, 'ก"ข'), LINE.format('"2" ', ' "ค"')),
    "no end of the last line": table(LINE.format(1, "ก"), LINE.format(2, "ข")).rstrip("\n"),
    "semicolons": table(LINE.format(1, "ก"), LINE.format(2, "ข")).replace(",", ";"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_row_near_the_beginning_is_what_the_reader_of_the_whole_file_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = written(tmp_path, TEXTS[name])
    asked: list[list[Place]] = [[(None, number)] for number in range(1, 14)]
    asked.append([(None, 2), (None, 3)])

    def found(places: list[Place]) -> object:
        try:
            return original_rows(path, OUTCOMES, places)
        except FileRejected as rejected:
            return rejected.message

    near = [found(places) for places in asked]
    monkeypatch.setattr(delimited, "NEAR", 0)
    assert near == [found(places) for places in asked]
    assert any(isinstance(rows, dict) and rows for rows in near)


def test_a_row_far_down_is_left_to_the_reader_of_the_whole_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "NEAR", 3)
    (found,) = open_tables(written(tmp_path, as_csv(outcomes(9))), OUTCOMES).tables
    assert [row["row_number"] for row in near_rows(found, [2, 3]) or ()] == [2, 3]
    assert near_rows(found, [2, 4]) is None


def test_a_row_below_a_cell_of_two_lines_is_not_looked_up_by_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, TEXTS["a cell of two lines"])
    (found,) = open_tables(path, OUTCOMES).tables
    assert near_rows(found, [3]) is None
    assert original_rows(path, OUTCOMES, [(None, 3)])[None, 3].cells["evidence_ref"] == "ค"


def test_looking_up_a_row_of_a_text_waits_for_no_arrow(tmp_path: Path) -> None:
    path = written(tmp_path, as_csv(outcomes(3)))
    program = (
        "import sys; from pathlib import Path; from sources.contracts import contract_of; "
        "import orchestration.trace; from sources.originals import Place, original_rows; "
        "found = original_rows(Path(sys.argv[1]), contract_of('financial_outcomes'), [(None, 3)]); "
        "print(len(found), {'numpy', 'pyarrow', 'pandas'} & set(sys.modules))"
    )
    assert said_by(program, path) == "1 set()\n"
