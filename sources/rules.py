"""The rules of a dataset, derived from its contract: one list that both judges work from.

`sources.typed` turns each rule into SQL and gives every row its reasons; `sources.expectations`
turns the same list into a Great Expectations suite that counts for itself. Names are stable: they
are asset check names in the UI and `check_name` in the published audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sources.contracts import Column, Contract, RowRule

Kind = Literal["missing", "unread", "range", "row", "shape", "duplicate"]

#: A severity in a contract → the word for it in `audit.check_result`, where dbt's stand too.
RECORDED_AS = {"error": "error", "warning": "warn", "info": "info"}
#: A recorded severity → what it means for the night that a check of that severity fails.
EFFECTS = {"error": "blocks publication", "warn": "warns", "info": "informs"}


@dataclass(frozen=True)
class Rule:
    """One rule: which column, which reason a row that breaks it gets, how bad that is."""

    name: str
    kind: Kind
    column: Column
    reason: str
    description: str
    severity: str
    row_rule: RowRule | None = None


def derive(contract: Contract) -> tuple[Rule, ...]:
    """The contract's rules, in the order their reasons are listed for a row."""
    rules: list[Rule] = []
    for column in contract.columns:
        if column.required:
            rules.append(
                Rule(
                    f"{column.name}__missing_required",
                    "missing",
                    column,
                    "missing_required",
                    f"{column.name} ({column.label}) is given in every row.",
                    column.severity,
                )
            )
        if column.unread_reason:
            rules.append(
                Rule(
                    f"{column.name}__{column.unread_reason}",
                    "unread",
                    column,
                    column.unread_reason,
                    f"What is given for {column.name} ({column.label}) can be understood.",
                    column.severity,
                )
            )
        if column.minimum is not None or column.maximum is not None:
            bounds = f"{column.minimum if column.minimum is not None else '…'} to "
            bounds += f"{column.maximum if column.maximum is not None else '…'}"
            rules.append(
                Rule(
                    f"{column.name}__out_of_range",
                    "range",
                    column,
                    "out_of_range",
                    f"{column.name} ({column.label}) lies in {bounds}.",
                    column.severity,
                )
            )
    rules += [
        Rule(
            f"{rule.name}__{rule.reason}",
            "row",
            contract.column(rule.column),
            rule.reason,
            rule.description,
            rule.severity,
            rule,
        )
        for rule in contract.row_rules
    ]
    key = contract.key
    rules.append(
        Rule(
            "row__unreadable",
            "shape",
            key[0],
            "unreadable",
            "No row has more cells than the header has columns (a comma too many shifts the rest), "
            "and no cell of text is a spreadsheet's error.",
            contract.severity,
        )
    )
    rules.append(
        Rule(
            "key__duplicate_in_file",
            "duplicate",
            key[0],
            "duplicate_in_file",
            f"One file has one row a key ({', '.join(c.name for c in key)}); the later row counts.",
            contract.severity,
        )
    )
    return tuple(rules)
