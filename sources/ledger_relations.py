"""What the transformation reads of the ledger: each relation declared once, written as Parquet.

The declaration gives the relation its query, its columns with their types and meanings, and the
column that says when a row came to be, so that an earlier time is the same with fewer rows. The
dbt sources file is made from it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from sources.ledger import Ledger, runs_cut_short
from sources.ledger_forgetting import Remaining
from sources.ledger_tables import (
    check_result,
    closed_figure,
    file_event,
    forgetting_event,
    matter_event,
    night_difference,
    quarter_event,
    run_event,
)

#: The type in dbt → how Arrow says it.
_ARROW_TYPES = {
    "varchar": "string",
    "bigint": "int64",
    "integer": "int32",
    "boolean": "bool",
    "timestamp": "timestamp[us]",
    "date": "date32",
}


#: A row of the ledger → the row that is read of it.
Tell = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]


class LedgerColumn(NamedTuple):
    """A column of a relation: its type in dbt, and what it means."""

    data_type: str
    description: str


@dataclass(frozen=True)
class Relation:
    """One relation that the transformation reads.

    Attributes:
        description: what a row is.
        instant: the column that says when a row came to be.
        columns: name → type and meaning, in order.
        query: selects these columns (what else `told` looks at beside them), in order.
        of_earlier_nights: leaves out what the night that is built, or built again, said itself.
        told: makes, of a connection, what tells a row as it is to be read, or None where it is
            none any more; None where every row is told as it stands.
    """

    description: str
    instant: str
    columns: Mapping[str, LedgerColumn]
    query: Callable[[], sa.Select[Any]]
    of_earlier_nights: bool = False
    told: Callable[[sa.Connection], Tell] | None = None


@dataclass(frozen=True)
class ThisNight:
    """The night that is built.

    Attributes:
        run_id: Dagster's run; None where an earlier time is built before any night.
        began_at: when it began (UTC).
    """

    run_id: str | None
    began_at: dt.datetime


def _published_runs() -> sa.Select[Any]:
    started = run_event.alias()
    return (
        sa.select(
            run_event.c.run_id,
            sa.func.min(started.c.occurred_at, type_=sa.DateTime).label("started_at"),
            run_event.c.occurred_at.label("published_at"),
            run_event.c.git_sha,
            run_event.c.files_loaded,
            run_event.c.rows_loaded,
        )
        .join(
            started,
            sa.and_(started.c.run_id == run_event.c.run_id, started.c.event_kind == "started"),
        )
        .where(run_event.c.event_kind == "published")
        .group_by(run_event.c.event_id)
        .order_by(run_event.c.event_id)
    )


def _told_of_files(connection: sa.Connection) -> Tell:
    remaining = Remaining(connection)
    return lambda row: {**remaining.of_file(row), **_details_of_a_file(row["details"] or {})}


def _told_of_figures(connection: sa.Connection) -> Tell:
    return Remaining(connection).of_figure


def _details_of_a_file(details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "unknown_columns": ", ".join(details.get("unknown_columns", [])) or None,
        "total_rows": details.get("total_rows_passed_over", 0),
        "total_row_numbers": ", ".join(details.get("total_row_numbers", [])) or None,
    }


RELATIONS: dict[str, Relation] = {
    "file_event": Relation(
        description="What happened to which file, when; never updated.",
        instant="occurred_at",
        columns={
            "event_id": LedgerColumn("bigint", "The event; later ones have higher ids."),
            "event_kind": LedgerColumn(
                "varchar", "loaded, rejected, duplicate, withdrawn or reinstated."
            ),
            "dataset": LedgerColumn("varchar", "The dataset the file was sent for."),
            "path": LedgerColumn("varchar", "Where it lay, below the landing zone."),
            "file_id": LedgerColumn("varchar", "SHA-256 of the file's bytes."),
            "contract_version": LedgerColumn("varchar", "The contract it was judged by."),
            "occurred_at": LedgerColumn("timestamp", "When (UTC)."),
            "run_id": LedgerColumn("varchar", "The run that did it; empty for a command."),
            "reason": LedgerColumn("varchar", "Reason code of a rejection."),
            "message": LedgerColumn("varchar", "The reason in words."),
            "rows_read": LedgerColumn("bigint", "Rows in the file."),
            "rows_accepted": LedgerColumn("bigint", "Of these, accepted."),
            "rows_quarantined": LedgerColumn("bigint", "Of these, not accepted."),
            "control_total": LedgerColumn("decimal(38, 2)", "Sum of the rows' money columns."),
            "unknown_columns": LedgerColumn("varchar", "Headers that no column answers to."),
            "total_rows": LedgerColumn("bigint", "Total rows that were passed over."),
            "total_row_numbers": LedgerColumn("varchar", "Where those stand."),
        },
        query=lambda: sa.select(file_event).order_by(file_event.c.event_id),
        told=_told_of_files,
    ),
    "check_result": Relation(
        description="What every check found in every run that came to its end.",
        instant="checked_at",
        columns={
            "run_id": LedgerColumn("varchar", "The run."),
            "checked_at": LedgerColumn("timestamp", "When (UTC)."),
            "tool": LedgerColumn("varchar", "Who judged: great_expectations or dbt."),
            "dataset_or_model": LedgerColumn("varchar", "What was judged."),
            "check_name": LedgerColumn("varchar", "By which rule."),
            "severity": LedgerColumn("varchar", "What it means when it fails."),
            "passed": LedgerColumn("boolean", "Whether it holds."),
            "observed": LedgerColumn("varchar", "What was found, in words."),
            "unexpected_count": LedgerColumn("bigint", "Rows against it."),
        },
        query=lambda: (
            sa.select(check_result)
            .where(check_result.c.run_id.not_in(runs_cut_short()))
            .order_by(check_result.c.result_id)
        ),
    ),
    "published_run": Relation(
        description="Runs that published a warehouse, before this one.",
        instant="published_at",
        columns={
            "run_id": LedgerColumn("varchar", "The run."),
            "started_at": LedgerColumn("timestamp", "When it began (UTC)."),
            "published_at": LedgerColumn("timestamp", "When it published (UTC)."),
            "git_sha": LedgerColumn("varchar", "The commit of the software."),
            "files_loaded": LedgerColumn("integer", "Files whose rows count."),
            "rows_loaded": LedgerColumn("bigint", "Rows that count."),
        },
        query=_published_runs,
    ),
    "matter_event": Relation(
        description="Matters to follow up that earlier nights opened or found resolved.",
        instant="occurred_at",
        of_earlier_nights=True,
        columns={
            "event_id": LedgerColumn("bigint", "The event; later ones have higher ids."),
            "matter_id": LedgerColumn("varchar", "The matter: a hash of its kind and identity."),
            "run_id": LedgerColumn("varchar", "The run that published it."),
            "occurred_at": LedgerColumn("timestamp", "When it published (UTC)."),
            "event_kind": LedgerColumn("varchar", "opened or resolved."),
            "kind": LedgerColumn("varchar", "What kind of matter it is."),
            "cluster_code": LedgerColumn("varchar", "The cluster that must mend it."),
            "sender": LedgerColumn("varchar", "Who sent the file; null where it is about none."),
            "dataset": LedgerColumn("varchar", "Dataset of the file."),
            "path": LedgerColumn("varchar", "The file."),
            "column_name": LedgerColumn("varchar", "Column at fault."),
            "reason": LedgerColumn("varchar", "Reason code."),
            "waits_for": LedgerColumn("varchar", "What held rows wait for; null where personal."),
            "fiscal_year_be": LedgerColumn("integer", "Fiscal year it is about."),
            "fiscal_quarter": LedgerColumn("integer", "Quarter it is about."),
            "row_count": LedgerColumn("bigint", "Rows (members of a missing report) when opened."),
            "amount_baht": LedgerColumn("decimal(38, 2)", "Their money when opened."),
            "what_th": LedgerColumn("varchar", "What it is, in Thai."),
            "what_en": LedgerColumn("varchar", "What it is, in English."),
            "action_th": LedgerColumn("varchar", "What to do, in Thai."),
            "action_en": LedgerColumn("varchar", "What to do, in English."),
        },
        query=lambda: sa.select(matter_event).order_by(matter_event.c.event_id),
    ),
    "night_difference": Relation(
        description="What changed in the published warehouse by every night before this one.",
        instant="recorded_at",
        columns={
            "run_id": LedgerColumn("varchar", "The run."),
            "difference_number": LedgerColumn("integer", "The line's place among the run's."),
            "previous_run_id": LedgerColumn("varchar", "The run that had published before."),
            "kind": LedgerColumn("varchar", "rows or figure."),
            "line": LedgerColumn("varchar", "total, file or further_files."),
            "table_name": LedgerColumn("varchar", "The published table."),
            "figure_key": LedgerColumn("varchar", "Which of its figures."),
            "file_id": LedgerColumn("varchar", "The file that caused it."),
            "path": LedgerColumn("varchar", "Where that file lay."),
            "files": LedgerColumn("bigint", "How many files the line speaks of."),
            "rows_before": LedgerColumn("bigint", "Rows published before."),
            "rows_after": LedgerColumn("bigint", "Rows published now."),
            "rows_added": LedgerColumn("bigint", "Rows that are new."),
            "rows_changed": LedgerColumn("bigint", "Rows that say something else."),
            "rows_removed": LedgerColumn("bigint", "Rows that are gone."),
            "figure_before_baht": LedgerColumn("decimal(38, 2)", "The figure before."),
            "figure_after_baht": LedgerColumn("decimal(38, 2)", "The figure now."),
            "figure_change_baht": LedgerColumn("decimal(38, 2)", "Now less before."),
            "remark": LedgerColumn("varchar", "What else is to be known."),
        },
        query=lambda: sa.select(night_difference).order_by(night_difference.c.difference_id),
    ),
    "quarter_event": Relation(
        description="Quarters that were closed or reopened, when and by whom; never updated.",
        instant="occurred_at",
        columns={
            "event_id": LedgerColumn("bigint", "The event; later ones have higher ids."),
            "event_kind": LedgerColumn("varchar", "closed or reopened."),
            "fiscal_year_be": LedgerColumn("integer", "Fiscal year, Buddhist era."),
            "fiscal_quarter": LedgerColumn("integer", "Quarter of the fiscal year."),
            "occurred_at": LedgerColumn("timestamp", "When (UTC)."),
            "decided_by": LedgerColumn("varchar", "Who, as given with the command."),
            "run_id": LedgerColumn("varchar", "The run whose figures are fixed."),
            "published_at": LedgerColumn("timestamp", "When that run published (UTC)."),
            "snapshot_id": LedgerColumn("varchar", "The rows that counted, in the store."),
        },
        query=lambda: sa.select(quarter_event).order_by(quarter_event.c.event_id),
    ),
    "closed_figure": Relation(
        description="What a quarter's figures were when it was closed; never updated.",
        instant="occurred_at",
        columns={
            "event_id": LedgerColumn("bigint", "The closing."),
            "cluster_code": LedgerColumn("varchar", "The cluster."),
            "measure": LedgerColumn("varchar", "The measure."),
            "amount": LedgerColumn("decimal(38, 2)", "Sum of its outcomes; baht or people."),
            "enterprises": LedgerColumn("bigint", "Enterprises with such an outcome."),
        },
        query=lambda: (
            sa.select(closed_figure, quarter_event.c.occurred_at)
            .join(quarter_event, closed_figure.c.event_id == quarter_event.c.event_id)
            .order_by(closed_figure.c.figure_id)
        ),
        told=_told_of_figures,
    ),
    "forgetting_event": Relation(
        description="Natural persons who were forgotten: when, not who; never updated.",
        instant="occurred_at",
        columns={
            "event_id": LedgerColumn("bigint", "The event; later ones have higher ids."),
            "event_kind": LedgerColumn("varchar", "forgotten or lifted."),
            "occurred_at": LedgerColumn("timestamp", "When (UTC)."),
            "files_changed": LedgerColumn("bigint", "Files in which something was taken out."),
            "rows_removed": LedgerColumn("bigint", "Rows that were taken out."),
        },
        query=lambda: sa.select(
            forgetting_event.c.event_id,
            forgetting_event.c.event_kind,
            forgetting_event.c.occurred_at,
            forgetting_event.c.files_changed,
            forgetting_event.c.rows_removed,
        ).order_by(forgetting_event.c.event_id),
    ),
}

#: The one relation that is no query: the night itself, one row.
THIS_NIGHT = "this_night"
THIS_NIGHT_COLUMNS = {
    "run_id": LedgerColumn("varchar", "The run; null for a time before any night."),
    "began_at": LedgerColumn("timestamp", "When it began (UTC)."),
    "began_on": LedgerColumn("date", "The day it began, in Bangkok."),
}
_BANGKOK = dt.timedelta(hours=7)
#: Rows of the ledger that are in memory at a time.
_BATCH = 20_000


def write_relations(
    ledger: Ledger,
    folder: Path,
    night: ThisNight,
    as_of: dt.datetime | None = None,
    within: sa.Connection | None = None,
) -> dict[str, Path]:
    """Writes what the transformation reads of the ledger as Parquet files.

    Args:
        ledger: what happened.
        folder: where to.
        night: the night that is built.
        as_of: cuts off what happened later (UTC); None keeps everything.
        within: the transaction to read in (`Ledger.one_moment`); None for one of its own.

    Returns:
        Relation name → its file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    with ledger.one_moment() if within is None else nullcontext(within) as connection:
        for name, relation in RELATIONS.items():
            query = relation.query()
            told = query.selected_columns
            if as_of is not None:
                query = query.where(told[relation.instant] <= as_of)
            if relation.of_earlier_nights and night.run_id is not None:
                query = query.where(told["run_id"] != night.run_id)
            paths[name] = _write(
                folder / f"{name}.parquet",
                relation.columns,
                _told(connection, query, relation, relation.told(connection))
                if relation.told
                else _batches(connection, query, relation),
            )
    this_night = {
        "run_id": night.run_id,
        "began_at": night.began_at,
        "began_on": (night.began_at + _BANGKOK).date(),
    }
    paths[THIS_NIGHT] = _write(
        folder / f"{THIS_NIGHT}.parquet",
        THIS_NIGHT_COLUMNS,
        [{name: [value] for name, value in this_night.items()}],
    )
    return paths


