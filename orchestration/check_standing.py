"""What Dagster shows beside a check's result: how bad it is, since when it fails, what to do.

The same stands, for every check over all nights, in `audit.check_history`.
"""

from __future__ import annotations

from typing import Any

from dagster import AssetCheckSeverity

from sources.failing_checks import Failing
from sources.rules import EFFECTS
from sources.sentences import Said


def dagster_severity(severity: str) -> AssetCheckSeverity:
    """Dagster's word for a recorded severity; it has none below a warning."""
    return AssetCheckSeverity.ERROR if severity == "error" else AssetCheckSeverity.WARN


def described(severity: str, instruction: Said) -> str:
    """The sentences of a check's description: what its failure means, and what to do then."""
    return (
        f"When it fails, it {EFFECTS[severity]} ({severity}). "
        f"{instruction.thai} / {instruction.english}"
    )


def standing(severity: str, instruction: Said, failing: Failing | None) -> dict[str, Any]:
    """The metadata of a check's result.

    Args:
        severity: error, warn or info, as recorded.
        instruction: what to do when it fails.
        failing: since when it fails; None where it passes.
    """
    since = "" if failing is None else f"{failing.since:%Y-%m-%d %H:%M} UTC (run {failing.run_id})"
    return {
        "severity": severity,
        "when it fails, it": EFFECTS[severity],
        "failing since": since,
        "nights failing": 0 if failing is None else failing.nights,
        "what to do": f"{instruction.thai} / {instruction.english}",
    }
