"""The landing zone: which files lie there, which of them can be taken tonight.

A file that somebody is still writing is left for the next night, whole: one that changes while we
look, or that a process holds open for writing. In an object store every file is whole. What is not
a submission (hidden files, a spreadsheet program's lock files, what Windows puts into its folders,
half a download) is passed over and named.
"""

from __future__ import annotations

import errno
import os
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
#: What Windows puts into a folder that somebody looks at.
_PASSED_OVER_NAMES = ("thumbs.db", "desktop.ini")
_PASSED_OVER_SUFFIXES = (".part", ".tmp", ".crdownload", ".partial", ".filepart")


class LandingMissing(RuntimeError):
    """There is no landing zone to look at."""


@dataclass(frozen=True)
class Found:
    """A file in the landing zone as it was when the night looked.

    Attributes:
        dataset: whose folder it lies in.
        path: below the landing zone, as a person reads it (`readable`).
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
        unreadable: files and folders that this user may not look into.
    """

    files: tuple[Found, ...] = ()
    unknown: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    being_written: tuple[str, ...] = field(default=())
    unreadable: tuple[str, ...] = field(default=())


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
        readable(child.name) + ("/" if child.is_dir() else "")
        for child in landing.iterdir()
        if child.name not in datasets and not child.name.startswith(".")
    )
    found: list[Found] = []
    passed_over: list[str] = []
    taken: set[str] = set()
    unreadable: list[str] = []
    for dataset in datasets:
        for full in _files_below(landing, dataset, unreadable):
            relative = _named(full.relative_to(landing).as_posix(), taken)
            try:
                if not full.is_file():
                    continue
                if _is_passed_over(full.relative_to(landing)):
                    passed_over.append(relative)
                    continue
                stat = full.stat()
            except FileNotFoundError:
                continue  # gone since it was listed: nothing came
            except PermissionError:
                unreadable.append(relative)
                continue
            found.append(Found(dataset, relative, full, stat.st_size, stat.st_mtime_ns))
    settled, changing = _settled(found)
    return Survey(
        tuple(sorted(settled, key=lambda file: (file.changed_ns, file.path))),
        tuple(unknown),
        tuple(passed_over),
        tuple(changing),
        tuple(unreadable),
    )


def _files_below(landing: Path, dataset: str, closed: list[str]) -> list[Path]:
    """What lies in a dataset's folder, in the order of its names; no link to a folder is followed.

    Args:
        landing: the landing zone.
        dataset: the folder.
        closed: is added the folders that this user may not look into.
    """

    def tell(error: OSError) -> None:
        if isinstance(error, PermissionError):
            closed.append(readable(Path(error.filename).relative_to(landing).as_posix()) + "/")
        elif not isinstance(error, FileNotFoundError):
            raise error

    return sorted(
        Path(folder, name)
        for folder, _, names in os.walk(landing / dataset, onerror=tell)
        for name in names
    )


def readable(path: str) -> str:
    """A path in a folder as text that can be written down, whatever bytes its names are made of.

    Linux keeps names as bytes. One that an old Windows program, ZIP file or share wrote in Thai is
    CP874 and no UTF-8: Python holds such bytes as half characters that no file, database or
    terminal takes. It is read as Thai Windows text, or where it is none of that either, escaped.
    Each name of a path is read by itself: a folder may be named in one way, its files in another.
    """
    return "/".join(_read_name(part, "utf-8", "cp874") for part in path.split("/"))


def placed(landing: Place, path: str) -> Place:
    """Where the file lies that a survey calls by this path, whether it is still there or not.

    Raises:
        OSError: a folder cannot be listed.
    """
    if isinstance(landing, ObjectPath):
        return landing / path
    place = Path(str(landing))
    for name in path.split("/"):
        named = place / name
        if not os.path.lexists(named) and place.is_dir():
            alike = (
                each
                for each in place.iterdir()
                if name in (readable(each.name), _escaped(each.name))
            )
            named = next(alike, named)
        place = named
    return place


def _named(path: str, taken: set[str]) -> str:
    """What a path is called: a name that reads like another that is there is escaped."""
    name = readable(path)
    if name in taken:
        name = _escaped(path)
    taken.add(name)
    return name


def _escaped(path: str) -> str:
    return "/".join(_read_name(part, "utf-8") for part in path.split("/"))


def _read_name(name: str, *encodings: str) -> str:
    for encoding in encodings:
        try:
            return os.fsencode(name).decode(encoding)
        except UnicodeDecodeError:
            continue
    return os.fsencode(name).decode("utf-8", "backslashreplace")


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
    name = path.name.lower()
    return hidden or name in _PASSED_OVER_NAMES or name.endswith(_PASSED_OVER_SUFFIXES)


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
