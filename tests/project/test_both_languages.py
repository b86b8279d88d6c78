"""The data dictionary: every published table and column is described in both languages, once."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from orchestration.dictionary import tables_of_the_project
from orchestration.dictionary.published import Table
from orchestration.dictionary.thai import GLOSSARY_FILE, Glossary, read_glossary

THAI = re.compile("[ก-๛]")


@pytest.fixture(scope="module")
def tables() -> tuple[Table, ...]:
    """What is published."""
    return tables_of_the_project()


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    """The Thai of the project."""
    return read_glossary()


def test_every_published_table_and_column_is_described_in_thai_letters(
    tables: tuple[Table, ...],
) -> None:
    said = {table.full_name: table.description.thai for table in tables} | {
        f"{table.full_name}.{column.name}": column.description.thai
        for table in tables
        for column in table.columns
    }
    assert len(said) > 500
    assert [name for name, thai in said.items() if not THAI.search(thai or "")] == []


def test_no_thai_is_left_of_a_table_or_column_that_is_gone(
    tables: tuple[Table, ...], glossary: Glossary
) -> None:
    used = {
        glossary.entry_of(table.name, column.name)
        for table in tables
        for column in table.columns
        if column.metric is None
    }
    named = {model for _, key in glossary.entries for model in key.split()} - {"others"}
    assert set(glossary.tables) == {table.name for table in tables}
    assert glossary.entries - used == set()
    assert named <= set(glossary.tables)


def test_every_placeholder_stands_for_something() -> None:
    text = GLOSSARY_FILE.read_text(encoding="utf-8").split("\ntables:\n", 1)[1]
    places = set(re.findall(r"\{(\w+)\.(\w+)\.(label|codes)\}", text))
    assert len(places) == len(set(re.findall(r"\{[^}]*\}", text)))
    for home, name, what in places:
        place = f"{{{home}.{name}.{what}}}"
        said = Glossary({"a": place}, {}).of_table("a")
        assert said is not None
        assert THAI.search(said), place


def test_what_is_the_same_in_english_is_the_same_in_thai(tables: tuple[Table, ...]) -> None:
    said: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    for table in tables:
        for column in table.columns:
            if column.metric is None:
                said[column.name, column.description.english].add(column.description.thai)
    assert {key: thai for key, thai in said.items() if len(thai) > 1} == {}
