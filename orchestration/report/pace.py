"""Pace: how far a target is at a point of the fiscal year, and where that leads.

The year is as far as the quarters go whose reports are due: a quarter that is not due yet says
nothing, whatever has come of it. The projection is what these quarters brought on average, four
times. It takes the missing reports of these quarters for nothing, so it errs to the low side; it is
not made of fewer than two quarters, nor when the year is over. A target is never part of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

#: Of a fiscal year.
QUARTERS = 4
#: With fewer quarters nothing is projected: one says nothing of the next.
ENOUGH = 2


@dataclass(frozen=True)
class Pace:
    """How far a target is.

    Attributes:
        quarters_due: quarters of the year whose reports are due.
        reported_baht: what was reported of these quarters.
        reached_ratio: the same as a share of the target; None where there is none.
        elapsed_ratio: the share of the year that these quarters are.
        projected_baht: what the year would bring at the run-rate; None where it is not projected.
        projected_ratio: the same as a share of the target.
    """

    quarters_due: int
    reported_baht: Decimal
    reached_ratio: float | None
    elapsed_ratio: float
    projected_baht: Decimal | None
    projected_ratio: float | None

    @property
    def is_over(self) -> bool:
        """Whether every quarter's reports are due."""
        return self.quarters_due == QUARTERS

    @classmethod
    def of(cls, target: Decimal | None, quarters: Sequence[Mapping[str, Any]]) -> Pace:
        """The pace towards a target (baht).

        Args:
            target: the floor; None where there is none.
            quarters: of one fiscal year, with `is_due` and `reported_baht` (None: nothing).
        """
        due = [quarter for quarter in quarters if quarter["is_due"]]
        reported = sum((quarter["reported_baht"] or Decimal(0) for quarter in due), Decimal(0))
        projected = None
        if ENOUGH <= len(due) < QUARTERS:
            projected = (reported / len(due) * QUARTERS).quantize(Decimal("0.01"))
        return cls(
            len(due),
            reported,
            float(reported / target) if target else None,
            len(due) / QUARTERS,
            projected,
            float(projected / target) if target and projected is not None else None,
        )
