"""One night, started by a person or a program: the job `nightly` in this process, and a report."""

from __future__ import annotations

import shutil
import warnings
from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from orchestration import progress
from orchestration.advice import STOPPED, with_advice
from orchestration.alerts.telling import Failed, tell
from orchestration.completeness import refuse_incomplete
from orchestration.garbage import collected_seldom, left_at_the_end
from orchestration.instance import prepare_instance
from orchestration.ledger import (
    LedgerUnusable,
    ledger_to_write,
    open_ledger,
    without_password,
)
from orchestration.lock import NightIsRunning, one_writer
from orchestration.mirror.standing import behind
from orchestration.progress import steps_off_the_terminal
from orchestration.settings import Home, SettingsError
from sources.ledger_engine import LedgerError
from sources.objects import ObjectStoreError

#: Errors that say by themselves what to do, whatever caused them.
_OUR_SENTENCES = frozenset(
    {
        "HomeIncomplete",
        "LakeFailed",
        "LakeUnsure",
        "LedgerUnreachable",
        "LedgerUnusable",
        "NightIsRunning",
        "NoLake",
        "ObjectStoreError",
        "SettingsError",
    }
)
#: Files named behind a figure on the terminal; --json has more.
_CAUSES_SHOWN = 3


@dataclass
class NightReport:
    """What became of a night.

    Attributes:
        published: whether a warehouse was published.
        reason: why not.
        run_id: Dagster's run.
        files: fate → number of files that came tonight.
        rows: rows of tonight's files: read, accepted, quarantined.
        rejected: (path, reason, message) of tonight's rejected files.
        figures: the headline figures, before and now.
        causes: which files moved them, by how many baht, the largest first.
        adjustments: closed quarters that say something else since, by measure.
        took_over: runs that were cut short before this one: what was left of each, and how far it
            had come.
        waiting: the figures that moved too far to be published unseen, and the files behind them.
        seconds: wall time.
    """

    published: bool
    reason: str | None = None
    run_id: str | None = None
    files: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    rejected: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    figures: list[dict[str, Any]] = field(default_factory=list)
    causes: list[dict[str, Any]] = field(default_factory=list)
    adjustments: list[dict[str, Any]] = field(default_factory=list)
    took_over: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    warehouse: str | None = None
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON has it."""
        return asdict(self)

    def show(self) -> None:
        """Prints the closing summary."""
        from rich.console import Console

        from orchestration.show import Baht, Share, print_table

        console = Console(highlight=False, soft_wrap=True)
        for run in self.took_over:
            console.print(f"Took over: {run['reason']}", style="yellow")
        if not self.published:
            console.print(f"Not published: {self.reason}", style="bold red")
            for moved in self.waiting:
                console.print(f"  {moved['name']}")
                for file in moved["files"][:_CAUSES_SHOWN]:
                    console.print(f"    {file['change_baht']:+,.2f} baht  {file['path']}")
            console.print("What was published before is unchanged.")
            for note in self.notes:
                console.print(f"  {note}", style="yellow")
            return
        came = ", ".join(f"{count} {fate}" for fate, count in self.files.items() if count)
        console.print(f"\nPublished in {self.seconds:.0f} s: {self.warehouse}", style="bold green")
        console.print(f"Tonight's files: {came or 'nothing new'}")
        if self.rows.get("read"):
            console.print(
                "Their rows: {read:,} read, {accepted:,} accepted, "
                "{quarantined:,} quarantined".format(**self.rows)
            )
        if self.totals:
            console.print(
                "In the warehouse: {current:,} rows of {files:,} files; {quarantined:,} rows in "
                "quarantine, {rejected:,} files rejected".format(**self.totals)
            )
        for item in self.rejected:
            console.print(f"  rejected {item['path']}: {item['message']}", style="red")
        for note in self.notes:
            console.print(f"  {note}", style="yellow")
        if self.figures:
            print_table(
                [
                    "fiscal year", "measure", "target baht", "before", "now", "of target",
                    "members reporting",
                ],
                [
                    [
                        str(f["fiscal year"]),
                        f["measure"],
                        *(
                            None if f[name] is None else Baht(f[name])
                            for name in ("target baht", "before", "now")
                        ),
                        *(
                            None if f[name] is None else Share(f[name])
                            for name in ("progress", "members reporting")
                        ),
                    ]
                    for f in self.figures
                ],
            )  # fmt: skip
            for line in self._causes_in_words():
                console.print(f"  {line}")
        for line in self._adjustments_in_words():
            console.print(f"  {line}", style="yellow")
        console.print(
            'Ask: warehouse query "from reports.rpt_programme_progress" · See: warehouse ui'
        )

    def _causes_in_words(self) -> list[str]:
        """What moved each figure most, a line each."""
        lines = []
        for figure in self.figures:
            of = (figure["fiscal year"], figure["measure"])
            causes = [c for c in self.causes if (c["fiscal year"], c["measure"]) == of]
            told = [f"{c['change baht']:+,.2f} {c['path']}" for c in causes[:_CAUSES_SHOWN]]
            if len(causes) > _CAUSES_SHOWN:
                told.append("further files in audit.night_difference")
            if told:
                lines.append(f"{of[0]} {of[1]}: {'; '.join(told)}")
        return lines

    def _adjustments_in_words(self) -> list[str]:
        """What has come to closed quarters, a line each quarter."""
        quarters: dict[str, list[str]] = {}
        for entry in self.adjustments:
            name = "{fiscal_year_be} Q{fiscal_quarter}".format(**entry)
            quarters.setdefault(name, []).append(f"{entry['measure']} {entry['adjustment']:+,.2f}")
        return [
            f"Closed quarter {name} has adjustments: {', '.join(told)} "
            "(reports.rpt_quarter_adjustment)"
            for name, told in quarters.items()
        ]


def run_night(home: Home, *, quiet: bool = False) -> NightReport:
    """Runs the nightly job now.

    Args:
        home: prepared.
        quiet: tells nothing on the way.
    """
    left_at_the_end()
    with collected_seldom():
        return _run_night(home, quiet=quiet)


def _run_night(home: Home, *, quiet: bool) -> NightReport:
    import time

    started = time.monotonic()
    try:
        # What keeps the night from beginning is said at once, before anything heavy is imported.
        with one_writer(home, "looking"), ledger_to_write(home) as ledger:
            refuse_incomplete(home, ledger)
        prepare_instance(home)
    except NightIsRunning as running:
        return NightReport(False, str(running))
    except SettingsError as refused:
        return _not_begun(home, str(refused))
    except (OSError, SQLAlchemyError) as error:
        return _not_begun(home, _home_gave_way(home, error))
    warnings.filterwarnings("ignore")
    from orchestration.show import NightProgress

    with nullcontext() if quiet else NightProgress() as shown:
        listener = shown.tell if shown else (lambda _stage, _text: None)
        with progress.listening(listener), steps_off_the_terminal():
            try:
                report = _execute(home)
            except (SettingsError, LedgerError) as error:
                report = NightReport(False, str(error))
            except Exception as error:
                if (why := _what_gave_way(home, error)) is None:
                    raise
                report = NightReport(False, why)
    if not report.published:
        _tell(home, report)
    report.seconds = round(time.monotonic() - started, 1)
    return report


def _not_begun(home: Home, reason: str) -> NightReport:
    """The report of a night that could not begin, of which operators are told."""
    report = NightReport(False, reason)
    _tell(home, report)
    return report


def _tell(home: Home, report: NightReport) -> None:
    """Has operators told why a night did not publish; what the run said itself, it has told."""
    told = tell(home, failed=Failed(report.run_id, report.reason or "the run failed"))
    report.notes += told.complaints()


def _what_gave_way(home: Home, error: Exception) -> str | None:
    """What to tell of an error that no step told; None of one that is not understood."""
    cause: BaseException | None = error
    while home.dagster_url and cause is not None:
        said = getattr(cause, "orig", None) or cause
        # Of its own database the ledger has told in words.
        if type(said).__module__.startswith("psycopg2"):
            return (
                f"Dagster's database {without_password(home.dagster_url)} does not answer "
                f"({' '.join(str(said).split())}). Start the server, or mend "
                "WAREHOUSE_DAGSTER_URL, then run the night again."
            )
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, OSError | SQLAlchemyError):
        return _home_gave_way(home, error)
    return None


def _home_gave_way(home: Home, error: OSError | SQLAlchemyError) -> str:
    """What to tell of a home that could not be written in the middle of a night."""
    if isinstance(error, ObjectStoreError):
        return str(error)
    said = getattr(error, "orig", None) or getattr(error, "strerror", None) or error
    free = shutil.disk_usage(home.root).free // 1024**2
    return (
        f"{home.root} could not be written ({said}); {free:,} MB of space are left there. "
        "Make room or mend the disk, then run the night again."
    )


def _execute(home: Home) -> NightReport:
    from dagster import DagsterInstance

    from orchestration.definitions import defs
    from orchestration.resources import BY_HAND, STARTED_BY_TAG
    from orchestration.step_output import kept_in_files_alone

    with DagsterInstance.from_config(str(home.dagster)) as instance, kept_in_files_alone():
        result = defs.resolve_job_def("nightly").execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            # The first tag is how the UI finds a job's runs.
            tags={
                ".dagster/repository": "__repository__@orchestration.definitions",
                STARTED_BY_TAG: BY_HAND,
            },
        )
        report = NightReport(result.success, run_id=result.run_id)
        if not result.success:
            report.reason = _failure(result)
        try:
            _tell_what_the_ledger_knows(report, home)
        except LedgerUnusable as error:  # what became of the night is known without it
            report.notes.append(str(error))
        _fill(report, result, home)
        if report.published and (late := behind(home)) is not None:
            report.notes.append(late.in_words())
    return report


def _tell_what_the_ledger_knows(report: NightReport, home: Home) -> None:
    """Has the report say from which runs it took over, and why the night waits where it does."""
    from orchestration.taking_over import told

    with open_ledger(home) as ledger:
        last = ledger.last_run()
        report.took_over = [told(event) for event in ledger.runs_taken_over(report.run_id)]
    if last and last["run_id"] == report.run_id and last["event_kind"] == "waiting":
        report.reason = last["reason"]
        report.waiting = last["details"]["moved"]


def _failure(result: Any) -> str:
    """Why a run failed, in the words of the first step that did."""
    if (said := failure_in_words(result.all_events)) is not None:
        return said
    failed = [
        evaluation.check_name
        for evaluation in result.get_asset_check_evaluations()
        if not evaluation.passed and evaluation.blocking
    ]
    return f"blocking checks failed: {', '.join(failed)}" if failed else "the run failed"


def failure_in_words(events: Iterable[Any]) -> str | None:
    """Why a run failed, of its events; None where none of them says why."""
    for event in events:
        if event.is_step_failure or event.is_run_failure:
            data = event.event_specific_data
            error = getattr(data, "error", None)
            while error is not None and error.cause is not None and not _says_what_to_do(error):
                error = error.cause
            if error is not None and _says_what_to_do(error):
                return _without_class(error)
            if error is not None:
                return f"{event.step_key or 'run'}: {with_advice(_without_class(error) or STOPPED)}"
    return None


def _says_what_to_do(error: Any) -> bool:
    """Whether an error is one of ours that is a sentence by itself, whatever caused it."""
    return (error.cls_name or "") in _OUR_SENTENCES


def _without_class(error: Any) -> str:
    """An error's message without the name of its Python class in front."""
    name = error.cls_name or ""
    head, _, rest = error.message.strip().partition(": ")
    return str(rest if name and head.endswith(name) else error.message.strip())


