"""The rooms of the project, as tests: who may import what, who may know of which dataset."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.contracts import discover

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "sources").rglob("*.py"))
ORCHESTRATION = sorted((ROOT / "orchestration").rglob("*.py"))
#: Code that serves any dataset; a dataset's own folder may of course name it.
SHARED = [path for path in (*SOURCES, *ORCHESTRATION) if not set(path.parts) & set(discover())]


def name_of(path: Path) -> str:
    """The path within the project."""
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_there_is_code_to_look_at() -> None:
    assert len(SOURCES) > 10
    assert len(ORCHESTRATION) > 10


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_what_arrives_knows_neither_the_orchestrator_nor_the_transformer(path: Path) -> None:
    forbidden = {"dagster", "dagster_dbt", "dagster_webserver", "dbt", "orchestration"}
    assert {module.split(".")[0] for module in imported(path)} & forbidden == set()


@pytest.mark.parametrize("path", SHARED, ids=name_of)
def test_shared_code_names_no_dataset(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [dataset for dataset in discover() if dataset in text] == []


@pytest.mark.parametrize("path", [*SOURCES, *ORCHESTRATION], ids=name_of)
def test_only_the_settings_look_at_the_environment(path: Path) -> None:
    if name_of(path) == "orchestration/settings.py":
        return
    looks = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv", "putenv", "environb"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    assert looks == []


@pytest.mark.parametrize("path", [*SOURCES, *ORCHESTRATION], ids=name_of)
def test_no_exception_is_caught_to_return_something_empty(path: Path) -> None:
    silent = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
        )
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]
    assert silent == []


@pytest.mark.parametrize("path", [*SOURCES, *ORCHESTRATION], ids=name_of)
def test_a_module_opens_with_what_belongs_in_it(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    assert docstring.splitlines()[0].endswith((".", ":", "`"))


@pytest.mark.parametrize("dataset", sorted(discover()))
def test_a_dataset_is_a_folder_with_a_contract_and_a_staging_model_of_its_name(
    dataset: str,
) -> None:
    assert (ROOT / "sources" / dataset / "contract.odcs.yaml").is_file()
    assert (ROOT / "dbt_project/models/staging" / dataset / f"stg_{dataset}.sql").is_file()
    assert (ROOT / "tests/sources" / dataset).is_dir()
