"""A lakehouse on a real PostgreSQL: what is published in it, how it is read, what goes wrong."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pytest
from lakehouse import everything, files_of, lake_home, published, write_warehouse
from postgres import Postgres

from orchestration import querying
from orchestration.lake import upkeep
from orchestration.lake.attaching import LAKE, LakeFailed, NoLake, attached
from orchestration.lake.committing import only_writer
from orchestration.lake.nights import commit_night, forget_in_lake
from orchestration.lake.reading import lake_of, nights
from orchestration.settings import Home
from sources.ledger import Ledger

Lake = Callable[..., Home]


@pytest.fixture
def lake(postgres: Postgres, tmp_path: Path, request: pytest.FixtureRequest) -> Lake:
    """Makes homes that share one new lake; the first settings are those of its catalog."""
    url = postgres.database(f"lake_{abs(hash(request.node.name))}")

    def home(name: str = "home", **other: Any) -> Home:
        return lake_home(tmp_path / name, **{"catalog": url, "data": tmp_path / "files", **other})

    return home


def rows(home: Home, sql: str, night: str | None = None) -> list[tuple[Any, ...]]:
    """What `warehouse query` answers."""
    with querying.opened(home, night) as db:
        return querying.ask(db, sql).rows


# ── What is published ─────────────────────────────────────────────────────────────────────────


def test_the_lake_has_every_table_column_comment_and_value_of_the_published_file(
    lake: Lake,
) -> None:
    home = lake()
    done = published(home, "run-a")
    with duckdb.connect(str(home.root / "run-a.duckdb"), read_only=True) as db:
        expected = everything(db, "run-a")
    with attached(home) as db:
        assert everything(db, LAKE) == expected
    assert (done.tables, done.tables_changed, done.rows_removed) == (5, 5, 0)


def test_of_a_table_that_changed_only_what_differs_is_written_and_of_others_nothing(
    lake: Lake, tmp_path: Path
) -> None:
    home = lake()
    published(home, "run-a", 5000)
    before = files_of(tmp_path / "files")
    change = (
        "update marts.fct_outcome set amount = -1 where outcome_id = 7; "
        "delete from marts.fct_outcome where outcome_id = 8; "
        "insert into marts.fct_outcome values (9001, null, null), (9002, 'x', 1)"
    )
    done = published(home, "run-b", 5000, change)
    assert (done.tables_changed, done.rows_added, done.rows_removed) == (2, 4, 3)
    assert files_of(tmp_path / "files") >= before
    with duckdb.connect(str(home.root / "run-b.duckdb"), read_only=True) as db:
        expected = everything(db, "run-b")
    with attached(home) as db:
        assert everything(db, LAKE) == expected
        kinds = db.execute(f"select changes from ducklake_snapshots('{LAKE}')").fetchall()
    touched = {table for of in kinds[-1][0].values() for table in of}
    assert len(touched) == 2  # the fact and audit.published_run


def test_tables_and_columns_that_come_and_go_are_those_of_the_last_night(lake: Lake) -> None:
    home = lake()
    published(home, "run-a")
    change = (
        "alter table marts.dim_cluster add column branch varchar; "
        "drop table reports.rpt_total; create table reports.rpt_new as select 1 as one; "
        "comment on table marts.fct_outcome is 'Said better.'"
    )
    published(home, "run-b", 1000, change)
    with duckdb.connect(str(home.root / "run-b.duckdb"), read_only=True) as db:
        expected = everything(db, "run-b")
    with attached(home) as db:
        assert everything(db, LAKE) == expected
    assert rows(home, "from reports.rpt_total", "run-a") == [(1000, pytest.approx(624375))]


def test_a_table_without_a_key_that_has_one_row_twice_is_published_as_it_is(lake: Lake) -> None:
    home = lake()
    twice = "insert into marts.dim_cluster values ('C02', null), ('C02', null)"
    published(home, "run-a", 10, twice)
    assert rows(home, "select count(*) from marts.dim_cluster") == [(4,)]
    published(home, "run-b", 10, "insert into marts.dim_cluster values ('C01', 'ผ้าไหม')")
    assert rows(home, "from marts.dim_cluster order by all") == [
        ("C01", "ผ้าไหม"), ("C01", "ผ้าไหม"), ("C02", None)
    ]  # fmt: skip


def test_what_somebody_else_wrote_into_the_lake_is_gone_after_the_next_night(lake: Lake) -> None:
    home = lake()
    published(home, "run-a")
    with attached(home, read_only=False) as db:
        db.execute(f"update {LAKE}.marts.fct_outcome set amount = 0")
    published(home, "run-b")
    assert rows(home, "select sum(amount) from marts.fct_outcome") == [(pytest.approx(624375),)]


def test_a_run_that_has_committed_commits_no_second_time(lake: Lake) -> None:
    home = lake()
    first, again = published(home, "run-a"), published(home, "run-a", 5)
    assert again.publication == first.publication
    assert rows(home, "select count(*) from marts.fct_outcome") == [(1000,)]


def test_a_commit_that_breaks_off_leaves_the_night_before(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = lake()
    published(home, "run-a")

    def breaks(*_: Any) -> None:
        raise duckdb.IOException("no space left")

    monkeypatch.setattr("orchestration.lake.rows._comment", breaks)
    with pytest.raises(LakeFailed, match="no space left"):
        published(home, "run-b", 5)
    assert rows(home, "select count(*) from marts.fct_outcome") == [(1000,)]
    assert [night.run_id for night in nights(home)] == ["run-a"]


# ── Two writers ───────────────────────────────────────────────────────────────────────────────


def test_a_home_with_other_enterprise_keys_is_refused(lake: Lake) -> None:
    published(lake(), "run-a")
    with pytest.raises(LakeFailed, match="belongs to another warehouse"):
        published(lake("other", key_secret=b"another secret"), "run-b", 5)
    assert rows(lake(), "select count(*) from marts.fct_outcome") == [(1000,)]


def test_a_second_writer_waits_for_the_first_and_is_told_when_that_does_not_end(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = lake(), lake("other")
    published(home, "run-a")
    monkeypatch.setattr("orchestration.lake.committing._WAIT_SECONDS", 0.2)
    with only_writer(home), pytest.raises(LakeFailed, match="Another machine publishes"):
        published(other, "run-b", 5)
    published(other, "run-b", 5)
    assert rows(home, "select count(*) from marts.fct_outcome") == [(5,)]


_READS = """
import json, sys
from pathlib import Path
from lakehouse import lake_home
from orchestration.lake.reading import lake_of, snapshot_of

