"""`warehouse serve` over the real protocol, and what the holder of the token must not be able to.

A real client process each, a real server; what is published is a tiny file.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import proxied
import pytest
from published_file import home_in, publish
from quack_client import Client, Refused, wait_until

from orchestration.serving.engine import Order, load_extensions, open_locked
from orchestration.serving.guard import FUNCTION, HARMLESS, write_guard
from orchestration.serving.server import Server, answers
from orchestration.settings import Home, SettingsError

PROJECT = Path(__file__).parents[2]
WAREHOUSE = [sys.executable, "-c", "from orchestration.cli import main; main()"]
IDLE_SECONDS = 1.0
DRAIN_SECONDS = 60.0


@dataclass
class Served:
    """A home, served."""

    home: Home
    server: Server
    said: list[str] = field(default_factory=list)

    def client(self, token: str | None = None) -> Client:
        """A client that knows the token."""
        return Client(self.server.address, token or self.home.serve_secret())

    def heard(self, what: str) -> bool:
        """Whether it has said so."""
        return any(what in line for line in self.said)


@contextmanager
def serving(home: Home) -> Iterator[Served]:
    """Serves a home on a free port; everything quicker than in earnest."""
    said: list[str] = []
    server = Server(
        home,
        "127.0.0.1",
        0,
        said.append,
        look_seconds=0.1,
        idle_seconds=IDLE_SECONDS,
        drain_seconds=DRAIN_SECONDS,
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Served(home, server, said)
    finally:
        server.ending.set()
        thread.join(30)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One night, served with little memory."""
    home = replace(home_in(tmp_path_factory.mktemp("served") / "home"), serve_memory_mb=128)
    publish(home, "night-1")
    with serving(home) as made:
        wait_until(lambda: made.heard("Serving"))
        yield made


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Client]:
    """A client of it."""
    with served.client() as made:
        yield made


# ── What one may ask ──────────────────────────────────────────────────────────────────────────


def test_who_has_the_token_asks_in_sql_and_gets_thai_and_decimals_whole(client: Client) -> None:
    assert client.ask("from marts.dim_cluster") == [["C01", "ผ้าทอน้ำพอง"]]
    assert client.ask("select sum(sum_baht), 'it''s' from reports.rpt_example") == [
        ["4.50", "it's"]
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "describe reports.rpt_example",
        "summarize reports.rpt_example",
        "show all tables",
        "select table_name, comment from duckdb_tables()",
        "select column_name, comment from duckdb_columns() where not internal",
        "select rank() over (order by number), list_transform([1], lambda x: x + 1) "
        "from reports.rpt_example, unnest([1, 2]), generate_series(1, 2)",
        "with recursive r as (select 1 as n union all select n + 1 from r where n < 3) from r",
        "from (unpivot reports.rpt_example on number)",
        "values (1)",
    ],
)
def test_what_analysts_ask_is_let_through(client: Client, sql: str) -> None:
    assert client.ask(sql)


def test_an_answer_of_many_pieces_arrives_whole(client: Client) -> None:
    inner = client.there("from range(1000000)")
    assert client.here(f"select count(*), sum(range)::bigint from ({inner})") == [
        [1_000_000, 499_999_500_000]
    ]


def test_an_attached_client_asks_by_the_function_query(served: Served) -> None:
    with served.client() as attached:
        attached.attach()
        assert attached.here("from w.query('select count(*) from reports.rpt_example')") == [[3]]
        # As docs/analysts.md says; where this comes to work, it is to say so.
        with pytest.raises(Refused, match="does not exist"):
            attached.here("from w.reports.rpt_example")


