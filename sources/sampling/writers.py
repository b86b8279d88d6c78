"""What a dataset's sample hands over, how it becomes a file, and what must come of it.

Belongs here: the shapes a dataset's ``sample.py`` speaks in (:class:`Row`, :class:`Sheet`,
:class:`Submission`, and the mistakes planted in rows), writing a submission as bytes, and counting
what a warehouse must make of a set of submissions. Nothing here names a dataset: the samples are
found beside this package (``sources/*/sample.py``), each with ``submissions(world)`` and, where the
dataset also grows night by night, ``increment(world, number, share)``.

    world → sample.submissions(world) → Submission → write() → bytes in the landing zone
                                                  └→ Tally   → Expectation
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from types import ModuleType
from typing import TYPE_CHECKING, Any

import xlsxwriter

from sources.sampling.forms import SATANG, Cell, Column, Count, Habit, Hand, random_of

if TYPE_CHECKING:
    from sources.sampling.world import World

SYNTHETIC = "ข้อมูลตัวอย่าง (สังเคราะห์)"
# A workbook records when it was made: always this, or its bytes would change from run to run.
WORKBOOK_CREATED = datetime(2015, 1, 20, 9, 0)
# An empty row stands after this many rows, in the workbooks that have one.
BLANK_AFTER = 5

# Measures counted in people; all others are satang here and baht in an expectation.
PEOPLE_MEASURES = frozenset({"jobs_created"})

LOADED, REJECTED, DUPLICATE = "loaded", "rejected", "duplicate"

_SOURCES = Path(__file__).parent.parent


# --- rows and their mistakes -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason that must be found in a row.

    Attributes:
        column: the column it is found in; empty where it is the row's as a whole.
        reason: the reason code of the interface page.
        held: the row waits for another record and is not bad by itself.
        keeps_row: the row loads all the same (an unknown participant of an activity).
    """

    column: str
    reason: str
    held: bool = False
    keeps_row: bool = False


@dataclass(slots=True)
class Row:
    """One row as it is meant, and as it is mistyped.

    Attributes:
        values: the true value by column name.
        key: the dataset's key of it, to tell which of two rows wins.
        submitted_on: the day of submission that decides between two rows of one key.
        adds: what it adds to the programme's totals once it is current: fiscal year, measure,
            amount (satang; people for a number of people).
        typed: cells that stand exactly so, in place of their value.
        problems: what must be found wrong with it.
    """

    values: dict[str, Any]
    key: tuple[Any, ...]
    submitted_on: date
    adds: tuple[int, str, int] | None = None
    typed: dict[str, Cell] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


Slip = Callable[[Row], list[Row]]


def mistyped(column: str, reason: str, *texts: Cell) -> Slip:
    """Return the mistake of typing one of these texts in a column."""

    def slip(row: Row) -> list[Row]:
        text = texts[hash_of(row) % len(texts)]
        return [replace(row, typed={column: text}, problems=(Problem(column, reason),))]

    return slip


def misvalued(column: str, reason: str, value: Any) -> Slip:
    """Return the mistake of a well-typed value that cannot be (a negative headcount)."""

    def slip(row: Row) -> list[Row]:
        values = {**row.values, column: value}
        return [replace(row, values=values, problems=(Problem(column, reason),))]

    return slip


def mistyped_id(column: str) -> Slip:
    """Return the mistake of one wrong digit, which the check digit finds."""

    def slip(row: Row) -> list[Row]:
        text = row.values[column]
        wrong = (
            f"{text[:12]}{(int(text[12]) + 1) % 10}" if text.isdigit() else f"{text}-{text[-1]}9"
        )
        return [replace(row, typed={column: wrong}, problems=(Problem(column, "bad_id"),))]

    return slip


def sent_twice_in_a_file(row: Row) -> list[Row]:
    """Type the row twice: the earlier of the two is the one that goes."""
    return [replace(row, problems=(Problem("", "duplicate_in_file"),)), row]


