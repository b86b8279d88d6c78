"""One and the same rows in every format that the interface names, plain and packed, read alike."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import excel97
import openpyxl
import pyarrow as pa
import pytest
from file_writers import ods_bytes
from good_rows import GOOD_ROWS
from intake_home import Home, Taken
from pyarrow import parquet

from sources.contracts import Contract, discover

Rows = Sequence[Sequence[str]]
CONTRACTS = discover()


def rows_of(contract: Contract) -> list[list[str]]:
    """Three rows with every required column, under Thai labels; the key's first column differs."""
    good = GOOD_ROWS[contract.dataset]
    names = [column.name for column in contract.columns if column.name in good]
    header = [contract.column(name).label for name in names]
    first = names[0]
    keys = ["C01", "C02", "C03"] if first == "cluster_code" else ["A-1", "A-2", "A-3"]
    return [header, *([{**good, first: key}[name] for name in names] for key in keys)]


def delimited(delimiter: str, encoding: str) -> Callable[[Rows], bytes]:
    """A writer of text."""

    def write(rows: Rows) -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows(rows)
        mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
        return (mark + text.getvalue()).encode(encoding)

    return write


def xlsx(rows: Rows) -> bytes:
    """A workbook of today."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xls(rows: Rows) -> bytes:
    """A workbook of Excel 97."""
    return excel97.workbook({"Sheet1": rows})


def ods(rows: Rows) -> bytes:
    """A workbook of LibreOffice."""
    return ods_bytes({"Sheet1": rows})


def as_parquet(rows: Rows) -> bytes:
    """A Parquet file of text columns."""
    header, *body = rows
    file = io.BytesIO()
    columns = {name: [row[n] for row in body] for n, name in enumerate(header)}
    parquet.write_table(pa.table(columns), file)
    return file.getvalue()


def typed_parquet(rows: Rows) -> bytes:
    """A Parquet file whose ids are numbers and whose dates are dates."""
    header, *body = rows

    def typed(text: str) -> Any:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return int(text) if text.isdigit() else text

    file = io.BytesIO()
    columns = {name: [typed(row[n]) for row in body] for n, name in enumerate(header)}
    parquet.write_table(pa.table(columns), file)
    return file.getvalue()


def json_lines(rows: Rows) -> bytes:
    """JSON Lines."""
    header, *body = rows
    lines = (json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) for row in body)
    return "\n".join(lines).encode()


def json_array(rows: Rows) -> bytes:
    """A JSON array of objects."""
    header, *body = rows
    return json.dumps([dict(zip(header, row, strict=True)) for row in body]).encode()


FORMATS: dict[str, Callable[[Rows], bytes]] = {
    f"{name}-{encoding}": delimited(delimiter, encoding)
    for name, delimiter in {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}.items()
    for encoding in ("utf-8", "utf-8-sig", "cp874", "utf-16-le", "utf-16-be")
} | {
    "xlsx": xlsx,
    "xls": xls,
    "ods": ods,
    "parquet": as_parquet,
    "parquet-typed": typed_parquet,
    "json-lines": json_lines,
    "json-array": json_array,
}
PACKED = ("plain", "gzip")


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Taken]:
    """Every file of one night; `dataset/format packing` → what became of it."""
    home = Home(tmp_path_factory.mktemp("formats") / "home")
    for dataset, contract in CONTRACTS.items():
        for name, write in FORMATS.items():
            for packing in PACKED:
                content = write(rows_of(contract))
                data = gzip.compress(content) if packing == "gzip" else content
                home.put(f"{dataset}/{name} {packing}", data)
    _, taken = home.night()
    assert home.disagreements == ()
    return taken


def values(one: Taken) -> list[dict[str, Any]]:
    """The accepted rows without what says where they came from."""
    where = {"file_id", "sheet_name", "row_number", "row_sequence"}
    return [{name: row[name] for name in row if name not in where} for row in one.rows]


@pytest.mark.parametrize("dataset", sorted(CONTRACTS))
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("packing", PACKED)
def test_the_same_rows_are_the_same_in_every_format(
    taken: Mapping[str, Taken], dataset: str, name: str, packing: str
) -> None:
    one = taken[f"{dataset}/{name} {packing}"]
    assert (one.outcome.status, one.outcome.rows_read, one.shown) == ("loaded", 3, {})
    assert one.outcome.details["format"].endswith(", gzip") == (packing == "gzip")
    assert len(values(one)) == 3
    assert values(one) == values(taken[f"{dataset}/comma-utf-8 plain"])


@pytest.mark.parametrize("dataset", sorted(CONTRACTS))
def test_a_row_number_is_what_a_person_sees_beside_the_row(
    taken: Mapping[str, Taken], dataset: str
) -> None:
    for name in FORMATS:
        first = 1 if name.startswith(("parquet", "json")) else 2
        numbers = [row["row_number"] for row in taken[f"{dataset}/{name} plain"].rows]
        assert numbers == [first, first + 1, first + 2], name
