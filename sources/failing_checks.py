"""Since when the checks that fail in a run have failed, from what the ledger keeps of every run.

check_result ── failing in the run ──▶ the runs since each last passed ──▶ since when, how often
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from sources.ledger import Ledger, runs_cut_short
from sources.ledger_tables import check_result


@dataclass(frozen=True)
class Failing:
    """A check that fails.

    Attributes:
        run_id: the first run in which it failed without passing since.
        since: when that run checked (UTC).
        nights: runs that found it failing since, the last one included.
    """

    run_id: str
    since: dt.datetime
    nights: int


def failing_since(ledger: Ledger, run_id: str, tool: str) -> dict[tuple[str, str], Failing]:
    """The checks of a tool that fail in the ledger's latest run, with since when they do.

    Args:
        ledger: which has the run's results already.
        run_id: the run.
        tool: great_expectations or dbt.

    Returns:
        (what was checked, name of the check) → since when and how often.
    """
    passed = check_result.alias()
    same_check = sa.and_(
        *(
            passed.c[name] == check_result.c[name]
            for name in ("tool", "dataset_or_model", "check_name")
        )
    )
    failing = sa.select(
        check_result.c.dataset_or_model,
        check_result.c.check_name,
        sa.select(sa.func.coalesce(sa.func.max(passed.c.result_id), 0))
        .where(same_check, passed.c.passed, passed.c.run_id.not_in(runs_cut_short()))
        .scalar_subquery(),
    ).where(
        check_result.c.run_id == run_id,
        check_result.c.tool == tool,
        sa.not_(check_result.c.passed),
    )
    with ledger.engine.connect() as connection:
        return {
            (str(about), str(check)): _since(connection, tool, str(about), str(check), last_passed)
            for about, check, last_passed in map(tuple, connection.execute(failing))
        }


def _since(
    connection: sa.Connection, tool: str, about: str, check: str, last_passed: Any
) -> Failing:
    """One check at a time: its results stand together in the index, ten years of them too."""
    spell = (
        sa.select(
            sa.func.min(check_result.c.result_id).label("began"),
            sa.func.count().label("nights"),
        )
        .where(
            check_result.c.tool == tool,
            check_result.c.dataset_or_model == about,
            check_result.c.check_name == check,
            sa.not_(check_result.c.passed),
            check_result.c.result_id > last_passed,
            check_result.c.run_id.not_in(runs_cut_short()),
        )
        .subquery()
    )
    query = sa.select(
        check_result.c.run_id, check_result.c.checked_at.label("since"), spell.c.nights
    ).join(spell, check_result.c.result_id == spell.c.began)
    return Failing(**connection.execute(query).mappings().one())
