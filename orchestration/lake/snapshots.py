"""Which night is which snapshot of the lake.

The commit of a publication carries the run, when it was published and what every table then was.
Other snapshots, such as those of files that were merged, change nothing that anybody reads.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from orchestration.lake.attaching import LAKE, LakeFailed
from orchestration.settings import TIME_ZONE

if TYPE_CHECKING:
    import duckdb

#: Who commits; how a publication is told from what others write.
AUTHOR = "cluster-warehouse"

_PUBLICATIONS_SQL = f"""
select snapshot_id, commit_extra_info from ducklake_snapshots('{LAKE}')
where author = '{AUTHOR}' and commit_extra_info is not null order by snapshot_id
"""
#: The same, asked of PostgreSQL itself.
CATALOG_SQL = f"""
select snapshot_id, commit_extra_info from ducklake_snapshot_changes
where author = '{AUTHOR}' and commit_extra_info is not null order by snapshot_id
"""


@dataclass(frozen=True)
class Publication:
    """A night as the lake has it.

    Attributes:
        snapshot: its number, for `at (version => …)`.
        run_id: the run that published it.
        published_at: when (UTC).
        warehouse: of which warehouse it is; one has one key of its enterprises.
        duckdb: the version that made the fingerprints.
        fingerprints: `schema.table` → what tells its rows from other rows.
    """

    snapshot: int
    run_id: str
    published_at: dt.datetime
    warehouse: str
    duckdb: str
    fingerprints: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def day(self) -> dt.date:
        """The day on which it was published, in Bangkok."""
        instant = self.published_at.replace(tzinfo=dt.UTC)
        return instant.astimezone(ZoneInfo(TIME_ZONE)).date()

    def extra_info(self) -> str:
        """As the commit carries it."""
        said = asdict(self)
        del said["snapshot"]
        return json.dumps({**said, "published_at": self.published_at.isoformat()})

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "snapshot": self.snapshot,
            "run_id": self.run_id,
            "published_at": self.published_at,
        }


def publications(db: duckdb.DuckDBPyConnection) -> list[Publication]:
    """Every publication that the attached lake still has, the earliest first."""
    return [read(int(number), info) for number, info in db.execute(_PUBLICATIONS_SQL).fetchall()]


def last_publication(db: duckdb.DuckDBPyConnection) -> Publication | None:
    """What whoever asks now is answered from; None before the first."""
    found = publications(db)
    return found[-1] if found else None


def chosen(found: Sequence[Publication], night: str) -> Publication:
    """The publication that a person means.

    Args:
        found: all that there are.
        night: a snapshot's number, the beginning of a run's id (four letters or more) or a day
            (`2015-01-20`, in Bangkok), of which the last publication is meant.

    Raises:
        LakeFailed: none is meant, or several.
    """
    if night.isdigit() and len(night) < len("20150120"):
        meant = [one for one in found if one.snapshot == int(night)]
    elif (day := _day(night)) is not None:
        meant = [one for one in found if one.day == day][-1:]
    else:
        least = 4  # hexadecimal digits, so that a slip of the pen names no night
        meant = [one for one in found if len(night) >= least and one.run_id.startswith(night)]
    if len(meant) == 1:
        return meant[0]
    raise LakeFailed(
        f"{'Several nights' if meant else 'No night'} of the lake can be meant by {night!r}: name "
        "a run, a snapshot or a day such as 2015-01-20. `warehouse snapshots` lists them."
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def read(number: int, info: str) -> Publication:
    """A publication, of its snapshot's number and what the commit carries."""
    said = json.loads(info)
    return Publication(
        number,
        said["run_id"],
        dt.datetime.fromisoformat(said["published_at"]),
        said["warehouse"],
        said["duckdb"],
        said["fingerprints"],
    )
