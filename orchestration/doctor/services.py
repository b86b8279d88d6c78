"""What runs beside the night: Dagster's instance, its daemon and schedules, and the alerts."""

from __future__ import annotations

import time
from collections.abc import Iterator

from orchestration.doctor.finding import Finding, ok, problem, warning
from orchestration.instance import OVERRIDE, InstanceUnusable, overrides, reach
from orchestration.settings import Home

#: A daemon says that it lives every half minute; Dagster itself waits so long (seconds).
_HEARTBEAT_SECONDS = 300
_START = (
    "Start the service, or `warehouse ui`. Where cron runs `warehouse run` and "
    "`warehouse housekeeping`, nothing need be done."
)


def dagster(home: Home) -> Iterator[Finding]:
    """Whether Dagster's instance opens, its daemon lives and its schedules are on."""
    if not (home.dagster / "dagster.yaml").exists():
        yield ok("dagster", "There is no instance yet; the first night makes it.")
        return
    from dagster import DagsterError
    from dagster_postgres.utils import DagsterPostgresException

    try:
        overrides(home)
        if home.dagster_url:
            reach(home.dagster_url)
        runs, beats, stopped = _instance(home)
    except InstanceUnusable as error:
        yield problem("dagster", str(error), "Type it again when that is mended: warehouse doctor")
        return
    except (DagsterError, DagsterPostgresException) as error:
        said = (str(error) or type(error).__name__).splitlines()[0]
        yield problem(
            "dagster",
            f"The instance cannot be opened: {said}",
            f"Mend {home.dagster / OVERRIDE}, or the database that WAREHOUSE_DAGSTER_URL names.",
        )
        return
    yield ok("dagster", f"The instance can be read; it has {runs:,} runs.")
    last = max(beats, default=None)
    if last is None:
        yield warning("daemon", "Dagster's daemon has never run in this home.", _START)
    elif time.time() - last > _HEARTBEAT_SECONDS:
        ago = (time.time() - last) / 3600
        yield warning("daemon", f"Dagster's daemon was last alive {ago:,.1f} hours ago.", _START)
    else:
        yield ok("daemon", "Dagster's daemon is alive.")
    if stopped:
        yield warning(
            "schedules",
            f"Switched off by hand: {', '.join(stopped)}.",
            "Switch it on in Dagster's UI, under Automation.",
        )


def _instance(home: Home) -> tuple[int, list[float], list[str]]:
    """How many runs Dagster has, when its daemons last said that they live, what is stopped."""
    from dagster import DagsterInstance
    from dagster._core.definitions.run_request import InstigatorType
    from dagster._core.scheduler.instigation import InstigatorStatus

    with DagsterInstance.from_config(str(home.dagster)) as instance:
        return (
            instance.get_runs_count(),
            [beat.timestamp for beat in instance.get_daemon_heartbeats().values()],
            [
                state.name
                for state in instance.all_instigator_state(instigator_type=InstigatorType.SCHEDULE)
                if state.status == InstigatorStatus.STOPPED
            ],
        )


def alerts(home: Home) -> Iterator[Finding]:
    """Whether somebody is told, and every address is understood."""
    if not home.alerts:
        yield warning(
            "alerts",
            "Nobody is told when a night fails.",
            "Set WAREHOUSE_ALERTS to one or more apprise URLs, e.g. for e-mail.",
        )
        return
    import apprise

    wrong = [
        f"address {number}" + (f" ({scheme})" if known else "")
        for number, address in enumerate(home.alerts, start=1)
        for scheme, known, _ in [address.partition("://")]
        if not apprise.Apprise().add(address)
    ]
    if wrong:
        yield problem(
            "alerts",
            f"WAREHOUSE_ALERTS is not understood: {', '.join(wrong)} of {len(home.alerts)}.",
            "Write it as apprise has it, e.g. mailtos://user:password@host?to=somebody@host.",
        )
    else:
        yield ok("alerts", f"{len(home.alerts)} addresses are told.")
