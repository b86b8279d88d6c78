"""Personal data that tests plant, and where of it something is found again.

What is looked through is unpacked as far as it goes: gzip, ZIP (so workbooks too), Parquet, SQLite
and DuckDB files by their values, everything else by its bytes, in each encoding and escaping that
software here writes.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import html
import io
import json
import sqlite3
import tempfile
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from pyarrow import parquet

from sources.contracts import Column, Contract
from sources.sampling.world import natural_id


@dataclass
class Planted:
    """Rows with personal data in them, and every text by which it would be known again.

    Attributes:
        texts: what must not be found: names, numbers, addresses, as they were written.
    """

    texts: list[str] = field(default_factory=list)
    _number: int = 0

    def next(self) -> int:
        """Another number, so that no two persons are alike."""
        self._number += 1
        return self._number

    def name(self) -> str:
        """A person's name."""
        return self._kept(f"นางลับเฉพาะที่{self.next()} ห้ามเผยแพร่")

    def phone(self) -> str:
        """A mobile number."""
        return self._kept(f"089-555-{1000 + self.next()}")

    def email(self) -> str:
        """An address."""
        return self._kept(f"secret.person{self.next()}@hidden.example.org")

    def person_id(self, *, dashed: bool = False) -> str:
        """A natural person's id; found again in either way of writing."""
        digits = self._kept(natural_id(700_000 + self.next()))
        parted = f"{digits[0]}-{digits[1:5]}-{digits[5:10]}-{digits[10:12]}-{digits[12]}"
        self.texts.append(parted)
        return parted if dashed else digits

    def numbers(self) -> str:
        """What people write into any text: a telephone number, an address and an id."""
        return f"ติดต่อ {self.phone()} หรือ {self.email()} บัตร {self.person_id(dashed=True)}"

    def row(self, contract: Contract, good: Mapping[str, str], **changed: str) -> dict[str, str]:
        """A row of a contract in which every column that may is filled with personal data.

        Args:
            contract: whose columns; one that becomes personal is filled by itself.
            good: a row with nothing wrong.
            changed: values that are not to be filled; what is personal among them is planted
                beforehand.
        """
        row = dict(good)
        natural = any(value in self.texts for value in changed.values())
        for column in contract.columns:
            if column.is_personal:
                row[column.name] = self._personal(column)
            elif column.personal_when_natural_in:
                row[column.name] = self.name() if natural else row[column.name]
            elif column.is_free_text and not column.required:
                row[column.name] = self.numbers()
        return {**row, **changed}

    def _personal(self, column: Column) -> str:
        if column.form != "text":
            raise ValueError(f"{column.name} is personal and no text: say here what to plant in it")
        if "phone" in column.name:
            return self.phone()
        return self.email() if "email" in column.name else self.name()

    def _kept(self, text: str) -> str:
        self.texts.append(text)
        return text


# ── Looking for it ────────────────────────────────────────────────────────────────────────────


class Scanner:
    """Looks for texts in whatever it is given.

    Args:
        texts: what to look for.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.forms = {form: text for text in texts for form in forms_of(text)}
        # What has been looked through and had nothing: a version is the same file twice.
        self._clean: set[str] = set()

    def in_bytes(self, content: bytes, where: str = "") -> list[tuple[str, str]]:
        """(where, text) of what is found in some content, unpacked as far as it goes."""
        known_by = hashlib.sha256(content).hexdigest()
        if known_by in self._clean:
            return []
        found = [(where, text) for form, text in self.forms.items() if form in content]
        for name, part in _parts(content):
            found += self.in_bytes(part, f"{where}!{name}")
        if not found:
            self._clean.add(known_by)
        return sorted(set(found))

    def in_text(self, text: str, where: str = "") -> list[tuple[str, str]]:
        """The same of a text."""
        return self.in_bytes(text.encode(), where)

    def in_folder(self, folder: Path, but: Iterable[str] = ()) -> list[tuple[str, str]]:
        """The same of every file below a folder, and of the files' names.

        Args:
            folder: looked through whole.
            but: folders and files right below it that may hold personal data.
        """
        left_out = set(but)
        found = []
        for path in sorted(folder.rglob("*")):
            where = path.relative_to(folder)
            if where.parts[0] in left_out:
                continue
            found += self.in_text(where.name, str(where))
            if path.is_file():
                found += self.in_bytes(path.read_bytes(), str(where))
        return found


def forms_of(text: str) -> set[bytes]:
    """The bytes by which a text may stand in a file."""
    forms = {text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")}
    with contextlib.suppress(UnicodeEncodeError):
        forms.add(text.encode("cp874"))
    escaped = json.dumps(text)[1:-1]
    forms |= {escaped.encode(), escaped.replace("\\", "\\\\").encode()}
    forms |= {html.escape(text).encode(), text.encode("ascii", "xmlcharrefreplace")}
    forms |= {urllib.parse.quote(text).encode(), text.encode("unicode_escape")}
    return forms


def _parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """What is packed in some content, or stands in it as values."""
    if content.startswith(b"\x1f\x8b"):
        with contextlib.suppress(OSError, EOFError, zlib.error):
            yield "gzip", gzip.decompress(content)
    elif content.startswith(b"PK\x03\x04"):
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(content)) as file:
            for member in file.namelist():
                yield member, file.read(member)
    elif content.startswith(b"PAR1"):
        yield "values", _as_bytes(parquet.read_table(io.BytesIO(content)).to_pylist())
    elif content.startswith(b"SQLite format 3\0"):
        yield from _of_database(content, _sqlite_values)
    elif content[8:12] == b"DUCK":
        yield from _of_database(content, _duckdb_values)


def _of_database(content: bytes, values: Any) -> Iterator[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "warehouse.db"
        file.write_bytes(content)
        yield from values(file)


def _sqlite_values(file: Path) -> Iterator[tuple[str, bytes]]:
    with contextlib.closing(sqlite3.connect(file)) as db:
        tables = db.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in tables:
            rows = db.execute(f'select * from "{table}"').fetchall()
            yield table, _as_bytes(rows)
            for blob in (value for row in rows for value in row if isinstance(value, bytes)):
                yield f"{table} blob", blob
                with contextlib.suppress(zlib.error):
                    yield f"{table} unpacked", zlib.decompress(blob)


def _duckdb_values(file: Path) -> Iterator[tuple[str, bytes]]:
    with duckdb.connect(str(file), read_only=True) as db:
        for schema, table in db.execute(
            "select schema_name, table_name from duckdb_tables()"
        ).fetchall():
            yield (
                f"{schema}.{table}",
                _as_bytes(db.execute(f'from "{schema}"."{table}"').fetchall()),
            )
        for (sql,) in db.execute("select sql from duckdb_views() where not internal").fetchall():
            yield "view", str(sql).encode()


def _as_bytes(rows: Iterable[Any]) -> bytes:
    """Rows as text, each value as it is written."""
    return "\n".join(_said(row) for row in rows).encode(errors="replace")


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return "\t".join(_said(v) for v in value.values())
    if isinstance(value, list | tuple):
        return "\t".join(_said(v) for v in value)
    return str(value)