def hash_of(row: Row) -> int:
    """Return a number of the row that is the same on every machine and day."""
    return sum(map(ord, "".join(map(str, row.key))))


def with_slips(rows: Sequence[Row], slips: Sequence[Slip], random: Random) -> list[Row]:
    """Return the rows with each slip made once, in a row of its own; needs a row for each."""
    chosen = random.sample(range(len(rows)), min(len(slips), len(rows)))
    places = dict(zip(chosen, slips, strict=False))
    made: list[Row] = []
    for number, row in enumerate(rows):
        slip = places.get(number)
        made.extend(slip(row) if slip else [row])
    return made


def slips_for(
    slips: Sequence[Slip], random: Random, rows: int, share: float | None, deal: tuple[int, int]
) -> list[Slip]:
    """Return the slips to make in one file.

    Args:
        slips: all that the dataset knows.
        random: where a drawn one comes from.
        rows: how many rows the file has.
        share: the share of its rows that go wrong; None: each slip once over all files.
        deal: which of how many files this is, from 0, where each slip is made once.
    """
    if share is None:
        return list(slips[deal[0] :: deal[1]])
    return random.choices(slips, k=round(share * rows))


# --- submissions -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """How one person's files are laid out.

    Attributes:
        workbook: an XLSX workbook, else text.
        delimiter: of a text file.
        encoding: of a text file, a Python codec.
        suffix: of a text file's name.
        gzipped: whether the text is compressed.
        titles: whether title rows and an empty one stand above a workbook's header.
        total: whether a workbook's sheets end in a total row.
        numbered: whether a column 'ลำดับ', which no contract knows, comes first.
        remarks: whether a column 'หมายเหตุ', which no contract knows, comes last.
        blank_row: whether a workbook's sheets have an empty row among the others.
        notes: whether a workbook has a sheet of notes that is no table.
    """

    workbook: bool = False
    delimiter: str = ","
    encoding: str = "utf-8"
    suffix: str = ".csv"
    gzipped: bool = False
    titles: bool = False
    total: bool = False
    numbered: bool = False
    remarks: bool = False
    blank_row: bool = False
    notes: bool = False

    @property
    def ending(self) -> str:
        """The end of the file's name."""
        if self.workbook:
            return ".xlsx"
        return self.suffix + (".gz" if self.gzipped else "")

    def row_number(self, position: int) -> int:
        """Return the number a person sees beside the data row at a position, from 0."""
        if not self.workbook:
            return position + 2
        above = len(TITLES) + 1 if self.titles else 0
        gap = 1 if self.blank_row and position >= BLANK_AFTER else 0
        return above + 2 + position + gap


