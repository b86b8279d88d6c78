"""What comes in: datasets and their columns as the contracts have them, with the words around."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sources.contracts import Column, Contract
from sources.sentences import Said, allowed, example, how_to_type

#: Whether a column's values are personal data: all of them, those of natural persons, none.
Personal = Literal["always", "natural_person", "never"]


@dataclass(frozen=True)
class IncomingColumn:
    """One column that coordinators fill in.

    Attributes:
        column: as the contract has it.
        how: how to type it.
        allowed: between which bounds, where it has any.
        personal: whether its values are personal data, and so never published.
        example: a value as a person types it; empty where any text will do, or none may be shown.
    """

    column: Column
    how: Said
    allowed: Said
    personal: Personal
    example: str


@dataclass(frozen=True)
class IncomingDataset:
    """One dataset."""

    contract: Contract
    columns: tuple[IncomingColumn, ...]


def incoming_datasets(contracts: Iterable[Contract]) -> tuple[IncomingDataset, ...]:
    """Every dataset, as its contract describes it."""
    return tuple(
        IncomingDataset(contract, tuple(_column(column) for column in contract.columns))
        for contract in contracts
    )


def _column(column: Column) -> IncomingColumn:
    personal = personal_of(column)
    return IncomingColumn(
        column=column,
        how=how_to_type(column),
        allowed=Said("", "") if column.codes else allowed_of(column),
        personal=personal,
        example="" if personal == "always" else example(column),
    )


def allowed_of(column: Column) -> Said:
    """Between which bounds its values must lie; empty where it has none."""
    has_bounds = column.minimum is not None or column.maximum is not None
    return allowed(column) if has_bounds else Said("", "")


def personal_of(column: Column) -> Personal:
    """Whether a column's values are personal data."""
    if column.is_personal:
        return "always"
    if column.personal_when_natural_in or column.form == "enterprise_id":
        return "natural_person"
    return "never"
