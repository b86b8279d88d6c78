"""The shell of `warehouse query`, on a pseudo-terminal and piece by piece."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import stat
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psutil
import pytest
from programs import said_by
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from published_file import home_in, publish

from orchestration import shell as shell_module
from orchestration.querying import Answer, Format, opened
from orchestration.settings import Home
from orchestration.shell import ROWS_SHOWN, Names, Shell, history_in, is_whole

PROJECT = Path(__file__).parents[2]
WAREHOUSE = [sys.executable, "-c", "from orchestration.cli import main; main()"]
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home in which one night has published."""
    made = home_in(tmp_path / "home")
    publish(made, "night-1")
    return made


def environment(home: Home) -> dict[str, str]:
    """A user's, whose home folder is a temporary one."""
    own = home.root.parent / "user"
    own.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WAREHOUSE_")}
    return {
        **kept,
        "WAREHOUSE_HOME": str(home.root),
        "HOME": str(own),
        "TERM": "xterm",
        "COLUMNS": "100",
        "PYTHONPATH": str(PROJECT),
        "PROMPT_TOOLKIT_NO_CPR": "1",
    }


def _take_the_terminal() -> None:
    """Makes the pseudo-terminal the one whose Ctrl-C this process hears."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """The shell on a pseudo-terminal, as a person sits before it."""

    def __init__(self, home: Home) -> None:
        """Opens it."""
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [*WAREHOUSE, "query"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment(home),
            cwd=home.root,
            start_new_session=True,
            preexec_fn=_take_the_terminal,  # noqa: PLW1509 - no thread is running yet
        )
        os.close(slave)
        self.seen = ""

    def type(self, keys: str) -> None:
        """Types."""
        os.write(self.master, keys.encode())

    def until(self, said: str, seconds: float = 30) -> str:
        """Waits until something new is shown; returns what was shown since the last time."""
        ends = time.monotonic() + seconds
        while said not in self.seen:
            left = ends - time.monotonic()
            assert left > 0, f"{said!r} was not shown, but {self.seen!r}"
            if select.select([self.master], [], [], left)[0]:
                try:
                    piece = os.read(self.master, 65536)
                except OSError:  # the shell has ended
                    piece = b""
                assert piece, f"{said!r} was not shown before the end, but {self.seen!r}"
                self.seen += _ESCAPES.sub("", piece.decode("utf-8", "replace"))
        shown, _, self.seen = self.seen.partition(said)
        return shown

    def until_it_works(self) -> None:
        """Waits until a statement keeps it busy."""
        process = psutil.Process(self.process.pid)
        before = process.cpu_times().user
        while process.cpu_times().user < before + 1:
            assert process.is_running()
            time.sleep(0.05)

    def ended(self) -> int:
        """Waits for its end; returns the exit code."""
        while True:
            assert select.select([self.master], [], [], 30)[0], "it has not ended"
            try:
                if not os.read(self.master, 65536):
                    break
            except OSError:
                break
        return self.process.wait(30)


@pytest.fixture
def terminal(home: Home) -> Iterator[Terminal]:
    """The shell, opened."""
    opened_shell = Terminal(home)
    try:
        yield opened_shell
    finally:
        opened_shell.process.kill()
        opened_shell.process.wait()
        os.close(opened_shell.master)


def test_a_person_asks_errs_stops_a_statement_sees_a_new_night_and_leaves(
    home: Home, terminal: Terminal
) -> None:
    terminal.until("warehouse>")
    terminal.type("select 6 * 7\n")
    terminal.type("as answer;\n")
    terminal.until("42")
    terminal.type("select name_th from marts.dim_cluster;\n")
    terminal.until("ผ้าทอน้ำพอง")
    terminal.type("create table audit.x as select 1;\n")
    terminal.until("read-only")
    terminal.type("select nothing_there;\n")
    terminal.until("Error: Binder Error")
    # Ctrl-C stops what runs and nothing else.
    terminal.type("select count(*) from range(40000000000) t where t.range % 7 = 3;\n")
    terminal.until_it_works()
    terminal.type("\x03")
    terminal.until("Stopped.", 10)
    publish(home, "night-2")
    terminal.type("select distinct night from reports.rpt_example;\n")
    terminal.until("Another night has been published")
    terminal.until("night-2")
    terminal.type(".format json\nselect 1 as one;\n")
    terminal.until('"one": 1')
    terminal.until("warehouse>")  # before, the terminal itself would take the key
    terminal.type("\x04")
    assert terminal.ended() == 0
    kept = home.root.parent / "user/.local/state/cluster-warehouse/query_history"
    assert "nothing_there" in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("select 1;", True),
        ("select 1", False),
        ("select ';", False),
        ("select ';';", True),
        ("select 1 -- ;", False),
        ("select 1; -- so", True),
        ("select 'ก;';", True),
        ("/* ;", False),
        ("selct 1;", True),
        (".tables", True),
        ("", True),
    ],
)
def test_enter_runs_what_is_whole_and_goes_to_the_next_line_otherwise(
    typed: str, whole: bool
) -> None:
    assert is_whole(typed) is whole


def completions(home: Home, typed: str) -> dict[str, str]:
    """What Tab offers after some text, with what is said of each."""
    names = Names()
    with opened(home) as db:
        names.read(db)
    found = names.get_completions(Document(typed), CompleteEvent())
    return {one.text: one.display_meta_text for one in found}


def test_tab_completes_tables_by_schema_and_by_their_own_name_and_says_what_they_are(
    home: Home,
) -> None:
    assert completions(home, "from rpt_ex") == {"reports.rpt_example": "One row per number."}
    assert list(completions(home, "from marts.")) == ["marts.dim_cluster"]


def test_tab_completes_columns_of_the_tables_that_are_named_with_type_and_description(
    home: Home,
) -> None:
    offered = completions(home, "from reports.rpt_example where sum_b")
    assert offered == {"sum_baht": "decimal(18,2)  What it sums up to."}
    assert "e.sum_baht" in completions(home, "from reports.rpt_example as e where e.s")
    assert "name_th" not in completions(home, "from reports.rpt_example where name")


def test_tab_completes_keywords_functions_and_commands(home: Home) -> None:
    assert completions(home, "qualif") == {"qualify": "keyword"}
    assert completions(home, "select list_dist")["list_distinct"] == "function"
    assert list(completions(home, ".for")) == [".format"]
    assert list(completions(home, ".schema rpt_")) == ["reports.rpt_example"]


@pytest.fixture
def shell(home: Home) -> Iterator[Shell]:
    """A shell without a terminal, given its statements directly."""
    with create_pipe_input() as pipe:
        made = Shell(home, InMemoryHistory(), Format.table, (pipe, DummyOutput()))
        yield made


def test_a_long_result_is_cut_with_its_number_and_shown_whole_when_asked(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.answer(f"from range({ROWS_SHOWN + 50});")
    cut = capsys.readouterr().out
    assert f"first {ROWS_SHOWN} of {ROWS_SHOWN + 50} rows" in cut
    assert f" {ROWS_SHOWN + 49} " not in cut
    shell.answer(".all")
    assert f" {ROWS_SHOWN + 49} " in capsys.readouterr().out


def test_csv_has_every_row_however_many(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.answer(".format csv")
    shell.answer(f"from range({ROWS_SHOWN + 50});")
    assert len(capsys.readouterr().out.splitlines()) == ROWS_SHOWN + 51


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (".tables", "reports.rpt_example"),
        (".schema rpt_example", "What it sums up to."),
        (".describe rpt_exampel", "Did you mean"),
        (".format xml", "Type .format table"),
        (".schema", "There is no command"),
        (".nonsense", "Type .help"),
        (".help", "Ctrl-C"),
        ("from read_text('/etc/hostname');", "Error: Permission Error"),
        ("copy marts.dim_cluster to '/tmp/x.csv';", "Error: Permission Error"),
    ],
)
def test_commands_answer_and_an_error_is_one_line(
    shell: Shell, capsys: pytest.CaptureFixture[str], command: str, said: str
) -> None:
    shell.answer(command)
    out = capsys.readouterr().out
    assert said in out
    if "Error" in said:
        assert out.count("\n") == 1


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("interval 90 minutes", '"1:30:00"'),
        ("'00000000-0000-0000-0000-000000000001'::uuid", '"00000000-0000-0000-0000-000000000001"'),
        ("'ab'::blob", '"6162"'),
        ("[map {date '2015-01-20': 1.5}]", '"2015-01-20": 1.5'),
    ],
)
def test_json_has_a_word_for_every_value_of_duckdb(
    shell: Shell, capsys: pytest.CaptureFixture[str], value: str, said: str
) -> None:
    shell.answer(".format json")
    shell.answer(f"select {value} as v;")
    assert said in capsys.readouterr().out


def test_a_published_file_that_does_not_open_is_said_in_a_sentence(tmp_path: Path) -> None:
    damaged = home_in(tmp_path / "home")
    damaged.warehouse.write_bytes(b"no database")
    commands = (
        ["tables"],
        ["query", "select 1"],
        ["quarantine"],
        ["trace", "rpt_programme_progress", "fiscal_year_be=2558"],
    )
    for command in commands:
        done = subprocess.run(
            [*WAREHOUSE, *command],
            env=environment(damaged),
            cwd=damaged.root,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.startswith(f"warehouse: The published warehouse {damaged.warehouse}")
        assert done.stderr.count("\n") == 1


def test_history_is_kept_for_this_once_where_its_folder_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert isinstance(history_in(tmp_path / "file" / "folder"), InMemoryHistory)


def test_sql_is_read_from_standard_input_where_that_is_no_terminal(home: Home) -> None:
    done = subprocess.run(
        [*WAREHOUSE, "query", "--json"],
        input="select number from reports.rpt_example where number = 2",
        env=environment(home),
        cwd=home.root,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout) == [{"number": 2}]


def test_ctrl_d_at_the_start_leaves(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with create_pipe_input() as pipe:
        shell = Shell(home, InMemoryHistory(), Format.json, (pipe, DummyOutput()))
        pipe.send_text("select 5 as five;\r\x04")
        shell.run()
    assert '"five": 5' in capsys.readouterr().out


def test_help_and_query_with_sql_load_neither_the_shell_nor_the_server() -> None:
    code = (
        "import sys, orchestration.cli; "
        "print([m for m in ('duckdb', 'prompt_toolkit', 'pygments.lexers', 'http.server')"
        " if m in sys.modules])"
    )
    assert said_by(code) == "[]\n"


def test_a_ctrl_c_before_the_statement_has_begun_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask = shell_module.ask

    def late(db: duckdb.DuckDBPyConnection, sql: str) -> Answer:
        time.sleep(0.5)
        return ask(db, sql)

    monkeypatch.setattr(shell_module, "ask", late)
    timer = threading.Timer(0.1, os.kill, [os.getpid(), signal.SIGINT])
    with duckdb.connect() as db, pytest.raises(duckdb.InterruptException):
        timer.start()
        shell_module.interruptible(
            db, "select count(*) from range(40000000000) t where t.range % 7 = 3"
        )
