"""A command of dbt, run in this process: what it starts from, what becomes of each node.

Imports dbt inside its functions and Dagster not at all: a process of its own that does nothing but
build (`orchestration.dbt_child`) is ready soon, and whoever only reads results pays for neither.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.dbt_pace import without_needless_work
from orchestration.dbt_templates import kept_compiled
from orchestration.manifest import (
    FINGERPRINT,
    PARSED,
    BuildFailed,
    prepare_manifest,
    writable_folder,
)
from orchestration.settings import DBT_PROJECT, Target, building_in

#: Builds and tests the whole project; what its unit tests prove is proved once, by the tests.
BUILD = ("build", "--exclude-resource-type", "unit_test")
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
        rows: of a table that was built.
        columns: name and type of those of a table or view that was built and whose columns the
            project does not describe.
    """

    unique_id: str
    status: str
    failures: int
    message: str
    seconds: float
    relation: str | None
    severity: str
    rows: int | None = None
    columns: Sequence[tuple[str, str]] = ()

    @property
    def name(self) -> str:
        """The node's own name."""
        return self.unique_id.split(".")[2]

    @property
    def is_test(self) -> bool:
        """Whether it is a test."""
        return self.unique_id.startswith("test.")


@dataclass(frozen=True)
class Listener:
    """Who is told of a command while it runs; from threads of dbt's.

    Attributes:
        started: a node begins: its kind and its name.
        became: what became of a node, failures included.
    """

    started: Callable[[str, str], None]
    became: Callable[[NodeResult], None]


class Project:
    """dbt's project, parsed: what takes longest before a command of dbt begins to work."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._fingerprint = ""
        self._parsed: Any = None
        self._kept = writable_folder()

    def load(self) -> None:
        """Loads it where the files of the project are not those that were loaded.

        Raises:
            BuildFailed: dbt cannot parse it.
        """
        prepared = prepare_manifest(self._target)
        fingerprint = prepared.with_name(FINGERPRINT).read_text()
        if fingerprint == self._fingerprint:
            return
        from dbt.contracts.graph.manifest import Manifest

        self._parsed = Manifest.from_msgpack(prepared.with_name(PARSED).read_bytes())
        self._parsed.build_flat_graph()
        self._fingerprint = fingerprint

    def run(
        self,
        command: Sequence[str],
        folder: Path,
        artefacts: Path,
        variables: Mapping[str, Any],
        listener: Listener,
    ) -> None:
        """Runs a command of dbt in this process.

        Args:
            command: and its options.
            folder: of the build.
            artefacts: where dbt writes.
            variables: of the project that a setting decides.
            listener: who is told meanwhile.

        Raises:
            BuildFailed: dbt itself could not run.
        """
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        self.load()

        def tell(event: Any) -> None:
            if event.info.name == _STARTED:
                kind, _, name = event.data.node_info.unique_id.split(".")[:3]
                listener.started(kind, name)

        places = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
        places += ["--target-path", str(artefacts), "--log-path", str(artefacts)]
        places += ["--target", self._target.value, "--vars", json.dumps(dict(variables))]
        with (
            contextlib.chdir(DBT_PROJECT),
            building_in(folder),
            kept_compiled(self._kept, self._fingerprint),
            without_needless_work({_STARTED}),
            _results_told(listener.became),
        ):
            try:
                done = dbtRunner(manifest=self._parsed, callbacks=[tell]).invoke(
                    [*_QUIETLY, *command, *places]
                )
            finally:
                DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        if done.exception is not None:
            raise BuildFailed(str(done.exception)) from done.exception


@contextlib.contextmanager
def _results_told(became: Callable[[NodeResult], None]) -> Generator[None, None, None]:
    """Has each node's result told as soon as dbt has it; dbt itself gives them at the end."""
    from dbt.task.runnable import GraphRunnableTask

    handle = GraphRunnableTask._handle_result

    def handle_and_tell(task: Any, result: Any) -> None:
        handle(task, result)
        became(_node_result(result))

    GraphRunnableTask._handle_result = handle_and_tell  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        GraphRunnableTask._handle_result = handle  # type: ignore[method-assign]


def _node_result(result: Any) -> NodeResult:
    """What dbt says of a node, and what it built where that was in DuckDB."""
    node = result.node
    is_test = node.resource_type == "test"
    rows: int | None = None
    columns: list[tuple[str, str]] = []
    if not is_test and str(result.status) == "success":
        rows, columns = _built_in_duckdb(node)
    return NodeResult(
        node.unique_id,
        str(result.status),
        result.failures or 0,
        result.message or "",
        result.execution_time,
        _tested_relation(node) if is_test else None,
        # What is no test stops the night when it fails.
        str(node.config.severity).lower() if is_test else "error",
        rows,
        columns,
    )


def _built_in_duckdb(node: Any) -> tuple[int | None, list[tuple[str, str]]]:
    """The rows of a table, and the columns that the project does not describe."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    environment: Any = DuckDBConnectionManager._ENV
    if environment is None:  # another engine builds
        return None, []
    with environment.conn.cursor() as cursor:
        rows = None
        if node.config.materialized != "view":
            counted = cursor.execute(f"select count(*) from {node.relation_name}").fetchone()
            rows = int(counted[0])
        columns = []
        if not node.columns:
            described = cursor.execute(f"describe {node.relation_name}").fetchall()
            columns = [(str(name), str(kind)) for name, kind, *_ in described]
    return rows, columns


def _tested_relation(node: Any) -> str | None:
    """The name of the model that a test is about, else of the first it reads."""
    if about := node.config.meta.get("dagster", {}).get("ref", {}).get("name"):
        return str(about)
    model = getattr(node, "attached_node", None) or next(iter(node.depends_on.nodes), None)
    return str(model).split(".")[2] if model else None
