"""Taking a natural person out of archive and store, all at once or not at all.

    stage     write every file anew without the person, beside the home's own     (nothing happened)
    record    one transaction of the ledger: it happened, and what it took out
    settle    put the files in place, remove those as they came                   (again and again)

What is staged lies in a folder of its own, `archive/forgetting/<token>/`, with a list of what goes
where: below the archive, because who answers the network is kept from that (`deploy/systemd`), and
because every machine that writes to an archive in an object store can settle it there.
Whoever writes to the home next settles what a process that was killed left there: once the ledger
has the token, the files are put in place; before, they are thrown away.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from sources import log
from sources.clock import utc_now
from sources.closings import Snapshots
from sources.contracts import Contract
from sources.forgotten import COVER, Forgotten, mention_of, person_hash
from sources.ledger import Ledger
from sources.ledger_forgetting import forgotten_hashes, is_on_record, record_forgotten
from sources.ledger_tables import quarter_event
from sources.objects import FETCHED, ObjectPath, Place, at_hand, drop_kept, there
from sources.redacted import redact
from sources.sql import identifier, quoted
from sources.store import (
    VERDICTS,
    Archive,
    Store,
    erase,
    make_durable,
    private_folder,
    sha256_of,
    written_whole,
)

_LIST = "list.json"
#: Columns of the store that say nothing a person wrote.
_OURS = ("file_id", "contract_version", "enterprise_key", "dataset", "corrects")


@dataclass
class Found:
    """Where a person is.

    Attributes:
        files: (dataset, file id) → rows that are the person's, whichever way the file was judged.
        emptied: those of the files of which nothing is kept, because they do not open.
        closed: closed quarters' snapshots with rows of the person.
        not_looked_at: files of the archive that could not be looked at, and why.
    """

    files: dict[tuple[str, str], int] = field(default_factory=dict)
    emptied: list[tuple[str, str]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    not_looked_at: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything to take out."""
        return bool(self.files or self.closed)

    def add(self, dataset: str, file_id: str, rows: int) -> None:
        """Adds what a look at a file found."""
        before = self.files.get((dataset, file_id), 0)
        self.files[dataset, file_id] = max(before, rows)

    @property
    def rows(self) -> int:
        """Rows that are the person's."""
        return sum(self.files.values())

    def by_dataset(self) -> dict[str, tuple[int, int]]:
        """Dataset → files the person is in, rows that are the person's."""
        counted: dict[str, tuple[int, int]] = {}
        for (dataset, _), rows in self.files.items():
            files, all_rows = counted.get(dataset, (0, 0))
            counted[dataset] = files + 1, all_rows + rows
        return counted


