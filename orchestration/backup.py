"""A back-up of everything that a night cannot make again, while the home goes on being used.

    ledger (as of one moment) ─▶ the files in archive and store that it names ─▶ key, published
    warehouse, Dagster's instance ─▶ manifest, last

The ledger is copied first: what it names was written before its events and never changes, so a
night that runs meanwhile adds only what this back-up does not name. What the last generation has
already is not copied again.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from orchestration import settings
from orchestration.backup_folder import SCRATCH, BackupFolder, BackupProblem, Kept, Manifest
from orchestration.instance import OVERRIDE
from orchestration.settings import Home, Target
from sources import ledger_copy, log
from sources.clock import utc_now
from sources.ledger_engine import LedgerError
from sources.store import Archive, Store

LEDGER = "ledger.sqlite"
KEY_SECRET = "key_secret"  # noqa: S105 - the name of a file

#: Is told (files looked at, files in all).
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class BackedUp:
    """What a back-up did.

    Attributes:
        folder: where it is.
        generation: its name there.
        files: files in it.
        files_copied: those that the folder did not have yet.
        bytes_copied: theirs.
        missing: what should be in it and is not, a sentence each.
        notes: what the operator should know of it.
        forgotten: generations that were removed because they were older than what is kept.
    """

    folder: str
    generation: str
    files: int
    files_copied: int
    bytes_copied: int
    missing: list[str]
    notes: list[str]
    forgotten: list[str]


def back_up(home: Home, folder: Path, keep: int, tell: Tell = lambda _done, _all: None) -> BackedUp:
    """Adds a generation to a back-up folder.

    Args:
        home: of which.
        folder: where; made where there is none.
        keep: how many complete generations stay.
        tell: is told how far it is.

    Raises:
        BackupProblem: there is nothing to back up, or the folder is not fit for it.
        OSError: something cannot be read, or the folder not be written; earlier generations stay.
    """
    root = folder.resolve()
    if root.is_relative_to(home.root.resolve()) or home.root.resolve().is_relative_to(root):
        raise BackupProblem(
            f"{folder} and the home {home.root} lie in one another. Back up to another disk."
        )
    target = BackupFolder(root)
    ledger = ledger_copy.sqlite_file(home.ledger_url)
    if ledger is not None and not ledger.exists():
        raise BackupProblem(f"There is nothing to back up in {home.root}: it has no ledger yet.")
    with (
        target.written(),
        tempfile.TemporaryDirectory(prefix=SCRATCH, dir=root / "objects") as scratch,
    ):
        done = _Making(home, target, Path(scratch), tell).make(keep)
    log.info("backed up", generation=done.generation, files=done.files, missing=len(done.missing))
    return done


class _Making:
    """One generation while it is made."""

    def __init__(self, home: Home, target: BackupFolder, scratch: Path, tell: Tell) -> None:
        self.home, self.target, self.scratch, self.tell = home, target, scratch, tell
        generations = target.manifests()
        self.before: dict[str, Kept] = {}
        for manifest in generations.values():
            self.before.update(manifest.files)
        self.files: dict[str, Kept] = {}
        self.missing: list[str] = []
        self.notes: list[str] = []
        self.copied: list[int] = []

    def make(self, keep: int) -> BackedUp:
        made_at = utc_now()
        ledger = self._ledger()
        named = ledger_copy.named_files_of(
            ledger, Archive(self.home.archive), Store(self.home.store)
        )
        self._say_what_is_elsewhere()
        named = [file for file in named if isinstance(file.path, Path)]
        others = [*self._whole(), *self._compute_logs()]
        databases = self._databases()
        in_all = len(named) + len(others) + len(databases)
        for number, file in enumerate(named, start=1):
            self._immutable(file)
            self.tell(number, in_all)
        for number, path in enumerate(others, start=len(named) + 1):
            self._file(path)
            self.tell(number, in_all)
        for number, path in enumerate(databases, start=len(named) + len(others) + 1):
            self._database(path)
            self.tell(number, in_all)
        self._key()
        name = self.target.finish(
            Manifest(
                made_at=made_at.isoformat(),
                software={"version": version("cluster-warehouse"), "commit": settings.git_sha()},
                ledger_revision=ledger_copy.revision(ledger),
                settings=settings.told(),
                files=self.files,
                missing=self.missing,
            )
        )
        return BackedUp(
            folder=str(self.target.root),
            generation=name,
            files=len(self.files),
            files_copied=len(self.copied),
            bytes_copied=sum(self.copied),
            missing=self.missing,
            notes=self.notes,
            forgotten=self.target.forget(keep),
        )

    def _say_what_is_elsewhere(self) -> None:
        for setting, place in self.home.in_objects.items():
            if setting != "WAREHOUSE_LANDING":
                self.notes.append(
                    f"{setting} is {place}: what lies there is not in this back-up. Have the "
                    "object store keep it (versions, a second region; docs/operations.md)."
                )
        if self.home.target is Target.ducklake:
            self.notes.append(
                "The lakehouse is not in this back-up: after a restore the next night publishes "
                "in it again. To keep its earlier nights, back up the catalog by pg_dump and "
                f"{self.home.lake_data} with it (docs/operations.md)."
            )

    def _ledger(self) -> Path:
        copy = self.scratch / LEDGER
        try:
            ledger_copy.copied(self.home.ledger_url, copy)
            with closing(sqlite3.connect(copy)) as db:
                (said,) = db.execute("pragma quick_check(1)").fetchone()
        except (sqlite3.Error, SQLAlchemyError, LedgerError) as error:
            raise BackupProblem(
                f"The ledger cannot be read ({getattr(error, 'orig', None) or error}). Nothing "
                "was backed up; earlier back-ups stay as they were. `warehouse doctor` says more."
            ) from error
        if said != "ok":
            self.missing.append(f"The ledger is damaged: {said}.")
        self._put(LEDGER, copy)
        return copy

    def _immutable(self, file: ledger_copy.Named) -> None:
        """A file that the ledger names, from the home or, where it is gone, from before."""
        path = Path(str(file.path))
        relative = self._relative(path)
        try:
            changed_ns = path.stat().st_mtime_ns
            if self._reused(relative, path.stat().st_size, changed_ns):
                return
            kept = self._kept(path)
        except FileNotFoundError:
            what = "is missing from the home"
        else:
            if file.sha256 in (None, kept.sha256):
                self.files[relative] = kept
                return
            what = "is damaged in the home: its bytes are not those of its name"
        self._from_before(relative, what)

    def _from_before(self, relative: str, what: str) -> None:
        """Takes over what an earlier generation has of a file, or says that it is missing."""
        earlier = self.before.get(relative)
        if earlier and self.target.has(earlier.sha256, earlier.size):
            self.files[relative] = earlier
            self.notes.append(f"{relative} {what}; this back-up has it from an earlier one.")
        else:
            self.missing.append(f"{relative} {what}.")

    def _file(self, path: Path) -> None:
        """A file that may go while we look: what is published was replaced, a run was removed."""
        relative = self._relative(path)
        try:
            found = path.stat()
            if not self._reused(relative, found.st_size, found.st_mtime_ns):
                self._put(relative, path)
        except FileNotFoundError:
            return

    def _database(self, path: Path) -> None:
        """A database of Dagster's, as of one moment."""
        relative = self._relative(path)
        try:
            found, log = path.stat(), path.with_name(f"{path.name}-wal")
            settled = not (log.exists() and log.stat().st_size)
            if settled and self._reused(relative, found.st_size, found.st_mtime_ns):
                return
            copy = self.scratch / "copy.db"
            ledger_copy.sqlite_copied(path, copy)
        except FileNotFoundError:
            return
        except sqlite3.Error as error:
            if path.exists():
                self.missing.append(f"{relative} cannot be read: {error}.")
            return
        self._put(relative, copy, found.st_mtime_ns if settled else 0)
        copy.unlink()

    def _key(self) -> None:
        """The key of the hash, wherever it is set: without it no new file would fit the others."""
        key = self.home.known_secret()
        if key is None:
            self._from_before(KEY_SECRET, "is missing from the home")
            return
        copy = self.scratch / KEY_SECRET
        copy.touch(mode=0o600)
        copy.write_bytes(key)
        self._put(KEY_SECRET, copy)

    def _reused(self, relative: str, size: int, changed_ns: int) -> bool:
        """Whether an earlier generation has the file as it is; then this one has it too."""
        earlier = self.before.get(relative)
        if (
            earlier is None
            or (earlier.size, earlier.changed_ns) != (size, changed_ns)
            or not self.target.has(earlier.sha256, earlier.size)
        ):
            return False
        self.files[relative] = earlier
        return True

    def _put(self, relative: str, path: Path, changed_ns: int | None = None) -> None:
        kept = self._kept(path)
        if changed_ns is not None:
            kept = Kept(kept.sha256, kept.size, changed_ns)
        self.files[relative] = kept

    def _kept(self, path: Path) -> Kept:
        kept, is_new = self.target.keep(path)
        if is_new:
            self.copied.append(kept.size)
        return kept

    def _whole(self) -> Iterable[Path]:
        override = self.home.dagster / OVERRIDE
        return [path for path in (self.home.warehouse, override) if path.exists()]

    def _databases(self) -> list[Path]:
        if self.home.dagster_url is not None:
            self.notes.append(
                "Dagster's runs and events are in PostgreSQL and not in this back-up; back that "
                "database up by pg_dump where their history matters."
            )
            return []
        return sorted(self.home.dagster.rglob("*.db"))

    def _compute_logs(self) -> list[Path]:
        return sorted(p for p in (self.home.dagster / "storage").rglob("*") if p.is_file())

    def _relative(self, path: Path) -> str:
        """Its name in a back-up: archive and store are called so wherever they lie."""
        for part, place in (("archive", self.home.archive), ("store", self.home.store)):
            if isinstance(place, Path) and path.is_relative_to(place):
                return f"{part}/{path.relative_to(place).as_posix()}"
        return path.relative_to(self.home.root).as_posix()


def as_dict(done: BackedUp) -> dict[str, object]:
    """What a back-up did, as JSON has it."""
    return {"complete": not done.missing, **asdict(done)}
