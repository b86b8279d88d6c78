"""Asking the published warehouse: opened read-only, locked, and an answer in three forms."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from orchestration.settings import Home, SettingsError, Target

if TYPE_CHECKING:
    import duckdb


class Format(StrEnum):
    """How an answer is printed."""

    table = "table"
    csv = "csv"
    json = "json"


class NothingPublished(RuntimeError):
    """There is no published warehouse that can be read; the message says what to do."""


@dataclass(frozen=True)
class Answer:
    """What a statement gave."""

    names: list[str]
    rows: list[tuple[Any, ...]]


def require_published(home: Home) -> None:
    """Makes sure that there is something to read; a lake says so itself when it is opened.

    Raises:
        NothingPublished: there is not.
    """
    if home.target is not Target.ducklake and not home.warehouse.exists():
        raise NothingPublished(
            f"Nothing is published in {home.published} yet. Run `warehouse run` first."
        )


def connected(home: Home, night: str | None = None) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the published warehouse as it is now.

    Args:
        home: whose; where the target is ducklake, the lake is read.
        night: an earlier night of a lake: a run, a snapshot's number or a day.

    Raises:
        NothingPublished: there is none, or it does not open.
        SettingsError: a lake cannot be read, or there is none to have earlier nights.
    """
    import duckdb  # every command imports this module; not every one asks

    if home.target is Target.ducklake:
        from orchestration.lake.reading import lake_of

        return lake_of(home, night)
    if night is not None:
        raise SettingsError(
            "Earlier nights are asked of a lakehouse (WAREHOUSE_TARGET=ducklake). Here `warehouse "
            "run --as-of TIME --out FILE` builds an earlier time again."
        )
    require_published(home)
    try:
        return duckdb.connect(str(home.warehouse), read_only=True)
    except duckdb.Error as error:
        raise NothingPublished(
            f"The published warehouse {home.warehouse} cannot be read "
            f"({str(error).splitlines()[0]}). `warehouse doctor` says more."
        ) from error


@contextmanager
def opened(home: Home, night: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published warehouse as it is now, which reads no other file and writes none.

    Args:
        home: see `connected`.
        night: see `connected`.

    Raises:
        NothingPublished: there is none, or it does not open.
        SettingsError: a lake cannot be read.
    """
    with connected(home, night) as db:
        if home.target is Target.ducklake:
            from orchestration.lake.reading import lock

            lock(db)
            yield db
            return
        # Read-only holds for the warehouse; this holds for `copy … to` any other file, too.
        db.execute("set enable_external_access = false")
        yield db


def edition(home: Home, db: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    """What is another once another night is published: of the file, or of the lake's snapshot."""
    if home.target is Target.ducklake:
        from orchestration.lake.reading import snapshot_of

        return (snapshot_of(db),)
    stat = home.warehouse.stat()
    return stat.st_dev, stat.st_ino, stat.st_mtime_ns


def ask(db: duckdb.DuckDBPyConnection, sql: str) -> Answer:
    """Runs SQL; of a lake, questions alone.

    Raises:
        duckdb.Error: it cannot be run.
    """
    if db.execute("select 1 from duckdb_databases() where type = 'ducklake'").fetchall():
        from orchestration.lake.questions import refuse_more_than_questions

        refuse_more_than_questions(db, sql)
    answer = db.execute(sql)
    names = [column[0] for column in answer.description or []]
    return Answer(names, answer.fetchall())


def plain(value: Any) -> Any:
    """A value as JSON has it; what JSON has no type for, as text (bytes in hex)."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def as_json(value: Any) -> str:
    """JSON for programs; Thai stays Thai."""
    try:
        return json.dumps(value, ensure_ascii=False, indent=2, default=plain)
    except TypeError:  # a map of DuckDB has keys of any type
        return json.dumps(_with_text_keys(value), ensure_ascii=False, indent=2, default=plain)


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key if isinstance(key, str) else str(plain(key)): _with_text_keys(of)
            for key, of in value.items()
        }
    return [_with_text_keys(one) for one in value] if isinstance(value, list | tuple) else value


def as_csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Comma-separated text with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue()


def as_text(answer: Answer, form: Format) -> str | None:
    """An answer in a form for programs; None for a table, which is drawn."""
    match form:
        case Format.json:
            records = [dict(zip(answer.names, row, strict=True)) for row in answer.rows]
            return as_json(records) + "\n"
        case Format.csv:
            return as_csv(answer.names, answer.rows)
        case Format.table:
            return None
