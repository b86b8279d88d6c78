"""What an .ods says in its XML and calamine does not pass on: error cells, and merged ones.

Rows and cells that repeat are written once with a count (OpenDocument 1.3, part 3, 9.1), so where a
cell stands is known by counting. A sheet is walked through only where a quick look finds something.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from sources.reading.packages import Sheet
from sources.reading.tables import BLOCK_BYTES

_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_MARKS = (b'"error"', b"number-rows-spanned")
_CELLS = ("table:table-cell", "table:covered-table-cell")


def sheets_of(path: Path) -> list[Sheet]:
    """What each sheet says beyond its values, in the workbook's order; none where nothing is said.

    Raises:
        zipfile.BadZipFile, zlib.error, xml.parsers.expat.ExpatError, ValueError: it is damaged.
    """
    with zipfile.ZipFile(path) as package:
        if _CONTENT not in package.namelist() or not _has_something(package):
            return []
        walk = _Walk()
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = walk.start
        parser.EndElementHandler = walk.end
        parser.CharacterDataHandler = walk.text
        for block in _blocks(package):
            parser.Parse(block, False)
        parser.Parse(b"", True)
    return walk.sheets


def is_protected(path: Path) -> bool:
    """Whether a password opens the document: its manifest says how its parts are encrypted.

    Raises:
        zipfile.BadZipFile, zlib.error: it is damaged.
    """
    with zipfile.ZipFile(path) as package:
        return _MANIFEST in package.namelist() and b"encryption-data" in package.read(_MANIFEST)


def _blocks(package: zipfile.ZipFile) -> Iterator[bytes]:
    with package.open(_CONTENT) as file:
        yield from iter(lambda: file.read(BLOCK_BYTES), b"")


def _has_something(package: zipfile.ZipFile) -> bool:
    rest = b""
    for block in _blocks(package):
        text = rest + block
        if any(mark in text for mark in _MARKS):
            return True
        rest = text[-max(map(len, _MARKS)) :]
    return False


class _Walk:
    """Goes through the sheets, counting rows and columns."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self._row = self._column = self._next_row = 0
        self._times = 1
        self._is_error = False
        self._said = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self.sheets.append(Sheet())
            self._next_row = 0
        elif tag == "table:table-row":
            self._row = self._next_row
            self._next_row += int(attributes.get("table:number-rows-repeated", "1"))
            self._column = 0
        elif tag in _CELLS:
            self._times = int(attributes.get("table:number-columns-repeated", "1"))
            self._is_error = attributes.get("calcext:value-type") == "error"
            self._said = ""
            rows = int(attributes.get("table:number-rows-spanned", "1"))
            if rows > 1 and self.sheets:
                first = (self._row, self._column)
                self.sheets[-1].merged.append((first, (self._row + rows - 1, self._column)))

    def text(self, text: str) -> None:
        self._said += text if self._is_error else ""

    def end(self, tag: str) -> None:
        if tag not in _CELLS:
            return
        if self._is_error and self.sheets:
            self.sheets[-1].errors += 1
            self.sheets[-1].texts[self._row, self._column] = self._said.strip() or "#ERROR"
            self._is_error = False
        self._column += self._times
