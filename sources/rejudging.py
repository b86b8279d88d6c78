"""Judging the archive again: what a changed contract, or changed software, makes of files known.

    judge       read the archived bytes again, write what comes of them beside what is in the store
    changes     what came out otherwise: verdicts of files and rows, values
    take_over   record the new judgements in the ledger; the next night builds from them
    discard     leave everything as it was

Until `take_over` nothing has happened: a file in the store without its event does not exist. The
old judgement stays in the store, so that an earlier time can still be built.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from sources.contracts import Column, Contract
from sources.intake import Disagreement, FileOutcome, Intake, Receipt, empty_relations
from sources.ledger import Judgement
from sources.ledger_forgetting import Remaining
from sources.objects import Place, kept, there
from sources.sql import identifier, quoted, records
from sources.store import VERDICTS

#: Differences of one kind that are shown, each with an example; the counts are of all.
EXAMPLES = 50
_MASKED = "•••"


@dataclass(frozen=True)
class FileChange:
    """A file whose fate or counts came out otherwise."""

    path: str
    file_id: str
    before: str
    after: str
    reason_before: str | None
    reason_after: str | None
    accepted_before: int
    accepted_after: int
    message: str | None


@dataclass(frozen=True)
class Changes:
    """What a new judgement of a dataset's files changes; empty lists where nothing.

    Attributes:
        dataset: the dataset.
        contract_version: the version judged by.
        files_judged: files that an earlier version had judged.
        files: those whose fate or counts changed.
        rows: kinds of change of a row's verdict: before, after, rows, baht, files, an example.
        values: columns of accepted rows: rows with another value, an example.
    """

    dataset: str
    contract_version: str
    files_judged: int = 0
    files: tuple[FileChange, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()
    values: tuple[Mapping[str, Any], ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything came out otherwise."""
        return bool(self.files or self.rows or self.values)


class ArchiveIncomplete(RuntimeError):
    """Bytes that the ledger knows are not in the archive; the message says which."""


