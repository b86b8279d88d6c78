"""The lock: what is installed is what the project asks for, pinned with hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)
#: Each lock and the extras that it holds.
LOCKS = {
    "requirements.lock": ("dev", "notebook"),
    "requirements-cluster.lock": ("dev", "notebook", "cluster"),
}


def read(lock: str) -> str:
    return (ROOT / lock).read_text(encoding="utf-8")


def pinned(lock: str) -> dict[str, set[Version]]:
    pins: dict[str, set[Version]] = {}
    for name, version in _PIN.findall(read(lock)):
        pins.setdefault(canonicalize_name(name), set()).add(Version(version))
    return pins


ASKED = [
    (lock, Requirement(line))
    for lock, extras in LOCKS.items()
    for line in (*PROJECT["dependencies"], *(line for extra in extras for line in EXTRAS[extra]))
]


@pytest.mark.parametrize(("lock", "requirement"), ASKED, ids=str)
def test_the_lock_pins_what_the_project_asks_for(lock: str, requirement: Requirement) -> None:
    versions = pinned(lock).get(canonicalize_name(requirement.name), set())
    assert versions
    assert all(requirement.specifier.contains(version, prereleases=True) for version in versions)


def test_what_both_locks_pin_is_the_same_in_both() -> None:
    every = pinned("requirements-cluster.lock")
    assert {name: every.get(name) for name in pinned("requirements.lock")} == pinned(
        "requirements.lock"
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", read(lock))
    bare = [
        entry.splitlines()[0] for entry in entries if _PIN.match(entry) and "--hash=" not in entry
    ]
    assert bare == []
    assert len(pinned(lock)) > 50
