"""One small Spark session for all tests of a process: two threads, a heap of 768 MB.

Starting a session costs seconds and a process can have only one: `spark` is shared by all modules
that use it. Whatever a test makes there (tables, views) must have a name of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

NEEDED = "needs Java: Debian's package openjdk-17-jre-headless"
#: Little data: a task a thread is enough, and each further one costs its start. What runs once or
#: twice is not worth Java's second compiler, nor a collector with threads of its own.
SMALL = {
    "spark.driver.memory": "768m",
    "spark.driver.extraJavaOptions": (
        "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC"
    ),
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.adaptive.enabled": "false",
}
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason=NEEDED)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A Spark session of this process, with the settings that a night's has."""
    if shutil.which("java") is None:
        pytest.skip(NEEDED)
    from orchestration.spark.session import session

    folder = tmp_path_factory.mktemp("spark")
    begun = session("local[2]", folder / "tables", {**SMALL, "spark.local.dir": str(folder)})
    begun.sparkContext.setLogLevel("ERROR")
    yield begun
    begun.stop()
