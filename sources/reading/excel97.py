"""What an .xls says in its own records and calamine does not pass on: which cells are errors.

The format: Microsoft's [MS-XLS], in the compound file of [MS-CFB]. Only what is needed of both is
read here: the stream of the workbook, where its sheets begin, and the records of error results.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from sources.reading.packages import Sheet

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!"}
_FORMULA, _BOOL_OR_ERROR, _BOUND_SHEET, _END_OF_SHEET = 0x0006, 0x0205, 0x0085, 0x000A
_FILE_PASS = 0x002F
#: The stream in which a newer workbook lies whole, encrypted ([MS-OFFCRYPTO]).
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_STREAMS = ("Workbook", "Book")
_LAST_SECTOR = 0xFFFFFFFA


def sheets_of(path: Path) -> list[Sheet]:
    """What each sheet says beyond its values, in the workbook's order; none where it has no stream.

    Raises:
        struct.error, IndexError: the file is damaged.
    """
    stream = _stream(path.read_bytes())
    if stream is None:
        return []
    return [
        _errors_of(stream, struct.unpack_from("<I", data)[0])
        for kind, data in _records(stream, 0)
        if kind == _BOUND_SHEET
    ]


def is_protected(path: Path) -> bool:
    """Whether a compound file is a workbook, old or new, that a password opens.

    Raises:
        struct.error, IndexError: the file is damaged.
    """
    content = path.read_bytes()
    if _ENCRYPTED_PACKAGE in content:
        return True
    stream = _stream(content)
    return stream is not None and any(kind == _FILE_PASS for kind, _ in _records(stream, 0))


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == _END_OF_SHEET:
            return
        at += 4 + length


def _errors_of(stream: bytes, begins: int) -> Sheet:
    sheet = Sheet()
    for kind, data in _records(stream, begins):
        code = None
        if kind == _BOOL_OR_ERROR and len(data) >= 8 and data[7]:  # noqa: PLR2004
            code = data[6]
        # A result that is no number ends in FFFF; of those, kind 2 is an error.
        elif kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:  # noqa: PLR2004
            code = data[8]
        if code is not None:
            row, column = struct.unpack_from("<HH", data)
            sheet.errors += 1
            sheet.texts[row, column] = _ERRORS.get(code, "#N/A")
    return sheet


def _stream(file: bytes) -> bytes | None:
    """The workbook's stream; None where the compound file has none, or a very short one."""
    shift = struct.unpack_from("<H", file, 30)[0]
    size = 1 << min(shift, 12)
    _, directory, _, shortest = struct.unpack_from("<IIII", file, 44)
    places = [p for p in _fat_sectors(file, size) if p < _LAST_SECTOR]
    fat = [n for p in places for n in struct.unpack_from(f"<{size // 4}I", file, (p + 1) * size)]
    entries = _chain(file, fat, directory, size)
    for at in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        start, bytes_long = struct.unpack_from("<II", entries, at + 116)
        if name in _STREAMS and bytes_long >= shortest:
            return _chain(file, fat, start, size)[:bytes_long]
    return None


def _fat_sectors(file: bytes, size: int) -> list[int]:
    """Where the sectors of the allocation table lie: 109 in the header, further ones chained."""
    places = list(struct.unpack_from("<109I", file, 76))
    following, count = struct.unpack_from("<II", file, 68)
    for _ in range(min(count, len(file) // size)):
        if following >= _LAST_SECTOR:
            break
        *more, following = struct.unpack_from(f"<{size // 4}I", file, (following + 1) * size)
        places += more
    return places


def _chain(file: bytes, fat: list[int], start: int, size: int) -> bytes:
    sectors: list[bytes] = []
    at = start
    while at < len(fat) and len(sectors) <= len(fat):
        sectors.append(file[(at + 1) * size : (at + 2) * size])
        at = fat[at]
    return b"".join(sectors)