def _fill(report: NightReport, result: Any, home: Home) -> None:
    from orchestration.loads import SUBMISSIONS, store_key
    from orchestration.publish import WAREHOUSE
    from sources.contracts import discover

    materialized = {
        event.asset_key: event.step_materialization_data.materialization.metadata
        for event in result.get_asset_materialization_events()
        if event.asset_key
    }
    files: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for dataset in discover():
        metadata = materialized.get(store_key(dataset))
        if metadata is None:
            continue
        for fate in ("loaded", "rejected", "refused"):
            files[fate] += metadata[f"files {fate}"].value
        for what in ("read", "accepted", "quarantined"):
            rows[what] += metadata[f"rows {what}"].value
        report.rejected += [
            {name: str(record.data[name]) for name in ("path", "reason", "message")}
            for record in metadata["files"].records
            if record.data["fate"] == "rejected"
        ]
        report.notes += metadata["remarks"].value
        report.notes += [
            str(record.data["message"])
            for record in metadata["files"].records
            if record.data["fate"] == "elsewhere"
        ]
    if came := materialized.get(SUBMISSIONS):
        files["duplicate"] = came["duplicates"].value
        for path in came["back to earlier bytes"].value:
            report.notes.append(f"{path} is again as it once came; what came since stays.")
        for path in came["still being written"].value:
            report.notes.append(f"{path} is still being written; it is taken next night.")
        report.notes += came["loaded elsewhere"].value
        if ahead := came["loaded ahead"].value:
            report.notes.append(f"{ahead:,} files were loaded ahead of this night.")
        for path in came["folders of no dataset"].value:
            report.notes.append(f"{path} in the landing zone belongs to no dataset.")
        for path in came["vanished while looking"].value:
            report.notes.append(f"{path} vanished before it could be read.")
        for path in came["not readable"].value:
            report.notes.append(
                f"{path} may not be read by the user this runs as; it waits until it may."
            )
    report.files, report.rows = dict(files), dict(rows)
    if published := materialized.get(WAREHOUSE):
        report.totals = {
            "files": published["files loaded"].value,
            "current": published["rows current"].value,
            "quarantined": published["rows quarantined"].value,
            "rejected": published["files rejected"].value,
        }
        report.figures = [dict(record.data) for record in published["figures"].records]
        report.causes = [dict(r.data) for r in published["files behind the figures"].records]
        adjusted = published["closed quarters with adjustments"].records
        report.adjustments = [dict(record.data) for record in adjusted]
        report.warehouse = str(home.warehouse)
