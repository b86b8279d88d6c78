"""One table in every format of the interface page, as the programs of coordinators write it.

A table is a header and rows of cells. Cells are text as typed; in a workbook they may also be
numbers and dates, None is an empty one. Every writer gives the bytes of a whole file.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import gzip
import io
import itertools
import json
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import xlsxwriter
from pyarrow import parquet

Cells = Sequence[Sequence[Any]]

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
#: The page's encodings; Excel's "Unicode text" is UTF-16 with a byte order mark.
ENCODINGS = {
    "utf8": lambda text: text.encode(),
    "utf8 with bom": lambda text: codecs.BOM_UTF8 + text.encode(),
    "cp874": lambda text: text.encode("cp874"),
    "tis620": lambda text: text.encode("tis-620"),
    "utf16": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf16 big endian": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
}


def text(cells: Cells, delimiter: str = ",", encoding: str = "utf8") -> bytes:
    """A text table."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(
        ["" if cell is None else cell for cell in row] for row in cells
    )
    return ENCODINGS[encoding](out.getvalue())


def xlsx(sheets: Mapping[str, Cells]) -> bytes:
    """A workbook of Excel; dates become date cells, whichever calendar their year is of."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(buffer, options) as book:
        for name, cells in sheets.items():
            sheet = book.add_worksheet(name)
            for row, values in enumerate(cells):
                for column, value in enumerate(values):
                    if isinstance(value, str):
                        sheet.write_string(row, column, value)
                    elif value is not None:
                        sheet.write(row, column, value)
    return buffer.getvalue()


def ods(sheets: Mapping[str, Cells]) -> bytes:
    """An OpenDocument spreadsheet; dates become date cells."""
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(
            f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in cells
        )
        + "</table:table>"
        for name, cells in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names} '
        f'office:version="1.2"><office:body><office:spreadsheet>{tables}</office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", kind, zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def _ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, dt.date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def xls(sheets: Mapping[str, Cells]) -> bytes:
    """A workbook of Excel 97 of text and number cells (BIFF8, [MS-XLS]; at most 60 kB)."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def opening(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 6))

    def cell(row: int, column: int, value: Any) -> bytes:
        place = struct.pack("<HHH", row, column, 0)
        if isinstance(value, str):
            letters = value.encode("utf-16-le")
            return record(0x0204, place + struct.pack("<HB", len(letters) // 2, 1) + letters)
        return record(0x0203, place + struct.pack("<d", value))

    end = record(0x000A, b"")
    bodies = [
        opening(0x0010)
        + b"".join(
            cell(row, column, value)
            for row, values in enumerate(cells)
            for column, value in enumerate(values)
            if value is not None
        )
        + end
        for cells in sheets.values()
    ]
    names = [name.encode("utf-16-le") for name in sheets]
    listed = sum(4 + 8 + len(name) for name in names)
    first = len(opening(5)) + listed + len(end)
    starts = itertools.accumulate((len(body) for body in bodies), initial=first)
    globals_ = opening(0x0005) + b"".join(
        record(0x0085, struct.pack("<IBBBB", start, 0, 0, len(name) // 2, 1) + name)
        for start, name in zip(starts, names, strict=False)
    )
    return _compound_file("Workbook", globals_ + end + b"".join(bodies))


def _compound_file(name: str, stream: bytes) -> bytes:
    """An OLE compound file ([MS-CFB]) with one stream."""
    free, chain_end, of_table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    stream = stream.ljust(4096, b"\0")  # a shorter one would lie in a stream of small streams
    stream += b"\0" * (-len(stream) % 512)
    sectors = len(stream) // 512
    table = [of_table, chain_end, *range(3, sectors + 2), chain_end]
    table += [free] * (128 - len(table))

    def entry(label: str, kind: int, child: int, start: int, size: int) -> bytes:
        letters = (label + "\0").encode("utf-16-le")
        links = struct.pack("<HBBIII", len(letters), kind, 1, free, free, child)
        return letters.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, chain_end, 0) + entry(name, 2, free, 2, len(stream))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, chain_end, 0,
                      chain_end, 0)
        + struct.pack("<109I", 0, *[free] * 108)
    )  # fmt: skip
    return header + struct.pack("<128I", *table) + directory.ljust(512, b"\0") + stream


def columnar(cells: Cells) -> bytes:
    """A Parquet file; an empty cell is null."""
    header, *rows = cells
    columns = {
        name: [row[place] if row[place] != "" else None for row in rows]
        for place, name in enumerate(header)
    }
    buffer = io.BytesIO()
    parquet.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def json_lines(cells: Cells) -> bytes:
    """JSON Lines; an empty cell is not there."""
    header, *rows = cells
    lines = [
        json.dumps(
            {name: cell for name, cell in zip(header, row, strict=True) if cell not in ("", None)},
            ensure_ascii=False,
        )
        for row in rows
    ]
    return ("\n".join(lines) + "\n").encode()


def _text_format(delimiter: str, encoding: str) -> Callable[[Cells], bytes]:
    return lambda cells: text(cells, DELIMITERS[delimiter], encoding)


#: Format in words → (the ending of its files, how a table is written in it).
FORMATS: dict[str, tuple[str, Callable[[Cells], bytes]]] = {
    **{
        f"{delimiter} {encoding}": (
            {"comma": ".csv", "semicolon": ".csv", "tab": ".tsv", "pipe": ".txt"}[delimiter],
            _text_format(delimiter, encoding),
        )
        for delimiter in DELIMITERS
        for encoding in ENCODINGS
    },
    "xlsx": (".xlsx", lambda cells: xlsx({"แผ่น1": cells})),
    "xls": (".xls", lambda cells: xls({"แผ่น1": cells})),
    "ods": (".ods", lambda cells: ods({"แผ่น1": cells})),
    "parquet": (".parquet", columnar),
    "json lines": (".jsonl", json_lines),
}


def packed(content: bytes) -> bytes:
    """The same, gzipped; the same bytes each time."""
    return gzip.compress(content, mtime=0)
