"""The workbook that goes back to a coordinator: what was not taken in, to be mended and sent again.

An overview first, then a sheet a file with the rows as they came, laid out as the dataset's form
is: the cells at fault are marked, and beside each row stand its reasons and what to do. Filled in
and put into the landing zone it is a file like any other: its rows have the keys they had, and the
later receipt counts. What stands beside the rows is known to the reader as ours
(`sources.returned`); its reference says which row of which file a row corrects.

Rows that a later row of their file replaces must not come back by themselves, so they stand on a
sheet of their own that no reader takes for data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from sources.contracts import Contract
from sources.objects import Place as File
from sources.originals import Original, Place, original_rows
from sources.reading import FileRejected
from sources.returned import OURS, reference
from sources.sentences import Said, reasons, what_to_do, why
from sources.store import written_whole
from sources.workbook import (
    LIST_SHEET,
    Book,
    fit_row,
    is_wrapped,
    note,
    safe_text,
    sheet_names,
    width_of,
)

SUMMARY_SHEET, DUPLICATES_SHEET = "สรุป – Summary", "ซ้ำ – Duplicates"
#: Nobody mends more by hand at once; what is left out comes once these are mended.
ROWS_A_SHEET, SHEETS = 20_000, 200
#: Comments are drawn one by one when a sheet opens; the reason stands beside every row as well.
COMMENTS_A_SHEET = 2_000
#: A row that a later one of its file replaces; see the module's docstring.
REPLACED = "duplicate_in_file"

_ENDING = re.compile(r"([.][A-Za-z]{2,7})?([.]gz)?$", re.ASCII | re.IGNORECASE)
_BAD, _WAITING = "#F8CBAD", "#FFE699"
_OURS_WIDTHS = {"row": 14, "reference": 24, "reason": 52, "action": 52}
_SUMMARY = (
    ("ไฟล์ / File", 40),
    ("ชุดข้อมูล / Dataset", 28),
    ("ชีต / Sheet", 30),
    ("ผล / Outcome", 22),
    ("เหตุผล / Reason", 50),
    ("วิธีแก้ / What to do", 50),
    ("อ่าน\nRead", 9),
    ("เข้าระบบ\nLoaded", 9),
    ("ต้องแก้\nTo mend", 9),
    ("รอ\nWaiting", 9),
)
_HOW = (
    Said(
        "1. เปิดชีตของแต่ละไฟล์ แก้ช่องที่มีสี (เหตุผลอยู่ท้ายแถวและในความคิดเห็นของช่อง) แถวที่ไม่ต้องการส่งให้ลบทั้งแถว",
        "1. On each file's sheet mend the coloured cells; the reason stands at the end of the row "
        "and in the cell's comment. Delete a row that you do not want to send.",
    ),
    Said(
        "2. อย่าแก้หัวตารางและช่องอ้างอิง",
        "2. Leave the header and the reference column as they are.",
    ),
    Said(
        "3. บันทึก แล้ววางไฟล์นี้ในโฟลเดอร์ที่บอกไว้ท้ายหน้านี้ จะตั้งชื่อใหม่อย่างไรก็ได้",
        "3. Save it and put it into the folders named at the end of this page, under any name.",
    ),
)


@dataclass(frozen=True)
class Problem:
    """Why a row is not in the warehouse: the column at fault (None: the row) and the reason."""

    column_name: str | None
    reason: str


@dataclass(frozen=True)
class BadRow:
    """A row that is not in the warehouse, or one of whose values waits.

    Attributes:
        sheet_name: the sheet it came on; None where its file is one table.
        row_number: the row as a person sees it in the file.
        row_sequence: its place over all sheets of the file.
        problems: all that is the matter.
    """

    sheet_name: str | None
    row_number: int
    row_sequence: int
    problems: tuple[Problem, ...]

    @property
    def is_replaced(self) -> bool:
        """Whether a later row of the file counts in its place."""
        return any(problem.reason == REPLACED for problem in self.problems)


@dataclass(frozen=True, kw_only=True)
class BadFile:
    """A file with something to mend.

    Attributes:
        contract: of its dataset.
        path: below the landing zone.
        file_id: SHA-256 of its bytes.
        archived: where the bytes are.
        reason: why it was refused whole; None where it was loaded.
        message: what the intake said of it.
        rows_read: rows it has.
        rows_loaded: rows of it that were taken in and do not wait.
        rows_bad: rows to mend.
        rows_held: rows that wait, or a value of which does.
        rows: gives its rows in quarantine in their order, so many at most.
    """

    contract: Contract
    path: str
    file_id: str
    archived: File
    reason: str | None
    message: str | None
    rows_read: int
    rows_loaded: int
    rows_bad: int
    rows_held: int
    rows: Callable[[int], Sequence[BadRow]]


@dataclass
class Entry:
    """What the workbook has of a file.

    Attributes:
        file: the file.
        sheet: its sheet; None where it has no row to mend by hand.
        rows: rows on the sheet.
        duplicates: rows on the sheet of duplicates.
        note: what else is to be said of it.
        counts: reason → how many of the rows looked at have it.
    """

    file: BadFile
    sheet: str | None = None
    rows: int = 0
    duplicates: int = 0
    note: Said | None = None
    counts: Counter[str] = field(default_factory=Counter)


def write_corrections(files: Sequence[BadFile], out: Path) -> list[Entry]:
    """Writes a workbook of what is to be mended in these files, readable by its owner alone.

    Args:
        files: in the order of their receipt within a dataset, so that of a key sent twice the
            later one counts again.
        out: the .xlsx file; replaced where it exists, whole or not at all.

    Raises:
        OSError: the archive cannot be read, or the workbook not be written.
    """
    with written_whole(out) as temporary:
        temporary.touch(mode=0o600)
        with temporary.open("wb") as raw, Book(raw) as book:
            summary = book.sheet(SUMMARY_SHEET)
            names = sheet_names(
                [_stem(file.path) for file in files],
                taken=(SUMMARY_SHEET, DUPLICATES_SHEET, LIST_SHEET),
            )
            replaced: list[tuple[BadFile, BadRow, Original]] = []
            entries = [
                _write_file(book, file, name if place < SHEETS else None, replaced)
                for place, (file, name) in enumerate(zip(files, names, strict=True))
            ]
            if replaced:
                _write_duplicates(book, replaced)
            _write_summary(book, summary, entries)
    return entries


def _stem(path: str) -> str:
    """The file's name without what its format added: 'ยอด ม.ค.xlsx' is 'ยอด ม.ค'."""
    return _ENDING.sub("", PurePosixPath(path).name)


