"""What the unit tests share: the contracts, and value forms asked directly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from small_home import make_small_home

from sources.contracts import Contract, discover
from sources.typed import Workbench

SECRET = b"a secret of the tests"
Read = Callable[[str, Iterable[str]], dict[str, Any]]


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small home that is real; a test works on a copy of it."""
    root = tmp_path_factory.mktemp("small") / "home"
    make_small_home(root)
    return root


@pytest.fixture(scope="session")
def contracts() -> Mapping[str, Contract]:
    """The project's own contracts."""
    return discover()


@pytest.fixture(scope="session")
def bench(contracts: Mapping[str, Contract]) -> Iterator[Workbench]:
    """A workbench whose macros may be asked."""
    with Workbench(contracts["member_registrations"], SECRET) as bench:
        yield bench


@pytest.fixture(scope="session")
def read(bench: Workbench) -> Read:
    """Reads texts by a value form; text → value, None where it stands for none."""

    def values(form: str, texts: Iterable[str]) -> dict[str, Any]:
        db = bench.db
        db.execute(
            "create or replace temp table asked as select distinct unnest(?::varchar[]) as text",
            [list(texts)],
        )
        pad = ", 5" if form == "identifier" else ""
        return dict(db.execute(f"select text, value from read_{form}('asked'{pad})").fetchall())

    return values


@pytest.fixture(scope="session")
def say(bench: Workbench) -> Callable[[str, Iterable[str]], list[Any]]:
    """Asks a scalar macro of value_forms.sql about texts, in their order."""

    def answers(macro: str, texts: Iterable[str]) -> list[Any]:
        return [
            row[0]
            for row in bench.db.execute(
                f"select {macro}(text) from (select unnest($1::varchar[]) as text, "
                "generate_subscripts($1::varchar[], 1) as position) order by position",
                [list(texts)],
            ).fetchall()
        ]

    return answers
