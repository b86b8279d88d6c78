"""What an .xlsx says in its own XML and calamine does not pass on, and what would be too much.

Calamine gives an error cell (#N/A) and a formula that was never calculated as nothing, which would
make a wrong cell a missing one. And it lays a sheet out over the whole of its used range, which a
single stray cell can make larger than any memory. Each part is looked through once, a block at a
time, for the few cells in question; only a sheet that has one is walked through cell by cell.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as Xml
from xml.parsers import expat

from sources.reading.packed import allowed_bytes, too_much
from sources.reading.tables import BLOCK_BYTES, FileRejected

#: A sheet is laid out cell by cell over the whole of its used range; a full sheet of a hundred
#: thousand rows has ten million cells, a stray cell in the last corner makes it seventeen billion.
CELLS_A_SHEET = 100_000_000
#: More than the longest formula has (8,192 characters), with its tags.
CELL_BYTES = 64 * 1024

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
#: Cells so far out (beyond column CR, or row 9,999,999) that the used range has to be counted. It
#: begins with letters to look for, which makes it ten times as quick as one that allows for spaces.
_FAR = re.compile(rb'r="(?:[A-Z]{3}|[D-Z][A-Z]|C[S-Z]|[A-Z]{0,2}[0-9]{8})')
_NEVER_CALCULATED = re.compile(
    rb"""<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f\s*>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>\s*|<(?:\w+:)?v\s*>\s*</(?:\w+:)?v\s*>\s*)?</(?:\w+:)?c\s*>"""
)
#: XML that is not written as every spreadsheet program writes it.
_UNUSUAL = re.compile(rb"""\s=|=\s|='""")
_REFERENCE = re.compile(r"^\$?([A-Z]{1,7})\$?([0-9]{1,9})$")


@dataclass
class Sheet:
    """What a sheet's XML says beyond its values.

    Attributes:
        texts: (row, column), from 0 → the text of an error cell, or the formula of a cell whose
            result was never calculated.
        errors: how many of them are errors.
        never_calculated: how many of them are formulas without a result.
        first: the address of the first of those formulas.
        rows: rows up to the last cell, where they had to be counted.
        columns: columns up to the last cell, likewise.
        merged: first and last cell of merged ranges, where calamine does not tell them.
    """

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: int = 0
    never_calculated: int = 0
    first: str | None = None
    rows: int = 0
    columns: int = 0
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


def is_package_of_sheets(path: Path) -> bool:
    """Whether a ZIP file is an .xlsx or .xlsm: its workbook is XML.

    Raises:
        FileRejected: it is a ZIP archive of something else.
        zipfile.BadZipFile: it is damaged.
    """
    with zipfile.ZipFile(path) as package:
        names = set(package.namelist())
    if _WORKBOOK in names:
        return True
    if not names & {"xl/workbook.bin", "content.xml", "mimetype"} and "[Content_Types].xml" not in (
        names
    ):
        raise FileRejected(
            "unreadable",
            "This is a ZIP archive, not a workbook. Send the files in it one by one.",
        )
    return False


def refuse_too_much(path: Path) -> None:
    """Refuses a ZIP file whose parts unpack to more than a workbook has.

    Raises:
        FileRejected: they do.
        zipfile.BadZipFile: it is damaged.
    """
    size = path.stat().st_size
    with zipfile.ZipFile(path) as package:
        holds = sum(part.file_size for part in package.infolist())
    if holds > allowed_bytes(size):
        raise too_much(allowed_bytes(size), size)


def sheets_of(path: Path) -> list[Sheet]:
    """What each sheet of an .xlsx says beyond its values, in the workbook's order.

    Raises:
        FileRejected: a sheet is laid out over more cells than any submission has.
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
        xml.parsers.expat.ExpatError, xml.etree.ElementTree.ParseError: it is damaged.
    """
    sheets = []
    with zipfile.ZipFile(path) as package:
        for part in _parts(package):
            sheet = _looked_through(package, part) if part else Sheet()
            refuse_far_cells(sheet.rows, sheet.columns)
            sheets.append(sheet)
    return sheets


