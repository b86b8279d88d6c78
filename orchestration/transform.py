"""From the store to the build database: dbt's models as assets, its tests as asset checks.

dbt runs in this process, over the whole project, from a manifest parsed beforehand. A subprocess
would import dbt a second time (Dagster's integration has most of it already) and parse the project
anew for every new home.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
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
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from orchestration import progress
from orchestration.check_standing import dagster_severity, described, standing
from orchestration.dbt_pace import without_needless_work
from orchestration.dbt_templates import kept_compiled
from orchestration.descriptions import asset_description
from orchestration.manifest import (
    FINGERPRINT,
    PARSED,
    BuildFailed,
    load_manifest,
    prepare_manifest,
    writable_folder,
)
from orchestration.publication import MADE_AGAIN
from orchestration.resources import ONE_WRITER_POOL, Warehouse
from orchestration.settings import DBT_PROJECT, Home, Target, building_in
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
#: dbt's event of a node that begins.
_STARTED = "NodeStart"
#: The manifest and the results are here already; writing them again is a fifth of a small build.
_QUIETLY = ("--no-use-colors", "--no-write-json")


@dataclass(frozen=True)
class NodeResult:
    """What became of one model, seed or test of a build.

    Attributes:
        unique_id: dbt's name of the node.
        status: success, pass, warn, fail, error or skipped.
        failures: rows a test found.
        message: dbt's own words.
        seconds: wall time.
        relation: what a test reads first.
        severity: how bad its failure is: error or warn.
    """

    unique_id: str
    status: str
    failures: int
    message: str
    seconds: float
    relation: str | None
    severity: str

    @property
    def name(self) -> str:
        """The node's own name."""
        return self.unique_id.split(".")[2]

    @property
    def is_test(self) -> bool:
        """Whether it is a test."""
        return self.unique_id.startswith("test.")


@dataclass(frozen=True)
class Built:
    """What a build made.

    Attributes:
        results: what became of every node, failures included.
        rows: `schema.table` → its rows.
        columns: `schema.table` → name and type of its columns, of tables and views.
        computed_by: executor → the tasks it did, where other machines may have computed.
    """

    results: list[NodeResult]
    rows: Mapping[str, int]
    columns: Mapping[str, list[tuple[str, str]]]
    computed_by: Mapping[str, int] = field(default_factory=dict)


def build(home: Home, folder: Path) -> Built:
    """Builds and tests the whole project over the sources laid out in `folder`.

    Args:
        home: whose target to build on, and whose settings decide the project's variables.
        folder: see `orchestration.layout.lay_out`; dbt's artefacts go to `dbt` below it.

    Raises:
        BuildFailed: dbt itself could not run.
    """
    if home.target is Target.spark:
        return _build_on_spark(home, folder)
    results = _build(folder, home, Target.duckdb)
    return Built(results, _row_counts(folder), _columns(folder))


def _build_on_spark(home: Home, folder: Path) -> Built:
    """The same on Spark, whose tables become the same file."""
    from orchestration.spark.building import engine

    nodes = load_manifest()["nodes"]
    tables = {_table(node): node for node in nodes.values() if node["resource_type"] != "test"}
    published = {name: node for name, node in tables.items() if is_published(node)}
    (made_again,) = (node for node in published.values() if node["name"] == MADE_AGAIN)
    read_besides = {_table(nodes[of]) for of in made_again["depends_on"]["nodes"]}
    with engine(home, folder) as spark:
        results = _build(folder, home, Target.spark, artefacts=folder / "spark" / "dbt")
        there = [
            _table(nodes[result.unique_id])
            for result in results
            if not result.is_test and result.status in _BUILT
        ]
        progress.notify("building", "the warehouse's file from Spark's tables")
        undescribed = [name for name in there if not tables[name]["columns"]]
        built = Built(results, spark.rows(there), spark.columns(undescribed), spark.tasks())
        if failures_in_words(results) is None:
            spark.assemble(published, sorted(read_besides - published.keys()))
    if failures_in_words(results) is None:
        _run_dbt(folder, home, Target.duckdb, ["compile", "--select", MADE_AGAIN], folder / "dbt")
    return built


def _table(node: Mapping[str, Any]) -> str:
    return f"{node['schema']}.{node['alias']}"


def is_published(node: Mapping[str, Any]) -> bool:
    """Whether a node of the manifest is a table of the published file."""
    return bool(node["resource_type"] == "model" and node["database"] == "warehouse")


def _build(
    folder: Path, home: Home, target: Target, artefacts: Path | None = None
) -> list[NodeResult]:
    """What became of every node, failures included."""
    results = _run_dbt(
        folder,
        home,
        target,
        ["build", "--exclude-resource-type", "unit_test"],
        artefacts or folder / "dbt",
    )
    return [
        NodeResult(
            result.node.unique_id,
            str(result.status),
            result.failures or 0,
            result.message or "",
            result.execution_time,
            *_of_a_test(result.node),
        )
        for result in results.results
    ]


