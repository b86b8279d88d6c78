"""The warehouse as it would have been published at an earlier time, built beside the current one.

The warehouse is a function of the store and the ledger, so the past is the same build over a
ledger that ends earlier. Nothing in the home changes.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import duckdb

from orchestration import progress
from orchestration.comments import set_comments
from orchestration.completeness import refuse_incomplete
from orchestration.dictionary import tables_of_the_project
from orchestration.layout import lay_out, night_of
from orchestration.ledger import open_ledger
from orchestration.lock import own_build
from orchestration.reconciliation import differences
from orchestration.settings import Home
from orchestration.transform import build, failures_in_words

#: What a DuckDB file says of itself, behind a checksum of eight bytes.
_MAGIC, _MAGIC_AT = b"DUCK", 8


class RebuildFailed(RuntimeError):
    """The earlier warehouse could not be built; the message says why."""


def rebuild(home: Home, as_of: dt.datetime, out: Path) -> Path:
    """Builds the warehouse as of a time into a file of its own.

    Args:
        home: prepared.
        as_of: UTC, without a zone.
        out: the DuckDB file to write; an earlier DuckDB file there is replaced.

    Raises:
        RebuildFailed: a model, a test or the reconciliation failed, or `out` is no place for it.
        orchestration.manifest.BuildFailed: dbt could not run.
    """
    _refuse_place(home, out)
    with own_build(home) as folder:
        with open_ledger(home) as ledger:
            refuse_incomplete(home, ledger)
            progress.notify("reading", f"the ledger up to {as_of:%Y-%m-%d %H:%M:%S} UTC")
            lay_out(home, ledger, folder, night_of(ledger, as_of), as_of)
        progress.notify("building", "staging, intermediate, marts, reports and audit with dbt")
        if (why := failures_in_words(list(build(home, folder).results))) is not None:
            raise RebuildFailed(why)
        built = folder / "warehouse.duckdb"
        progress.notify("checking", "reconciliation in rows and baht")
        with duckdb.connect(str(built)) as db:
            if off := differences(db):
                raise RebuildFailed(f"{len(off)} files do not reconcile, the first: {off[0]}")
            set_comments(db, tables_of_the_project())
            db.execute("checkpoint")
        out.parent.mkdir(parents=True, exist_ok=True)
        temporary = out.with_name(f".{out.name}.{os.getpid()}.part")
        shutil.copyfile(built, temporary)
        temporary.replace(out)
        return out


def _refuse_place(home: Home, out: Path) -> None:
    """Refuses to write where the nights write, or over what is no warehouse.

    An earlier time in the place of the published file would be what analysts take for today's.
    """
    place = out.parent.resolve() / out.name
    for folder in (home.published, home.build, home.archive, home.store):
        if isinstance(folder, Path) and place.is_relative_to(folder.resolve()):
            raise RebuildFailed(
                f"{out} is in {folder}, which the nights write. Name a file elsewhere."
            )
    if out.is_dir():
        raise RebuildFailed(f"{out} is a folder. Name a file in it.")
    if out.exists() and not _is_duckdb(out):
        raise RebuildFailed(
            f"{out} is there and is no DuckDB file; it was left as it is. Name another file."
        )


def _is_duckdb(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(_MAGIC_AT + len(_MAGIC))[_MAGIC_AT:] == _MAGIC
