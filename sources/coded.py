"""Rows of text in which every distinct text of a column stands once.

    cells of a batch ─▶ Arrow's dictionaries ─▶ one dictionary a column ─▶ coded, texts_<column>

People write the same few texts again and again: a million amounts are two hundred thousand texts,
a million dates two thousand. So a row is kept as the numbers of its texts, a text is read once, and
what was read is joined back by number.

Relations, in the database given:
    coded            the rows, with one integer a column: the code of its text, null where the cell
                     is empty
    texts_<column>   code, text: each text once
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from sources.sql import identifier

#: What a row has besides its cells → its type.
IDENTITY = {
    "row_id": "bigint", "file_no": "integer", "sheet_name": "varchar", "row_number": "integer",
    "row_sequence": "integer", "overflow": "varchar", "extra": "varchar", "corrects": "varchar",
}  # fmt: skip
#: Bytes of rows and their texts that are held before they are put into the database, which can
#: move them to disk.
HELD_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True)
class _Held:
    """Rows of a file that are not in the database yet."""

    file_no: int
    identity: pa.Table
    cells: Mapping[str, pa.DictionaryArray]

    @property
    def nbytes(self) -> int:
        """Bytes that they take."""
        return int(self.identity.nbytes + sum(cells.nbytes for cells in self.cells.values()))


class CodedRows:
    """The rows of a batch of files.

    Args:
        db: where the relations are made.
        columns: the names of columns of text.
    """

    def __init__(self, db: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
        self.db = db
        self._columns = tuple(columns)
        self._held: list[_Held] = []
        self._held_bytes = 0
        identity = [f"{name} {kind}" for name, kind in IDENTITY.items()]
        codes = [f"{identifier(name)} integer" for name in columns]
        db.execute(f"create table coded ({', '.join([*identity, *codes])})")
        for name in columns:
            db.execute(f"create table {texts_of(name)} (code integer, text varchar)")

    def add(
        self, file_no: int, identity: pa.Table, cells: Mapping[str, pa.DictionaryArray]
    ) -> None:
        """Adds rows of a file.

        Args:
            file_no: the file's number.
            identity: the columns of `IDENTITY`, in their order.
            cells: column → its cells; a column that is left out is empty in these rows.
        """
        if not identity.num_rows:
            return
        held = _Held(file_no, identity, cells)
        self._held.append(held)
        self._held_bytes += held.nbytes
        if self._held_bytes >= HELD_BYTES:
            self.flush()

    def drop(self, file_no: int) -> None:
        """Takes a file's rows out again; their texts stay, as texts that no row has."""
        self._held = [held for held in self._held if held.file_no != file_no]
        self._held_bytes = sum(held.nbytes for held in self._held)
        self.db.execute("delete from coded where file_no = ?", [file_no])

    def flush(self) -> None:
        """Puts what is held into the database."""
        if not self._held:
            return
        rows = pa.concat_tables([held.identity for held in self._held])
        for name in self._columns:
            cells = [held.cells.get(name) for held in self._held]
            rows = rows.append_column(name, self._codes(name, cells))
        self.db.register("incoming", rows)
        self.db.execute("insert into coded from incoming")
        self.db.unregister("incoming")
        self._held, self._held_bytes = [], 0

    def _codes(self, column: str, pieces: Sequence[pa.DictionaryArray | None]) -> pa.ChunkedArray:
        """The codes of a column's cells, piece by piece; of a piece without cells, nulls."""
        lengths = [held.identity.num_rows for held in self._held]
        given = [piece for piece in pieces if piece is not None]
        if not given:
            return pa.chunked_array([pa.nulls(sum(lengths), pa.int32())])
        alike = iter(pa.chunked_array(given).unify_dictionaries().chunks)
        codes: pa.Array | None = None
        coded = []
        for piece, length in zip(pieces, lengths, strict=True):
            if piece is None:
                coded.append(pa.nulls(length, pa.int32()))
                continue
            cells = next(alike)
            if codes is None:
                codes = self._codes_of(column, cells.dictionary)
            coded.append(codes.take(cells.indices))
        return pa.chunked_array(coded)

    def _codes_of(self, column: str, texts: pa.Array) -> pa.Array:
        """The code of each text of a column; a text that is new is given the next one."""
        table = texts_of(column)
        places = pa.array(range(len(texts)), pa.int32())
        self.db.register("incoming", pa.table({"text": texts, "place": places}))
        self.db.execute(
            f"insert into {table} select (select count(*) from {table}) + row_number() over (), "
            f"text from (select distinct i.text from incoming as i anti join {table} as t "
            "on i.text = t.text)"
        )
        found = self.db.execute(
            f"select t.code from incoming as i join {table} as t on i.text = t.text "
            "order by i.place"
        ).to_arrow_table()
        self.db.unregister("incoming")
        return found["code"].combine_chunks()


def texts_of(column: str) -> str:
    """The name of the relation of a column's texts, as a SQL identifier."""
    return identifier(f"texts_{column}")


def rows_with_text(
    columns: Iterable[pa.DictionaryArray], overflow: pa.Array
) -> pa.BooleanArray | None:
    """Which rows say anything: in a cell more than spaces, or beyond the last column.

    Args:
        columns: the cells, column by column; no more are asked for than are needed.
        overflow: what no column holds, null in most rows.

    Returns:
        None where all do.
    """
    blank: pa.BooleanArray | None = None
    for cells in columns:
        is_blank = pc.equal(pc.utf8_trim(cells.dictionary, " "), "")
        if not cells.null_count and not pc.any(is_blank).as_py():
            return None
        here = pc.fill_null(is_blank.take(cells.indices), True)
        blank = here if blank is None else pc.and_(blank, here)
        if not pc.any(blank).as_py():
            return None
    return pc.or_(pc.invert(blank), pc.is_valid(overflow))


def without_empty(cells: pa.DictionaryArray) -> pa.DictionaryArray:
    """The cells with nothing where the text is empty."""
    empty = pc.index(cells.dictionary, "").as_py()
    if empty < 0:
        return cells
    indices = pc.if_else(pc.equal(cells.indices, empty), None, cells.indices)
    return pa.DictionaryArray.from_arrays(indices, cells.dictionary)


def canonical(values: pa.ChunkedArray) -> pa.Array:
    """Values of any type as texts; each distinct one is made into text once."""
    if not len(values):
        return pa.array([], pa.string())
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    alike = values.unify_dictionaries().combine_chunks()
    return alike.dictionary.cast(pa.string()).take(alike.indices)
