"""Telephone numbers, addresses and natural persons' ids covered in any text that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sources.contracts import discover
from sources.typed import Workbench, quoted


def scrubbed(texts: Sequence[str]) -> list[str]:
    """The texts as they may be shown, by the rule that published free text is made by."""
    if not texts:
        return []
    # No parameters: DuckDB would import pandas for them.
    listed = ", ".join(quoted(text) for text in texts)
    asked = f"select list_transform([{listed}], lambda text: scrubbed(text))"
    (found,) = _bench().db.execute(asked).fetchone() or ([],)
    return list(found)


@cache
def _bench() -> Workbench:
    """A workbench for its rules alone, kept: a trace asks for every row that it shows."""
    return Workbench(next(iter(discover().values())), b"")
