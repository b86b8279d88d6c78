"""A night's cost by stage: what Dagster's steps took, told from looks at the whole process tree.

    ──┬── start-up ──┬── intake ──┬── build ──┬── publish ──┬── the end ──▶
      └ the command  └ first step └ dbt       └ what follows └ last step

The steps of a night follow one another, so what is used while one runs is its own.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import Cost, Look

STAGES = ("start-up", "intake", "build", "publish", "the end")
#: The step of Dagster's job that is the build; what goes before it is intake.
_BUILD = "dbt_models"


@dataclass(frozen=True)
class Step:
    """A step of a run: its name and when it began and ended (seconds since the epoch)."""

    name: str
    began: float
    ended: float


def steps_of(home: Path, run_id: str) -> list[Step]:
    """The steps of a run, in their order, as the Dagster of a home recorded them."""
    from dagster import DagsterEventType, DagsterInstance

    began: dict[str, float] = {}
    steps = []
    os.environ["DAGSTER_HOME"] = str(home / "dagster")  # the instance's own settings name it
    with DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as instance:
        for record in instance.all_logs(run_id):
            event = record.dagster_event
            if event is None or event.step_key is None:
                continue
            if event.event_type == DagsterEventType.STEP_START:
                began[event.step_key] = record.timestamp
            elif event.event_type == DagsterEventType.STEP_SUCCESS:
                steps.append(Step(event.step_key, began[event.step_key], record.timestamp))
    return sorted(steps, key=lambda step: step.began)


def by_stage(looks: Sequence[Look], steps: Sequence[Step], whole: Cost) -> dict[str, Cost]:
    """What each stage of a night cost; together they are the night's.

    Args:
        looks: what the command had used, from moment to moment; at least one.
        steps: the steps of the run it made.
        whole: what the command cost in all.
    """
    build = next(step for step in steps if step.name == _BUILD)
    began = looks[0].at
    bounds = [
        began,
        min(step.began for step in steps),
        build.began,
        build.ended,
        max(step.ended for step in steps),
        began + whole.wall_seconds,
    ]
    used = [0.0, *(_used(looks, bound) for bound in bounds[1:-1]), whole.cpu_seconds]
    return {
        stage: Cost(
            used[number + 1] - used[number],
            bounds[number + 1] - bounds[number],
            _peak(looks, bounds[number], bounds[number + 1]),
        )
        for number, stage in enumerate(STAGES)
    }


def _used(looks: Sequence[Look], at: float) -> float:
    """CPU seconds used by a moment, between two looks in proportion."""
    after = bisect_right(looks, at, key=lambda look: look.at)
    if after == 0:
        return 0.0
    if after == len(looks):
        return looks[-1].cpu_seconds
    before, behind = looks[after - 1], looks[after]
    share = (at - before.at) / (behind.at - before.at)
    return before.cpu_seconds + share * (behind.cpu_seconds - before.cpu_seconds)


def _peak(looks: Sequence[Look], began: float, ended: float) -> float:
    """The most memory seen between two moments (MiB)."""
    return max((look.resident_mib for look in looks if began <= look.at < ended), default=0.0)
