"""How the warehouse is, from its ledger, its published file and its landing zone."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import duckdb
from sqlalchemy.exc import SQLAlchemyError

from orchestration.alerts.book import Book, worst_first
from orchestration.ledger import LedgerUnusable, open_ledger
from orchestration.lock import is_worked_on
from orchestration.mirror.standing import Behind, behind
from orchestration.settings import Home, Target
from orchestration.taking_over import told
from sources.clock import ClockSetBack, continue_from
from sources.contracts import discover
from sources.landed import Remembered, sha256_now
from sources.landing import Found, LandingMissing, survey
from sources.leases import live_leases
from sources.ledger import Ledger

#: Kind → matters that somebody must mend, and those of them that the last night found new.
OPEN_MATTERS_SQL = """
select kind, count(*) as open, count(*) filter (where state = 'new') as new
from reports.rpt_follow_up where state <> 'resolved' group by kind order by kind
"""


@dataclass
class Health:
    """The state of a home; healthy when `problems` is empty."""

    last_run: dict[str, Any] | None = None
    published: dict[str, Any] | None = None
    files_waiting: list[str] = field(default_factory=list)
    files_loading: list[str] = field(default_factory=list)
    files_rejected: int = 0
    rows_quarantined: int = 0
    rows_held: int = 0
    open_matters: dict[str, dict[str, int]] = field(default_factory=dict)
    failing_checks: list[dict[str, Any]] = field(default_factory=list)
    waiting: dict[str, Any] | None = None
    took_over: list[dict[str, Any]] = field(default_factory=list)
    open_alerts: list[str] = field(default_factory=list)
    mirror_behind: Behind | None = None
    lake: dict[str, Any] | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        """Whether nobody has to get up."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """The state as JSON has it; instants say that they are UTC, to be given to `--as-of`."""
        return {"healthy": self.healthy, **_in_utc(asdict(self))}

    def show(self) -> None:
        """Prints the state for a person."""
        from rich.console import Console

        console = Console(highlight=False, soft_wrap=True)
        verdict = ("Healthy", "bold green") if self.healthy else ("Not healthy", "bold red")
        console.print(verdict[0], style=verdict[1])
        for problem in self.problems:
            console.print(f"  {problem}", style="red")
        if self.last_run:
            console.print(
                "Last run        {run_id} {event_kind} at {occurred_at} UTC".format(**self.last_run)
            )
        for run in self.took_over:
            console.print(f"Took over       {run['reason']}")
        if self.published:
            console.print(
                "Published       {published_at} UTC, {files_loaded} files, "
                "{rows_loaded:,} rows".format(**self.published)
            )
        if self.lake:
            console.print("Lakehouse       snapshot {snapshot}, run {run_id}".format(**self.lake))
        console.print(f"Files waiting   {len(self.files_waiting)}")
        for path in self.files_waiting[:10]:
            console.print(f"  {path}")
        if self.files_loading:
            console.print(f"Files loading   {len(self.files_loading)}")
        for sentence in self.files_loading[:10]:
            console.print(f"  {sentence}")
        console.print(f"Files rejected  {self.files_rejected}")
        console.print(
            f"Quarantined     {self.rows_quarantined:,} rows; "
            f"{self.rows_held:,} wait for another record"
        )
        found = self.open_matters.values()
        console.print(
            f"Open matters    {sum(m['open'] for m in found):,}; "
            f"{sum(m['new'] for m in found):,} of them new"
        )
        for kind, matters in self.open_matters.items():
            console.print("  {kind}: {open:,}, {new:,} new".format(kind=kind, **matters))
        console.print(f"Open alerts     {len(self.open_alerts)}")
        console.print(f"Failing checks  {len(self.failing_checks)}")
        for check in self.failing_checks:
            console.print(
                "  {dataset_or_model}.{check_name}: {observed} ({severity})".format(**check)
                + _since_in_words(check)
            )


def _in_utc(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _in_utc(of) for name, of in value.items()}
    if isinstance(value, list):
        return [_in_utc(one) for one in value]
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return value.replace(tzinfo=dt.UTC)
    return value


def _since_in_words(check: Mapping[str, Any]) -> str:
    if "failing_since" not in check:
        return ""
    nights = check["nights_failing"]
    return (
        f", since {check['failing_since']:%Y-%m-%d %H:%M} UTC, "
        f"{nights:,} {'night' if nights == 1 else 'nights'}"
    )


def health(home: Home) -> Health:
    """Looks at a home without changing it."""
    state = Health()
    if not home.root.is_dir():
        state.problems.append(f"There is no warehouse in {home.root}. Run `warehouse run` first.")
        return state
    try:
        with open_ledger(home) as ledger:
            _look_at_runs(state, ledger, home)
            alerts = worst_first(Book(ledger.engine).open_matters().values())
            state.open_alerts = [alert.headline for alert in alerts]
            _look_at_landing(state, ledger, home)
    except LedgerUnusable as error:
        state.problems.append(str(error))
    except SQLAlchemyError as error:  # SQLite cannot open its log where no space is left
        free = shutil.disk_usage(home.root).free // 1024**2
        state.problems.append(
            f"The ledger in {home.root} cannot be read ({getattr(error, 'orig', error)}); "
            f"{free:,} MB of space are left there."
        )
    if home.warehouse.exists():
        try:
            _look_at_published(state, home)
            _look_at_mirror(state, home)
            if home.target is Target.ducklake:
                _look_at_lake(state, home)
        except duckdb.Error as error:
            state.problems.append(
                f"The published warehouse {home.warehouse} cannot be read "
                f"({str(error).splitlines()[0]}). Look at its permissions and at the disk; where "
                "it is damaged, a night replaces it: `warehouse run`."
            )
    else:
        state.problems.append("Nothing is published yet. Run `warehouse run`.")
    return state


def _look_at_runs(state: Health, ledger: Ledger, home: Home) -> None:
    last = ledger.last_run()
    if last is None:
        return
    state.last_run = {
        name: last[name] for name in ("run_id", "event_kind", "occurred_at", "reason")
    }
    if last["event_kind"] == "not_published":
        state.problems.append(f"The last run published nothing: {last['reason']}")
    if waits := ledger.waiting_run():
        state.waiting = {
            "run_id": waits["run_id"],
            "since": waits["occurred_at"],
            "moved": waits["details"]["moved"],
        }
        state.problems.append(f"Run {waits['run_id']} waits for approval. {waits['reason']}")
    if last["event_kind"] == "cut_short":
        state.problems.append(f"{last['reason']} Run the night again: `warehouse run`.")
    if last["event_kind"] == "started":
        began = f"The last run began at {last['occurred_at']:%Y-%m-%d %H:%M} UTC"
        if is_worked_on(home, last["run_id"]):
            state.problems.append(f"{began} and is running.")
        else:
            state.problems.append(
                f"{began} and was cut short: no process works on it. Nothing need be cleaned; the "
                "next run takes over: `warehouse run`."
            )
    state.took_over = [told(event) for event in ledger.runs_taken_over()]
    _look_at_clock(state, ledger)


def _look_at_clock(state: Health, ledger: Ledger) -> None:
    try:
        continue_from(ledger.last_event_at())
    except ClockSetBack as error:
        state.problems.append(str(error))


def _look_at_landing(state: Health, ledger: Ledger, home: Home) -> None:
    try:
        lying = survey(home.landing, list(discover()))
    except (LandingMissing, OSError) as error:
        if not any(str(error) in problem for problem in state.problems):
            state.problems.append(str(error))
        return
    state.files_loading = [lease.in_words() for lease in live_leases(ledger)]
    at_path = ledger.latest_at_paths()
    remembered = Remembered(home.landed_objects)
    state.files_waiting = [
        file.path
        for file in lying.files
        if at_path.get((file.dataset, file.path)) != _sha256_now(file, remembered)
    ] + [*lying.being_written, *lying.unreadable]


def _sha256_now(file: Found, remembered: Remembered) -> str:
    """Its SHA-256; empty, which is no file's, where it cannot be read now: so it waits."""
    try:
        return sha256_now(file, remembered)
    except OSError:
        return ""


