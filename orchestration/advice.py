"""What to do about what the operating system said, wherever in a night it said it."""

from __future__ import annotations

import errno
import os

#: Why a step failed that gives no reason: an interrupt says nothing.
STOPPED = "it was stopped from outside, by a person or with its service"
#: What the system says → what to do about it.
_ADVICE = {
    errno.ENOSPC: "Make room there, then run the night again.",
    errno.EDQUOT: "Have this user's quota raised or make room, then run the night again.",
    errno.EROFS: "Mount it for writing, then run the night again; often a disk that failed is "
    "mounted read-only: look at the machine's log.",
    errno.EACCES: "Give this user permission there, then run the night again.",
    errno.EPERM: "Give this user permission there, then run the night again.",
    errno.EIO: "The disk or the network share failed: look at the machine's log, then run the "
    "night again.",
    errno.ESTALE: "Mount the network share again, then run the night again.",
    errno.ETIMEDOUT: "See whether the network share can be reached, then run the night again.",
}
#: DuckDB says that a database cannot grow in words of its own.
_ALSO = {errno.ENOSPC: ("could not write all bytes", "disk is full")}


def with_advice(reason: str) -> str:
    """A reason, with what to do about it where the operating system gave it.

    Args:
        reason: as the program said it, with the system's own words in it.
    """
    for number, advice in _ADVICE.items():
        said = (os.strerror(number), *_ALSO.get(number, ()))
        if any(words.lower() in reason.lower() for words in said) and advice not in reason:
            return f"{reason.rstrip().rstrip('.')}. {advice}"
    return reason