# ── A file's sheet ────────────────────────────────────────────────────────────────────────────


def _write_file(
    book: Book,
    file: BadFile,
    name: str | None,
    replaced: list[tuple[BadFile, BadRow, Original]],
) -> Entry:
    entry = Entry(file)
    rows = file.rows(ROWS_A_SHEET) if name else ()
    left_out = file.rows_bad + file.rows_held - len(rows)
    try:
        originals = original_rows(
            file.archived, file.contract, [(row.sheet_name, row.row_number) for row in rows]
        )
    except FileRejected as rejected:  # judged by an earlier contract under which it still opened
        entry.note = Said(
            f"เปิดไฟล์นี้ตามข้อกำหนดปัจจุบันไม่ได้ กรุณาแก้ในไฟล์เดิม: {rejected.message}",
            "The file does not open under the present contract; mend it in the file itself: "
            f"{rejected.message}",
        )
        return entry
    found = [(row, originals[place]) for row in rows if (place := _place(row)) in originals]
    left_out += len(rows) - len(found)
    entry.counts.update(
        reason for row, _ in found for reason in {problem.reason for problem in row.problems}
    )
    to_mend = [(row, original) for row, original in found if not row.is_replaced]
    gone = [(file, row, original) for row, original in found if row.is_replaced]
    replaced += gone
    entry.duplicates = len(gone)
    if to_mend and name:
        entry.sheet, entry.rows = name, len(to_mend)
        _write_rows(book, book.sheet(name), file, to_mend)
    if left_out > 0:
        entry.note = Said(
            f"อีก {left_out:,} แถวไม่ได้อยู่ในสมุดงานนี้ จะอยู่ในสมุดงานถัดไปเมื่อแก้แถวเหล่านี้แล้ว "
            "หรือขอแยกตามชุดข้อมูลหรือคลัสเตอร์ (--dataset, --cluster)",
            f"{left_out:,} further rows are not in this workbook: they come in the next one once "
            "these are mended; or ask for one dataset or cluster (--dataset, --cluster).",
        )
    return entry


def _place(row: BadRow) -> Place:
    return row.sheet_name, row.row_number


