"""A lakehouse in small: a home whose target it is, and warehouses of a few rows to publish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from small_home import home_at

from orchestration import settings
from orchestration.lake import rows
from orchestration.lake.committing import Committed, commit
from orchestration.mirror.keys import Key, Keys

#: What goes over the wire at a commit: the last statement before it, and PostgreSQL's answer to it.
LAST_STATEMENT, COMMITTED = b'INSERT INTO "public".ducklake_snapshot ', b"C\x00\x00\x00\x0bCOMMIT"
KEYS = Keys({("marts", "fct_outcome"): Key(("outcome_id",))})
#: Every kind of value that a published table may have, and some that none has yet.
KINDS = """
    'ผ้าไหม ''x''' as text, null::varchar as nothing, '' as empty, 12345678901234.56::decimal(18,2)
    as amount_baht, -1.01::decimal(38,2) as control_total, 170141183460469231731687303715884105727
    as largest, 0.1::double as ratio, true as is_so, date '2015-01-20' as reported_on,
    timestamp '2015-01-20 18:30:00.123456' as reported_at, timestamptz '2015-01-20 18:30:00+07' as
    instant, [1, null, 3] as numbers, {'th': 'ก', 'of': [1.5::decimal(18,2)]} as nested
"""


def lake_home(root: Path, catalog: str, data: Path | str | None, **other: Any) -> settings.Home:
    """A home that publishes in the lake of a catalog.

    Args:
        root: its folder.
        catalog: SQLAlchemy's URL of a PostgreSQL database.
        data: where the lake's files are to lie.
        other: further settings.
    """
    root.mkdir(parents=True, exist_ok=True)
    values: dict[str, Any] = {
        "key_secret": b"a secret of the tests",
        "target": settings.Target.ducklake,
        "lake_catalog": catalog,
        "lake_data": None if data is None else str(data),
        **other,
    }
    return home_at(root, **values)


def write_warehouse(file: Path, run_id: str, outcomes: int = 1000, more: str = "") -> Path:
    """Writes a warehouse of a few tables.

    Args:
        file: where; what is there is replaced.
        run_id: the run that published it.
        outcomes: rows of its fact.
        more: SQL that changes it.
    """
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as db:
        db.execute(
            f"""
            create schema marts; create schema reports; create schema audit;
            create table marts.dim_cluster (cluster_code varchar not null, cluster_name_th varchar);
            insert into marts.dim_cluster values ('C01', 'ผ้าไหม'), ('C02', null);
            create table marts.fct_outcome (
                outcome_id integer not null, enterprise_key varchar, amount decimal(18,2)
            );
            insert into marts.fct_outcome
            select range, md5((range // 10)::varchar), range * 1.25 from range({outcomes});
            create table reports.rpt_total as
            select count(*) as outcomes, sum(amount) as amount from marts.fct_outcome;
            create table audit.kind as select {KINDS};
            create table audit.published_run as
            select '{run_id}' as run_id, timestamp '2015-01-20 18:30' as published_at;
            comment on table marts.fct_outcome is 'One row per outcome. รายการผลลัพธ์';
            comment on column marts.fct_outcome.amount is 'Baht, it''s exact.';
            {more};
            """
        )
    return file


def published(
    home: settings.Home, run_id: str, outcomes: int = 1000, more: str = "", **other: Any
) -> Committed:
    """Publishes a warehouse of a few rows, a day after the one before in the alphabet."""
    file = write_warehouse(home.root / f"{run_id}.duckdb", run_id, outcomes, more)
    day = dt.datetime(2015, 1, 20, 18, 30) + dt.timedelta(days=ord(run_id[-1]) - ord("a"))
    return commit(home, file, run_id, day, lambda: KEYS, **other)


def everything(db: duckdb.DuckDBPyConnection, database: str) -> dict[str, Any]:
    """`schema.table` → its comment, columns with type, nullability and comment, and rows."""
    found: dict[str, Any] = {}
    tables = db.execute(
        "select schema_name, table_name, comment from duckdb_tables() where database_name = ?",
        [database],
    ).fetchall()
    for schema, name, comment in tables:
        columns = db.execute(
            "select column_name, data_type, is_nullable, comment from duckdb_columns() "
            "where (database_name, schema_name, table_name) = (?, ?, ?) order by column_index",
            [database, schema, name],
        ).fetchall()
        rows = db.execute(f'from "{database}".{schema}.{name} order by all').fetchall()
        found[f"{schema}.{name}"] = (comment, columns, rows)
    return found


def files_of(folder: Path) -> set[str]:
    """The Parquet files below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*.parquet")}


def at(monkeypatch: pytest.MonkeyPatch, table: str, happens: Callable[[], None]) -> None:
    """Has something happen once, when the rows of a table have been written."""
    insert, left = rows._insert, [happens]

    def and_then(db: Any, name: rows.Name, *rest: Any) -> int:
        written = insert(db, name, *rest)
        if name[1] == table and left:
            left.pop()()
        return written

    monkeypatch.setattr(rows, "_insert", and_then)
