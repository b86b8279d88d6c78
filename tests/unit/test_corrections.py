"""The workbook that goes back to coordinators: what stands in it, and that it loads once mended."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from good_rows import GOOD_ROWS, as_csv
from intake_home import Home, Taken

from sources.contracts import discover
from sources.corrections import (
    DUPLICATES_SHEET,
    SUMMARY_SHEET,
    BadFile,
    BadRow,
    Problem,
    write_corrections,
)
from sources.headers import find_header
from sources.intake import corrections_sql
from sources.returned import OURS, reference
from sources.workbook import LIST_SHEET, header_text

ACTIVITIES = discover()["activity_reports"]
#: Dataset → a key column that tells a second row from the first.
ACROSS = {"activity_reports": "activity_id", "financial_outcomes": "quarter"}
GOOD = GOOD_ROWS["activity_reports"]
HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://example.com","คลิก")',
    "+66 81 234 5678",
    "@SUM(A1:A9)",
    "\t=cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "-500",
    "'0105",
    "http://example.com/a?b=c",
    "0012",
    "1e5",
    "_x0041_",
    '<b>&amp;"quoted"</b>',
    "สองบรรทัด\nในช่องเดียว",
    "ก" * 3_000,
]


def bad_files(
    home: Home, taken: Mapping[str, Taken], held: Mapping[int, str] | None = None
) -> list[BadFile]:
    """What the store has in quarantine of these files, as the published audit says it.

    Args:
        home: where they were taken in.
        taken: by their path.
        held: row number → the column whose value waits for an enterprise.
    """
    files = []
    for path, one in taken.items():
        contract = home.contracts[path.split("/")[0]]
        stored = home.store.path(
            contract.dataset, "quarantined", one.outcome.file_id, contract.version
        )
        found = (
            duckdb.execute(
                "select sheet_name, row_number, row_sequence, problems "
                f"from read_parquet('{stored}') order by row_sequence"
            ).fetchall()
            if stored.exists()
            else []
        )
        rows = [
            BadRow(
                sheet, number, sequence, tuple(Problem(p["column_name"], p["reason"]) for p in why)
            )
            for sheet, number, sequence, why in found
        ]
        waiting = [
            BadRow(None, number, number, (Problem(column, "unregistered_enterprise"),))
            for number, column in (held or {}).items()
        ]
        every = sorted([*rows, *waiting], key=lambda row: row.row_sequence)
        files.append(
            BadFile(
                contract=contract,
                path=path,
                file_id=one.outcome.file_id,
                archived=home.archive.path(one.outcome.file_id),
                reason=one.outcome.reason,
                message=one.outcome.message,
                rows_read=one.outcome.rows_read,
                rows_loaded=one.outcome.rows_accepted - len(waiting),
                rows_bad=len(rows),
                rows_held=len(waiting),
                rows=lambda at_most, every=every: every[:at_most],
            )
        )
    return files


def sent(
    home: Home, dataset: str, name: str, rows: Sequence[Mapping[str, str]]
) -> dict[str, Taken]:
    """Takes in a file of these rows; its path → what became of it."""
    home.put(f"{dataset}/{name}", as_csv(rows))
    _, taken = home.night()
    return taken


def sent_back(home: Home, dataset: str, book: openpyxl.Workbook, name: str = "กลับ.xlsx") -> Taken:
    """Drops a workbook into the landing zone and takes it in."""
    raw = io.BytesIO()
    book.save(raw)
    home.put(f"{dataset}/{name}", raw.getvalue())
    _, taken = home.night()
    return taken[f"{dataset}/{name}"]


def texts(sheet: Any) -> list[list[Any]]:
    """A sheet's cells."""
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def activity(number: int, **changed: str) -> dict[str, str]:
    return {**GOOD, "activity_id": f"A-{number}", "title": f"กิจกรรม {number}", **changed}


#: One row is bad twice over, one is replaced by the last, two are good.
MIXED = [
    activity(1),
    activity(2, start_date="31/02/2558", activity_type="เต้นรำ"),
    activity(3, title="แรก"),
    activity(4, start_date=""),
    activity(5),
    activity(3, title="หลัง"),
    activity(6),
]