db = lake_of(lake_home(Path(sys.argv[1]), sys.argv[2], None))
print("began", flush=True)
seen, wrong = set(), 0
sql = '''
select (select count(*) from marts.fct_outcome), (select outcomes from reports.rpt_total),
    (select max(run_id) from audit.published_run)
'''
while not Path(sys.argv[3]).exists():
    counted, told, run = db.execute(sql).fetchone()
    seen.add(run)
    wrong += counted != told
print(json.dumps([sorted(seen), wrong]))
"""


def test_whoever_reads_while_nights_commit_and_files_go_sees_each_night_whole(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = lake()
    published(home, "run-a")
    end = tmp_path / "end"
    reader = subprocess.Popen(
        [sys.executable, "-c", _READS, str(home.root), str(home.lake_catalog), str(end)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"},
    )
    assert reader.stdout is not None
    try:
        assert reader.stdout.readline() == "began\n"
        for number, run in enumerate(["run-b", "run-c", "run-d", "run-e"]):
            published(home, run, 1200 + number * 600)
            upkeep.keep_up(home, dt.datetime.now(dt.UTC))
    finally:
        end.touch()
        said, _ = reader.communicate(timeout=60)
    seen, wrong = json.loads(said)
    assert wrong == 0
    assert len(seen) >= 2


# ── Reading ───────────────────────────────────────────────────────────────────────────────────


def test_an_earlier_night_is_asked_by_its_run_its_day_and_its_snapshot(lake: Lake) -> None:
    home = lake()
    first = published(home, "run-a", 10).publication
    published(home, "run-b", 20)
    counted = "select count(*) from marts.fct_outcome"
    assert rows(home, counted) == [(20,)]
    # 18:30 UTC is the next day in Bangkok.
    for night in ("run-a", "2015-01-21", str(first.snapshot)):
        assert rows(home, counted, night) == [(10,)]
    assert rows(home, f"{counted} at (version => {first.snapshot})") == [(10,)]
    for night in ("run-", "2015-01-20", "99", "ru", "nonsense"):
        with pytest.raises(LakeFailed, match="warehouse snapshots"):
            rows(home, counted, night)


def test_a_machine_that_only_reads_needs_no_data_folder_and_no_home(
    lake: Lake, tmp_path: Path
) -> None:
    published(lake(), "run-a")
    reader = lake("nowhere", data=None)
    (tmp_path / "nowhere").rmdir()
    assert rows(reader, "select count(*) from marts.fct_outcome") == [(1000,)]
    assert not reader.root.exists()


QUESTIONS = [
    "from reports.rpt_total",
    "with x as (from marts.fct_outcome) select count(*) from x",
    "describe marts.dim_cluster",
    "show all tables",
    "summarize marts.dim_cluster",
    "from duckdb_tables()",
    "from ducklake_snapshots('lake')",
    "from ducklake_table_changes('lake', 'marts', 'dim_cluster', 0, 1)",
    "select * from (pivot marts.dim_cluster on cluster_code in ('C01') using count(*))",
]
HOSTILE = [
    "copy (select 1) to '{files}/x.csv'",
    "copy (select 1) to '/tmp/x.csv'",
    "explain analyze copy (select 1) to '{files}/x.csv'",
    "prepare x as copy (select 1) to '{files}/x.csv'",
    "select 1; copy (select 1) to '{files}/x.csv'",
    "export database '{files}/x'",
    "from read_csv('/etc/passwd')",
    "from read_blob('{files}/marts/fct_outcome/*')",
    "from '/etc/passwd'",
    "from glob('/etc/*')",
    "from query('from read_text(''/etc/passwd'')')",
    "attach '{files}/x.duckdb' as x",
    "attach 'ducklake:postgres:' as x (meta_secret 'lake_catalog')",
    "detach lake",
    "from postgres_query('__ducklake_metadata_lake', 'select 1')",
    "from \"POSTGRES_QUERY\"('__ducklake_metadata_lake', 'select 1')",
    "call postgres_execute('__ducklake_metadata_lake', 'drop table ducklake_snapshot')",
    "from postgres_scan('{catalog}', 'public', 'ducklake_snapshot')",
    "delete from __ducklake_metadata_lake.ducklake_snapshot",
    "delete from marts.fct_outcome",
    "drop table marts.dim_cluster",
    "create table marts.x as select 1",
    "call ducklake_expire_snapshots('lake', versions => [0])",
    "from ducklake_cleanup_old_files('lake', cleanup_all => true)",
    "from ducklake_merge_adjacent_files('lake')",
    "call ducklake_set_option('lake', 'target_file_size', '1MB')",
    "set enable_external_access = true",
    "set log_query_path = '{files}/x.log'",
    "from enable_logging(storage => 'file', storage_config => {{'path': '{files}/x'}})",
    "load httpfs",
    "from duckdb_secrets()",
    "create secret (type postgres, host 'x')",
    "from json_execute_serialized_sql(json_serialize_sql('from marts.dim_cluster'))",
]


def test_a_lake_answers_questions_and_nothing_else_whoever_asks(lake: Lake) -> None:
    home = lake()
    published(home, "run-a")
    files = files_of(home.root.parent / "files")
    with querying.opened(home) as db:
        for sql in QUESTIONS:
            assert querying.ask(db, sql).rows, sql
        for sql in HOSTILE:
            with pytest.raises(duckdb.Error):
                querying.ask(db, sql.format(files=home.lake_data, catalog="host=127.0.0.1"))
        assert querying.ask(db, QUESTIONS[0]).rows
    assert files_of(home.root.parent / "files") == files
    assert not [*home.root.parent.joinpath("files").glob("x*")]
    assert rows(home, "select count(*) from marts.fct_outcome") == [(1000,)]


def test_what_is_misspelt_is_told_as_such(lake: Lake) -> None:
    home = lake()
    published(home, "run-a", 5)
    with pytest.raises(duckdb.ParserException, match="selec"):
        rows(home, "selec 1")
    with pytest.raises(duckdb.CatalogException, match="dim_cluster"):
        rows(home, "from marts.dim_clusters")


def test_the_settings_alone_keep_a_lakes_reader_from_other_files_and_from_changing_them(
    lake: Lake,
) -> None:
    home = lake()
    published(home, "run-a", 5)
    with querying.opened(home) as db:
        for sql in (
            "from read_csv('/etc/passwd')",
            "copy (select 1) to '/tmp/x.csv'",
            "set enable_external_access = true",
            "set allowed_directories = ['/']",
            "attach '/tmp/x.duckdb'",
            "load httpfs",
            "delete from marts.fct_outcome",
        ):
            with pytest.raises(duckdb.Error):
                db.execute(sql)


# ── Analysts ──────────────────────────────────────────────────────────────────────────────────

READER_SQL = """
create role warehouse_reader nologin;
grant usage on schema public to warehouse_reader;
grant select on all tables in schema public to warehouse_reader;
alter default privileges for role {writer} in schema public
    grant select on tables to warehouse_reader;