@dataclass
class Rejudging:
    """One new judgement of a dataset's files.

    Attributes:
        intake: whose archive, store and ledger; its run id marks the events taken over.
        contract: the dataset's contract as it is now.
    """

    intake: Intake
    contract: Contract
    disagreements: tuple[Disagreement, ...] = ()
    _before: dict[str, Judgement] = field(default_factory=dict)
    _after: list[tuple[FileOutcome, Mapping[str, int]]] = field(default_factory=list)
    _already_there: set[Place] = field(default_factory=set)

    def judge(self) -> Changes:
        """Judges every file that another version judged last; says what came out otherwise.

        Raises:
            ArchiveIncomplete: bytes are missing from the archive.
            OSError: the store cannot be written.
        """
        receipts = self._receipts()
        self._already_there = set(there(self._paths(receipts)))
        judged = self.intake.judge(
            self.contract.dataset,
            receipts,
            lambda _contract, outcome, broken: self._after.append((outcome, dict(broken))),
        )
        self.disagreements = judged.disagreements
        return self._changes()

    def take_over(self) -> int:
        """Records the new judgements, in the order their files came; returns how many."""
        for outcome, broken in self._after:
            self.intake.record(self.contract, outcome, broken)
        return len(self._after)

    def discard(self) -> None:
        """Removes what was written to the store and has no event."""
        receipts = [Receipt("", o.path, o.file_id, 0) for o, _ in self._after]
        for path in set(self._paths(receipts)) - self._already_there:
            path.unlink(missing_ok=True)

    # ── Which files ───────────────────────────────────────────────────────────────────────────

    def _receipts(self) -> list[Receipt]:
        receipts, missing = [], []
        archive = self.intake.archive
        with self.intake.ledger.engine.connect() as connection:
            remaining = Remaining(connection)
        for judgement in map(
            remaining.of_judgement, self.intake.ledger.judgements(self.contract.dataset)
        ):
            if judgement.contract_version == self.contract.version:
                continue
            self._before[judgement.file_id] = judgement
        readable = {
            archive.readable(judgement.dataset, file_id): judgement
            for file_id, judgement in self._before.items()
        }
        sizes = there(readable)
        for bytes_of, judgement in readable.items():
            if bytes_of not in sizes:
                missing.append(judgement.path)
                continue
            receipts.append(
                Receipt(judgement.dataset, judgement.path, judgement.file_id, sizes[bytes_of])
            )
        if missing:
            raise ArchiveIncomplete(
                f"The archive lacks the bytes of {', '.join(missing)}. Restore them from a backup; "
                "nothing was judged."
            )
        return receipts

    def _paths(self, receipts: Iterable[Receipt]) -> list[Place]:
        dataset, version = self.contract.dataset, self.contract.version
        return [
            self.intake.store.path(dataset, verdict, receipt.file_id, version)
            for receipt in receipts
            for verdict in VERDICTS
        ]

    # ── What changed ──────────────────────────────────────────────────────────────────────────

    def _changes(self) -> Changes:
        judged = [outcome for outcome, _ in self._after]
        changes = Changes(
            self.contract.dataset,
            self.contract.version,
            files_judged=len(judged),
            files=tuple(self._changed_files(judged)),
        )
        if not judged:
            return changes
        with duckdb.connect(":memory:", config={"memory_limit": "1GB"}) as db:
            db.execute(f"set temp_directory = {quoted(str(self.intake.scratch))}")
            self._lay_out(db, judged)
            return Changes(
                changes.dataset,
                changes.contract_version,
                changes.files_judged,
                changes.files,
                tuple(records(db, _VERDICTS_CHANGED)),
                tuple(self._changed_values(db)),
            )

    def _changed_files(self, judged: Sequence[FileOutcome]) -> Iterable[FileChange]:
        for outcome in judged:
            before = self._before[outcome.file_id]
            fate = (before.event_kind, before.reason, before.rows_read, before.rows_accepted)
            if fate != (
                outcome.status, outcome.reason, outcome.rows_read, outcome.rows_accepted,
            ):  # fmt: skip
                yield FileChange(
                    outcome.path,
                    outcome.file_id,
                    before.event_kind,
                    outcome.status,
                    before.reason,
                    outcome.reason,
                    before.rows_accepted,
                    outcome.rows_accepted,
                    outcome.message,
                )

    def _lay_out(self, db: duckdb.DuckDBPyConnection, judged: Sequence[FileOutcome]) -> None:
        """Makes `before_accepted`, `after_accepted`, `before_verdict`, `after_verdict`, `file`."""
        store, dataset = self.intake.store, self.contract.dataset
        versions = {
            "before": {o.file_id: self._before[o.file_id].contract_version for o in judged},
            "after": {o.file_id: self.contract.version for o in judged},
        }
        empty = empty_relations(self.contract, store, self.intake.secret)
        db.execute("create table file (file_id varchar, path varchar)")
        db.executemany("insert into file values (?, ?)", [[o.file_id, o.path] for o in judged])
        for when, of in versions.items():
            for verdict in VERDICTS:
                paths = [store.path(dataset, verdict, *file) for file in of.items()]
                files = kept([empty[verdict], *there(paths)]).values()
                listed = ", ".join(quoted(str(path)) for path in files)
                db.execute(
                    f"create view {when}_{verdict} as "
                    f"from read_parquet([{listed}], union_by_name = true)"
                )
            db.execute(
                f"""
                create view {when}_verdict as
                select file_id, row_sequence, sheet_name, row_number, control_total,
                    'accepted' as verdict
                from {when}_accepted
                union all
                select file_id, row_sequence, sheet_name, row_number, control_total,
                    'quarantined: ' || array_to_string(list_transform(
                        problems,
                        problem -> concat_ws(' ', problem.column_name, problem.reason)
                    ), ', ') as verdict
                from {when}_quarantined
                """
            )

    def _changed_values(self, db: duckdb.DuckDBPyConnection) -> Iterable[Mapping[str, Any]]:
        stored = {row[0] for row in db.execute("describe before_accepted").fetchall()}
        columns = [column for column in self.contract.columns if column.name in stored]
        differs = {c.name: f"b.{identifier(c.name)} is distinct from a.{identifier(c.name)}"
                   for c in columns}  # fmt: skip
        counts = ", ".join(f"count(*) filter (where {test})" for test in differs.values())
        both = "before_accepted as b join after_accepted as a using (file_id, row_sequence)"
        counted = db.execute(f"select {counts} from {both}").fetchone() or ()
        for column, rows in zip(columns, counted, strict=True):
            if rows:
                yield from records(
                    db,
                    f"""
                    select {quoted(column.name)} as column_name, {rows} as rows,
                        {_shown(self.contract, column, "b")} as before,
                        {_shown(self.contract, column, "a")} as after,
                        path, a.sheet_name, a.row_number
                    from {both} join file using (file_id)
                    where {differs[column.name]}
                    order by path, row_sequence limit 1
                    """,
                )


_VERDICTS_CHANGED = f"""
select
    coalesce(b.verdict, 'not read') as before,
    coalesce(a.verdict, 'not read') as after,
    count(*) as rows,
    cast(sum(coalesce(a.control_total, b.control_total)) as decimal(38, 2)) as baht,
    count(distinct file_id) as files,
    unnest(min_by(
        {{
            'path': file.path,
            'sheet_name': coalesce(a.sheet_name, b.sheet_name),
            'row_number': coalesce(a.row_number, b.row_number)
        }},
        (file.path, row_sequence)
    ))
from before_verdict as b
full join after_verdict as a using (file_id, row_sequence)
join file using (file_id)
where b.verdict is distinct from a.verdict
group by 1, 2
order by rows desc, before, after
limit {EXAMPLES}
"""


def _shown(contract: Contract, column: Column, alias: str) -> str:
    """SQL of a value as an operator may see it."""
    value = f"cast({alias}.{identifier(column.name)} as varchar)"
    if column.is_personal or (column.is_list and column.form == "enterprise_id"):
        return quoted(_MASKED)
    ids = any(c.form == "enterprise_id" and not c.is_list for c in contract.columns)
    if ids and (column.form == "enterprise_id" or column.personal_when_natural_in):
        return f"case when {alias}.is_natural_person then {quoted(_MASKED)} else {value} end"
    return value
