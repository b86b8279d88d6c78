"""What an earlier night exported and still holds: linked into this night's folder, not written.

A table's files follow from its rows, their order, what the database says of it, and what writes
them. Where all of that is as it was, so are the files, byte for byte; they are taken over once
they prove to be those that the earlier index describes. Versions then share them on the disk, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from orchestration.exports.tables import Table
from sources.sql import identifier
from sources.store import second_name, sha256_of, sha256_of_all

INDEX = "index.json"
#: What decides how a table is written, beside DuckDB.
_WRITERS = ("tables.py", "cells.py")


@dataclass(frozen=True)
class Earlier:
    """The exports of an earlier night.

    Attributes:
        folder: where they lie.
        tables: table → what their index says of it.
    """

    folder: Path
    tables: Mapping[str, Mapping[str, Any]]

    def rows_if_same(self, table: Table, content: str) -> int | None:
        """How many rows a table has whose files are still true; None where they are not."""
        told = self.tables.get(table.name, {})
        return int(told["rows"]) if told.get("content") == content else None

    def taken_over(self, table: Table, folder: Path, files: Sequence[Path]) -> bool:
        """Puts the files of a table into another folder of exports.

        Args:
            table: whose content is the same.
            folder: of the exports that are written.
            files: its files there.

        Returns:
            Whether they are there: all of them, as the index describes them. None is otherwise.
        """
        digests = {told["path"]: told["sha256"] for told in self.tables[table.name]["files"]}
        paths = [file.relative_to(folder).as_posix() for file in files]
        kept = [self.folder / path for path in paths]
        whole = all(
            file.is_file() and sha256_of(file) == digests.get(path)
            for path, file in zip(paths, kept, strict=True)
        )
        if whole:
            for there, here in zip(kept, files, strict=True):
                second_name(there, here)
        return whole


def read_earlier(folder: Path | None) -> Earlier | None:
    """The exports in a folder; None where there are none whose index can be read."""
    if folder is None:
        return None
    try:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        return Earlier(folder, {told["table"]: told for told in index["tables"]})
    except (OSError, ValueError, KeyError, TypeError):  # another night writes all of it anew
        return None


def content_of(db: duckdb.DuckDBPyConnection, table: Table) -> str:
    """A hash of all that a table's files follow from: 64 hexadecimal digits.

    Args:
        db: the warehouse, open.
        table: of it.
    """
    names = ", ".join(identifier(column.name) for column in table.columns)
    rows = db.execute(f"select count(*), sum(hash(rowid, {names})) from {table.relation}")
    told = [_writers(), asdict(table), [str(value) for value in rows.fetchone() or ()]]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


@cache
def _writers() -> str:
    """What writes the files, as a short hash."""
    paths = (Path(__file__).with_name(name) for name in _WRITERS)
    return sha256_of_all(paths, before=duckdb.__version__)[:16]
