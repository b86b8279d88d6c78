"""What generated SQL is put together from."""

from __future__ import annotations

import subprocess
import sys

import duckdb

from sources.sql import identifier, quoted, records


def test_texts_and_names_are_themselves_whatever_stands_in_them() -> None:
    text, name = 'it\'s "so"', 'a "b"'
    with duckdb.connect() as db:
        assert records(db, f"select {quoted(text)} as {identifier(name)}") == [{name: text}]


def test_what_publishes_waits_for_no_workbench() -> None:
    program = (
        "import sys, orchestration.publication; "
        "print({'numpy', 'pyarrow', 'sources.typed'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
