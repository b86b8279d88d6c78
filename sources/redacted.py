"""The archived form of a file from which a person was taken out: the tables that were read of it.

    archive/ab/<sha-256>                        the bytes as they came
    archive/ab/<sha-256>.<dataset>.redacted     their tables without the person, instead of them

The file keeps its id, the SHA-256 of what was sent, and its rows keep their numbers, so that what
refers to them still finds them. Besides the rows stand the header's own texts, by which a later
contract finds its columns. What no reader reads (other sheets, comments, who wrote the workbook)
is not kept. Of a file that does not open nothing is kept but why.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from sources.contracts import Contract
from sources.forgotten import COVER, MENTION, Forgotten
from sources.headers import Header, find_header
from sources.objects import Place, at_hand
from sources.reading import FileRejected, Reading, Table, careful_batches, open_tables
from sources.reading.tables import names, no_header, require_all
from sources.store import Archive, written_whole

_ABOUT = b"warehouse.redacted"
_GZIP, _WORKBOOKS = b"\x1f\x8b", (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
#: Encodings in which the digits of a text that does not open are looked for.
_ENCODINGS = ("utf-8", "cp874", "utf-16-le", "utf-16-be")
_BLOCK_CHARS = 1 << 22


@dataclass(frozen=True)
class Redaction:
    """What came of looking for forgotten persons in an archived file.

    Attributes:
        rows: rows that were a forgotten person's and are left out.
        cells: cells of other rows in which one was named.
        is_emptied: the file does not open and named one: nothing is kept of it.
    """

    rows: int = 0
    cells: int = 0
    is_emptied: bool = False

    def __bool__(self) -> bool:
        """Whether anybody was found."""
        return bool(self.rows or self.cells or self.is_emptied)


# ── Reading ───────────────────────────────────────────────────────────────────────────────────


def open_archived(path: Path, contract: Contract) -> Reading:
    """Opens a file of the archive, as it came or as it was left.

    Raises:
        sources.reading.FileRejected: no table in it fits the contract.
        OSError: it cannot be read.
    """
    if path.suffix != Archive.REDACTED:
        return open_tables(path, contract)
    about = json.loads(parquet.read_schema(path).metadata[_ABOUT])
    if about["rejected"] is not None:
        raise FileRejected(*about["rejected"])
    tables = tuple(
        Table(
            table["name"],
            _header(table, contract),
            _reader(path, number, table["width"]),
        )
        for number, table in enumerate(about["tables"])
    )
    return Reading(
        about["format"], tables, tuple(about["passed_over"]), about["remarks"], about["advice"]
    )


def _header(table: dict[str, Any], contract: Contract) -> Header:
    """The header as this contract understands it; a unit that stood above it is remembered."""
    found = find_header([table["cells"]], contract)
    if found is None:
        raise no_header(contract)
    units = {name: unit for name, unit in table["units"].items() if name in found.positions}
    header = replace(found, index=table["index"], units={**units, **found.units})
    require_all(header, contract)
    return header


def _reader(path: Path, number: int, width: int) -> Callable[[], Iterator[pa.RecordBatch]]:
    columns = ["row_number", "overflow", *names(width)]

    def batches() -> Iterator[pa.RecordBatch]:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=["table_number", *columns]):
                mine = batch.filter(pc.equal(batch.column("table_number"), number))
                if mine.num_rows:
                    yield mine.select(columns)

    return batches


# ── Writing ───────────────────────────────────────────────────────────────────────────────────


def redact(
    source: Place, contract: Contract, forgotten: Forgotten, target: Place, always: bool = False
) -> Redaction:
    """Writes the redacted form of an archived file, where a forgotten person is in it.

    Args:
        source: the archived file, as it came or redacted before.
        contract: of the dataset it was sent for.
        forgotten: whom to leave out.
        target: where to; nothing is written where nobody is found.
        always: write it all the same, because the file as it came is to go.

    Raises:
        OSError: something cannot be read or written.
    """
    with at_hand(source) as path:
        return _redact(path, contract, forgotten, target, always)


def _redact(
    source: Path, contract: Contract, forgotten: Forgotten, target: Place, always: bool
) -> Redaction:
    try:
        if not always and not _is_anybody_in(open_archived(source, contract), forgotten):
            return Redaction()
        with written_whole(target) as temporary:
            return _write(source, contract, forgotten, temporary)
    except FileRejected as rejected:
        is_named = source.suffix != Archive.REDACTED and _names_anybody(source, forgotten)
        if is_named or always:
            why = {"rejected": [rejected.reason, forgotten.covered(rejected.message)]}
            with written_whole(target) as temporary:
                parquet.write_table(_schema(0, why).empty_table(), temporary)
        return Redaction(is_emptied=is_named)


def _is_anybody_in(reading: Reading, forgotten: Forgotten) -> bool:
    return any(
        any(forgotten.is_named_in(text) for text in table.header.cells)
        or any(_suspects_named(batch, forgotten) for batch in _batches(table))
        for table in reading.tables
    )


def _batches(table: Table) -> Iterator[pa.RecordBatch]:
    """A table's rows, by the careful reader from the start where the quick one gives up."""
    try:
        yield from table.batches()
    except pa.ArrowInvalid:
        careful = careful_batches(table)
        if careful is None:
            raise
        yield from careful()


