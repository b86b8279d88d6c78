"""The published sample in a real PostgreSQL: the same values, keys and rights, by any client."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg2
import psycopg2.errors
import pytest
import sqlalchemy as sa
from postgres import PROGRAMS, Postgres

from orchestration.mirror.keys import Keys, proven_keys
from orchestration.mirror.mirroring import Mirrored, mirror

if TYPE_CHECKING:
    from tests.integration.conftest import Sample

pytestmark = pytest.mark.night


def opened(url: str) -> Any:
    """A session of psycopg2."""
    return psycopg2.connect(url.replace("+psycopg2", ""))


def ask(url: str, sql: str) -> list[tuple[Any, ...]]:
    """What a database answers, in a session of its own."""
    connection = opened(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())
    finally:
        connection.close()


# ── The sample ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def keys() -> Keys:
    return proven_keys()


@pytest.fixture(scope="module")
def whole(sample: Sample, postgres: Postgres, keys: Keys) -> tuple[str, Mirrored]:
    """The published sample mirrored: where, and what the mirror said of it."""
    url = postgres.database("sample")
    return url, mirror(sample.home.published, url, lambda: keys)


def columns_of(file: Path) -> dict[tuple[str, str], list[tuple[str, str, bool]]]:
    """`(schema, table)` → name, DuckDB's type and whether it is required, of each column."""
    found: dict[tuple[str, str], list[tuple[str, str, bool]]] = {}
    with duckdb.connect(str(file), read_only=True) as db:
        for schema, table, *column in db.execute(
            "select schema_name, table_name, column_name, data_type, not is_nullable "
            "from duckdb_columns() where not internal order by table_oid, column_index"
        ).fetchall():
            found.setdefault((schema, table), []).append(tuple(column))
    return found


def plain(value: Any) -> Any:
    """A value of either database as both have it: an instant in UTC without its zone."""
    if isinstance(value, dt.datetime) and value.tzinfo:
        return value.astimezone(dt.UTC).replace(tzinfo=None)
    return value


def rows_of(answer: Any) -> list[str]:
    return sorted(repr([plain(value) for value in row]) for row in answer)


def test_every_published_table_has_the_same_rows_value_by_value(
    sample: Sample, whole: tuple[str, Mirrored]
) -> None:
    url, done = whole
    connection = opened(url)
    compared = 0
    with duckdb.connect(str(sample.home.published), read_only=True) as db, connection.cursor() as c:
        for (schema, table), columns in columns_of(sample.home.published).items():
            sql = f'select {", ".join(name for name, *_ in columns)} from {schema}."{table}"'
            c.execute(sql)
            ours, theirs = rows_of(c.fetchall()), rows_of(db.execute(sql).fetchall())
            assert ours == theirs, f"{schema}.{table}"
            compared += len(ours)
    connection.close()
    assert compared == done.rows > 20_000
    assert done.run_id == sample.second.report["run_id"]


def test_types_are_exact_and_what_is_never_null_may_not_be(
    sample: Sample, whole: tuple[str, Mirrored]
) -> None:
    url, _ = whole
    kinds = {
        "VARCHAR": "text", "BOOLEAN": "boolean", "INTEGER": "integer", "BIGINT": "bigint",
        "DATE": "date", "DOUBLE": "double precision", "DECIMAL(18,2)": "numeric(18,2)",
        "DECIMAL(38,2)": "numeric(38,2)", "TIMESTAMP": "timestamp with time zone",
    }  # fmt: skip
    wanted = [
        (schema, table, name, kinds[kind], required)
        for (schema, table), columns in columns_of(sample.home.published).items()
        for name, kind, required in columns
    ]
    found = ask(
        url,
        "select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull"
        " from pg_attribute as a join pg_class as c on c.oid = a.attrelid and c.relkind = 'r'"
        " join pg_namespace as n on n.oid = c.relnamespace"
        " where n.nspname in ('marts', 'reports', 'audit') and a.attnum > 0",
    )
    assert sorted(found) == sorted(wanted)


