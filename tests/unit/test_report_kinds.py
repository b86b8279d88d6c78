"""Kinds of charts are made once, kept for the next report, and made anew where they must be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.report import kinds
from orchestration.report.kinds import kept_in, kind


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[Any, ...]]]:
    """The arguments that a kind was made of, in order; nothing is known of before."""
    monkeypatch.setattr(kinds, "_kinds", kinds._Kinds())
    yield []


def asked(made: list[tuple[Any, ...]], *lines: str) -> Any:
    """Asks for a grid of these lines."""

    @kind
    def grid(lines: tuple[str, ...]) -> dict[str, Any]:
        made.append(lines)
        return {"domain": list(lines), "height": 2.5}

    return grid(tuple(lines))


def another_process() -> None:
    kinds._kinds = kinds._Kinds()


def test_a_kind_is_made_once_for_the_same_arguments(made: list[tuple[Any, ...]]) -> None:
    assert asked(made, "a") == asked(made, "a")
    asked(made, "b")
    assert made == [("a",), ("b",)]


def test_the_next_report_makes_none_that_is_kept(
    made: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    with kept_in(tmp_path):
        first = asked(made, "แฟชั่น")
    another_process()
    with kept_in(tmp_path):
        assert asked(made, "แฟชั่น") == first
    assert made == [("แฟชั่น",)]


def test_a_kind_that_no_report_asks_for_any_more_is_not_kept(
    made: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    for line in ("old", "new"):
        another_process()
        with kept_in(tmp_path):
            asked(made, line)
    another_process()
    with kept_in(tmp_path):
        asked(made, "old")
    assert made == [("old",), ("new",), ("old",)]


def test_changed_makers_make_all_anew_and_the_older_file_goes(
    made: list[tuple[Any, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in ("before", "after"):
        another_process()
        monkeypatch.setattr(kinds, "_makers", lambda source=source: source)
        with kept_in(tmp_path):
            asked(made, "a")
    assert made == [("a",), ("a",)]
    (file,) = tmp_path.iterdir()
    assert file.name.endswith("-after.json")
