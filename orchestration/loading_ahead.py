"""The job `load_submissions`: loads what waits, in parallel, and publishes nothing.

    look_at_landing ──▶ load_batch (one a batch, anywhere) ──▶ sum_up
    hash, give places,  lease, archive, read, judge twice,
    make batches        store, record

It needs no lock of the one writer: leases on files are its lock (`sources.leases`), so that it may
run beside another of it, here or on another machine, and beside a night. The next night finds these
files loaded and builds from them.

Steps run in this process, each in a process of its own, or on Celery workers. This module is all
that a worker imports: no dbt, none of the assets.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dagster import (
    DynamicOut,
    DynamicOutput,
    ExecutorDefinition,
    Failure,
    FilesystemIOManager,
    MetadataValue,
    OpExecutionContext,
    Out,
    Output,
    job,
    multi_or_in_process_executor,
    op,
)

from orchestration import settings
from orchestration.completeness import refuse_incomplete
from orchestration.disk_space import NotEnoughRoom
from orchestration.leasing import give_up_dead, leases_of
from orchestration.ledger import ledger_to_write
from orchestration.lock import own_build
from orchestration.resources import intake_of
from orchestration.settings import Home, SettingsError
from sources import log
from sources.intake import Disagreement, FileOutcome, Intake, Receipt

LOAD_SUBMISSIONS = "load_submissions"
#: A batch has files of one dataset until it has so many, or so many bytes: enough for the judges'
#: own cost to be small beside the rows', few enough for several workers to have something to do.
BATCH_FILES = 16
BATCH_BYTES = 32 * 1024 * 1024
#: The tag of a run that says how many files it found.
FILES_TAG = "warehouse/files_waiting"


@dataclass(frozen=True)
class Batch:
    """Files of one dataset that are loaded together.

    Attributes:
        dataset: theirs.
        receipts: in the order they were received.
        key_check: a hash by the key of the home, so that nobody loads them by another key.
    """

    dataset: str
    receipts: tuple[Receipt, ...]
    key_check: str


@dataclass(frozen=True)
class BatchLoaded:
    """What became of a batch.

    Attributes:
        outcomes: of the files that were loaded here.
        elsewhere: paths that somebody else loads.
        not_taken: paths that changed or vanished since they were looked at.
        disagreements: rules by which the two judges counted differently.
    """

    outcomes: tuple[FileOutcome, ...] = ()
    elsewhere: tuple[str, ...] = ()
    not_taken: tuple[str, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


def batches(receipts: Sequence[Receipt], key_check: str) -> Iterator[Batch]:
    """Submissions in batches of one dataset each, in the order they were received."""
    by_dataset: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        by_dataset.setdefault(receipt.dataset, []).append(receipt)
    for dataset, of_dataset in by_dataset.items():
        batch: list[Receipt] = []
        size = 0
        for receipt in of_dataset:
            if batch and (len(batch) == BATCH_FILES or size + receipt.size > BATCH_BYTES):
                yield Batch(dataset, tuple(batch), key_check)
                batch, size = [], 0
            batch.append(receipt)
            size += receipt.size
        yield Batch(dataset, tuple(batch), key_check)


@contextmanager
def _loading(run_id: str) -> Generator[tuple[Home, Intake], None, None]:
    """An intake with leases of its own, for one step on whatever machine."""
    home = settings.load()
    home.prepare()
    with (
        log.bound(run_id=run_id),
        ledger_to_write(home, holds_lock=False) as ledger,
        leases_of(home, ledger, run_id) as leases,
        own_build(home) as scratch,
    ):
        give_up_dead(home, ledger)
        yield home, intake_of(home, ledger, run_id, leases, scratch)


@op(
    out=DynamicOut(Batch),
    description="Looks through the landing zone; new files get their place in the order of "
    "receipt, duplicates are recorded, the rest is put into batches.",
)
def look_at_landing(context: OpExecutionContext) -> Iterator[DynamicOutput[Batch]]:
    """Finds what waits."""
    with _loading(context.run_id) as (home, intake):
        refuse_incomplete(home, intake.ledger)
        try:
            seen = intake.look()
        except NotEnoughRoom as error:
            raise Failure(str(error), allow_retries=False) from error
        made = list(batches(seen.new, _key_check(home.secret())))
    for path in (*seen.unknown, *seen.being_written, *seen.vanished, *seen.unreadable):
        context.log.warning("not taken in: %s", path)
    told: dict[str, Any] = {
        "new files": len(seen.new),
        "duplicates": len(seen.duplicates),
        "unchanged files": seen.unchanged,
        "still being written": MetadataValue.json(list(seen.being_written)),
    }
    context.instance.add_run_tags(context.run_id, {FILES_TAG: f"{len(seen.new):,}"})
    context.log.info("%s new files in %s batches", len(seen.new), len(made))
    for number, batch in enumerate(made):
        yield DynamicOutput(batch, mapping_key=f"{batch.dataset}_{number:05}", metadata=told)


@op(
    out=Out(BatchLoaded),
    description="Leases the files of a batch, archives, reads, types and judges them by SQL and by "
    "Great Expectations, stores and records them. Files that somebody else has are left to him.",
)
def load_batch(context: OpExecutionContext, batch: Batch) -> Output[BatchLoaded]:
    """Loads what of a batch nobody else loads."""
    with _loading(context.run_id) as (home, intake):
        secret = home.known_secret()
        if secret is None or _key_check(secret) != batch.key_check:
            raise SettingsError(
                "This machine has not the key by which the others load: enterprises would not "
                "join. Set WAREHOUSE_KEY_SECRET to the same on every machine, or share the home."
            )
        taken = intake.take(batch.receipts)
        loaded = intake.load(batch.dataset, taken.receipts)
    outcomes = [outcome for outcome in loaded.outcomes if outcome.status != "elsewhere"]
    lost = [outcome.path for outcome in loaded.outcomes if outcome.status == "elsewhere"]
    became = BatchLoaded(
        tuple(outcomes),
        (*(receipt.path for receipt in taken.elsewhere), *lost),
        (*taken.being_written, *taken.vanished),
        loaded.disagreements,
    )
    return Output(became, metadata=_counts([became]))


@op(description="Says what became of all batches; fails where the two judges disagreed.")
def sum_up(context: OpExecutionContext, loaded: list[BatchLoaded]) -> None:
    """Adds up; publishes nothing."""
    context.add_output_metadata(
        {
            **_counts(loaded),
            "loaded elsewhere": MetadataValue.json([p for one in loaded for p in one.elsewhere]),
            "not taken": MetadataValue.json([p for one in loaded for p in one.not_taken]),
            "remarks": MetadataValue.json(
                [
                    f"{outcome.path}: {said}"
                    for one in loaded
                    for outcome in one.outcomes
                    for said in outcome.remarks
                ]
            ),
        }
    )
    apart = [
        f"{d.rule}: {d.ours} against {d.great_expectations}"
        for one in loaded
        for d in one.disagreements
    ]
    if apart:
        raise Failure(
            f"The two judges counted differently ({'; '.join(apart)}). Nothing of these files was "
            "taken; a rule is understood differently. Report it.",
            allow_retries=False,
        )


def _counts(loaded: Sequence[BatchLoaded]) -> Mapping[str, int]:
    outcomes = [outcome for one in loaded for outcome in one.outcomes]
    fates = Counter(outcome.status for outcome in outcomes)
    return {
        "files loaded": fates["loaded"],
        "files rejected": fates["rejected"],
        "files refused": fates["refused"],
        "rows read": sum(outcome.rows_read for outcome in outcomes),
        "rows accepted": sum(outcome.rows_accepted for outcome in outcomes),
        "rows quarantined": sum(outcome.rows_quarantined for outcome in outcomes),
    }


def _key_check(secret: bytes) -> str:
    """A hash that two machines with the same key have in common; says nothing of the key."""
    return hmac.new(secret, b"the same key on every machine", hashlib.sha256).hexdigest()[:16]


def _executor(home: Home) -> ExecutorDefinition:
    """Where the batches are loaded: here, or on Celery workers where a broker is set."""
    if home.celery_broker is None:
        return multi_or_in_process_executor
    from orchestration.celery_workers import executor_by

    return executor_by(home.celery_broker)


_home = settings.load()
#: One step after another, in the process of the run, unless a run asks for several processes.
_RUN_CONFIG: dict[str, Any] = (
    {} if _home.celery_broker else {"execution": {"config": {"in_process": {}}}}
)


@job(
    name=LOAD_SUBMISSIONS,
    executor_def=_executor(_home),
    config=_RUN_CONFIG,
    # Batches pass from step to step as files of Dagster's folder in the home, which all share.
    resource_defs={"io_manager": FilesystemIOManager()},
    description=(
        "Loads what waits in the landing zone ahead of the night, and publishes nothing. It may "
        "run on several machines at once, and beside a night: every file is loaded once."
    ),
)
def load_submissions() -> None:
    """Looks, loads batch by batch, adds up."""
    sum_up(look_at_landing().map(load_batch).collect())
