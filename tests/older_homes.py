"""Small homes that earlier versions of the software made: two nights each, in February 2015.

`homes/<name>.zip` is the home without its ledger, `homes/<name>.sql` the ledger as SQL. What lies
in them is made up. On the first night came two clusters, three members, an activity and outcomes,
on the second a correction and a copy; between them one file was withdrawn.

    first_release     commit 02d8b35, the first release
    before_revisions  commit dcdb53b, the last whose ledger had no revision; a quarter is closed
"""

from __future__ import annotations

import contextlib
import sqlite3
import zipfile
from pathlib import Path

FOLDER = Path(__file__).parent / "homes"
NAMES = ("first_release", "before_revisions")


def ledger_of(name: str, file: Path) -> Path:
    """Makes the SQLite ledger of an older home; returns its file."""
    with contextlib.closing(sqlite3.connect(file)) as db:
        db.executescript((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
    return file


def home_of(name: str, folder: Path) -> Path:
    """Makes an older home; returns its folder."""
    with zipfile.ZipFile(FOLDER / f"{name}.zip") as packed:
        packed.extractall(folder)
    ledger_of(name, folder / "ledger.sqlite")
    return folder
