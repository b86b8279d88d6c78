"""Celery: the executor that hands the batches of `load_submissions` to workers on any machine.

`deploy/celery/celery.yaml` is the same configuration for the workers; a test holds the two equal.
"""

from __future__ import annotations

from typing import Any

from dagster import ExecutorDefinition

from orchestration.settings import SettingsError

#: Celery's own settings, the same for who hands out and for the workers. A batch is the broker's
#: until it is loaded, so that of a worker that died another takes it; no worker takes a second one
#: in advance. A batch that takes longer than the visibility timeout is handed out twice, and loaded
#: once: the second worker finds its files leased, or recorded.
CELERY: dict[str, Any] = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "broker_transport_options": {"visibility_timeout": 600},
    "result_expires": 86400,
}


def executor_by(broker: str) -> ExecutorDefinition:
    """The executor that hands steps to the workers of a broker.

    Args:
        broker: URL of the Redis; it keeps the results too.

    Raises:
        SettingsError: Celery is not installed.
    """
    try:
        from dagster_celery import celery_executor
    except ModuleNotFoundError as error:
        raise SettingsError(
            "WAREHOUSE_CELERY_BROKER is set, and Celery is not installed. Run `make cluster`."
        ) from error
    executor: ExecutorDefinition = celery_executor.configured(
        {"broker": broker, "backend": broker, "config_source": CELERY}
    )
    return executor
