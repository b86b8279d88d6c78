"""The shell of `warehouse query`: SQL on a terminal, with history, completion and tables.

    warehouse> from reports.rpt_programme_progress;

A statement ends with `;` and may take several lines. Each is put to the warehouse that is
published at that moment, opened anew, so that a night that publishes while the shell is open is
seen; the shell says so once. What is imported here takes a while: nothing else imports it.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import PygmentsLexer
from prompt_toolkit.output import Output
from pygments.lexers.sql import SqlLexer

from orchestration import catalogue
from orchestration.catalogue_shown import show_description, show_tables
from orchestration.querying import (
    Answer,
    Format,
    NothingPublished,
    as_text,
    ask,
    edition,
    opened,
)
from orchestration.settings import Home, SettingsError
from orchestration.show import print_table

#: Rows of a table that are drawn at once; csv and json have all.
ROWS_SHOWN = 200
#: A statement that is to stop is told so again after so long.
_AGAIN_SECONDS = 0.1
HELP = """\
SQL ends with ; and may take several lines. The warehouse cannot be changed from here.
.tables               what is published
.schema NAME          a table's columns, types and descriptions (also .describe)
.format FORM          table, csv or json from now on
.all                  the last result whole, where it was cut
.help                 this
.quit                 ends the shell (also Ctrl-D)
Tab completes names; up and down go through what was typed before; Ctrl-R searches it.
Ctrl-C stops a statement that runs, or drops what is typed."""
_COMMANDS = {
    ".tables": "what is published",
    ".schema": "a table's columns",
    ".describe": "a table's columns",
    ".format": "table, csv or json",
    ".all": "the last result whole",
    ".help": "what can be typed",
    ".quit": "ends the shell",
}
#: A word that is being typed, with the schema or table before it.
_WORD = re.compile(r"[\w.]*$")


def state_folder() -> Path:
    """Where a user's own state lies; not in the warehouse's home, which may be another's."""
    return Path.home() / ".local" / "state" / "cluster-warehouse"


