"""What the warehouse says of itself: which night built it, and the year the report is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb

#: The latest fiscal year with a target; without any, the latest that anybody reports on.
_YEAR_SQL = """
select coalesce(
    max(fiscal_year_be) filter (where target_baht is not null), max(fiscal_year_be)
) from reports.rpt_programme_progress
"""
#: The night that built the file. It is written before the file says when it was published, so the
#: latter may lack; an earlier publication is another night's.
_NIGHT_SQL = """
select
    night.run_id, night.began_at, night.night_number, published.published_at, published.git_sha
from marts.dim_night as night
left join audit.published_run as published using (run_id)
where night.is_this_night
"""


@dataclass(frozen=True)
class Edition:
    """The night whose warehouse the report shows.

    Attributes:
        year: the fiscal year (BE) in focus; None where there is neither target nor outcome.
        run_id: the run that built it; None in a warehouse of no night.
        began_at: when it began (UTC).
        published_at: when it was published (UTC); None where the file does not say.
        git_sha: the commit of the software; None where the file does not say.
        is_first: whether there was no night before it.
    """

    year: int | None
    run_id: str | None = None
    began_at: dt.datetime | None = None
    published_at: dt.datetime | None = None
    git_sha: str | None = None
    is_first: bool = True


def edition_of(db: duckdb.DuckDBPyConnection) -> Edition:
    """The edition that an open warehouse makes."""
    (year,) = db.execute(_YEAR_SQL).fetchone() or (None,)
    night = db.execute(_NIGHT_SQL).fetchone()
    if night is None:
        return Edition(year)
    run_id, began_at, number, published_at, git_sha = night
    return Edition(year, run_id, began_at, published_at, git_sha, number == 1)
