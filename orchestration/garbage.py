"""How often Python looks for cycles of objects that nobody uses: seldom, in a process of one night.

Python looks through its youngest objects after 700 new ones, and again and again through all that
stay. A night imports Dagster and dbt, some million objects that stay to its end: of a small
night's CPU time 17 to 25 % went to looking at them, on a busy machine. Once, after files were taken
in, it looks on purpose.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
from collections.abc import Generator
from contextlib import contextmanager, suppress

#: New objects after which the youngest are looked through, and how often that happens before those
#: that outlived it are, and before all are. What is large, tables and buffers, is in no cycle.
_SELDOM = (50_000, 20, 20)


@contextmanager
def collected_seldom() -> Generator[None, None, None]:
    """Has Python look for unused cycles seldom while the block runs."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def give_back() -> None:
    """Gives memory that nobody uses any more back to the system.

    What Great Expectations leaves of a large file is in cycles, and the C library keeps what was
    freed: beside the build, which needs memory of its own, both would count for nothing.
    """
    gc.collect()
    with suppress(AttributeError, OSError):  # only glibc can be asked
        ctypes.CDLL(None).malloc_trim(0)


def left_at_the_end() -> None:
    """Has Python look for no unused cycles when this process ends."""
    atexit.register(gc.freeze)
