"""A file as text: what it is by its content, which tables it holds, their rows as typed by people.

`open_tables` gives a file's tables that fit a contract; each gives its rows in Arrow batches of
text columns `c0 … cn` with `row_number`, the number a person sees beside the row (the header's row
counts). Nothing is interpreted here: dates, money and codes are still the text someone typed.

A rectangular text file is read by Arrow's own reader, a block at a time; one that is not (ragged
rows, blank lines, title rows) by Python's, which knows for every record where it stands.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import gzip
import io
import itertools
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from sources.contracts import Contract
from sources.headers import ROWS_SEARCHED, Header, find_header

DELIMITERS = (",", ";", "\t", "|")
PREVIEW_BYTES = 256 * 1024
BLOCK_BYTES = 8 * 1024 * 1024
RECORDS_A_BATCH = 50_000
#: A sheet is laid out cell by cell over the whole of its used range; a full sheet of a hundred
#: thousand rows has ten million cells, a stray cell in the last corner makes it seventeen billion.
CELLS_A_SHEET = 100_000_000

_ZIP, _OLE, _GZIP, _PARQUET, _PDF = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"PAR1",
    b"%PDF",
)
_UTF8_THAI = re.compile(rb"\xe0[\xb8\xb9][\x80-\xbf]")
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="[A-Z]+[0-9]+:([A-Z]+)([0-9]+)"')
_OPEN_IN_VAIN = """
import sys, python_calamine
book = python_calamine.load_workbook(sys.argv[1])
for name in book.sheet_names:
    book.get_sheet_by_name(name)
"""


class FileRejected(Exception):
    """The file as a whole cannot be taken in.

    Attributes:
        reason: the file-level reason code of the interface.
        message: what is wrong and what to do, for the one who sent it.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True)
class Table:
    """One table of a file that fits the contract: its header, and its rows when asked.

    Attributes:
        name: the sheet; None where the file is one table.
        header: its header.
        batches: gives its rows; raises FileRejected where the file turns out to be damaged.
        holds: what must not go away before the rows are read.
    """

    name: str | None
    header: Header
    batches: Callable[[], Iterator[pa.RecordBatch]]
    holds: Any = None


@dataclass(frozen=True)
class Reading:
    """What a file turned out to be, and the tables in it."""

    format: str
    tables: tuple[Table, ...]
    passed_over: tuple[str, ...] = ()


def open_tables(path: Path, contract: Contract) -> Reading:
    """Opens a file by what its bytes are and finds the tables that fit the contract.

    Raises:
        FileRejected: it is empty, unreadable, or no table in it has the required columns.
        OSError: the file itself cannot be opened.
    """
    with path.open("rb") as file:
        magic = file.read(4)
    if not magic:
        raise FileRejected("empty", "The file has no content. Save it again and send it.")
    if magic.startswith(_GZIP):
        return _open_gzip(path, contract)
    return _open_plain(path, contract)


def _open_plain(path: Path, contract: Contract) -> Reading:
    with path.open("rb") as file:
        magic = file.read(4)
    if magic in (_ZIP, _OLE):
        return _open_workbook(path, contract)
    if magic == _PARQUET:
        return _open_parquet(path, contract)
    if magic == _PDF:
        raise FileRejected("unreadable", "This is a PDF, not a table. Send the spreadsheet itself.")
    return _open_text(path, contract)


def _open_gzip(path: Path, contract: Contract) -> Reading:
    # Beside the archived bytes, so for its owner alone; it goes when nobody reads it any more.
    unpacked = tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".unpacked")  # noqa: SIM115
    try:
        with gzip.open(path, "rb") as packed:
            while block := packed.read(BLOCK_BYTES):
                unpacked.write(block)
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise FileRejected(
            "unreadable", f"The compressed file is damaged ({error}). Pack it again and send it."
        ) from error
    unpacked.flush()
    if not unpacked.tell():
        raise FileRejected("empty", "The compressed file has no content.")
    reading = _open_plain(Path(unpacked.name), contract)
    tables = tuple(replace(table, holds=unpacked) for table in reading.tables)
    return Reading(f"{reading.format}, gzip", tables, reading.passed_over)


