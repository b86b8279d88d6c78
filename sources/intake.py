"""Taking in what came: from the landing zone to rows in the store and events in the ledger.

    look        hash, tell what is new, give it its place         (every dataset, once a night)
    take        lease what is new, archive its bytes              (on one machine or on several)
    load        read, type, judge twice, store, record            (a dataset at a time, in batches)

One file that cannot be read never stops the others: what became of it is recorded with the reason.
A file is loaded by whoever has the lease on it (`sources.leases`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from sources import expectations
from sources.clock import utc_now
from sources.contracts import Contract
from sources.forgotten import Forgotten
from sources.headers import Header
from sources.landed import Remembered, fetch_unknown
from sources.landing import Found, held_open_for_writing, placed, survey
from sources.leases import Arrived, Leases, enlist
from sources.ledger import LeaseLost, Ledger
from sources.ledger_forgetting import forgotten_hashes, record_redacted, redacted_files
from sources.objects import ObjectPath, Place, at_hand, there
from sources.patience import patiently
from sources.reading import FileRejected, Reading, careful_batches
from sources.redacted import open_archived, redact
from sources.sql import quoted
from sources.store import VERDICTS, Archive, FileChanged, Store, erase, sha256_of
from sources.typed import Workbench

#: Files are read together until their bytes reach this; bounds the memory of a batch.
BATCH_BYTES = 256 * 1024 * 1024
#: Below the scratch folder: files of the landing zone that were fetched, by their SHA-256.
_FETCHED = "fetched"

Notify = Callable[[str, str], None]


#: Is given a contract, a file's outcome, and rule → rows that break it.
Record = Callable[[Contract, "FileOutcome", Mapping[str, int]], None]


#: Is told the bytes of tonight's new files before the first is archived; raises to stop.
MakeSure = Callable[[int], None]


def _silent(_stage: str, _text: str) -> None:
    return None


def _content(_new_bytes: int) -> None:
    return None


@dataclass(frozen=True)
class Receipt:
    """A submission that is new tonight; once it is taken, its bytes are in the archive."""

    dataset: str
    path: str
    file_id: str
    size: int

    @property
    def arrived(self) -> Arrived:
        """What a lease on it is about."""
        return Arrived(self.dataset, self.path, self.file_id)


@dataclass(frozen=True)
class Received:
    """What the landing zone held tonight."""

    new: tuple[Receipt, ...]
    duplicates: tuple[tuple[str, str], ...]
    unchanged: int
    being_written: tuple[str, ...]
    vanished: tuple[str, ...]
    unknown: tuple[str, ...]
    passed_over: tuple[str, ...]
    elsewhere: tuple[Receipt, ...] = ()
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """What became of new submissions that were to be taken.

    Attributes:
        receipts: leased to whoever took them; their bytes are in the archive.
        elsewhere: being loaded by somebody else.
        being_written: changed while they were archived; they wait.
        vanished: gone from the landing zone since it was looked at.
    """

    receipts: tuple[Receipt, ...] = ()
    elsewhere: tuple[Receipt, ...] = ()
    being_written: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileOutcome:
    """What became of one new submission."""

    path: str
    file_id: str
    status: str
    reason: str | None = None
    message: str | None = None
    rows_read: int = 0
    rows_accepted: int = 0
    rows_quarantined: int = 0
    control_total: Any = 0
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def remarks(self) -> list[str]:
        """What its sender should know though it is no fault, in sentences."""
        said = []
        if unknown := self.details.get("unknown_columns"):
            listed = ", ".join(unknown)
            said.append(f"Columns that are not known, kept with the rows as they came: {listed}.")
        if totals := self.details.get("total_row_numbers"):
            said.append(f"No data but a total, passed over: row {', '.join(totals)}.")
        if hidden := self.details.get("hidden_sheets_read"):
            said.append(f"Hidden sheets were read like the others: {', '.join(hidden)}.")
        if almost := self.details.get("sheets_almost_fitting"):
            said.append(f"Sheets that were not read, though they look alike: {', '.join(almost)}.")
        return said


@dataclass(frozen=True)
class Disagreement:
    """Two judges that counted differently by one rule: nothing of the batch is taken in."""

    rule: str
    ours: int
    great_expectations: int


@dataclass(frozen=True)
class Loaded:
    """What became of a dataset's new submissions."""

    outcomes: tuple[FileOutcome, ...]
    disagreements: tuple[Disagreement, ...] = ()


