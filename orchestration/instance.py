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
concurrency:
  runs:
    # One night, one rebuilt day and one small run at a time; only nights write (the lock).
    max_concurrent_runs: 3
    tag_concurrency_limits:
      - key: ".dagster/one_writer"
        limit: 1
      - key: dagster/partition
        limit: 1
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
