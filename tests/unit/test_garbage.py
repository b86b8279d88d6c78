"""Python looks for unused cycles of objects seldom while a night runs, and as before after it."""

import gc

import pytest

from orchestration.garbage import collected_seldom


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
