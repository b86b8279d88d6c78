"""The exports of tiny warehouses: hostile texts, exact numbers, the same bytes again."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from orchestration.exports import write_exports
from orchestration.exports.cells import original, shown_sql
from orchestration.exports.tables import ROW_GROUP_ROWS, published_tables
from orchestration.exports.workbook import write_workbook

HOSTILE = [
    "=1+1", "+66 81 234 5678", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1",
    "\u200b=1", "\x01=1", "\x00=1", "'=1", "''=1", "' =1", "＝1", "-๕๐๐", '=HYPERLINK("x")',  # noqa: RUF001
]  # fmt: skip
HARMLESS = [
    "ชื่อไทย ก็ได้", 'เขาว่า "ใช่"', "สอง\nบรรทัด", "สอง\r\nบรรทัด", "a,b;c", "</x><script>", "'ชื่อ",
    "''", "", " ", "0105558000014", "_x003D_1", "1=1", "a\x0bb", "null", "NaN", "#REF!",
]  # fmt: skip
COLUMNS = """
    note varchar, amount decimal(18, 2), total_baht decimal(38, 2), share_ratio double,
    seen_on date, seen_at timestamp, rows_read bigint, fiscal_year_be integer, is_due boolean
"""
EDGES: list[tuple[Any, ...]] = [
    (
        "ปกติ", Decimal("-0.01"), Decimal("9999999999999.99"), 0.1, dt.date(2015, 1, 20),
        dt.datetime(2015, 1, 19, 17, 30, 0, 123456), -5, 2558, True,
    ),
    (
        "ใหญ่", Decimal("9999999999999999.99"), Decimal("-123456789012345678901234567890.12"),
        -1e300, dt.date(2600, 12, 31), dt.datetime(2557, 1, 1), 2**62, 2600, False,
    ),
    ("ว่าง", None, None, None, None, None, None, None, None),
    (
        None, Decimal("0.00"), Decimal(0), 0.0, dt.date(1970, 1, 1), dt.datetime(1970, 1, 1), 0,
        0, True,
    ),
]  # fmt: skip
RUN = (
    "create table audit.published_run as select 'r-1' as run_id, "
    "timestamp '2026-11-21 18:40:00' as published_at, 'abc' as git_sha, 3 as files_loaded, "
    "12345 as rows_loaded"
)


@pytest.fixture
def warehouse(tmp_path: Path) -> Callable[..., Path]:
    """Makes a warehouse of one report, `reports.rpt_made_up`, with these rows."""

    def make(rows: list[tuple[Any, ...]], columns: str = COLUMNS) -> Path:
        path = tmp_path / "warehouse.duckdb"
        with duckdb.connect(str(path)) as db:
            db.execute("create schema reports; create schema audit")
            db.execute(RUN)
            db.execute(f"create table reports.rpt_made_up ({columns})")
            if rows:
                places = ", ".join("?" * len(rows[0]))
                db.executemany(f"insert into reports.rpt_made_up values ({places})", rows)
        return path

    return make


def texts(values: list[str]) -> list[tuple[Any, ...]]:
    return [(value,) for value in values]


def cells_of(path: Path, sheet: str = "rpt_made_up") -> list[list[Any]]:
    """The cells of a sheet below its header."""
    book = openpyxl.load_workbook(path)
    return [list(row) for row in book[sheet].iter_rows(min_row=2)]


# ── Text ──────────────────────────────────────────────────────────────────────────────────────


def shown(values: list[str]) -> list[str]:
    with duckdb.connect() as db:
        answer = db.execute(f"select {shown_sql('t')} from unnest(?) as u (t)", [values])
        return [cell for (cell,) in answer.fetchall()]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_a_program_would_compute_gets_one_apostrophe(text: str) -> None:
    assert shown([text]) == [f"'{text}"]


@pytest.mark.parametrize("text", HARMLESS)
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert shown([text]) == [text]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("='+-@ \t\r\n\x00\x01\u200b\ufeff\uffff＝aก1")) | st.text(),  # noqa: RUF001
        min_size=20,
        max_size=60,
    )
)
def test_taking_an_apostrophe_away_gives_every_text_back(values: list[str]) -> None:
    cells = shown(values)
    assert [original(cell) for cell in cells] == values
    for cell in cells:
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_no_cell_of_a_csv_file_begins_like_a_formula_and_all_texts_are_there(
    warehouse: Callable[..., Path], tmp_path: Path
) -> None:
    wanted = HOSTILE + HARMLESS
    write_exports(warehouse(texts(wanted), "note varchar"), tmp_path / "out")
    with (tmp_path / "out/csv/reports.rpt_made_up.csv").open(encoding="utf-8-sig", newline="") as f:
        (head, *rows) = csv.reader(f)
    assert head == ["note"]
    assert [original(cell) for (cell,) in rows] == wanted
    assert [cell for (cell,) in rows if cell[:1] in set("=+-@\t\r")] == []


def test_a_workbook_has_no_formula_and_its_texts_but_for_what_no_workbook_holds(
    warehouse: Callable[..., Path], tmp_path: Path
) -> None:
    write_exports(warehouse(texts(HOSTILE + HARMLESS), "note varchar"), tmp_path / "out")
    cells = [row[0] for row in cells_of(tmp_path / "out/reports.xlsx")]
    assert len(cells) == len(HOSTILE) + len(HARMLESS)
    for cell, text in zip(cells, HOSTILE + HARMLESS, strict=True):
        assert cell.data_type in ("s", "n")  # openpyxl takes an empty cell for a number
        said = unescape(cell.value or "")  # as Excel reads it
        assert not said.lstrip().startswith(("=", "+", "-", "@"))
        kept = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", " ")
        assert original(said) == kept.translate({0: None, 1: None})


def test_a_text_longer_than_a_cell_is_cut_in_the_workbook_alone(
    warehouse: Callable[..., Path], tmp_path: Path
) -> None:
    write_exports(warehouse([("ก" * 40_000,)], "note varchar"), tmp_path / "out")
    assert len(cells_of(tmp_path / "out/reports.xlsx")[0][0].value) == 32_767
    assert (tmp_path / "out/csv/reports.rpt_made_up.csv").read_text("utf-8-sig").count(
        "ก"
    ) == 40_000


# ── Numbers, days, instants ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_every_value_comes_back_as_it_was(
    warehouse: Callable[..., Path], tmp_path: Path, kind: str
) -> None:
    write_exports(warehouse(EDGES), tmp_path / "out")
    file = tmp_path / "out" / kind / f"reports.rpt_made_up.{kind}"
    with duckdb.connect() as db:
        if kind == "parquet":
            found = db.execute(f"from '{file}'").fetchall()
        else:
            found = db.execute(
                f"from read_csv('{file}', columns = {_types()!r}, header = true, "
                "allow_quoted_nulls = false)"
            ).fetchall()
    assert found == EDGES


def _types() -> dict[str, str]:
    with duckdb.connect() as db:
        db.execute(f"create table t ({COLUMNS})")
        return {name: kind for name, kind, *_ in db.execute("describe t").fetchall()}


def test_parquet_keeps_decimals_decimals(warehouse: Callable[..., Path], tmp_path: Path) -> None:
    write_exports(warehouse(EDGES), tmp_path / "out")
    schema = pq.read_schema(tmp_path / "out/parquet/reports.rpt_made_up.parquet")
    assert str(schema.field("amount").type) == "decimal128(18, 2)"
    assert str(schema.field("total_baht").type) == "decimal128(38, 2)"
    assert str(schema.field("seen_on").type) == "date32[day]"


def test_nothing_and_an_empty_text_are_told_apart_in_csv(
    warehouse: Callable[..., Path], tmp_path: Path
) -> None:
    write_exports(warehouse([(None, 1), ("", 2)], "note varchar, n integer"), tmp_path / "out")
    raw = (tmp_path / "out/csv/reports.rpt_made_up.csv").read_bytes()
    assert raw == b'\xef\xbb\xbfnote,n\r\n,1\r\n"",2\r\n'


def test_a_workbooks_cells_are_of_their_kind_with_a_format(
    warehouse: Callable[..., Path], tmp_path: Path
) -> None:
    write_exports(warehouse(EDGES[:1]), tmp_path / "out")
    (cells,) = cells_of(tmp_path / "out/reports.xlsx")
    assert [(cell.value, cell.number_format) for cell in cells] == [
        ("ปกติ", "@"),
        (-0.01, "#,##0.00"),
        (9999999999999.99, "#,##0.00"),
        (0.1, "0.0%"),
        (dt.datetime(2015, 1, 20), "yyyy-mm-dd"),
        (dt.datetime(2015, 1, 19, 17, 30, 0, 123000), "yyyy-mm-dd hh:mm:ss"),
        (-5, "#,##0"),
        (2558, "0"),
        (True, "General"),
    ]


def test_a_number_that_a_spreadsheet_cannot_keep_is_written_as_text(
    warehouse: Callable[..., Path], tmp_path: Path
) -> None:
    write_exports(warehouse(EDGES[1:2]), tmp_path / "out")
    (cells,) = cells_of(tmp_path / "out/reports.xlsx")
    assert cells[1].value == "9999999999999999.99"
    assert cells[2].value == "-123456789012345678901234567890.12"
    assert cells[6].value == str(2**62)


# ── The workbook as a whole ───────────────────────────────────────────────────────────────────


def test_a_sheet_that_is_cut_says_so_and_where_the_rest_is(
    warehouse: Callable[..., Path], tmp_path: Path
) -> None:
    path = warehouse([(number,) for number in range(30)], "n integer")
    with duckdb.connect(str(path), read_only=True) as db:
        write_workbook(db, published_tables(db), tmp_path / "cut.xlsx", most_rows=20)
    assert [row[0].value for row in cells_of(tmp_path / "cut.xlsx")] == list(range(20))
    notes = openpyxl.load_workbook(tmp_path / "cut.xlsx")["notes"]
    (line,) = [row for row in notes.iter_rows(values_only=True) if row[0] == "rpt_made_up"]
    assert line[3] == 30
    assert "The first 20 of 30 rows; all are in csv/reports.rpt_made_up.csv." in line[4]


def test_the_notes_come_first_and_say_of_which_night_the_workbook_is(
    warehouse: Callable[..., Path], tmp_path: Path
) -> None:
    write_exports(warehouse([]), tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out/reports.xlsx")
    assert book.sheetnames == ["notes", "rpt_made_up"]
    said = [cell for row in book["notes"].iter_rows(values_only=True) for cell in row if cell]
    for told in ("2026-11-22 01:40 Asia/Bangkok", "2026-11-21 18:40:00 UTC", "r-1", "12,345"):
        assert told in said
    assert book.properties.created == dt.datetime(2026, 11, 21, 18, 40)


def test_what_the_database_says_of_a_table_stands_in_notes_index_and_parquet(
    warehouse: Callable[..., Path], tmp_path: Path
) -> None:
    path = warehouse([("x",)], "note varchar")
    with duckdb.connect(str(path)) as db:
        db.execute("comment on table reports.rpt_made_up is 'One row per \"thing''s\" note.'")
        db.execute("comment on column reports.rpt_made_up.note is 'หมายเหตุ'")
    write_exports(path, tmp_path / "out")
    wanted = 'One row per "thing\'s" note.'
    notes = openpyxl.load_workbook(tmp_path / "out/reports.xlsx")["notes"]
    assert wanted in [row[2] for row in notes.iter_rows(values_only=True)]
    index = json.loads((tmp_path / "out/index.json").read_text("utf-8"))
    (told,) = [one for one in index["tables"] if one["table"] == "reports.rpt_made_up"]
    assert told["description"] == wanted
    assert told["columns"] == [{"name": "note", "type": "VARCHAR", "description": "หมายเหตุ"}]
    metadata = pq.read_metadata(tmp_path / "out/parquet/reports.rpt_made_up.parquet").metadata
    assert metadata[b"description"].decode() == wanted
    assert json.loads(metadata[b"columns"]) == {"note": "หมายเหตุ"}


# ── The folder ────────────────────────────────────────────────────────────────────────────────


def test_the_same_warehouse_gives_the_same_bytes(
    warehouse: Callable[..., Path], tmp_path: Path
) -> None:
    path = warehouse(EDGES)
    written = []
    for name in ("once", "again"):
        write_exports(path, tmp_path / name)
        files = sorted(file for file in (tmp_path / name).rglob("*") if file.is_file())
        written.append({file.relative_to(tmp_path / name): file.read_bytes() for file in files})
    assert written[0] == written[1]
    assert len(written[0]) == 7  # two tables twice, workbook, index, README


def test_the_index_knows_every_file_by_its_bytes(
    warehouse: Callable[..., Path], tmp_path: Path
) -> None:
    write_exports(warehouse(EDGES), tmp_path / "out")
    index = json.loads((tmp_path / "out/index.json").read_text("utf-8"))
    assert (index["run_id"], index["published_at"]) == ("r-1", "2026-11-21T18:40:00Z")
    listed = [file for one in index["tables"] for file in one["files"]] + [index["workbook"]]
    for file in listed:
        raw = (tmp_path / "out" / file["path"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(raw), hashlib.sha256(raw).hexdigest())
    there = {f.relative_to(tmp_path / "out").as_posix() for f in (tmp_path / "out").rglob("*.*")}
    assert {file["path"] for file in listed} | {"index.json", "README.txt"} == there
    assert {one["table"]: one["rows"] for one in index["tables"]} == {
        "audit.published_run": 1,
        "reports.rpt_made_up": 4,
    }


def test_rows_go_through_in_groups_and_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    rows = 2 * ROW_GROUP_ROWS + 1
    with duckdb.connect(str(path)) as db:
        db.execute("create schema marts; create schema audit")
        db.execute(RUN)
        db.execute(
            f"create table marts.fct_long as select i * 7 % {rows} as n from range({rows}) r(i)"
        )
    write_exports(path, tmp_path / "out")
    parquet = pq.ParquetFile(tmp_path / "out/parquet/marts.fct_long.parquet")
    assert parquet.metadata.num_row_groups == 3
    assert parquet.metadata.row_group(0).column(0).compression == "ZSTD"
    found = parquet.read().column("n").to_pylist()
    assert found == [i * 7 % rows for i in range(rows)]


# ── Night after night ─────────────────────────────────────────────────────────────────────────

REPORT_FILES = ("parquet/reports.rpt_made_up.parquet", "csv/reports.rpt_made_up.csv")
NOTES = [("one",), ("two",), ("three",)]


def is_taken_over(before: Path, now: Path, name: str) -> bool:
    """Whether two nights share a file."""
    return (before / name).samefile(now / name)


def exported_anew(path: Path, folder: Path) -> dict[str, bytes]:
    """The files of an export that knows of no other."""
    write_exports(path, folder)
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_a_table_that_is_as_it_was_keeps_its_files(
    warehouse: Callable[..., Path], tmp_path: Path
) -> None:
    path = warehouse(EDGES)
    write_exports(path, tmp_path / "first")
    with duckdb.connect(str(path)) as db:
        db.execute("update audit.published_run set run_id = 'r-2'")
    write_exports(path, tmp_path / "second", before=tmp_path / "first")
    for name in REPORT_FILES:
        assert is_taken_over(tmp_path / "first", tmp_path / "second", name)
    assert not is_taken_over(tmp_path / "first", tmp_path / "second", "csv/audit.published_run.csv")
    assert "r-2" in (tmp_path / "second/csv/audit.published_run.csv").read_text("utf-8")
    written = {
        file.relative_to(tmp_path / "second").as_posix(): file.read_bytes()
        for file in (tmp_path / "second").rglob("*")
        if file.is_file()
    }
    assert written == exported_anew(path, tmp_path / "anew")


@pytest.mark.parametrize(
    "change",
    [
        "update reports.rpt_made_up set note = 'new' where note = 'two'",
        "update reports.rpt_made_up set note = null where note = 'two'",
        "delete from reports.rpt_made_up where note = 'three'",
        "insert into reports.rpt_made_up values ('three')",
        "alter table reports.rpt_made_up rename note to remark",
        "alter table reports.rpt_made_up alter note type blob",
        "alter table reports.rpt_made_up add column more integer",
        "create or replace table reports.rpt_made_up as from reports.rpt_made_up order by note",
        "comment on table reports.rpt_made_up is 'One row per note.'",
        "comment on column reports.rpt_made_up.note is 'A note.'",
    ],
)
def test_a_table_that_changed_in_any_way_is_written_anew(
    warehouse: Callable[..., Path], tmp_path: Path, change: str
) -> None:
    path = warehouse(NOTES, "note varchar")
    write_exports(path, tmp_path / "first")
    with duckdb.connect(str(path)) as db:
        db.execute(change)
    write_exports(path, tmp_path / "second", before=tmp_path / "first")
    anew = exported_anew(path, tmp_path / "anew")
    for name in REPORT_FILES:
        assert not is_taken_over(tmp_path / "first", tmp_path / "second", name)
        assert (tmp_path / "second" / name).read_bytes() == anew[name]


@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
@pytest.mark.parametrize("name", REPORT_FILES)
def test_a_file_that_is_not_what_the_earlier_index_says_is_written_anew(
    warehouse: Callable[..., Path], tmp_path: Path, name: str, damage: str
) -> None:
    path = warehouse(NOTES, "note varchar")
    anew = exported_anew(path, tmp_path / "first")
    file = tmp_path / "first" / name
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(anew[name][:-1] + (b"" if damage == "cut" else b"?"))
    write_exports(path, tmp_path / "second", before=tmp_path / "first")
    assert (tmp_path / "second" / name).read_bytes() == anew[name]


@pytest.mark.parametrize(
    "index", [None, "", "{", "[]", "{}", '{"tables": 1}', '{"tables": [{"rows": 3}]}']
)
def test_exports_without_an_index_that_can_be_read_are_passed_over(
    warehouse: Callable[..., Path], tmp_path: Path, index: str | None
) -> None:
    path = warehouse(NOTES, "note varchar")
    anew = exported_anew(path, tmp_path / "first")
    if index is None:
        (tmp_path / "first/index.json").unlink()
    else:
        (tmp_path / "first/index.json").write_text(index)
    write_exports(path, tmp_path / "second", before=tmp_path / "first")
    assert {name: (tmp_path / "second" / name).read_bytes() for name in anew} == anew


def test_where_there_are_no_second_names_a_file_is_copied(
    warehouse: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    path = warehouse(NOTES, "note varchar")
    anew = exported_anew(path, tmp_path / "first")
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    monkeypatch.setattr("orchestration.exports.write_csv", refuse)
    write_exports(path, tmp_path / "second", before=tmp_path / "first")
    assert {name: (tmp_path / "second" / name).read_bytes() for name in anew} == anew
