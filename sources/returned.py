"""What the workbook for coordinators adds beside their rows, to be known when it comes back.

No data of theirs: no unknown column, and no reason to take a row that was cleared for one.
"""

from __future__ import annotations

from collections.abc import Sequence

from sources.text import spelling_key

#: What is added → its header, in the order in which it stands behind the columns of the contract.
OURS = {
    "row": "แถวเดิม / Row",
    "reference": "อ้างอิง / Reference",
    "reason": "เหตุผล / Reason",
    "action": "วิธีแก้ / What to do",
}
#: What a reference looks like: the beginning of a file's id, and the row's place in it.
REFERENCE = "^[0-9a-f]{16}:[0-9]+$"


def reference(file_id: str, row_sequence: int) -> str:
    """What names a row of a file, short enough to stand in a cell."""
    return f"{file_id[:16]}:{row_sequence}"


def ours_among(header: Sequence[str]) -> dict[str, int]:
    """Which of `OURS` a header has → its position."""
    added = {spelling_key(text): name for name, text in OURS.items()}
    return {
        added[key]: position
        for position, cell in enumerate(header)
        if (key := spelling_key(cell)) in added
    }
