"""The clock of the ledger never runs back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from sources import clock
from sources.clock import TOLERANCE, ClockSetBack, continue_from, utc_now


@pytest.fixture(autouse=True)
def a_clock_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test tells the clock, no other test sees."""
    monkeypatch.setattr(clock, "_latest", dt.datetime.min)
    return


def now() -> dt.datetime:
    """The machine's own time, in UTC without a zone."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def test_the_clock_is_the_machines() -> None:
    before = now()
    assert before <= utc_now() <= now()


def test_an_event_is_never_older_than_the_last_one() -> None:
    ahead = now() + TOLERANCE / 2
    continue_from(ahead)
    assert utc_now() == ahead
    assert utc_now() == ahead


def test_a_clock_that_is_ahead_of_the_last_event_goes_on() -> None:
    continue_from(now() - dt.timedelta(days=400))
    assert now() - utc_now() < dt.timedelta(minutes=1)


def test_an_empty_ledger_says_nothing_of_the_time() -> None:
    continue_from(None)
    assert now() - utc_now() < dt.timedelta(minutes=1)


def test_a_clock_that_was_set_back_far_is_refused_with_both_times() -> None:
    last = now() + TOLERANCE + dt.timedelta(minutes=1)
    with pytest.raises(ClockSetBack, match=f"{last:%Y-%m-%d %H:%M:%S} UTC") as refused:
        continue_from(last)
    assert f"{now():%Y-%m-%d %H:%M}" in str(refused.value)
    assert utc_now() < last
