"""A home made again from a back-up: staged beside its place, checked, and only then moved in.

    objects ─▶ <home>/.restoring/… (every hash checked) ─▶ renamed to their places, the ledger last

Until the ledger is in its place nothing has happened: whatever fails before leaves an empty home.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from orchestration import settings
from orchestration.backup import KEY_SECRET, LEDGER, Tell
from orchestration.backup_folder import BackupFolder, BackupProblem, Manifest, inside
from orchestration.instance import OVERRIDE
from orchestration.lock import one_writer
from orchestration.settings import Home
from sources import ledger_copy, log
from sources.ledger import Ledger
from sources.ledger_engine import LedgerError
from sources.store import private_folder, written_whole

_STAGED = ".restoring"
#: What may lie in a home that counts as empty.
_OF_NO_ACCOUNT = {_STAGED, "night.lock", "night.holder.json", "lost+found"}
#: Damaged or missing files that are named before the rest is only counted.
_NAMED = 10


@dataclass(frozen=True)
class Restored:
    """What was restored.

    Attributes:
        home: where.
        generation: which.
        made_at: the moment it is of (UTC).
        files: how many.
        notes: what the operator should know or set.
    """

    home: str
    generation: str
    made_at: str
    files: int
    notes: list[str]


def restore(
    home: Home, folder: Path, generation: str | None, tell: Tell = lambda _done, _all: None
) -> Restored:
    """Makes a home again from a back-up.

    Args:
        home: where; it must hold nothing.
        folder: the back-up.
        generation: which; the last complete one when None.
        tell: is told how far it is.

    Raises:
        BackupProblem: the home holds something, the back-up is damaged or not of this software,
            or another key is set. The home is as it was.
        OSError: the back-up cannot be read, or the home not be written.
    """
    source = BackupFolder(folder.resolve())
    name = generation or _last_complete(source)
    manifest = source.manifest(name)
    _refuse_what_is_there(home)
    notes = _notes(home, source, name, manifest)
    home.root.mkdir(parents=True, exist_ok=True)
    with one_writer(home, "restore"):
        staged = home.root / _STAGED
        shutil.rmtree(staged, ignore_errors=True)
        private_folder(staged)
        try:
            taken = _stage(home, source, manifest, staged, tell)
            _put_in_place(home, staged)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    log.write_to(home.logs)
    log.info("restored", generation=name, files=taken)
    return Restored(str(home.root), name, manifest.made_at, taken, notes)


def _last_complete(source: BackupFolder) -> str:
    complete = [name for name, manifest in source.manifests().items() if manifest.complete]
    if complete:
        return complete[-1]
    there = ", ".join(source.names())
    if not there:
        raise BackupProblem(f"There is no back-up in {source.root}.")
    raise BackupProblem(
        f"No back-up in {source.root} is complete and readable. To restore what one of them has, "
        f"name it with --generation: {there}."
    )


def _refuse_what_is_there(home: Home) -> None:
    """Raises where the home holds a file, or its ledger an event: nothing is ever overwritten."""
    for path in [] if _was_cut_short(home) else _files(home):
        found = path.relative_to(home.root) if path.is_relative_to(home.root) else path
        raise BackupProblem(
            f"The home {home.root} is not empty: it holds {found}. Restore "
            "into a new folder: set WAREHOUSE_HOME to it, or move this one away."
        )
    if (file := ledger_copy.sqlite_file(home.ledger_url)) is not None:
        if file.exists() and file != home.root / LEDGER:
            raise BackupProblem(
                f"There is a ledger already: {file} (WAREHOUSE_LEDGER_URL). Name another file."
            )
    else:
        engine = sa.create_engine(home.ledger_url)
        try:
            has_events = ledger_copy.has_events(engine)
        except SQLAlchemyError as error:
            raise BackupProblem(
                "The database that WAREHOUSE_LEDGER_URL names cannot be read "
                f"({getattr(error, 'orig', error)}). Nothing was restored."
            ) from error
        finally:
            engine.dispose()
        if has_events:
            raise BackupProblem(
                f"The ledger {engine.url!r} has events already. Make an empty database and name "
                "it in WAREHOUSE_LEDGER_URL."
            )


def _was_cut_short(home: Home) -> bool:
    """Whether what lies in the home was put there by a restore that did not end."""
    file = ledger_copy.sqlite_file(home.ledger_url)
    return (home.root / _STAGED / LEDGER).exists() and not (file and file.exists())


def _files(home: Home) -> Iterator[Path]:
    elsewhere = [place for place in (home.archive_at, home.store_at) if isinstance(place, Path)]
    here = sorted(home.root.iterdir()) if home.root.exists() else []
    for entry in [*here, *elsewhere]:
        if entry.name in _OF_NO_ACCOUNT or entry in (home.landing, home.logs):
            continue
        yield from (p for p in (entry, *sorted(entry.rglob("*"))) if p.exists() and not p.is_dir())


def _notes(home: Home, source: BackupFolder, name: str, manifest: Manifest) -> list[str]:
    notes = [f"Not in the back-up: {what}" for what in manifest.missing]
    if newer := [other for other in source.names() if other > name]:
        notes.append(f"Newer generations were not taken: {', '.join(newer)}.")
    now = settings.told()
    for setting, value in manifest.settings.items():
        if setting != "WAREHOUSE_HOME" and now.get(setting) != value:
            notes.append(f"{setting} was {value} when this was backed up, and is not now.")
    if home.dagster_url is not None and any(map(_is_history, manifest.files)):
        notes.append(
            "Dagster's history of runs is not restored, for WAREHOUSE_DAGSTER_URL is set: that "
            "database keeps its own."
        )
    return notes


def _is_history(path: str) -> bool:
    """Whether a file is of Dagster's runs and events, not of its operator."""
    return path.startswith("dagster/") and path != f"dagster/{OVERRIDE}"


