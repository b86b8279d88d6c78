"""The clock of the ledger: UTC, to the microsecond, and never backwards.

What counts follows from the order of events and from their times, so an event may not be older
than the one before it. A clock that was set back a little stands still until the time is reached
again; where it was set back far, nobody writes until somebody has looked at it.
"""

from __future__ import annotations

import datetime as dt

#: What time servers correct, and no more; a clock set back further was set wrongly, once.
TOLERANCE = dt.timedelta(minutes=5)

_latest = dt.datetime.min


class ClockSetBack(RuntimeError):
    """This machine's clock is before what it once said itself; the message says what to do."""


def utc_now() -> dt.datetime:
    """This instant in UTC, without a zone attached, to the microsecond.

    Never before an instant that it gave in this process, or that `continue_from` was told of.
    """
    global _latest  # noqa: PLW0603 - a process has one clock
    _latest = max(_latest, dt.datetime.now(dt.UTC).replace(tzinfo=None))
    return _latest


def continue_from(last: dt.datetime | None) -> None:
    """Has the clock give no instant before that of the last event (UTC); None where there is none.

    Raises:
        ClockSetBack: the clock is more than `TOLERANCE` before it.
    """
    global _latest  # noqa: PLW0603 - a process has one clock
    if last is None:
        return
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    if last - now > TOLERANCE:
        raise ClockSetBack(
            f"This machine's clock says {now:%Y-%m-%d %H:%M:%S} UTC, but the ledger's last entry "
            f"is of {last:%Y-%m-%d %H:%M:%S} UTC. Nothing was changed. Set the clock right "
            "(`timedatectl` says whether a time server is asked), then run again; if the clock is "
            "right now and was ahead before, wait until that time has passed."
        )
    _latest = max(_latest, last)
