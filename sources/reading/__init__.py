"""A file as text: what it is by its content, which tables it holds, their rows as typed by people.

`open_tables` gives a file's tables that fit a contract; each gives its rows in Arrow batches of
text columns `c0 … cn` with `row_number`, the number a person sees beside the row (the header's row
counts). Nothing is interpreted here: dates, money and codes are still the text someone typed.

    tables      what every reader gives: a table, its batches, why a file is refused
    packed      gzip, and how much a packed file may hold
    delimited   text separated by commas, semicolons, tabs or pipes, in any encoding
    workbooks   .xlsx, .xls, .ods, with what calamine does not tell of them: packages (.xlsx),
                excel97 (.xls), opendocument (.ods)
    records     Parquet and JSON

Arrow, and what reads workbooks, are imported with the first file that needs them: they take longer
than it takes to look up a row of a text (`sources.originals`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from sources.contracts import Contract
from sources.reading.delimited import (
    careful_batches,
    detect_encoding,
    near_rows,
    open_delimited,
    preview,
)
from sources.reading.packed import unpacked
from sources.reading.tables import FileRejected, Reading, Table
from sources.reading.values import cell_text

__all__ = [
    "FileRejected",
    "Reading",
    "Table",
    "careful_batches",
    "cell_text",
    "detect_encoding",
    "near_rows",
    "open_tables",
]

_ZIP, _OLE, _GZIP, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1"
#: What is sent by mistake, by its first bytes → what to say.
_NO_TABLES = {
    b"%PDF": "This is a PDF, not a table. Send the spreadsheet itself.",
    b"\x89PNG": "This is a picture, not a table. Send the spreadsheet itself.",
    b"\xff\xd8\xff": "This is a picture, not a table. Send the spreadsheet itself.",
    b"Rar!": "This is a RAR archive. Send the files in it one by one.",
    b"7z\xbc\xaf": "This is a 7z archive. Send the files in it one by one.",
    b"PK\x05\x06": "This is an empty ZIP archive. Send the spreadsheet itself.",
}
#: A page or an XML document that a web system calls .xls, by how its text begins.
_PAGES = ("<!doctype html", "<html", "<table", "<head", "<meta", "mime-version:", "<?xml")

_JSON_ARRAY = re.compile(r"\[\s*[{\]]")


def open_tables(path: Path, contract: Contract) -> Reading:
    """Opens a file by what its bytes are and finds the tables that fit the contract.

    Raises:
        FileRejected: it is empty, unreadable, or no table in it has the required columns.
        OSError: the file itself cannot be opened.
    """
    magic = _magic(path)
    if not magic:
        raise FileRejected("empty", "The file has no content. Save it again and send it.")
    if not magic.startswith(_GZIP):
        return _open_plain(path, contract)
    content = unpacked(path)
    reading = _open_plain(Path(content.name), contract)
    tables = tuple(replace(table, holds=content) for table in reading.tables)
    return replace(reading, format=f"{reading.format}, gzip", tables=tables)


def _magic(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _open_plain(path: Path, contract: Contract) -> Reading:
    magic = _magic(path)
    if magic in (_ZIP, _OLE):
        from sources.reading.workbooks import open_workbook

        return open_workbook(path, contract)
    if magic == _PARQUET:
        from sources.reading.records import open_parquet

        return open_parquet(path, contract)
    for beginning, advice in _NO_TABLES.items():
        if magic.startswith(beginning):
            raise FileRejected("unreadable", advice)
    if magic.startswith(_GZIP):
        raise FileRejected("unreadable", "The file is compressed twice. Pack it once and send it.")
    return _open_text(path, contract)


def _open_text(path: Path, contract: Contract) -> Reading:
    text = preview(path)
    beginning = text.head.lstrip("\ufeff \r\n\t\0")
    if not text.head.strip('\ufeff \r\n\t\0\x1a,;|"'):
        raise FileRejected("empty", "The file has no row. Fill it in and send it again.")
    if beginning.startswith("{") or _JSON_ARRAY.match(beginning):
        from sources.reading.records import open_json

        return open_json(path, text.encoding, contract, is_array=beginning.startswith("["))
    if beginning[:20].lower().startswith(_PAGES):
        raise FileRejected(
            "unreadable",
            "This is a web page that was given a spreadsheet's name. Open it in Excel, choose "
            "'Save As' and 'Excel Workbook (.xlsx)', and send that file.",
        )
    return open_delimited(path, text, contract)
