"""What was mirrored last, as the home keeps it, and whether that is what is published.

A small file, so that `warehouse status` and every look for alerts can tell without asking a
server that may not answer. It is written after each try; without it nothing counts as mirrored,
as after a restore.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.mirror.server import place
from orchestration.settings import Home
from sources.clock import utc_now

#: How long a publication is given to be mirrored before it counts as behind, where no try has
#: failed: a night mirrors after it has published.
GRACE = dt.timedelta(minutes=30)

_RUNS_SQL = "select run_id, published_at from audit.published_run order by published_at"


@dataclass(frozen=True)
class Behind:
    """The mirror shows another run than is published.

    Attributes:
        since_run: the first published run that it lacks.
        since: when that was published (UTC).
        mirrored_run: the run that it shows; None where it shows none.
        reason: why the last try failed; None where there was none.
    """

    since_run: str
    since: dt.datetime
    mirrored_run: str | None
    reason: str | None

    def in_words(self) -> str:
        """A sentence or two for a person."""
        shows = f"it shows run {self.mirrored_run[:8]}" if self.mirrored_run else "it shows none"
        why = self.reason or "It was not tried since. Type `warehouse mirror`."
        return (
            f"The PostgreSQL mirror is behind since run {self.since_run[:8]} of "
            f"{self.since:%Y-%m-%d %H:%M} UTC; {shows}. {why}"
        )


def _file(home: Home) -> Path:
    return home.root / "mirror.json"


def _kept(home: Home, url: str) -> Mapping[str, Any]:
    """What is known of this database; nothing of another than was mirrored into."""
    try:
        said: dict[str, Any] = json.loads(_file(home).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        said = {}  # nothing was mirrored, or a power cut took the file: as good as nothing
    return said if said.get("database") == place(url) else {}


def _keep(home: Home, **said: Any) -> None:
    temporary = _file(home).with_name(f".mirror.json.{os.getpid()}.part")
    temporary.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
    temporary.replace(_file(home))


def keep_mirrored(home: Home, url: str, run_id: str) -> None:
    """Notes that a run is mirrored."""
    _keep(home, database=place(url), run_id=run_id, mirrored_at=f"{utc_now():%Y-%m-%d %H:%M:%S}")


def keep_failed(home: Home, url: str, reason: str) -> None:
    """Notes that a try failed, and why; what was mirrored before is mirrored still."""
    _keep(home, **{"database": place(url), **_kept(home, url), "reason": reason})


def behind(home: Home, now: dt.datetime | None = None) -> Behind | None:
    """Whether the mirror lacks what is published, and since when.

    Args:
        home: whose.
        now: in UTC; with it, a publication that is not yet due to be mirrored is not behind.

    Returns:
        None where there is no mirror, nothing is published, or the mirror shows it.

    Raises:
        duckdb.Error: what is published cannot be read.
    """
    if home.publish_postgres is None or not home.warehouse.exists():
        return None
    with duckdb.connect(str(home.warehouse), read_only=True) as db:
        runs = db.execute(_RUNS_SQL).fetchall()
    kept = _kept(home, home.publish_postgres)
    mirrored, reason = kept.get("run_id"), kept.get("reason")
    if not runs or runs[-1][0] == mirrored:
        return None
    ids = [run_id for run_id, _ in runs]
    # An earlier version put in the place of a later one lacks the later runs.
    first = runs[ids.index(mirrored) + 1] if mirrored in ids else runs[-1]
    if now is not None and reason is None and now - first[1] < GRACE:
        return None
    return Behind(first[0], first[1], mirrored, reason)