def _suspects_named(batch: pa.RecordBatch, forgotten: Forgotten) -> bool:
    said = _said(batch)
    suspects = said.filter(pc.match_substring_regex(said, MENTION)).to_pylist()
    return any(forgotten.is_named_in(text) for text in suspects)


def _said(batch: pa.RecordBatch) -> Any:
    """All that stands in each row, parted by what no id has between its digits."""
    texts = [batch.column(place).fill_null("") for place in range(1, batch.num_columns)]
    return pc.binary_join_element_wise(*(text.cast(pa.string()) for text in texts), "|")


def _schema(width: int, about: dict[str, Any]) -> pa.Schema:
    fields = [("table_number", pa.int32()), ("row_number", pa.int32()), ("overflow", pa.string())]
    cells = [(name, pa.string()) for name in names(width)]
    kept = {"tables": [], "rejected": None, **about}
    return pa.schema([*fields, *cells]).with_metadata({_ABOUT: json.dumps(kept).encode()})


def _write(source: Path, contract: Contract, forgotten: Forgotten, to: Path) -> Redaction:
    reading = open_archived(source, contract)
    try:
        return _write_tables(reading, [t.batches for t in reading.tables], contract, forgotten, to)
    except pa.ArrowInvalid:
        careful = [careful_batches(table) for table in reading.tables]
        if None in careful:
            raise
        readers = [reader for reader in careful if reader is not None]
        return _write_tables(reading, readers, contract, forgotten, to)


def _write_tables(
    reading: Reading,
    readers: list[Callable[[], Iterator[pa.RecordBatch]]],
    contract: Contract,
    forgotten: Forgotten,
    to: Path,
) -> Redaction:
    first = [next(reader(), None) for reader in readers]
    widths = [
        len(table.header.cells) if batch is None else batch.num_columns - 2
        for table, batch in zip(reading.tables, first, strict=True)
    ]
    about = {
        "format": reading.format,
        "passed_over": list(reading.passed_over),
        "remarks": dict(reading.remarks),
        "advice": forgotten.covered(reading.advice),
        "tables": [
            {
                "name": table.name,
                "index": table.header.index,
                "width": width,
                "cells": [forgotten.covered(text) for text in table.header.cells],
                "units": table.header.units,
            }
            for table, width in zip(reading.tables, widths, strict=True)
        ],
    }
    schema = _schema(max(widths, default=0), about)
    rows = cells = 0
    with parquet.ParquetWriter(to, schema, compression="zstd") as writer:
        for number, (table, reader) in enumerate(zip(reading.tables, readers, strict=True)):
            for batch in reader():
                left, gone, covered = _without(batch, table.header, contract, forgotten)
                rows, cells = rows + gone, cells + covered
                writer.write_batch(_as_kept(left, number, schema))
    return Redaction(rows, cells)


