"""A client of `warehouse serve`: DuckDB with its extension quack, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PROJECT = Path(__file__).parents[1]
_PROGRAM = """
import json, sys
import duckdb
from orchestration.serving.engine import load_extensions

db = duckdb.connect(config={"autoinstall_known_extensions": "false"})
load_extensions(db)
db.execute("set enable_progress_bar = false")
for line in sys.stdin:
    try:
        said = {"rows": db.execute(json.loads(line)).fetchall()}
    except duckdb.Error as error:
        said = {"error": str(error)}
    print(json.dumps(said, default=str), flush=True)
"""


class Refused(Exception):
    """The server refused, or was not there; the message is the client's."""


@dataclass
class Client:
    """Asks; each statement to the server is a session of its own unless `attach` was called."""

    address: str
    token: str
    process: subprocess.Popen[str] = field(init=False)

    def __enter__(self) -> Client:
        """Starts it."""
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_PROJECT,
        )
        return self

    def __exit__(self, *_: object) -> None:
        """Ends it, in the middle of a statement, too."""
        self.process.kill()
        self.process.communicate()

    def send(self, sql: str) -> None:
        """Sends a statement to the client's own database and does not wait."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(sql) + "\n")
        self.process.stdin.flush()

    def here(self, sql: str) -> list[list[Any]]:
        """Runs a statement in the client's own database.

        Raises:
            Refused: it fails.
        """
        self.send(sql)
        return self.answer()

    def answer(self) -> list[list[Any]]:
        """Waits for the answer to what was sent.

        Raises:
            Refused: it was an error.
        """
        assert self.process.stdout
        said = json.loads(self.process.stdout.readline())
        if "error" in said:
            raise Refused(said["error"])
        return list(said["rows"])

    def there(self, sql: str) -> str:
        """The statement that has the server run another one."""
        quoted = sql.replace("'", "''")
        return f"from quack_query('quack:{self.address}', '{quoted}', token = '{self.token}')"

    def ask(self, sql: str) -> list[list[Any]]:
        """Has the server run a statement.

        Raises:
            Refused: it did not.
        """
        return self.here(self.there(sql))

    def attach(self) -> None:
        """Begins a session that lasts: its statements are `from w.query('…')`."""
        self.here(f"attach 'quack:{self.address}' as w (token '{self.token}')")


def wait_until(true: Any, seconds: float = 30, what: str = "it") -> None:
    """Waits until a function says so."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, f"{what} did not happen in {seconds} s"
        time.sleep(0.05)
