"""A mirror over several runs: values, readers, what analysts made, what is not ours, kills.

With small DuckDB files in place of nights, and a real server.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import psycopg2.errors
import pytest
import sqlalchemy as sa
from postgres import PROGRAMS, Postgres

from orchestration.mirror import mirroring, server
from orchestration.mirror.keys import Key, Keys, Reference
from orchestration.mirror.mirroring import Mirrored, mirror
from orchestration.mirror.server import MirrorFailed

pytestmark = pytest.mark.night

PROJECT = Path(__file__).parents[2]
FACT, DIMENSION = ("marts", "fct_sale"), ("marts", "dim_shop")
KEYS = Keys(
    {FACT: Key(("sale_id",)), DIMENSION: Key(("shop_code",))},
    {FACT: (Reference(("shop_code",), *DIMENSION),)},
)


# ── A small warehouse ─────────────────────────────────────────────────────────────────────────


def published(path: Path, run: str, sql: str = "", sales: int = 300) -> Path:
    """A published file of a run: shops, their sales, each of which says the run, and a report.

    Args:
        path: of the file, which is written anew.
        run: its name.
        sql: what is done to it besides.
        sales: how many.
    """
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as db:
        db.execute(f"""
            create schema marts; create schema reports; create schema audit;
            create table audit.published_run (run_id varchar not null, published_at timestamp);
            insert into audit.published_run values ('{run}', timestamp '2015-01-20 18:30:00');
            create table marts.dim_shop (shop_code varchar not null, shop_name varchar);
            insert into marts.dim_shop select 'S' || i, 'ร้าน ' || i from range(10) as t(i);
            create table marts.fct_sale (
                sale_id integer not null, shop_code varchar not null, amount decimal(18,2) not null,
                run_id varchar not null, remark varchar
            );
            insert into marts.fct_sale
            select i, 'S' || (i % 10), i * 1.25, '{run}', null from range({sales}) as t(i);
            create table reports.rpt_total (run_id varchar not null, total decimal(38,2));
            insert into reports.rpt_total select '{run}', sum(amount) from marts.fct_sale;
        """)
        db.execute(sql or "select 1")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "warehouse.duckdb"


@pytest.fixture
def url(postgres: Postgres, request: pytest.FixtureRequest) -> str:
    """An empty database of the test's own."""
    return postgres.database(f"{abs(hash(request.node.nodeid)):x}")


def opened(url: str) -> Any:
    """A session of psycopg2."""
    return psycopg2.connect(url.replace("+psycopg2", ""))