@dataclass
class _Read:
    """A file of a batch while it is worked on."""

    receipt: Receipt
    file_no: int
    details: dict[str, Any]
    rejected: FileRejected | None = None
    advice: str = ""


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Takes submissions in. Everything it needs to know is given to it.

    Attributes:
        contracts: the datasets, by name.
        landing: the landing zone.
        archive: where bytes are kept.
        store: where typed rows are kept.
        ledger: where events are recorded.
        secret: the key of the enterprise hash.
        run_id: the run on whose behalf files are taken in.
        scratch: a folder for what does not fit into memory, and for what is fetched.
        remembered: where it is kept what objects of the landing zone hashed to; None keeps it not.
        notify: is told (stage, text) what is being done.
        make_sure: is told the bytes of new files before they are taken in, and may refuse.
        leases: those of this process, kept from running out; None where they need not be.
    """

    contracts: Mapping[str, Contract]
    landing: Place
    archive: Archive
    store: Store
    ledger: Ledger
    secret: bytes
    run_id: str
    scratch: Path
    notify: Notify = _silent
    make_sure: MakeSure = _content
    remembered: Path | None = None
    leases: Leases | None = None

    # ── Receiving ─────────────────────────────────────────────────────────────────────────────

    def receive(self) -> Received:
        """Looks through the landing zone, takes what is new, records what came twice.

        Raises:
            sources.landing.LandingMissing: there is no landing zone.
            OSError: it cannot be read, or the archive cannot be written.
            Exception: whatever `make_sure` refuses with.
        """
        seen = self.look()
        taken = self.take(seen.new)
        return replace(
            seen,
            new=taken.receipts,
            being_written=(*seen.being_written, *taken.being_written),
            vanished=(*seen.vanished, *taken.vanished),
            elsewhere=taken.elsewhere,
        )

    def look(self) -> Received:
        """Looks through the landing zone; what is new gets its place, oldest change first.

        Nothing is archived, and nothing is leased yet. Raises as `receive` does.
        """
        lying = patiently(survey, self.landing, list(self.contracts))
        known = self.ledger.latest_at_paths()
        arrived: list[tuple[Found, str]] = []
        vanished: list[str] = []
        being_written = list(lying.being_written)
        unchanged = 0
        unreadable = list(lying.unreadable)
        ids, fetched = self._identified(lying.files, vanished, unreadable)
        for file in lying.files:
            if (file_id := ids.get(file.path)) is None:
                continue  # it vanished, or may not be read
            if known.get((file.dataset, file.path)) == file_id:
                unchanged += 1
            else:
                arrived.append((file, file_id))
        if not isinstance(self.landing, ObjectPath):
            self.make_sure(sum(file.size for file, _ in arrived))
        held = held_open_for_writing(file.full for file, _ in arrived) if arrived else set()
        receipts: dict[Arrived, Receipt] = {}
        for file, file_id in arrived:
            if file.full in held:
                being_written.append(file.path)
            else:
                receipt = Receipt(file.dataset, file.path, file_id, file.size)
                receipts[receipt.arrived] = receipt
        enlisted = enlist(self.ledger, list(receipts), self._duplicate)
        for file_id in fetched.keys() - {one.file_id for one in enlisted.new}:
            fetched[file_id].unlink()
        return Received(
            tuple(receipts[one] for one in enlisted.new), enlisted.duplicates,
            unchanged + enlisted.unchanged, tuple(being_written), tuple(vanished),
            lying.unknown, lying.passed_over, unreadable=tuple(unreadable),
        )  # fmt: skip

    def _identified(
        self, files: Sequence[Found], vanished: list[str], unreadable: list[str]
    ) -> tuple[dict[str, str], dict[str, Path]]:
        """Path → SHA-256 of files of the landing zone; SHA-256 → file of what was fetched for it.

        Args:
            files: as they lie there.
            vanished: is added those that do no more.
            unreadable: is added those that this user may not read: one file that somebody put
                there for themselves alone keeps no other from being taken.
        """
        ids: dict[str, str] = {}
        if not isinstance(self.landing, ObjectPath):
            for file in files:
                try:
                    ids[file.path] = patiently(sha256_of, Path(str(file.full)))
                except FileNotFoundError:
                    vanished.append(file.path)
                except PermissionError:
                    unreadable.append(file.path)
                except OSError as error:
                    # What fails while a file is read does not say of itself which file it was.
                    raise OSError(error.errno, error.strerror, file.path) from error
            return ids, {}
        remembered = Remembered(self.remembered)
        self.make_sure(sum(file.size for file in files if remembered.sha256(file) is None))
        fetched, gone = fetch_unknown(files, remembered, self.scratch / _FETCHED)
        vanished += gone
        remembered.keep(files)
        return {
            file.path: file_id for file in files if (file_id := remembered.sha256(file)) is not None
        }, fetched

    @cached_property
    def _own(self) -> Leases:
        return self.leases or Leases(self.ledger, self.run_id)

    def take(self, receipts: Sequence[Receipt]) -> Taken:
        """Leases submissions that have their places, and archives their bytes.

        Raises:
            OSError: the archive cannot be written.
        """
        if not receipts:
            return Taken()
        by_arrival = {receipt.arrived: receipt for receipt in receipts}
        claimed = self._own.claim(by_arrival)
        elsewhere = tuple(by_arrival[one] for one in claimed.elsewhere)
        new: list[Receipt] = []
        being_written: list[str] = []
        vanished: list[str] = []
        for receipt in (by_arrival[one] for one in claimed.mine):
            try:
                fetched = self.scratch / _FETCHED / receipt.file_id
                source = fetched if fetched.exists() else placed(self.landing, receipt.path)
                patiently(self.archive.keep, source, receipt.file_id)
            except (FileNotFoundError, FileChanged) as error:
                gone = isinstance(error, FileNotFoundError)
                (vanished if gone else being_written).append(receipt.path)
                self._own.strike(receipt.arrived)
                continue
            self.notify("archived", receipt.path)
            new.append(receipt)
        return Taken(tuple(new), elsewhere, tuple(being_written), tuple(vanished))

    def _duplicate(self, one: Arrived, first_path: str) -> dict[str, Any]:
        if first_path == one.path:
            message = (
                "The same bytes came before at this path; nothing was loaded a second time, and "
                "what came since stays. To go back to them, change anything in the file, such as "
                "the day of submission, and send it again."
            )
        else:
            message = (
                f"The same bytes came before as {first_path}; nothing was loaded a second time."
            )
        return self._event("duplicate", one.dataset, one.path, one.file_id, message=message)

    def _event(
        self, kind: str, dataset: str, path: str, file_id: str, **values: Any
    ) -> dict[str, Any]:
        return {
            "event_kind": kind,
            "dataset": dataset,
            "path": path,
            "file_id": file_id,
            "contract_version": self.contracts[dataset].version,
            "occurred_at": utc_now(),
            "run_id": self.run_id,
            "reason": None,
            "message": None,
            "rows_read": 0,
            "rows_accepted": 0,
            "rows_quarantined": 0,
            "control_total": "0.00",
            "details": {},
            **values,
        }

    # ── Loading ───────────────────────────────────────────────────────────────────────────────

    def load(self, dataset: str, receipts: Sequence[Receipt]) -> Loaded:
        """Reads, judges and stores a dataset's new submissions, in the order they were received.

        Raises:
            OSError: the store cannot be written.
        """
        return self.judge(dataset, receipts, partial(self.record, holder=self._own.holder))

    def judge(self, dataset: str, receipts: Sequence[Receipt], record: Record) -> Loaded:
        """Reads, judges and stores submissions, and has each outcome recorded as it is known.

        Args:
            dataset: theirs.
            receipts: whose bytes are in the archive.
            record: is given a file's contract, its outcome, and how many rows break each rule.

        Raises:
            OSError: the store cannot be written.
        """
        outcomes: list[FileOutcome] = []
        disagreements: list[Disagreement] = []
        for receipt in receipts:
            self._leave_out_forgotten(self.contracts[dataset], receipt)
        for batch in _batches(receipts):
            loaded = self._judge_batch(self.contracts[dataset], batch, record)
            outcomes += loaded.outcomes
            disagreements += loaded.disagreements
        return Loaded(tuple(outcomes), tuple(disagreements))

    @cached_property
    def _forgotten(self) -> Forgotten:
        return Forgotten(self.secret, forgotten_hashes(self.ledger))

    def _leave_out_forgotten(self, contract: Contract, receipt: Receipt) -> None:
        """Has the archive keep a file without the persons who are forgotten, before it is read.

        Until the file's event is written a night that is killed here begins with it anew.
        """
        if not self._forgotten:
            return
        archive, file_id = self.archive, receipt.file_id
        if not archive.readable(receipt.dataset, file_id).exists():
            # The same bytes, sent for another dataset, were left out a moment ago.
            archive.keep(placed(self.landing, receipt.path), file_id)
        is_left = archive.is_redacted(file_id)
        if self._left(contract, file_id, always=is_left) or is_left:
            for dataset, known in self.ledger.known_files():
                if known == file_id and dataset in self.contracts:
                    self._left(self.contracts[dataset], file_id, always=True)
            erase(archive.path(file_id))
            (self.scratch / _FETCHED / file_id).unlink(missing_ok=True)

    def _left(self, contract: Contract, file_id: str, *, always: bool) -> bool:
        """Whether the archive keeps a file's redacted form, written now where there is cause."""
        dataset = contract.dataset
        left = self.archive.redacted(dataset, file_id)
        source = self.archive.readable(dataset, file_id)
        found = redact(source, contract, self._forgotten, left, always and not left.exists())
        if left.exists():
            with at_hand(left) as path:
                sha256 = sha256_of(path)
            with self.ledger.engine.connect() as connection:
                on_record = redacted_files(connection).get((dataset, file_id))
            if sha256 != on_record:
                record_redacted(self.ledger, dataset, file_id, sha256)
        return bool(found)

    def _judge_batch(
        self, contract: Contract, receipts: Sequence[Receipt], record: Record
    ) -> Loaded:
        with Workbench(contract, self.secret, self.scratch) as bench:
            files = []
            for receipt in receipts:
                self.notify("reading", receipt.path)
                files.append(self._read(bench, contract, receipt))
            self.notify("judging", f"{contract.dataset}: {len(files)} files")
            bench.judge()
            disagreements = self._second_opinion(bench, contract)
            if disagreements:
                refused = tuple(
                    FileOutcome(f.receipt.path, f.receipt.file_id, "refused", "judges_disagree")
                    for f in files
                )
                return Loaded(refused, tuple(disagreements))
            figures, broken = bench.file_counts(), bench.rule_counts()
            for number, places in bench.total_row_numbers().items():
                files[number - 1].details["total_row_numbers"] = places
            for number, questions in bench.questions().items():
                of_file = next(f for f in files if f.file_no == number)
                of_file.advice = " ".join(filter(None, [of_file.advice, *questions]))
            outcomes = []
            for f in files:
                by_rule = broken.get(f.file_no, {})
                outcome = self._conclude(bench, contract, f, figures[f.file_no], by_rule)
                try:
                    record(contract, outcome, by_rule if outcome.rows_read else {})
                except LeaseLost as lost:
                    outcome = FileOutcome(
                        outcome.path, outcome.file_id, "elsewhere", "lease_lost", str(lost)
                    )
                self.notify(
                    outcome.status,
                    f"{outcome.path} ({outcome.rows_accepted:,} of {outcome.rows_read:,} rows)",
                )
                outcomes.append(outcome)
            return Loaded(tuple(outcomes))

    def _read(self, bench: Workbench, contract: Contract, receipt: Receipt) -> _Read:
        number = bench.add_file()
        read = _Read(receipt, number, {})
        try:
            with self._bytes_of(receipt) as path:
                _read_tables(bench, read, open_archived(path, contract))
        except FileRejected as rejected:
            bench.drop_file(number)
            read.rejected = rejected
        return read

    @contextmanager
    def _bytes_of(self, receipt: Receipt) -> Iterator[Path]:
        """A file's bytes on this machine: those that were fetched tonight, else the archive's."""
        fetched = self.scratch / _FETCHED / receipt.file_id
        if fetched.exists():
            try:
                yield fetched
            finally:
                fetched.unlink()
            return
        with at_hand(self.archive.readable(receipt.dataset, receipt.file_id)) as path:
            yield path

    def _second_opinion(self, bench: Workbench, contract: Contract) -> list[Disagreement]:
        """Where Great Expectations counts otherwise than the SQL that gave the verdicts."""
        counted = expectations.judge(contract, bench.chunks(), bench.key_hashes())
        ours = bench.expected_counts()
        return [
            Disagreement(f"{contract.dataset}.{rule}", ours[rule], count.unexpected)
            for rule, count in counted.items()
            if ours[rule] != count.unexpected
        ]

    def _conclude(
        self,
        bench: Workbench,
        contract: Contract,
        read: _Read,
        figures: Mapping[str, Any],
        broken: Mapping[str, int],
    ) -> FileOutcome:
        receipt, rejected = read.receipt, read.rejected
        for kind in ("total_rows", "header_rows"):
            if figures[kind]:
                read.details[f"{kind}_passed_over"] = figures[kind]
        if rejected is None and figures["rows"] == 0:
            rejected = FileRejected(
                "empty", "The file has a header but no row. Fill it in and send it."
            )
        if rejected is None and figures["bad"] * 2 > figures["rows"]:
            common = max(broken, key=lambda rule: broken[rule])
            rejected = FileRejected(
                "too_many_bad_rows",
                f"{figures['bad']} of {figures['rows']} rows are bad, most often by "
                f"{common.replace('__', ': ')}. Nothing of the file was loaded; mend it and send "
                f"it again. {read.advice}".rstrip(),
            )
        rows = figures["rows"] if rejected is None or rejected.reason == "too_many_bad_rows" else 0
        whole = rejected.reason if rejected and rows else None
        good = 0 if rejected else figures["good"]
        path = self.store.path
        if good:
            self.store.write(
                bench.db,
                bench.accepted_sql(read.file_no, receipt.file_id),
                path(contract.dataset, "accepted", receipt.file_id, contract.version),
            )
        if rows - good:
            self.store.write(
                bench.db,
                bench.quarantined_sql(read.file_no, receipt.file_id, whole_file=whole),
                path(contract.dataset, "quarantined", receipt.file_id, contract.version),
            )
        return FileOutcome(
            receipt.path,
            receipt.file_id,
            "rejected" if rejected else "loaded",
            rejected.reason if rejected else None,
            rejected.message if rejected else None,
            rows,
            good,
            rows - good,
            (figures["control_total"] or 0) if rows else 0,
            read.details,
        )

    def record(
        self,
        contract: Contract,
        outcome: FileOutcome,
        broken: Mapping[str, int],
        holder: str | None = None,
    ) -> None:
        """Appends to the ledger what became of a file, and how many rows break each rule.

        Args:
            contract: the dataset's.
            outcome: the file's.
            broken: rule → rows that break it.
            holder: who has the lease on the file; None of one that was taken in before.

        Raises:
            sources.ledger.LeaseLost: the lease is another's now.
        """
        self.ledger.record_file(
            self._event(
                outcome.status,
                contract.dataset,
                outcome.path,
                outcome.file_id,
                reason=outcome.reason,
                message=outcome.message,
                rows_read=outcome.rows_read,
                rows_accepted=outcome.rows_accepted,
                rows_quarantined=outcome.rows_quarantined,
                control_total=str(outcome.control_total),
                details=dict(outcome.details),
            ),
            [
                {
                    "dataset": contract.dataset,
                    "file_id": outcome.file_id,
                    "contract_version": contract.version,
                    "rule": rule,
                    "rows_evaluated": outcome.rows_read,
                    "unexpected_count": count,
                }
                for rule, count in broken.items()
            ],
            holder=holder,
        )


