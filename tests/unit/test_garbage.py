"""Python looks for unused cycles of objects seldom while a night runs, and as before after it."""

import gc

import psutil
import pytest
from programs import said_by

from orchestration.garbage import collected_seldom, give_back


def test_a_night_is_interrupted_less_often() -> None:
    before = gc.get_threshold()
    with collected_seldom():
        assert all(now > then for now, then in zip(gc.get_threshold(), before, strict=True))
        assert gc.isenabled()
    assert gc.get_threshold() == before


def test_a_night_that_breaks_leaves_no_trace() -> None:
    before = gc.get_threshold()
    with pytest.raises(RuntimeError), collected_seldom():
        raise RuntimeError
    assert gc.get_threshold() == before


def test_what_stays_to_the_end_is_not_looked_at_when_the_process_ends() -> None:
    told = said_by(
        "import gc; from orchestration.garbage import left_at_the_end; left_at_the_end();"
        "kept = [[] for _ in range(20_000)];"
        "gc.callbacks.append(lambda when, info: print(when, len(gc.get_objects())))"
    ).split()
    looked_at = [int(count) for count in told[1::2]]
    assert all(count < 20_000 for count in looked_at), looked_at


def test_what_a_large_file_left_is_given_back_before_the_build() -> None:
    class Frame:
        """A large thing in a cycle, as Great Expectations leaves them."""

        def __init__(self) -> None:
            self.itself = self
            # Pieces too small for the C library to give each of them back by itself.
            self.cells = [bytearray(60_000) for _ in range(3_000)]

    with collected_seldom():
        gc.collect()
        Frame()
        held = psutil.Process().memory_info().rss
        give_back()
        given_back = held - psutil.Process().memory_info().rss
    assert given_back > 150_000_000
