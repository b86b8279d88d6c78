"""Which bytes lie in a landing zone in an object store, each fetched once in its life.

    listing ── version as remembered? ──▶ its SHA-256, nothing is fetched
            └─ else ──▶ fetched into a folder of this machine, hashed, remembered

A folder's files are hashed where they lie, every night. An object's bytes would cross the network
for that, so what a version of it hashed to is remembered in a file. That file is a memory of what
can be asked again: without it every object is fetched once more, and nothing else differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sources.landing import Found
from sources.objects import ObjectPath, at_hand, fetch
from sources.patience import patiently
from sources.store import private_folder, sha256_of, written_whole

#: Objects fetched before the first of them is hashed: bounds what is asked again after a failure.
_TOGETHER = 64


@dataclass
class Remembered:
    """What versions of objects hashed to.

    Attributes:
        file: where it is kept; None remembers nothing beyond this process.
    """

    file: Path | None
    _known: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Reads what is remembered."""
        if self.file is not None and self.file.exists():
            try:
                self._known = dict(json.loads(self.file.read_text(encoding="utf-8")))
            except ValueError:
                self._known = {}  # damaged: the objects are fetched and hashed again

    def sha256(self, found: Found) -> str | None:
        """The SHA-256 of a file as it lies there now; None where it is not remembered."""
        version, sha256 = self._known.get(str(found.full), ("", ""))
        return sha256 if found.version and version == found.version else None

    def note(self, found: Found, sha256: str) -> None:
        """Remembers what a file hashed to."""
        self._known[str(found.full)] = [found.version, sha256]

    def keep(self, lying: Sequence[Found]) -> None:
        """Writes down what is remembered of the files that lie there, and forgets the others."""
        lies = {str(found.full) for found in lying}
        now = {url: known for url, known in self._known.items() if url in lies}
        if self.file is None or (self.file.exists() and now == self._known == self._written()):
            return
        self._known = now
        with written_whole(self.file) as temporary:
            temporary.write_text(json.dumps(now, ensure_ascii=False), encoding="utf-8")

    def _written(self) -> dict[str, list[str]]:
        return Remembered(self.file)._known


def fetch_unknown(
    files: Sequence[Found], remembered: Remembered, folder: Path
) -> tuple[dict[str, Path], list[str]]:
    """Fetches the objects that are not remembered, and remembers what they hash to.

    Args:
        files: of the landing zone.
        remembered: is told what they hash to.
        folder: where to; made where it is not there.

    Returns:
        SHA-256 → its file in the folder, and the paths of what vanished since it was listed.

    Raises:
        sources.objects.ObjectStoreError: the store does not give one.
    """
    unknown = [file for file in files if remembered.sha256(file) is None]
    fetched: dict[str, Path] = {}
    vanished: list[str] = []
    private_folder(folder)
    for start in range(0, len(unknown), _TOGETHER):
        together = unknown[start : start + _TOGETHER]
        for file, copy in _copies(together, folder):
            if copy is None:
                vanished.append(file.path)
                continue
            sha256 = sha256_of(copy)
            remembered.note(file, sha256)
            fetched[sha256] = copy.replace(folder / sha256)
    return fetched, vanished


def _copies(files: Sequence[Found], folder: Path) -> Iterator[tuple[Found, Path | None]]:
    """Files and their copies; None of one that vanished."""
    wanted = {
        file.full: folder / f"{number}.part"
        for number, file in enumerate(files)
        if isinstance(file.full, ObjectPath)
    }
    try:
        patiently(fetch, wanted)
    except FileNotFoundError:
        for number, file in enumerate(files):
            copy = folder / f"{number}.part"
            try:
                patiently(fetch, {place: p for place, p in wanted.items() if p == copy})
            except FileNotFoundError:
                yield file, None
            else:
                yield file, copy
        return
    for number, file in enumerate(files):
        yield file, folder / f"{number}.part"


def sha256_now(found: Found, remembered: Remembered) -> str:
    """The SHA-256 of a file of a landing zone of either kind.

    Raises:
        FileNotFoundError: it vanished.
        OSError: it cannot be read.
    """
    if isinstance(found.full, Path):
        return sha256_of(found.full)
    known = remembered.sha256(found)
    if known is None:
        with at_hand(found.full) as copy:
            known = sha256_of(copy)
        remembered.note(found, known)
    return known
