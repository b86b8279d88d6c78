"""How the catalogue of what is published looks on a terminal."""

# ruff: noqa: T201 - it is for printing

from __future__ import annotations

from collections.abc import Sequence

from orchestration.catalogue import Described, Table
from orchestration.show import print_table


def show_tables(every: list[Table]) -> None:
    """Lists tables for a person."""
    print_table(
        ["table", "rows", "what it has"], [[one.full_name, one.rows, one.grain] for one in every]
    )


def show_description(described: Described) -> None:
    """Shows a table with its columns to a person."""
    table = described.table
    print(f"{table.full_name}: {table.rows:,} rows")
    if table.description:
        print(table.description)
    # A terminal that is narrow needs the room for what the columns mean.
    has: dict[str, Sequence[str | None]] = {
        "column": [column.name for column in described.columns],
        "type": [column.type.lower() for column in described.columns],
        "key": ["key" if column.key else "" for column in described.columns],
        "null": ["" if not column.nullable else "may be" for column in described.columns],
        "description": [column.description for column in described.columns],
        "figure": [column.metric for column in described.columns],
        "formula": [column.formula for column in described.columns],
    }
    shown = {name: cells for name, cells in has.items() if any(cells)}
    print_table(list(shown), list(zip(*shown.values(), strict=True)))
    print(f'Ask:   warehouse query "{described.example}"')
    if described.how_to_trace:
        print(f"Trace: {described.how_to_trace}")