def _read_tables(bench: Workbench, read: _Read, reading: Reading) -> None:
    """Adds the rows of a file's tables, and says of the file what its reading found."""
    number = read.file_no
    read.details["format"] = reading.format
    read.details.update(reading.remarks)
    read.advice = reading.advice
    if reading.passed_over:
        read.details["sheets_passed_over"] = list(reading.passed_over)
    headers: list[Header] = []
    base = 0
    for table in reading.tables:
        headers.append(table.header)
        careful = careful_batches(table)
        try:
            last = _add(bench, number, table.name, table.header, table.batches, base)
        except pa.ArrowInvalid:
            if careful is None:
                raise
            bench.drop_file(number)
            last = _add(bench, number, table.name, table.header, careful, base)
        base += last
    if unknown := bench.extra_headers(headers):
        read.details["unknown_columns"] = unknown


def _batches(receipts: Sequence[Receipt]) -> Iterator[list[Receipt]]:
    batch: list[Receipt] = []
    size = 0
    for receipt in receipts:
        if batch and size + receipt.size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(receipt)
        size += receipt.size
    if batch:
        yield batch


def _add(
    bench: Workbench,
    file_no: int,
    sheet: str | None,
    header: Header,
    batches: Callable[[], Iterator[pa.RecordBatch]],
    base: int,
) -> int:
    """Adds a table's rows; returns the last row number, to count on from in the next sheet."""
    last = 0
    for batch in batches():
        if batch.num_rows:
            bench.add_rows(file_no, sheet, header, batch, base)
            last = batch.column(0)[-1].as_py()
    return last


