"""The generic test of a primary key: what it finds in rows that break it, on both engines.

It looks at keys only where hashes of keys meet; that must hide neither a repeated nor a missing
one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pytest
from engines import MACROS, Engine, columns

TEXT, WHOLE = pa.string(), pa.int32()
_WRITTEN = (MACROS / "tests" / "primary_key.sql").read_text(encoding="utf-8")
#: As a macro without the settings that dbt alone knows.
_AS_A_MACRO = (
    re.sub(r"\{\{ config\(.*?\n\) \}\}", "", _WRITTEN, flags=re.DOTALL)
    .replace("{% test primary_key", "{% macro primary_key")
    .replace("{% endtest %}", "{% endmacro %}")
)


def found(
    engine: Engine,
    clusters: Sequence[str | None],
    years: Sequence[int | None],
    nullable: str = "[]",
) -> list[str]:
    """The keys that fail, each with how often it stands there: `C01 2558 x2`."""
    given = columns(cluster=(TEXT, clusters), year=(WHOLE, years))
    failing = engine.rendered(
        _AS_A_MACRO + "{{ primary_key('given', ['cluster', 'year'], nullable=" + nullable + ") }}"
    )
    said = (
        "coalesce(cluster, '-') || ' ' || coalesce(cast(year as string), '-') || ' x' "
        "|| cast(rows_found as string)"
    )
    return sorted(engine.rows(given, f"select {said} as said from ({failing}) as failing"))


def test_rows_told_apart_by_all_columns_together_pass(engine: Engine) -> None:
    assert found(engine, ["C01", "C01", "C02"], [2558, 2559, 2558]) == []


def test_a_key_that_stands_there_again_is_found_with_its_rows(engine: Engine) -> None:
    assert found(engine, ["C01", "C02", "C01", "C01"], [2558, 2558, 2558, 2559]) == ["C01 2558 x2"]


@pytest.mark.parametrize("years", [[2558, 2559], [2558, 2558]])
def test_a_key_with_a_missing_part_is_found_even_once(engine: Engine, years: list[int]) -> None:
    expected = [f"- {years[0]} x{years.count(years[0])}"]
    expected += [f"- {year} x1" for year in years[1:] if year != years[0]]
    assert found(engine, [None, None], years) == expected


def test_where_nothing_is_a_value_too_it_may_stand_there_once(engine: Engine) -> None:
    once = found(engine, ["C01", "C02"], [None, None], nullable="['year']")
    twice = found(engine, ["C01", "C01"], [None, None], nullable="['year']")
    assert (once, twice) == ([], ["C01 - x2"])