def refuse_far_cells(rows: int, columns: int) -> None:
    """Refuses a sheet whose used range is larger than any submission's.

    Raises:
        FileRejected: it is.
    """
    if rows * columns > CELLS_A_SHEET:
        raise FileRejected(
            "unreadable",
            f"A sheet goes as far as cell {_address(rows - 1, columns - 1)}. Delete the rows and "
            "columns outside of the table, save the workbook and send it again.",
        )


def _parts(package: zipfile.ZipFile) -> list[str | None]:
    """The part that holds each sheet, as the workbook relates them; None where there is none."""
    there = set(package.namelist())
    targets = {}
    if _RELATIONS in there:
        for relation in Xml.fromstring(package.read(_RELATIONS)):  # noqa: S314 - expat bounds it
            target = relation.get("Target", "")
            full = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            targets[relation.get("Id")] = posixpath.normpath(full)
    parts: list[str | None] = []
    for element in Xml.fromstring(package.read(_WORKBOOK)).iter():  # noqa: S314
        if _local(element.tag) == "sheet":
            ids = [value for key, value in element.attrib.items() if _local(key) == "id"]
            related = [targets[one] for one in ids if targets.get(one) in there]
            parts.append(related[0] if related else None)
    return parts


def _local(tag: str) -> str:
    return re.split("[}:]", tag)[-1]


def _blocks(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with package.open(part) as file:
        yield from iter(lambda: file.read(BLOCK_BYTES), b"")


def _looked_through(package: zipfile.ZipFile, part: str) -> Sheet:
    """Walks through the sheet only where a quick look finds that there is something to find."""
    rest = b""
    for block in _blocks(package, part):
        text = rest + block
        if (not rest and _UNUSUAL.search(text[:CELL_BYTES])) or _has_something(text):
            return _walked_through(package, part)
        rest = text[-CELL_BYTES:]  # a cell that the block cuts in two is looked at again
    return Sheet()


def _has_something(text: bytes) -> bool:
    if b't="e"' in text or _FAR.search(text):
        return True
    return (b"<f" in text or b":f" in text) and _NEVER_CALCULATED.search(text) is not None


def _walked_through(package: zipfile.ZipFile, part: str) -> Sheet:
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    for block in _blocks(package, part):
        parser.Parse(block, False)
    parser.Parse(b"", True)
    return walk.sheet


class _Walk:
    """Goes through a sheet's XML, counting where it stands, as cells need not say it."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self._row = self._column = -1
        self._kind = ""
        self._inside: str | None = None
        self._said = {"f": "", "v": ""}
        self._has_formula = self._is_filled = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
        elif name == "c":
            self._column += 1
            if found := _REFERENCE.match(attributes.get("r", "")):
                self._row, self._column = int(found[2]) - 1, _number(found[1]) - 1
            self._kind = attributes.get("t", "")
            self._has_formula = False
            self._is_filled = False
            self._said = {"f": "", "v": ""}
        elif name in ("f", "v", "is"):
            self._inside = name if name in self._said else None
            self._has_formula = self._has_formula or name == "f"
            self._is_filled = True

    def text(self, text: str) -> None:
        if self._inside:
            self._said[self._inside] += text

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name == self._inside:
            self._inside = None
        if name != "c":
            return
        value = self._said["v"].strip()
        place = (self._row, self._column)
        if self._is_filled:
            self.sheet.rows = max(self.sheet.rows, self._row + 1)
            self.sheet.columns = max(self.sheet.columns, self._column + 1)
        if self._kind == "e":
            self.sheet.errors += 1
            self.sheet.texts[place] = value or "#ERROR"
        # A formula whose result is the empty text says so by its type.
        elif self._has_formula and not value and self._kind != "str":
            self.sheet.never_calculated += 1
            self.sheet.first = self.sheet.first or _address(*place)
            self.sheet.texts[place] = "=" + self._said["f"]


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _address(row: int, column: int) -> str:
    letters, rest = "", column + 1
    while rest > 0:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"
