"""The Spark session that dbt and we share: the same settings on a laptop and on a cluster.

A session lives in a Java machine that this process starts. It says what it has to say in a file of
the build, serves no page, keeps no log of events, and ends with the build.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import TimeoutExpired
from typing import TYPE_CHECKING, Any

from orchestration.manifest import BuildFailed
from orchestration.spark.places import spark_url

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
#: What a build asks for where neither `spark-defaults.conf` nor the caller says otherwise.
DEFAULTS: Mapping[str, str] = {
    # dbt builds several models at once; the first would otherwise take every core until it ends.
    "spark.scheduler.mode": "FAIR",
    # A build's tables are small beside its number of statements, and there are only as many tasks
    # as this where adaptive execution cannot do with fewer.
    "spark.sql.shuffle.partitions": "16",
}
_LOGGING = """\
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss} %p %c{1}: %m%n%ex
"""
_NEEDS_PACKAGES = (
    "The target spark needs packages that are not installed ({name}). Type `make cluster`, then "
    "run the night again."
)
_NO_JAVA = (
    "Spark did not start ({why}). It needs Java 17 (Debian: openjdk-17-jre-headless) on the path "
    "or in JAVA_HOME. Install it, then run the night again."
)
_GAVE_WAY = (
    "Spark gave way ({why}). See whether its master {master} (WAREHOUSE_SPARK_MASTER) and workers "
    "run, then run the night again."
)
_DIED = (
    "Spark's Java on this machine ended in the middle of the build ({how}; its last words are in "
    "{log}). Where memory is short, raise spark.driver.memory in spark-defaults.conf or leave it "
    "more of this machine's, then run the night again; what was published is unchanged."
)
_UNREAD = (
    "Spark's workers of {master} cannot read {what}. Every machine of a cluster must reach these "
    "folders by the same names as this one: the store ($WAREHOUSE_HOME/store, or the copies of an "
    "object store's files in $WAREHOUSE_HOME/objects) and WAREHOUSE_SPARK_TABLES. Share them, and "
    "have workers run as the same user; then run the night again."
)
_SHORT_OF_MEMORY = (
    "Spark's executors ran out of memory, or were ended, over the same work again and again "
    "({why}). Raise spark.executor.memory in spark-defaults.conf, and what workers may give with "
    "it (SPARK_WORKER_MEMORY), then run the night again; what was published is unchanged."
)
#: How Spark says that those who computed were ended by what they computed. One that is ended by
#: something else is replaced, and its work is done again.
_ENDED_BY_IT = re.compile(r"Job aborted[^\n]*(?:OutOfMemoryError|ExecutorLostFailure)[^\n]*")
#: How Spark says that a task did not find a file, or may not open it.
_READ_FAILED = "[FAILED_READ_FILE"
#: By which a Java machine ends that has no memory left (`_BRIEF_JAVA`).
_OUT_OF_MEMORY = 3
#: How long a Java machine whose connections are gone may take to be gone itself.
_SECONDS_TO_DIE = 2
#: A driver plans more than it computes and lives for minutes: Java's second compiler would take
#: more time than it gives back. Without it Java keeps room for 48 MB of code, which a build's plans
#: fill in a minute; the thread that then finds none dies, and who waits for it waits for ever. So
#: does who waits for memory: a Java machine that has none left had better end.
_BRIEF_JAVA = (
    "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC "
    "-XX:+ExitOnOutOfMemoryError"
)
#: How long a Java machine may take to end before it is killed.
_SECONDS_TO_END = 20
#: How py4j begins to tell what Java said.
_HEARD_OF_IT = "An error occurred while calling"


def session(
    master: str, tables: Path | str, settings: Mapping[str, str] | None = None
) -> SparkSession:
    """The session of this process, begun where there is none.

    Args:
        master: Spark's URL of its master; `local[2]` computes in this process with two threads.
        tables: the folder or URL below which tables become Parquet files.
        settings: further ones of Spark's, by name.
    """
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("cluster warehouse").master(master)
    for name, value in {**SETTINGS, **(settings or {})}.items():
        builder = builder.config(name, value)
    return builder.config("spark.sql.warehouse.dir", spark_url(str(tables))).getOrCreate()


@contextmanager
def session_of_a_build(
    master: str, tables: str, folder: Path
) -> Generator[SparkSession, None, None]:
    """A session for one build, with a Java machine of its own that ends with the block.

    Args:
        master: Spark's URL of its master.
        tables: the folder or URL below which tables become Parquet files.
        folder: what Spark says (`spark.log`) and spills goes below it; made here.

    Raises:
        BuildFailed: there is no Spark or no Java, the master does not answer, or Java ended; the
            message says what to do.
    """
    try:
        from py4j.protocol import Py4JError
        from pyspark import SparkConf, SparkContext
        from pyspark.errors import PySparkException
        from pyspark.java_gateway import launch_gateway
    except ImportError as missing:
        raise BuildFailed(_NEEDS_PACKAGES.format(name=missing.name)) from None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log, logging = folder / "spark.log", folder / "log4j2.properties"
    logging.write_text(_LOGGING, encoding="utf-8")
    # What an operator sets for the driver's Java stands in other options and keeps its effect.
    options = f"-Dlog4j2.configurationFile={logging.as_uri()} {_BRIEF_JAVA}"
    conf = SparkConf(loadDefaults=False).set("spark.driver.defaultJavaOptions", options)
    with log.open("wb") as said:
        try:
            gateway = launch_gateway(conf, {"stdout": said, "stderr": said})  # type: ignore[no-untyped-call]
        except PySparkException:
            raise BuildFailed(_NO_JAVA.format(why=_first_said(log))) from None
    try:
        SparkContext._ensure_initialized(gateway=gateway)
        spark = None
        try:
            spark = session(
                master,
                tables,
                {"spark.local.dir": str(folder / "spill"), **_unless_said(gateway, DEFAULTS)},
            )
            yield spark
        except Exception as error:
            # Whatever is raised where nobody listens any more: the cause is that nobody does.
            if (code := _ended_with(gateway)) is not None:
                raise BuildFailed(_DIED.format(how=_in_words(code), log=log)) from None
            if not isinstance(error, Py4JError | PySparkException):
                raise
            raise BuildFailed(gave_way(master, error)) from None
        finally:
            if spark is not None:
                _stop(spark)
    finally:
        _end(gateway)


def _unless_said(gateway: Any, settings: Mapping[str, str]) -> dict[str, str]:
    """Settings but for those that `spark-defaults.conf` has."""
    said = gateway.jvm.org.apache.spark.SparkConf(True)
    return {name: value for name, value in settings.items() if not said.contains(name)}


def _ended_with(gateway: Any) -> int | None:
    """The exit code of a Java machine that has ended, minus the signal that killed it."""
    try:
        return int(gateway.proc.wait(_SECONDS_TO_DIE))
    except TimeoutExpired:
        return None


def _in_words(code: int) -> str:
    if code == _OUT_OF_MEMORY:
        return "it was out of memory"
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def _stop(spark: SparkSession) -> None:
    """Ends a session, also one whose Java machine is gone: the next build begins its own."""
    from py4j.protocol import Py4JError
    from pyspark.sql import SparkSession

    try:
        spark.stop()
    except (Py4JError, ConnectionError):
        with suppress(Py4JError, ConnectionError):
            spark.sparkContext.stop()  # what is left of it: this process's part
        SparkSession._instantiatedSession = SparkSession._activeSession = None


def _end(gateway: Any) -> None:
    """Ends a Java machine, so that the next build begins its own."""
    from pyspark import SparkContext

    gateway.shutdown()
    gateway.proc.stdin.close()  # it ends when nobody holds it
    try:
        gateway.proc.wait(_SECONDS_TO_END)
    except TimeoutExpired:
        gateway.proc.kill()
    SparkContext._gateway = SparkContext._jvm = None


def gave_way(master: str, error: BaseException) -> str:
    """What Spark did not do and what to do about it, in a sentence."""
    if (short := short_of_memory(str(error))) is not None:
        return short
    why = first_line(error)
    if _READ_FAILED in why and not master.startswith("local"):
        found = re.search(r"reading file (.+?)\.(?: |$)", why)
        return _UNREAD.format(master=master, what=found[1] if found else why)
    return _GAVE_WAY.format(master=master, why=why)


def short_of_memory(said: str) -> str | None:
    """What to tell where executors ended by what they computed; None where they did not.

    Args:
        said: by Spark, with or without what dbt and Java add.
    """
    found = _ENDED_BY_IT.search(said)
    return None if found is None else _SHORT_OF_MEMORY.format(why=found[0][:300].strip(" .:"))


def first_line(error: BaseException | str) -> str:
    """What went wrong, without Java's stack and how Python came to hear of it."""
    lines = [line.strip(" :") for line in str(error).splitlines() if line.strip(" :")]
    return next((line for line in lines if not line.startswith(_HEARD_OF_IT)), "it said nothing")


def _first_said(log: Path) -> str:
    """What was said first of a start that failed; the rest follows from it."""
    return first_line(log.read_text(encoding="utf-8", errors="replace"))
