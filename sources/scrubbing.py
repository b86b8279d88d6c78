"""Telephone numbers, addresses and natural persons' ids covered in any text that is shown."""

from __future__ import annotations

from collections.abc import Sequence

from sources.contracts import discover
from sources.typed import Workbench


def scrubbed(texts: Sequence[str]) -> list[str]:
    """The texts as they may be shown, by the rule that published free text is made by."""
    if not texts:
        return []
    with Workbench(next(iter(discover().values())), b"") as bench:
        found = bench.db.execute(
            "select list_transform(?::varchar[], x -> scrubbed(x))", [list(texts)]
        ).fetchone()
    return list((found or ([],))[0])
