"""Files whose rows have names and types: Parquet, JSON Lines, a JSON array of objects.

Their values become the text that a person would have typed, so that everything after reads one way.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sources.contracts import Contract
from sources.headers import Header, find_header
from sources.reading.tables import (
    BLOCK_BYTES,
    RECORDS_A_BATCH,
    FileRejected,
    Reading,
    Table,
    is_of_this_machine,
    no_header,
    numbered,
    require_all,
    with_row_numbers,
)
from sources.reading.values import cell_text, number_text

_BLANKS = re.compile("[\ufeff \r\n\t]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Thailand's day is seven hours ahead of UTC's and knows no summer time.
_BANGKOK = dt.timedelta(hours=7)


def _require_header(columns: Sequence[str], contract: Contract) -> Header:
    header = find_header([columns], contract)
    if header is None:
        raise no_header(contract)
    require_all(header, contract)
    return header


# ── Parquet ───────────────────────────────────────────────────────────────────────────────────


def open_parquet(path: Path, contract: Contract) -> Reading:
    """Opens a Parquet file.

    Raises:
        FileRejected: it is damaged, has no row or lacks a required column.
    """
    from pyarrow import parquet

    def damaged(error: Exception) -> Exception:
        if isinstance(error, OSError) and is_of_this_machine(error):
            return error
        return FileRejected(
            "unreadable", f"The Parquet file is damaged ({error}). Write it again and send it."
        )

    try:
        file = parquet.ParquetFile(path)
        columns = list(file.schema_arrow.names)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise damaged(error) from error
    header = _require_header(columns, contract)
    if file.metadata.num_rows == 0:
        raise FileRejected("empty", "The file has a header but no row.")

    def batches() -> Iterator[pa.RecordBatch]:
        row = 1
        try:
            for batch in file.iter_batches(batch_size=RECORDS_A_BATCH):
                # Arrow takes texts as they are, and DuckDB never comes to an end of a broken one.
                batch.validate(full=True)
                yield numbered([_text_of(column) for column in batch.columns], row)
                row += batch.num_rows
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise damaged(error) from error

    return Reading("parquet", (Table(None, header, batches),))


def _text_of(column: Any) -> Any:
    """An Arrow column as the text a person would have typed; empty where it is null."""
    kind = column.type
    is_any = pa.types
    if is_any.is_dictionary(kind):
        return _text_of(column.cast(kind.value_type))
    if is_any.is_string(kind) or is_any.is_large_string(kind) or is_any.is_string_view(kind):
        return column.cast(pa.string()).fill_null("")
    if is_any.is_integer(kind) or is_any.is_date(kind):
        return column.cast(pa.string()).fill_null("")
    if is_any.is_timestamp(kind):
        return _text_of_instants(column)
    if is_any.is_nested(kind) or is_any.is_null(kind):
        return pa.array([_plain_text(value) for value in column.to_pylist()], pa.string())
    # A value that stands in many rows is put into words once.
    distinct = column.dictionary_encode()
    words = [_plain_text(value) for value in distinct.dictionary.to_pylist()]
    return pa.array(words, pa.string()).take(distinct.indices).fill_null("")


def _text_of_instants(column: Any) -> Any:
    """Dates with times as text: an instant that says its zone stands for its day in Thailand."""
    plain = column
    if column.type.tz is not None:
        plain = pc.add(column.cast(pa.timestamp(column.type.unit)), pa.scalar(_BANGKOK))
    # As text by Arrow itself: Python has no year 10000 and no nanosecond.
    said = plain.cast(pa.string())
    said = pc.replace_substring_regex(said, r"\.0+$", "")
    return pc.replace_substring_regex(said, " 00:00:00$", "").fill_null("")


def _plain_text(value: Any) -> str:
    """A value of a typed file in words; a list as people write one, a structure as JSON."""
    if isinstance(value, list):
        return ";".join(_plain_text(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bytes):  # a text column of a writer that does not say that it is one
        return value.decode("utf-8", "replace")
    return number_text(value) if isinstance(value, Decimal) else cell_text(value)


# ── JSON ──────────────────────────────────────────────────────────────────────────────────────


def open_json(path: Path, encoding: str, contract: Contract, *, is_array: bool) -> Reading:
    """Opens JSON Lines, or an array of objects (whose rows are numbered by the object, from 1).

    Objects may have different names for one column, as long as none of them has two.

    Raises:
        FileRejected: a line is no object, or no object names the required columns.
    """

    def objects() -> Iterator[tuple[int, dict[str, Any]]]:
        return _elements(path, encoding) if is_array else _lines(path, encoding)

    said = list(dict.fromkeys(itertools.chain.from_iterable(value for _, value in objects())))
    if not said:
        raise FileRejected("empty", "The file has no row. Fill it in and send it again.")
    shown = [_whole(name) for name in said]
    columns = _by_column(said, shown, contract)
    header = _require_header([shown[said.index(names[0])] for names in columns], contract)

    def batches() -> Iterator[pa.RecordBatch]:
        rows = objects()
        while chunk := list(itertools.islice(rows, RECORDS_A_BATCH)):
            texts = [
                pa.array([_cell(number, value, names) for number, value in chunk], pa.string())
                for names in columns
            ]
            yield with_row_numbers(texts, pa.array([number for number, _ in chunk], pa.int32()))

    form = "JSON array" if is_array else "JSON lines"
    return Reading(f"{form}, {encoding}", (Table(None, header, batches),))


def _by_column(
    said: Sequence[str], shown: Sequence[str], contract: Contract
) -> list[tuple[str, ...]]:
    """The names of the objects, those together that name the same column of the contract."""
    together: dict[str, list[str]] = {}
    for name, text in zip(said, shown, strict=True):
        header = find_header([[text]], contract)
        known = next(iter(header.positions)) if header else None
        together.setdefault(f"column {known}" if known else f"name {name}", []).append(name)
    return [tuple(names) for names in together.values()]


def _cell(number: int, value: dict[str, Any], names: Sequence[str]) -> str:
    texts = [text for name in names if (text := _whole(_plain_text(value.get(name))))]
    if len(texts) > 1:
        raise FileRejected(
            "unreadable",
            f"Row {number} says one thing twice, as {' and '.join(map(_whole, names))}. Keep the "
            "one that counts and send the file again.",
        )
    return texts[0] if texts else ""


def _whole(text: str) -> str:
    """The text without halves of characters, which JSON can hold and UTF-8 cannot."""
    return _SURROGATE.sub("\ufffd", text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("it has the same name twice")
    return value


_DECODER = json.JSONDecoder(parse_float=Decimal, object_pairs_hook=_once)


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("r", encoding=encoding) as file:
        for number, line in enumerate(file, start=1):
            content = line.strip("\ufeff \r\n\t\0\x1a")
            if not content:
                continue
            try:
                value = _DECODER.decode(content)
            except (ValueError, RecursionError) as error:
                raise FileRejected(
                    "unreadable", f"Line {number} is not a JSON object ({error})."
                ) from error
            if not isinstance(value, dict):
                raise FileRejected("unreadable", f"Line {number} is not a JSON object.")
            yield number, value


def _elements(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of an array, one after another; of the rest no more than a block is kept."""
    with path.open("r", encoding=encoding) as file:
        text = file.read(BLOCK_BYTES)
        at = _past_blanks(text, 0) + 1
        for number in itertools.count(1):
            while True:
                at = _past_blanks(text, at)
                if text.startswith("]", at):
                    if (text[at + 1 :] + file.read(BLOCK_BYTES)).strip("\ufeff \r\n\t\0\x1a"):
                        raise FileRejected(
                            "unreadable", "Something stands behind the end of the JSON array."
                        )
                    return
                value, end, problem = _element(text, at, number)
                if end < len(text):
                    break
                more = file.read(max(BLOCK_BYTES, len(text) - at))
                if not more:
                    raise FileRejected(
                        "unreadable",
                        f"Object {number} of the JSON array cannot be read: {problem}.",
                    )
                text, at = text[at:] + more, 0
            if not isinstance(value, dict):
                raise FileRejected(
                    "unreadable", f"Element {number} of the JSON array is not an object."
                )
            yield number, value
            if text[end] not in ",]":
                raise FileRejected(
                    "unreadable", f"No comma stands behind object {number} of the JSON array."
                )
            at = end + 1 if text[end] == "," else end


def _element(text: str, at: int, number: int) -> tuple[Any, int, str]:
    """The element that begins there, what follows it; the text's end where more is needed."""
    try:
        value, end = _DECODER.raw_decode(text, at)
    except RecursionError as error:
        raise FileRejected(
            "unreadable", f"Object {number} of the JSON array is nested too deep."
        ) from error
    except ValueError as error:
        return None, len(text), str(error)
    return value, _past_blanks(text, end), "the array is not closed"


def _past_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at