TITLES = ("{title}", SYNTHETIC)


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet; a text file has one, whose name is not seen."""

    name: str
    rows: Sequence[Row]


def sheets_of(groups: Mapping[str, Sequence[Row]], layout: Layout) -> tuple[Sheet, ...]:
    """Return the groups as the sheets of a workbook, or as the one sheet of a text file."""
    if layout.workbook:
        return tuple(Sheet(name, rows) for name, rows in groups.items() if rows)
    return (Sheet("", [row for rows in groups.values() for row in rows]),)


@dataclass(frozen=True)
class Submission:
    """One file in the landing zone.

    Attributes:
        path: relative to the landing zone, its dataset's folder first.
        columns: the columns it has.
        sheets: its rows.
        habit: how its values are typed.
        layout: how it is laid out.
        title: what a workbook says above its header.
        content: the bytes themselves, of a file that is no table.
        copy_of: the path of the file whose bytes it repeats.
        fate: what must become of it: loaded, rejected or duplicate.
        reason: the reason code of a rejected one.
    """

    path: str
    columns: Sequence[Column] = ()
    sheets: Sequence[Sheet] = ()
    habit: Habit = field(default_factory=Habit)
    layout: Layout = field(default_factory=Layout)
    title: str = ""
    content: bytes | None = None
    copy_of: str = ""
    fate: str = LOADED
    reason: str | None = None


def write(out: Path, submission: Submission, seed: int) -> Path:
    """Write a submission below the landing zone and return where.

    The bytes depend on the submission and the seed alone.
    """
    path = out / submission.path
    path.parent.mkdir(parents=True, exist_ok=True)
    if submission.copy_of:
        path.write_bytes((out / submission.copy_of).read_bytes())
    else:
        path.write_bytes(to_bytes(submission, seed))
    return path


def to_bytes(submission: Submission, seed: int) -> bytes:
    """Return the bytes of a submission that is no copy."""
    if submission.content is not None:
        return submission.content
    random = random_of(seed, submission.path)
    hand = Hand(submission.habit, random, workbook=submission.layout.workbook)
    columns = list(submission.columns)
    if submission.habit.shuffled:
        random.shuffle(columns)
    if submission.layout.workbook:
        return _workbook(submission, columns, hand)
    return _text(submission, columns, hand)


def _headers(layout: Layout, columns: Sequence[Column], hand: Hand) -> list[str]:
    headers = [hand.header(column, number) for number, column in enumerate(columns)]
    return ["ลำดับ"] * layout.numbered + headers + ["หมายเหตุ"] * layout.remarks


def _cells(
    layout: Layout, columns: Sequence[Column], hand: Hand, rows: Iterable[Row]
) -> Iterator[list[Cell]]:
    named = [(column.name, column) for column in columns]
    numbered, remarks, write_cell = layout.numbered, layout.remarks, hand.write
    for number, row in enumerate(rows, start=1):
        values = row.values
        cells = [write_cell(column, values[name]) for name, column in named]
        for name, text in row.typed.items():
            position = next((i for i, pair in enumerate(named) if pair[0] == name), None)
            if position is not None:
                cells[position] = text
        if numbered:
            cells.insert(0, number)
        if remarks:
            cells.append("ตัวอย่าง" if number % 4 == 0 else "")
        yield cells


def _text(submission: Submission, columns: Sequence[Column], hand: Hand) -> bytes:
    layout = submission.layout
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=layout.delimiter, lineterminator="\r\n")
    writer.writerow(_headers(layout, columns, hand))
    for sheet in submission.sheets:
        writer.writerows(_cells(layout, columns, hand, sheet.rows))
    content = buffer.getvalue().encode(layout.encoding)
    return gzip.compress(content, compresslevel=6, mtime=0) if layout.gzipped else content


def _workbook(submission: Submission, columns: Sequence[Column], hand: Hand) -> bytes:
    layout = submission.layout
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties(
        {"title": submission.title, "comments": SYNTHETIC, "created": WORKBOOK_CREATED}
    )
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    bold = book.add_format({"bold": True})
    if layout.notes:
        notes = book.add_worksheet("คำอธิบาย")
        notes.write_string(0, 0, "คำอธิบายการกรอกแบบฟอร์ม", bold)
        notes.write_string(1, 0, SYNTHETIC)
    for sheet in submission.sheets:
        page = book.add_worksheet(sheet.name)

        def put(row: int, column: int, cell: Cell, page: Any = page) -> None:
            if isinstance(cell, str):
                if cell:
                    page.write_string(row, column, cell)
            elif isinstance(cell, date):
                page.write_datetime(
                    row, column, cell, instant if isinstance(cell, datetime) else day
                )
            else:
                page.write_number(row, column, cell)

        if layout.titles:
            for number, text in enumerate(TITLES):
                page.write_string(number, 0, text.format(title=submission.title), bold)
        header_row = layout.row_number(0) - 2
        for number, text in enumerate(_headers(layout, columns, hand)):
            page.write_string(header_row, number, text, bold)
        for position, cells in enumerate(_cells(layout, columns, hand, sheet.rows)):
            for number, cell in enumerate(cells):
                put(layout.row_number(position) - 1, number, cell)
        if layout.total:
            last = layout.row_number(len(sheet.rows)) - 1
            page.write_string(last, 0, "รวม", bold)
            for number, column in enumerate(columns, start=int(layout.numbered)):
                total = _total(column, sheet.rows)
                if number and total is not None:
                    put(last, number, total)
    book.close()
    return buffer.getvalue()


def _total(column: Column, rows: Sequence[Row]) -> Cell | None:
    """Return what stands below a column in the total row; people and baht are not added up."""
    if column.kind != "money":
        return None
    values = [row.values[column.name] for row in rows]
    satang = sum(int(value) for value in values if value is not None and type(value) is not Count)
    return satang / SATANG if satang % SATANG else satang // SATANG


# --- what must come of it --------------------------------------------------------------------


@dataclass(frozen=True)
class Quarantined:
    """A row and a reason that must be found in quarantine; the row numbers are a person's."""

    path: str
    sheet: str | None
    row_number: int
    column: str
    reason: str
    held: bool


