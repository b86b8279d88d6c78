"""Dagster's instance: where runs and events are kept, how many runs go at a time.

In SQLite files of the home, or in the PostgreSQL database that WAREHOUSE_DAGSTER_URL names. What
Dagster reads of it, `dagster.yaml`, is written anew at every start, so that a home always has the
settings of the software that runs on it.
"""

from __future__ import annotations

import contextlib
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from orchestration.lock import one_writer
from orchestration.settings import Home, SettingsError

#: The operator's own file beside `dagster.yaml`.
OVERRIDE = "dagster.override.yaml"
_HEADER = """\
# Written by `warehouse` at every start; a change here is lost. What stands in dagster.override.yaml
# beside this file takes the place of the key of that name.
"""
#: How files of the first releases began, which were left as their operator changed them.
_ONCE_KEPT = "# Written by `warehouse`; changes here are kept"
_CONFIG: dict[str, Any] = {
    "telemetry": {"enabled": False},
    "nux": {"enabled": False},
    "run_launcher": {"module": "orchestration.launcher", "class": "Launcher"},
    "concurrency": {
        # One night, one rebuilt day and one small run at a time. Whoever changes the home claims
        # the one slot of its pool too, and holds the lock.
        "runs": {
            "max_concurrent_runs": 3,
            "tag_concurrency_limits": [
                {"key": ".dagster/one_writer", "limit": 1},
                {"key": "dagster/partition", "limit": 1},
            ],
        },
        "pools": {"granularity": "op", "default_limit": 1},
    },
    # A run that no process works on is ended: else it would keep the queue waiting for ever.
    "run_monitoring": {
        "enabled": True,
        "start_timeout_seconds": 300,
        "cancel_timeout_seconds": 300,
        "max_resume_run_attempts": 0,
        "poll_interval_seconds": 60,
        "free_slots_after_run_end_seconds": 60,
    },
    # What can pass is tried again where it happens; a night that failed fails again the same way.
    "run_retries": {"enabled": False},
    "retention": {"schedule": {"purge_after_days": 90}},
}
_IN_SQLITE: dict[str, Any] = {
    "event_log_storage": {
        "module": "orchestration.event_log",
        "class": "EventLog",
        "config": {"base_dir": {"env": "DAGSTER_HOME"}},
    },
}
#: The URL itself holds a password and never stands in a file of ours.
_IN_POSTGRES: dict[str, Any] = {
    "storage": {
        "custom": {
            "module": "orchestration.postgres_storage",
            "class": "PooledPostgresStorage",
            "config": {"postgres_url": {"env": "WAREHOUSE_DAGSTER_URL"}},
        },
    },
}
#: Seconds until a server that does not answer is given up.
_CONNECT_SECONDS = 10


class InstanceUnusable(SettingsError):
    """Dagster's instance cannot be opened; the message says why and what to do."""


def write_instance_config(home: Home) -> Path:
    """Writes the instance's `dagster.yaml`, with the operator's overrides; returns its path.

    Raises:
        InstanceUnusable: `dagster.override.yaml` is not a mapping in YAML.
    """
    import yaml

    path = home.dagster / "dagster.yaml"
    config = _CONFIG | (_IN_POSTGRES if home.dagster_url else _IN_SQLITE) | overrides(home)
    text = _HEADER + yaml.safe_dump(config, sort_keys=False)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if before.startswith(_ONCE_KEPT):
        path.replace(path.with_suffix(".yaml.before"))
    if before != text:
        temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    return path


def overrides(home: Home) -> dict[str, Any]:
    """What the operator has in place of our keys of `dagster.yaml`.

    Raises:
        InstanceUnusable: `dagster.override.yaml` is not a mapping in YAML.
    """
    import yaml

    override = home.dagster / OVERRIDE
    if not override.exists():
        return {}
    try:
        told = yaml.safe_load(override.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise InstanceUnusable(f"{override} is not valid YAML: {error}") from error
    if not isinstance(told, dict):
        raise InstanceUnusable(f"{override} must hold keys of dagster.yaml with their values.")
    return told


def prepare_instance(home: Home, *, wait_seconds: float = 0) -> None:
    """Makes the instance ready to be opened: its settings, its server, its schema.

    After Dagster itself was upgraded its tables are brought up to date once, under the lock of the
    one writer.

    Args:
        home: prepared.
        wait_seconds: how long to wait for another writer. Services that are started together all
            find a new home or a new Dagster, and one of them does the work.

    Raises:
        InstanceUnusable: PostgreSQL cannot be reached, or the overrides are not valid.
        orchestration.lock.NightIsRunning: Dagster was upgraded and a night runs.
    """
    write_instance_config(home)
    if home.dagster_url:
        reach(home.dagster_url)
    if _is_up_to_date(home):
        return
    with one_writer(home, "upgrade of Dagster's instance", wait_seconds=wait_seconds):
        if _is_up_to_date(home):  # by whoever held the lock before
            return
        _upgrade(home)
        _noted_version(home).write_text(f"{version('dagster')}\n", encoding="utf-8")


def _is_up_to_date(home: Home) -> bool:
    """Whether the instance's tables are those of the installed Dagster."""
    noted = _noted_version(home)
    return noted.exists() and noted.read_text(encoding="utf-8").strip() == version("dagster")


def _noted_version(home: Home) -> Path:
    return home.dagster / "dagster.version"


def reach(url: str) -> None:
    """Connects once: Dagster itself would try for a quarter of a minute and end in a traceback.

    Args:
        url: of Dagster's database.

    Raises:
        InstanceUnusable: it cannot be reached.
    """
    import sqlalchemy as sa

    from orchestration.ledger import said_by_the_database, without_password

    try:
        engine = sa.create_engine(url, connect_args={"connect_timeout": _CONNECT_SECONDS})
        with engine.connect():
            pass
        engine.dispose()
    except (sa.exc.ArgumentError, ModuleNotFoundError, ValueError, TypeError) as error:
        # What the URL says is not told: it may hold a password.
        raise InstanceUnusable(
            f"WAREHOUSE_DAGSTER_URL is no URL of a PostgreSQL database ({type(error).__name__}). "
            "Write postgresql://USER:PASSWORD@HOST:5432/DATABASE, special letters of the password "
            "as %XX."
        ) from error
    except sa.exc.SQLAlchemyError as error:
        raise InstanceUnusable(
            f"Dagster's database {without_password(url)} cannot be reached "
            f"({said_by_the_database(error)}). Start the server, or mend WAREHOUSE_DAGSTER_URL."
        ) from error


def _upgrade(home: Home) -> None:
    """What `dagster instance migrate` does; a new instance is made up to date by itself."""
    if home.dagster_url is None and not (home.dagster / "history").exists():
        return
    from dagster import DagsterInstance

    # Dagster prints what it does; on standard output a program reads what a command answers.
    with (
        contextlib.redirect_stdout(sys.stderr),
        DagsterInstance.from_config(str(home.dagster)) as instance,
    ):
        instance.upgrade()
