"""What tests of the intake share: a landing zone of their own, and files taken in from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from intake_home import Home, Taken
from spark_session import spark  # noqa: F401 - a fixture of all tests


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the tests that make up files go on making up others."""
    parser.addoption(
        "--fuzz-rounds", type=int, default=1, help="rounds of made-up files (1: always the same)"
    )


#: Fixtures that take a night or several to make, or many seconds.
EXPENSIVE = ("spark", "sample", "story", "night_server")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps a module, and all modules that share what takes nights to make, in one process."""
    group_of: dict[str, str] = {}
    for item in items:
        for name in EXPENSIVE:
            if _is_shared(item, name):
                group_of[item.nodeid.split("::")[0]] = name
    for item in items:
        module = item.nodeid.split("::")[0]
        item.add_marker(pytest.mark.xdist_group(group_of.get(module, module)))


def _is_shared(item: pytest.Item, name: str) -> bool:
    """Whether a test uses a fixture of a name that is made once for all modules."""
    info = getattr(item, "_fixtureinfo", None)
    used = info.name2fixturedefs.get(name) if info else None
    return bool(used) and used[-1].scope == "session"


@pytest.fixture
def fuzz_rounds(request: pytest.FixtureRequest) -> int:
    """How many rounds of made-up files were asked for."""
    rounds: int = request.config.getoption("--fuzz-rounds")
    return rounds


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