@dataclass(kw_only=True)
class Forgetting:
    """One person who is being forgotten, under the lock of the one writer.

    Attributes:
        root: the home.
        archive: its archive.
        store: its store.
        ledger: its ledger.
        contracts: the datasets, by name.
        secret: the key of the warehouse.
        person_id: thirteen digits.
        token: what this forgetting is called by.
        notify: is told (stage, text) what is being done.
    """

    root: Path
    archive: Archive
    store: Store
    ledger: Ledger
    contracts: Mapping[str, Contract]
    secret: bytes
    person_id: str
    token: str
    notify: Callable[[str, str], None] = lambda _stage, _text: None
    found: Found = field(default_factory=Found)
    _moves: list[tuple[Place, Place]] = field(default_factory=list)
    _removes: list[Place] = field(default_factory=list)
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _figures: list[dict[str, Any]] = field(default_factory=list)
    _redacted: list[dict[str, Any]] = field(default_factory=list)

    @property
    def person_hash(self) -> str:
        """What the ledger knows the person by."""
        return person_hash(self.secret, self.person_id)

    @property
    def enterprise_key(self) -> str:
        """What analysts know the person by, until now."""
        return hmac.new(self.secret, self.person_id.encode(), hashlib.sha256).hexdigest()

    @property
    def _folder(self) -> Place:
        return folder_of(self.archive) / self.token

    # ── Staging ───────────────────────────────────────────────────────────────────────────────

    def stage(self) -> Found:
        """Writes every file in which the person is anew, beside the home's own.

        Raises:
            OSError: something cannot be read or written; nothing has happened.
        """
        for folder in (folder_of(self.archive), self._folder):
            if isinstance(folder, Path):
                private_folder(folder)
        self._stage_archive()
        with (
            duckdb.connect(":memory:", config={"memory_limit": "1GB", "threads": 1}) as db,
            _spill(self._folder) as spill,
        ):
            db.execute(f"set temp_directory = {quoted(str(spill))}")
            judged = [of[:3] for of in self.ledger.stored_files()]
            stored = there(
                self.store.path(dataset, verdict, file_id, version)
                for dataset, file_id, version in judged
                for verdict in VERDICTS
            )
            for dataset, file_id, version in judged:
                self._stage_judgement(db, dataset, file_id, version, stored)
            self._stage_closings(db)
        return self.found

    def discard(self) -> None:
        """Throws away what was staged."""
        if isinstance(self._folder, ObjectPath):
            _erase_folder(self._folder)
        else:
            shutil.rmtree(self._folder, ignore_errors=True)
        _leave_nothing(self.archive)

    def _staged(self, final: Place) -> Place:
        staged = self._folder / f"{len(self._moves)}{final.suffix}"
        self._moves.append((staged, final))
        return staged

    def _stage_archive(self) -> None:
        forgotten = Forgotten(self.secret, {*forgotten_hashes(self.ledger), self.person_hash})
        known = sorted(self.ledger.known_files().items())
        by_id: dict[str, list[str]] = {}
        for (dataset, file_id), _ in known:
            by_id.setdefault(file_id, []).append(dataset)
        for (dataset, file_id), of in known:
            self.notify("reading", of.path)
            if self._stage_archived(dataset, file_id, forgotten, always=False):
                for other in by_id[file_id]:
                    self._stage_archived(other, file_id, forgotten, always=True)

    def _stage_archived(
        self, dataset: str, file_id: str, forgotten: Forgotten, *, always: bool
    ) -> bool:
        final = self.archive.redacted(dataset, file_id)
        if final in {there for _, there in self._moves} or (always and final.exists()):
            return False
        kept, contract = self.archive.readable(dataset, file_id), self.contracts.get(dataset)
        if contract is None or not kept.exists():
            why = "its dataset has no contract" if kept.exists() else "its bytes are missing"
            self.found.not_looked_at.append(f"{dataset} {file_id}: {why}")
            return False
        staged = self._folder / f"{len(self._moves)}{final.suffix}"
        was = redact(kept, contract, forgotten, staged, always)
        if not staged.exists():
            return False
        self._moves.append((staged, final))
        self._removes.append(self.archive.path(file_id))
        with at_hand(staged) as written:
            sha256 = sha256_of(written)
        self._redacted.append({"dataset": dataset, "file_id": file_id, "sha256": sha256})
        if was:
            self.found.add(dataset, file_id, was.rows)
        if was.is_emptied:
            self.found.emptied.append((dataset, file_id))
        return bool(was)

    def _stage_judgement(
        self,
        db: duckdb.DuckDBPyConnection,
        dataset: str,
        file_id: str,
        version: str,
        stored: Collection[Place],
    ) -> None:
        taken = {"accepted": (0, 0, Decimal(0)), "quarantined": (0, 0, Decimal(0))}
        for verdict in VERDICTS:
            path = self.store.path(dataset, verdict, file_id, version)
            if path in stored:
                with at_hand(path) as source:
                    taken[verdict] = self._stage_parquet(db, dataset, source, path)
        if not any(rows or changed for rows, changed, _ in taken.values()):
            return
        accepted, quarantined = taken["accepted"][0], taken["quarantined"][0]
        self.found.add(dataset, file_id, accepted + quarantined)
        if accepted or quarantined:
            self._rows.append(
                {
                    "dataset": dataset,
                    "file_id": file_id,
                    "contract_version": version,
                    "rows_accepted": accepted,
                    "rows_quarantined": quarantined,
                    "control_total": f"{taken['accepted'][2] + taken['quarantined'][2]:.2f}",
                }
            )

    def _stage_parquet(
        self, db: duckdb.DuckDBPyConnection, dataset: str, source: Path, path: Place
    ) -> tuple[int, int, Decimal]:
        """Stages a file of the store; the person's rows, other rows that change, the money."""
        relation = f"read_parquet({quoted(str(source))})"
        described = f"select column_name, column_type from (describe from {relation})"
        columns = dict(db.execute(described).fetchall())
        theirs, instead = self._theirs(dataset, columns), self._instead(columns)
        changes = " or ".join(
            f"{identifier(name)} is distinct from {sql}" for name, sql in instead.items()
        )
        rows, changed, money = db.execute(
            f"select count(*) filter (where {theirs}), "
            f"count(*) filter (where not ({theirs}) and ({changes or 'false'})), "
            f"coalesce(sum(control_total) filter (where {theirs}), 0) from {relation}"
        ).fetchone() or (0, 0, 0)
        if rows or changed:
            replaced = ", ".join(f"{sql} as {identifier(name)}" for name, sql in instead.items())
            columns_sql = f"* replace ({replaced})" if replaced else "*"
            self.store.write(
                db,
                f"select {columns_sql} from {relation} where not ({theirs})",
                self._staged(path),
            )
        return rows, changed, Decimal(money)

    def _theirs(self, dataset: str, columns: Mapping[str, str]) -> str:
        """SQL of a row being the person's, by the key or by the id as it was written."""
        tests = []
        if "enterprise_key" in columns:
            tests.append(f"enterprise_key is not distinct from {quoted(self.enterprise_key)}")
        contract = self.contracts.get(dataset)
        if "original" in columns and contract is not None:
            tests += [
                "coalesce(regexp_matches(json_extract_string(original, "
                f"{quoted('$.' + identifier(c.name))}), {self._mention}), false)"
                for c in contract.columns
                if c.form == "enterprise_id" and not c.is_list
            ]
        return " or ".join(tests) or "false"

    def _instead(self, columns: Mapping[str, str]) -> dict[str, str]:
        """Column → SQL of what it holds without the person, where it may name one."""
        instead = {}
        for name, kind in columns.items():
            column = identifier(name)
            if kind == "VARCHAR" and name not in _OURS:
                instead[name] = self._covered(column)
            elif kind.startswith("STRUCT(enterprise_key "):
                others = (
                    f"list_filter({column}, lambda one: "
                    f"one.enterprise_key is distinct from {quoted(self.enterprise_key)})"
                )
                instead[name] = f"case when len({others}) > 0 then {others} end"
            elif name == "problems":
                instead[name] = (
                    f"list_transform({column}, lambda one: {{'column_name': one.column_name, "
                    f"'reason': one.reason, 'raw_value': {self._covered('one.raw_value')}}})"
                )
        return instead

    def _covered(self, text: str) -> str:
        return f"regexp_replace({text}, {self._mention}, {quoted(COVER)}, 'g')"

    @property
    def _mention(self) -> str:
        return quoted(mention_of(self.person_id))

    def _stage_closings(self, db: duckdb.DuckDBPyConnection) -> None:
        query = sa.select(quarter_event.c.event_id, quarter_event.c.snapshot_id).where(
            quarter_event.c.event_kind == "closed"
        )
        with self.ledger.engine.connect() as connection:
            closings = [(row.event_id, str(row.snapshot_id)) for row in connection.execute(query)]
        snapshots = Snapshots(self.store.root)
        theirs = f"enterprise_key = {quoted(self.enterprise_key)}"
        stored = there(snapshots.path(snapshot) for _, snapshot in closings)
        for event_id, snapshot in closings:
            path = snapshots.path(snapshot)
            if path not in stored:
                continue
            with at_hand(path) as source:
                relation = f"read_parquet({quoted(str(source))})"
                lost = db.execute(
                    f"select cluster_code, measure, sum(amount) from {relation} where {theirs} "
                    "group by all order by all"
                ).fetchall()
                if not lost:
                    continue
                self.store.write(
                    db, f"select * from {relation} where not ({theirs})", self._staged(path)
                )
            self.found.closed.append(snapshot)
            self._figures += [
                {
                    "quarter_event_id": event_id,
                    "cluster_code": cluster,
                    "measure": measure,
                    "amount": f"{amount:.2f}",
                    "enterprises": 1,
                }
                for cluster, measure, amount in lost
            ]

    # ── Recording ─────────────────────────────────────────────────────────────────────────────

    def record(
        self, decided_by: str | None, note: str | None, also_remove: Iterable[Path] = ()
    ) -> None:
        """Has it happened: afterwards `settle` puts in place what was staged.

        Args:
            decided_by: who decided.
            note: why; says nothing of who is forgotten.
            also_remove: files and folders of the home that go, too.
        """
        listed = {
            "moves": [(staged.name, self._relative(final)) for staged, final in self._moves],
            "removes": [self._relative(path) for path in (*self._removes, *also_remove)],
        }
        with written_whole(self._folder / _LIST) as temporary:
            temporary.write_text(json.dumps(listed), encoding="utf-8")
        for folder in (folder_of(self.archive), self.archive.root):
            if isinstance(folder, Path):
                make_durable(folder)  # the record must not outlive what it tells of
        record_forgotten(
            self.ledger,
            {
                "event_kind": "forgotten",
                "person_hash": self.person_hash,
                "token": self.token,
                "occurred_at": utc_now(),
                "decided_by": decided_by,
                "note": note,
                "files_changed": len(self.found.files),
                "rows_removed": self.found.rows,
            },
            self._rows,
            self._figures,
            self._redacted,
        )
        log.info("person forgotten", files=len(self.found.files), rows=self.found.rows)

    def _relative(self, path: Place) -> str:
        return _told(path, self.archive, self.store, self.root)


