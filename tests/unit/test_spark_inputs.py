"""What Spark reads of the store is what DuckDB reads of it, and nothing that is personal."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import intake_home
import pytest

from orchestration.layout import Inputs, lay_out
from orchestration.settings import load
from orchestration.spark.inputs import lay
from orchestration.spark.places import Tables, spark_url
from orchestration.spark.session import gave_way, short_of_memory
from sources.clock import utc_now
from sources.ledger_relations import ThisNight
from sources.sampling.world import juristic_id, natural_id

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FIRM, PERSON = juristic_id(1), natural_id(1)
MEMBERS = (
    "cluster_code,juristic_id,enterprise_name,legal_form,province,employees,annual_revenue_baht,"
    "registered_on,submitted_on,contact_name,contact_phone\n"
    "C01,{firm},บริษัท ไหมไทย จำกัด,limited_company,ขอนแก่น,12,1250000.50,2015-01-20,2015-02-01,"
    "สมหญิง ใจงาม,0812345678\n"
    "C01,{person},สมชาย รักดี,sole_proprietor,ขอนแก่น,1,,2015-01-20,2015-02-01,สมชาย รักดี,0898765432\n"
    "C01,{firm},บริษัท ไหมไทย จำกัด,limited_company,ขอนแก่น,many,,2015-01-20,2015-02-01,,\n"
)
PERSONAL = ("สมหญิง", "สมชาย", "0812345678", "0898765432")


@dataclass
class Laid:
    """The same store laid out for both engines."""

    folder: Path
    inputs: Inputs
    spark: SparkSession
    duckdb: duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory, spark: SparkSession) -> Iterator[Laid]:
    """Members with a natural person among them, a bad row, and a file of an earlier contract."""
    home = intake_home.Home(tmp_path_factory.mktemp("home") / "home")
    home.put(
        "cluster_registrations/c.csv",
        "cluster_code,cluster_name_th,branch,provinces,registered_on,submitted_on\n"
        "C01,ไหม,fashion,ขอนแก่น;เลย,2015-01-20,2015-01-20\n",
    )
    home.put("member_registrations/m.csv", MEMBERS.format(firm=FIRM, person=PERSON))
    home.night()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WAREHOUSE_HOME", str(home.root))
        environment.setenv("WAREHOUSE_KEY_SECRET", intake_home.SECRET.decode())
        settings = load()
    folder = home.root / "build" / "night"
    lay_out(settings, home.ledger, folder, ThisNight(None, utc_now()))
    inputs = Inputs.of(folder)
    earlier = _of_an_earlier_contract(Path(inputs.accepted["member_registrations"][-1]))
    accepted = {**inputs.accepted}
    accepted["member_registrations"] = [*accepted["member_registrations"], str(earlier)]
    inputs = dataclasses.replace(inputs, accepted=accepted)
    tables = Tables(str(folder / "tables"))
    for schema in ("store", "ledger"):
        spark.sql(f"create database {schema} location '{folder}/tables/{schema}.db'")
    lay(spark, inputs, tables)
    with duckdb.connect(str(folder / "scratch.duckdb")) as db:
        yield Laid(folder, inputs, spark, db)
    for schema in ("store", "ledger"):
        spark.sql(f"drop database {schema} cascade")


def _of_an_earlier_contract(file: Path) -> Path:
    """A file as an earlier version of the contract had it: a column less, another one, a type."""
    name = f"{'e' * 64}.0.9.0.parquet"
    duckdb.sql(
        f"copy (select * exclude (tsic_code) replace (employees::smallint as employees), "
        f"'gone' as dropped_since from '{file}') to '{file.with_name(name)}' (format parquet)"
    )
    return file.with_name(name)


@pytest.mark.parametrize(
    "relation",
    [
        "store.cluster_registrations", "store.quarantined", "store.correction",
        "store.closed_outcome", "ledger.file_event", "ledger.this_night", "ledger.closed_figure",
    ],
)  # fmt: skip
def test_both_engines_read_the_same_rows(laid: Laid, relation: str) -> None:
    columns = [name for name, *_ in laid.duckdb.execute(f"describe {relation}").fetchall()]
    assert laid.spark.table(relation).columns == columns
    here = laid.duckdb.execute(f"from {relation}").fetchall()
    there = [_plain(row) for row in laid.spark.table(relation).collect()]
    assert sorted(map(repr, there)) == sorted(map(repr, here))
    assert here or relation in ("store.correction", "store.closed_outcome", "ledger.closed_figure")


def _plain(value: Any) -> Any:
    """Spark's rows as DuckDB says them: tuples, and structs as mappings."""
    if isinstance(value, list):
        return [one.asDict() if hasattr(one, "asDict") else one for one in value]
    return tuple(_plain(cell) for cell in value) if hasattr(value, "asDict") else value


