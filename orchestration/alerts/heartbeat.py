"""The heartbeat: a look from outside Dagster, every few minutes, by a timer of the system.

It catches what no night can tell of itself: that none ran. It takes no lock of the night and
writes only what is new.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from orchestration.alerts.kinds import DAEMON_DEAD
from orchestration.alerts.telling import Told, tell
from orchestration.settings import Home, SettingsError
from sources.clock import utc_now


@dataclass(frozen=True)
class Heartbeat:
    """What a heartbeat found.

    Attributes:
        healthy: whether nobody has to get up.
        looked_at: when (UTC).
        daemon: running, silent, unknown, or not asked for.
        open: the alerts that are open, the worst first: kind, headline, needs_somebody.
        sent: messages that it delivered.
        undelivered: channel → why it could not be told.
        problem: why nothing could be remembered; None where it could.
        is_anybody_told: whether WAREHOUSE_ALERTS names anybody.
    """

    healthy: bool
    looked_at: dt.datetime
    daemon: str
    open: list[dict[str, Any]] = field(default_factory=list)
    sent: int = 0
    undelivered: dict[str, str] = field(default_factory=dict)
    problem: str | None = None
    is_anybody_told: bool = True

    def as_dict(self) -> dict[str, Any]:
        """The heartbeat as JSON has it."""
        return asdict(self)

    def lines(self) -> list[str]:
        """The heartbeat for a person, a line each."""
        said = ["Healthy" if self.healthy else "Not healthy"]
        pressing = [alert["headline"] for alert in self.open if alert["needs_somebody"]]
        said += [f"  {headline}" for headline in pressing]
        if others := len(self.open) - len(pressing):
            said.append(f"Open alerts that are for the coordinators to mend: {others:,}")
        if not self.is_anybody_told:
            said.append("Nobody is told: WAREHOUSE_ALERTS is not set.")
        return said


def beat(
    home: Home, *, now: dt.datetime | None = None, expects_daemon: bool = True
) -> tuple[Heartbeat, Told]:
    """Looks once, and tells what is new.

    Args:
        home: which must be there already.
        now: in UTC; this instant when None.
        expects_daemon: false where nights are started by something else, cron for instance.

    Raises:
        SettingsError: there is no home to look at.
    """
    now = now or utc_now()
    if not home.root.is_dir():
        raise SettingsError(
            f"There is no warehouse in {home.root}, so nobody can be told of anything. Is it "
            "mounted, and WAREHOUSE_HOME right? A new one is made by `warehouse run`."
        )
    told = tell(home, now=now, expects_daemon=expects_daemon)
    heartbeat = Heartbeat(
        healthy=told.healthy,
        looked_at=now,
        daemon=_daemon(told) if expects_daemon else "not asked for",
        open=[
            {
                "kind": entry.kind.name,
                "headline": entry.headline,
                "needs_somebody": entry.kind.needs_somebody,
            }
            for entry in told.open
        ],
        sent=told.sent,
        undelivered=told.undelivered,
        problem=told.problem,
        is_anybody_told=bool(home.alerts),
    )
    return heartbeat, told


def _daemon(told: Told) -> str:
    open_kinds = {entry.kind.name for entry in told.open}
    if told.problem or open_kinds & {"ledger_unreadable", "dagster_unreadable"}:
        return "unknown"
    return "silent" if DAEMON_DEAD.name in open_kinds else "running"