def _as_kept(batch: pa.RecordBatch, number: int, schema: pa.Schema) -> pa.RecordBatch:
    """A batch in the columns of the redacted file."""
    blank = pa.array([""] * batch.num_rows, pa.string())
    columns = [
        pa.array([number] * batch.num_rows, pa.int32()),
        *(batch.column(place).cast(schema.field(place + 1).type)
          for place in range(batch.num_columns)),
    ]  # fmt: skip
    columns += [blank] * (len(schema) - len(columns))
    return pa.record_batch(columns, schema=schema)


def _without(
    batch: pa.RecordBatch, header: Header, contract: Contract, forgotten: Forgotten
) -> tuple[pa.RecordBatch, int, int]:
    """A batch without forgotten persons, the rows left out, the cells that named one.

    A whole row is a person's where its enterprise's id is theirs. Only rows with the digits of a
    natural person's id in them are looked at one by one.
    """
    said = _said(batch)
    suspects = pc.indices_nonzero(pc.match_substring_regex(said, MENTION)).to_pylist()
    ids = [c for c in contract.columns if c.form == "enterprise_id" and c.name in header.positions]
    own = {f"c{header.positions[c.name]}" for c in ids if not c.is_list}
    lists = {f"c{header.positions[c.name]}" for c in ids if c.is_list}
    theirs: set[int] = set()
    changed: dict[str, dict[int, str]] = {}
    for place in suspects:
        named = {
            name: text
            for name, text in batch.slice(place, 1).to_pylist()[0].items()
            if isinstance(text, str) and forgotten.is_named_in(text)
        }
        if own & named.keys():
            theirs.add(place)
        for name, text in named.items():
            cover = "" if name in lists else COVER
            changed.setdefault(name, {})[place] = forgotten.covered(text, cover)
    cells = sum(1 for of in changed.values() for place in of if place not in theirs)
    for name, of in changed.items():
        values = batch.column(name).to_pylist()
        for place, text in of.items():
            values[place] = text
        position = batch.schema.get_field_index(name)
        batch = batch.set_column(position, name, pa.array(values, pa.string()))
    if theirs:
        keep = [place for place in range(batch.num_rows) if place not in theirs]
        batch = batch.take(pa.array(keep, pa.int64()))
    return batch, len(theirs), cells


# ── Files that do not open ────────────────────────────────────────────────────────────────────


def _names_anybody(path: Path, forgotten: Forgotten) -> bool:
    """Whether the digits of a forgotten person can be found in a file that does not open."""
    return any(forgotten.is_named_in(text) for text in _texts(path))


def _texts(path: Path) -> Iterator[str]:
    """What can be made out of a file that no reader opens, as text."""
    content = path.read_bytes()
    if content.startswith(_GZIP):
        import gzip
        import zlib

        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error):
            return  # nothing can be made out of it
    if content.startswith(_WORKBOOKS):
        yield from _of_workbook(content)
    if zipfile.is_zipfile(io.BytesIO(content)):
        yield from _of_package(content)
    for encoding in _ENCODINGS:
        text = content.decode(encoding, errors="replace")
        # Blocks overlap by what an id can be long.
        for start in range(0, len(text), _BLOCK_CHARS):
            yield text[start : start + _BLOCK_CHARS + 64]


def _of_workbook(content: bytes) -> Iterator[str]:
    """The cells of a workbook that opens though no sheet fits; numbers as people see them."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    except (python_calamine.CalamineError, ValueError, OSError):
        return  # damaged: its parts are looked at as text
    for rows in sheets:
        for row in rows:
            yield "|".join(f"{c:.0f}" if isinstance(c, float) else str(c) for c in row)


def _of_package(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for member in package.infolist():
            try:
                yield package.read(member).decode("utf-8", errors="replace")
            except (zipfile.BadZipFile, OSError, RuntimeError, ValueError):
                continue  # a damaged member; the others are looked at
