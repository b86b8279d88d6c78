"""The landing zone: which files lie there, which of them can be taken tonight.

A file that somebody is still writing is left for the next night, whole: one that changes while we
look, or that a process holds open for writing. In an object store every file is whole. What is not
a submission (hidden files, a spreadsheet program's lock files, half a download) is passed over and
named.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath

from sources.objects import ObjectPath, ObjectStoreError, Place

#: A file whose last change is this many seconds old is looked at twice.
FRESH_SECONDS = 2.0
#: How long the second look waits.
SETTLE_SECONDS = 0.6

_PASSED_OVER_PREFIXES = (".", "~$")
_PASSED_OVER_SUFFIXES = (".part", ".tmp", ".crdownload", ".partial", ".filepart")


class LandingMissing(RuntimeError):
    """There is no landing zone to look at."""


@dataclass(frozen=True)
class Found:
    """A file in the landing zone as it was when the night looked.

    Attributes:
        dataset: whose folder it lies in.
        path: below the landing zone.
        full: where it is.
        size: bytes.
        changed_ns: when it was changed (nanoseconds since 1970).
        version: in an object store, changes whenever the bytes do; empty in a folder.
    """

    dataset: str
    path: str
    full: Place
    size: int
    changed_ns: int
    version: str = ""


@dataclass(frozen=True)
class Survey:
    """What lies in the landing zone.

    Attributes:
        files: submissions, oldest change first, so that a later one is received later.
        unknown: folders and files that belong to no dataset.
        passed_over: files that are no submissions.
        being_written: submissions that were still changing.
    """

    files: tuple[Found, ...] = ()
    unknown: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    being_written: tuple[str, ...] = field(default=())


def survey(landing: Place, datasets: Collection[str]) -> Survey:
    """Lists the landing zone; an object store by one listing, without a question a file.

    Args:
        landing: its root; one folder a dataset below it.
        datasets: the names of the datasets.

    Raises:
        LandingMissing: the root is not there or is no folder.
        OSError: it cannot be read.
    """
    if isinstance(landing, ObjectPath):
        return _survey_objects(landing, datasets)
    if not landing.is_dir():
        raise LandingMissing(
            f"The landing zone {landing} does not exist. Create it (or mount it), or set "
            "WAREHOUSE_LANDING to where the submissions are."
        )
    unknown = sorted(
        child.name + ("/" if child.is_dir() else "")
        for child in landing.iterdir()
        if child.name not in datasets and not child.name.startswith(".")
    )
    found: list[Found] = []
    passed_over: list[str] = []
    for dataset in datasets:
        for full in sorted((landing / dataset).rglob("*")):
            relative = full.relative_to(landing).as_posix()
            try:
                if not full.is_file():
                    continue
                if _is_passed_over(full.relative_to(landing)):
                    passed_over.append(relative)
                    continue
                stat = full.stat()
            except FileNotFoundError:
                continue  # gone since it was listed: nothing came
            found.append(Found(dataset, relative, full, stat.st_size, stat.st_mtime_ns))
    settled, changing = _settled(found)
    return Survey(
        tuple(sorted(settled, key=lambda file: (file.changed_ns, file.path))),
        tuple(unknown),
        tuple(passed_over),
        tuple(changing),
    )


def _survey_objects(landing: ObjectPath, datasets: Collection[str]) -> Survey:
    try:
        listing = landing.listing()
    except ObjectStoreError as error:
        if error.errno == errno.ENOENT:
            raise LandingMissing(str(error)) from error
        raise
    found: list[Found] = []
    passed_over: list[str] = []
    unknown: set[str] = set()
    for listed in listing:
        folder, below, _ = listed.path.partition("/")
        if folder not in datasets or not below:
            if not folder.startswith("."):
                unknown.add(folder + below)
        elif _is_passed_over(PurePosixPath(listed.path)):
            passed_over.append(listed.path)
        else:
            found.append(
                Found(
                    folder, listed.path, landing / listed.path, listed.size, listed.changed_ns,
                    listed.version,
                )
            )  # fmt: skip
    return Survey(
        tuple(sorted(found, key=lambda file: (file.changed_ns, file.path))),
        tuple(sorted(unknown)),
        tuple(sorted(passed_over)),
    )


def _is_passed_over(path: PurePath) -> bool:
    """Whether the file, or a folder it lies in, is none of a coordinator's making."""
    hidden = any(part.startswith(_PASSED_OVER_PREFIXES) for part in path.parts)
    return hidden or path.name.lower().endswith(_PASSED_OVER_SUFFIXES)


def _settled(found: list[Found]) -> tuple[list[Found], list[str]]:
    fresh = [file for file in found if abs(time.time() - file.changed_ns / 1e9) < FRESH_SECONDS]
    if not fresh:
        return found, []
    time.sleep(SETTLE_SECONDS)
    changing = {file.path for file in fresh if has_changed(file)}
    return [file for file in found if file.path not in changing], sorted(changing)


def has_changed(file: Found) -> bool:
    """Whether the file is no longer as it was found; one that vanished has not changed."""
    if isinstance(file.full, ObjectPath):
        return False  # another version of it is another night's
    try:
        stat = file.full.stat()
    except FileNotFoundError:
        return False
    return (stat.st_size, stat.st_mtime_ns) != (file.size, file.changed_ns)


def held_open_for_writing(paths: Iterable[Place]) -> set[Place]:
    """Those of the paths that a process on this machine (that we may look at) is writing to."""
    wanted = {str(path.resolve()): path for path in paths if isinstance(path, Path)}
    if not wanted:
        return set()
    import psutil

    held: set[Place] = set()
    for process in psutil.process_iter():
        try:
            opened = process.open_files()
        except psutil.Error:
            continue  # it ended, or is another user's: the double look has to do
        held |= {
            wanted[file.path]
            for file in opened
            if file.path in wanted and getattr(file, "mode", "r") != "r"
        }
    return held