def ask(url: str, sql: str) -> list[tuple[Any, ...]]:
    """What a database answers, in a session of its own; what the SQL changes is committed."""
    connection = opened(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()


def renew(file: Path, url: str) -> Mirrored:
    return mirror(file, url, lambda: KEYS)


# ── Values ────────────────────────────────────────────────────────────────────────────────────


def plain(value: Any) -> Any:
    """A value of either database as both have it: an instant in UTC without its zone."""
    if isinstance(value, dt.datetime) and value.tzinfo:
        return value.astimezone(dt.UTC).replace(tzinfo=None)
    return value


VALUES = {
    "text": (
        "varchar",
        ["", None, "NULL", "\\.", "\\N", 'a"b,c', "l1\nl2\r\n", "กำ ๑", " x ", "'"],
    ),
    "small": ("tinyint", [-128, 127, None]),
    "unsigned": ("ubigint", [2**64 - 1, 0, None]),
    "huge": ("hugeint", [2**127 - 1, -(2**127) + 1, None]),
    "money": ("decimal(38,2)", ["999999999999999999999999999999999999.99", "-0.01", None]),
    "ratio": ("double", [0.1, 1e300, 5e-324, math.inf, -math.inf, None]),
    "yes": ("boolean", [True, False, None]),
    "day": ("date", ["0001-01-01", "9999-12-31", "2558-02-28", None]),
    "at": ("timestamp", ["2015-01-20 18:30:00.123456", "1969-12-31 23:59:59.999999", None]),
    "zoned": ("timestamptz", ["2015-01-20 18:30:00.123456+07", None]),
    "clock": ("time", ["23:59:59.999999", None]),
    "bytes": ("blob", [b"\x00\xff\\", b"", None]),
    "listed": ("varchar[]", [["", "NULL", None, 'a"b\\c', "{,}"], [], None]),
    "numbers": ("integer[]", [[1, None, -3], [], None]),
}


def test_every_type_keeps_its_values_and_null_is_not_an_empty_text(file: Path, url: str) -> None:
    published(file, "r1")
    with duckdb.connect(str(file)) as db:
        for name, (kind, values) in VALUES.items():
            db.execute(f"create table marts.{name} (place integer not null, value {kind})")
            for place, value in enumerate(values):
                db.execute(f"insert into marts.{name} values (?, ?::{kind})", [place, value])
        db.execute(
            "create table marts.nested as select {'a': 1, 'b': ['x', null]} as one, "
            "map {'k': 2} as two, [{'c': 'ก'}] as three"
        )
    renew(file, url)
    connection = opened(url)
    with duckdb.connect(str(file), read_only=True) as db, connection.cursor() as cursor:
        cursor.execute("set timezone = 'Asia/Bangkok'")
        for name in VALUES:
            sql = f"select place, value from marts.{name} order by place"
            cursor.execute(sql)
            ours = [(place, of_postgres(value)) for place, value in cursor.fetchall()]
            theirs = db.execute(sql).fetchall()
            assert repr([tuple(map(plain, row)) for row in ours]) == repr(
                [tuple(map(plain, row)) for row in theirs]
            ), name
        cursor.execute("select one, two, three from marts.nested")
        assert cursor.fetchone() == ({"a": 1, "b": ["x", None]}, {"k": 2}, [{"c": "ก"}])
        cursor.execute("select pg_typeof(value)::text from marts.huge limit 1")
        assert cursor.fetchone() == ("numeric",)
    connection.close()


def of_postgres(value: Any) -> Any:
    """A value of psycopg2 as DuckDB's Python has it."""
    if isinstance(value, memoryview):
        return bytes(value)
    if type(value).__name__ == "Decimal" and value == value.to_integral_value():
        return int(value)
    return value


def test_the_one_letter_postgresql_cannot_hold_is_replaced(file: Path, url: str) -> None:
    published(file, "r1", "update marts.fct_sale set remark = 'a' || chr(0) || 'b'")
    renew(file, url)
    assert ask(url, "select distinct remark from marts.fct_sale") == [("a�b",)]


def test_a_type_without_an_exact_counterpart_is_refused_by_the_columns_name(
    file: Path, url: str
) -> None:
    published(file, "r1", "alter table marts.dim_shop add column finest timestamp_ns")
    with pytest.raises(MirrorFailed, match="no exact type for finest"):
        renew(file, url)
    assert ask(url, "select nspname from pg_namespace where nspname = 'marts'") == []


def test_comments_are_those_of_the_file_and_follow_it(file: Path, url: str) -> None:
    sql = "select obj_description('marts.dim_shop'::regclass), col_description('{}'::regclass, 2)"
    published(
        file,
        "r1",
        "comment on table marts.dim_shop is 'A row a shop; it''s \\ ร้าน';"
        "comment on column marts.dim_shop.shop_name is 'ชื่อ'",
    )
    renew(file, url)
    assert ask(url, sql.format("marts.dim_shop")) == [("A row a shop; it's \\ ร้าน", "ชื่อ")]
    renew(published(file, "r2", "comment on table marts.dim_shop is 'Shops'"), url)
    assert ask(url, sql.format("marts.dim_shop")) == [("Shops", None)]


# ── Night after night, while others read ──────────────────────────────────────────────────────


def test_readers_never_fail_and_never_see_two_runs_at_once(file: Path, url: str) -> None:
    renew(published(file, "r0", sales=5000), url)
    seen: set[str] = set()
    wrong: list[Any] = []
    looks = 0
    ended = threading.Event()
    mixed = (
        "select (select string_agg(distinct run_id, ',') from marts.fct_sale), "
        "(select run_id from reports.rpt_total), (select run_id from audit.published_run), "
        "(select sum(amount) from marts.fct_sale) = (select total from reports.rpt_total)"
    )

    def read(isolation: str) -> None:
        nonlocal looks
        try:
            connection = opened(url)
            connection.set_session(isolation_level=isolation, readonly=True)
            while not ended.is_set():
                with connection, connection.cursor() as cursor:
                    cursor.execute(mixed)
                    first = cursor.fetchone()
                    if isolation == "REPEATABLE READ":
                        time.sleep(0.02)
                        cursor.execute(mixed)
                        if cursor.fetchone() != first:
                            wrong.append(("changed within a transaction", first))
                if first is None or len(set(first[:3])) != 1 or first[3] is not True:
                    wrong.append(first)
                else:
                    seen.add(first[0])
                looks += 1
            connection.close()
        except psycopg2.Error as error:
            wrong.append(error)

    readers = [
        threading.Thread(target=read, args=(isolation,))
        for isolation in ("READ COMMITTED", "REPEATABLE READ")
    ]
    for reader in readers:
        reader.start()
    for number in range(1, 6):
        renew(published(file, f"r{number}", sales=5000 + number), url)
    ended.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert looks > 20
    assert len(seen) >= 3, "the readers saw the mirror change"


def test_a_reader_that_never_ends_its_transaction_holds_nobody_up_and_sees_what_was(
    file: Path, url: str
) -> None:
    renew(published(file, "r1"), url)
    reader = opened(url)
    reader.set_session(isolation_level="REPEATABLE READ")
    with reader.cursor() as cursor:
        cursor.execute("select count(*), min(run_id) from marts.fct_sale")
        before = cursor.fetchone()
        started = time.monotonic()
        renew(published(file, "r2", sales=400), url)
        assert time.monotonic() - started < server._LOCK_MILLISECONDS / 1000 * 5
        assert ask(url, "select count(*), min(run_id) from marts.fct_sale") == [(400, "r2")]
        cursor.execute("select count(*), min(run_id) from marts.fct_sale")
        assert cursor.fetchone() == before == (300, "r1")
    reader.close()


def test_only_what_differs_is_written(file: Path, url: str) -> None:
    renew(published(file, "r1"), url)
    at = "select sale_id, xmin::text from marts.fct_sale where sale_id <> 7 order by 1"
    before = ask(url, at)
    published(file, "r1", "update marts.fct_sale set amount = 0.01 where sale_id = 7")
    done = renew(file, url)
    assert (done.tables_changed, done.rows_added, done.rows_removed) == (1, 1, 1)
    assert ask(url, at) == before
    assert ask(url, "select amount::text from marts.fct_sale where sale_id = 7") == [("0.01",)]


def test_rows_of_a_table_without_a_key_stand_there_as_often_as_they_are_published(
    file: Path, url: str
) -> None:
    table = "create table audit.line as select * from (values {}) as t(line, n)"
    renew(published(file, "r1", table.format("('a', 1), ('a', 1), (null, 2), ('c', 3)")), url)
    done = renew(
        published(file, "r1", table.format("('a', 1), (null, 2), (null, 2), ('d', 4)")), url
    )
    assert (done.rows_added, done.rows_removed) == (2, 2)
    found = ask(url, "select line, n from audit.line order by n, line")
    assert found == [("a", 1), (None, 2), (None, 2), ("d", 4)]


# ── What analysts made ────────────────────────────────────────────────────────────────────────


def test_a_view_of_an_analyst_lives_on_and_shows_the_new_rows(file: Path, url: str) -> None:
    renew(published(file, "r1"), url)
    ask(url, "create schema lab; create view lab.v as select run_id, amount from marts.fct_sale")
    renew(published(file, "r2", "alter table marts.fct_sale add column extra integer"), url)
    assert ask(url, "select distinct run_id from lab.v") == [("r2",)]


def test_a_column_that_a_view_needs_is_not_taken_away(file: Path, url: str) -> None:
    renew(published(file, "r1"), url)
    ask(url, "create schema lab; create view lab.needs_it as select amount from marts.fct_sale")
    published(file, "r2", "alter table marts.fct_sale drop column amount")
    with pytest.raises(MirrorFailed) as refused:
        renew(file, url)
    assert "view lab.needs_it depends on column amount" in str(refused.value)
    assert "warehouse mirror" in str(refused.value)
    assert ask(url, "select distinct run_id from marts.fct_sale") == [("r1",)]
    ask(url, "drop view lab.needs_it")
    renew(file, url)
    assert ask(url, "select distinct run_id from marts.fct_sale") == [("r2",)]


def test_a_table_that_is_no_longer_published_goes_unless_a_view_needs_it(
    file: Path, url: str
) -> None:
    renew(published(file, "r1"), url)
    ask(url, "create schema lab; create view lab.v as select total from reports.rpt_total")
    published(file, "r2", "drop table reports.rpt_total")
    with pytest.raises(MirrorFailed, match=r"lab\.v depends on table reports\.rpt_total"):
        renew(file, url)
    ask(url, "drop view lab.v; create role somebody; create table reports.theirs ();"
        "alter table reports.theirs owner to somebody")  # fmt: skip
    renew(file, url)
    left = ask(url, "select tablename from pg_tables where schemaname = 'reports'")
    assert left == [("theirs",)]


def test_a_release_that_changes_columns_and_keys_is_followed(file: Path, url: str) -> None:
    renew(published(file, "r1"), url)
    published(
        file,
        "r2",
        "alter table marts.fct_sale alter remark type integer;"
        "alter table marts.fct_sale alter amount drop not null;"
        "alter table marts.dim_shop add column region varchar default 'เหนือ';"
        "alter table marts.dim_shop alter region set not null",
    )
    keys = Keys({FACT: Key(("sale_id", "shop_code")), DIMENSION: Key(("shop_code", "region"))})
    mirror(file, url, lambda: keys)
    inspector = sa.inspect(sa.create_engine(url))
    assert inspector.get_pk_constraint("dim_shop", "marts")["constrained_columns"] == [
        "shop_code", "region",
    ]  # fmt: skip
    assert inspector.get_foreign_keys("fct_sale", "marts") == []
    kinds = {one["name"]: one for one in inspector.get_columns("fct_sale", "marts")}
    assert isinstance(kinds["remark"]["type"], sa.INTEGER)
    assert kinds["amount"]["nullable"]
    (region,) = [c for c in inspector.get_columns("dim_shop", "marts") if c["name"] == "region"]
    assert not region["nullable"]
    renew(published(file, "r3"), url)  # and back again
    assert len(sa.inspect(sa.create_engine(url)).get_foreign_keys("fct_sale", "marts")) == 1
    assert ask(url, "select distinct run_id from marts.fct_sale") == [("r3",)]


def test_a_table_in_use_that_a_release_changes_is_tried_again_and_then_told(
    file: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirroring, "TRIES", 2)
    monkeypatch.setattr(mirroring, "FIRST_PAUSE_SECONDS", 0.1)
    monkeypatch.setattr(server, "_LOCK_MILLISECONDS", 200)
    renew(published(file, "r1"), url)
    published(file, "r2", "alter table marts.fct_sale add column extra integer")
    reader = opened(url)
    with reader.cursor() as cursor:
        cursor.execute("select count(*) from marts.fct_sale")
        with pytest.raises(MirrorFailed, match="was in use the whole time"):
            renew(file, url)
        started = time.monotonic()
        assert ask(url, "select distinct run_id from marts.fct_sale") == [("r1",)]
        assert time.monotonic() - started < 2, "nobody queues behind the mirror"
    reader.close()
    renew(file, url)
    assert ask(url, "select distinct run_id from marts.fct_sale") == [("r2",)]


# ── What is not the mirror's ──────────────────────────────────────────────────────────────────


def test_a_schema_that_somebody_else_made_is_left_alone(file: Path, url: str) -> None:
    ask(url, "create schema reports; create table reports.rpt_total (mine text)")
    with pytest.raises(MirrorFailed, match="a schema reports that the mirror did not make"):
        renew(published(file, "r1"), url)
    assert ask(url, "select count(*) from reports.rpt_total") == [(0,)]
    assert ask(url, "select nspname from pg_namespace where nspname = 'marts'") == []


def test_a_user_without_rights_is_told_what_an_administrator_types(
    file: Path, url: str, postgres: Postgres
) -> None:
    ask(url, "create role mirror_user login")
    limited = url.replace("postgres@", "mirror_user@")
    published(file, "r1")
    with pytest.raises(MirrorFailed) as refused:
        renew(file, limited)
    assert "create schema marts authorization mirror_user" in str(refused.value)
    for schema in ("marts", "reports", "audit"):
        ask(url, f"create schema {schema} authorization mirror_user")
    assert renew(file, limited).rows == 312
    assert ask(limited, "select distinct run_id from marts.fct_sale") == [("r1",)]


def test_without_the_readers_role_it_mirrors_and_says_what_to_type(file: Path) -> None:
    from postgres import postgres_server

    if PROGRAMS is None:
        pytest.skip("needs Debian's package postgresql")
    with postgres_server() as alone:  # a role is the whole server's
        url = alone.database("roles")
        ask(url, "create role mirror_user login; grant create on database roles to mirror_user")
        limited = url.replace("postgres@", "mirror_user@")
        (note,) = renew(published(file, "r1"), limited).notes
        assert "create role warehouse_reader nologin" in note
        ask(url, "create role warehouse_reader nologin")
        assert renew(file, limited).notes == []
        ask(url, "create role analyst login in role warehouse_reader")
        analyst = url.replace("postgres@", "analyst@")
        assert ask(analyst, "select count(*) from marts.fct_sale") == [(300,)]


# ── Cut short ─────────────────────────────────────────────────────────────────────────────────

KILLED = """
    import os, signal, sys
    from pathlib import Path
    sys.path[:0] = ["tests", "tests/unit"]
    from orchestration.mirror import loading, mirroring, renewal
    where, function = {where}
    before = getattr(where, function)
    calls = []
    def die(*arguments):
        done = before(*arguments)
        calls.append(done)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    setattr(where, function, die)
    mirroring.mirror(Path(sys.argv[1]), sys.argv[2])
"""


@pytest.mark.parametrize(
    "where", ['(loading, "stage")', '(renewal, "_renew_rows")'], ids=["loading", "renewing"]
)
def test_a_mirror_that_is_killed_leaves_the_former_one_and_the_next_heals(
    file: Path, url: str, where: str
) -> None:
    renew(published(file, "r1"), url)
    published(file, "r2", "alter table marts.fct_sale add column extra integer")
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED.format(where=where)), file, url],
        cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)}, check=False, timeout=120,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    assert ask(url, "select distinct run_id from marts.fct_sale") == [("r1",)]
    assert renew(file, url).run_id == "r2"
    assert ask(url, "select distinct run_id from marts.fct_sale") == [("r2",)]
    left = ask(url, "select relname from pg_class where relname like '%fct_sale' and relkind = 'r'")
    assert left == [("fct_sale",)]


def test_a_published_file_that_is_damaged_changes_nothing(file: Path, url: str) -> None:
    renew(published(file, "r1"), url)
    file.write_bytes(b"no database")
    with pytest.raises(MirrorFailed, match="could not be read"):
        renew(file, url)
    assert ask(url, "select distinct run_id from marts.fct_sale") == [("r1",)]