def _write_rows(
    book: Book, sheet: Any, file: BadFile, rows: Sequence[tuple[BadRow, Original]]
) -> None:
    contract = file.contract
    book.lay_out(sheet, contract, len(rows))
    width = len(contract.columns)
    for position, (key, text) in enumerate(OURS.items(), start=width):
        sheet.set_column(position, position, _OURS_WIDTHS[key])
        sheet.write_string(0, position, text, book.head("#E7E6E6"))
    told = book.style(text_wrap=True, valign="top", num_format="@", font_color="#595959")
    comments = 0
    for number, (row, original) in enumerate(rows, start=1):
        problems = list(dict.fromkeys(row.problems))
        meaning = _joined([why(p.reason, "row", _column(contract, p)) for p in problems])
        action = _joined([what_to_do(p.reason, "row", _column(contract, p)) for p in problems])
        if original.overflow:
            meaning += f"\nช่องที่เกิน / Cells too many: {original.overflow}"
        ours = {
            "row": f"{row.sheet_name} {row.row_number}" if row.sheet_name else str(row.row_number),
            "reference": reference(file.file_id, row.row_sequence),
            "reason": meaning,
            "action": action,
        }
        texts = {c.name: safe_text(original.said(c.name)) for c in contract.columns}
        fit_row(
            sheet, number,
            [(ours[key], _OURS_WIDTHS[key]) for key in ("reason", "action")]
            + [(texts[c.name], width_of(c)) for c in contract.columns if is_wrapped(c)],
        )  # fmt: skip
        marks = _marks(problems)
        for position, column in enumerate(contract.columns):
            of_column = marks.get(column.name)
            colour = None
            if of_column:
                colour = _WAITING if all(_is_held(p) for p in of_column) else _BAD
            style = book.cell(column, colour)
            if texts[column.name]:
                sheet.write_string(number, position, texts[column.name], style)
            elif colour:
                sheet.write_blank(number, position, None, style)
            if of_column and comments < COMMENTS_A_SHEET:
                comments += 1
                note(sheet, number, position, "\n".join(_about(p, contract) for p in of_column))
        for position, key in enumerate(OURS, start=width):
            sheet.write_string(number, position, safe_text(ours[key]), told)


def _column(contract: Contract, problem: Problem) -> Any:
    return contract.column(problem.column_name) if problem.column_name else None


def _is_held(problem: Problem) -> bool:
    return reasons()[problem.reason, "row"].is_held


def _marks(problems: Sequence[Problem]) -> dict[str, list[Problem]]:
    marks: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.column_name:
            marks.setdefault(problem.column_name, []).append(problem)
    return marks


def _about(problem: Problem, contract: Contract) -> str:
    column = _column(contract, problem)
    meaning, action = why(problem.reason), what_to_do(problem.reason, "row", column)
    return f"{meaning.thai} {action.thai}\n{meaning.english} {action.english}"


def _joined(said: Sequence[Said]) -> str:
    """All in Thai, then all in English, one a line; several apart by language."""
    between = [""] if len(said) > 1 else []
    return "\n".join([*(one.thai for one in said), *between, *(one.english for one in said)])


# ── The sheet of duplicates ───────────────────────────────────────────────────────────────────


def _write_duplicates(book: Book, rows: Sequence[tuple[BadFile, BadRow, Original]]) -> None:
    sheet = book.sheet(DUPLICATES_SHEET)
    titles = (("ไฟล์ / File", 40), ("แถว / Row", 16), ("ข้อความในแถว / The row", 100))
    meaning, action = why(REPLACED), what_to_do(REPLACED)
    sheet.write_string(0, 0, f"{meaning.thai} {action.thai}", book.style(bold=True))
    sheet.write_string(1, 0, f"{meaning.english} {action.english}")
    for position, (title, width) in enumerate(titles):
        sheet.set_column(position, position, width)
        sheet.write_string(3, position, title, book.head())
    sheet.freeze_panes(4, 0)
    wrapped = book.style(text_wrap=True, valign="top", num_format="@")
    for number, (file, row, original) in enumerate(rows, start=4):
        text = safe_text("; ".join(_named_cells(file.contract, original)))
        fit_row(sheet, number, [(text, titles[2][1]), (file.path, titles[0][1])])
        place = f"{row.sheet_name} {row.row_number}" if row.sheet_name else str(row.row_number)
        for position, cell in enumerate((safe_text(file.path), safe_text(place), text)):
            sheet.write_string(number, position, cell, wrapped)


def _named_cells(contract: Contract, original: Original) -> Iterator[str]:
    for column in contract.columns:
        if text := original.said(column.name).strip():
            yield f"{column.label}: {text}"


# ── The overview ──────────────────────────────────────────────────────────────────────────────


