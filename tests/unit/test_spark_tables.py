"""Where Spark's tables lie, and how they become the warehouse's file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import fsspec
import pytest
from programs import said_by

from orchestration.manifest import BuildFailed
from orchestration.settings import Target, load
from orchestration.spark.assembly import assemble, columns_sql, rows_of
from orchestration.spark.places import Tables, spark_url, tables_of
from orchestration.spark.session import first_line

FACTS = {
    "cluster_code": ("varchar", True),
    "amount": ("decimal(18,2)", False),
    "row_number": ("integer", True),
    "submitted_at": ("timestamp", False),
}


def node(columns: dict[str, tuple[str, bool]]) -> dict[str, Any]:
    """A node of dbt's manifest with columns: name → (type, whether it may not be null)."""
    return {
        "columns": {
            name: {"data_type": kind, "constraints": [{"type": "not_null"}] if required else []}
            for name, (kind, required) in columns.items()
        }
    }


def written(folder: Path, part: int, select: str) -> None:
    """A part of a table, as one task of Spark writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"part-{part:05d}-8d0f.c000.snappy.parquet"
    duckdb.sql(f"copy ({select}) to '{folder / name}' (format parquet)")
    (folder / f".{name}.crc").write_bytes(b"crc")
    (folder / "_SUCCESS").write_bytes(b"")


def assembled(tmp_path: Path, *parts: str) -> duckdb.DuckDBPyConnection:
    """The file made of a table `marts.fct` with these parts."""
    tables = Tables(str(tmp_path / "tables"))
    for number, select in enumerate(parts):
        written(tmp_path / "tables" / "marts.db" / "fct", number, select)
    assemble(tmp_path, tables, {"marts.fct": node(FACTS)}, [])
    return duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True)


def test_s3_is_s3a_to_spark_and_a_folder_has_a_scheme(tmp_path: Path) -> None:
    assert spark_url("s3://bucket/a b/x.parquet") == "s3a://bucket/a b/x.parquet"
    assert spark_url("hdfs://name/x") == "hdfs://name/x"
    assert spark_url(str(tmp_path)) == tmp_path.as_uri()
    # Hadoop would look for a folder whose name has the letters %20.
    assert spark_url("/srv/คลัง ข้อมูล") == "file:///srv/คลัง ข้อมูล"


def test_each_build_has_a_folder_of_tables_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path))
    monkeypatch.setenv("WAREHOUSE_TARGET", "spark")
    home = load()
    assert home.target is Target.spark
    assert tables_of(home, home.night).root == str(home.night / "tables")

    monkeypatch.setenv("WAREHOUSE_SPARK_TABLES", "s3://bucket/build/")
    assert tables_of(load(), home.night).root == "s3://bucket/build/night"
    assert tables_of(load(), home.build / "as-of-1").root == "s3://bucket/build/as-of-1"


def test_a_table_has_the_types_and_rules_of_its_contract(tmp_path: Path) -> None:
    db = assembled(
        tmp_path,
        "select 7::bigint as row_number, 'C01' as cluster_code, 1.5::decimal(38,2) as amount, "
        "timestamp '2026-01-05 18:30:00.123456' as submitted_at",
    )
    described = {
        name: (kind, null) for name, kind, null, *_ in db.sql("describe marts.fct").fetchall()
    }
    assert described == {
        "cluster_code": ("VARCHAR", "NO"),
        "amount": ("DECIMAL(18,2)", "YES"),
        "row_number": ("INTEGER", "NO"),
        "submitted_at": ("TIMESTAMP", "YES"),
    }
    assert db.sql("from marts.fct").fetchall() == [
        ("C01", Decimal("1.50"), 7, dt.datetime(2026, 1, 5, 18, 30, 0, 123456))
    ]


def test_rows_stay_in_the_order_of_sparks_files(tmp_path: Path) -> None:
    row = "select 'C01' as cluster_code, null as amount, {} as row_number, null as submitted_at"
    db = assembled(tmp_path, row.format(3), row.format(1), row.format(2))
    assert db.sql("select row_number from marts.fct").fetchall() == [(3,), (1,), (2,)]


@pytest.mark.parametrize(
    ("cluster_code", "row_number", "why"),
    [("null", "1", "NOT NULL"), ("'C01'", "5000000000", "out of range")],
)
def test_a_table_that_breaks_its_contract_stops_the_night(
    tmp_path: Path, cluster_code: str, row_number: str, why: str
) -> None:
    row = (
        f"select {cluster_code}::varchar as cluster_code, null as amount, "
        f"{row_number}::bigint as row_number, null as submitted_at"
    )
    with pytest.raises(
        BuildFailed, match=rf"(?s)marts\.fct as Spark built it breaks its contract.*{why}"
    ):
        assembled(tmp_path, row)


def test_a_constraint_that_is_not_made_here_is_refused() -> None:
    with pytest.raises(BuildFailed, match="primary_key"):
        columns_sql({"id": {"data_type": "varchar", "constraints": [{"type": "primary_key"}]}})


def test_what_finishing_reads_besides_lies_in_the_scratch_database(tmp_path: Path) -> None:
    written(tmp_path / "tables" / "reference.db" / "reason_code", 0, "select 'bad_date' as code")
    assemble(tmp_path, Tables(str(tmp_path / "tables")), {}, ["reference.reason_code"])
    with duckdb.connect(str(tmp_path / "scratch.duckdb")) as db:
        assert db.execute("from reference.reason_code").fetchall() == [("bad_date",)]


def test_tables_of_an_object_store_are_fetched_and_counted(tmp_path: Path) -> None:
    for number in range(2):
        written(tmp_path / "made", number, f"select {number} as row_number")
    store = fsspec.filesystem("memory")
    store.put(str(tmp_path / "made"), "memory://spark/night/marts.db/fct", recursive=True)
    tables = Tables("memory://spark/night")

    assert rows_of(tables, "marts.fct") == 2
    assert rows_of(tables, "staging.stg_view") is None
    fetched = tables.fetched("marts", "fct", tmp_path / "fetched")
    assert [duckdb.sql(f"from '{path}'").fetchall() for path in fetched] == [[(0,)], [(1,)]]

    tables.remove()
    assert tables.parts("marts", "fct") == []
    tables.remove()  # there may be nothing to remove


def test_without_the_packages_a_night_says_what_to_type(tmp_path: Path) -> None:
    said = _without(tmp_path, "sys.modules['pyspark'] = None")
    assert "packages that are not installed (pyspark" in said
    assert "`make cluster`" in said


def test_without_java_a_night_says_what_to_install(tmp_path: Path) -> None:
    said = _without(tmp_path, "os.environ['JAVA_HOME'] = '/nowhere'")
    assert "Spark did not start" in said
    assert "/nowhere/bin/java" in said
    assert "It needs Java 17" in said


def test_of_javas_errors_the_sentence_is_told_and_not_the_stack() -> None:
    said = "An error occurred while calling o1.sql.\n: java.lang.X: it stopped\n\tat a.B.c(B:1)\n"
    assert first_line(said) == "java.lang.X: it stopped"
    assert first_line("") == "it said nothing"


def _without(folder: Path, before: str) -> str:
    """What a session says that cannot begin, in a process of its own."""
    script = (
        f"import os, sys; {before}\n"
        "from pathlib import Path\n"
        "from orchestration.manifest import BuildFailed\n"
        "from orchestration.spark.session import session_of_a_build\n"
        "try:\n"
        "    with session_of_a_build('local[1]', sys.argv[1], Path(sys.argv[1])): pass\n"
        # A night tells the first cause, where there is one, in the place of the sentence.
        "except BuildFailed as failed: print(failed.__cause__ or failed)\n"
    )
    return said_by(script, folder)