def _run_dbt(
    folder: Path, home: Home, target: Target, command: Sequence[str], artefacts: Path
) -> Any:
    """Runs a command of dbt in this process; returns what dbt returns.

    Args:
        folder: of the build.
        home: whose settings decide the project's variables.
        target: the output of dbt's profile.
        command: and its options.
        artefacts: where dbt writes.

    Raises:
        BuildFailed: dbt itself could not run.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    prepared = prepare_manifest(target)
    parsed: Any = Manifest.from_msgpack(prepared.with_name(PARSED).read_bytes())
    parsed.build_flat_graph()
    places = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    places += ["--target-path", str(artefacts), "--log-path", str(artefacts)]
    places += ["--target", target.value, "--vars", json.dumps(home.dbt_variables)]
    kept = kept_compiled(writable_folder(), prepared.with_name(FINGERPRINT).read_text())
    with (
        contextlib.chdir(DBT_PROJECT),
        building_in(folder),
        kept,
        without_needless_work({_STARTED}),
    ):
        try:
            done = dbtRunner(manifest=parsed, callbacks=[_tell]).invoke(
                [*_QUIETLY, *command, *places]
            )
        finally:
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if done.exception is not None:
        raise BuildFailed(str(done.exception)) from done.exception
    return done.result


def _of_a_test(node: Any) -> tuple[str | None, str]:
    """What a test is about and its severity; what is no test stops the night when it fails."""
    if node.resource_type != "test":
        return None, "error"
    return _tested_relation(node), str(node.config.severity).lower()


def _tested_relation(node: Any) -> str | None:
    """The name of the model that a test is about, else of the first it reads."""
    if about := node.config.meta.get("dagster", {}).get("ref", {}).get("name"):
        return str(about)
    model = getattr(node, "attached_node", None) or next(iter(node.depends_on.nodes), None)
    return str(model).split(".")[2] if model else None


def _tell(event: Any) -> None:
    """Passes dbt's news on: what it is at."""
    if event.info.name == _STARTED:
        kind, _, name = event.data.node_info.unique_id.split(".")[:3]
        stage = "checking" if kind == "test" else "building"
        progress.notify(stage, f"dbt: {name}")


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

    @dbt_assets(
        manifest=manifest,
        dagster_dbt_translator=translator,
        name="dbt_models",
        exclude="resource_type:unit_test",
        pool=ONE_WRITER_POOL,
    )
    def dbt_models(
        context: AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
        progress.notify("building", "staging, intermediate, marts, reports and audit with dbt")
        built = build(warehouse.home, warehouse.home.night)
        results = built.results
        warehouse.ledger.record_checks(check_records(context.run.run_id, results))
        failing = failing_since(warehouse.ledger, context.run.run_id, "dbt")
        for result in results:
            if result.is_test:
                key = get_asset_check_key_for_test(manifest, translator, result.unique_id, None)
                if key is not None and result.status != "skipped":
                    since = failing.get((result.relation or result.name, result.name))
                    instruction = _instruction(manifest["nodes"][result.unique_id])
                    yield _check_result(key, result, instruction, since)
            elif result.status in _BUILT:
                node = manifest["nodes"][result.unique_id]
                table = _table(node)
                metadata: dict[str, Any] = {"seconds": result.seconds}
                if table in built.rows:
                    metadata["dagster/row_count"] = built.rows[table]
                if not node["columns"]:  # the project describes the others'
                    metadata["dagster/column_schema"] = TableSchema(
                        [TableColumn(*column) for column in built.columns.get(table, [])]
                    )
                yield MaterializeResult(
                    asset_key=translator.get_asset_spec(manifest, result.unique_id, None).key,
                    metadata=metadata,
                )
        if (why := failures_in_words(results)) is not None:
            raise Failure(why, allow_retries=False)
        context.log.info("dbt built and tested %s nodes", len(results))
        for executor, tasks in built.computed_by.items():
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


def _row_counts(folder: Path) -> dict[str, int]:
    """`schema.table` → its rows, of both databases of a build."""
    return dict(
        _asked_of_both(
            folder, "select schema_name || '.' || table_name, estimated_size from duckdb_tables()"
        )
    )


def _columns(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """`schema.table` → its columns as they were built, of tables and views of both databases."""
    columns: dict[str, list[tuple[str, str]]] = {}
    for table, name, kind in _asked_of_both(
        folder,
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where not internal order by table_oid, column_index",
    ):
        columns.setdefault(table, []).append((name, kind))
    return columns


def _asked_of_both(folder: Path, sql: str) -> Iterator[tuple[Any, ...]]:
    """The answers of both databases of a build; of those that there are."""
    for name in ("scratch.duckdb", "warehouse.duckdb"):
        if (folder / name).exists():
            with duckdb.connect(str(folder / name), read_only=True) as db:
                yield from db.execute(sql).fetchall()