@pytest.mark.skipif(not proxied.INSTALLED, reason=proxied.NEEDED)
def test_through_nginx_the_token_travels_by_tls_and_no_other_login_is_asked_for(
    served: Served,
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="quack.", dir="/tmp"))  # sockets have short names
    server = proxied.Server(folder, served.home.root, {}, quack_port=served.server.relay.port)
    server.sockets.mkdir()
    server.start_nginx()
    try:
        authority = folder / "authority.pem"
        server.authority.cert_pem.write_to_path(authority)
        wait_until(lambda: listens(server.port))
        with Client(f"localhost:{server.port}", served.home.serve_secret()) as far:
            asked = far.there("from audit.published_run")
            asked = asked.replace("token =", "disable_ssl = false, token =")
            far.here(f"set ca_cert_file = '{authority}'")
            assert far.here(asked) == [["night-1"]]
    finally:
        server.stop("nginx")
        shutil.rmtree(folder)


def listens(port: int) -> bool:
    """Whether something listens on a port of loopback."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# ── What nobody may ───────────────────────────────────────────────────────────────────────────

WRITING = [
    "create table main.x as select 1",
    "create table reports.x (a integer)",
    "insert into reports.rpt_example values (9, 'x', 1)",
    "update reports.rpt_example set number = 9",
    "delete from reports.rpt_example",
    "drop table reports.rpt_example",
    "truncate reports.rpt_example",
    "alter table reports.rpt_example add column z integer",
    "comment on table reports.rpt_example is 'x'",
    "create temp table t as select 1",
    "create view v as select 1",
    "create macro f(x) as x",
    "create sequence s",
    "create type t as enum ('a')",
    "create schema z",
    "select 1; drop table reports.rpt_example",
    "with a as (select 1) insert into reports.rpt_example select 1, 'x', 1 from a",
    "checkpoint",
    "force checkpoint",
    "vacuum",
]
FILES = [
    "from read_csv('/etc/passwd')",
    "from READ_TEXT('/etc/passwd')",
    "from read_blob('/proc/self/environ')",
    "from read_json('/etc/passwd')",
    "from read_parquet('/etc/passwd')",
    "from sniff_csv('/etc/passwd')",
    "from glob('/etc/*')",
    "from parquet_metadata('/etc/passwd')",
    "from '/etc/passwd'",
    "select (select count(*) from glob('/*')) from reports.rpt_example",
    "with a as (from read_text('/etc/passwd')) from a",
    "from query('from read_text(''/etc/passwd'')')",
    "from query_table('reports.rpt_example')",
    "from json_execute_serialized_sql('x')",
    "copy (select 1) to '/tmp/out.csv'",
    "copy reports.rpt_example from '/etc/passwd'",
    "export database '/tmp/out'",
    "import database '/tmp/out'",
    "attach '/tmp/other.duckdb' as other",
    "attach ':memory:' as other",
    "from read_csv('http://127.0.0.1:1/x')",
    "from quack_query('quack:127.0.0.1:1', 'select 1', token = 'abcd')",
    "attach 'quack:127.0.0.1:1' as other (token 'abcd')",
]
SETTINGS = [
    "set threads = 64",
    "set global memory_limit = '64GB'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset lock_configuration",
    "pragma enable_external_access = true",
    "set global quack_authorization_function = 'quack_nop_authorization'",
    "set timezone = 'UTC'",
    "set variable a = 1",
    "use guard",
    "install httpfs",
    "load httpfs",
    "force install quack from core",
    "from duckdb_settings()",
    "select current_setting('quack_authorization_function')",
    "select * from duckdb_settings",
    "from pg_catalog.pg_settings",
    "pragma enable_profiling",
]
SECRETS = [
    "from duckdb_secrets()",
    "create secret (type quack, token 'abcd')",
    "from which_secret('quack:x', 'quack')",
    "call enable_logging('Quack')",
    "from duckdb_logs",
    "from duckdb_logs()",
    "from quack_active_connections()",
    "from quack_server_list()",
    "from whoami()",
    "select quack_check_token('a', 'b', 'b')",
    "from duckdb_databases()",
]
OTHER_READERS = [
    "call quack_stop('quack:127.0.0.1:1')",
    "from quack_stop('quack:127.0.0.1:1')",
    "select * from \"QUACK_STOP\"('quack:127.0.0.1:1')",
    "from system.main.quack_stop('quack:127.0.0.1:1')",
    "call quack_serve('quack:127.0.0.1:0', token = 'abcd')",
    "detach warehouse",
    "from arrow_scan(1, 2, 3)",
    "from pandas_scan(1)",
]
#: They do no harm and are refused all the same, as docs/analysts.md says.
REFUSED_TOO = [
    "begin",
    "explain select 1",
    "explain analyze select 1",
    "pivot reports.rpt_example on number using sum(sum_baht)",
]


@pytest.mark.parametrize(
    "sql", [*WRITING, *FILES, *SETTINGS, *SECRETS, *OTHER_READERS, *REFUSED_TOO]
)
def test_the_holder_of_the_token_can_do_nothing_but_ask(
    served: Served, client: Client, sql: str
) -> None:
    with pytest.raises(Refused, match=r"Authorization failed|does not exist"):
        client.ask(sql)
    assert client.ask("select count(*) from reports.rpt_example") == [[3]]
    assert not served.heard("ended by itself")


def test_without_the_guard_the_settings_alone_refuse_writing_files_and_settings(
    tmp_path: Path,
) -> None:
    """Two independent locks: what one lets through by mistake, the other still refuses."""
    home = home_in(tmp_path / "home")
    publish(home, "night-1")
    code = (
        "import json, sys; from pathlib import Path\n"
        "from orchestration.serving.engine import Order, open_locked\n"
        "import duckdb\n"
        "db = open_locked(Order(sys.argv[1], 'x' * 16, 128, 1), Path(sys.argv[2]))\n"
        "refused = []\n"
        "for sql in json.loads(sys.stdin.read()):\n"
        "    try: db.execute(sql).fetchall()\n"
        "    except duckdb.Error: refused.append(sql)\n"
        "print(json.dumps(refused))\n"
    )
    persistent = [
        sql
        for sql in WRITING
        if not sql.startswith(("create temp", "create macro", "vacuum", "checkpoint", "force"))
    ]
    reaching = [sql for sql in FILES if "query_table" not in sql and "attach ':memory:'" not in sql]
    changing = [
        sql
        for sql in SETTINGS
        if sql.startswith(("set ", "reset", "pragma enable_external", "install", "force"))
        and "variable" not in sql
    ]
    tried = [*persistent, *reaching, *changing]
    done = subprocess.run(
        [sys.executable, "-c", code, str(home.warehouse), str(tmp_path)],
        input=json.dumps(tried),
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout) == tried


def test_a_function_that_an_extension_brings_is_refused_until_it_is_known_to_be_harmless(
    tmp_path: Path,
) -> None:
    with duckdb.connect() as db:
        load_extensions(db)
        db.execute("create macro new_table_function() as table select 1")
        write_guard(tmp_path / "guard.duckdb", db)
        known = {name for (name,) in db.execute(
            "select distinct function_name from duckdb_functions()").fetchall()}  # fmt: skip
    with duckdb.connect(str(tmp_path / "guard.duckdb")) as guard:
        asked = "select may_be_asked('session', ?)"
        assert guard.execute(asked, ["from new_table_function()"]).fetchall() == [(False,)]
        assert guard.execute(asked, ["select 1"]).fetchall() == [(True,)]
    assert known >= HARMLESS, "a name that no longer exists would let another function in"


def test_no_view_that_may_be_asked_tells_where_the_file_lies_and_nobody_sleeps(
    tmp_path: Path,
) -> None:
    home = home_in(tmp_path / "home")
    publish(home, "night-1")
    (tmp_path / "scratch").mkdir()
    db = open_locked(Order(str(home.warehouse), "x" * 16, 128, 1), tmp_path / "scratch")
    views = db.execute(
        "select schema_name || '.' || view_name from duckdb_views() where internal"
    ).fetchall()
    assert len(views) > 20
    for statement in [f"from {view}" for (view,) in views]:
        if db.execute(f"select {FUNCTION}('session', ?)", [statement]).fetchall() == [(True,)]:
            assert str(tmp_path) not in str(db.execute(statement).fetchall()), statement
    for sleeping in ("select sleep_ms(1)", "select pg_sleep(1)"):
        assert db.execute(f"select {FUNCTION}('s', ?)", [sleeping]).fetchall() == [(False,)]


@pytest.mark.parametrize("token", ["", "wrong-token-of-nobody", "' or 'a' = 'a"])
def test_another_token_is_refused(served: Served, token: str) -> None:
    with (
        served.client(token.replace("'", "''") or "none") as stranger,
        pytest.raises(Refused, match="Authentication failed"),
    ):
        stranger.ask("select 1")


def test_a_statement_that_eats_the_memory_is_refused_and_others_go_on(client: Client) -> None:
    with pytest.raises(Refused, match="failed to allocate"):
        client.ask("select list(range) from range(1000000000)")
    assert client.ask("select 1") == [[1]]


def test_a_statement_without_an_end_keeps_no_other_reader_waiting(
    served: Served, client: Client
) -> None:
    with served.client() as busy:
        busy.send(busy.there("select count(*) from range(3000000000) t where t.range % 7 = 3"))
        wait_until(
            lambda: served.server.current is not None and served.server.current.upstream.running > 0
        )
        assert client.ask("select count(*) from marts.dim_cluster") == [[1]]
        assert served.server.current
        assert served.server.current.upstream.running > 0, "it had ended: nothing was shown"


def test_what_is_too_long_or_elsewhere_is_refused_by_the_relay(served: Served) -> None:
    connection = http.client.HTTPConnection(served.server.address, timeout=10)
    connection.request("POST", "/elsewhere", b"x")
    assert connection.getresponse().status == http.HTTPStatus.NOT_FOUND
    connection = http.client.HTTPConnection(served.server.address, timeout=10)
    connection.putrequest("POST", "/quack")
    connection.putheader("Content-Length", str(1 << 30))
    connection.endheaders()
    assert connection.getresponse().status == http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE


# ── Through a swap ────────────────────────────────────────────────────────────────────────────


def test_a_client_that_asks_all_the_time_sees_the_old_night_then_the_new_one_and_no_error(
    tmp_path: Path,
) -> None:
    home = home_in(tmp_path / "home")
    with serving(home) as made:
        wait_until(lambda: made.heard("Nothing is published"))
        publish(home, "night-1", rows=1000)
        wait_until(lambda: made.heard("night-1"))
        both = (
            "select min(night), max(night), count(*), (from audit.published_run) "
            "from reports.rpt_example"
        )
        seen: list[list[object]] = []
        with made.client() as looping, made.client() as attached, made.client() as long:
            attached.attach()
            assert attached.here("from w.query('from audit.published_run')") == [["night-1"]]
            long.send(
                long.there(
                    "select (from audit.published_run), count(*) from range(300000000) t "
                    "where t.range % 7 = 3"
                )
            )
            wait_until(
                lambda: made.server.current is not None and made.server.current.upstream.running > 0
            )
            seen += looping.ask(both)
            publish(home, "night-2", rows=2000)
            wait_until(lambda: not seen.extend(looping.ask(both)) and seen[-1][0] == "night-2")
            # A session that lasts stays with the night it began with; so does what was running.
            assert attached.here("from w.query('from audit.published_run')") == [["night-1"]]
            assert long.answer()[0][0] == "night-1"
            # Once it is idle, the night before is gone; whoever comes back connects again.
            wait_until(lambda: made.heard("its sessions are done"))
            with pytest.raises(Refused):
                attached.here("from w.query('from audit.published_run')")
            attached.here("detach w")
            attached.attach()
            assert attached.here("from w.query('from audit.published_run')") == [["night-2"]]
        assert {tuple(row) for row in seen} == {
            ("night-1", "night-1", 1000, "night-1"),
            ("night-2", "night-2", 2000, "night-2"),
        }


def test_an_engine_that_is_killed_is_followed_by_another(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    publish(home, "night-1")
    with serving(home) as made, made.client() as client:
        wait_until(lambda: made.heard("Serving"))
        assert made.server.current
        made.server.current.process.kill()
        wait_until(lambda: sum("Serving" in line for line in made.said) == 2)
        assert client.ask("select 1") == [[1]]


def test_a_file_that_cannot_be_opened_leaves_the_night_before_served(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    publish(home, "night-1")
    with serving(home) as made, made.client() as client:
        wait_until(lambda: made.heard("Serving"))
        (home.published / "damaged").write_bytes(b"no database" * 1000)
        (home.published / "damaged").replace(home.warehouse)
        wait_until(lambda: made.heard("cannot be served"))
        assert client.ask("from audit.published_run") == [["night-1"]]


# ── The command ───────────────────────────────────────────────────────────────────────────────


def start(home: Home, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    """The command `warehouse serve`."""
    return subprocess.Popen(
        [*WAREHOUSE, "serve", *arguments],
        env={
            **os.environ,
            "WAREHOUSE_HOME": str(home.root),
            "PYTHONPATH": python_path(),
            **settings,
        },
        cwd=home.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def python_path() -> str:
    """Where this process finds modules."""
    return os.pathsep.join([str(PROJECT), *filter(None, sys.path)])


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_command_waits_for_a_night_serves_it_says_so_and_ends_when_told(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    port = free_port()
    process = start(home, WAREHOUSE_SERVE_PORT=str(port))
    try:
        assert process.stdout
        assert "The token is in" in process.stdout.readline()
        assert "waiting for a night" in process.stdout.readline()
        check = start(home, "--check", WAREHOUSE_SERVE_PORT=str(port))
        assert check.wait(30) == 1
        publish(home, "night-1")
        assert f"quack:127.0.0.1:{port}" in process.stdout.readline()
        assert answers("127.0.0.1", port)
        check = start(home, "--check", WAREHOUSE_SERVE_PORT=str(port))
        assert check.wait(30) == 0
        # The token is the owner's alone, and a second server has no port left.
        assert stat.S_IMODE(home.serve_token_file.stat().st_mode) == 0o600
        second = start(home, WAREHOUSE_SERVE_PORT=str(port), WAREHOUSE_SERVE_TOKEN="t" * 20)
        assert "cannot be listened on" in second.communicate(timeout=30)[0]
        assert second.returncode == 1
        children = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(process.pid)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert home.serve_token_file.read_text().strip() not in children
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        engine = int(children.split()[0])
        with contextlib.suppress(ProcessLookupError):
            os.kill(engine, 0)
            pytest.fail("the engine outlives the server")
    finally:
        process.kill()
        process.communicate()


def test_a_token_that_is_short_is_refused_without_being_repeated(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    process = start(home, WAREHOUSE_SERVE_TOKEN="short-one")
    said = process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert "WAREHOUSE_SERVE_TOKEN" in said
    assert "short-one" not in said


def test_an_engine_ends_with_the_server_that_is_killed(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    publish(home, "night-1")
    process = start(home, WAREHOUSE_SERVE_PORT=str(free_port()))
    assert process.stdout
    while "Serving" not in process.stdout.readline():
        assert process.poll() is None
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
    )
    engine = int(listed.stdout)
    process.kill()
    process.communicate()
    wait_until(lambda: not Path(f"/proc/{engine}").exists())


def test_an_address_that_is_not_this_machines_is_said_in_a_sentence(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    with pytest.raises(SettingsError, match="cannot be listened on"):
        Server(home, "192.0.2.1", 0, print)