# ── Settling ──────────────────────────────────────────────────────────────────────────────────


def folder_of(archive: Archive) -> Place:
    """Where what is staged lies: personal data, like all that is in the archive."""
    return archive.root / "forgetting"


def settle(archive: Archive, store: Store, root: Path, ledger: Ledger) -> int:
    """Puts in place what a recorded forgetting staged, throws away what none did.

    Args:
        archive: of the home.
        store: of the home.
        root: the home, whose lock the caller holds.
        ledger: its ledger.

    Returns:
        How many forgettings were settled.
    """
    settled = 0
    for staged in _all_staged(archive):
        if is_on_record(ledger, staged.name):
            _put_in_place(staged, archive, store, root)
            settled += 1
        if isinstance(staged, ObjectPath):
            _erase_folder(staged)
        else:
            shutil.rmtree(staged)
    _leave_nothing(archive)
    return settled


def _all_staged(archive: Archive) -> list[Place]:
    folder = folder_of(archive)
    if isinstance(folder, ObjectPath):
        tokens = {listed.path.partition("/")[0] for listed in folder.listing()}
        return [folder / token for token in sorted(tokens)]
    return [*sorted(folder.glob("*"))]


def _erase_folder(staged: ObjectPath) -> None:
    for listed in staged.listing():
        (staged / listed.path).erase()


