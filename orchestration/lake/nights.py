"""What a night and its approval do in the lake; nothing where the target is no lake.

    the version's folder is whole ──▶ commit_night ──▶ it is the current one ──▶ the ledger says so
                                           │                                    (details_of)
                                           └── cut short here: publication.follow_lake

The lake's commit is the publication. What follows it is made up for by whoever writes next.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from orchestration.settings import Home, Target
from sources import log
from sources.ledger import Ledger
from sources.ledger_forgetting import last_forgotten_at


def commit_night(
    home: Home, ledger: Ledger, run_id: str, published_at: dt.datetime, database: Path
) -> None:
    """Publishes a finished warehouse in the lake.

    Raises:
        orchestration.lake.attaching.LakeUnsure: whether it is published is not known.
        orchestration.lake.attaching.LakeFailed: it is not published; the lake is as it was.
    """
    if home.target is not Target.ducklake:
        return
    from orchestration.lake.committing import commit
    from orchestration.mirror.keys import proven_keys

    forgotten_at = last_forgotten_at(ledger)
    commit(home, database, run_id, published_at, proven_keys, forgotten_at=forgotten_at)


def last_published_in_lake(home: Home) -> str | None:
    """The run that the lake shows; None where it shows none.

    Raises:
        orchestration.lake.attaching.LakeFailed: the lake does not say.
    """
    if home.target is not Target.ducklake:
        return None
    from orchestration.lake.attaching import NoLake
    from orchestration.lake.reading import nights

    try:
        found = nights(home)
    except NoLake:
        return None
    return found[-1].run_id if found else None


def details_of(home: Home, run_id: str) -> dict[str, int]:
    """What the ledger keeps of a publication in the lake: its snapshot.

    Nothing where the lake does not say: the run is published all the same.
    """
    if home.target is not Target.ducklake:
        return {}
    from orchestration.lake.attaching import LakeFailed
    from orchestration.lake.reading import nights

    try:
        snapshots = [one.snapshot for one in nights(home) if one.run_id == run_id]
    except LakeFailed as error:
        log.error("lake snapshot not recorded", run_id=run_id, reason=str(error))
        return {}
    return {"lake_snapshot": snapshots[0]} if snapshots else {}


def forget_in_lake(home: Home, ledger: Ledger) -> int:
    """Removes the lake's nights that still have a person who was forgotten since.

    What keeps it from that undoes no publication; the next night or the housekeeping tries again.

    Returns:
        How many snapshots are gone.
    """
    forgotten_at = last_forgotten_at(ledger)
    if home.target is not Target.ducklake or forgotten_at is None:
        return 0
    from orchestration.lake import upkeep
    from orchestration.lake.attaching import LakeFailed, NoLake
    from orchestration.lake.reading import nights

    try:
        last = nights(home)[-1:]
        is_without = any(one.published_at >= forgotten_at for one in last)
        if is_without and upkeep.has_earlier_than(home, forgotten_at):
            return upkeep.forget_earlier(home)
    except NoLake:
        return 0
    except LakeFailed as error:
        log.error("lake did not forget", reason=str(error))
    return 0
