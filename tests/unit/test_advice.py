"""What the operating system said is told with what to do."""

from __future__ import annotations

import errno
import os

import pytest

from orchestration.advice import with_advice


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "Make room there"),
        (errno.EROFS, "Mount it for writing"),
        (errno.EACCES, "Give this user permission"),
        (errno.ESTALE, "Mount the network share again"),
    ],
)
def test_what_the_system_said_is_told_with_what_to_do(number: int, advice: str) -> None:
    said = with_advice(f"landing__submissions: {os.strerror(number)}: 'archive/ab/0a'")
    assert said.startswith("landing__submissions: ")
    assert "archive/ab/0a" in said
    assert advice in said


def test_a_database_that_cannot_grow_is_a_full_disk() -> None:
    said = with_advice('dbt_models: dim_date: IO Error: Could not write all bytes to file "/b/x"')
    assert said.endswith("Make room there, then run the night again.")


def test_advice_is_given_once() -> None:
    once = with_advice("No space left on device")
    assert with_advice(once) == once


def test_what_the_system_did_not_say_stays_as_it_is() -> None:
    assert with_advice("blocking checks failed: judges_agree") == (
        "blocking checks failed: judges_agree"
    )
