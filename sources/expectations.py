"""The second judge: a Great Expectations suite from the same rules, counting for itself.

`sources.typed` has given every row its reasons; here Great Expectations looks at the typed batch
with expectations of its own kind (a code is in its set, a date looks like one, a number lies in
its bounds, a required value is there) and counts what it does not expect. Where the two counts of
a rule differ, one judge is wrong and the load is refused.

Importing Great Expectations takes a second, so it is imported when there is something to judge.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sources.contracts import Column, Contract, RowRule
from sources.rules import Rule, derive

#: What a value that could be read looks like in canonical text. What could not be read begins
#: with '?' (see sources.typed.Workbench.chunks) and so fits none of these.
_CANONICAL = {
    "date": r"^(?:1[89]|2[0-3])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$",
    "money": r"^-?[0-9]+[.][0-9]{2}$",
    "integer": r"^-?[0-9]+$",
    "fiscal_year": r"^-?[0-9]+$",
    "quarter": r"^-?[0-9]+$",
    "province": r"^[1-9][0-9]$",
    "enterprise_id": r"^(?:[0-8][0-9]{12}|[0-9]-[0-9]{2}-[0-9]{2}-[0-9]{2}/[0-9]-[0-9]{4})$",
    "identifier": r"^[^?]",
}


@dataclass
class Count:
    """What an expectation saw: rows it looked at, rows it did not expect."""

    evaluated: int = 0
    unexpected: int = 0


def expectation_of(rule: Rule) -> tuple[str, dict[str, Any]]:
    """The Great Expectations type and arguments that state a rule.

    The rules of a file's shape and of duplicates are stated over the helper columns `overflow`
    and `key_hash` of the batch.
    """
    column: Column = rule.column
    simple = {
        "missing": ("expect_column_values_to_not_be_null", {"column": column.name}),
        "shape": ("expect_column_values_to_be_null", {"column": "overflow"}),
        "duplicate": ("expect_column_values_to_be_unique", {"column": "key_hash"}),
    }
    if rule.kind in simple:
        return simple[rule.kind]
    if rule.kind == "range":
        bounds = {"min_value": column.minimum, "max_value": column.maximum}
        given = {name: value for name, value in bounds.items() if value is not None}
        number = f"{column.name}__number"
        return "expect_column_values_to_be_between", {"column": number, **given}
    if rule.row_rule is not None:
        return rule.row_rule.expectation, _row_rule_arguments(rule.row_rule)
    if column.is_list or column.form == "code":
        values = ["read"] if column.is_list else [code.value for code in column.codes]
        return "expect_column_values_to_be_in_set", {"column": column.name, "value_set": values}
    regex = column.pattern or _CANONICAL[column.form]
    return "expect_column_values_to_match_regex", {"column": column.name, "regex": regex}


def _row_rule_arguments(rule: RowRule) -> dict[str, Any]:
    """The contract's own arguments, over the columns that hold values only."""
    kwargs = {
        name: f"{value}__value" if name.startswith("column") else value
        for name, value in rule.kwargs.items()
    }
    if rule.only_where:
        name, equals = rule.only_where
        condition = f'{name}__value == "{equals}"'
        kwargs |= {"row_condition": condition, "condition_parser": "pandas"}
    return kwargs


def great_expectations() -> Any:
    """Great Expectations, imported without Spark.

    It looks for pyspark and imports what it knows of it where it is installed: three seconds for
    what nobody here asks of it, and the end of a process that has no main file, which pyspark takes
    for a test of its own. Where Spark is in use already, it is put aside meanwhile.
    """
    aside = {}
    if "great_expectations" not in sys.modules:
        aside = {name: sys.modules.pop(name) for name in list(sys.modules) if _is_spark(name)}
        sys.modules["pyspark"] = None  # type: ignore[assignment]
    try:
        import great_expectations as gx
    finally:
        if "pyspark" in sys.modules and sys.modules["pyspark"] is None:
            del sys.modules["pyspark"]
        sys.modules.update(aside)
    return gx


def _is_spark(module: str) -> bool:
    return module == "pyspark" or module.startswith("pyspark.")


def judge(
    contract: Contract, chunks: Iterable[pa.Table], keys: Iterable[pa.Table]
) -> dict[str, Count]:
    """Validates typed rows and counts, per rule, the rows that Great Expectations did not expect.

    Args:
        contract: the dataset's contract.
        chunks: from `sources.typed.Workbench.chunks`.
        keys: tables of one column `key_hash`, over which keys must be unique: all at once.

    Returns:
        Rule name → its counts. A row rule whose cells could not be read sees them as missing.
    """
    gx = great_expectations()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("typed").add_dataframe_asset(contract.dataset)
    whole = asset.add_batch_definition_whole_dataframe("chunk")
    every = derive(contract)
    counts = {rule.name: Count() for rule in every}

    def definition(name: str, chosen: list[Rule]) -> Any:
        suite = gx.ExpectationSuite(
            name=f"{contract.dataset}.{name}",
            expectations=[
                {"type": kind, "kwargs": kwargs, "meta": {"rule": rule.name, "reason": rule.reason}}
                for rule in chosen
                for kind, kwargs in [expectation_of(rule)]
            ],
        )
        context.suites.add(suite)
        return context.validation_definitions.add(
            gx.ValidationDefinition(name=suite.name, data=whole, suite=suite)
        )

    def run(validation: Any, frame: Any) -> None:
        result = validation.run(batch_parameters={"dataframe": frame}, result_format="BASIC")
        for outcome in result.results:
            name = outcome.expectation_config.meta["rule"]
            if outcome.exception_info and outcome.exception_info.get("raised_exception"):
                raise RuntimeError(f"{contract.dataset}.{name}: {outcome.exception_info}")
            counts[name].evaluated += outcome.result.get("element_count", 0)
            counts[name].unexpected += outcome.result.get("unexpected_count", 0)

    rows = definition("rows", [rule for rule in every if rule.kind != "duplicate"])
    for frame in _frames(chunks):
        run(rows, frame)
    unique = definition("keys", [rule for rule in every if rule.kind == "duplicate"])
    for frame in _frames(keys):
        run(unique, frame)
    return counts


def _frames(tables: Iterable[pa.Table]) -> Iterator[Any]:
    """The tables that have rows as pandas' data frames; of a table nothing is kept."""
    return (frame for frame in map(pa.Table.to_pandas, tables) if len(frame))
