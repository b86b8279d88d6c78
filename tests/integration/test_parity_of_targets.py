"""One home on three targets: every column of every published table is the same, value by value.

Over a copy of the sample's home. Two nights publish into a lakehouse: one with figures that came
since, and with one of an enterprise that is not registered; one in which their sender corrected the
file. Then the file is withdrawn. The warehouse as of before that is built by DuckDB and by Spark,
and the night it repeats lies in the lakehouse.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from engine_parity import Tables, differences, tables_of_database
from lakehouse import lake_home
from postgres import Postgres
from spark_session import SMALL, needs_java

from orchestration.lake.attaching import LAKE, attached
from sources.sampling.world import juristic_id
from tests.integration.conftest import Home

if TYPE_CHECKING:
    from tests.integration.conftest import Record, Sample

pytestmark = [pytest.mark.night, needs_java]

SCHEMAS = ("marts", "reports", "audit")
LATE = "financial_outcomes/late.csv"
NOBODY = juristic_id(990)


@dataclass(frozen=True)
class Targets:
    """Where each target has the same night; `db` reads all of them."""

    db: duckdb.DuckDBPyConnection
    duckdb: Tables
    ducklake: Tables
    spark: Tables


@pytest.fixture(scope="module")
def targets(
    sample: Sample,
    postgres: Postgres,
    tmp_path_factory: pytest.TempPathFactory,
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Iterator[Targets]:
    folder = tmp_path_factory.mktemp("parity")
    root = folder / "home"
    shutil.copytree(sample.home.root, root, symlinks=True)
    home = Home(root, root / "landing", landing_is_default=True)
    catalog = postgres.database("parity")
    lake = {
        "WAREHOUSE_TARGET": "ducklake",
        "WAREHOUSE_LAKE_CATALOG": catalog,
        "WAREHOUSE_LAKE_DATA": str(folder / "lake"),
    }
    registered = juristic_id(991)
    home.csv("cluster_registrations/c99.csv", [cluster("C99")])
    home.csv("member_registrations/c99.csv", [member("C99", registered)])
    home.csv(LATE, [outcome("C99", registered, 1_000), outcome("C99", NOBODY, 500)])
    assert home.night(**lake).exit_code == 0
    corrected = [outcome("C99", registered, 1_250.75, quarter=2), outcome("C99", NOBODY, 500)]
    home.csv(LATE, corrected)
    assert home.night(**lake).exit_code == 0
    before = dt.datetime.now(dt.UTC).isoformat()
    assert home.run("withdraw", LATE).exit_code == 0
    files = {}
    for target in ("duckdb", "spark"):
        files[target] = folder / f"{target}.duckdb"
        done = home.run(
            "run", "--as-of", before, "--out", str(files[target]),
            WAREHOUSE_TARGET=target, WAREHOUSE_SPARK_MASTER="local[2]",
            SPARK_CONF_DIR=str(_small_spark(folder)),
        )  # fmt: skip
        assert done.exit_code == 0, done.said
    with attached(lake_home(root, catalog, folder / "lake")) as db:
        for target, file in files.items():
            db.execute(f"attach '{file}' as of_{target} (read_only)")
        yield Targets(
            db,
            tables_of_database(db, "of_duckdb", *SCHEMAS),
            tables_of_database(db, LAKE, *SCHEMAS),
            tables_of_database(db, "of_spark", *SCHEMAS),
        )


def _small_spark(folder: Path) -> Path:
    """A folder with Spark's settings for little data."""
    conf = folder / "conf"
    conf.mkdir(exist_ok=True)
    lines = [f"{name} {value}" for name, value in SMALL.items() if "Java" not in name]
    (conf / "spark-defaults.conf").write_text("\n".join(lines) + "\n")
    return conf


def test_the_night_has_corrections_held_rows_and_a_file_that_was_withdrawn_since(
    targets: Targets,
) -> None:
    files = targets.db.execute(
        "select status, rows_current, rows_quarantined from of_duckdb.audit.load_file "
        "where path = ? order by received_at",
        [LATE],
    ).fetchall()
    assert [status for status, *_ in files] == ["superseded", "loaded"]
    assert files[1][1:] == (1, 1)
    held = targets.db.execute(
        "select count(*) from of_duckdb.audit.quarantined_row where path = ? and held", [LATE]
    ).fetchall()
    assert held == [(1,)]
    assert len(targets.duckdb) > 40


@pytest.mark.parametrize("target", ["ducklake", "spark"])
def test_every_column_of_every_published_table_is_the_same(targets: Targets, target: str) -> None:
    found = differences(targets.db, targets.duckdb, getattr(targets, target))
    assert not found, "\n".join(map(str, found))
