"""Python models of dbt: the same on DuckDB and on Spark, and how dbt runs them in its session."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MODELS = Path(__file__).parents[2] / "dbt_project" / "models" / "intermediate"
ENTERPRISES = pa.table(
    {
        "enterprise_key": ["k1", "k2", "k3", "k4", "k5"],
        "enterprise_core_name": ["ผ้าไหมบ้านดอน", "ผ้าไหมบ้านดอ่น", "ผ้าไหมบ้านดอน", None, "ผ้าไหมบ้านดอน"],
        "province_code": ["30", "30", "40", "30", "30"],
        "is_natural_person": [False, False, False, False, True],
    }
)


def pairs(enterprises: Any, session: Any) -> Any:
    """What the model of lookalikes makes of an engine's relation of enterprises."""
    model = runpy.run_path(str(MODELS / "suspicions" / "int_lookalike_enterprises.py"))["model"]
    dbt = SimpleNamespace(config=lambda **_: None, ref=lambda _: enterprises)
    return model(dbt, session)


def test_enterprises_look_alike_on_duckdb_and_on_spark(spark: SparkSession) -> None:
    with duckdb.connect() as db:
        on_duckdb = pairs(db.from_arrow(ENTERPRISES), db).to_pylist()
    on_spark = pairs(spark.createDataFrame(ENTERPRISES), spark).toArrow().to_pylist()
    assert on_duckdb == on_spark == [{"enterprise_key": "k1", "other_enterprise_key": "k2"}]


def test_where_no_enterprises_look_alike_there_is_a_table_without_rows_on_spark(
    spark: SparkSession,
) -> None:
    made = pairs(spark.createDataFrame(ENTERPRISES.slice(2)), spark)
    assert made.columns == ["enterprise_key", "other_enterprise_key"]
    assert made.count() == 0


def test_dbt_runs_a_python_model_in_the_session_of_this_process(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbt.adapters.spark import SparkAdapter

    from orchestration.spark.python_models import run_python_models_in_session

    for name in ("python_submission_helpers", "default_python_submission_method"):
        monkeypatch.setattr(SparkAdapter, name, getattr(SparkAdapter, name))  # put back afterwards
    run_python_models_in_session()
    adapter = SparkAdapter.__new__(SparkAdapter)
    job = adapter.python_submission_helpers[adapter.default_python_submission_method]
    model = job({"original_file_path": "models/made_by_python.py"}, None)
    model.submit("spark.sql('select 7 as x').createOrReplaceTempView('made_by_python')")
    assert [row.x for row in spark.table("made_by_python").collect()] == [7]
    with pytest.raises(ZeroDivisionError):
        model.submit("1 / 0")
