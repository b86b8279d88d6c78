"""Writes workbooks of Excel 97 (.xls), the few records that a reader of tables looks at.

No library that is kept up writes them. The format: Microsoft's [MS-XLS] and [MS-CFB].
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SECTOR = 512
#: A stream shorter than this would lie in the small sectors, which are not written here.
SHORTEST_STREAM = 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_PLAIN, _DATE = 0, 1
ERRORS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#N/A": 42}


@dataclass(frozen=True)
class Error:
    """An error cell, such as ``Error("#N/A")``."""

    text: str


@dataclass(frozen=True)
class Serial:
    """A date cell that holds this day number."""

    days: float


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str, length: str = "<H") -> bytes:
    return struct.pack(length, len(text)) + b"\x01" + text.encode("utf-16-le")


def _cell(row: int, column: int, value: Any) -> bytes:
    at = struct.pack("<HH", row, column)
    if isinstance(value, Error):
        return _record(0x0205, at + struct.pack("<HBB", _PLAIN, ERRORS[value.text], 1))
    if isinstance(value, bool):
        return _record(0x0205, at + struct.pack("<HBB", _PLAIN, value, 0))
    if isinstance(value, str):
        return _record(0x0204, at + struct.pack("<H", _PLAIN) + _text(value))
    if isinstance(value, Serial):
        return _record(0x0203, at + struct.pack("<Hd", _DATE, value.days))
    if isinstance(value, dt.date):
        day = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
        days = (day - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
        return _record(0x0203, at + struct.pack("<Hd", _DATE, days))
    return _record(0x0203, at + struct.pack("<Hd", _PLAIN, float(value)))


def _sheet(rows: Sequence[Sequence[Any]], merged: Sequence[tuple[int, int, int, int]]) -> bytes:
    width = max(map(len, rows), default=0)
    cells = b"".join(
        _cell(row, column, value)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value is not None
    )
    merges = struct.pack("<H", len(merged)) + b"".join(
        struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in merged
    )
    return (
        _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 0x0600))
        + _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
        + cells
        + (_record(0x00E5, merges) if merged else b"")
        + _record(0x000A, b"")
    )


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    *,
    hidden: Sequence[str] = (),
    merged: Sequence[tuple[int, int, int, int]] = (),
    from_1904: bool = False,
) -> bytes:
    """A workbook.

    Args:
        sheets: name → rows of text, numbers, booleans, dates, `Serial`, `Error`; None is no cell.
        hidden: sheets whose tab is not shown.
        merged: ranges (top, left, bottom, right), from 0, in every sheet.
        from_1904: whether day numbers count from 1904, as on old Macintoshes.
    """
    contents = [_sheet(rows, merged) for rows in sheets.values()]
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 0x0600))
    head += _record(0x0042, struct.pack("<H", 1200))
    head += _record(0x0022, struct.pack("<H", int(from_1904)))
    head += _record(0x041E, struct.pack("<H", 164) + _text("dd/mm/yyyy"))
    for number_format in (0, 164):
        head += _record(0x00E0, struct.pack("<HH", 0, number_format) + bytes(16))
    named = [(name, 1 if name in hidden else 0) for name in sheets]
    length = sum(4 + 6 + 2 + 2 * len(name) for name, _ in named)
    offset = len(head) + length + 4
    for (name, visibility), content in zip(named, contents, strict=True):
        head += _record(0x0085, struct.pack("<IBB", offset, visibility, 0) + _text(name, "<B"))
        offset += len(content)
    return compound({"Workbook": head + _record(0x000A, b"") + b"".join(contents)})


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (OLE2) with these streams."""
    sectors = b""
    chains: list[int] = []
    entries = []
    for name, content in streams.items():
        padded = content.ljust(SHORTEST_STREAM, b"\0")
        count = -(-len(padded) // SECTOR)
        start = len(chains)
        chains += [*range(start + 1, start + count), _END]
        sectors += padded.ljust(count * SECTOR, b"\0")
        entries.append((name, 2, start, len(padded)))
    directory = _directory([("Root Entry", 5, _END, 0), *entries])
    directory_at = len(chains)
    count = len(directory) // SECTOR
    chains += [*range(directory_at + 1, directory_at + count), _END]
    fat_sectors = 1
    while fat_sectors * SECTOR // 4 < len(chains) + fat_sectors:
        fat_sectors += 1
    fat_at = len(chains)
    chains += [_FAT] * fat_sectors
    chains += [_FREE] * (fat_sectors * SECTOR // 4 - len(chains))
    fat = struct.pack(f"<{len(chains)}I", *chains)
    places = [fat_at + n for n in range(fat_sectors)]
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x003E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIII", 0, fat_sectors, directory_at, 0, SHORTEST_STREAM)
        + struct.pack("<IIII", _END, 0, _END, 0)
        + struct.pack("<109I", *places, *[_FREE] * (109 - len(places)))
    )
    return header + sectors + directory + fat


def _directory(entries: Sequence[tuple[str, int, int, int]]) -> bytes:
    written = b""
    for number, (name, kind, start, size) in enumerate(entries):
        encoded = name.encode("utf-16-le")
        following = number + 1 if 0 < number < len(entries) - 1 else _FREE
        child = 1 if kind == 5 else _FREE
        written += (
            encoded.ljust(64, b"\0")
            + struct.pack("<HBB", len(encoded) + 2, kind, 1)
            + struct.pack("<III", _FREE, following, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )
    return written.ljust(-(-len(written) // SECTOR) * SECTOR, b"\0")
