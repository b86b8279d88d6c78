"""The home and the landing zone as folders: whose they are, who may enter, where they lie."""

from __future__ import annotations

import errno
import os
import pwd
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration import disk_space
from orchestration.doctor.finding import Finding, ok, problem, warning
from orchestration.settings import Home
from sources import ledger_copy
from sources.contracts import discover
from sources.objects import ObjectPath

#: How far a file server's clock may be off (seconds).
_CLOCK_SECONDS = 60
#: Files in the landing zone that are tried.
_TRIED = 2_000


def owned(home: Home) -> Iterator[Finding]:
    """Whether there is a home, and it is this user's to write."""
    if not home.root.exists():
        yield problem(
            "home",
            f"There is no home {home.root}.",
            "Set WAREHOUSE_HOME to where it is; or type `warehouse run`, which makes it.",
        )
        return
    me, owner = os.geteuid(), home.root.stat().st_uid
    if me != owner:
        yield problem(
            "home",
            f"{home.root} belongs to the user {_user(owner)}, and this is {_user(me)}. What one "
            "of them writes the other cannot.",
            f"Type it as that user: sudo -u {_user(owner)} … warehouse doctor",
        )
    elif not os.access(home.root, os.R_OK | os.W_OK | os.X_OK):
        yield problem("home", f"{home.root} cannot be written.", f"Type: chmod u+rwx {home.root}")
    else:
        yield ok("home", f"{home.root} is {_user(me)}'s.")


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def permissions(home: Home) -> Iterator[Finding]:
    """Whether what is personal is closed to others, and what is published open to them."""
    private = [place for place in (home.archive, home.store) if isinstance(place, Path)]
    private += [home.build, home.dagster, home.logs, home.waiting, home.fetched]
    private += [home.root / "key_secret", home.serve_token_file]
    ledger = ledger_copy.sqlite_file(home.ledger_url)
    private += [ledger] if ledger else []
    fine = True
    for path in private:
        if not path.exists():
            continue
        found = path.stat()
        if found.st_mode & 0o077:
            fine = False
            yield problem(
                "permissions",
                f"{path} may be read by others; it holds personal data or a secret.",
                f"Type: chmod go= {path}",
            )
        rights = os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)
        if found.st_uid != os.geteuid() or not os.access(path, rights):
            fine = False
            yield problem(
                "permissions",
                f"{path} cannot be written; it belongs to {_user(found.st_uid)}.",
                f"Type: sudo chown -R {_user(os.geteuid())} {path}",
            )
    for path, needed in (
        (home.root, stat.S_IXGRP),
        (home.published, stat.S_IXGRP | stat.S_IRGRP),
        (home.warehouse.resolve().parent, stat.S_IXGRP | stat.S_IRGRP),
        (home.warehouse, stat.S_IRGRP),
    ):
        if path.exists() and path.stat().st_mode & needed != needed:
            fine = False
            said = "x" if needed == stat.S_IXGRP else "rX"
            yield warning(
                "permissions",
                f"{path} is closed to everybody else, so analysts cannot read the warehouse.",
                f"Type: chmod go+{said} {path}",
            )
    if fine:
        yield ok("permissions", "What is personal is its owner's alone; what is published is open.")


def landing(home: Home) -> Iterator[Finding]:
    """Whether the landing zone is there, has each dataset's folder, and can be read."""
    if isinstance(home.landing, ObjectPath):
        return
    if not home.landing.is_dir():
        yield problem(
            "landing",
            f"The landing zone {home.landing} does not exist.",
            "Mount it, make it, or set WAREHOUSE_LANDING to where the submissions are.",
        )
        return
    gone = [dataset for dataset in discover() if not (home.landing / dataset).is_dir()]
    if gone:
        yield warning(
            "landing",
            f"{home.landing} has no folder {', '.join(gone)}.",
            f"Type: mkdir {' '.join(str(home.landing / dataset) for dataset in gone)}",
        )
    closed, tried = [], 0
    for folder, folders, files in os.walk(home.landing, onerror=_raise):
        for name in (*folders, *files):
            path = Path(folder, name)
            tried += 1
            rights = os.R_OK | (os.X_OK if path.is_dir() else 0)
            if path.exists() and not os.access(path, rights):
                closed.append(path)
        folders[:] = [name for name in folders if Path(folder, name) not in closed]
        if tried >= _TRIED:
            break
    if closed:
        yield problem(
            "landing",
            f"{len(closed)} files or folders in the landing zone cannot be read, the first: "
            f"{closed[0]}.",
            f"Type, as its owner: chmod -R a+rX {home.landing}",
        )
    elif not gone:
        yield ok("landing", f"{home.landing} can be read, and every dataset has its folder.")


def _raise(error: OSError) -> None:
    raise error


def room(home: Home) -> Iterator[Finding]:
    """Whether a night would fit."""
    if (why := disk_space.shortage(home)) is not None:
        yield problem("disk", why, "Type: warehouse housekeeping")
        return
    for disk in disk_space.disks(home, 0):
        free, needed = disk.free // disk_space.MEGABYTE, disk.needed // disk_space.MEGABYTE
        yield ok("disk", f"{free:,} MB are free at {disk.folder}; a night needs about {needed:,}.")


def file_system(home: Home) -> Iterator[Finding]:
    """Whether a build can be renamed into place, and locks, links and times can be trusted."""
    if home.build.exists() and home.build.stat().st_dev != home.published.stat().st_dev:
        yield problem(
            "file system",
            f"{home.build} and {home.published} lie on two file systems; nothing can be published, "
            "for a build is renamed into place.",
            "Have both in one: mount the home as a whole, and no folder of it alone.",
        )
    with tempfile.TemporaryDirectory(dir=home.root, prefix=".probe.") as folder:
        probe = Path(folder, "probe")
        probe.touch()
        off = probe.stat().st_mtime - time.time()
        if abs(off) > _CLOCK_SECONDS:
            yield warning(
                "clock",
                f"The file system's clock is {off:+.0f} seconds off this machine's; a file that is "
                "still being written may be taken for whole.",
                "Have both machines keep time by NTP.",
            )
        with FileLock(probe, timeout=0):
            try:
                FileLock(probe, timeout=0, is_singleton=False).acquire()
            except Timeout:
                yield ok("file system", "Locks work, so there is one night at a time.")
            else:
                yield problem(
                    "file system",
                    f"Locks do not work in {home.root}: two nights could run at once.",
                    "Put the home on a local disk, or a server whose locks work.",
                )
        try:
            Path(folder, "link").hardlink_to(probe)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EACCES):
                raise
            yield warning(
                "file system",
                f"{home.root} has no hard links: what is published takes its room twice.",
                "Nothing need be done where there is room.",
            )