create role somchai login password 'a-password' in role warehouse_reader;
"""


def test_a_person_with_the_readers_role_reads_every_night_and_can_write_nothing(
    lake: Lake, postgres: Postgres
) -> None:
    home = lake()
    published(home, "run-a", 10)
    assert home.lake_catalog is not None
    with psycopg2.connect(home.lake_catalog.replace("+psycopg2", "")) as session:
        # Roles are the whole server's, which other stories have theirs in.
        asked = READER_SQL.format(writer="postgres").replace("warehouse_reader", "lake_reader")
        session.cursor().execute(asked)
    published(home, "run-b", 20, "create table reports.rpt_late as select 1 as one")
    theirs = lake("theirs", catalog=home.lake_catalog.replace("postgres@", "somchai:a-password@"))
    assert rows(theirs, "select count(*) from marts.fct_outcome") == [(20,)]
    assert rows(theirs, "from reports.rpt_late") == [(1,)]  # small tables lie in the catalog
    assert rows(theirs, "select count(*) from marts.fct_outcome", "run-a") == [(10,)]
    with pytest.raises((LakeFailed, duckdb.Error), match=r"permission denied|read-only"):
        published(theirs, "run-c", 5)
    with (
        attached(theirs, read_only=False, create=False) as db,
        pytest.raises(duckdb.Error, match="permission denied"),
    ):
        db.execute("delete from marts.fct_outcome")
    assert [night.run_id for night in nights(home)] == ["run-a", "run-b"]


def test_the_statements_of_the_documents_are_those_that_are_tested() -> None:
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    for line in READER_SQL.strip().format(writer="lake_writer").splitlines():
        assert line.strip() in text


def test_a_duckdb_that_knows_nothing_of_this_software_attaches_the_lake_as_documented(
    lake: Lake, postgres: Postgres
) -> None:
    from orchestration.lake.attaching import EXTENSIONS, extension_file

    home = lake()
    published(home, "run-a", 10)
    published(home, "run-b", 20)
    assert home.lake_catalog is not None
    text = (Path(__file__).parents[2] / "docs" / "analysts.md").read_text(encoding="utf-8")
    _, _, passage = text.partition("### From any machine")
    statements = passage.partition("```sql\n")[2].partition("```")[0]
    name = home.lake_catalog.rpartition("/")[2]
    for written, here in (
        ("host=warehouse.example port=5432", f"host=127.0.0.1 port={postgres.port}"),
        ("dbname=lake", f"dbname={name}"),
        ("user=somchai", "user=postgres"),
        ("/srv/lake/", f"{home.lake_data}/"),
        ("reports.rpt_programme_progress", "reports.rpt_total"),
        ("version => 42", f"version => {nights(home)[0].snapshot}"),
    ):
        assert written in statements, written
        statements = statements.replace(written, here)
    answers = []
    with duckdb.connect() as db:
        for statement in filter(None, map(str.strip, statements.split(";"))):
            if statement.lower().startswith(("install", "load")):
                for extension in EXTENSIONS:
                    db.execute(f"load '{extension_file(extension)}'")
                continue
            answers.append(db.execute(statement).fetchall())
        assert [row[0][0] for row in answers if row and len(row[0]) == 2] == [20, 10]
        with pytest.raises(duckdb.Error, match="read-only"):
            db.execute("delete from lake.marts.fct_outcome")


# ── What goes wrong ───────────────────────────────────────────────────────────────────────────


def test_what_keeps_a_lake_from_being_read_is_told_without_the_password(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = lake()
    assert home.lake_catalog is not None
    with pytest.raises(NoLake, match="Nothing is published"):
        rows(home, "select 1")
    published(home, "run-a", 5)
    wrong = {
        "does not answer": {"catalog": "postgresql+psycopg2://u:hush-hush@127.0.0.1:1/lake"},
        "does not exist": {"catalog": home.lake_catalog.replace("postgres@", "nobody:hush-hush@")},
        "has its files elsewhere": {"data": tmp_path / "elsewhere"},
        "WAREHOUSE_LAKE_CATALOG is not set": {"catalog": None},
    }
    for said, other in wrong.items():
        with pytest.raises(LakeFailed) as told:
            rows(lake("wrong", **other), "select 1")
        assert said in str(told.value)
        assert "hush" not in str(told.value)
    with pytest.raises(LakeFailed, match="WAREHOUSE_LAKE_DATA is not set"):
        published(lake("wrong", data=None), "run-b", 5)
    with pytest.raises(LakeFailed, match="does not answer"):
        published(lake("wrong", **wrong["does not answer"]), "run-b", 5)
    monkeypatch.setattr("orchestration.lake.attaching.EXTENSIONS", ("not_installed",))
    with pytest.raises(LakeFailed, match="make cluster"):
        rows(home, "select 1")


def test_the_password_stands_in_nothing_that_a_connection_can_say(lake: Lake) -> None:
    home = lake()
    assert home.lake_catalog is not None
    told = lake("told", catalog=home.lake_catalog.replace("postgres@", "postgres:hush-hush@"))
    published(told, "run-a", 5)
    with lake_of(told) as db:
        for relation in ("duckdb_secrets", "duckdb_databases", "duckdb_settings"):
            assert "hush" not in str(db.execute(f"from {relation}()").fetchall())
        assert "hush" not in str(db.execute("from ducklake_snapshots('lake')").fetchall())
    assert "hush" not in repr(told)


# ── What is old goes ──────────────────────────────────────────────────────────────────────────


def test_old_nights_go_the_last_one_stays_and_its_values_with_it(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = lake()
    for run, outcomes in (("run-a", 3000), ("run-b", 3100), ("run-c", 3200)):
        published(home, run, outcomes)
    far = dt.datetime.now(dt.UTC) + dt.timedelta(days=home.lake_keep_days - 1)
    assert upkeep.keep_up(home, far).snapshots == 0
    assert rows(home, "select count(*) from marts.fct_outcome", "run-a") == [(3000,)]
    kept = upkeep.keep_up(home, far + dt.timedelta(days=2))
    assert kept.snapshots > 0
    assert [night.run_id for night in nights(home)] == ["run-c"]
    with duckdb.connect(str(home.root / "run-c.duckdb"), read_only=True) as db:
        expected = everything(db, "run-c")
    with attached(home) as db:
        assert everything(db, LAKE) == expected


def test_small_files_become_one_and_what_nobody_has_is_removed_a_day_later(
    lake: Lake, tmp_path: Path
) -> None:
    home, files = lake(), tmp_path / "files"
    for run in "abcdef":
        published(home, f"run-{run}", 1000 + 50 * (ord(run) - ord("a")))
    orphan = files / "marts" / "ducklake-01a205f1-168d-7ff7-8012-1cf781bcf06c.parquet"
    orphan.write_bytes(b"of a commit that was killed")
    before = files_of(files)
    now = dt.datetime.now(dt.UTC)
    done = upkeep.keep_up(home, now)
    assert done.files_written > 0
    assert files_of(files) > before  # whoever reads them now goes on
    assert orphan.exists()
    assert upkeep.keep_up(home, now + dt.timedelta(days=2)).files_removed > 0
    assert len(files_of(files)) < len(before)
    assert not orphan.exists()
    for run in "af":
        counted = rows(home, "select count(*) from marts.fct_outcome", f"run-{run}")
        assert counted == [(1000 + 50 * (ord(run) - ord("a")),)]


def test_a_file_of_somebody_elses_among_the_lakes_is_never_removed(
    lake: Lake, tmp_path: Path
) -> None:
    home = lake()
    published(home, "run-a")
    theirs = tmp_path / "files" / "theirs" / "thesis.parquet"
    theirs.parent.mkdir()
    theirs.write_bytes(b"years of work")
    upkeep.keep_up(home, dt.datetime.now(dt.UTC) + dt.timedelta(days=9))
    assert theirs.exists()


def test_a_person_who_is_forgotten_is_in_no_night_no_file_and_no_line_of_the_catalog(
    lake: Lake, tmp_path: Path
) -> None:
    home = lake()
    person = "the-key-of-somebody"
    insert = f"insert into marts.fct_outcome values (5001, '{person}', 1)"
    # The key lies in a file and, of a few rows that came later, in the catalog.
    published(home, "run-a", 3000, insert)
    published(home, "run-b", 3000, f"{insert}, (5002, '{person}', 2)")
    assert person in what_lies_there(home)
    forgotten_at = dt.datetime(2015, 1, 22, 12)
    published(home, "run-c", 3000, forgotten_at=forgotten_at)
    assert upkeep.has_earlier_than(home, dt.datetime.now(dt.UTC).replace(tzinfo=None))
    assert upkeep.forget_earlier(home) == 3
    assert [night.run_id for night in nights(home)] == ["run-c"]
    assert person not in what_lies_there(home)
    assert rows(home, "select count(*) from marts.fct_outcome") == [(3000,)]


def what_lies_there(home: Home) -> str:
    """All that the catalog and the lake's files say, deleted rows too."""
    assert home.lake_catalog is not None
    said = []
    with psycopg2.connect(home.lake_catalog.replace("+psycopg2", "")) as session:
        cursor = session.cursor()
        cursor.execute(
            "select table_name from information_schema.tables where table_schema='public'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'select * from public."{name}"')
            said += [
                value.tobytes().decode("utf-8", "replace")
                if isinstance(value, memoryview)
                else str(value)
                for row in cursor.fetchall()
                for value in row
            ]
    with duckdb.connect() as db:
        for file in Path(str(home.lake_data)).rglob("*.parquet"):
            said.append(str(db.execute(f"from read_parquet('{file}')").fetchall()))
            said.append(str(db.execute(f"from parquet_metadata('{file}')").fetchall()))
    return "\n".join(said)


def test_a_warehouse_of_an_earlier_day_is_only_read(lake: Lake, tmp_path: Path) -> None:
    home = lake()
    file = write_warehouse(tmp_path / "w.duckdb", "run-a")
    before = file.read_bytes()
    published(home, "run-a")
    assert file.read_bytes() == before


def test_the_night_after_a_forgetting_removes_the_lakes_earlier_nights_and_no_other_does(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = lake()
    published(home, "run-a", 5)
    with closing(Ledger(home.ledger_url)) as ledger:
        assert forget_in_lake(home, ledger) == 0
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        monkeypatch.setattr("orchestration.lake.nights.last_forgotten_at", lambda _: now)
        assert forget_in_lake(home, ledger) == 0  # the last night still has the person
        file = write_warehouse(home.root / "b.duckdb", "run-b", 6)
        commit_night(home, ledger, "run-b", now + dt.timedelta(seconds=1), file)
        assert forget_in_lake(home, ledger) > 0
        assert forget_in_lake(home, ledger) == 0
    assert [night.run_id for night in nights(home)] == ["run-b"]
