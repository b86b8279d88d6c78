"""The console script `warehouse`: what operators and analysts type.

Heavy things (Dagster, dbt, Great Expectations) are imported by the commands that need them, so
that `query`, `status` and `--help` answer at once.
"""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from orchestration import settings
from orchestration.querying import Format, NothingPublished, as_json, require_published
from orchestration.service import Service
from orchestration.settings import Home, SettingsError, Target
from sources.objects import Place

app = typer.Typer(
    name="warehouse",
    help="The cluster warehouse: takes in what coordinators send, judges it, builds the reporting "
    "warehouse and publishes it whole.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text.")]


def _print_json(value: Any) -> None:
    typer.echo(as_json(value))


def _tell_versions(asked: bool) -> None:
    if not asked:
        return
    from orchestration.versions import versions

    for name, number in versions().items():
        typer.echo(f"{name} {number}")
    raise typer.Exit


@app.callback()
def warehouse(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_tell_versions,
            is_eager=True,
            help="Say the versions of this software and of what it stands on.",
        ),
    ] = False,
) -> None:
    """Takes what stands before the command."""


@app.command()
def run(
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Build the warehouse as it would have been published at this time (ISO 8601; "
            "without an offset it is Bangkok time) into --out, and change nothing else.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The DuckDB file --as-of writes.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Runs one night: takes in what came, judges it, builds, checks, publishes.

    By the same Dagster job as the schedule at 01:30; watch it in `warehouse ui`. Exits 0 when a
    warehouse was published, 1 when not, with the reason; last night's then stays in place.
    """
    if (as_of is None) != (out is None):
        raise SettingsError("--as-of and --out go together: when, and where to write it.")
    home = settings.load()
    _prepare_or_tell(home)
    if as_of is not None and out is not None:
        _run_as_of(home, as_of, out, as_json)
        return
    from orchestration.dbt_process import at_hand

    with at_hand(home):
        from orchestration.night import run_night

        report = run_night(home, quiet=as_json)
    if as_json:
        _print_json(report.as_dict())
    else:
        report.show()
    raise typer.Exit(0 if report.published else 1)


def _prepare_or_tell(home: Home) -> None:
    """Makes the home ready; has operators told where that cannot be done."""
    try:
        home.prepare()
    except SettingsError as error:
        from orchestration.alerts.telling import Failed, tell

        _complain(tell(home, failed=Failed(None, str(error))).complaints())
        raise


def _complain(complaints: list[str]) -> None:
    """Says what of the telling of alerts went wrong."""
    for complaint in complaints:
        typer.echo(f"warehouse: {complaint}", err=True)


def _run_as_of(home: Home, as_of: str, out: Path, as_json: bool) -> None:
    from orchestration.instants import parse_time

    instant = parse_time(as_of)
    from orchestration import progress
    from orchestration.manifest import BuildFailed
    from orchestration.show import NightProgress
    from orchestration.time_travel import RebuildFailed, rebuild

    with nullcontext() if as_json else NightProgress() as shown:
        listener = shown.tell if shown else (lambda _stage, _text: None)
        try:
            with progress.listening(listener), progress.steps_off_the_terminal():
                written = rebuild(home, instant, out.absolute())
        except (RebuildFailed, BuildFailed) as error:
            typer.echo(f"Not written: {error}", err=True)
            raise typer.Exit(1) from error
    if as_json:
        _print_json({"published": True, "as_of": f"{instant.isoformat()}Z", "file": str(written)})
    else:
        typer.echo(f"The warehouse as of {instant:%Y-%m-%d %H:%M:%S} UTC is in {written}.")


@app.command()
def load(
    workers: Annotated[
        int,
        typer.Option(
            min=1,
            max=64,
            help="So many processes of this machine load at once.",
        ),
    ] = 1,
    as_json: Json = False,
) -> None:
    """Loads what waits in the landing zone now, and publishes nothing: the next night does.

    May run on several machines at once, and while a night runs: every file is loaded once. Where
    WAREHOUSE_CELERY_BROKER is set the Celery workers load. Exits 0 when all that waited is loaded,
    rejected or being loaded elsewhere, 1 when not, with the reason; run it again then.
    """
    home = settings.load()
    home.prepare()
    from orchestration.load import load_now

    report = load_now(home, workers=workers, quiet=as_json)
    if as_json:
        _print_json(report.as_dict())
    else:
        report.show()
    raise typer.Exit(0 if report.complete else 1)


@app.command()
def ui() -> None:
    """Opens Dagster's webserver and daemon on 127.0.0.1; the schedule runs while it is open."""
    home = settings.load()
    home.prepare()
    from orchestration.instance import prepare_instance
    from orchestration.manifest import prepare_manifest
    from orchestration.service import take_over_in_words

    prepare_instance(home)
    for said in take_over_in_words(home):
        typer.echo(said)
    prepare_manifest()
    settings.export()
    port = str(settings.port())
    typer.echo(f"Dagster on http://127.0.0.1:{port} (home {home.root}); Ctrl-C ends it.")
    os.chdir(settings.PROJECT)
    beside = Path(sys.executable).with_name("dagster")
    os.execv(  # noqa: S606 - replaces this process by Dagster's own
        beside, [str(beside), "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", port]
    )


@app.command()
def service(
    name: Annotated[Service, typer.Argument(metavar="NAME", help="Which one.")],
    sockets: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder of the services' sockets; `sockets` in the home when unset."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether it answers: exit code 0, or 1.")
    ] = False,
) -> None:
    """Runs one service of a server: code, daemon, webserver or viewer (the read-only UI).

    For systemd's units and for containers (deploy/). The four meet on Unix sockets in one folder;
    none listens on the network: a proxy with a login stands before the webserver and the viewer.
    """
    home = settings.load()
    folder = (sockets or home.root / "sockets").absolute()
    from orchestration.service import answers, serve

    if check:
        raise typer.Exit(0 if answers(name, folder) else 1)
    home.prepare()
    settings.export()
    serve(home, name, folder)


@app.command()
def status(as_json: Json = False) -> None:
    """Says how the warehouse is: last run, what is published, what waits, what fails.

    Exits 0 when healthy: something is published, the last run published it and no check that
    blocks publication fails. Rejected files and quarantined rows are the coordinators' matter and
    do not make the warehouse unhealthy.
    """
    home = settings.load()
    from orchestration.status import health

    state = health(home)
    if as_json:
        _print_json(state.as_dict())
    else:
        state.show()
    raise typer.Exit(0 if state.healthy else 1)


@app.command()
def heartbeat(
    no_daemon: Annotated[
        bool,
        typer.Option(
            "--no-daemon", help="Nights are started by cron: do not look for Dagster's daemon."
        ),
    ] = False,
    test: Annotated[
        bool, typer.Option("--test", help="Send a test message to every address, and no more.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Looks whether all is well and has operators told what is new; for a timer, every 10 minutes.

    Looks at Dagster's daemon, at what was due to be published, at nights, files and checks; sends
    what could not be delivered before. Each matter is told once, and once when it is over. Exits
    0 when nobody has to get up, 1 otherwise.
    """
    home = settings.load()
    if test:
        _test_alerts(home, as_json)
        return
    from orchestration.alerts.heartbeat import beat

    found, told = beat(home, expects_daemon=not no_daemon)
    if as_json:
        _print_json(found.as_dict())
    else:
        for line in found.lines():
            typer.echo(line)
    _complain(told.complaints())
    raise typer.Exit(0 if found.healthy else 1)


def _test_alerts(home: Home, as_json: bool) -> None:
    if not home.alerts:
        raise SettingsError("WAREHOUSE_ALERTS is not set: there is nobody to send a test to.")
    home.prepare()
    from orchestration.alerts.delivery import send_test

    results = send_test(home)
    if as_json:
        _print_json({name: {"delivered": why is None, "why": why} for name, why in results.items()})
    else:
        for name, why in results.items():
            typer.echo(f"{name}: {'delivered' if why is None else why}")
    raise typer.Exit(1 if any(results.values()) else 0)


@app.command()
def query(
    sql: Annotated[
        str | None,
        typer.Argument(
            help="SQL for DuckDB; `from reports.…` alone will do. Without it a shell opens, or "
            "SQL is read from standard input where that is no terminal."
        ),
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
    night: Annotated[
        str | None,
        typer.Option(
            metavar="RUN_OR_DAY",
            help="Ask an earlier night of the lakehouse: a run, a snapshot or a day.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Runs SQL on the published warehouse, read-only: it reads no other file and writes none."""
    home = settings.load()
    form = Format.json if as_json else output
    if sql is None and night is None and sys.stdin.isatty():
        from orchestration.shell import Shell, history_in, state_folder

        Shell(home, history_in(state_folder()), form).run()
        return
    import duckdb

    from orchestration.querying import as_text, ask, opened

    with opened(home, night) as db:
        try:
            answer = ask(db, sys.stdin.read() if sql is None else sql)
        except duckdb.Error as error:
            typer.echo(f"warehouse query: {error}", err=True)
            raise typer.Exit(1) from error
    text = as_text(answer, form)
    if text is not None:
        typer.echo(text, nl=False)
    else:
        from orchestration.show import print_table

        print_table(answer.names, answer.rows)


@app.command()
def tables(
    name: Annotated[
        str | None, typer.Argument(help="A table, with its schema or without; all when unset.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Lists the published tables and what a row of each is; of one, its columns."""
    home = settings.load()
    from orchestration import catalogue
    from orchestration.catalogue_shown import show_description, show_tables
    from orchestration.querying import opened

    with opened(home) as db:
        if name is not None:
            described = catalogue.describe(db, name)
            if as_json:
                _print_json(described.as_dict())
            else:
                show_description(described)
            return
        every = catalogue.tables(db)
    if as_json:
        _print_json([one.as_dict() for one in every])
    else:
        show_tables(every)


@app.command()
def snapshots(as_json: Json = False) -> None:
    """Lists the nights that the lakehouse still has, each with its snapshot.

    Any of them can be asked: `warehouse query --night`, or `at (version => …)` in SQL.
    """
    home = settings.load()
    from orchestration.lake.reading import nights

    if home.target is not Target.ducklake:
        raise SettingsError(
            "There is no lakehouse: WAREHOUSE_TARGET is not ducklake. `warehouse status` says what "
            "is published."
        )
    found = [one.as_dict() for one in nights(home)]
    if as_json:
        _print_json(found)
        return
    from orchestration.show import print_table

    print_table(["snapshot", "run", "published at (UTC)"], [list(one.values()) for one in found])


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than loopback needs TLS before it.")
    ] = "127.0.0.1",
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether it answers: exit code 0, or 1.")
    ] = False,
) -> None:
    """Serves the published warehouse to other programs and machines, read-only, over Quack.

    Follows every night that publishes. Clients are DuckDB 1.5 with its extension quack; they
    bring the token of WAREHOUSE_SERVE_TOKEN, or of the file serve_token in the home. Ctrl-C or
    SIGTERM ends it.
    """
    home = settings.load()
    from orchestration.serving.server import Server, answers, run_until_told

    if check:
        raise typer.Exit(0 if answers(host, home.serve_port) else 1)
    home.root.mkdir(parents=True, exist_ok=True)
    if home.serve_token is None:
        typer.echo(f"The token is in {home.serve_token_file}.")
    run_until_told(Server(home, host, home.serve_port, typer.echo))


@app.command()
def withdraw(
    path_or_id: Annotated[
        str, typer.Argument(help="The file's path, also just below the landing zone, or its id.")
    ],
    undo: Annotated[bool, typer.Option("--undo", help="Put the rows back.")] = False,
    as_json: Json = False,
) -> None:
    """Takes a file's rows out of the next night's warehouse; --undo puts them back.

    A path takes out every version that came at it, an id that version alone. The file and what is
    known of it stay; the published warehouse changes with the next `warehouse run`.
    """
    home = settings.load()
    home.prepare()
    from dataclasses import asdict

    from orchestration.withdrawal import withdraw as take_out

    touched = take_out(home, path_or_id, undo=undo)
    if as_json:
        _print_json([asdict(file) for file in touched])
        return
    for file in touched:
        typer.echo(f"{file.event_kind} {file.path} ({file.file_id[:12]})")
    typer.echo("The next night publishes without them." if not undo else "The next night has them.")


@app.command()
def forget(
    person_id: Annotated[
        str, typer.Argument(metavar="ID", help="A natural person's national id, 13 digits.")
    ],
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who decides; it is recorded.")
    ] = None,
    note: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Why; kept in the ledger. Do not name the person."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be removed and leave all as it is.")
    ] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Do not ask; needed where nobody can be asked."),
    ] = False,
    lift: Annotated[
        bool, typer.Option("--lift", help="Take later files of the person in again.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Removes a natural person from archive, store and every later publication.

    Every row of the person goes, in every file and every version of it; the id goes from lists of
    participants and from other text. Later files are taken in without the person. It cannot be
    undone: --lift lets later files name the person again, and brings nothing back. The record says
    when, by whom and how much, not who. Exits 0 when nothing of the person is left.
    """
    home = settings.load()
    home.prepare()
    from orchestration import forgetting

    person = forgetting.person_of(person_id)
    if lift:
        forgetting.lift(home, person, by, note)
        if as_json:
            _print_json({"lifted": True})
        else:
            typer.echo("Later files are taken in with this person; nothing was brought back.")
        return

    def agree(removal: forgetting.Removal) -> bool:
        if not as_json:
            typer.echo("\n".join(forgetting.in_words(removal)))
        if dry_run:
            return False
        if yes:
            return True
        if as_json or not sys.stdin.isatty():
            raise SettingsError(
                "Nothing was removed. It cannot be undone, so where nobody can be asked it wants "
                "--yes; --dry-run shows what would go."
            )
        return typer.confirm("Remove this for ever?")

    removal, done = forgetting.forget(home, person, by, note, agree)
    is_gone = done or (removal.is_known and not removal.any)
    if as_json:
        told = forgetting.what_to_do(home, removal) if done else []
        _print_json({"forgotten": is_gone, **removal.as_dict(), "to_do": told})
    elif done:
        typer.echo("\n".join(["Forgotten.", *forgetting.what_to_do(home, removal)]))
    elif is_gone:
        typer.echo("This person is forgotten already, and nothing of them is left.")
    else:
        typer.echo("Nothing was removed; everything is as it was.")
    raise typer.Exit(0 if is_gone or dry_run else 1)


By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides; it is recorded.")]
Note = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Why; kept in the ledger, not published.")
]
FiscalYear = Annotated[int, typer.Argument(metavar="YEAR", help="Fiscal year, e.g. 2558.")]
Quarter = Annotated[str, typer.Argument(metavar="QUARTER", help="Q1 to Q4.")]


@app.command()
def approve(
    run_id: Annotated[
        str, typer.Argument(metavar="RUN", help="The run that waits: its id, or 8 characters.")
    ],
    by: By,
    as_json: Json = False,
) -> None:
    """Publishes a night that waits because its headline figures moved far.

    Exactly the file that the night built and checked; a later night that published or waits
    takes its place and it can be approved no longer.
    """
    home = settings.load()
    home.prepare()
    from dataclasses import asdict

    from orchestration import approval

    approved = approval.approve(home, run_id, by)
    from orchestration.alerts.telling import tell

    if home.publish_postgres is not None:
        _mirror_or_complain(home)
    _complain(tell(home).complaints())
    if as_json:
        _print_json(asdict(approved))
        return
    typer.echo(f"Published run {approved.run_id}, approved by {approved.approved_by}:")
    for figure in approved.figures:
        typer.echo("  {fiscal_year_be} {measure}: {actual_baht:,.2f} baht".format(**figure))


def _mirror_or_complain(home: Home) -> None:
    """Renews the mirror after a publication; what keeps it from that undoes nothing."""
    from orchestration.mirror.mirroring import mirror_published
    from orchestration.mirror.server import MirrorFailed

    try:
        mirror_published(home)
    except MirrorFailed as error:
        _complain([f"It is published, but not mirrored: {error}"])


@app.command()
def mirror(as_json: Json = False) -> None:
    """Mirrors what is published into the PostgreSQL database of WAREHOUSE_PUBLISH_POSTGRES, now.

    Every night that publishes does it by itself, and so does an approval: this is for a mirror
    that was left behind, and after an earlier version was put in the published one's place. In
    one transaction what differs becomes as it is published; whoever reads is not held up. Exits 0
    when the mirror shows what is published, else 1, with the reason.
    """
    home = settings.load()
    from dataclasses import asdict

    from orchestration.alerts.telling import tell
    from orchestration.mirror.mirroring import mirror_published
    from orchestration.mirror.server import MirrorFailed

    if home.publish_postgres is not None:
        home.prepare()
    try:
        done = mirror_published(home)
    except MirrorFailed as error:
        _complain(tell(home).complaints())
        if as_json:
            _print_json({"mirrored": False, "reason": str(error)})
        else:
            typer.echo(f"Not mirrored: {error}", err=True)
        raise typer.Exit(1) from error
    _complain(tell(home).complaints())
    if as_json:
        _print_json({"mirrored": True, **asdict(done)})
        return
    typer.echo(done.in_words())
    for note in done.notes:
        typer.echo(note)


@app.command()
def close(
    year: FiscalYear, quarter: Quarter, by: By, note: Note = None, as_json: Json = False
) -> None:
    """Closes a fiscal quarter: its figures, as published now, are fixed.

    From the next night on, what comes late to it shows as an adjustment beside the closed
    figures (reports.rpt_quarter_closing) and never changes those.
    """
    home = settings.load()
    home.prepare()
    from orchestration import closing

    decided = closing.close(home, year, closing.quarter_number(quarter), by, note)
    if as_json:
        _print_quarter(decided)
        return
    typer.echo(
        f"Closed {year} Q{decided.fiscal_quarter} by {decided.decided_by}, as run "
        f"{decided.run_id} published it: {len(decided.figures)} figures."
    )
    for measure, amount in decided.totals.items():
        typer.echo(f"  {measure}: {amount:,.2f}")
    typer.echo("The next night shows what came since as adjustments.")


@app.command()
def reopen(
    year: FiscalYear, quarter: Quarter, by: By, note: Note = None, as_json: Json = False
) -> None:
    """Reopens a closed fiscal quarter: from the next night on its figures are open again."""
    home = settings.load()
    home.prepare()
    from orchestration import closing

    decided = closing.reopen(home, year, closing.quarter_number(quarter), by, note)
    if as_json:
        _print_quarter(decided)
        return
    typer.echo(
        f"Reopened {year} Q{decided.fiscal_quarter} by {decided.decided_by}; what was fixed stays "
        "in the ledger. The next night publishes without it."
    )


def _print_quarter(decided: Any) -> None:
    from dataclasses import asdict

    _print_json(asdict(decided) | {"totals": decided.totals})


@app.command()
def quarantine(
    dataset: Annotated[str | None, typer.Option(help="Only this dataset's rows.")] = None,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Only files most of whose rows name this cluster."),
    ] = None,
    xlsx: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write a workbook to mend and send back; into a folder, one a coordinator.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Lists the rows that are not in the warehouse, why, and what to do about each.

    A held row waits for another record (its cluster, its enterprise's registration) and is
    released by itself on the night that one comes. Workbooks hold personal data: give each to the
    coordinator whose it is.
    """
    home = settings.load()
    require_published(home)
    from orchestration.quarantine import listed, write_workbooks

    if xlsx is not None:
        written = write_workbooks(home, xlsx.absolute(), dataset, cluster)
        if as_json:
            _print_json([book.as_dict() for book in written])
            return
        for book in written:
            rows = sum(entry.rows for entry in book.entries)
            typer.echo(f"Wrote {book.file}: {len(book.entries)} files, {rows:,} rows to mend.")
        if not written:
            typer.echo("Nothing is quarantined; nothing was written.")
        return
    names, found = listed(home, dataset, cluster)
    if as_json:
        _print_json([dict(zip(names, row, strict=True)) for row in found])
        return
    from orchestration.show import print_table

    told_below = ("dataset", "is_sent_again", "file_id", "message")
    shown = [name for name in names if name not in told_below]
    places = [names.index(name) for name in shown]
    again = names.index("is_sent_again")
    sent_again = sum(row[again] for row in found)
    found = [row for row in found if not row[again]]
    print_table(shown, [[row[place] for place in places] for row in found])
    if sent_again:
        typer.echo(f"{sent_again:,} more were sent again in a later file; --json has them.")
    told = {row[names.index("reason")]: row[names.index("message")] for row in found}
    for reason, message in sorted(told.items()):
        typer.echo(f"{reason}: {message}")


@app.command()
def trace(
    table: Annotated[str, typer.Argument(help="A published table, e.g. rpt_programme_progress.")],
    keys: Annotated[
        list[str],
        typer.Argument(metavar="KEY=VALUE…", help="Which rows, e.g. fiscal_year_be=2558."),
    ],
    column: Annotated[
        str | None, typer.Option(help="Explain this column alone; every one when unset.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=0, help="Rows of files to show with their text, a column.")
    ] = 20,
    as_json: Json = False,
) -> None:
    """Says where a number comes from: the files, the rows and what stands in them.

    The rows that contribute most are shown with the text they came with, read from the archive;
    personal data in it is masked. An enterprise may be named by juristic_id=… in any table that
    has its enterprise_key.
    """
    home = settings.load()
    require_published(home)
    from orchestration import trace as tracing

    found = tracing.trace(home, table, keys, column, limit)
    if as_json:
        _print_json(found.as_dict())
    else:
        tracing.show(found)


@app.command()
def rejudge(
    dataset: Annotated[
        str | None, typer.Argument(help="The dataset; all of them when unset.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change and leave all as it is.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Take it over without asking, on a terminal too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Judges every archived file again by the contracts as they are now, and shows what changes.

    For a contract that changed (a new code, a new synonym, another bound) or software that reads
    better. On a terminal it asks before the new judgements are taken over; what is published
    changes with the next `warehouse run`, and an earlier time can still be built by the earlier
    judgements.
    """
    home = settings.load()
    home.prepare()
    from orchestration import progress
    from orchestration import rejudge as rejudging
    from orchestration.lock import NightIsRunning
    from orchestration.show import NightProgress
    from sources.rejudging import ArchiveIncomplete, Changes

    shown = None if as_json else NightProgress()

    def tell(stage: str, text: str) -> None:
        # A file's fate alone says nothing here; what is shown is what comes out otherwise.
        if shown and stage in ("reading", "judging"):
            shown.tell(stage, text)

    def agree(changes: list[Changes]) -> bool:
        if shown:
            shown.status.stop()
            rejudging.show(changes)
        if dry_run:
            return False
        if yes or as_json or not sys.stdin.isatty():
            return True
        return typer.confirm("Take this over, for the next night to build from?")

    try:
        datasets = rejudging.chosen(dataset)
        with shown or nullcontext(), progress.listening(tell):
            changes, taken_over = rejudging.rejudge(home, datasets, agree)
    except (rejudging.JudgesDisagree, NightIsRunning, ArchiveIncomplete) as error:
        typer.echo(f"Not judged again: {error}", err=True)
        raise typer.Exit(1) from error
    if as_json:
        _print_json(rejudging.as_json(changes, taken_over))
    elif not any(of.files_judged for of in changes):
        rejudging.show(changes)
    elif taken_over:
        typer.echo(f"{taken_over} new judgements are recorded; the next night builds from them.")
    else:
        typer.echo("Nothing was taken over; everything is as it was.")


@app.command()
def doctor(as_json: Json = False) -> None:
    """Examines the installation: settings, permissions, clock, disk, ledger, store, services.

    Says of each problem what to type. Changes nothing; works when things are broken. Exits 0 when
    nothing keeps a night from running.
    """
    from orchestration.doctor import examine

    found = examine()
    if as_json:
        _print_json(found.as_dict())
    else:
        found.show()
    raise typer.Exit(0 if found.well else 1)


@app.command()
def housekeeping(as_json: Json = False) -> None:
    """Removes what is old: runs, logs, published versions, leftovers of killed writers.

    Dagster does it every morning at 04:15 while its daemon runs; without the daemon, have cron
    do it. How long each is kept is a setting. Files that were taken in, and the ledger, are kept
    for ever.
    """
    home = settings.load()
    home.prepare()
    from dagster import DagsterInstance

    from orchestration.housekeeping import keep_house
    from orchestration.instance import write_instance_config

    write_instance_config(home)
    with DagsterInstance.from_config(str(home.dagster)) as instance:
        done = keep_house(home, instance)
    if as_json:
        _print_json([one.as_dict() for one in done])
        return
    for one in done:
        typer.echo(f"{one.count:>7,}  {one.what} ({one.bytes_freed / 1e6:,.1f} MB)")


BackupFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help="The back-up's folder, best on another disk.")
]


@app.command()
def backup(
    folder: BackupFolder,
    keep: Annotated[
        int, typer.Option(min=1, help="How many back-ups that are complete stay in the folder.")
    ] = 7,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Make none: read every byte of those there are and compare."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Backs up archive, store, ledger, key, published warehouse and Dagster's history.

    At any time, also while a night runs. What the folder has already is not copied again. It
    holds personal data and the key: it is open to its owner alone, and is to be kept so. Exits 0
    when the back-up is complete and undamaged.
    """
    home = settings.load()
    from orchestration import backup as backing_up
    from orchestration.backup_folder import BackupFolder as Folder
    from orchestration.show import counting

    if verify:
        kept = Folder(folder.resolve())
        wrong = kept.damaged()
        if as_json:
            _print_json({"generations": kept.names(), "damaged": wrong})
        else:
            for what, files in wrong.items():
                typer.echo(f"{what} It is {', '.join(files[:3])}")
            typer.echo(
                f"{len(kept.names())} back-ups in {folder}: "
                + (f"{len(wrong)} damages." if wrong else "every byte is as it was written.")
            )
        raise typer.Exit(1 if wrong or not kept.names() else 0)
    with counting("Backing up", quiet=as_json) as tell:
        done = backing_up.back_up(home, folder, keep, tell)
    if as_json:
        _print_json(backing_up.as_dict(done))
    else:
        typer.echo(
            f"Backed up {done.files:,} files to {done.folder} as {done.generation}; "
            f"{done.files_copied:,} were copied ({done.bytes_copied / 1e6:,.1f} MB)."
        )
        for line in [*done.notes, *(f"Missing: {what}" for what in done.missing)]:
            typer.echo(line)
    raise typer.Exit(1 if done.missing else 0)


@app.command()
def restore(
    folder: BackupFolder,
    generation: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which back-up; the last complete one when unset."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Makes a home again from a back-up, where WAREHOUSE_HOME is and holds nothing yet.

    Every byte is checked before anything is put in its place. Analysts have the warehouse at
    once; the next `warehouse run` publishes anew.
    """
    home = settings.load()
    from dataclasses import asdict

    from orchestration import restore as restoring
    from orchestration.show import counting

    with counting("Restoring", quiet=as_json) as tell:
        done = restoring.restore(home, folder, generation, tell)
    if as_json:
        _print_json(asdict(done))
        return
    typer.echo(f"Restored {done.files:,} files of {done.generation} to {done.home}.")
    for note in done.notes:
        typer.echo(note)
    typer.echo("Type `warehouse doctor`, then `warehouse run`.")


@app.command()
def template(
    dataset: Annotated[
        str, typer.Argument(help="The dataset, e.g. as its landing folder is named.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE.xlsx", help="The workbook to write.")],
    as_json: Json = False,
) -> None:
    """Writes a dataset's empty workbook: Thai headers, drop-downs for codes, a help sheet."""
    from sources.contracts import discover
    from sources.template import write_template

    contracts = discover()
    if dataset not in contracts:
        raise SettingsError(f"There is no dataset {dataset!r}; there are {', '.join(contracts)}.")
    written = write_template(contracts[dataset], out.absolute())
    if as_json:
        _print_json({"dataset": dataset, "file": str(written)})
    else:
        typer.echo(f"Wrote {written}.")


@app.command()
def sample(
    out: Annotated[
        str | None,
        typer.Option(help="Folder or URL to write to; the landing zone when unset."),
    ] = None,
    scale: Annotated[float, typer.Option(help="Size; 1 is some 300 members.", min=0.01)] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 2558,
    if_empty: Annotated[
        bool,
        typer.Option(
            "--if-empty",
            help="Write only where the folder has no file yet, and no file was ever loaded.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Writes the bundled sample landing zone.

    The cluster registrations are the programme's 17 clusters; members, activities and outcomes
    are synthetic and say so, with the mistakes that coordinators make.
    """
    if out is None:
        home = settings.load()
        home.prepare()
        place = home.landing
        if if_empty and _has_loaded_files(home):
            # Its landing zone is emptied by whoever brings the files; the sample is not for it.
            typer.echo(f"{home.root} has loaded files already; no sample was written.")
            return
    else:
        root = settings.load().root if "://" in out else Path()
        place = settings.place_of(out, root, "--out")
    if if_empty and _has_files(place):
        typer.echo(f"{place} has files already; nothing was written.")
        return
    from sources.sampling import write_sample

    written = write_sample(place, scale=scale, seed=seed)
    if as_json:
        _print_json([str(path) for path in written])
    else:
        typer.echo(f"Wrote {len(written)} sample files to {place}.")


def _has_files(place: Place) -> bool:
    if isinstance(place, Path):
        return place.is_dir() and any(path.is_file() for path in place.rglob("*"))
    return bool(place.listing())


def _has_loaded_files(home: Home) -> bool:
    """Whether files were ever taken in here; asking makes no ledger."""
    from orchestration.ledger import open_ledger
    from sources.ledger_copy import sqlite_file

    if (file := sqlite_file(home.ledger_url)) is not None and not file.exists():
        return False
    with open_ledger(home) as ledger:
        return bool(ledger.loaded_files())


def main() -> None:
    """Runs the console script; what a user can mend is said in a sentence, not a traceback."""
    import logging

    logging.captureWarnings(True)
    try:
        app()
    except (SettingsError, NothingPublished) as error:
        typer.echo(f"warehouse: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        typer.echo(f"warehouse: {error.strerror or error}{where}", err=True)
        sys.exit(1)


__all__ = ["Home", "app", "main"]
