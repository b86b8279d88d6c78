"""A build on Spark: its session and sources before dbt runs, the warehouse's file after it.

    store, ledger ── inputs ──▶ Spark's tables ── dbt ──▶ Spark's tables ── assembly ──▶
    warehouse.duckdb

What is checked, compared and published is the same file as ever, so nothing after the build knows
what it was built on.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration import progress
from orchestration.layout import Inputs
from orchestration.settings import Home
from orchestration.spark import assembly
from orchestration.spark.inputs import lay
from orchestration.spark.places import Tables, tables_of
from orchestration.spark.session import session_of_a_build
from orchestration.spark.watch import executors_watched, tasks_by_executor

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Questions to Spark's catalog at the same time; each waits for Java more than it works.
_AT_ONCE = 8


@dataclass(frozen=True)
class Engine:
    """Spark, ready for dbt.

    Attributes:
        spark: the session.
        tables: where its tables lie.
        folder: of the build.
    """

    spark: SparkSession
    tables: Tables
    folder: Path

    def rows(self, names: Sequence[str]) -> dict[str, int]:
        """`schema.table` → its rows, of those that are tables."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            counted = list(pool.map(partial(assembly.rows_of, self.tables), names))
        return {name: rows for name, rows in zip(names, counted, strict=True) if rows is not None}

    def columns(self, names: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
        """`schema.table` → name and type of its columns, of tables and views."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = list(pool.map(lambda name: self.spark.table(name).dtypes, names))
        return dict(zip(names, found, strict=True))

    def tasks(self) -> dict[str, int]:
        """Executor → the tasks that it has done."""
        return tasks_by_executor(self.spark)

    def assemble(self, nodes: Mapping[str, Mapping[str, Any]], beside: Iterable[str]) -> None:
        """Makes `warehouse.duckdb` of the tables that are published.

        Args:
            nodes: `schema.table` → its node of dbt's manifest, of what is published.
            beside: `schema.table` of what finishing the warehouse reads besides.

        Raises:
            orchestration.manifest.BuildFailed: a table does not keep its contract.
        """
        assembly.assemble(self.folder, self.tables, nodes, beside)


@contextmanager
def engine(home: Home, folder: Path) -> Generator[Engine, None, None]:
    """Spark with the sources of the build that was laid out in `folder`.

    Args:
        home: whose master and tables.
        folder: see `orchestration.layout.lay_out`.

    Raises:
        orchestration.manifest.BuildFailed: there is no Spark, or it gave way; the message says
            what to do.
    """
    tables = tables_of(home, folder)
    tables.remove()
    progress.notify("building", f"Spark begins at {home.spark_master}")
    with (
        session_of_a_build(home.spark_master, tables.root, folder / "spark") as spark,
        executors_watched(spark),
    ):
        from orchestration.spark.python_models import run_python_models_in_session

        progress.notify("building", "Spark reads the store")
        lay(spark, Inputs.of(folder), tables)
        run_python_models_in_session()
        try:
            yield Engine(spark, tables, folder)
        finally:
            if folder != home.night:  # nobody begins by emptying this one
                tables.remove()
