"""What a back-up is on disk: objects named by their content, and a manifest a generation.

    objects/ab/abcd…            bytes, by their SHA-256; written once, never changed
    generations/20150120T183000Z.json   which object is which file of the home at that time

A file that two generations share is one object. A generation exists once its manifest does, which
is written last and renamed: a back-up that is cut short leaves the earlier ones as they were.
Everything here is open to its owner alone.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from orchestration.settings import SettingsError
from sources.store import private_folder, sha256_of, written_whole

#: Of manifests; a later software reads earlier ones, never the other way round.
FORMAT = 1
#: How the folder begins in which a back-up is prepared.
SCRATCH = ".scratch."
_OURS = {"objects", "generations", ".lock", "lost+found"}


class BackupProblem(SettingsError):
    """A back-up cannot be made, read or restored; the message says what to do."""


@dataclass(frozen=True)
class Kept:
    """A file of the home in a generation.

    Attributes:
        sha256: of its bytes; its object's name.
        size: in bytes.
        changed_ns: when the file in the home was last changed, to tell whether it still is that.
    """

    sha256: str
    size: int
    changed_ns: int


@dataclass(frozen=True)
class Manifest:
    """A generation.

    Attributes:
        made_at: when the ledger was copied (UTC).
        software: version and commit of the software that made it.
        ledger_revision: the version of the ledger's tables.
        settings: what was set, without what is secret.
        files: path in the home → what is kept of it.
        missing: what should be there and is not, a sentence each; a generation with any is not
            complete.
        format: of this manifest.
    """

    made_at: str
    software: dict[str, str]
    ledger_revision: str
    settings: dict[str, str]
    files: dict[str, Kept]
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def complete(self) -> bool:
        """Whether everything that the ledger names is in it."""
        return not self.missing


@dataclass(frozen=True)
class BackupFolder:
    """A folder of back-ups."""

    root: Path

    @property
    def _generations(self) -> Path:
        return self.root / "generations"

    def object_path(self, sha256: str) -> Path:
        """Where the bytes of that SHA-256 are."""
        return self.root / "objects" / sha256[:2] / sha256

    @contextmanager
    def written(self) -> Iterator[None]:
        """Makes the folder where there is none, and holds its lock while the block runs.

        Raises:
            BackupProblem: it holds something else, or another back-up is being written to it.
        """
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        others = sorted({path.name for path in self.root.iterdir()} - _OURS)
        if others and not self._generations.is_dir():
            raise BackupProblem(
                f"{self.root} holds {others[0]} and is no back-up. Name an empty or a new folder."
            )
        lock = FileLock(self.root / ".lock", timeout=0, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise BackupProblem(
                f"Another back-up is being written to {self.root}. Wait until it ends."
            ) from error
        try:
            private_folder(self.root / "objects")
            private_folder(self._generations)
            # Of a back-up that was cut short; its scratch holds the key and a copy of the ledger.
            for left in self.root.rglob("*.part"):
                left.unlink()
            for left in (self.root / "objects").glob(f"{SCRATCH}*"):
                shutil.rmtree(left)
            yield
        finally:
            lock.release()

    def keep(self, source: Path) -> tuple[Kept, bool]:
        """Copies a file's bytes to an object; one that is there already is not written again.

        The object is what was read, also where the file changes meanwhile.

        Returns:
            What is kept, and whether the folder did not have it yet.

        Raises:
            OSError: the file cannot be read, or the folder not be written.
        """
        changed_ns = source.stat().st_mtime_ns
        temporary = self.root / "objects" / f".{os.getpid()}.part"
        try:
            shutil.copyfile(source, temporary)
            sha256, size = sha256_of(temporary), temporary.stat().st_size
            is_new = not self.has(sha256, size)
            if is_new:
                temporary.chmod(0o600)
                with temporary.open("rb") as file:
                    os.fsync(file.fileno())
                target = self.object_path(sha256)
                private_folder(target.parent)
                temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        return Kept(sha256, size, changed_ns), is_new

    def has(self, sha256: str, size: int) -> bool:
        """Whether an object of that name and size is there; its content is not looked at."""
        try:
            return self.object_path(sha256).stat().st_size == size
        except FileNotFoundError:
            return False

    def names(self) -> list[str]:
        """The generations, the oldest first."""
        return sorted(path.stem for path in self._generations.glob("*.json"))

    def manifest(self, name: str) -> Manifest:
        """A generation's manifest.

        Raises:
            BackupProblem: there is none of that name, it cannot be read, or it is of a newer
                software.
        """
        path = self._generations / f"{name}.json"
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            if said["format"] > FORMAT:
                raise BackupProblem(
                    f"The back-up {path} was made by a newer software "
                    f"({said['software']['version']}). Install that one and restore with it."
                )
            files = {name: Kept(*kept) for name, kept in said.pop("files").items()}
            return Manifest(**said, files=files)
        except FileNotFoundError as error:
            there = ", ".join(self.names()) or "none"
            raise BackupProblem(
                f"There is no back-up {name!r} in {self.root}; there are: {there}."
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise BackupProblem(
                f"The back-up's manifest {path} is damaged ({error}). Restore another generation."
            ) from error

    def manifests(self) -> dict[str, Manifest]:
        """Every generation that can be read, the oldest first."""
        readable = {}
        for name in self.names():
            try:
                readable[name] = self.manifest(name)
            except BackupProblem:
                continue  # `verify` tells of it; what it named is not given up before it is gone
        return readable

    def finish(self, manifest: Manifest) -> str:
        """Writes a generation's manifest, which makes it exist; returns its name."""
        made_at = dt.datetime.fromisoformat(manifest.made_at)
        name = f"{made_at:%Y%m%dT%H%M%S}Z"
        said = asdict(manifest)
        said["files"] = {
            path: [kept.sha256, kept.size, kept.changed_ns] for path, kept in manifest.files.items()
        }
        with written_whole(self._generations / f"{name}.json") as temporary:
            temporary.write_text(json.dumps(said, ensure_ascii=False, indent=0), encoding="utf-8")
        return name

    def forget(self, keep: int) -> list[str]:
        """Removes generations older than the last `keep` complete ones; returns their names.

        Of incomplete ones after the last complete one as many are kept.
        Objects that no generation names any more go with them, unless a manifest cannot be read:
        then nobody knows what it named.
        """
        readable = self.manifests()
        complete = [name for name, manifest in readable.items() if manifest.complete]
        first = complete[-keep] if len(complete) > keep else ""
        broken = [name for name in readable if name > max(complete, default="")]
        forgotten = [name for name in readable if name < first] + broken[:-keep]
        for name in forgotten:
            (self._generations / f"{name}.json").unlink()
        remaining = {name: m for name, m in readable.items() if name not in forgotten}
        if set(self.names()) == set(remaining):
            named = {kept.sha256 for m in remaining.values() for kept in m.files.values()}
            for path in (self.root / "objects").glob("??/*"):
                if path.name not in named:
                    path.unlink()
        return forgotten

    def damaged(self) -> dict[str, list[str]]:
        """Reads every object of every generation; what is wrong → the files it is wrong for.

        A damaged object is put aside (renamed), so that the next back-up writes it anew.
        """
        wrong: dict[str, list[str]] = {}
        looked_at: dict[str, str | None] = {}
        for name in self.names():
            try:
                manifest = self.manifest(name)
            except BackupProblem as problem:
                wrong.setdefault(str(problem), []).append(name)
                continue
            for path, kept in manifest.files.items():
                if kept.sha256 not in looked_at:
                    looked_at[kept.sha256] = self._look_at(kept)
                if (what := looked_at[kept.sha256]) is not None:
                    wrong.setdefault(what, []).append(f"{name}: {path}")
        return wrong

    def _look_at(self, kept: Kept) -> str | None:
        path = self.object_path(kept.sha256)
        if not path.is_file():
            return f"The object {path} is missing."
        if sha256_of(path) == kept.sha256:
            return None
        path.replace(path.with_suffix(".damaged"))
        return f"The object {path} was damaged and is put aside."

    def take_out(self, kept: Kept, to: Path) -> str | None:
        """Copies an object to a file, whole; returns what is wrong with it instead, if anything."""
        source = self.object_path(kept.sha256)
        if not source.is_file():
            return f"the object {source} is missing"
        with written_whole(to) as temporary:
            shutil.copyfile(source, temporary)
            found = sha256_of(temporary)
        if found != kept.sha256:
            to.unlink()
            return f"the object {source} is damaged"
        return None


def inside(path: str) -> PurePosixPath:
    """A manifest's path, which may not lead out of the home.

    Raises:
        BackupProblem: it does.
    """
    relative = PurePosixPath(path)
    if relative.is_absolute() or ".." in relative.parts:
        raise BackupProblem(f"The back-up names {path!r}, which is not in the home.")
    return relative