def _write_summary(book: Book, sheet: Any, entries: Sequence[Entry]) -> None:
    for position, (_, width) in enumerate(_SUMMARY):
        sheet.set_column(position, position, width)
    sheet.write_string(
        0, 0, "รายการที่ยังไม่เข้าระบบ / What is not in the warehouse yet",
        book.style(bold=True, font_size=14),
    )  # fmt: skip
    row = 1
    lines = [*(said.thai for said in _HOW), *(said.english for said in _HOW)]
    for line in [*lines[: len(_HOW)], "", *lines[len(_HOW) :]]:
        sheet.write_string(row, 0, line)
        row += 1
    legend = (("ต้องแก้ / to mend", _BAD), ("รอข้อมูลอื่น / waits for another record", _WAITING))
    for text, colour in legend:
        row += 1
        sheet.write_string(row, 0, text, book.style(bg_color=colour, border=1))
    row += 2
    fit_row(sheet, row, _SUMMARY)
    for position, (title, _) in enumerate(_SUMMARY):
        sheet.write_string(row, position, title, book.head())
    for entry in entries:
        row += 1
        _write_entry(book, sheet, row, entry)
    if not entries:
        row += 1
        sheet.write_string(row, 0, "ไม่มีรายการที่ต้องแก้ / Nothing is to be mended.")
    row += 2
    sheet.write_string(
        row, 0, "ส่งกลับที่ไหน / Where to send it back", book.style(bold=True, font_size=12)
    )
    folders = {e.file.contract.dataset: e.file.contract.label for e in entries if e.sheet}
    where = Said(
        "วางไฟล์นี้ในทุกโฟลเดอร์ต่อไปนี้ แต่ละโฟลเดอร์อ่านเฉพาะชีตของตน",
        "Put this file into each of these folders; each reads only the sheets that are its own.",
    )
    for line in (where.thai, where.english, *(f"{k} ({label})" for k, label in folders.items())):
        row += 1
        sheet.write_string(row, 0, line)


def _write_entry(book: Book, sheet: Any, row: int, entry: Entry) -> None:
    file = entry.file
    reason, action = _summed_up(entry)
    texts = (
        file.path,
        f"{file.contract.label}\n{file.contract.dataset}",
        entry.sheet or "",
        "ไม่รับทั้งไฟล์\nrejected" if file.reason else "รับแล้ว เว้นแถวเหล่านี้\nloaded but for these",
        reason,
        action,
    )
    fit_row(sheet, row, [(text, _SUMMARY[at][1]) for at, text in enumerate(texts)])
    wrapped = book.style(text_wrap=True, valign="top", num_format="@", border=1)
    for position, text in enumerate(texts):
        if entry.sheet and text is entry.sheet:
            place = entry.sheet.replace("'", "''")
            link = book.style(
                text_wrap=True, valign="top", border=1, font_color="#0563C1", underline=1
            )
            sheet.write_url(row, position, f"internal:'{place}'!A1", link, text)
        else:
            sheet.write_string(row, position, safe_text(text), wrapped)
    figures = (file.rows_read, file.rows_loaded, file.rows_bad, file.rows_held)
    number = book.style(valign="top", num_format="#,##0", border=1)
    for position, figure in enumerate(figures, start=len(texts)):
        sheet.write_number(row, position, figure, number)


def _summed_up(entry: Entry) -> tuple[str, str]:
    """Of a file: its reasons and what to do, in both languages."""
    file = entry.file
    meanings, actions = [], []
    if file.reason:
        meanings.append(why(file.reason, "file"))
        actions.append(what_to_do(file.reason, "file"))
    waiting = [reason for reason in entry.counts if reasons()[reason, "row"].is_held]
    if not file.reason and set(entry.counts) - {REPLACED, *waiting}:
        actions.append(Said("แก้ช่องสีส้มในชีตนี้", "Mend the orange cells on this sheet."))
    actions += [what_to_do(reason) for reason in waiting]
    meanings += [
        _counted(reason, count)
        for reason, count in entry.counts.most_common()
        if reason != file.reason
    ]
    if entry.duplicates and not entry.sheet:
        actions.append(what_to_do(REPLACED))
    if entry.note:
        actions.append(entry.note)
    said = _joined(meanings)
    if file.reason and file.message:
        said += f"\n{file.message}"
    return said, _joined(actions)


def _counted(reason: str, count: int) -> Said:
    meaning = why(reason)
    rows = "1 row" if count == 1 else f"{count:,} rows"
    return Said(f"{meaning.thai} ({count:,} แถว)", f"{meaning.english} ({rows})")


def as_record(entry: Entry) -> Mapping[str, Any]:
    """What the workbook has of a file, for programs."""
    file = entry.file
    return {
        "dataset": file.contract.dataset,
        "path": file.path,
        "file_id": file.file_id,
        "reason": file.reason,
        "sheet": entry.sheet,
        "rows": entry.rows,
        "duplicates": entry.duplicates,
        "rows_read": file.rows_read,
        "rows_loaded": file.rows_loaded,
        "rows_to_mend": file.rows_bad,
        "rows_waiting": file.rows_held,
    }
