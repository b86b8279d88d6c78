"""Dagster's instance in the home: where runs and events are kept, how many runs go at a time."""

from __future__ import annotations

from pathlib import Path

from orchestration.settings import Home

_CONFIG = """\
# Written by `warehouse`; changes here are kept while the file exists.
telemetry:
  enabled: false
nux:
  enabled: false
event_log_storage:
  module: orchestration.event_log
  class: EventLog
  config:
    base_dir:
      env: DAGSTER_HOME
run_launcher:
  module: orchestration.launcher
  class: Launcher
concurrency:
  # Whoever changes the home claims the one slot of its pool; beside it an earlier night may be
  # rebuilt, which changes nothing.
  runs:
    max_concurrent_runs: 2
  pools:
    granularity: op
    default_limit: 1
# A run that no process works on is ended: else it would keep the queue waiting for ever.
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  cancel_timeout_seconds: 300
  max_resume_run_attempts: 0
  poll_interval_seconds: 60
  free_slots_after_run_end_seconds: 60
# What can pass is tried again where it happens; a night that failed fails again the same way.
run_retries:
  enabled: false
retention:
  schedule:
    purge_after_days: 90
"""


def write_instance_config(home: Home) -> Path:
    """Writes the instance's `dagster.yaml` where there is none; returns its path."""
    path = home.dagster / "dagster.yaml"
    if not path.exists():
        path.write_text(_CONFIG)
    return path