def history_in(folder: Path) -> History:
    """What was typed before, kept for its owner alone; for this once where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = folder / "query_history"
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(file))


class Names(Completer):
    """Completes schemas, tables, columns, keywords and functions; says what each is."""

    def __init__(self) -> None:
        self._tables: dict[str, str] = {}
        self._columns: dict[str, list[tuple[str, str]]] = {}
        self._words: dict[str, str] = {}

    def read(self, db: duckdb.DuckDBPyConnection) -> None:
        """Reads the names of what is published now."""
        self._tables = {one.full_name: one.grain for one in catalogue.tables(db)}
        self._columns = {}
        for table, column, kind, comment in db.execute(
            "select schema_name || '.' || table_name, column_name, data_type, comment "
            "from duckdb_columns() where database_name = current_database() and not internal "
            "order by schema_name, table_name, column_index"
        ).fetchall():
            said = f"{kind.lower()}  {(comment or '').partition(chr(10))[0]}".strip()
            self._columns.setdefault(table, []).append((column, said))
        words = db.execute(
            "select keyword_name, 'keyword' from duckdb_keywords() "
            "where keyword_category = 'reserved' union all "
            "select distinct function_name, 'function' from duckdb_functions() "
            "where regexp_matches(function_name, '^[a-z][a-z0-9_]+$') "
            "and function_name not like 'duckdb\\_%' escape '\\' order by 1"
        ).fetchall()
        self._words = dict(words)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002,E501  # fmt: skip
        """What fits the word before the cursor, the likeliest first."""
        before = document.text_before_cursor
        if before.startswith("."):
            yield from self._commands(before)
            return
        found = _WORD.search(before)
        word = found.group().lower() if found else ""
        if word:
            yield from _fitting(word, self._candidates(word, document.text.lower()))

    def _commands(self, before: str) -> Iterator[Completion]:
        command, space, rest = before.partition(" ")
        if not space:
            yield from _fitting(command, _COMMANDS.items())
        elif command in (".schema", ".describe"):
            yield from _fitting(rest.lower(), self._tables.items())
        elif command == ".format":
            yield from _fitting(rest.lower(), ((str(form), "") for form in Format))

    def _candidates(self, word: str, text: str) -> Iterator[tuple[str, str]]:
        qualifier, dot, _ = word.rpartition(".")
        named = {
            full: columns
            for full, columns in self._columns.items()
            if full in text or re.search(rf"\b{re.escape(full.partition('.')[2])}\b", text)
        }
        if dot:
            for full, columns in self._columns.items():
                if qualifier in (full, full.partition(".")[2]):
                    yield from ((f"{qualifier}.{name}", said) for name, said in columns)
            for alias, full in _aliases(text, self._columns).items():
                if alias == qualifier:
                    yield from ((f"{alias}.{name}", said) for name, said in self._columns[full])
        else:
            # Columns of the tables the statement names.
            seen: set[str] = set()
            for columns in named.values():
                for name, said in columns:
                    if name not in seen:
                        seen.add(name)
                        yield name, said
        yield from self._tables.items()
        if not dot:
            # A table's own name finds it, too: rpt_ → reports.rpt_…
            for full, said in self._tables.items():
                if full.partition(".")[2].startswith(word):
                    yield full, said
            yield from self._words.items()


def _aliases(text: str, tables: Iterable[str]) -> dict[str, str]:
    known = set(tables)
    pairs = re.findall(r"\b(\w+\.\w+)\s+(?:as\s+)?(\w+)", text)
    return {alias: table for table, alias in pairs if table in known}


def _fitting(word: str, candidates: Iterable[tuple[str, str]]) -> Iterator[Completion]:
    seen: set[str] = set()
    for name, said in candidates:
        own = name.partition(".")[2]
        fits = name.startswith(word) or ("." not in word and own.startswith(word))
        if fits and name not in seen:
            seen.add(name)
            yield Completion(name, -len(word), display_meta=said)


def is_whole(text: str) -> bool:
    """Whether a statement is typed to its end, so that Enter runs it.

    A `;` in a text or a comment ends nothing: DuckDB's own tokens tell them apart.
    """
    said = text.strip()
    if not said or said.startswith("."):
        return True
    tokens = duckdb.tokenize(said)
    return bool(tokens) and said.encode()[tokens[-1][0] :].startswith(b";")


class Shell:
    """Reads statements, runs them, shows what they give; goes on after an error."""

    def __init__(
        self,
        home: Home,
        history: History,
        form: Format = Format.table,
        terminal: tuple[Input, Output] | None = None,
    ) -> None:
        """Prepares the prompt.

        Args:
            home: whose published warehouse is asked.
            history: what was typed before.
            form: how answers are printed at first.
            terminal: what to read from and draw on; the terminal of this process when None.
        """
        self.home = home
        self.form = form
        self.names = Names()
        self._run: tuple[object, ...] | None = None
        self._last: Answer | None = None
        keys = KeyBindings()
        screen: Callable[[], PromptSession[str]] = lambda: self.session  # noqa: E731

        @keys.add("enter", filter=Condition(lambda: is_whole(screen().default_buffer.text)))
        def _(event: KeyPressEvent) -> None:
            event.current_buffer.validate_and_handle()

        reading, drawing = terminal or (None, None)
        self.session: PromptSession[str] = PromptSession(
            "warehouse> ",
            prompt_continuation="       ... ",
            multiline=True,
            history=history,
            completer=self.names,
            complete_while_typing=False,
            lexer=PygmentsLexer(SqlLexer),
            key_bindings=keys,
            input=reading,
            output=drawing,
        )

    def run(self) -> None:
        """Reads and answers until Ctrl-D or `.quit`.

        Raises:
            NothingPublished: there is nothing to ask.
        """
        # Whoever started us in the background had Ctrl-C ignored; here it stops a statement.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with opened(self.home) as db:
            self._look(db)
        say("SQL ends with ; and .help says more. Ctrl-D leaves.")
        while True:
            try:
                text = self.session.prompt().strip()
                if text in (".quit", ".exit"):
                    return
                if text:
                    self.answer(text)
            except KeyboardInterrupt:
                continue
            except EOFError:
                return

    def answer(self, text: str) -> None:
        """Answers one statement or command; says what went wrong in one line."""
        try:
            if text.startswith("."):
                self._command(text)
            else:
                self._statement(text)
        except (duckdb.InterruptException, KeyboardInterrupt):
            say("Stopped.")
        except (duckdb.Error, SettingsError, NothingPublished, OSError) as error:
            say(f"Error: {one_line(error)}")

    def _statement(self, sql: str) -> None:
        with opened(self.home) as db:
            self._look(db)
            self._last = interruptible(db, sql)
        self._show(self._last, ROWS_SHOWN)

    def _command(self, text: str) -> None:
        command, _, rest = text.rstrip(";").partition(" ")
        rest = rest.strip()
        match command:
            case ".tables":
                with opened(self.home) as db:
                    self._look(db)
                    show_tables(catalogue.tables(db))
            case ".schema" | ".describe" if rest:
                with opened(self.home) as db:
                    self._look(db)
                    show_description(catalogue.describe(db, rest))
            case ".format" if rest in list(Format):
                self.form = Format(rest)
            case ".format":
                say("Type .format table, .format csv or .format json.")
            case ".all" if self._last:
                self._show(self._last, len(self._last.rows))
            case ".all":
                say("Nothing was asked yet.")
            case ".help":
                say(HELP)
            case _:
                say(f"There is no command {text!r}. Type .help.")

    def _look(self, db: duckdb.DuckDBPyConnection) -> None:
        """Reads the names anew and says so, where another night is published than before."""
        now = edition(self.home, db)
        if now == self._run:
            return
        if self._run is not None:
            say("Another night has been published; answers are from it now.")
        self._run = now
        self.names.read(db)

    def _show(self, answer: Answer, most: int) -> None:
        text = as_text(answer, self.form)
        if text is not None:
            say(text, end="")
            return
        print_table(answer.names, answer.rows[:most])
        if len(answer.rows) > most:
            say(
                f"These are the first {most:,} of {len(answer.rows):,} rows: .all shows every one, "
                "`limit` in the statement fewer."
            )


def interruptible(db: duckdb.DuckDBPyConnection, sql: str) -> Answer:
    """Runs SQL so that Ctrl-C stops it and not the shell.

    Raises:
        duckdb.InterruptException: it was stopped.
        duckdb.Error: it cannot be run.
    """
    # The main thread alone hears Ctrl-C, and not while it is inside DuckDB.
    with ThreadPoolExecutor(1) as beside:
        answer = beside.submit(ask, db, sql)
        is_stopped = False
        while True:
            try:
                if is_stopped:  # again and again: what has not begun yet does not hear it
                    db.interrupt()
                return answer.result(_AGAIN_SECONDS if is_stopped else None)
            except KeyboardInterrupt:
                is_stopped = True
            except TimeoutError:
                continue


def one_line(error: BaseException) -> str:
    """What an error says, without the lines that point into the statement."""
    said = [line.strip() for line in str(error).splitlines() if line.strip()]
    kept = [line for line in said if not line.startswith(("LINE ", "^"))]
    return " ".join(kept) or type(error).__name__


def say(text: str, end: str = "\n") -> None:
    """Prints, also what a terminal's encoding lacks."""
    sys.stdout.write(text + end)
    sys.stdout.flush()
