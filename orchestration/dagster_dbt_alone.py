"""Dagster's integration with dbt, imported without dbt itself and without what a night never needs.

Where dbt is not Python's (dbt Fusion), `dagster_dbt` makes assets of a manifest without it. Here
it is asked to do so although dbt is installed: importing dbt takes longer than importing all of
Dagster, and only what builds needs it (`orchestration.dbt_running`).

What the package imports by itself, dbt's cloud with its web client and the parser of SQL for the
lineage of columns, is left out, too: a third of a second of every start. Whoever imports
`dagster_dbt` gets all of it, with the modules that are here already.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec, module_from_spec
from types import ModuleType

from dagster_shared.libraries import DagsterLibraryRegistry

_PACKAGE = "dagster_dbt"
#: What it imports first of dbt, to know whether it is there.
_ASKED_FOR = "dbt.version"


@contextmanager
def _put_in_place(name: str, module: ModuleType | None) -> Generator[None, None, None]:
    """Has a module be another while the block runs; None is Python's way to say there is none."""
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    before = modules.get(name)
    modules[name] = module
    try:
        yield
    finally:
        del modules[name]
        if before is not None:
            modules[name] = before


def _package() -> ModuleType:
    """The package as it is imported, else a bare one: its modules are found, nothing is run."""
    if _PACKAGE in sys.modules:
        return sys.modules[_PACKAGE]
    spec = find_spec(_PACKAGE)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {_PACKAGE!r}", name=_PACKAGE)
    return module_from_spec(spec)


with _put_in_place(_ASKED_FOR, None), _put_in_place(_PACKAGE, _package()):
    from dagster_dbt.asset_decorator import dbt_assets
    from dagster_dbt.asset_utils import get_asset_check_key_for_test
    from dagster_dbt.dagster_dbt_translator import DagsterDbtTranslator
    from dagster_dbt.dbt_project import DbtProject

# As the package does: Dagster shows which version defines these assets.
DagsterLibraryRegistry.register("dagster-dbt", version("dagster-dbt"))

__all__ = ["DagsterDbtTranslator", "DbtProject", "dbt_assets", "get_asset_check_key_for_test"]
