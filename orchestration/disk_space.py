"""Whether a night will fit: asked before its first heavy byte is written.

A night that fills the disk leaves last night's warehouse in place and so harms nobody, but it also
leaves no room for the ledger to say why. So what it will need is estimated from what it is given
and from what the last one left, by file system, and a night that would not fit is not begun.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import Home
from sources.objects import ObjectPath

MEGABYTE = 1024**2
#: The build of a home without any file: some 70 tables in DuckDB's blocks of 256 kB, and dbt's
#: artefacts. Measured: 30 MB.
_EMPTY_BUILD = 48 * MEGABYTE
#: A build and the rows it is made of grow; a night with more than the last one has room for it.
_GROWTH = 1.25
#: Bytes in the store for a byte that came. Measured over 25 MB of text: 0.3; a workbook is packed.
_STORED_A_BYTE = 1
#: Bytes in the build (scratch database and warehouse) for a byte that came. Measured likewise: 1.6.
_BUILT_A_BYTE = 4


class NotEnoughRoom(RuntimeError):
    """A night would not fit on a disk; the message says which, by how much and what to do."""


@dataclass(frozen=True)
class Disk:
    """A file system that a night writes to.

    Attributes:
        folder: the home, where it is the home's; else the first of the home's folders on it.
        free: bytes that this user may write to it.
        needed: bytes that a night will write to it at its peak.
    """

    folder: Path
    free: int
    needed: int


def size_of(path: Path) -> int:
    """Bytes that a file, or all files in a folder, take on the disk; 0 where there is none.

    A file with two names counts once; what vanishes meanwhile, or is another user's and closed to
    this one, counts nothing.
    """
    seen: dict[tuple[int, int], int] = {}
    folders = [path]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(folder)) if folder.is_dir() else []
            if not entries and folder.is_file():
                return folder.stat().st_blocks * 512
        except (FileNotFoundError, PermissionError):
            continue
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                    continue
                found = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            seen[found.st_dev, found.st_ino] = found.st_blocks * 512
    return sum(seen.values())


def needs(home: Home, new_bytes: int) -> dict[Path, int]:
    """Folder → bytes that tonight will write there at its peak.

    What the last build left is given back before the next begins, so it is not counted.

    Args:
        home: whose night.
        new_bytes: size of the files that are new tonight.
    """
    left = size_of(home.night)
    published = home.warehouse.stat().st_size if home.warehouse.exists() else 0
    made_of_it = max(size_of(home.warehouse.resolve().parent) - published, 0) if published else 0
    build = int(max(left + published, _EMPTY_BUILD) * _GROWTH) + _BUILT_A_BYTE * new_bytes
    fetched = new_bytes if isinstance(home.landing, ObjectPath) else 0
    return {
        **({home.archive: new_bytes} if isinstance(home.archive, Path) else {}),
        # Of a store elsewhere what the build reads is kept here.
        home.store if isinstance(home.store, Path) else home.fetched: _STORED_A_BYTE * new_bytes,
        home.build: max(build - left, 0) + fetched,
        # The build becomes the published version by a link where both lie on one disk; the report
        # and the exports are written beside it.
        home.published: int(made_of_it * _GROWTH)
        + (0 if _same_disk(home.build, home.published) else published),
    }


def disks(home: Home, new_bytes: int) -> list[Disk]:
    """The file systems that tonight writes to, with what it needs on each."""
    found: dict[int, Disk] = {}
    of_home = _existing(home.root).stat().st_dev
    for folder, needed in needs(home, new_bytes).items():
        there = _existing(folder)
        device = there.stat().st_dev
        before = found.get(device)
        found[device] = Disk(
            home.root if device == of_home else before.folder if before else folder,
            shutil.disk_usage(there).free,
            needed + (before.needed if before else 0),
        )
    return list(found.values())


def shortage(home: Home, new_bytes: int = 0) -> str | None:
    """Why tonight would not fit, and what to do; None where it does."""
    for disk in disks(home, new_bytes):
        missing = disk.needed + home.min_free_mb * MEGABYTE - disk.free
        if home.min_free_mb and missing > 0:
            return (
                f"The night was not begun: it needs about {_mb(disk.needed)} MB on the disk of "
                f"{disk.folder} and is to leave {home.min_free_mb:,} MB there "
                f"(WAREHOUSE_MIN_FREE_MB), {_mb(disk.free)} MB are free: "
                f"{_mb(missing)} MB are missing. Most room in {home.root} is taken by "
                f"{_largest(home)}. Make room: `warehouse housekeeping` removes what is old, "
                "a smaller WAREHOUSE_KEEP_VERSIONS or WAREHOUSE_KEEP_RUNS_DAYS more of it; or give "
                "the home a larger disk. Then run the night again."
            )
    return None


def assure(home: Home, new_bytes: int) -> None:
    """Raises where tonight would not fit.

    Args:
        home: whose night.
        new_bytes: size of the files that are new tonight.

    Raises:
        NotEnoughRoom: it would not.
    """
    if (why := shortage(home, new_bytes)) is not None:
        raise NotEnoughRoom(why)


def room_taken(home: Home) -> dict[str, int]:
    """What lies in the home → bytes, the largest first."""
    taken = {path.name: size_of(path) for path in home.root.iterdir() if not path.is_symlink()}
    return dict(sorted(taken.items(), key=lambda entry: -entry[1]))


def _largest(home: Home, count: int = 3) -> str:
    taken: Mapping[str, int] = room_taken(home)
    return ", ".join(f"{name} ({_mb(size)} MB)" for name, size in list(taken.items())[:count])


def _mb(size: int) -> str:
    return f"{-(-size // MEGABYTE):,}"


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that exists."""
    return path if path.exists() else _existing(path.parent)


def _same_disk(one: Path, other: Path) -> bool:
    return _existing(one).stat().st_dev == _existing(other).stat().st_dev