@pytest.fixture
def mixed(home: Home, tmp_path: Path) -> tuple[Home, Path]:
    """A home that has taken in the mixed rows, and the workbook of what was not."""
    taken = sent(home, "activity_reports", "รายงาน ม.ค..csv", MIXED)
    out = tmp_path / "กลับ" / "ก.xlsx"
    write_corrections(bad_files(home, taken), out)
    return home, out


def test_a_sheet_has_the_rows_to_mend_as_they_came_under_the_header_of_the_form(
    mixed: tuple[Home, Path],
) -> None:
    sheet = openpyxl.load_workbook(mixed[1])["รายงาน ม.ค."]
    header, *rows = texts(sheet)
    names = [column.name for column in ACTIVITIES.columns]
    assert header == [*(header_text(column) for column in ACTIVITIES.columns), *OURS.values()]
    shown = [dict(zip(names, row, strict=False)) for row in rows]
    assert [row["activity_id"] for row in shown] == ["A-2", "A-4"]
    assert (shown[0]["start_date"], shown[0]["activity_type"]) == ("31/02/2558", "เต้นรำ")
    assert shown[0]["submitted_on"] == "2015-02-01"


def test_the_cells_at_fault_are_coloured_and_say_why_in_both_languages(
    mixed: tuple[Home, Path],
) -> None:
    sheet = openpyxl.load_workbook(mixed[1])["รายงาน ม.ค."]
    names = [column.name for column in ACTIVITIES.columns]
    marked = {
        (row[0].value, names[cell.column - 1]): cell
        for row in sheet.iter_rows(min_row=2, max_col=len(names))
        for cell in row
        if cell.fill.fgColor.rgb == "FFF8CBAD"
    }
    assert set(marked) == {("A-2", "start_date"), ("A-2", "activity_type"), ("A-4", "start_date")}
    comment = marked["A-2", "start_date"].comment.text
    assert "อ่านวันที่ไม่ได้" in comment
    assert "cannot be read" in comment
    assert "พัฒนาศักยภาพ" in marked["A-2", "activity_type"].comment.text


def test_reasons_and_actions_stand_beside_the_row_with_the_row_it_was(
    mixed: tuple[Home, Path],
) -> None:
    home, out = mixed
    (file_id,) = {event.file_id for event in home.ledger.judgements("activity_reports")}
    _, first, second = texts(openpyxl.load_workbook(out)["รายงาน ม.ค."])
    row, named, reason, action = first[-4:]
    assert (row, named) == ("3", reference(file_id, 3))
    assert "วันที่เริ่ม: อ่านวันที่ไม่ได้" in reason
    assert "activity_type: The value is not one of those allowed." in reason
    assert "20/01/2558" in action
    assert second[-4] == "5"


def test_the_sheet_offers_the_drop_downs_of_the_form(mixed: tuple[Home, Path]) -> None:
    book = openpyxl.load_workbook(mixed[1])
    (kinds,) = (
        validation.formula1
        for validation in book["รายงาน ม.ค."].data_validations.dataValidation
        if "C2:C3" in str(validation.sqref)
    )
    cells = [cell[0].value for cell in book[LIST_SHEET][kinds.split("!")[1]]]
    assert cells == [code.label for code in ACTIVITIES.column("activity_type").codes]


def test_a_replaced_row_stands_on_a_sheet_that_no_reader_takes_for_data(
    mixed: tuple[Home, Path],
) -> None:
    book = openpyxl.load_workbook(mixed[1])
    rows = texts(book[DUPLICATES_SHEET])
    assert rows[-1][:2] == ["activity_reports/รายงาน ม.ค..csv", "4"]
    assert "แรก" in rows[-1][2]
    for name in (DUPLICATES_SHEET, SUMMARY_SHEET, LIST_SHEET):
        found = find_header(
            [[str(cell or "") for cell in row] for row in texts(book[name])], ACTIVITIES
        )
        assert found is None or found.missing


