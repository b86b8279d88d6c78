"""Where the bench's nights build and publish, and the servers that they need for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

TARGETS = ("duckdb", "ducklake", "spark")
_SPARK_DEFAULTS = """\
spark.driver.memory           4g
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=4
"""


@dataclass(frozen=True)
class Target:
    """A target, running.

    Attributes:
        name: as WAREHOUSE_TARGET has it.
        environment: the settings that nights need for it.
    """

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def started(name: str) -> Iterator[Target]:
    """A target with its servers, for as long as the block lasts.

    DuckLake's catalog is a PostgreSQL of its own and its data a folder: what the servers use is
    not counted, what their clients do is. Spark computes in the night's own process tree, on all
    cores: on one machine a cluster of several processes only adds to it. What plans there computes
    too, so it is given a worker's memory and Java's second compiler.
    """
    if name == "ducklake":
        from tests.postgres import postgres_server

        with TemporaryDirectory(prefix="bench-lake-") as data, postgres_server() as postgres:
            yield Target(
                name,
                {
                    "WAREHOUSE_TARGET": name,
                    "WAREHOUSE_LAKE_CATALOG": postgres.database("lake"),
                    "WAREHOUSE_LAKE_DATA": str(Path(data)),
                    # A lake is of one warehouse; the bench's homes share it.
                    "WAREHOUSE_KEY_SECRET": "a key of the bench, for homes of a moment",
                },
            )
    elif name == "spark":
        with TemporaryDirectory(prefix="bench-spark-") as folder:
            (Path(folder) / "spark-defaults.conf").write_text(_SPARK_DEFAULTS)
            yield Target(name, {"WAREHOUSE_TARGET": name, "SPARK_CONF_DIR": folder})
    else:
        yield Target(name)
