"""What a build on Spark reads: the store's files and the ledger's relations as Spark's tables.

    store/<dataset>/accepted/…  ──▶  store.<dataset>     the columns that anybody may see
    store/<dataset>/…           ──▶  store.quarantined, store.correction
    store/closed/…              ──▶  store.closed_outcome
    build/…/ledger/….parquet    ──▶  ledger.<relation>

The cluster reads the store's files once, many at a time, and writes what may be seen of them as one
table a dataset: models read a dataset more than once, and thousands of small files cost more than
their rows. Columns with personal data are not among those that are read, and what tells of natural
persons is null before anything is written, so neither gets into Spark's tables, plans or logs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from orchestration.layout import Inputs
from orchestration.spark.places import Tables, spark_url
from sources import closings
from sources.contracts import Contract, discover
from sources.intake import masked_sql, personal_columns

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

#: Tables that are written at the same time; each alone leaves most of a cluster idle.
_AT_ONCE = 4
#: `<file>.<three numbers>.parquet`: how the store names a file (`sources.store.Store.path`).
_END_OF_VERSION = 4
_CORRECTION = "file_id string, contract_version string, corrects string"


def lay(spark: SparkSession, inputs: Inputs, tables: Tables) -> None:
    """Makes the sources of dbt in Spark's catalog.

    Args:
        spark: the session of the build.
        inputs: the files, as `orchestration.layout` listed them.
        tables: where the build's tables lie.
    """
    for schema in ("store", "ledger"):
        spark.sql(f"create database if not exists {schema}")
    frames: dict[str, Callable[[], DataFrame]] = {
        dataset: lambda contract=contract, files=inputs.accepted[dataset]: _rows(  # type: ignore[misc]
            spark, contract, files
        )
        for dataset, contract in discover().items()
    }
    frames["quarantined"] = lambda: _quarantined(spark, inputs.quarantined)
    frames["correction"] = lambda: _corrections(spark, inputs)
    frames["closed_outcome"] = lambda: _closed(spark, inputs.closed)

    def write(name: str) -> None:
        frames[name]().write.mode("overwrite").format("parquet").saveAsTable(f"store.{name}")

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(write, frames))
    for relation, path in inputs.ledger.items():
        folder = tables.put(path, "ledger", relation)
        spark.sql(f"create table ledger.{relation} using parquet location '{folder}'")


def _rows(spark: SparkSession, contract: Contract, files: Sequence[str]) -> DataFrame:
    """A dataset's accepted rows as anybody may see them.

    The files of each version of the contract are read by the columns that they have, and put
    together by name; what only earlier versions had is left out, what they lacked is null.
    """
    hidden, of_persons = personal_columns(contract)
    by_version = [_read(spark, paths, hidden) for paths in _by_version(files)]
    rows = reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), by_version)
    return rows.selectExpr(
        *(
            f"{masked_sql(name)} as {name}" if name in of_persons else name
            for name in by_version[0].columns
        )
    )


def _by_version(files: Iterable[str]) -> list[list[str]]:
    """Files by the contract's version in their names, that of the first file first."""
    versions: dict[str, list[str]] = {}
    for file in files:
        # A copy of an object has the object's version in its name besides.
        version = PurePosixPath(file).name.split(".")[1:_END_OF_VERSION]
        versions.setdefault(".".join(version), []).append(file)
    return list(versions.values())


def _read(spark: SparkSession, files: Sequence[str], hidden: Sequence[str]) -> DataFrame:
    """Files by all columns that any of them has, but for hidden ones."""
    from pyspark.sql.types import StructType

    paths = [spark_url(file) for file in files]
    found = spark.read.option("mergeSchema", "true").parquet(*paths).schema
    seen = StructType([field for field in found.fields if field.name not in hidden])
    return spark.read.schema(seen).parquet(*paths)


def _quarantined(spark: SparkSession, files: Mapping[str, Sequence[str]]) -> DataFrame:
    return _read(spark, [path for paths in files.values() for path in paths], ["original"])


def _corrections(spark: SparkSession, inputs: Inputs) -> DataFrame:
    """References to corrected rows; files from before there were any lack the column."""
    of_datasets = [
        spark.read.schema(_CORRECTION)
        .parquet(*(spark_url(file) for file in (*paths, *inputs.quarantined[dataset])))
        .where("corrects is not null")
        .selectExpr(f"'{dataset}' as dataset", "file_id", "contract_version", "corrects")
        for dataset, paths in inputs.accepted.items()
    ]
    return reduce(lambda one, other: one.union(other), of_datasets)


def _closed(spark: SparkSession, files: Sequence[str]) -> DataFrame:
    types = {
        name: "string" if kind == "varchar" else kind
        for name, (kind, _) in closings.COLUMNS.items()
    }
    if not files:
        nulls = [f"cast(null as {kind}) as {name}" for name, kind in types.items()]
        return spark.range(0).selectExpr(*nulls)
    columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
    return spark.read.schema(columns).parquet(*(spark_url(file) for file in files))