def test_files_of_several_contracts_are_one_table_by_the_newest_ones_columns(laid: Laid) -> None:
    found = laid.spark.table("store.member_registrations")
    columns = laid.duckdb.execute("describe store.member_registrations").fetchall()
    assert found.columns == [name for name, *_ in columns]
    rows = laid.duckdb.execute("from store.member_registrations").fetchall()
    assert len(rows) == 2
    told = sorted(repr(_plain(row)) for row in found.collect())
    # Of the earlier file all that the newest contract names, and null for what it lacked.
    assert told == sorted(repr(row) for row in [*rows, *rows])


def test_personal_columns_and_natural_persons_do_not_get_into_sparks_tables(laid: Laid) -> None:
    found = laid.spark.table("store.member_registrations")
    assert not {"contact_name", "contact_phone", "contact_email"} & set(found.columns)
    persons = found.where("is_natural_person").collect()
    assert persons
    assert {(row.juristic_id, row.enterprise_name) for row in persons} == {(None, None)}
    firms = found.where("not is_natural_person").collect()
    assert {row.juristic_id for row in firms} == {FIRM}
    # In the files themselves: Spark writes what it was given, also beside the columns it shows.
    for file in (laid.folder / "tables").rglob("*.parquet"):
        held = duckdb.sql(f"select * from '{file}'").fetchall()
        assert not [text for text in (*PERSONAL, PERSON) if text in repr(held)], file


def test_the_plan_of_the_reading_names_no_personal_column(laid: Laid) -> None:
    from orchestration.spark.inputs import _rows
    from sources.contracts import discover

    dataset = "member_registrations"
    rows = _rows(laid.spark, discover()[dataset], laid.inputs.accepted[dataset])
    plan = rows._jdf.queryExecution().toString()
    assert "juristic_id" in plan
    assert "contact_" not in plan


def test_a_file_that_workers_do_not_find_is_told_with_the_folders_they_must_reach(
    spark: SparkSession, tmp_path: Path
) -> None:
    file = tmp_path / "แฟ้ม of the store.parquet"
    duckdb.sql(f"copy (select 1 as a) to '{file}' (format parquet)")
    rows = spark.read.schema("a int").parquet(spark_url(str(file)))
    file.unlink()  # planned here, where it was, and computed where it is not
    with pytest.raises(Exception, match="store") as failed:
        rows.collect()
    said = gave_way("spark://10.0.0.1:7077", failed.value)
    assert f"Spark's workers of spark://10.0.0.1:7077 cannot read file://{tmp_path}/" in said
    assert "Every machine of a cluster must reach" in said
    assert "$WAREHOUSE_HOME/objects" in said
    assert "WAREHOUSE_SPARK_MASTER" in gave_way("local[2]", failed.value)


def test_what_dbt_says_of_executors_without_memory_becomes_a_sentence_without_javas_stack() -> None:
    said = (
        "Runtime Error in model fct_activity (models/marts/fct_activity.sql)\n"
        "  An error occurred while calling o61.sql.\n"
        "  : org.apache.spark.SparkException: Job aborted due to stage failure: Task 1 in stage "
        "0.0 failed 4 times, most recent failure: Lost task 1.5 in stage 0.0 (TID 10) (127.0.0.1 "
        "executor 5): java.lang.OutOfMemoryError: Java heap space\n"
        "  \tat org.apache.spark.unsafe.types.UTF8String.repeat(UTF8String.java:1)\n"
    )
    told = short_of_memory(said)
    assert told is not None
    assert "(Job aborted due to stage failure: Task 1" in told
    assert "UTF8String" not in told
    assert "spark.executor.memory" in told
    assert short_of_memory("Database Error: the table is not there") is None
