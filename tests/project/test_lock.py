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
ASKED = [
    Requirement(line)
    for line in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])
]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)
PINNED: dict[str, list[Version]] = {}
for name, version in _PIN.findall(LOCK):
    PINNED.setdefault(canonicalize_name(name), []).append(Version(version))


@pytest.mark.parametrize("requirement", ASKED, ids=str)
def test_the_lock_pins_what_the_project_asks_for(requirement: Requirement) -> None:
    versions = PINNED.get(canonicalize_name(requirement.name), [])
    assert versions
    assert all(requirement.specifier.contains(version, prereleases=True) for version in versions)


def test_every_pin_has_hashes() -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", LOCK)
    bare = [
        entry.splitlines()[0] for entry in entries if _PIN.match(entry) and "--hash=" not in entry
    ]
    assert bare == []
    assert len(PINNED) > 50