def public_rows_sql(contract: Contract, files: Sequence[Path]) -> str:
    """The query of a dataset's accepted rows as the transformation may see them.

    Columns with personal data are left out; ids and names of natural persons are null.
    """
    hidden, of_persons = personal_columns(contract)
    exclude = f" exclude ({', '.join(hidden)})" if hidden else ""
    masked = [f"{masked_sql(name)} as {name}" for name in of_persons]
    replace = f" replace ({', '.join(masked)})" if masked else ""
    return f"select *{exclude}{replace} from {_parquet(files)}"


def masked_sql(name: str) -> str:
    """A column that tells of a natural person where the row is one's; null there. Any engine's."""
    return f"case when is_natural_person then null else {name} end"


def personal_columns(contract: Contract) -> tuple[list[str], list[str]]:
    """The columns that nobody sees outside the store, and those hidden of natural persons alone.

    What a column's texts say besides their value is as personal as the column.
    """
    hidden: list[str] = []
    of_persons: list[str] = []
    for column in contract.columns:
        names = [column.name, *(also.name for also in column.also)]
        if column.is_personal:
            hidden += names
        elif column.personal_when_natural_in or (
            column.form == "enterprise_id" and not column.is_list
        ):
            of_persons += names
    return hidden, of_persons


def public_quarantined_sql(files: Sequence[Path]) -> str:
    """The query of all quarantined rows as the transformation may see them: without originals."""
    return f"select * exclude (original) from {_parquet(files)}"


