"""Dagster's launcher of runs, which also knows whether a run is still worked on.

The daemon asks it every minute of every run that is said to be running, those of `warehouse run`
among them, and ends the runs that no process works on: else the queue would wait for them.
"""

from __future__ import annotations

from dagster import DagsterRun
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus

from orchestration import settings
from orchestration.taking_over import is_attended


class Launcher(DefaultRunLauncher):
    """Starts runs as Dagster does by default; a run lives as long as its process holds its lock."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """It does: that is what it is for."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Whether a living process works on a run."""
        record = self._instance.get_run_record_by_id(run.run_id)
        if record is None or is_attended(settings.load(), record):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(
            WorkerStatus.FAILED, "its process ended without a word; the next run takes over"
        )
