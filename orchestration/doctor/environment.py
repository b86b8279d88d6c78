"""The software, its packages, the settings and the time zone: what does not need a home."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from orchestration import settings
from orchestration.doctor.finding import Finding, ok, problem, warning

_PACKAGE = "cluster-warehouse"
_PIN = re.compile(r"^([A-Za-z0-9._-]+(?:\[[^]]*\])?==[^ ;\\]+(?: *;[^\\]*)?)", re.MULTILINE)
_BANGKOK = dt.timedelta(hours=7)
_REINSTALL = "Type `make setup` in the checkout: it installs what requirements.lock says."


def software() -> Iterator[Finding]:
    """Python's version, this software's, and the commit it is."""
    python = ".".join(map(str, sys.version_info[:3]))
    wanted = SpecifierSet(metadata.metadata(_PACKAGE)["Requires-Python"] or "")
    if wanted.contains(python):
        yield ok("software", f"Python {python}.")
    else:
        yield problem("software", f"Python is {python}; it must be {wanted}.", _REINSTALL)
    version, commit = metadata.version(_PACKAGE), settings.git_sha()
    if commit == "unknown":
        yield warning(
            "software",
            f"Version {version}; its commit is not known, so nights cannot say what built them.",
            "Run from a git checkout, with git installed.",
        )
    else:
        yield ok("software", f"Version {version}, commit {commit[:12]}.")


def packages() -> Iterator[Finding]:
    """Whether what is installed is what the lock pins, and all that is needed is there."""
    missing = []
    for line in metadata.requires(_PACKAGE) or []:
        needed = Requirement(line)
        if needed.marker and not needed.marker.evaluate({"extra": ""}):
            continue
        installed = _installed(needed.name)
        if installed is None or not needed.specifier.contains(installed, prereleases=True):
            missing.append(f"{needed.name} {needed.specifier} (is {installed or 'not there'})")
    if missing:
        yield problem("packages", f"Not as needed: {', '.join(missing)}.", _REINSTALL)
    lock = settings.PROJECT / "requirements.lock"
    if not lock.exists():
        yield warning("packages", f"There is no {lock} to compare with.", None)
        return
    off, same = [], 0
    for line in _PIN.findall(lock.read_text(encoding="utf-8")):
        pin = Requirement(line.strip())
        installed = _installed(pin.name)
        if installed is None or (pin.marker and not pin.marker.evaluate()):
            continue  # another system's, or a developer's
        if pin.specifier.contains(installed, prereleases=True):
            same += 1
        else:
            off.append(f"{pin.name} is {installed}, not {str(pin.specifier)[2:]}")
    if off:
        yield problem("packages", f"Not as locked: {', '.join(off)}.", _REINSTALL)
    else:
        yield ok("packages", f"{same} packages are as locked.")


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def variables() -> Iterator[Finding]:
    """Whether every variable that looks like a setting is one, and `.env` is closed to others."""
    for name, meant in settings.unknown_variables().items():
        yield warning(
            "settings",
            f"{name} is no setting and has no effect.",
            f"Is {meant} meant?" if meant else "The README lists the settings. Remove it.",
        )
    file = Path(".env").absolute()
    if file.exists() and file.stat().st_mode & 0o077:
        yield warning("settings", f"{file} may be read by others.", f"Type: chmod 600 {file}")


def time_zone() -> Iterator[Finding]:
    """Whether this machine knows Bangkok's time."""
    now = dt.datetime.now(dt.UTC)
    if now.astimezone(ZoneInfo(settings.TIME_ZONE)).utcoffset() == _BANGKOK:
        yield ok("clock", f"It is {now:%Y-%m-%d %H:%M:%S} UTC; {settings.TIME_ZONE} is known.")
    else:
        yield problem(
            "clock",
            f"{settings.TIME_ZONE} is not seven hours before UTC here.",
            "Install the system's package tzdata anew.",
        )