def corrections_sql(files: Mapping[str, Sequence[Path]]) -> str:
    """The query of all references to rows that are corrected, accepted or not, by dataset.

    Files from before there were references have no such column: it is null there.

    Args:
        files: dataset → its files in the store.
    """
    of_datasets = [
        f"select {quoted(dataset)} as dataset, file_id, contract_version, corrects from "
        "(select null::varchar as corrects where false "
        f"union all by name select * from {_parquet(paths)}) where corrects is not null"
        for dataset, paths in files.items()
    ]
    return " union all ".join(of_datasets)


def _parquet(files: Sequence[Path]) -> str:
    listed = ", ".join(quoted(str(path)) for path in files)
    return f"read_parquet([{listed}], union_by_name = true)"


def empty_relations(contract: Contract, store: Store, secret: bytes) -> dict[str, Place]:
    """Parquet files without rows, so that a dataset has its columns before any file came.

    Returns:
        Verdict → its file, written where it is not there yet.
    """
    paths = {v: store.empty(contract.dataset, v, contract.version) for v in VERDICTS}
    if len(there(paths.values())) == len(paths):
        return paths
    with Workbench(contract, secret) as bench:
        bench.judge()
        store.write(bench.db, bench.accepted_sql(0, ""), paths["accepted"])
        store.write(bench.db, bench.quarantined_sql(0, ""), paths["quarantined"])
    return paths