# ── Text ──────────────────────────────────────────────────────────────────────────────────────


def detect_encoding(path: Path) -> str:
    """The text's encoding: by its byte order mark, else UTF-8 where it is valid, else CP874.

    Raises:
        FileRejected: it is none of them, or no text at all; the message says where.
    """
    with path.open("rb") as file:
        head = file.read(PREVIEW_BYTES)
        if head.startswith(codecs.BOM_UTF8):
            encoding = "utf-8-sig"
        elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            encoding = "utf-16"
        elif head[1:200:2].count(0) > len(head[1:200:2]) * 0.4:
            encoding = "utf-16-le"
        elif _CONTROL.search(head):
            raise FileRejected(
                "unreadable",
                "The file is neither a table of text nor a spreadsheet. Save it as .xlsx or .csv.",
            )
        else:
            encoding = "utf-8"
    broken = _first_undecodable(path, encoding)
    if broken is None:
        return encoding
    if encoding.startswith("utf-16"):
        raise FileRejected(
            "unreadable", "The file is UTF-16 text that is damaged. Save it again and send it."
        )
    high = len(_HIGH.findall(head))
    if encoding == "utf-8-sig" or 3 * len(_UTF8_THAI.findall(head)) * 2 > max(high, 1):
        raise FileRejected(
            "unreadable",
            f"The file is UTF-8 text that is damaged at line {broken}. Save it again and send it.",
        )
    broken = _first_undecodable(path, "cp874")
    if broken is None:
        return "cp874"
    raise FileRejected(
        "unreadable",
        f"Line {broken} is neither UTF-8 nor Thai Windows (CP874) text. Save the file as "
        "'CSV UTF-8' and send it.",
    )


