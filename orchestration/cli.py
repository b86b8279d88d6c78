"""The console script `warehouse`: what operators and analysts type.

Heavy things (Dagster, dbt, Great Expectations) are imported by the commands that need them, so
that `query`, `status` and `--help` answer at once.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import sys
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from orchestration import settings
from orchestration.settings import Home, SettingsError

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


class Format(StrEnum):
    """How `query` prints."""

    table = "table"
    csv = "csv"
    json = "json"


class NothingPublished(RuntimeError):
    """There is no published warehouse to read."""


def _plain(value: Any) -> Any:
    """A value as JSON has it; decimals and instants as text would lose nothing."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


@app.command()
def run(as_json: Json = False) -> None:
    """Runs one night: takes in what came, judges it, builds, checks, publishes.

    By the same Dagster job as the schedule at 01:30; watch it in `warehouse ui`. Exits 0 when a
    warehouse was published, 1 when not, with the reason; last night's then stays in place.
    """
    home = settings.load()
    home.prepare()
    from orchestration.night import run_night

    report = run_night(home, quiet=as_json)
    if as_json:
        _print_json(report.as_dict())
    else:
        report.show()
    raise typer.Exit(0 if report.published else 1)


@app.command()
def ui() -> None:
    """Opens Dagster's webserver and daemon on 127.0.0.1; the schedule runs while it is open."""
    home = settings.load()
    home.prepare()
    from orchestration.instance import write_instance_config
    from orchestration.transform import prepare_manifest

    write_instance_config(home)
    prepare_manifest()
    port = str(settings.port())
    typer.echo(f"Dagster on http://127.0.0.1:{port} (home {home.root}); Ctrl-C ends it.")
    os.chdir(settings.PROJECT)
    beside = Path(sys.executable).with_name("dagster")
    os.execv(  # noqa: S606 - replaces this process by Dagster's own
        beside, [str(beside), "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", port]
    )


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
def query(
    sql: Annotated[str, typer.Argument(help="SQL for DuckDB; `from reports.…` alone will do.")],
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
    as_json: Json = False,
) -> None:
    """Runs SQL on the published warehouse, read-only."""
    import duckdb

    home = settings.load()
    if not home.warehouse.exists():
        raise NothingPublished(
            f"Nothing is published in {home.published} yet. Run `warehouse run` first."
        )
    with duckdb.connect(str(home.warehouse), read_only=True) as db:
        try:
            answer = db.execute(sql)
            names = [column[0] for column in answer.description or []]
            rows = answer.fetchall()
        except duckdb.Error as error:
            typer.echo(f"warehouse query: {error}", err=True)
            raise typer.Exit(1) from error
    if as_json or output is Format.json:
        _print_json([dict(zip(names, row, strict=True)) for row in rows])
    elif output is Format.csv:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
        typer.echo(text.getvalue(), nl=False)
    else:
        from orchestration.show import print_table

        print_table(names, rows)


@app.command()
def sample(
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to; the landing zone when unset.")
    ] = None,
    scale: Annotated[float, typer.Option(help="Size; 1 is some 300 members.", min=0.01)] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 2558,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Write only where the folder has no file yet.")
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
        out = home.landing
    if if_empty and out.is_dir() and any(path.is_file() for path in out.rglob("*")):
        typer.echo(f"{out} has files already; nothing was written.")
        return
    from sources.sampling import write_sample

    written = write_sample(out, scale=scale, seed=seed)
    if as_json:
        _print_json([str(path) for path in written])
    else:
        typer.echo(f"Wrote {len(written)} sample files to {out}.")


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
