"""Judging the archive again by the contracts as they are now, shown before it is taken over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from orchestration.completeness import refuse_incomplete
from orchestration.ledger import ledger_to_write
from orchestration.lock import one_writer
from orchestration.resources import intake_of
from orchestration.settings import Home, SettingsError
from sources.clock import utc_now
from sources.contracts import discover
from sources.forgetting import settle
from sources.rejudging import Changes, Rejudging
from sources.store import Archive, Store


class JudgesDisagree(RuntimeError):
    """The two judges counted differently; nothing was taken over."""


def chosen(dataset: str | None) -> list[str]:
    """The datasets to judge again: the one named, or all.

    Raises:
        SettingsError: there is no such dataset.
    """
    contracts = discover()
    if dataset is not None and dataset not in contracts:
        raise SettingsError(f"There is no dataset {dataset!r}; there are {', '.join(contracts)}.")
    return [dataset] if dataset else list(contracts)


def rejudge(
    home: Home, datasets: Sequence[str], agree: Callable[[list[Changes]], bool]
) -> tuple[list[Changes], int]:
    """Judges the archived files of datasets again, under the lock of the one writer.

    Args:
        home: prepared.
        datasets: which.
        agree: is shown what changed and says whether to take it over.

    Returns:
        What changed, and how many new judgements were taken over: all, or 0.

    Raises:
        JudgesDisagree: the two judges counted differently.
        orchestration.lock.NightIsRunning: a night holds the lock.
        sources.rejudging.ArchiveIncomplete: bytes are missing from the archive.
    """
    run_id = f"rejudge-{utc_now():%Y%m%dT%H%M%S}"
    with one_writer(home, run_id), ledger_to_write(home) as ledger:
        settle(Archive(home.archive), Store(home.store), home.root, ledger)
        refuse_incomplete(home, ledger)
        intake = intake_of(home, ledger, run_id)
        rejudgings = [Rejudging(intake, intake.contracts[dataset]) for dataset in datasets]
        taken_over = False
        try:
            changes = [rejudging.judge() for rejudging in rejudgings]
            _refuse_disagreement(rejudgings)
            taken_over = any(c.files_judged for c in changes) and agree(changes)
            count = sum(r.take_over() for r in rejudgings) if taken_over else 0
        finally:
            if not taken_over:
                for rejudging in rejudgings:
                    rejudging.discard()
        return changes, count


def _refuse_disagreement(rejudgings: Sequence[Rejudging]) -> None:
    apart = [
        f"{d.rule}: {d.ours} against {d.great_expectations}"
        for rejudging in rejudgings
        for d in rejudging.disagreements
    ]
    if apart:
        raise JudgesDisagree(
            f"The two judges count differently ({'; '.join(apart)}). Nothing was taken over; the "
            "contract states a rule that they understand differently."
        )


def as_json(changes: Sequence[Changes], taken_over: int) -> dict[str, Any]:
    """What changed, as JSON has it."""
    return {
        "taken_over": taken_over,
        "datasets": [{**asdict(c), "changed": c.any} for c in changes],
    }


def show(changes: Sequence[Changes]) -> None:
    """Prints what changed, for a person."""
    from rich.console import Console

    from orchestration.show import Baht, print_table

    console = Console(highlight=False, soft_wrap=True)
    for of in changes:
        console.print(f"{of.dataset}, contract {of.contract_version}", style="bold")
        if not of.files_judged:
            console.print("  Every file was judged by this version already.")
            continue
        changed = "" if of.any else "; nothing comes out otherwise"
        console.print(f"  {of.files_judged:,} files judged again{changed}.")
        if of.files:
            print_table(
                ("path", "before", "after", "accepted before", "accepted after"),
                [
                    (
                        f.path,
                        _fate(f.before, f.reason_before),
                        _fate(f.after, f.reason_after),
                        f.accepted_before,
                        f.accepted_after,
                    )
                    for f in of.files
                ],
                title="Files",
            )
            if any((f.before, f.after) == ("loaded", "rejected") for f in of.files):
                console.print(
                    "  A file that was loaded and would be rejected now stays as it was loaded."
                )
        if of.rows:
            print_table(
                ("before", "after", "rows", "baht", "files", "for example"),
                [
                    (r["before"], r["after"], r["rows"], Baht(r["baht"]), r["files"], _place(r))
                    for r in of.rows
                ],
                title="Rows",
            )
        if of.values:
            print_table(
                ("column", "rows", "before", "after", "for example"),
                [
                    (v["column_name"], v["rows"], v["before"], v["after"], _place(v))
                    for v in of.values
                ],
                title="Values of accepted rows",
            )


def _fate(status: str, reason: str | None) -> str:
    return f"{status} ({reason})" if reason else status


def _place(record: Any) -> str:
    sheet = f", sheet {record['sheet_name']}" if record["sheet_name"] else ""
    return f"{record['path']}{sheet}, row {record['row_number']}"