def _leave_nothing(archive: Archive) -> None:
    """Removes the folder of what is staged, where nothing is."""
    folder = folder_of(archive)
    if isinstance(folder, Path) and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


@contextmanager
def _spill(staged: Place) -> Iterator[Path]:
    """A folder for what does not fit into memory."""
    if isinstance(staged, Path):
        yield staged
        return
    private_folder(staged.scratch)
    with tempfile.TemporaryDirectory(dir=staged.scratch, prefix=FETCHED) as folder:
        yield Path(folder)


def _told(path: Place, archive: Archive, store: Store, root: Path) -> str:
    """A file by its part of the home, wherever that lies."""
    for part, place in (("archive", archive.root), ("store", store.root)):
        if type(path) is type(place) and path.is_relative_to(str(place)):
            return f"{part}/{path.relative_to(str(place)).as_posix()}"
    return path.relative_to(root).as_posix()


def _meant(told: str, archive: Archive, store: Store, root: Path) -> Place:
    part, _, rest = told.partition("/")
    return {"archive": archive.root, "store": store.root}.get(part, root / part) / rest


def _put_in_place(staged: Place, archive: Archive, store: Store, root: Path) -> None:
    files = _names_in(staged)
    if _LIST not in files:
        return  # it was put in place, and who removed the folder was killed
    with at_hand(staged / _LIST) as file:
        listed = json.loads(file.read_text(encoding="utf-8"))
    for name, where in listed["moves"]:
        if name in files:
            _move(staged / name, _meant(where, archive, store, root))
    for where in listed["removes"]:
        path = _meant(where, archive, store, root)
        if isinstance(path, ObjectPath):
            path.erase()
        elif path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
            make_durable(path.parent)


def _names_in(staged: Place) -> set[str]:
    if isinstance(staged, ObjectPath):
        return {listed.path for listed in staged.listing()}
    return {path.name for path in staged.iterdir()}


def _move(staged: Place, final: Place) -> None:
    """Has a file under another name, whole; archive and store may lie on two file systems."""
    if isinstance(staged, Path) and isinstance(final, Path):
        try:
            staged.replace(final)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
        else:
            make_durable(final.parent)
            return
    with at_hand(staged) as source, written_whole(final) as temporary:
        shutil.copyfile(source, temporary)
    if isinstance(final, ObjectPath):
        final.erase(but_the_last=True)
        drop_kept(final)
    erase(staged)