def test_every_key_that_a_blocking_test_proves_is_a_key(
    whole: tuple[str, Mirrored], keys: Keys
) -> None:
    inspector = sa.inspect(sa.create_engine(whole[0]))
    for (schema, table), key in keys.keys.items():
        if key.nullable:
            (unique,) = inspector.get_unique_constraints(table, schema)
            assert unique["column_names"] == list(key.columns)
        else:
            assert inspector.get_pk_constraint(table, schema)["constrained_columns"] == list(
                key.columns
            )
    assert len(keys.keys) > 30
    found = {
        (schema, table, tuple(one["constrained_columns"]), one["referred_table"])
        for schema in ("marts", "reports", "audit")
        for table in inspector.get_table_names(schema)
        for one in inspector.get_foreign_keys(table, schema)
    }
    assert found == {
        (*table, one.columns, one.table) for table, many in keys.references.items() for one in many
    }
    assert ("marts", "fct_activity", ("cluster_code",), "dim_cluster") in found


def test_sqlalchemy_reflects_the_mirror_and_joins_by_its_keys(
    sample: Sample, whole: tuple[str, Mirrored]
) -> None:
    engine = sa.create_engine(whole[0])
    metadata = sa.MetaData()
    metadata.reflect(engine, schema="marts")
    fact = metadata.tables["marts.fct_financial_outcome"]
    firm = metadata.tables["marts.dim_enterprise"]
    query = sa.select(firm.c.province_code, sa.func.sum(fact.c.amount)).select_from(fact.join(firm))
    with engine.connect() as connection:
        ours = connection.execute(query.group_by(firm.c.province_code)).fetchall()
    engine.dispose()
    theirs = sample.home.rows(
        "select province_code, sum(amount) from marts.fct_financial_outcome "
        "join marts.dim_enterprise using (enterprise_key) group by all"
    )
    assert rows_of(ours) == rows_of(theirs)
    assert isinstance(fact.c.amount.type, sa.NUMERIC)
    assert (fact.c.amount.type.precision, fact.c.amount.type.scale) == (18, 2)


def test_psql_describes_a_table_and_counts_it(
    sample: Sample, whole: tuple[str, Mirrored], postgres: Postgres
) -> None:
    assert PROGRAMS is not None
    done = subprocess.run(
        [PROGRAMS / "psql", whole[0].replace("+psycopg2", ""), "-A", "-c",
         "\\d marts.fct_activity", "-c", "select count(*) from marts.fct_activity"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "spent_baht|numeric(18,2)" in done.stdout
    assert '"fct_activity_pkey" PRIMARY KEY, btree (activity_id)' in done.stdout
    assert "REFERENCES marts.dim_cluster(cluster_code)" in done.stdout
    (count,) = sample.home.rows("select count(*) from marts.fct_activity")[0]
    assert done.stdout.splitlines()[-2:] == [str(count), "(1 row)"]


@pytest.mark.parametrize(
    "sql",
    [
        "insert into marts.dim_night select * from marts.dim_night",
        "update marts.dim_cluster set branch = ''",
        "delete from reports.rpt_follow_up",
        "truncate audit.load_file",
        "create table marts.mine ()",
        "drop table audit.load_file",
    ],
)
def test_the_readers_role_reads_everything_and_writes_nothing(
    whole: tuple[str, Mirrored], sql: str
) -> None:
    connection = opened(whole[0])
    with connection.cursor() as cursor:
        cursor.execute("set role warehouse_reader")
        for schema, table in columns_of_database(whole[0]):
            cursor.execute(f'select count(*) from {schema}."{table}"')
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(sql)
    connection.close()


def columns_of_database(url: str) -> list[tuple[str, str]]:
    found = ask(
        url,
        "select schemaname, tablename from pg_tables "
        "where schemaname in ('marts', 'reports', 'audit')",
    )
    assert len(found) > 30
    return [(schema, table) for schema, table in found]


def test_a_mirror_of_the_same_run_changes_no_row(
    sample: Sample, whole: tuple[str, Mirrored], keys: Keys
) -> None:
    again = mirror(sample.home.published, whole[0], lambda: keys)
    assert (again.rows, again.rows_added, again.rows_removed) == (whole[1].rows, 0, 0)
