"""Text separated by commas, semicolons, tabs or pipes, in any encoding that spreadsheets write.

A rectangular text file is read by Arrow's own reader, a block at a time; one that is not (ragged
rows, blank lines, title rows, stray marks) by Python's, which knows for every record where it
stands and which lines it took.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sources.contracts import Contract
from sources.headers import ROWS_SEARCHED, Header, find_header
from sources.reading.tables import (
    BLOCK_BYTES,
    RECORDS_A_BATCH,
    FileRejected,
    Reading,
    Table,
    names,
    no_header,
    numbered,
    require_all,
)

if TYPE_CHECKING:
    import pyarrow as pa

DELIMITERS = (",", ";", "\t", "|")
PREVIEW_BYTES = 256 * 1024
#: Bytes that no text has; where more than one in a hundred is such, the file is no text.
_CONTROL = bytes([*range(0x01, 0x09), *range(0x0E, 0x1A), *range(0x1C, 0x20)])
_CONTROLS_IN_A_HUNDRED = 1
#: Bytes that stand for nothing: exports pad cells with NUL, and DOS ended texts in a SUB.
_PADDING = b"\x00\x1a"
_PADDING_IN_A_HUNDRED = 20
_UTF8_THAI = re.compile(rb"\xe0[\xb8\xb9][\x80-\xbf]")
_HIGH = re.compile(rb"[\x80-\xff]")
#: High bytes of UTF-16 text in Thai and Latin letters.
_UTF16_HIGH = (0x00, 0x0E)
_AS_SPACES = str.maketrans("\0\x1a", "  ")
#: Rows up to which a row is looked up line by line: two tenths of a second, as long as importing
#: Arrow takes. Further down Arrow's reader is quicker all the same.
NEAR = 250_000

csv.field_size_limit(min(sys.maxsize, 1 << 30))


@dataclass(frozen=True)
class Text:
    """A text file before it is known to be a table.

    Attributes:
        encoding: what it is decoded by.
        head: its first characters.
        has_padding: whether it has NUL or SUB characters, which stand for nothing.
        has_quotes: whether it has quotation marks.
    """

    encoding: str
    head: str
    has_padding: bool = False
    has_quotes: bool = False


@dataclass
class _Scan:
    """What one pass over all bytes tells: where they cannot be decoded, which marks they hold."""

    broken_at_line: int | None = None
    has_padding: bool = False
    has_quotes: bool = False


def detect_encoding(path: Path) -> str:
    """The text's encoding: by its byte order mark, else UTF-8 where it is valid, else CP874.

    Raises:
        FileRejected: it is none of them, or no text at all; the message says where.
    """
    return _decided(path)[0]


def preview(path: Path) -> Text:
    """The encoding and the first characters of a text file.

    Raises:
        FileRejected: it is no text in an encoding that is read here.
    """
    encoding, scan = _decided(path)
    with path.open("r", encoding=encoding, newline="") as file:
        head = file.read(PREVIEW_BYTES)
    return Text(encoding, head, scan.has_padding, scan.has_quotes)


def _decided(path: Path) -> tuple[str, _Scan]:
    with path.open("rb") as file:
        head = file.read(PREVIEW_BYTES)
    encoding = _encoding_of(head)
    scan = _scan(path, encoding)
    if scan.broken_at_line is None:
        return encoding, scan
    if encoding.startswith("utf-16"):
        raise FileRejected(
            "unreadable", "The file is UTF-16 text that is damaged. Save it again and send it."
        )
    high = len(_HIGH.findall(head))
    if encoding == "utf-8-sig" or 3 * len(_UTF8_THAI.findall(head)) * 2 > max(high, 1):
        raise FileRejected(
            "unreadable",
            f"The file is UTF-8 text that is damaged at line {scan.broken_at_line}. Save it again "
            "and send it.",
        )
    scan = _scan(path, "cp874")
    if scan.broken_at_line is None:
        return "cp874", scan
    raise FileRejected(
        "unreadable",
        f"Line {scan.broken_at_line} is neither UTF-8 nor Thai Windows (CP874) text. Save the "
        "file as 'CSV UTF-8' and send it.",
    )


def _encoding_of(head: bytes) -> str:
    """The likely encoding of text that begins like this."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding, high, low in (("utf-16-le", head[1:400:2], 0), ("utf-16-be", head[0:400:2], 1)):
        other = head[low:400:2]
        share = sum(map(high.count, _UTF16_HIGH)) / max(len(high), 1)
        if high.count(0) and share > 0.9 and other.count(0) < len(other) * 0.1:  # noqa: PLR2004
            return encoding
    controls, padding = (len(head) - len(head.translate(None, of)) for of in (_CONTROL, _PADDING))
    if (
        controls * 100 > len(head) * _CONTROLS_IN_A_HUNDRED
        or padding * 100 > len(head) * _PADDING_IN_A_HUNDRED
    ):
        raise FileRejected(
            "unreadable",
            "The file is neither a table of text nor a spreadsheet. Save it as .xlsx or .csv.",
        )
    return "utf-8"


