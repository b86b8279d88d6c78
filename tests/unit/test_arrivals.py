"""What lies in the landing zone that no night has seen: told without reading it all again."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from sources import landed
from sources.arrivals import AT_REST_SECONDS, LandingWatch
from sources.landing import LandingMissing

DATASETS = ("apples", "pears")
LONG_AGO = 1_421_712_000


def put(root: Path, path: str, content: str = "x", changed: float = LONG_AGO) -> Path:
    """A file in the landing zone."""
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_text(content)
    os.utime(full, (changed, changed))
    return full


def sha(content: str) -> str:
    """The SHA-256 of a text's bytes."""
    return hashlib.sha256(content.encode()).hexdigest()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose bytes were read, in order."""
    names: list[str] = []
    real = landed.sha256_of

    def noted(path: Path) -> str:
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(landed, "sha256_of", noted)
    return names


def test_a_file_waits_until_its_bytes_were_taken_in_at_its_path(tmp_path: Path) -> None:
    put(tmp_path, "apples/a.csv", "one")
    put(tmp_path, "pears/b.csv", "two")
    watch = LandingWatch()
    seen = {("apples", "apples/a.csv"): sha("one"), ("pears", "pears/b.csv"): sha("older")}
    assert dict(watch.look(tmp_path, DATASETS, {}).waiting) == {
        "apples/a.csv": sha("one"),
        "pears/b.csv": sha("two"),
    }
    assert dict(watch.look(tmp_path, DATASETS, seen).waiting) == {"pears/b.csv": sha("two")}


def test_what_has_not_changed_is_not_read_again(tmp_path: Path, hashed: list[str]) -> None:
    put(tmp_path, "apples/a.csv", "one")
    put(tmp_path, "apples/b.csv", "two")
    watch = LandingWatch()
    first = watch.look(tmp_path, DATASETS, {})
    assert watch.look(tmp_path, DATASETS, {}) == first
    assert hashed == ["a.csv", "b.csv"]
    put(tmp_path, "apples/b.csv", "two", changed=LONG_AGO + 1)
    assert watch.look(tmp_path, DATASETS, {}).state == first.state
    assert hashed == ["a.csv", "b.csv", "b.csv"]


def test_the_same_files_with_the_same_bytes_are_one_state(tmp_path: Path) -> None:
    put(tmp_path, "apples/a.csv", "one")
    watch = LandingWatch()
    one = watch.look(tmp_path, DATASETS, {}).state
    put(tmp_path, "apples/a.csv", "other bytes")
    other = watch.look(tmp_path, DATASETS, {}).state
    put(tmp_path, "apples/a.csv", "one", changed=LONG_AGO + 5)
    assert one != other
    assert LandingWatch().look(tmp_path, DATASETS, {}).state == one


def test_a_file_that_has_just_changed_is_left_for_the_next_look(
    tmp_path: Path, hashed: list[str]
) -> None:
    put(tmp_path, "apples/slow.csv", changed=time.time() - AT_REST_SECONDS / 2)
    found = LandingWatch().look(tmp_path, DATASETS, {})
    assert (dict(found.waiting), found.being_written) == ({}, ("apples/slow.csv",))
    assert hashed == []


def test_a_file_from_a_clock_that_is_ahead_is_not_left_for_ever(tmp_path: Path) -> None:
    put(tmp_path, "apples/ahead.csv", changed=time.time() + 86_400)
    assert list(LandingWatch().look(tmp_path, DATASETS, {}).waiting) == ["apples/ahead.csv"]


def test_a_file_held_open_for_writing_does_not_wait(tmp_path: Path) -> None:
    full = put(tmp_path, "apples/open.csv")
    with full.open("a"):
        os.utime(full, (LONG_AGO, LONG_AGO))
        found = LandingWatch().look(tmp_path, DATASETS, {})
    assert (dict(found.waiting), found.being_written) == ({}, ("apples/open.csv",))


def test_a_look_that_would_take_too_long_goes_on_at_the_next_one(
    tmp_path: Path, hashed: list[str]
) -> None:
    for name in ("a", "b", "c"):
        put(tmp_path, f"apples/{name}.csv", name)
    watch = LandingWatch()
    assert watch.look(tmp_path, DATASETS, {}, seconds=0).not_looked_at == 3
    put(tmp_path, "apples/d.csv", "d")
    found = watch.look(tmp_path, DATASETS, {})
    assert (len(found.waiting), found.not_looked_at) == (4, 0)
    assert len(watch.look(tmp_path, DATASETS, {}, seconds=0).waiting) == 4
    assert len(hashed) == 4


def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "apples/good.csv")
    bad = put(tmp_path, "apples/bad.csv")
    real = landed.sha256_of

    def refused(path: Path) -> str:
        # Tests run as root, whom no permission keeps out.
        if path == bad:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(landed, "sha256_of", refused)
    found = LandingWatch().look(tmp_path, DATASETS, {})
    assert dict(found.unreadable) == {"apples/bad.csv": "Permission denied"}
    assert list(found.waiting) == ["apples/good.csv"]


def test_a_landing_zone_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(LandingMissing):
        LandingWatch().look(tmp_path / "nowhere", DATASETS, {})
