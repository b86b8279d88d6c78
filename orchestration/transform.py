"""From the store to the build database: dbt's models as assets, its tests as asset checks.

dbt runs over the whole project, from a manifest parsed beforehand, in a process of its own
(`orchestration.dbt_process`); on Spark in this one, which has the session. What is built is told
to Dagster while the rest is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dagster import (
    AssetCheckKey,
    AssetCheckResult,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetsDefinition,
    AssetSpec,
    Failure,
    MaterializeResult,
    TableColumn,
    TableSchema,
)

from orchestration import progress
from orchestration.check_standing import dagster_severity, described, standing
from orchestration.dagster_dbt_alone import (
    DagsterDbtTranslator,
    DbtProject,
    dbt_assets,
    get_asset_check_key_for_test,
)
from orchestration.dbt_process import built
from orchestration.dbt_running import BUILD, Listener, NodeResult, Project
from orchestration.descriptions import asset_description
from orchestration.manifest import load_manifest
from orchestration.publication import MADE_AGAIN
from orchestration.resources import ONE_WRITER_POOL, Warehouse
from orchestration.settings import Home, Target
from sources.clock import utc_now
from sources.failing_checks import Failing, failing_since
from sources.sentences import Said

_BUILT = ("success", "pass")
#: Who answers for a model that names nobody.
OWNER = "team:data-engineering"
_WHEN_RED = (
    "dbt could not build it, or a test of it failed, and the night did not publish; last night's "
    "warehouse is still there. The step `dbt_models` of the run says which and why in dbt's own "
    "words, and a failed check says what to do. Models are built anew every night: once the cause "
    "is mended, launch the job `nightly`."
)
_SEED_WHEN_RED = (
    "dbt could not load this file of the software, and the night did not publish. Was it changed? "
    "It stands in `dbt_project/seeds`; put it back as it was released, then launch `nightly`."
)


@dataclass
class Building:
    """A build that goes on.

    Attributes:
        results: what becomes of every node, failures included, as soon as it is known.
        computed_by: executor → the tasks it did, where other machines may have computed; known
            once the results are.
    """

    results: Iterator[NodeResult]
    computed_by: dict[str, int] = field(default_factory=dict)


def build(home: Home, folder: Path) -> Building:
    """Builds and tests the whole project over the sources laid out in `folder`.

    Who takes the results has the build go on; it is done when there are no more. Taking them raises
    `orchestration.manifest.BuildFailed` where dbt itself could not run.

    Args:
        home: whose target to build on, and whose settings decide the project's variables.
        folder: see `orchestration.layout.lay_out`; dbt's artefacts go to `dbt` below it.
    """
    if home.target is Target.spark:
        return _build_on_spark(home, folder)
    return Building(built(BUILD, folder, folder / "dbt", home.dbt_variables))


def _build_on_spark(home: Home, folder: Path) -> Building:
    """The same on Spark, whose tables become the same file."""
    building = Building(iter(()))
    building.results = _built_on_spark(home, folder, building.computed_by)
    return building


def _built_on_spark(home: Home, folder: Path, computed_by: dict[str, int]) -> Iterator[NodeResult]:
    from orchestration.spark.building import engine
    from orchestration.spark.session import short_of_memory

    nodes = load_manifest()["nodes"]
    tables = {_table(node): node for node in nodes.values() if node["resource_type"] != "test"}
    published = {name: node for name, node in tables.items() if is_published(node)}
    (made_again,) = (node for node in published.values() if node["name"] == MADE_AGAIN)
    read_besides = {_table(nodes[of]) for of in made_again["depends_on"]["nodes"]}
    with engine(home, folder) as spark:
        results: list[NodeResult] = []
        # Its session is in this process.
        Project(Target.spark).run(
            BUILD, folder, folder / "spark" / "dbt", home.dbt_variables,
            Listener(_tell, results.append),
        )  # fmt: skip
        there = {
            _table(nodes[result.unique_id])
            for result in results
            if not result.is_test and result.status in _BUILT
        }
        progress.notify("building", "the warehouse's file from Spark's tables")
        rows = spark.rows(sorted(there))
        columns = spark.columns(sorted(name for name in there if not tables[name]["columns"]))
        computed_by |= spark.tasks()
        if failures_in_words(results) is None:
            spark.assemble(published, sorted(read_besides - published.keys()))
    if failures_in_words(results) is None:
        Project(Target.duckdb).run(
            ["compile", "--select", MADE_AGAIN], folder, folder / "dbt", home.dbt_variables,
            Listener(_tell, lambda _: None),
        )  # fmt: skip
    for result in results:
        table = _table(nodes[result.unique_id])
        message = short_of_memory(result.message) or result.message
        yield replace(result, message=message, rows=rows.get(table), columns=columns.get(table, ()))


def _tell(kind: str, name: str) -> None:
    """Passes dbt's news on: what it is at."""
    progress.notify("checking" if kind == "test" else "building", f"dbt: {name}")


def _table(node: Mapping[str, Any]) -> str:
    return f"{node['schema']}.{node['alias']}"


def is_published(node: Mapping[str, Any]) -> bool:
    """Whether a node of the manifest is a table of the published file."""
    return bool(node["resource_type"] == "model" and node["database"] == "warehouse")