def _look_at_published(state: Health, home: Home) -> None:
    with duckdb.connect(str(home.warehouse), read_only=True) as db:
        run = db.execute(
            "select run_id, published_at, files_loaded, rows_loaded from audit.published_run "
            "order by published_at desc limit 1"
        ).fetchone()
        if run:
            names = ("run_id", "published_at", "files_loaded", "rows_loaded")
            state.published = dict(zip(names, run, strict=True))
        rejected, quarantined = db.execute(
            "select count(*) filter (where status = 'rejected'), "
            "coalesce(sum(rows_quarantined) filter (where status = 'loaded'), 0)::bigint "
            "from audit.load_file"
        ).fetchone() or (0, 0)
        held = db.execute(
            "select count(*) from (select distinct file_id, sheet_name, row_number "
            "from audit.quarantined_row where held)"
        ).fetchone() or (0,)
        state.files_rejected, state.rows_quarantined, state.rows_held = (
            rejected,
            quarantined,
            held[0],
        )
        failing = db.execute(
            "select dataset_or_model, check_name, severity, observed from audit.check_result "
            "where run_id = ? and not passed order by all",
            [state.published["run_id"] if state.published else ""],
        )
        names = ("dataset_or_model", "check_name", "severity", "observed")
        state.failing_checks = [dict(zip(names, row, strict=True)) for row in failing.fetchall()]
        # A home whose last night was run by an older software has neither of these tables.
        tables = db.execute("select table_name from duckdb_tables()").fetchall()
        if ("rpt_follow_up",) in tables:
            state.open_matters = {
                kind: {"open": count, "new": new}
                for kind, count, new in db.execute(OPEN_MATTERS_SQL).fetchall()
            }
        if ("check_history",) in tables:
            _look_at_since(state, db)
    age = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    if state.published and age - state.published["published_at"] > dt.timedelta(hours=36):
        state.problems.append(
            f"What is published is of {state.published['published_at']:%Y-%m-%d %H:%M} UTC: no "
            "night has published since. Is the daemon running (`warehouse ui`)?"
        )
    blocking = [check for check in state.failing_checks if check["severity"] == "error"]
    if blocking:
        state.problems.append(f"{len(blocking)} checks that block publication fail.")


