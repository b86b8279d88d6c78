"""The macros of marts and reports in which engines differ, and how Spark is held to a contract."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from engines import Engine, Spark, columns, table

from orchestration.manifest import prepare_manifest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SUM = pa.decimal128(38, 2)
#: A type as contracts write it → what Arrow calls the column that Spark makes of it.
TYPES = {
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "decimal(18,2)": pa.decimal128(18, 2),
    "decimal(38,2)": SUM,
    "double": pa.float64(),
    "integer": pa.int32(),
    "timestamp": pa.timestamp("us"),
    "varchar": pa.string(),
}


def baht(*values: str | None) -> Sequence[Decimal | None]:
    """Amounts from text; None for one that lacks."""
    return [None if value is None else Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("amounts", "median"),
    [
        (("7.25",), "7.25"),
        (("0.29", None, "0.29", "100"), "0.29"),
        (("1.10", "1.31", "1.42", "1.21"), "1.26"),
        # Between two amounts half a satang is left away, on both sides of nothing.
        (("0.01", "0.02"), "0.01"),
        (("-0.01", "-0.02"), "-0.01"),
        (("-0.02", "0.01"), "0.00"),
        (("54354.19", "54354.20"), "54354.19"),
        (("9999999999999.98", "9999999999999.99"), "9999999999999.98"),
        ((None, None), None),
    ],
)
def test_a_median_between_two_amounts_is_the_satang_nearer_to_nothing(
    engine: Engine, amounts: tuple[str | None, ...], median: str | None
) -> None:
    of_group = table(SUM, *baht(*amounts))
    assert [engine.of_all(of_group, "{{ median_baht('x') }}")] == baht(median)


def test_a_mean_is_to_the_satang_and_half_a_satang_goes_away_from_nothing(engine: Engine) -> None:
    shared = columns(
        total=(
            SUM,
            baht("1.00", "2.00", "-2.00", "0.25", "-0.25", "0.00", "5.00", None, "530000000.00"),
        ),
        number=(pa.int64(), [3, 3, 3, 2, 2, 4, 0, 1, 17]),
    )
    assert engine.of_each(shared, "{{ mean_baht('total', 'number') }}") == baht(
        "0.33", "0.67", "-0.67", "0.13", "-0.13", "0.00", None, None, "31176470.59"
    )


def test_a_mean_that_no_double_holds_is_rounded_as_the_double_beside_it(engine: Engine) -> None:
    """2.01 / 2 is the double just below 1.005, 2.23 / 2 one just above 1.115."""
    shared = columns(total=(SUM, baht("2.01", "-2.01", "2.23")), number=(pa.int64(), [2, 2, 2]))
    assert engine.of_each(shared, "{{ mean_baht('total', 'number') }}") == baht(
        "1.00", "-1.00", "1.12"
    )


@pytest.fixture(scope="module")
def published_types() -> set[str]:
    """The types that contracts of published tables name."""
    nodes: dict[str, dict[str, Any]] = json.loads(prepare_manifest().read_text("utf-8"))["nodes"]
    return {
        column["data_type"]
        for node in nodes.values()
        if node["resource_type"] == "model" and node["config"]["contract"]["enforced"]
        for column in node["columns"].values()
    }


def test_spark_knows_every_type_that_a_contract_names(
    spark: SparkSession, published_types: set[str]
) -> None:
    wanted = {f"c{number}": kind for number, kind in enumerate(sorted(published_types))}
    contract = {name: {"name": name, "data_type": kind} for name, kind in wanted.items()}
    empty = spark.sql(Spark(spark).rendered(f"{{{{ spark__get_empty_schema_sql({contract}) }}}}"))
    assert {wanted[column.name]: column.type for column in empty.toArrow().schema} == {
        kind: TYPES[kind] for kind in published_types
    }


def test_a_null_that_a_contract_forbids_ends_the_build_on_spark(spark: SparkSession) -> None:
    from pyspark.errors import SparkRuntimeException

    contract = [
        {"name": "x", "constraints": [{"type": "not_null"}]},
        {"name": "y", "constraints": []},
    ]
    asked = f"select {{{{ held_to_contract('fct_told', {contract}) }}}} from given"
    given = columns(x=(pa.int32(), [1, 2]), y=(pa.int32(), [None, 4]))
    spark.createDataFrame(given).createOrReplaceTempView("given")
    kept = spark.sql(Spark(spark).rendered(asked)).toArrow()
    assert kept.sort_by("x").to_pydict() == {"x": [1, 2], "y": [None, 4]}
    spark.createDataFrame(
        given.select(["y", "x"]).rename_columns(["x", "y"])
    ).createOrReplaceTempView("given")
    with pytest.raises(SparkRuntimeException, match=r"fct_told\.x is null against its contract"):
        spark.sql(Spark(spark).rendered(asked)).collect()