def failures_in_words(results: list[NodeResult]) -> str | None:
    """Which nodes failed and why; None where none did."""
    failed = [r for r in results if r.status in ("error", "fail", "runtime error")]
    if not failed:
        return None
    return "; ".join(f"{r.name}: {' '.join(r.message.split())}" for r in failed)


def check_records(run_id: str, results: list[NodeResult]) -> list[dict[str, Any]]:
    """What dbt's tests found, as the ledger keeps it; one that was skipped found nothing."""
    return [
        {
            "run_id": run_id,
            "checked_at": utc_now(),
            "tool": "dbt",
            "dataset_or_model": result.relation or result.name,
            "check_name": result.name,
            "severity": result.severity,
            "passed": result.status in _BUILT,
            "observed": result.message or result.status,
            "unexpected_count": result.failures,
        }
        for result in results
        if result.is_test and result.status != "skipped"
    ]


class Translator(DagsterDbtTranslator):
    """Assets grouped by layer, owned as the model says, keyed layer/model; checks described."""

    def get_asset_check_spec(
        self,
        asset_spec: AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> AssetCheckSpec | None:
        """A test's check, with what its failure means and what to do then."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None:
            return None
        test = manifest["nodes"][unique_id]
        severity = str(test["config"]["severity"]).lower()
        about = " ".join(part for part in (test["description"], spec.description) if part)
        told = "\n\n".join(
            part for part in (about, described(severity, _instruction(test))) if part
        )
        return spec._replace(description=told)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer: the model's first folder; `reference` for seeds."""
        if dbt_resource_props["resource_type"] == "seed":
            return "reference"
        if dbt_resource_props["resource_type"] == "source":
            return str(dbt_resource_props["source_name"])
        return str(dbt_resource_props["fqn"][1])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """The owner that the project gives the model."""
        return [(dbt_resource_props.get("meta") or {}).get("owner") or OWNER]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """What the project says of the model, what to do when it is red, and its SQL."""
        is_seed = dbt_resource_props["resource_type"] == "seed"
        what, *sql = super().get_description(dbt_resource_props).split("\n\n#### Raw SQL:", 1)
        told = asset_description(what, _SEED_WHEN_RED if is_seed else _WHEN_RED)
        return told if is_seed or not sql else f"{told}\n\n#### Raw SQL:{sql[0]}"


def dbt_models_asset() -> AssetsDefinition:
    """The dbt project as one multi-asset, from the manifest."""
    manifest = load_manifest()
    translator = Translator()

    def _materialized(result: NodeResult) -> MaterializeResult[None]:
        node = manifest["nodes"][result.unique_id]
        metadata: dict[str, Any] = {"seconds": result.seconds}
        if result.rows is not None:
            metadata["dagster/row_count"] = result.rows
        if not node["columns"]:  # the project describes the others'
            metadata["dagster/column_schema"] = TableSchema(
                [TableColumn(name, kind) for name, kind in result.columns]
            )
        return MaterializeResult(
            asset_key=translator.get_asset_spec(manifest, result.unique_id, None).key,
            metadata=metadata,
        )

    def _checked(result: NodeResult, failing: Failing | None) -> Iterator[AssetCheckResult]:
        key = get_asset_check_key_for_test(manifest, translator, result.unique_id, None)
        if key is not None:
            instruction = _instruction(manifest["nodes"][result.unique_id])
            yield _check_result(key, result, instruction, failing)

    @dbt_assets(
        manifest=manifest,
        dagster_dbt_translator=translator,
        name="dbt_models",
        pool=ONE_WRITER_POOL,
    )
    def dbt_models(
        context: AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
        progress.notify("building", "staging, intermediate, marts, reports and audit with dbt")
        building = build(warehouse.home, warehouse.home.night)
        results: list[NodeResult] = []
        for result in building.results:
            results.append(result)
            if not result.is_test:
                if result.status in _BUILT:
                    yield _materialized(result)
            elif result.status in _BUILT:
                yield from _checked(result, None)
        # Since when a check fails is known once this run's results are on record.
        warehouse.ledger.record_checks(check_records(context.run.run_id, results))
        failing = failing_since(warehouse.ledger, context.run.run_id, "dbt")
        for result in results:
            if result.is_test and result.status not in (*_BUILT, "skipped"):
                since = failing.get((result.relation or result.name, result.name))
                yield from _checked(result, since)
        if (why := failures_in_words(results)) is not None:
            raise Failure(why, allow_retries=False)
        context.log.info("dbt built and tested %s nodes", len(results))
        for executor, tasks in building.computed_by.items():
            context.log.info("Spark's executor %s did %s tasks", executor, tasks)

    return dbt_models


def _instruction(test: Mapping[str, Any]) -> Said:
    """What a test of the manifest says to do when it fails."""
    meta = test["config"]["meta"]
    return Said(meta["action_th"], meta["action_en"])


def _check_result(
    key: AssetCheckKey, result: NodeResult, instruction: Said, failing: Failing | None
) -> AssetCheckResult:
    return AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=result.status in _BUILT,
        severity=dagster_severity(result.severity),
        metadata={
            "rows failing": result.failures,
            "dbt said": result.message or result.status,
            "seconds": result.seconds,
            **standing(result.severity, instruction, failing),
        },
    )