def _look_at_lake(state: Health, home: Home) -> None:
    from orchestration.lake.attaching import LakeFailed
    from orchestration.lake.reading import nights

    try:
        last = nights(home)[-1]
    except (LakeFailed, IndexError) as error:
        state.problems.append(str(error) or "Nothing is published in the lakehouse yet.")
        return
    state.lake = last.as_dict()
    if state.published and last.run_id != state.published["run_id"]:
        state.problems.append(
            f"The lakehouse shows run {last.run_id[:8]}, and this home has published run "
            f"{state.published['run_id'][:8]}. The next night publishes in both: `warehouse run`."
        )


def _look_at_mirror(state: Health, home: Home) -> None:
    state.mirror_behind = behind(home)
    if state.mirror_behind is not None:
        state.problems.append(state.mirror_behind.in_words())


def _look_at_since(state: Health, db: duckdb.DuckDBPyConnection) -> None:
    """Adds to every failing check since when it has failed, and in how many nights."""
    since = {
        (about, check): (began_at, nights)
        for about, check, began_at, nights in db.execute(
            "select dataset_or_model, check_name, failing_since_at, nights_failing "
            "from audit.check_history where not passed"
        ).fetchall()
    }
    for check in state.failing_checks:
        check["failing_since"], check["nights_failing"] = since[
            check["dataset_or_model"], check["check_name"]
        ]