def _batches(
    connection: sa.Connection, query: sa.Select[Any], relation: Relation
) -> Iterator[Mapping[str, Sequence[Any]]]:
    """The columns of a query's rows, a bounded number of rows at a time.

    As the database's driver gives them: Arrow makes a column of instants or of amounts out of text
    at once, where SQLAlchemy would make every value of it (550,000 results of checks: 4 s).
    """
    told = query.selected_columns
    chosen = query.with_only_columns(
        *(sa.type_coerce(told[name], sa.types.NullType()).label(name) for name in relation.columns)
    )
    for rows in connection.execution_options(yield_per=_BATCH).execute(chosen).partitions():
        yield dict(zip(relation.columns, zip(*rows, strict=True), strict=True))


def _told(
    connection: sa.Connection, query: sa.Select[Any], relation: Relation, tell: Tell
) -> Iterator[Mapping[str, Sequence[Any]]]:
    """The same where rows are not told as they stand."""
    for rows in (
        connection.execution_options(yield_per=_BATCH).execute(query).mappings().partitions()
    ):
        told = [read for row in rows if (read := tell(dict(row))) is not None]
        yield {name: [row[name] for row in told] for name in relation.columns}


def _write(
    path: Path,
    columns: Mapping[str, LedgerColumn],
    batches: Iterable[Mapping[str, Sequence[Any]]],
) -> Path:
    import pyarrow as pa
    from pyarrow import parquet

    types = {
        name: pa.decimal128(38, 2)
        if column.data_type.startswith("decimal")
        else pa.type_for_alias(_ARROW_TYPES[column.data_type])
        for name, column in columns.items()
    }

    with parquet.ParquetWriter(path, pa.schema(types.items())) as writer:
        for batch in batches:
            writer.write_table(
                pa.table({name: _column(batch[name]).cast(types[name]) for name in columns})
            )
    return path


def _column(values: Sequence[Any]) -> Any:
    """An Arrow array of values of the ledger: of few of them their text, of many what they are.

    `pyarrow.array` imports pandas first, which takes a third of a second; texts are made slower.
    """
    import pyarrow as pa

    if len(values) == _BATCH:
        return pa.array(values)
    texts = pa.lib.StringBuilder()
    texts.append_values(
        value if value is None or isinstance(value, str) else str(value) for value in values
    )
    return texts.finish()
