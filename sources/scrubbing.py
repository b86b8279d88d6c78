"""Telephone numbers, addresses and natural persons' ids covered in any text that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import duckdb

from sources.sql import quoted
from sources.typed import FORMS_SQL


def scrubbed(texts: Sequence[str]) -> list[str]:
    """The texts as they may be shown, by the rule that published free text is made by."""
    if not texts:
        return []
    # No parameters: DuckDB would import pandas for them.
    listed = ", ".join(quoted(text) for text in texts)
    asked = f"select list_transform([{listed}], lambda text: scrubbed(text))"
    (found,) = _rules().execute(asked).fetchone() or ([],)
    return list(found)


@cache
def _rules() -> duckdb.DuckDBPyConnection:
    """A database with the rules alone, kept: a trace asks for every row that it shows."""
    db = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False})
    db.execute(FORMS_SQL.read_text(encoding="utf-8"))
    return db