def _stage(home: Home, source: BackupFolder, manifest: Manifest, staged: Path, tell: Tell) -> int:
    """Writes every file below `staged`, its hash checked; returns how many."""
    wanted = {
        path: kept
        for path, kept in manifest.files.items()
        if home.dagster_url is None or not _is_history(path)
    }
    _refuse_what_objects_hold(home, wanted)
    wrong = []
    for number, (path, kept) in enumerate(wanted.items(), start=1):
        if (what := source.take_out(kept, staged / inside(path))) is not None:
            wrong.append(f"{path}: {what}")
        tell(number, len(wanted))
    if wrong:
        more = f"; and {len(wrong) - _NAMED:,} more" if len(wrong) > _NAMED else ""
        raise BackupProblem(
            f"The back-up is damaged; nothing was restored. {'; '.join(wrong[:_NAMED])}{more}. "
            f"Restore another generation with --generation: {', '.join(source.names())}."
        )
    for made in staged.rglob("*"):
        if made.is_dir():
            made.chmod(0o700)
    key = staged / KEY_SECRET
    if home.key_secret is not None:
        if key.exists() and key.read_bytes() != home.key_secret:
            raise BackupProblem(
                "WAREHOUSE_KEY_SECRET is not the key by which the files of this back-up were "
                "hashed; enterprises would no longer join. Unset it, or set it to what it was. "
                "Nothing was restored."
            )
        key.unlink(missing_ok=True)
    try:
        Ledger(f"sqlite:///{staged / LEDGER}").close()  # one of an older software is brought up
    except (LedgerError, SQLAlchemyError) as error:
        raise BackupProblem(f"Nothing was restored. {error}") from error
    return len(wanted)


def _refuse_what_objects_hold(home: Home, wanted: Iterable[str]) -> None:
    """Raises where a back-up has files of an archive or a store that is now in an object store."""
    parts = {path.partition("/")[0] for path in wanted}
    for setting, place in home.in_objects.items():
        if setting.removeprefix("WAREHOUSE_").lower() in parts:
            raise BackupProblem(
                f"This back-up has the files of a folder, and {setting} is {place}. Unset it to "
                "restore into the home; then copy the folder there and set it again. Nothing was "
                "restored."
            )


def _place_of(home: Home, name: str) -> Path:
    """Where a part of a home lies: archive and store may be folders elsewhere."""
    elsewhere = {"archive": home.archive_at, "store": home.store_at}.get(name)
    return elsewhere if isinstance(elsewhere, Path) else home.root / name


def _put_in_place(home: Home, staged: Path) -> None:
    published = staged / home.published.name
    if published.exists():
        published.chmod(0o755)
        (published / home.warehouse.name).chmod(0o644)
    ledger = staged / LEDGER
    for entry in sorted(staged.iterdir()):
        if entry == ledger:
            continue
        place = _place_of(home, entry.name)
        if place.is_dir():  # the empty folders of a home that was prepared
            shutil.rmtree(place)
        shutil.move(entry, place)
    if not home.landing_is_set and isinstance(home.landing, Path):
        home.landing.mkdir(exist_ok=True)
    if (file := ledger_copy.sqlite_file(home.ledger_url)) is not None:
        with written_whole(file) as temporary:
            shutil.copyfile(ledger, temporary)
        return
    try:
        ledger_copy.put_back(ledger, home.ledger_url)
    except (LedgerError, SQLAlchemyError) as error:
        raise BackupProblem(
            f"The files are restored, the ledger is not: {getattr(error, 'orig', None) or error}. "
            f"Mend the database, empty {home.root} and restore again."
        ) from error
