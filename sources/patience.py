"""What is tried again and what is not: an operation on a network that may pass at the next try.

Tried again is only what has changed nothing yet: reading a file of the landing zone, connecting to
a database. A full disk, a missing permission, a broken file, a failed check are as they are.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from sources import log

P = ParamSpec("P")
T = TypeVar("T")

#: What a file system of a network says while it cannot be reached, and disks that stutter.
PASSING = frozenset(
    {
        errno.EAGAIN, errno.EBUSY, errno.ECONNABORTED, errno.ECONNREFUSED, errno.ECONNRESET,
        errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.EIO, errno.ENETDOWN, errno.ENETRESET,
        errno.ENETUNREACH, errno.ENOTCONN, errno.EREMOTEIO, errno.ESTALE, errno.ETIMEDOUT,
    }
)  # fmt: skip
#: Tries of one file, and the pause before the second (seconds), which doubles with each.
TRIES = 4
FIRST_PAUSE_SECONDS = 1.0


def can_pass(error: BaseException) -> bool:
    """Whether the same operation may succeed a little later, though nobody does anything."""
    return isinstance(error, OSError) and error.errno in PASSING


def patiently(operation: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Does an operation that can be done twice, again while it fails by what can pass.

    Args:
        operation: changes nothing unless it succeeds.
        arguments: its arguments.
        named: its named arguments.

    Raises:
        OSError: it failed every time, or by what cannot pass.
    """
    import tenacity

    def tell(state: tenacity.RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        log.info("tried again", what=operation.__name__, failed=str(error))

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(can_pass),
        stop=tenacity.stop_after_attempt(TRIES),
        wait=tenacity.wait_exponential(FIRST_PAUSE_SECONDS),
        before_sleep=tell,
        reraise=True,
    )
    return retrying(operation, *arguments, **named)
