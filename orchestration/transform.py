"""From the store to the build database: dbt's models as assets, its tests as asset checks.

dbt runs as one subprocess over the whole project, from a manifest made beforehand.
"""

import hashlib
import importlib.metadata
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dagster import (
    AssetCheckEvaluation,
    AssetCheckResult,
    AssetExecutionContext,
    AssetsDefinition,
)
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets
from packaging.version import Version

from orchestration import progress
from orchestration.resources import Warehouse
from orchestration.settings import DBT_PROJECT

MANIFEST = DBT_PROJECT / "target" / "manifest.json"
_FINGERPRINT = MANIFEST.with_name("manifest.sha256")
_PARSED_SUFFIXES = {".sql", ".yml", ".csv", ".md"}


def dbt_executable() -> str:
    """The dbt of this environment."""
    beside = Path(sys.executable).with_name("dbt")
    return str(beside) if beside.exists() else shutil.which("dbt") or "dbt"


def project_fingerprint() -> str:
    """A hash of every file that dbt parses."""
    digest = hashlib.sha256()
    skipped = {"target", "logs"}
    for path in sorted(DBT_PROJECT.rglob("*")):
        relative = path.relative_to(DBT_PROJECT)
        if path.suffix in _PARSED_SUFFIXES and not skipped & set(relative.parts):
            digest.update(relative.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def prepare_manifest() -> Path:
    """Has dbt parse the project where it changed since the manifest was made.

    Raises:
        RuntimeError: dbt cannot parse it; the message is dbt's.
    """
    wanted = project_fingerprint()
    if MANIFEST.exists() and _FINGERPRINT.exists() and _FINGERPRINT.read_text() == wanted:
        return MANIFEST
    done = subprocess.run(  # noqa: S603 - a fixed command
        [dbt_executable(), "--no-use-colors", "parse", "--target-path", str(MANIFEST.parent)],
        cwd=DBT_PROJECT, env=None, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"dbt cannot parse its project:\n{done.stdout}{done.stderr}")
    _FINGERPRINT.write_text(wanted)
    return MANIFEST


class Dbt(DbtCliResource):
    """dbt's command line, started once a night.

    The parent class asks `dbt --version` in a process of its own and loads dbt's adapter into this
    one before every call, both for features not used here (measured: 3 of 12 CPU seconds of a
    small night). The version is that of the package beside us; no adapter is loaded.
    """

    @property
    def _cli_version(self) -> Version:
        return Version(importlib.metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, _args: Sequence[str]) -> None:  # type: ignore[override]
        return None


class Translator(DagsterDbtTranslator):
    """Assets grouped by layer, owned as the model says, keyed layer/model."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer: the model's first folder; `reference` for seeds."""
        if dbt_resource_props["resource_type"] == "seed":
            return "reference"
        if dbt_resource_props["resource_type"] == "source":
            return str(dbt_resource_props["source_name"])
        return str(dbt_resource_props["fqn"][1])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str] | None:
        """The owner that the project gives the model."""
        owner = (dbt_resource_props.get("meta") or {}).get("owner")
        return [owner] if owner else None


def dbt_models_asset() -> AssetsDefinition:
    """The dbt project as one multi-asset, from the manifest."""

    @dbt_assets(
        manifest=prepare_manifest(),
        dagster_dbt_translator=Translator(),
        name="dbt_models",
        exclude="resource_type:unit_test",
    )
    def dbt_models(context: AssetExecutionContext, dbt: Dbt, warehouse: Warehouse) -> Iterator[Any]:
        progress.notify("building", "staging, intermediate, marts, reports and audit with dbt")
        invocation = dbt.cli(
            ["build"],
            context=context,
            target_path=warehouse.home.night / "dbt",
            raise_on_error=True,
        )
        for event in invocation.stream():
            if isinstance(event, AssetCheckResult | AssetCheckEvaluation):
                progress.notify("checking", f"dbt: {event.check_name}")
            elif (key := getattr(event, "asset_key", None)) is not None:
                progress.notify("building", f"dbt: {key.to_user_string()}")
            yield event

    return dbt_models


def run_results(target: Path) -> list[dict[str, Any]]:
    """Dbt's own results of a build, a record a node.

    Args:
        target: the folder of the build's artefacts.
    """
    import json

    results: list[dict[str, Any]] = json.loads((target / "run_results.json").read_text())["results"]
    return results