def _scan(path: Path, encoding: str) -> _Scan:
    scan = _Scan()
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    wide = encoding.startswith("utf-16")
    passed = 0
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK_BYTES)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                scan.broken_at_line = 1 + _lines_before(path, passed + max(error.start, 0))
                return scan
            marks: Any = text if wide else block
            nul, sub, quote = ("\0", "\x1a", '"') if wide else (b"\0", b"\x1a", b'"')
            scan.has_padding = scan.has_padding or nul in marks or sub in marks
            scan.has_quotes = scan.has_quotes or quote in marks
            if not block:
                return scan
            passed += len(block)


def _lines_before(path: Path, position: int) -> int:
    """The lines that end before a position; counted where one is asked for, which is seldom."""
    lines = 0
    with path.open("rb") as file:
        while block := file.read(min(BLOCK_BYTES, position - file.tell())):
            lines += block.count(b"\n")
    return lines


# ── The table ─────────────────────────────────────────────────────────────────────────────────


def open_delimited(path: Path, text: Text, contract: Contract) -> Reading:
    """Finds delimiter and header of a text file.

    Raises:
        FileRejected: no delimiter gives a header with the required columns.
    """
    found = _headers(text.head, [one for one in DELIMITERS if one in text.head], contract)
    # What parts no row gives a header of one column, and so is worth a look only beside such.
    if all(len(header.positions) <= 1 for _, _, header in found):
        found = _headers(text.head, DELIMITERS, contract)
    if not found:
        raise no_header(contract)
    delimiter, records, header = max(found, key=lambda candidate: len(candidate[2].positions))
    require_all(header, contract)
    name = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}[delimiter]
    shown = "utf-8" if text.encoding == "utf-8-sig" else text.encoding
    said = f"{name}-separated text, {shown}"

    def careful() -> Iterator[pa.RecordBatch]:
        return _record_batches(path, text.encoding, delimiter, header)

    def near(numbers: Collection[int]) -> list[dict[str, Any]] | None:
        return _near_rows(path, text.encoding, delimiter, header, numbers)

    on_one_line = not any("\n" in cell or "\r" in cell for cell in records[0])
    if header.index > 0 or text.has_padding or not on_one_line:
        return Reading(said, (_TextTable(None, header, careful, near=near),))

    def quick() -> Iterator[pa.RecordBatch]:
        return _arrow_batches(path, text, delimiter, len(records[0]))

    return Reading(said, (_TextTable(None, header, quick, careful=careful, near=near),))


def _headers(
    head: str, delimiters: Sequence[str], contract: Contract
) -> list[tuple[str, list[list[str]], Header]]:
    """Delimiters, the first records by each and the header in them, where there is one."""
    read = [(delimiter, _first_records(head, delimiter)) for delimiter in delimiters]
    return [
        (delimiter, records, header)
        for delimiter, records in read
        if (header := find_header(records, contract)) is not None
    ]


@dataclass(frozen=True)
class _TextTable(Table):
    """A table of text.

    Attributes:
        careful: where its reader is the quick one, which gives up on an irregular row: the one that
            then reads all of it.
        near: gives single rows; see `near_rows`.
    """

    careful: Callable[[], Iterator[pa.RecordBatch]] | None = None
    near: Callable[[Collection[int]], list[dict[str, Any]] | None] | None = None


def careful_batches(table: Table) -> Callable[[], Iterator[pa.RecordBatch]] | None:
    """The slower reader to start over with when the quick one raised `pyarrow.ArrowInvalid`."""
    return table.careful if isinstance(table, _TextTable) else None


def near_rows(table: Table, numbers: Collection[int]) -> list[dict[str, Any]] | None:
    """The rows of these numbers, each as a row of a batch, looked up without reading the table.

    Returns:
        None where that cannot be: the table is no text, a row stands beyond the first `NEAR` or is
        not there, or one before it takes several lines, so that it depends on all what is a row.
    """
    if max(numbers) > NEAR or not isinstance(table, _TextTable) or table.near is None:
        return None
    return table.near(numbers)


def _first_records(head: str, delimiter: str) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        for record in csv.reader(_lines(io.StringIO(head, newline="")), delimiter=delimiter):
            records.append(record)
            if len(records) == ROWS_SEARCHED:
                break
    except csv.Error:
        pass  # what was read until then is preview enough; the whole read will say what is wrong
    return records


def _lines(file: IO[str]) -> Iterator[str]:
    """The file's lines; what only pads is a space, so that no two digits ever move together."""
    return (line.translate(_AS_SPACES) if "\0" in line or "\x1a" in line else line for line in file)


