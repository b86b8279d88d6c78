"""Taking a file's rows out of the next night's warehouse, on purpose, and putting them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from orchestration.ledger import ledger_to_write
from orchestration.lock import one_writer
from orchestration.settings import Home, SettingsError
from sources.clock import utc_now
from sources.landing import readable
from sources.ledger import LoadedFile
from sources.objects import ObjectPath

#: Fewer hexadecimal digits than this could name a file by chance.
SHORTEST_ID = 8


@dataclass(frozen=True)
class Withdrawn:
    """A file version that a withdrawal or its undoing touched."""

    dataset: str
    path: str
    file_id: str
    event_kind: str


def withdraw(home: Home, named: str, *, undo: bool = False) -> list[Withdrawn]:
    """Records that a file's rows no longer count, or count again.

    A path takes out every version that was ever loaded at it, so that no earlier one comes back in
    its place; an id (or its first digits) takes out that version alone.

    Args:
        home: prepared.
        named: a path relative to the landing zone or to the current folder, or a file id.
        undo: puts back what was withdrawn.

    Raises:
        SettingsError: no loaded file is named so, or there is nothing to undo.
        orchestration.lock.NightIsRunning: a night holds the lock.
    """
    with one_writer(home, f"withdrawal of {named}"), ledger_to_write(home) as ledger:
        loaded = _named(ledger.loaded_files(), named, home)
        if not loaded:
            raise SettingsError(
                f"No loaded file is named {named!r}. Give its path below the landing zone or its "
                'id; `warehouse query "select path, file_id from audit.load_file"` lists them.'
            )
        chosen = [file for file in loaded if file.is_withdrawn == undo]
        if not chosen:
            state = "is not withdrawn" if undo else "is withdrawn already"
            raise SettingsError(f"{named} {state}; nothing was changed.")
        kind = "reinstated" if undo else "withdrawn"
        for file in chosen:
            ledger.record_file(
                {
                    "event_kind": kind,
                    "dataset": file.dataset,
                    "path": file.path,
                    "file_id": file.file_id,
                    "contract_version": file.contract_version,
                    "occurred_at": utc_now(),
                    "run_id": "",
                    "rows_read": 0,
                    "rows_accepted": 0,
                    "rows_quarantined": 0,
                    "control_total": "0.00",
                    "details": {},
                }
            )
        return [Withdrawn(f.dataset, f.path, f.file_id, kind) for f in chosen]


def _named(files: Sequence[LoadedFile], named: str, home: Home) -> list[LoadedFile]:
    for relative in _relative(named, home):
        at_path = [file for file in files if file.path == relative]
        if at_path:
            return at_path
    digits = named.lower()
    if len(digits) < SHORTEST_ID or set(digits) - set("0123456789abcdef"):
        return []
    by_id = [file for file in files if file.file_id.startswith(digits)]
    if len({file.file_id for file in by_id}) > 1:
        raise SettingsError(f"Several files have ids that begin with {named}; give more digits.")
    return by_id


def _relative(named: str, home: Home) -> list[str]:
    """What a path may mean below the landing zone: as it is said, and as the shell completes it."""
    if isinstance(home.landing, ObjectPath):
        return [named.removeprefix(f"{home.landing}/")]
    meant = [readable(PurePosixPath(named).as_posix())]
    # The folder may be reached through a link on either side.
    for completed in (Path.cwd() / named, (Path.cwd() / named).resolve()):
        for landing in (home.landing, home.landing.resolve()):
            if completed.is_relative_to(landing):
                meant.append(readable(completed.relative_to(landing).as_posix()))
    return meant
