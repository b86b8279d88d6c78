"""What a night changes: the warehouse about to be published against the one that is.

    both files ── count and checksum a table ──▶ the tables that differ ── rows by their grain ──▶
    lines of rows: a table, then the files behind it
    lines of figures: each headline figure, then what every file added to it or took away

Rows are told apart by 64-bit hashes, of the whole row and of its grain: two among a million share
one with a chance of three in a hundred million.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from sources.ledger_relations import RELATIONS
from sources.sql import identifier, literal, quoted, records

#: Files told one by one, a table or a figure, those that changed most first; the ledger keeps every
#: night's lines for good, so the further ones are summed on one line.
FILES_TOLD = 200

HEADLINES = "reports.rpt_programme_progress"
#: The rows that add up to the headline figures, and what of them is needed to say so.
OUTCOMES = "marts.fct_financial_outcome"
_OUTCOME = ("fiscal_year_be", "programme_measure", "amount", "file_id", "sheet_name", "row_number")

#: Of a line, beside its run and its place in it, as the ledger keeps it.
LINE_COLUMNS = ", ".join(
    f"{name} {column.data_type}"
    for name, column in RELATIONS["night_difference"].columns.items()
    if name not in ("run_id", "difference_number", "previous_run_id")
)

#: What of the earlier rows is gone, and which file took it away: the withdrawn file itself, else
#: the one whose row or version stands instead, else the file that stood.
_CAUSED_SQL = """
create or replace temp table caused as
with gone as (
    select distinct before_file_id, before_sheet_name, before_row_number
    from changed where was_there
),
taken as (
    select
        superseded.file_id, superseded.sheet_name, superseded.row_number,
        case when bool_or(superseded.superseded_why = 'file_withdrawn') then superseded.file_id
            else max(superseded.by_file_id) end as by_file_id
    from audit.superseded_row as superseded
    join gone
        on superseded.file_id = gone.before_file_id
        and superseded.row_number = gone.before_row_number
        and superseded.sheet_name is not distinct from gone.before_sheet_name
    group by superseded.file_id, superseded.sheet_name, superseded.row_number
)
select
    'fiscal_year_be=' || coalesce(after_fiscal_year_be, before_fiscal_year_be)
    || ', measure=' || coalesce(after_programme_measure, before_programme_measure) as figure_key,
    coalesce(
        case when was_there then taken.by_file_id end, after_file_id, before_file_id
    ) as file_id,
    sum(coalesce(after_amount, 0) - coalesce(before_amount, 0)) as figure_change_baht,
    count(*) filter (not was_there) as rows_added,
    count(*) filter (was_there and is_there) as rows_changed,
    count(*) filter (not is_there) as rows_removed
from changed
left join taken
    on changed.before_file_id = taken.file_id
    and changed.before_row_number = taken.row_number
    and changed.before_sheet_name is not distinct from taken.sheet_name
where coalesce(after_programme_measure, before_programme_measure) is not null
group by all
having figure_change_baht <> 0
"""

#: A line for every file of `caused`, the further ones summed.
_FILE_LINES_SQL = f"""
insert into difference by name
with paths as (
    select file_id, arg_min(path, receipt_id) as path from audit.load_file
    where status not in ('duplicate', 'rejected') group by file_id
),
ranked as (
    select
        caused.*, paths.path,
        row_number() over (
            partition by figure_key
            order by abs(figure_change_baht) desc nulls last,
                rows_added + rows_changed + rows_removed desc, file_id
        ) > {FILES_TOLD} as is_further
    from caused left join paths using (file_id)
)
select
    $kind as kind,
    case when is_further then 'further_files' else 'file' end as line,
    $table_name as table_name,
    figure_key,
    case when is_further then null else file_id end as file_id,
    case when is_further then null else path end as path,
    count(*) as files,
    sum(rows_added)::bigint as rows_added,
    sum(rows_changed)::bigint as rows_changed,
    sum(rows_removed)::bigint as rows_removed,
    sum(figure_change_baht) as figure_change_baht
