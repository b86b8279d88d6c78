"""What lies in the landing zone that no night has seen yet, told without reading it all again.

    landing zone ── size and time as before? ──▶ known already
                 └─ else ──▶ SHA-256 ──▶ the ledger's of that path? ──▶ seen, or waiting

For a process that looks again and again for years: what it has hashed it remembers for as long as
the file lies there unchanged, and a look that would take too long goes on at the next one.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sources.landed import Remembered, sha256_now
from sources.landing import Found, held_open_for_writing, survey
from sources.objects import Place

#: A file whose last change is younger is left for the next look: a slow upload pauses (seconds).
AT_REST_SECONDS = 60.0
#: How long one look may hash (seconds); Dagster ends a sensor that takes a minute.
LOOK_SECONDS = 20.0


@dataclass(frozen=True)
class Arrivals:
    """What one look found.

    Attributes:
        waiting: path → SHA-256 of the files no night has seen, at rest.
        being_written: files that change or have just changed.
        unreadable: path → why it cannot be read.
        not_looked_at: how many files this look had no time for.
    """

    waiting: Mapping[str, str] = field(default_factory=dict)
    being_written: tuple[str, ...] = ()
    unreadable: Mapping[str, str] = field(default_factory=dict)
    not_looked_at: int = 0

    @property
    def state(self) -> str:
        """A hash of what waits: the same files with the same bytes have the same."""
        listed = "\n".join(f"{file_id} {path}" for path, file_id in sorted(self.waiting.items()))
        return hashlib.sha256(listed.encode()).hexdigest()


class LandingWatch:
    """Looks at a landing zone and remembers what it hashed."""

    def __init__(self) -> None:
        """Begins without a memory."""
        self._hashed: dict[str, tuple[Found, str]] = {}

    def look(
        self,
        landing: Place,
        datasets: Collection[str],
        seen: Mapping[tuple[str, str], str],
        seconds: float = LOOK_SECONDS,
        remembered: Remembered | None = None,
    ) -> Arrivals:
        """Tells what no night has seen.

        Args:
            landing: the landing zone.
            datasets: the names of the datasets.
            seen: (dataset, path) → SHA-256 of the bytes that were last taken in there.
            seconds: how long this look may hash.
            remembered: what objects hashed to when a night took them in.

        Raises:
            sources.landing.LandingMissing: there is no landing zone.
            OSError: it cannot be listed.
        """
        lying = survey(landing, datasets)
        known = remembered or Remembered(None)
        before_this = self._hashed
        self._hashed = {}
        deadline = time.monotonic() + seconds
        waiting: dict[str, Found] = {}
        being_written = list(lying.being_written)
        unreadable: dict[str, str] = {}
        not_looked_at = 0
        for file in lying.files:
            before = before_this.get(file.path)
            if before is not None and before[0] == file:
                file_id = before[1]
            elif isinstance(file.full, Path) and _has_just_changed(file):
                being_written.append(file.path)
                continue
            elif time.monotonic() >= deadline:
                not_looked_at += 1
                continue
            else:
                try:
                    file_id = sha256_now(file, known)
                except FileNotFoundError:
                    continue  # gone since it was listed: nothing came
                except OSError as error:
                    unreadable[file.path] = error.strerror or str(error)
                    continue
            self._hashed[file.path] = (file, file_id)
            if seen.get((file.dataset, file.path)) != file_id:
                waiting[file.path] = file
        held = held_open_for_writing(file.full for file in waiting.values()) if waiting else set()
        being_written += [path for path, file in waiting.items() if file.full in held]
        return Arrivals(
            {
                path: self._hashed[path][1]
                for path, file in waiting.items()
                if file.full not in held
            },
            tuple(being_written),
            unreadable,
            not_looked_at,
        )


def _has_just_changed(file: Found) -> bool:
    return 0 <= time.time() - file.changed_ns / 1e9 < AT_REST_SECONDS