@dataclass(frozen=True)
class Expectation:
    """What a warehouse must make of a landing zone, loaded in one night.

    Attributes:
        files: by path, what becomes of it and the reason of a rejection. Of a file and its copy
            either may be the one that is loaded; here the copy is the duplicate.
        rows: by dataset: rows read, current, superseded and quarantined (held ones among them).
        quarantined: by dataset and reason, the number of rows by reasons in quarantine.
        problems: the same one by one, but for the good rows of a file rejected for its bad ones.
        totals: by fiscal year (BE) and measure, the sum over the current rows: baht, or people.
    """

    files: dict[str, tuple[str, str | None]]
    rows: dict[str, dict[str, int]]
    quarantined: dict[tuple[str, str], int]
    problems: list[Quarantined]
    totals: dict[tuple[int, str], Decimal]

    def files_by_fate(self) -> dict[tuple[str, str, str | None], int]:
        """Return the number of files by dataset, fate and reason."""
        return dict(Counter((path.split("/")[0], *outcome) for path, outcome in self.files.items()))


class Tally:
    """Counts, submission by submission, what must come of them.

    Knows nothing of texts and forms: only the true values, and the mistakes that were planted.

    Args:
        keys_are_unique: no good row's key comes twice, so that a million need not be remembered.
    """

    def __init__(self, *, keys_are_unique: bool = False) -> None:
        """Start with nothing received."""
        self._keys_are_unique = keys_are_unique
        self._files: dict[str, tuple[str, str | None]] = {}
        self._rows: dict[str, Counter[str]] = {}
        self._quarantined: Counter[tuple[str, str]] = Counter()
        self._problems: list[Quarantined] = []
        self._totals: Counter[tuple[int, str]] = Counter()
        self._winners: dict[tuple[Any, ...], tuple[date, tuple[int, str, int] | None]] = {}
        self._held: dict[tuple[Any, ...], tuple[date, str, list[Quarantined]]] = {}

    def add(self, submission: Submission) -> None:
        """Receive a submission.

        Raises:
            ValueError: where the submission cannot meet the fate it says: one to be loaded with
                more than half of its rows bad, or one to be rejected for them with fewer.
        """
        self._files[submission.path] = (submission.fate, submission.reason)
        dataset = submission.path.split("/")[0]
        rows = self._rows.setdefault(
            dataset, Counter(read=0, current=0, superseded=0, quarantined=0)
        )
        if submission.fate != LOADED and submission.reason != "too_many_bad_rows":
            return
        placed = [
            (sheet, position, row)
            for sheet in submission.sheets
            for position, row in enumerate(sheet.rows)
        ]
        bad = sum(any(not problem.held for problem in row.problems) for *_, row in placed)
        if (2 * bad > len(placed)) != (submission.fate == REJECTED):
            raise ValueError(f"{bad} of {len(placed)} rows are bad: {submission.path}")
        rows["read"] += len(placed)
        for sheet, position, row in placed:
            stays = not row.problems or self._note(submission, dataset, sheet, position, row)
            if submission.fate == REJECTED:
                rows["quarantined"] += 1
                if not row.problems:
                    self._quarantined[dataset, "too_many_bad_rows"] += 1
            elif stays:
                self._accept(dataset, rows, row)
            else:
                rows["quarantined"] += 1
                if all(problem.held for problem in row.problems):
                    self._hold(submission.path, dataset, rows, row)

    def _hold(self, path: str, dataset: str, rows: Counter[str], row: Row) -> None:
        """Note a row that waits; it takes the place of an earlier one of its key, or the later."""
        noted = self._problems[-len(row.problems) :]
        key = (dataset, *row.key)
        earlier = self._held.get(key)
        if earlier is None:
            self._held[key] = (row.submitted_on, path, noted)
            return
        if earlier[1] == path or earlier[0] == row.submitted_on:
            raise ValueError(f"a row that waits was sent twice on one day: {key}")
        if earlier[0] < row.submitted_on:
            self._held[key] = (row.submitted_on, path, noted)
            noted = earlier[2]
        rows["quarantined"] -= 1
        rows["superseded"] += 1
        for problem in noted:
            self._problems.remove(problem)
            self._quarantined[dataset, problem.reason] -= 1

    def _note(
        self, submission: Submission, dataset: str, sheet: Sheet, position: int, row: Row
    ) -> bool:
        """Note what is wrong with a row; return whether it loads all the same."""
        for problem in row.problems:
            self._quarantined[dataset, problem.reason] += 1
            self._problems.append(
                Quarantined(
                    path=submission.path,
                    sheet=sheet.name if submission.layout.workbook else None,
                    row_number=submission.layout.row_number(position),
                    column=problem.column,
                    reason=problem.reason,
                    held=problem.held,
                )
            )
        return all(problem.keeps_row for problem in row.problems)

    def _accept(self, dataset: str, rows: Counter[str], row: Row) -> None:
        if self._keys_are_unique:
            rows["current"] += 1
            if row.adds is not None:
                self._totals[row.adds[:2]] += row.adds[2]
            return
        key = (dataset, *row.key)
        earlier = self._winners.get(key)
        if earlier is not None:
            rows["superseded"] += 1
            if earlier[0] == row.submitted_on:
                raise ValueError(f"a key was sent twice on one day: {key}")
            if earlier[0] > row.submitted_on:
                return
            if earlier[1] is not None:
                self._totals[earlier[1][:2]] -= earlier[1][2]
        else:
            rows["current"] += 1
        self._winners[key] = (row.submitted_on, row.adds)
        if row.adds is not None:
            self._totals[row.adds[:2]] += row.adds[2]

    def expectation(self) -> Expectation:
        """Return what must come of everything received so far."""
        return Expectation(
            files=dict(self._files),
            rows={dataset: dict(rows) for dataset, rows in self._rows.items()},
            quarantined=dict(sorted(self._quarantined.items())),
            problems=list(self._problems),
            totals={
                (year, measure): Decimal(amount) / (1 if measure in PEOPLE_MEASURES else SATANG)
                for (year, measure), amount in sorted(self._totals.items())
            },
        )


# --- the datasets' samples -------------------------------------------------------------------


@cache
def samples() -> dict[str, ModuleType]:
    """Return the sample module of every dataset that has one, by dataset."""
    package = __name__.split(".")[0]
    return {
        path.parent.name: import_module(f"{package}.{path.parent.name}.sample")
        for path in sorted(_SOURCES.glob("*/sample.py"))
    }


def submissions(world: World) -> Iterator[Submission]:
    """Yield every dataset's submissions for a world."""
    for sample in samples().values():
        yield from sample.submissions(world)


def increments(world: World, number: int, share: float) -> Iterator[Submission]:
    """Yield what the datasets that grow night by night send next."""
    for sample in samples().values():
        if hasattr(sample, "increment"):
            yield from sample.increment(world, number, share)
