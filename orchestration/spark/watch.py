"""Who computes for a session, and an end where nobody does.

A cluster whose workers are gone keeps a statement waiting for ever, and with it the night, which
would neither publish nor say why. Here its jobs are given up after a while, and the next night
begins anew.
"""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from orchestration.manifest import BuildFailed
from sources import log

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: How long a cluster may be without any worker: a restart of one takes less.
PATIENCE_SECONDS = 120
_LOOKS_EVERY_SECONDS = 5
_NOBODY = (
    "No worker of Spark's master {master} (WAREHOUSE_SPARK_MASTER) computed for {seconds:.0f} "
    "seconds. Start its workers, or see whether another application has them all or they have less "
    "memory than spark.executor.memory asks for, then run the night again."
)


@contextmanager
def executors_watched(
    spark: SparkSession, patience_seconds: float = PATIENCE_SECONDS
) -> Generator[None, None, None]:
    """Gives up what a session is at where it has no executor for too long, while the block runs.

    Args:
        spark: of a cluster; in a session of this process alone the driver is who computes.
        patience_seconds: how long is too long.

    Raises:
        BuildFailed: it was given up; the message says what to do.
    """
    if str(spark.sparkContext.master).startswith("local"):
        yield
        return
    over, given_up = threading.Event(), threading.Event()
    watching = threading.Thread(
        target=_watch,
        args=(spark, patience_seconds, over, given_up),
        name="spark executors",
        daemon=True,
    )
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()
        if given_up.is_set():  # whatever its statements have raised since
            raise BuildFailed(
                _NOBODY.format(master=spark.sparkContext.master, seconds=patience_seconds)
            ) from None


def _watch(
    spark: SparkSession,
    patience_seconds: float,
    over: threading.Event,
    given_up: threading.Event,
) -> None:
    from py4j.protocol import Py4JError

    alone = 0.0
    every = min(_LOOKS_EVERY_SECONDS, patience_seconds)
    while not over.wait(every):
        try:
            alone = 0.0 if _executors(spark) else alone + every
            if alone >= patience_seconds:
                given_up.set()
                log.error("spark without workers", seconds=alone)
                spark.sparkContext.cancelAllJobs()
        except (Py4JError, ConnectionError):
            return  # the session has ended, or its Java machine


def _executors(spark: SparkSession) -> int:
    """How many executors take tasks now, the driver not counted."""
    context = spark.sparkContext._jsc.sc()
    return len(context.statusTracker().getExecutorInfos()) - 1


def tasks_by_executor(spark: SparkSession) -> dict[str, int]:
    """Executor (its number and host) → the tasks that it has done, the lost ones' too."""
    listed = spark.sparkContext._jsc.sc().statusStore().executorList(False)
    done = {}
    for position in range(listed.size()):
        one = listed.apply(position)
        if one.totalTasks():
            done[f"{one.id()} on {one.hostPort()}"] = int(one.completedTasks())
    return done