from ranked
group by all
"""

Columns = Mapping[str, Mapping[str, str]]


def record_differences(
    db: duckdb.DuckDBPyConnection,
    published: Path,
    run_id: str,
    grains: Mapping[str, Sequence[str]],
) -> None:
    """Adds to `audit.night_difference` of the built warehouse what it changes in the published one.

    Args:
        db: the built warehouse, open for writing.
        published: what is published; there may be nothing yet.
        run_id: the run that built.
        grains: `schema.table` → the columns that tell its rows apart, of every table to compare.
    """
    now = _columns(db, _catalog(db))
    before: Columns = {}
    previous_run_id = None
    db.execute(f"create or replace temp table difference ({LINE_COLUMNS})")
    if published.exists():
        db.execute(f"attach {quoted(str(published))} as earlier (read_only)")
        before = _columns(db, "earlier")
        previous_run_id = _last_run(db)
    try:
        _compare_figures(db, before)
        for table in sorted(grains):
            _compare_table(db, table, grains[table], now[table], before.get(table))
        db.execute(
            f"""
            insert into audit.night_difference by name
            select
                {quoted(run_id)} as run_id,
                cast(row_number() over (
                    order by kind, table_name, figure_key,
                        array_position(['total', 'file', 'further_files'], line),
                        abs(figure_change_baht) desc nulls last,
                        rows_added + rows_changed + rows_removed desc, file_id
                ) as integer) as difference_number,
                cast({literal(previous_run_id)} as varchar) as previous_run_id,
                *
            from difference
            """
        )
    finally:
        if published.exists():
            db.execute("detach earlier")


def differences_of(db: duckdb.DuckDBPyConnection, run_id: str) -> list[dict[str, Any]]:
    """The lines of a run in a warehouse, in order, as `record_differences` made them."""
    return records(
        db,
        f"select * from audit.night_difference where run_id = {quoted(run_id)} "
        "order by difference_number",
    )


def _catalog(db: duckdb.DuckDBPyConnection) -> str:
    (name,) = db.execute("select current_database()").fetchone() or ("",)
    return str(name)


def _columns(db: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, dict[str, str]]:
    """`schema.table` → its columns with their types, in order."""
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in db.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        f"where database_name = {quoted(catalog)} and not internal "
        "order by table_oid, column_index"
    ).fetchall():
        tables.setdefault(table, {})[column] = kind
    return tables


def _last_run(db: duckdb.DuckDBPyConnection) -> str | None:
    row = db.execute(
        "select arg_max(run_id, published_at) from earlier.audit.published_run"
    ).fetchone()
    return row[0] if row else None


def _compare_table(
    db: duckdb.DuckDBPyConnection,
    table: str,
    grain: Sequence[str],
    now: Mapping[str, str],
    before: Mapping[str, str] | None,
) -> None:
    """Adds the lines of one table; none where it is as it was."""
    line: dict[str, Any] = {"kind": "rows", "line": "total", "table_name": table}
    if before is None:
        (count,) = db.execute(f"select count(*) from {table}").fetchone() or (0,)
        _add(db, line | {"rows_after": count, "remark": "the table is new"})
        return
    shared = [name for name, kind in now.items() if before.get(name) == kind]
    remark = _columns_changed(now, before)
    counts = [_checksum(db, name, shared) for name in (f"earlier.{table}", table)]
    if counts[0] == counts[1] and remark is None:
        return
    line |= {"rows_before": counts[0][0], "rows_after": counts[1][0], "remark": remark}
    if not set(grain) <= set(shared):
        _add(db, line)
        return
    of_figures = table == OUTCOMES and set(_OUTCOME) <= set(shared)
    carried = _OUTCOME if of_figures else [n for n in ("file_id",) if n in shared]
    _find_changed(db, table, grain, shared, carried)
    added, changed, removed = db.execute(
        "select count(*) filter (not was_there), count(*) filter (was_there and is_there), "
        "count(*) filter (not is_there) from changed"
    ).fetchone() or (0, 0, 0)
    line |= {"rows_added": added, "rows_changed": changed, "rows_removed": removed}
    if "file_id" in carried:
        # A changed row counts once, for the file it stands in now.
        db.execute(
            "create or replace temp table caused as select cast(null as varchar) as figure_key, "
            "coalesce(after_file_id, before_file_id) as file_id, "
            "cast(null as decimal(38, 2)) as figure_change_baht, "
            "count(*) filter (not was_there) as rows_added, "
            "count(*) filter (was_there and is_there) as rows_changed, "
            "count(*) filter (not is_there) as rows_removed from changed group by all"
        )
        line["files"] = _add_files(db, "rows", table)
    _add(db, line)
    if of_figures:
        db.execute(_CAUSED_SQL)
        _add_files(db, "figure", HEADLINES)


def _columns_changed(now: Mapping[str, str], before: Mapping[str, str]) -> str | None:
    """Which columns came, went or are of another type, in words; None where all are the same."""
    said = [
        f"{word} {', '.join(names)}"
        for word, names in (
            ("new columns", [name for name in now if name not in before]),
            ("columns gone", [name for name in before if name not in now]),
            ("columns of another type", [n for n in now if before.get(n, now[n]) != now[n]]),
        )
        if names
    ]
    return "; ".join(said) or None


def _checksum(db: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> tuple[int, Any]:
    """How many rows a table has, and a sum over them that their order does not change."""
    row = db.execute(f"select count(*), sum({_hash(columns)}) from {table}").fetchone()
    return row or (0, None)


def _hash(columns: Sequence[str]) -> str:
    return f"hash({', '.join(identifier(name) for name in columns)})"


def _find_changed(
    db: duckdb.DuckDBPyConnection,
    table: str,
    grain: Sequence[str],
    shared: Sequence[str],
    carried: Sequence[str],
) -> None:
    """Makes `changed`: a row for every key whose row is new, says something else or is gone.

    Its columns are `was_there`, `is_there`, and the carried ones `before_…` and `after_…`.
    """
    names = "".join(f", {identifier(name)}" for name in carried)
    both = "".join(
        f", was.{identifier(name)} as {identifier(f'before_{name}')}"
        f", stands.{identifier(name)} as {identifier(f'after_{name}')}"
        for name in carried
    )
    side = f"select {_hash(grain)} as grain_hash, {_hash(shared)} as row_hash{names}"
    db.execute(
        f"""
        create or replace temp table changed as
        with was as (
            from ({side} from earlier.{table}) as of_before
            anti join (select {_hash(shared)} as row_hash from {table}) as of_now using (row_hash)
        ),
        stands as (
            from ({side} from {table}) as of_now
            anti join (select {_hash(shared)} as row_hash from earlier.{table}) as of_before
                using (row_hash)
        )
        select was.grain_hash is not null as was_there, stands.grain_hash is not null as is_there
            {both}
        from was full outer join stands on was.grain_hash = stands.grain_hash
        """
    )


def _compare_figures(db: duckdb.DuckDBPyConnection, before: Columns) -> None:
    """Adds a line for every headline figure, changed or not: its history is read off these."""
    comparable = {"fiscal_year_be", "measure", "actual_baht"} <= set(before.get(HEADLINES, ()))
    earlier = f"earlier.{HEADLINES}" if comparable else f"(from {HEADLINES} where false)"
    db.execute(
        f"""
        insert into difference by name
        select
            'figure' as kind, 'total' as line, '{HEADLINES}' as table_name,
            'fiscal_year_be=' || fiscal_year_be || ', measure=' || measure as figure_key,
            was.actual_baht as figure_before_baht,
            stands.actual_baht as figure_after_baht,
            coalesce(stands.actual_baht, 0) - coalesce(was.actual_baht, 0) as figure_change_baht
        from {earlier} as was
        full outer join {HEADLINES} as stands using (fiscal_year_be, measure)
        """
    )


def _add_files(db: duckdb.DuckDBPyConnection, kind: str, table: str) -> int:
    """Adds the file lines of `caused`; returns how many files there are."""
    db.execute(_FILE_LINES_SQL, {"kind": kind, "table_name": table})
    (files,) = db.execute("select count(distinct file_id) from caused").fetchone() or (0,)
    return int(files)


def _add(db: duckdb.DuckDBPyConnection, line: Mapping[str, Any]) -> None:
    db.execute(
        f"insert into difference ({', '.join(line)}) "
        f"values ({', '.join(map(literal, line.values()))})"
    )
