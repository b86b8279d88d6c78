"""Whether a home is whole: what the ledger tells of is in the archive and in the store.

For whoever moved or restored a home and left a part of it behind. Without this a night would
publish a warehouse without those files, or load everything anew under other keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestration.settings import Home, SettingsError
from sources.closings import Snapshots
from sources.ledger import Ledger
from sources.objects import Place, there
from sources.store import Archive, Store

#: Missing files that are named one by one.
_NAMED = 3


class HomeIncomplete(SettingsError):
    """A part of the home is missing; the message says which and what to do."""


def refuse_incomplete(home: Home, ledger: Ledger) -> None:
    """Refuses a home a part of which was left behind.

    Raises:
        HomeIncomplete: the archive or the store lacks what the ledger tells of, the key is missing,
            or the ledger is new and the archive is not.
    """
    archive, known = Archive(home.archive), set(ledger.known_files())
    if not known:
        if not ledger.has_started() and archive.holds_files():
            raise HomeIncomplete(
                f"The archive {home.archive} holds files, and the ledger is new: the ledger of "
                "this home was left behind. Copy ledger.sqlite here from the back-up or the old "
                "machine, or set WAREHOUSE_LEDGER_URL as it was. To begin anew, take the folders "
                "archive and store out of the home."
            )
        return
    if home.key_secret is None and not home.key_file.exists():
        raise HomeIncomplete(
            f"{home.key_file} is missing, the key of the enterprise hash by which earlier files "
            "were loaded: with another key enterprises would no longer join. Copy it here from "
            "the back-up or the old machine, or set WAREHOUSE_KEY_SECRET as it was."
        )
    # A night does not read the archive: a file that was lost from it is no reason to wait.
    if not any(archive.readable(dataset, file_id).exists() for dataset, file_id in known):
        _refuse_missing(home.archive, sorted({file_id for _, file_id in known}), len(known))
    stored = list(_stored(home, ledger))
    found = there(stored)
    _refuse_missing(home.store, [path.name for path in stored if path not in found], len(stored))


def _stored(home: Home, ledger: Ledger) -> Iterator[Place]:
    """Every file of the store that a build reads."""
    store = Store(home.store)
    for dataset, file_id, version, accepted, quarantined in ledger.stored_files():
        if accepted:
            yield store.path(dataset, "accepted", file_id, version)
        if quarantined:
            yield store.path(dataset, "quarantined", file_id, version)
    snapshots = Snapshots(home.store)
    for snapshot in ledger.snapshots():
        yield snapshots.path(snapshot)


def _refuse_missing(folder: Place, missing: Sequence[str], of: int) -> None:
    if not missing:
        return
    named = ", ".join(missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
    raise HomeIncomplete(
        f"{folder} lacks {len(missing):,} of the {of:,} files that the ledger tells of ({named}). "
        "Was the home moved or restored without it? Copy the folder here from the back-up or the "
        "old machine (in an object store: bring back the objects, or the setting); nothing was "
        "published."
    )