def _first_undecodable(path: Path, encoding: str) -> int | None:
    """The line (from 1) of the first byte that is not of the encoding; None where all are."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 1
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK_BYTES)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return lines + block.count(b"\n", 0, max(error.start, 0))
            if not block:
                return None
            lines += block.count(b"\n")


def _preview_records(head: str, delimiter: str) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            records.append(record)
            if len(records) == ROWS_SEARCHED:
                break
    except csv.Error:
        pass  # what was read until then is preview enough; the whole read will say what is wrong
    return records


def _open_text(path: Path, contract: Contract) -> Reading:
    encoding = detect_encoding(path)
    with path.open("r", encoding=encoding, newline="") as file:
        head = file.read(PREVIEW_BYTES)
    if head.lstrip("\ufeff \r\n\t").startswith("{"):
        return _open_json_lines(path, encoding, contract)
    if not head.strip('\ufeff \r\n\t,;|"'):
        raise FileRejected("empty", "The file has no row. Fill it in and send it again.")
    found: list[tuple[int, str, list[list[str]], Header]] = []
    for delimiter in DELIMITERS:
        records = _preview_records(head, delimiter)
        header = find_header(records, contract)
        if header is not None:
            found.append((len(header.positions), delimiter, records, header))
    if not found:
        raise _no_header(contract)
    _, delimiter, records, header = max(found, key=lambda candidate: candidate[0])
    _require(header, contract, None)
    name = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}[delimiter]
    simple = header.index == 0 and not any("\n" in cell or "\r" in cell for cell in records[0])

    def batches() -> Iterator[pa.RecordBatch]:
        if simple:
            yield from _arrow_batches(path, encoding, delimiter, len(records[0]))
        else:
            yield from _record_batches(path, encoding, delimiter, header)

    def careful() -> Iterator[pa.RecordBatch]:
        return _record_batches(path, encoding, delimiter, header)

    shown = "utf-8" if encoding == "utf-8-sig" else encoding
    table = (
        _RetryableTable(None, header, batches, careful=careful)
        if simple
        else Table(None, header, batches)
    )
    return Reading(f"{name}-separated text, {shown}", (table,))


@dataclass(frozen=True)
class _RetryableTable(Table):
    """A table whose quick reader gives up on an irregular row; `careful` then reads all of it."""

    careful: Callable[[], Iterator[pa.RecordBatch]] | None = None


def careful_batches(table: Table) -> Callable[[], Iterator[pa.RecordBatch]] | None:
    """The slower reader to start over with when the quick one raised `pyarrow.ArrowInvalid`."""
    return table.careful if isinstance(table, _RetryableTable) else None


def _names(width: int) -> list[str]:
    return [f"c{position}" for position in range(width)]


def _arrow_batches(
    path: Path, encoding: str, delimiter: str, width: int
) -> Iterator[pa.RecordBatch]:
    names = _names(width)
    row = 2
    reader = arrow_csv.open_csv(
        path,
        read_options=arrow_csv.ReadOptions(
            column_names=names,
            skip_rows=1,
            block_size=BLOCK_BYTES,
            encoding="utf-8" if encoding == "utf-8-sig" else encoding,
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    for batch in reader:
        yield _numbered(list(batch.columns), row, None)
        row += batch.num_rows


def _numbered(columns: list[Any], first_row: int, overflow: Any) -> pa.RecordBatch:
    length = len(columns[0])
    return pa.record_batch(
        [
            pa.array(np.arange(first_row, first_row + length, dtype=np.int32)),
            overflow if overflow is not None else pa.nulls(length, pa.string()),
            *columns,
        ],
        names=["row_number", "overflow", *_names(len(columns))],
    )


def _record_batches(
    path: Path, encoding: str, delimiter: str, header: Header
) -> Iterator[pa.RecordBatch]:
    """Rows of any shape: short ones are filled up, cells beyond the header kept as `overflow`."""
    csv.field_size_limit(1 << 30)
    with path.open("r", encoding=encoding, newline="") as file:
        records = csv.reader(_without_nul(file), delimiter=delimiter)
        quotes = _QuoteBalance(records, delimiter)
        yield from _grid_batches(quotes, header)
        if quotes.runs_open(path, encoding):
            raise FileRejected(
                "unreadable",
                f"A quotation mark opened in row {quotes.count} is never closed. Close it and "
                "send the file again.",
            )


def _without_nul(file: IO[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in file)


class _QuoteBalance:
    """Passes records on and remembers the last, to tell a quotation mark that is never closed."""

    def __init__(self, records: Iterator[list[str]], delimiter: str) -> None:
        self._records = records
        self._delimiter = delimiter
        self._last: list[str] = []
        self.count = 0

    def __iter__(self) -> Iterator[list[str]]:
        for record in self._records:
            self.count += 1
            self._last = record
            yield record

    def runs_open(self, path: Path, encoding: str) -> bool:
        if not any("\n" in cell for cell in self._last):
            return False
        with path.open("r", encoding=encoding, newline="") as file:
            return (
                sum(block.count('"') for block in iter(lambda: file.read(BLOCK_BYTES), "")) % 2 == 1
            )


def _grid_batches(
    records: Iterator[Sequence[str]] | _QuoteBalance, header: Header
) -> Iterator[pa.RecordBatch]:
    width = max(len(header.cells), 1)
    data = itertools.islice(records, header.index + 1, None)
    row = header.index + 2
    while chunk := list(itertools.islice(data, RECORDS_A_BATCH)):
        beyond = [" | ".join(c for c in cells[width:] if c.strip()) or None for cells in chunk]
        padded = [[*cells[:width], *[""] * (width - len(cells))] for cells in chunk]
        columns = [pa.array(column, pa.string()) for column in zip(*padded, strict=True)]
        yield _numbered(columns, row, pa.array(beyond, pa.string()))
        row += len(chunk)


# ── Workbooks ─────────────────────────────────────────────────────────────────────────────────


def cell_text(value: Any) -> str:
    """What a spreadsheet cell says, as a person would type it; dates as ISO, numbers in full."""
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT are what differs from itself
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _open_workbook(path: Path, contract: Contract) -> Reading:
    import pandas as pd

    _refuse_what_calamine_dies_of(path)
    try:
        frames: dict[str, pd.DataFrame] = pd.read_excel(
            path, sheet_name=None, header=None, dtype=object, engine="calamine", na_filter=False
        )
    except BaseException as error:  # calamine tells damage by several types, panics among them
        if _is_of_this_machine(error):
            raise
        raise _unopened(str(error)) from error
    tables: list[Table] = []
    closest: Header | None = None
    passed_over: list[str] = []
    for name, frame in frames.items():
        rows = [
            [cell_text(v) for v in row] for row in frame.head(ROWS_SEARCHED).itertuples(index=False)
        ]
        header = find_header(rows, contract)
        if header is None or header.missing or header.ambiguous:
            passed_over.append(str(name))
            if header and (closest is None or len(header.positions) > len(closest.positions)):
                closest = header
            continue
        tables.append(Table(str(name), header, _frame_batches(frame, header)))
    if not tables:
        if all(frame.empty for frame in frames.values()):
            raise FileRejected("empty", "The workbook has no row. Fill it in and send it again.")
        if closest is None:
            raise _no_header(contract)
        _require(closest, contract, None)
    return Reading("workbook", tuple(tables), tuple(passed_over))


def _unopened(why: str) -> FileRejected:
    return FileRejected(
        "unreadable",
        f"The workbook cannot be opened ({why}). It may be damaged or protected by a password: "
        "save it again as .xlsx without one.",
    )


def _is_of_this_machine(error: BaseException) -> bool:
    """Whether the fault is not the file's: a disk that fails, no memory, someone's Ctrl-C."""
    if isinstance(error, OSError):
        return error.errno is not None
    if isinstance(error, MemoryError):
        return True
    return not isinstance(error, Exception) and type(error).__module__ != "pyo3_runtime"


def _refuse_what_calamine_dies_of(path: Path) -> None:
    """Looks for what would not raise but end the whole process: memory asked for without bounds.

    Raises:
        FileRejected: an .xls that a process of its own dies of, or a sheet laid out over more
            cells than any submission has.
    """
    with path.open("rb") as file:
        is_zip = file.read(4) == _ZIP
    if not is_zip:
        done = subprocess.run(  # noqa: S603 - a fixed command
            [sys.executable, "-I", "-c", _OPEN_IN_VAIN, str(path)],
            capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise _unopened(said[-1] if done.returncode == 1 and said else "it is damaged")
        return
    try:
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with package.open(name) as sheet:
                        _refuse_far_cells(sheet.read(PREVIEW_BYTES))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _unopened(str(error)) from error


def _refuse_far_cells(sheet: bytes) -> None:
    found = _DIMENSION.search(sheet)
    if not found:
        return
    letters, rows = found.groups()
    columns = 0
    for letter in letters:
        columns = columns * 26 + letter - ord("A") + 1
    if columns * int(rows) > CELLS_A_SHEET:
        raise FileRejected(
            "unreadable",
            f"A sheet goes as far as cell {letters.decode()}{rows.decode()}. Delete the rows and "
            "columns outside of the table, save the workbook and send it again.",
        )


def _frame_batches(frame: Any, header: Header) -> Callable[[], Iterator[pa.RecordBatch]]:
    def batches() -> Iterator[pa.RecordBatch]:
        body = frame.iloc[header.index + 1 :]
        for start in range(0, len(body), RECORDS_A_BATCH):
            part = body.iloc[start : start + RECORDS_A_BATCH]
            columns = [
                pa.array([cell_text(value) for value in part.iloc[:, position]], pa.string())
                for position in range(part.shape[1])
            ]
            yield _numbered(columns, header.index + 2 + start, None)

    return batches


# ── Typed files ───────────────────────────────────────────────────────────────────────────────


def _arrow_text(column: Any) -> Any:
    """An Arrow column as the text a person would have typed."""
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return column.cast(pa.string()).fill_null("")
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_date(kind):
        return column.cast(pa.string()).fill_null("")
    return pa.array([cell_text(_plain(value)) for value in column.to_pylist()], pa.string())


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return ";".join(cell_text(_plain(item)) for item in value)
    if isinstance(value, bytes):  # a text column of a writer that does not say that it is one
        return value.decode("utf-8", "replace")
    return value


def _open_parquet(path: Path, contract: Contract) -> Reading:
    from pyarrow import parquet

    def damaged(error: Exception) -> Exception:
        if isinstance(error, OSError) and error.errno:
            return error
        return FileRejected(
            "unreadable", f"The Parquet file is damaged ({error}). Write it again and send it."
        )

    try:
        file = parquet.ParquetFile(path)
        names = list(file.schema_arrow.names)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise damaged(error) from error
    header = find_header([names], contract)
    if header is None:
        raise _no_header(contract)
    _require(header, contract, None)
    if file.metadata.num_rows == 0:
        raise FileRejected("empty", "The file has a header but no row.")

    def batches() -> Iterator[pa.RecordBatch]:
        row = 1
        try:
            for batch in file.iter_batches(batch_size=RECORDS_A_BATCH):
                yield _numbered([_arrow_text(column) for column in batch.columns], row, None)
                row += batch.num_rows
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise damaged(error) from error

    return Reading("parquet", (Table(None, header, batches),))


def _open_json_lines(path: Path, encoding: str, contract: Contract) -> Reading:
    import json

    def objects() -> Iterator[tuple[int, dict[str, Any]]]:
        with path.open("r", encoding=encoding) as file:
            for number, line in enumerate(file, start=1):
                if not line.strip("\ufeff \r\n\t"):
                    continue
                try:
                    value = json.loads(line.lstrip("\ufeff"), parse_float=Decimal)
                except (ValueError, RecursionError) as error:
                    raise FileRejected(
                        "unreadable", f"Line {number} is not a JSON object ({error})."
                    ) from error
                if not isinstance(value, dict):
                    raise FileRejected("unreadable", f"Line {number} is not a JSON object.")
                yield number, value

    names = list(dict.fromkeys(itertools.chain.from_iterable(value for _, value in objects())))
    header = find_header([[_SURROGATE.sub("\ufffd", name) for name in names]], contract)
    if header is None:
        raise _no_header(contract)
    _require(header, contract, None)

    def text(value: Any) -> str:
        if isinstance(value, Decimal):
            # In full, unless that would fill the memory: no figure here has a hundred digits.
            return format(value, "f") if abs(value.adjusted()) < 100 else str(value)  # noqa: PLR2004
        return _SURROGATE.sub("\ufffd", cell_text(_plain(value)))

    def batches() -> Iterator[pa.RecordBatch]:
        rows = objects()
        while chunk := list(itertools.islice(rows, RECORDS_A_BATCH)):
            columns = [
                pa.array([text(value.get(name)) for _, value in chunk], pa.string())
                for name in names
            ]
            yield pa.record_batch(
                [
                    pa.array([number for number, _ in chunk], pa.int32()),
                    pa.nulls(len(chunk), pa.string()),
                    *columns,
                ],
                names=["row_number", "overflow", *_names(len(columns))],
            )

    return Reading(f"JSON lines, {encoding}", (Table(None, header, batches),))


# ── What is missing ───────────────────────────────────────────────────────────────────────────


def _named(contract: Contract, columns: Sequence[str]) -> str:
    return ", ".join(f"{name} ({contract.column(name).label})" for name in columns)


def _no_header(contract: Contract) -> FileRejected:
    columns = _named(contract, [column.name for column in contract.required])
    return FileRejected(
        "missing_column",
        f"No row names a column of {contract.dataset} ({contract.label}). The header must name at "
        f"least: {columns}.",
    )


def _require(header: Header, contract: Contract, sheet: str | None) -> None:
    where = f"sheet {sheet!r}, row {header.index + 1}" if sheet else f"row {header.index + 1}"
    if header.missing:
        # A row that names few columns may be no header but a title with somebody's name in it.
        is_header = len(header.missing) * 2 <= len(contract.required)
        also = ""
        if header.unknown and is_header:
            also = f" Not understood there: {', '.join(header.unknown)}."
        raise FileRejected(
            "missing_column",
            f"The header in {where} lacks {_named(contract, header.missing)}. Add the column and "
            f"send the file again.{also}",
        )
    if header.ambiguous:
        raise FileRejected(
            "unreadable",
            f"The header in {where} names {_named(contract, header.ambiguous)} more than once. "
            "Keep the column that counts and send the file again.",
        )
