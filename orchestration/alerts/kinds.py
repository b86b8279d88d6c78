"""The kinds of alerts: how each is headed, how bad it is, what to type.

A kind's title begins the first line of every alert of it and heads its entry in the runbook
(`docs/operations.md`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of alert.

    Attributes:
        name: as the ledger keeps it.
        title: what its first line begins with.
        needs_somebody: whether an operator must act before the next night.
        one: what one of them is called where they are counted.
        many: what several are called.
        commands: what to type, the first thing first.
    """

    name: str
    title: str
    needs_somebody: bool
    one: str
    many: str
    commands: tuple[str, ...]

    def counted(self, number: int) -> str:
        """So many of them, in words."""
        return f"{number:,} {self.one if number == 1 else self.many}"


@dataclass(frozen=True)
class Matter:
    """Something that is so now and of which somebody is told once.

    Attributes:
        key: what makes it the same matter from one look to the next.
        kind: what it is.
        headline: its first line; begins with the kind's title.
        cause: what would have to differ for it to be told again while it is open.
        details: what else there is to say, a line each.
        page: where Dagster shows it, below the UI's address.
    """

    key: str
    kind: Kind
    headline: str
    cause: str = ""
    details: tuple[str, ...] = ()
    page: str | None = None


LEDGER_UNREADABLE = Kind(
    "ledger_unreadable", "The ledger cannot be read", True,
    "ledger that cannot be read", "ledgers that cannot be read",
    ("warehouse status", "df -h"),
)  # fmt: skip
NOT_PUBLISHED = Kind(
    "not_published", "Not published", True, "night not published", "nights not published",
    ("warehouse status", "warehouse run"),
)  # fmt: skip
RUN_DIED = Kind(
    "run_died", "A night ended without a word", True,
    "night ended without a word", "nights ended without a word",
    ("warehouse status", "warehouse run"),
)  # fmt: skip
NIGHT_WAITS = Kind(
    "night_waits", "A night waits for approval", True,
    "night that waits for approval", "nights that wait for approval",
    ("warehouse status", "warehouse approve RUN --by NAME"),
)  # fmt: skip
NOTHING_PUBLISHED = Kind(
    "nothing_published", "Nothing published by", True, "night late", "nights late",
    ("warehouse status", "warehouse run"),
)  # fmt: skip
DAEMON_DEAD = Kind(
    "daemon_dead", "Dagster's daemon is not running", True,
    "daemon not running", "daemons not running",
    ("systemctl status 'warehouse*'", "warehouse heartbeat"),
)  # fmt: skip
DAGSTER_UNREADABLE = Kind(
    "dagster_unreadable", "Dagster's storage cannot be read", True,
    "storage that cannot be read", "storages that cannot be read",
    ("warehouse heartbeat", "df -h"),
)  # fmt: skip
PUBLISHED_UNREADABLE = Kind(
    "published_unreadable", "The published warehouse cannot be read", True,
    "published warehouse that cannot be read", "published warehouses that cannot be read",
    ("warehouse run",),
)  # fmt: skip
RUN_FAILED = Kind(
    "run_failed", "A run failed", True, "run failed", "runs failed", ("warehouse status",)
)
MIRROR_BEHIND = Kind(
    "mirror_behind", "The PostgreSQL mirror is behind", True,
    "mirror that is behind", "mirrors that are behind",
    ("warehouse doctor", "warehouse mirror"),
)  # fmt: skip
FILE_REJECTED = Kind(
    "file_rejected", "File rejected", False, "file rejected", "files rejected",
    ("warehouse quarantine --xlsx FOLDER",),
)  # fmt: skip
CHECK_FAILING = Kind(
    "check_failing", "Check fails", False, "check newly failing", "checks newly failing",
    ("warehouse status",),
)  # fmt: skip
ROWS_HELD = Kind(
    "rows_held", "Rows held for too long", False,
    "file with rows held for too long", "files with rows held for too long",
    ("warehouse quarantine",),
)  # fmt: skip

#: Every kind by its name, the worst first: a message tells them in this order.
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        LEDGER_UNREADABLE, NOT_PUBLISHED, RUN_DIED, NIGHT_WAITS, NOTHING_PUBLISHED, DAEMON_DEAD,
        DAGSTER_UNREADABLE, PUBLISHED_UNREADABLE, RUN_FAILED, MIRROR_BEHIND,
        FILE_REJECTED, CHECK_FAILING, ROWS_HELD,
    )
}  # fmt: skip

#: The first words of what says that a matter is over, and of a test: they have entries as well.
WELL_AGAIN = "Well again"
TEST_MESSAGE = "Test message"
