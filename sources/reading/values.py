"""Values of workbooks and typed files as the text that a person would have typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

#: No figure here has a hundred digits; one said as 1e999999999 would fill the memory in full.
_DIGITS_IN_FULL = 100


def number_text(value: Decimal) -> str:
    """A decimal in full, unless that would be out of all bounds."""
    if not value.is_finite() or abs(value.adjusted()) >= _DIGITS_IN_FULL:
        return str(value)
    return format(value, "f")


def cell_text(value: Any) -> str:
    """What a cell says, as a person would type it; dates as ISO, numbers in full."""
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT are what differs from itself
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else number_text(Decimal(repr(value)))
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def column_text(values: Sequence[Any]) -> Any:
    """A column of cells as an Arrow array of what they say; each distinct value is read once."""
    import pyarrow as pa

    kinds = set(map(type, values))
    if kinds <= {str}:
        return pa.array(values, pa.string())
    if bool in kinds and len(kinds) > 1:  # True and 1 are one key of a dictionary
        return pa.array([cell_text(value) for value in values], pa.string())
    said = {value: cell_text(value) for value in set(values)}
    return pa.array([said[value] for value in values], pa.string())
