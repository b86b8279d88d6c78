"""Dagster's integration with dbt, imported without dbt itself.

Where dbt is not Python's (dbt Fusion), `dagster_dbt` makes assets of a manifest without it. Here
it is asked to do so although dbt is installed: importing dbt takes longer than importing all of
Dagster, and only what builds needs it (`orchestration.dbt_running`).
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import ModuleType

#: What `dagster_dbt` imports first of dbt, to know whether it is there.
_ASKED_FOR = "dbt.version"


@contextmanager
def _without_dbt() -> Generator[None, None, None]:
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    before = modules.get(_ASKED_FOR)
    modules[_ASKED_FOR] = None  # Python's own way to say that there is none
    try:
        yield
    finally:
        del modules[_ASKED_FOR]
        if before is not None:
            modules[_ASKED_FOR] = before


with _without_dbt():
    from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets
    from dagster_dbt.asset_utils import get_asset_check_key_for_test

__all__ = ["DagsterDbtTranslator", "DbtProject", "dbt_assets", "get_asset_check_key_for_test"]
