"""The scanner for planted personal data finds it wherever somebody may have left it."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import sqlite3
import urllib.parse
import zlib
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import xlsxwriter
from personal_data import Planted, Scanner
from pyarrow import parquet

from sources.contracts import discover

NAME = "นางลับเฉพาะที่1 ห้ามเผยแพร่"


def xlsx(text: str) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.add_worksheet().write(3, 2, f"ถึง {text}")
    return file.getvalue()


def as_parquet(text: str) -> bytes:
    file = io.BytesIO()
    nested = pa.array([[{"who": text}], []])
    parquet.write_table(pa.table({"rows": nested}), file, compression="zstd")
    return file.getvalue()


def sqlite(text: str) -> bytes:
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        db.execute("create table event (body text, packed blob)")
        packed = zlib.compress(json.dumps({"who": text}).encode())
        db.execute("insert into event values (?, ?)", ["nothing", packed])
        db.commit()
        return db.serialize()


def duck(folder: Path, text: str) -> bytes:
    file = folder / "a.duckdb"
    with duckdb.connect(str(file)) as db:
        db.execute("create schema audit")
        # So many alike that the block is packed.
        db.execute(f"create table audit.row as select '{text}' as who from range(20000)")
    return file.read_bytes()


HIDDEN: dict[str, Callable[[Path], bytes]] = {
    "utf-8": lambda _: f"x{NAME}x".encode(),
    "cp874": lambda _: NAME.encode("cp874"),
    "utf-16": lambda _: NAME.encode("utf-16"),
    "json": lambda _: json.dumps([NAME]).encode(),
    "json in json": lambda _: json.dumps(json.dumps(NAME)).encode(),
    "html": lambda _: NAME.encode("ascii", "xmlcharrefreplace"),
    "url": lambda _: urllib.parse.quote(NAME).encode(),
    "gzip": lambda _: gzip.compress(NAME.encode()),
    "xlsx": lambda _: xlsx(NAME),
    "xlsx in gzip": lambda _: gzip.compress(xlsx(NAME)),
    "parquet": lambda _: as_parquet(NAME),
    "sqlite": lambda _: sqlite(NAME),
    "duckdb": lambda folder: duck(folder, NAME),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_what_is_hidden_is_found(how: str, tmp_path: Path) -> None:
    content = HIDDEN[how](tmp_path)
    assert {text for _, text in Scanner([NAME]).in_bytes(content)} == {NAME}
    assert Scanner(["นางสาวไม่มีที่ไหน"]).in_bytes(content) == []


def test_a_folder_is_looked_through_with_its_names_but_for_what_may_hold_it(
    tmp_path: Path,
) -> None:
    for folder in ("published/exports", "archive"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "published/exports/a.xlsx").write_bytes(xlsx(NAME))
    (tmp_path / f"published/{NAME}.html").touch()
    (tmp_path / "archive/b").write_text(NAME, encoding="utf-8")
    found = Scanner([NAME]).in_folder(tmp_path, but=["archive"])
    assert {where.split("!")[0] for where, _ in found} == {
        "published/exports/a.xlsx", f"published/{NAME}.html",
    }  # fmt: skip


def test_every_personal_column_of_every_contract_is_planted() -> None:
    for contract in discover().values():
        planted = Planted()
        row = planted.row(contract, dict.fromkeys((c.name for c in contract.columns), "x"))
        personal = {column.name for column in contract.columns if column.is_personal}
        assert personal == {name for name in personal if row[name] in planted.texts}
