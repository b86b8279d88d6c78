"""What tests of the intake share: a landing zone of their own, and files taken in from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from intake_home import Home, Taken


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty intake for one test."""
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def take_in(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, Mapping[str, bytes | str]], dict[str, Taken]]:
    """Takes files of one dataset in; file name → what became of it."""

    def taken(dataset: str, files: Mapping[str, bytes | str]) -> dict[str, Taken]:
        home = Home(tmp_path_factory.mktemp("home") / "home")
        for name, content in files.items():
            home.put(f"{dataset}/{name}", content)
        _, outcome = home.night()
        assert not home.disagreements
        return {path.removeprefix(f"{dataset}/"): one for path, one in outcome.items()}

    return taken
