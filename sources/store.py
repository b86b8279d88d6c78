"""Where what arrived is kept: the bytes (archive) and the typed rows (store), in files.

Both are written under a temporary name and renamed, so that a file that is there is whole; in an
object store (`sources.objects`) a file appears whole by itself. Both hold personal data and are
readable by their owner alone. A file in the store counts only once the ledger says so
(`sources.ledger`).
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import duckdb

from sources.objects import ObjectPath, Place, at_hand, scratch_of

BLOCK_BYTES = 4 * 1024 * 1024
VERDICTS = ("accepted", "quarantined")

#: What a file system says that has no links, or lies apart from the other name.
NO_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_all(paths: Iterable[Path], before: str = "") -> str:
    """The SHA-256 of a text and of the bytes of files, one after another, in hex."""
    digest = hashlib.sha256(before.encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def private_folder(path: Path) -> Path:
    """Makes a folder that only its owner can enter; returns it."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


@contextmanager
def written_whole(path: Place) -> Iterator[Path]:
    """Gives a temporary name of this machine; puts it in place as `path` when the block ends well.

    Raises:
        sources.objects.ObjectStoreError: the object store does not take it.
    """
    if isinstance(path, ObjectPath):
        with scratch_of(path) as folder:
            yield folder / path.name
            path.put(folder / path.name)
        return
    private_folder(path.parent)
    # Machines that share the folder may have processes of the same number.
    temporary = path.with_name(f".{path.name}.{socket.gethostname()}~{os.getpid()}.part")
    try:
        yield temporary
        temporary.chmod(0o600)
        make_durable(temporary)
        temporary.replace(path)
        make_durable(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def make_durable(path: Path) -> None:
    """Has the disk keep a file's bytes, or a folder's names, even when the power fails now."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def second_name(file: Path, name: Path) -> None:
    """Has a file under a second name, whole; as a copy where its file system has no links."""
    name.unlink(missing_ok=True)
    try:
        name.hardlink_to(file)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        shutil.copyfile(file, name)
        name.chmod(0o644)


def erase(path: Place) -> None:
    """Removes a file for good, where there is one; with it what an object store kept before it."""
    if isinstance(path, ObjectPath):
        path.erase()
    else:
        path.unlink(missing_ok=True)


class FileChanged(Exception):
    """The file's bytes changed while they were taken in."""


@dataclass(frozen=True)
class Archive:
    """The bytes of every file that ever came, by their SHA-256."""

    root: Place

    #: How the redacted form of a file is called (`sources.redacted`).
    REDACTED: ClassVar[str] = ".redacted"

    def path(self, file_id: str) -> Place:
        """Where the bytes of that SHA-256 are, as they came."""
        return self.root / file_id[:2] / file_id

    def redacted(self, dataset: str, file_id: str) -> Place:
        """Where what is left of a file is, once a person was taken out of it."""
        return self.root / file_id[:2] / f"{file_id}.{dataset}{self.REDACTED}"

    def is_redacted(self, file_id: str) -> bool:
        """Whether a person was taken out of that file, for whichever dataset it was sent."""
        beside = self.path(file_id).parent
        if isinstance(beside, ObjectPath):
            names = [listed.path for listed in beside.listing()]
            return any(n.startswith(f"{file_id}.") and n.endswith(self.REDACTED) for n in names)
        return any(beside.glob(f"{file_id}.*{self.REDACTED}"))

    def readable(self, dataset: str, file_id: str) -> Place:
        """Where a file of a dataset is read: as it was left, or as it came."""
        left = self.redacted(dataset, file_id)
        return left if left.exists() else self.path(file_id)

    def holds_files(self) -> bool:
        """Whether bytes of any file are in it."""
        if isinstance(self.root, ObjectPath):
            return any(listed.path[2:3] == "/" for listed in self.root.listing())
        return any(self.root.glob("??/*"))

    def keep(self, source: Place, file_id: str) -> Place:
        """Copies a file's bytes into the archive, once.

        In an object store the same bytes under the same name are written again: it costs no more
        than to ask whether they are there.

        Raises:
            FileChanged: its bytes are no longer those of `file_id`.
        """
        target = self.path(file_id)
        if isinstance(target, Path) and target.exists():
            return target
        with at_hand(source) as here, written_whole(target) as temporary:
            shutil.copyfile(here, temporary)
            if sha256_of(temporary) != file_id:
                raise FileChanged(source)
        return target


@dataclass(frozen=True)
class Store:
    """The typed rows of every file that was read: one Parquet a file, contract version, verdict."""

    root: Place

    def path(self, dataset: str, verdict: str, file_id: str, contract_version: str) -> Place:
        """Where the rows of that file, judged by that contract version, are."""
        return self.root / dataset / verdict / f"{file_id}.{contract_version}.parquet"

    def write(self, db: duckdb.DuckDBPyConnection, query: str, path: Place) -> None:
        """Writes the rows of a query to a Parquet file, whole or not at all."""
        with written_whole(path) as temporary:
            db.execute(f"copy ({query}) to '{temporary}' (format parquet, compression zstd)")

    def empty(self, dataset: str, verdict: str, contract_version: str) -> Place:
        """A file without rows that gives a dataset's relation its columns before any file came."""
        return self.path(dataset, verdict, "empty", contract_version)