def test_the_overview_names_the_file_its_figures_and_where_to_send_it(
    mixed: tuple[Home, Path],
) -> None:
    sheet = openpyxl.load_workbook(mixed[1])[SUMMARY_SHEET]
    rows = texts(sheet)
    (entry,) = (row for row in rows if row[0] == "activity_reports/รายงาน ม.ค..csv")
    assert entry[2] == "รายงาน ม.ค."
    assert entry[6:] == [7, 4, 3, 0]
    assert "(1 แถว)" in entry[4]
    assert rows[-1][0] == "activity_reports (รายงานกิจกรรม)"


def test_the_workbook_is_for_its_owner_alone(mixed: tuple[Home, Path]) -> None:
    assert mixed[1].stat().st_mode & 0o077 == 0
    assert [path.name for path in mixed[1].parent.iterdir()] == ["ก.xlsx"]


def test_mended_as_a_person_would_it_loads_whole(mixed: tuple[Home, Path]) -> None:
    home, out = mixed
    book = openpyxl.load_workbook(out)
    sheet = book["รายงาน ม.ค."]
    sheet["E2"], sheet["C2"] = dt.datetime(2558, 2, 28), "ศึกษาดูงาน"
    sheet["E3"] = "1 มี.ค. 58"
    taken = sent_back(home, "activity_reports", book)
    assert (taken.outcome.status, taken.outcome.rows_read) == ("loaded", 2)
    assert taken.problems == set()
    assert "unknown_columns" not in taken.outcome.details
    rows = {row["activity_id"]: row for row in taken.rows}
    assert rows["A-2"]["start_date"] == dt.date(2015, 2, 28)
    assert rows["A-2"]["activity_type"] == "study_visit"
    assert rows["A-4"]["start_date"] == dt.date(2015, 3, 1)


def test_sent_back_as_it_is_it_asks_for_the_same_again(mixed: tuple[Home, Path]) -> None:
    home, out = mixed
    taken = sent_back(home, "activity_reports", openpyxl.load_workbook(out))
    assert (taken.outcome.status, taken.outcome.reason) == ("rejected", "too_many_bad_rows")
    assert taken.problems == {
        (2, "start_date", "bad_date"),
        (2, "activity_type", "bad_code"),
        (3, "start_date", "missing_required"),
    }


def test_a_row_cleared_but_for_our_columns_is_no_row(mixed: tuple[Home, Path]) -> None:
    home, out = mixed
    book = openpyxl.load_workbook(out)
    sheet = book["รายงาน ม.ค."]
    for position in range(1, len(ACTIVITIES.columns) + 1):
        sheet.cell(2, position).value = None
    sheet["E3"] = "1/3/2558"
    taken = sent_back(home, "activity_reports", book)
    assert (taken.outcome.status, taken.outcome.rows_read) == ("loaded", 1)


def test_a_file_refused_for_its_bad_rows_has_all_its_rows_on_its_sheet(
    home: Home, tmp_path: Path
) -> None:
    rows = [activity(1), activity(2, start_date="x"), activity(3, start_date="y")]
    taken = sent(home, "activity_reports", "a.csv", rows)
    (entry,) = write_corrections(bad_files(home, taken), tmp_path / "b.xlsx")
    assert (entry.file.reason, entry.rows) == ("too_many_bad_rows", 3)
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    sheet = book["a"]
    assert [row[0] for row in texts(sheet)[1:]] == ["A-1", "A-2", "A-3"]
    assert sheet["A2"].fill.fgColor.rgb != "FFF8CBAD"
    sheet["E3"], sheet["E4"] = "20/1/2558", "๒๐/๑/๒๕๕๘"
    back = sent_back(home, "activity_reports", book)
    assert (back.outcome.status, back.outcome.rows_accepted) == ("loaded", 3)


