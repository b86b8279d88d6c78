"""Lists that people type into a cell, read element by element, each distinct element once.

    texts of cells ─▶ elements ─▶ each text once ─▶ read by its value form ─▶ lists put together

Arrow takes the lists apart and puts them together again, a bounded number at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: People separate lists by semicolons as asked, by commas or by lines; no name or id has one.
SEPARATORS = ";,\n"
#: Lists put together at a time: those of a pass are held in memory whole.
LISTS_A_PASS = 100_000

#: Is given distinct texts, gives a table of `missing` (boolean) and `value` (null where the text
#: cannot be read), a row a text in their order.
Read = Callable[[pa.Array], pa.Table]


@dataclass(frozen=True)
class _Pass:
    """Some lists, taken apart: every element with the list it stands in, and its text."""

    count: int
    parents: np.ndarray
    elements: pa.DictionaryArray


def read_lists(texts: pa.Array, read: Read) -> Iterator[pa.Table]:
    """Reads lists.

    Args:
        texts: of cells, none null.
        read: reads elements.

    Yields:
        `missing` (no element says anything) and `value` (the list of those that say something, in
        their order; null where one of them cannot be read), a row a text in their order.
    """
    passes = [
        _apart(texts.slice(first, LISTS_A_PASS)) for first in range(0, len(texts), LISTS_A_PASS)
    ]
    if not passes:
        return
    alike = pa.chunked_array([apart.elements for apart in passes]).unify_dictionaries().chunks
    distinct = read(alike[0].dictionary)
    for apart, elements in zip(passes, alike, strict=True):
        yield _together(apart, elements.indices, distinct)


def _apart(texts: pa.Array) -> _Pass:
    for other in SEPARATORS[1:]:
        texts = pc.replace_substring(texts, other, SEPARATORS[0])
    parts = pc.split_pattern(texts, SEPARATORS[0])
    elements = pc.utf8_trim(parts.flatten(), " ").dictionary_encode()
    return _Pass(len(texts), pc.list_parent_indices(parts).to_numpy(), elements)


def _together(apart: _Pass, codes: pa.Array, distinct: pa.Table) -> pa.Table:
    values = distinct["value"].combine_chunks()
    is_missing = distinct["missing"].to_numpy()[codes]
    is_unread = values.is_null().to_numpy(zero_copy_only=False)[codes]
    said = np.bincount(apart.parents[~is_missing], minlength=apart.count)
    unread = np.bincount(apart.parents[~is_missing & is_unread], minlength=apart.count)
    is_list = (said > 0) & (unread == 0)
    elements = ~is_missing & is_list[apart.parents]
    ends = np.cumsum(np.where(is_list, said, 0), dtype=np.int32)
    lists = pa.ListArray.from_arrays(
        pa.array(np.concatenate([np.zeros(1, np.int32), ends])),
        values.take(codes.filter(pa.array(elements))),
        mask=pa.array(~is_list),
    )
    return pa.table({"missing": pa.array(said == 0), "value": lists})
