"""Times that people type, as the ledger has them: UTC without a zone.

Apart from what rebuilds an earlier time, so that a slip of the pen is told at once.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from orchestration.settings import TIME_ZONE, SettingsError


def parse_time(text: str) -> dt.datetime:
    """An ISO 8601 time as UTC without a zone; without an offset it is Bangkok time.

    Raises:
        SettingsError: it is no such time.
    """
    try:
        said = dt.datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise SettingsError(
            f"{text!r} is no time. Write it as 2015-01-20T01:30 or 2015-01-20T01:30+07:00."
        ) from error
    if said.tzinfo is None:
        said = said.replace(tzinfo=ZoneInfo(TIME_ZONE))
    return said.astimezone(dt.UTC).replace(tzinfo=None)