def test_a_file_that_cannot_be_read_is_told_of_in_the_overview_alone(
    home: Home, tmp_path: Path
) -> None:
    home.put("activity_reports/ว่าง.csv", as_csv([GOOD]).split("\n")[0] + "\n")
    home.put("activity_reports/ขาด.csv", "activity_id,cluster_code\nA-1,C01\n")
    _, taken = home.night()
    entries = write_corrections(bad_files(home, taken), tmp_path / "b.xlsx")
    assert {entry.sheet for entry in entries} == {None}
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert book.sheetnames == [SUMMARY_SHEET]
    said = "\n".join(str(cell) for row in texts(book[SUMMARY_SHEET]) for cell in row if cell)
    assert "ไฟล์ไม่มีข้อมูลสักแถว" in said
    assert "วันที่เริ่ม" in said  # the column that is missing, by its label


def test_a_row_that_waits_is_marked_otherwise_and_harmless_when_sent_back_as_it_is(
    home: Home, tmp_path: Path
) -> None:
    rows = [{**GOOD_ROWS["financial_outcomes"], "amount": f"{n}"} for n in (1, 2)]
    rows[1]["quarter"] = "2"
    taken = sent(home, "financial_outcomes", "a.csv", rows)
    out = tmp_path / "b.xlsx"
    write_corrections(bad_files(home, taken, held={3: "juristic_id"}), out)
    book = openpyxl.load_workbook(out)
    assert book["a"]["B2"].fill.fgColor.rgb == "FFFFE699"
    assert book["a"]["B2"].value == "0105558000014"
    overview = str(texts(book[SUMMARY_SHEET]))
    assert "send the member's registration" in overview
    assert "Mend the orange cells" not in overview
    back = sent_back(home, "financial_outcomes", book)
    (first,) = (r for r in taken["financial_outcomes/a.csv"].rows if r["row_number"] == 3)
    (again,) = back.rows
    for name in ("enterprise_key", "amount", "quarter", "submitted_on", "cluster_code"):
        assert again[name] == first[name]


def test_a_number_under_a_header_with_a_unit_keeps_its_worth(home: Home, tmp_path: Path) -> None:
    rows = [{**GOOD_ROWS["financial_outcomes"], "amount": "1.25", "quarter": "9"}]
    rows += [{**rows[0], "quarter": str(quarter)} for quarter in (1, 2)]
    home.put("financial_outcomes/a.csv", as_csv(rows).replace("amount", "จำนวน (ล้านบาท)"))
    _, taken = home.night()
    out = tmp_path / "b.xlsx"
    write_corrections(bad_files(home, taken), out)
    book = openpyxl.load_workbook(out)
    book["a"]["D2"] = 3
    back = sent_back(home, "financial_outcomes", book)
    assert [str(row["amount"]) for row in back.rows] == ["1250000.00"]


@pytest.fixture
def hostile(home: Home, tmp_path: Path) -> tuple[Home, Path, list[dict[str, str]]]:
    """Rows whose title is hostile and whose date is bad, and good ones beside them."""
    rows = [activity(n, title=text, start_date="x") for n, text in enumerate(HOSTILE)]
    good = [activity(100 + n, title=text) for n, text in enumerate(HOSTILE)]
    taken = sent(home, "activity_reports", "=ไฟล์'.csv", [*rows, *good])
    out = tmp_path / "b.xlsx"
    write_corrections(bad_files(home, taken), out)
    return home, out, taken["activity_reports/=ไฟล์'.csv"].rows


def test_no_cell_of_a_hostile_file_is_a_formula_or_begins_like_one(
    hostile: tuple[Home, Path, list[dict[str, str]]],
) -> None:
    book = openpyxl.load_workbook(hostile[1])
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert len(cells) > 100
    for cell in cells:
        assert cell.data_type in ("s", "n", "inlineStr")
        assert not str(cell.value).startswith(("=", "+", "@", "\t", "\r"))
    assert all(cell.hyperlink is None or cell.hyperlink.target is None for cell in cells)