def _arrow_batches(path: Path, text: Text, delimiter: str, width: int) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    columns = names(width)
    row = 2
    reader = arrow_csv.open_csv(
        path,
        read_options=arrow_csv.ReadOptions(
            column_names=columns,
            skip_rows=1,
            block_size=BLOCK_BYTES,
            encoding="utf-8" if text.encoding == "utf-8-sig" else text.encoding,
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
        ),
    )
    for batch in reader:
        if text.has_quotes and any(_may_hold_rows(column, delimiter) for column in batch.columns):
            raise pa.ArrowInvalid("a cell of several lines may hold rows; look at them with care")
        yield numbered(batch.columns, row)
        row += batch.num_rows


def _may_hold_rows(column: Any, delimiter: str) -> bool:
    """Whether a cell of several lines has delimiters, as rows between two stray marks would."""
    import pyarrow.compute as pc

    values = column.buffers()[2]
    if values is None or b"\n" not in values.to_pybytes():  # a million rows' worth costs nothing
        return False
    lines = pc.match_substring(column, "\n")
    return bool(pc.any(pc.match_substring(column.filter(lines), delimiter)).as_py())


def _record_batches(
    path: Path, encoding: str, delimiter: str, header: Header
) -> Iterator[pa.RecordBatch]:
    """Rows of any shape: short ones are filled up, cells beyond the header kept as `overflow`."""
    with path.open("r", encoding=encoding, newline="") as file:
        records = _Records(file, delimiter)
        yield from _grid_batches(records, header, delimiter)
        if records.runs_open(path, encoding):
            raise FileRejected(
                "unreadable",
                f"A quotation mark opened in row {records.count} is never closed. Close it and "
                "send the file again.",
            )


@dataclass(frozen=True)
class _Record:
    """One record: its cells, and its lines where a quotation mark joined several in disorder."""

    cells: list[str]
    disorder: str | None = None


class _Records:
    """Records of a text, with a watch on quotation marks that take in more than a cell.

    A mark opened by mistake runs to the next one, and the rows between become part of a cell. Such
    a cell does not end where its mark is closed, which a well-formed one does.
    """

    def __init__(self, file: IO[str], delimiter: str) -> None:
        self._lines: list[str] = []
        self._file = file
        self._delimiter = delimiter
        self._ends_in_lines = False
        self.count = 0

    def _remembered(self) -> Iterator[str]:
        for line in _lines(self._file):
            self._lines.append(line)
            yield line

    def __iter__(self) -> Iterator[_Record]:
        for cells in csv.reader(self._remembered(), delimiter=self._delimiter):
            self.count += 1
            self._ends_in_lines = any("\n" in cell or "\r" in cell for cell in cells)
            disorder = None
            if len(self._lines) > 1 and not _is_well_formed(self._lines, self._delimiter):
                disorder = "".join(self._lines)
            self._lines.clear()
            yield _Record(cells, disorder)

    def runs_open(self, path: Path, encoding: str) -> bool:
        """Whether the last record ended only because the text did."""
        if not self._ends_in_lines:
            return False
        with path.open("r", encoding=encoding, newline="") as file:
            return (
                sum(block.count('"') for block in iter(lambda: file.read(BLOCK_BYTES), "")) % 2 == 1
            )


def _is_well_formed(lines: Sequence[str], delimiter: str) -> bool:
    try:
        return len(list(csv.reader(iter(lines), delimiter=delimiter, strict=True))) == 1
    except csv.Error:
        return False


def _grid_batches(records: _Records, header: Header, delimiter: str) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    width = max(len(header.cells), 1)
    data = itertools.islice(records, header.index + 1, None)
    row = header.index + 2
    while chunk := list(itertools.islice(data, RECORDS_A_BATCH)):
        beyond = [_beyond(record, width, delimiter) for record in chunk]
        padded = [_padded(record.cells, width) for record in chunk]
        columns = [pa.array(column, pa.string()) for column in zip(*padded, strict=True)]
        yield numbered(columns, row, pa.array(beyond, pa.string()))
        row += len(chunk)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _near_rows(
    path: Path, encoding: str, delimiter: str, header: Header, numbers: Collection[int]
) -> list[dict[str, Any]] | None:
    """Rows of these numbers as both readers give them; None where a record took several lines.

    As long as every record is a line, it is of no account for a row what stands after it.
    """
    width = max(len(header.cells), 1)
    found = []
    with path.open("r", encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        count = 0
        for number in sorted(numbers):
            if number <= header.index + 1:
                continue
            try:
                deque(itertools.islice(reader, number - count - 1), maxlen=0)
                cells = next(reader, None)
            except csv.Error:
                return None
            if cells is None or reader.line_num != number:
                return None
            count = number
            said = [cell.translate(_AS_SPACES) for cell in cells]
            row: dict[str, Any] = dict(zip(names(width), _padded(said, width), strict=True))
            row["row_number"], row["overflow"] = number, _beyond(_Record(said), width, delimiter)
            found.append(row)
    return found


def _beyond(record: _Record, width: int, delimiter: str) -> str | None:
    """What no column of the header holds: further cells, or the lines of a record in disorder."""
    if record.disorder is not None:
        return record.disorder.replace(delimiter, " | ")
    return " | ".join(cell for cell in record.cells[width:] if cell.strip()) or None
