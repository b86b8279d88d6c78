"""The Spark session that dbt and we share: the same settings on a laptop and on a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: What must hold wherever a build runs, so that it says the same as DuckDB does: no silent nulls
#: for values that do not fit, instants in UTC, text compared by its bytes.
SETTINGS: Mapping[str, str] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.sources.default": "parquet",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def session(master: str, tables: Path, settings: Mapping[str, str] | None = None) -> SparkSession:
    """The session of this process, begun where there is none.

    Args:
        master: Spark's URL of its master; `local[2]` computes in this process with two threads.
        tables: the folder below which tables become Parquet files.
        settings: further ones of Spark's, by name.
    """
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("cluster warehouse").master(master)
    for name, value in {**SETTINGS, **(settings or {})}.items():
        builder = builder.config(name, value)
    return builder.config("spark.sql.warehouse.dir", tables.resolve().as_uri()).getOrCreate()