def test_hostile_texts_come_back_as_the_values_they_were(
    hostile: tuple[Home, Path, list[dict[str, str]]],
) -> None:
    home, out, good = hostile
    book = openpyxl.load_workbook(out)
    sheet = book["ไฟล์"]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 5).value = "20/01/2558"
    back = {
        row["activity_id"]: row["title"] for row in sent_back(home, "activity_reports", book).rows
    }
    was = {row["activity_id"]: row["title"] for row in good}
    assert len(back) == len(HOSTILE)
    for number in range(len(HOSTILE)):
        assert back[f"A-{number}"] == was[f"A-{100 + number}"]


def test_more_rows_than_a_sheet_takes_are_said_to_be_left_out(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [activity(n, start_date="x" if n < 4 else "2015-01-20") for n in range(10)]
    taken = sent(home, "activity_reports", "a.csv", rows)
    monkeypatch.setattr("sources.corrections.ROWS_A_SHEET", 3)
    (entry,) = write_corrections(bad_files(home, taken), tmp_path / "b.xlsx")
    assert entry.rows == 3
    assert entry.note is not None
    assert "1 further" in entry.note.english
    said = texts(openpyxl.load_workbook(tmp_path / "b.xlsx")[SUMMARY_SHEET])
    assert any("--cluster" in str(cell) for row in said for cell in row)


def test_more_files_than_a_workbook_takes_are_said_to_be_left_out(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        home.put(
            f"activity_reports/{name}.csv", as_csv([activity(1), activity(2, start_date=name)])
        )
    _, taken = home.night()
    monkeypatch.setattr("sources.corrections.SHEETS", 1)
    entries = write_corrections(bad_files(home, taken), tmp_path / "b.xlsx")
    assert [entry.sheet for entry in entries] == ["a", None]
    assert entries[1].note is not None


def test_files_of_two_datasets_share_a_workbook_and_each_folder_reads_its_own(
    home: Home, tmp_path: Path
) -> None:
    bad = {"activity_reports": "start_date", "financial_outcomes": "amount"}
    for dataset, column in bad.items():
        row = GOOD_ROWS[dataset]
        home.put(f"{dataset}/a.csv", as_csv([{**row, column: "x"}, {**row, ACROSS[dataset]: "2"}]))
    _, taken = home.night()
    out = tmp_path / "b.xlsx"
    write_corrections(bad_files(home, taken), out)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == [SUMMARY_SHEET, "a", "a (2)", LIST_SHEET]
    book["a"]["E2"], book["a (2)"]["F2"] = "20/1/2558", "1000"
    for dataset in bad:
        back = sent_back(home, dataset, book)
        assert (back.outcome.status, back.outcome.rows_read) == ("loaded", 1)
        assert back.problems == set()


def test_nothing_to_mend_is_a_workbook_that_says_so(tmp_path: Path) -> None:
    assert write_corrections([], tmp_path / "b.xlsx") == []
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert any("Nothing" in str(row[0]) for row in texts(book[SUMMARY_SHEET]))


def test_references_are_read_from_every_file_of_the_store_also_from_before_there_were_any(
    mixed: tuple[Home, Path], tmp_path: Path
) -> None:
    home, out = mixed
    book = openpyxl.load_workbook(out)
    book["รายงาน ม.ค."]["C2"], book["รายงาน ม.ค."]["E3"] = "ดูงาน", "1/3/2558"
    sent_back(home, "activity_reports", book)
    stored = sorted((home.store.root / "activity_reports").rglob("*.parquet"))
    old = tmp_path / "old.parquet"
    duckdb.execute(
        f"copy (select * exclude (corrects) from read_parquet('{stored[0]}')) to '{old}'"
    )
    found = duckdb.execute(corrections_sql({"activity_reports": [old, *stored]})).fetchall()
    (first,) = home.ledger.judgements("activity_reports")[:1]
    assert {(dataset, corrects) for dataset, _, _, corrects in found} == {
        ("activity_reports", reference(first.file_id, 3)),
        ("activity_reports", reference(first.file_id, 5)),
    }
    assert duckdb.execute(corrections_sql({"activity_reports": [old]})).fetchall() == []
