"""What every reader gives: tables whose rows are text, or the reason why a file is refused."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sources.contracts import Contract
from sources.headers import Header

if TYPE_CHECKING:
    import pyarrow as pa

#: Bytes read at a time.
BLOCK_BYTES = 8 * 1024 * 1024
#: Rows given at a time where they are made one by one.
RECORDS_A_BATCH = 50_000


class FileRejected(Exception):
    """The file as a whole cannot be taken in.

    Attributes:
        reason: the file-level reason code of the interface.
        message: what is wrong and what to do, for the one who sent it.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True)
class Table:
    """One table of a file that fits the contract: its header, and its rows when asked.

    Attributes:
        name: the sheet; None where the file is one table.
        header: its header.
        batches: gives its rows; raises FileRejected where the file turns out to be damaged.
        holds: what must not go away before the rows are read.
    """

    name: str | None
    header: Header
    batches: Callable[[], Iterator[pa.RecordBatch]]
    holds: Any = None


@dataclass(frozen=True)
class Reading:
    """What a file turned out to be, and the tables in it.

    Attributes:
        format: in words, for the record.
        tables: those that fit the contract.
        passed_over: sheets that do not.
        remarks: what else the sender should know, by a name for the file's details.
        advice: sentences for the sender where many rows turn out bad.
    """

    format: str
    tables: tuple[Table, ...]
    passed_over: tuple[str, ...] = ()
    remarks: Mapping[str, Any] = field(default_factory=dict)
    advice: str = ""


def names(width: int) -> list[str]:
    """What the columns of a batch are called."""
    return [f"c{position}" for position in range(width)]


def numbered(columns: Sequence[Any], first_row: int, overflow: Any = None) -> pa.RecordBatch:
    """A batch of these columns, its rows counted on from `first_row`.

    Args:
        columns: Arrow arrays of text; at least one.
        first_row: the number a person sees beside the first row.
        overflow: for every row the text of cells that no column can hold, or null; None for none.
    """
    import numpy as np

    numbers = np.arange(first_row, first_row + len(columns[0]), dtype=np.int32)
    return with_row_numbers(columns, whole_numbers(numbers), overflow)


def whole_numbers(numbers: Any) -> Any:
    """An Arrow array of a NumPy array of 32-bit integers.

    Over its buffer: `pyarrow.array` imports pandas first, 0.2 s that tracing a row need not wait.
    """
    import pyarrow as pa

    return pa.Array.from_buffers(pa.int32(), len(numbers), [None, pa.py_buffer(numbers)])


def with_row_numbers(columns: Sequence[Any], rows: Any, overflow: Any = None) -> pa.RecordBatch:
    """A batch of these columns with the row numbers given."""
    import pyarrow as pa

    beyond = overflow if overflow is not None else pa.nulls(len(rows), pa.string())
    return pa.record_batch(
        [rows, beyond, *columns], names=["row_number", "overflow", *names(len(columns))]
    )


def is_of_this_machine(error: OSError) -> bool:
    """Whether the system failed rather than the file: a disk, say, or the rights to read.

    A damaged file can make a reader look for a place before its beginning, which the system calls
    an invalid argument.
    """
    return error.errno not in (None, errno.EINVAL)


# ── What is missing ───────────────────────────────────────────────────────────────────────────


def _named(contract: Contract, columns: Sequence[str]) -> str:
    return ", ".join(f"{name} ({contract.column(name).label})" for name in columns)


def no_header(contract: Contract) -> FileRejected:
    """The refusal of a file in which nothing looks like a header."""
    columns = _named(contract, [column.name for column in contract.required])
    return FileRejected(
        "missing_column",
        f"No row names a column of {contract.dataset} ({contract.label}). The header must name at "
        f"least: {columns}.",
    )


def what_is_wrong(header: Header, contract: Contract) -> str:
    """In a few words, why a header does not fit: what it lacks, else what it names twice."""
    if header.missing:
        return f"lacks {_named(contract, header.missing)}"
    return f"names {_named(contract, header.ambiguous)} more than once"


def require_all(header: Header, contract: Contract) -> None:
    """Refuses a header that lacks a required column or names one twice.

    Raises:
        FileRejected: with the columns in question.
    """
    where = f"row {header.index + 1}"
    if header.missing:
        # A row that names few columns may be no header but a title with somebody's name in it.
        is_header = len(header.missing) * 2 <= len(contract.required)
        also = ""
        if header.unknown and is_header:
            also = f" Not understood there: {', '.join(header.unknown)}."
        raise FileRejected(
            "missing_column",
            f"The header in {where} lacks {_named(contract, header.missing)}. Add the column and "
            f"send the file again.{also}",
        )
    if header.ambiguous:
        raise FileRejected(
            "unreadable",
            f"The header in {where} names {_named(contract, header.ambiguous)} more than once. "
            "Keep the column that counts and send the file again.",
        )
