"""Telephone numbers, addresses and natural persons' ids covered in any text that is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import duckdb

from sources.sql import quoted
from sources.text import FORMS_SQL, MAY_NAME_A_PERSON

#: The same pattern as Python writes it.
_MAY = re.compile(MAY_NAME_A_PERSON.replace(r"\p{Nd}", r"\d").replace(r"\P{Nd}", r"\D"))


def scrubbed(texts: Sequence[str]) -> list[str]:
    """The texts as they may be shown, by the rule that published free text is made by."""
    doubtful = {text: text for text in texts if _MAY.search(text)}
    if doubtful:
        doubtful = dict(zip(doubtful, _by_the_rule(list(doubtful)), strict=True))
    return [doubtful.get(text, text) for text in texts]


def _by_the_rule(texts: Sequence[str]) -> list[str]:
    # No parameters: DuckDB would import pandas for them.
    listed = ", ".join(quoted(text) for text in texts)
    asked = f"select list_transform([{listed}], lambda text: scrubbed(text))"
    (found,) = _rules().execute(asked).fetchone() or ([],)
    return list(found)


@cache
def _rules() -> duckdb.DuckDBPyConnection:
    """A database with the rules alone, kept: a trace asks for many a row that it shows."""
    db = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False})
    db.execute(FORMS_SQL.read_text(encoding="utf-8"))
    return db
