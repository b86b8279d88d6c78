"""Which enterprises look like one another: names of one province that differ by a slip of the pen.

    (key, core name, province) ─▶ folded names ─▶ blocks ─▶ rapidfuzz ─▶ pairs of keys

A name is folded before it is compared: without spaces and punctuation, and without the tone marks
and silencers that people leave out. Names with different digits are different enterprises (ชุมชน 1,
ชุมชน 2), so a block holds the names of one province with the same digits. Within it only names
that begin or end alike are compared: one slip is not at both ends, and every name with every other
one would be a hundred times as much to compare. Arrow works on the columns, Python on the blocks.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA

#: Of the longer name's letters, the share that must stay: one slip (a letter more, less, other, or
#: two swapped) from 8 letters on, two from 16. A shorter name must be the same once it is folded.
MIN_SIMILARITY = 0.87
#: Letters at an end of the name by which a block is cut further.
END_LETTERS = 3
#: Names of a block that are compared with the whole block at once; bounds the matrix of scores.
CHUNK = 1_000

PAIRS = pa.schema([("enterprise_key", pa.string()), ("other_enterprise_key", pa.string())])

# Maitaikhu, tone marks, silencer, nikhahit, yamakkan; but not the nikhahit of a sara am in parts.
_MARKS = "[\u0e47-\u0e4c\u0e4e]"
_NO_LETTERS = "[^\\pL\\pM\\pN]+"
_DIGITS = dict(zip("๐๑๒๓๔๕๖๗๘๙", "0123456789", strict=True))


def lookalikes(enterprises: pa.Table) -> pa.Table:
    """Returns the pairs of enterprises that look like one, each pair once, the lesser key first.

    Args:
        enterprises: `enterprise_key`, `enterprise_core_name` (see the macro `firm_core`) and
            `province_code`; of natural persons, who have no name here, nothing.

    Returns:
        `enterprise_key` and `other_enterprise_key`, in order.
    """
    written = with_arabic_digits(enterprises["enterprise_core_name"])
    names = folded(written)
    keep = pc.greater(pc.utf8_length(names), 0)
    names = names.filter(keep)
    kept = enterprises.filter(keep)
    # From the name as it is written: 1 2 is not 12.
    digits = pc.utf8_trim_whitespace(
        pc.replace_substring_regex(written.filter(keep), "[^0-9]+", " ")
    )
    ends = (
        pc.utf8_slice_codeunits(names, 0, END_LETTERS),
        pc.utf8_slice_codeunits(names, -END_LETTERS, None),
    )
    texts = np.array(names.to_pylist(), dtype=object)
    pairs = [np.empty((0, 2), dtype=np.int64)]
    for end in ends:
        block = pc.binary_join_element_wise(kept["province_code"], digits, end, "|")
        for rows in _groups(block):
            pairs += _alike(texts, rows)
    found = np.unique(np.concatenate(pairs), axis=0)
    keys = kept["enterprise_key"]
    one, other = (keys.take(pa.array(found[:, side])) for side in (0, 1))
    is_in_order = pc.less(one, other)
    return pa.table(
        [pc.if_else(is_in_order, one, other), pc.if_else(is_in_order, other, one)], schema=PAIRS
    ).sort_by([(name, "ascending") for name in PAIRS.names])


def folded(names: pa.ChunkedArray) -> pa.ChunkedArray:
    """Returns names as they are compared: what is left out or put in by a hurried hand is gone."""
    names = pc.replace_substring_regex(with_arabic_digits(names), _MARKS, "")
    return pc.utf8_lower(pc.replace_substring_regex(names, _NO_LETTERS, ""))


def with_arabic_digits(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Returns the texts with Thai digits written as Arabic ones."""
    for thai, arabic in _DIGITS.items():
        texts = pc.replace_substring(texts, thai, arabic)
    return texts


def _groups(block: pa.ChunkedArray) -> Iterator[np.ndarray]:
    """Yields the positions of each block that has more than one name; null blocks have none."""
    codes = block.combine_chunks().dictionary_encode()
    numbers = pc.fill_null(codes.indices, -1).to_numpy(zero_copy_only=False)
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-2))
    sizes = np.diff(starts, append=len(order))
    for start, size in zip(starts[sizes > 1], sizes[sizes > 1], strict=True):
        rows = order[start : start + size]
        if numbers[rows[0]] >= 0:
            yield rows


def _alike(texts: np.ndarray, rows: np.ndarray) -> list[np.ndarray]:
    """Returns the pairs of positions, the lesser first, whose names are alike enough."""
    found = []
    names = texts[rows].tolist()
    for first in range(0, len(names), CHUNK):
        scores = process.cdist(
            names[first : first + CHUNK],
            names[first:],
            scorer=OSA.normalized_similarity,
            score_cutoff=MIN_SIMILARITY,
            dtype=np.float32,
        )
        one, other = np.nonzero(np.triu(scores, k=1))
        found.append(np.sort(np.stack([rows[first + one], rows[first + other]], axis=1), axis=1))
    return found
