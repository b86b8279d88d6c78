"""Whatever is sent: no crash, no hang, no row lost, and both judges of one mind.

    pytest tests/unit/test_any_bytes.py                     # the same few hundred files
    pytest tests/unit/test_any_bytes.py --fuzz-rounds 50    # others, for as long as it takes

Two ways to get there: samples of the corpus that are bent, cut, joined and packed otherwise; and
tables that are made up, of which it is known, without our readers, how many rows they have. What is
found is mended and stays as a sample in `tests/sources/`.
"""

from __future__ import annotations

import csv
import faulthandler
import gzip
import io
import json
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import excel97
import pyarrow as pa
import pytest
import xlsxwriter
from file_writers import ods_bytes
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from intake_home import Home, Taken
from pyarrow import parquet

from sources.contracts import Column, Contract, discover
from sources.intake import Intake
from sources.rules import derive

CONTRACTS = discover()
SAMPLES = Path(__file__).parents[1] / "sources"
FILES_A_DATASET = 50
TABLES_A_NIGHT = 12
#: A file of a few kilobytes is read in milliseconds; one that takes a minute would take for ever.
SECONDS_A_FILE = 60
REASONS_OF_FILES = {"unreadable", "missing_column", "empty", "too_many_bad_rows"}


class WatchedHome(Home):
    """An intake that ends the process, saying where it stood, when it stays with one file."""

    def intake(self) -> Intake:
        """The intake of one night, its watch set anew for each file."""
        return replace(super().intake(), notify=lambda _stage, _text: _watch())


def _watch() -> None:
    faulthandler.dump_traceback_later(SECONDS_A_FILE, exit=True, file=sys.__stderr__)


@contextmanager
def watched(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Nothing in here may take longer than a file may; where it does, is said on the terminal."""
    with capfd.disabled():
        _watch()
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def check(taken: Taken, contract: Contract) -> None:
    """What must be true of any file, whatever became of it."""
    outcome = taken.outcome
    assert outcome.status in {"loaded", "rejected"}
    assert outcome.rows_read == outcome.rows_accepted + outcome.rows_quarantined
    assert len(taken.rows) == outcome.rows_accepted
    assert taken.quarantined == outcome.rows_quarantined
    reasons = {rule.reason for rule in derive(contract)} | {"too_many_bad_rows"}
    assert {reason for _, _, reason in taken.shown} <= reasons
    if outcome.status == "rejected":
        assert outcome.reason in REASONS_OF_FILES
        assert outcome.rows_accepted == 0
        assert outcome.message
        assert outcome.message.rstrip(")").endswith(".")
    else:
        assert outcome.rows_accepted * 2 >= outcome.rows_read > 0


# ── Samples, bent ─────────────────────────────────────────────────────────────────────────────


def flip(choose: Random, data: bytes, _: bytes) -> bytes:
    """Some bits are others."""
    bent = bytearray(data or b"\0")
    for _ in range(choose.choice((1, 2, 8, 40))):
        bent[choose.randrange(len(bent))] ^= 1 << choose.randrange(8)
    return bytes(bent)


def cut(choose: Random, data: bytes, _: bytes) -> bytes:
    """The end, the beginning or something between is gone."""
    one, other = sorted(choose.randrange(len(data) + 1) for _ in range(2))
    return choose.choice((data[:one], data[one:], data[:one] + data[other:]))


def splice(choose: Random, data: bytes, other: bytes) -> bytes:
    """The beginning of one file and the end of another."""
    return data[: choose.randrange(len(data) + 1)] + other[choose.randrange(len(other) + 1) :]


def insert(choose: Random, data: bytes, _: bytes) -> bytes:
    """Something stands between that does not belong there."""
    at = choose.randrange(len(data) + 1)
    what = choose.choice(
        (b"\0", b'"', b"\r", b"\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1a", b"\xe0\xb8", b",;\t|")
    )
    return data[:at] + what * choose.choice((1, 1, 2, 500)) + data[at:]


def repeat(choose: Random, data: bytes, _: bytes) -> bytes:
    """A part comes again."""
    one, other = sorted(choose.randrange(len(data) + 1) for _ in range(2))
    return data[:other] + data[one:other] * choose.choice((1, 2, 9)) + data[other:]


def swap_delimiters(choose: Random, data: bytes, _: bytes) -> bytes:
    """One mark is another everywhere."""
    one, other = choose.sample((b",", b";", b"\t", b"|", b'"', b"\n", b"\r\n", b" "), 2)
    return data.replace(one, other)


def encode_otherwise(choose: Random, data: bytes, _: bytes) -> bytes:
    """The text in another encoding, also a wrong one."""
    text = data.decode(choose.choice(("utf-8", "cp874", "utf-16", "latin-1")), "replace")
    return text.encode(choose.choice(("utf-8-sig", "cp874", "utf-16", "utf-16-be")), "replace")


def pack(_: Random, data: bytes, __: bytes) -> bytes:
    """Packed once more."""
    return gzip.compress(data)


def bend_inside(choose: Random, data: bytes, other: bytes) -> bytes:
    """What is packed is bent inside of its packing, which stays whole."""
    bend = choose.choice((flip, cut, insert, repeat))
    if data.startswith(b"\x1f\x8b"):
        try:
            return gzip.compress(bend(choose, gzip.decompress(data), other))
        except (OSError, EOFError, zlib.error):  # the sample itself is damaged
            return flip(choose, data, other)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError):
        # no archive, or a damaged one
        return flip(choose, data, other)
    bent = choose.choice([*parts, "more.xml"])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, bend(choose, content, other) if name == bent else content)
    return file.getvalue()


BENDS = (
    flip, cut, splice, insert, repeat, swap_delimiters, encode_otherwise, pack,
    bend_inside, bend_inside, bend_inside,
)  # fmt: skip


def test_samples_bent_in_any_way_are_read_or_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], fuzz_rounds: int
) -> None:
    every = {
        dataset: sorted(
            path
            for path in (SAMPLES / dataset).glob("**/*")
            if path.is_file() and path.suffix != ".yaml" and path.stat().st_size < 50_000
        )
        for dataset in CONTRACTS
    }
    for number in range(fuzz_rounds):
        choose = Random(2558 + number)
        home = WatchedHome(tmp_path / f"home-{number}")
        for dataset, samples in every.items():
            for count in range(FILES_A_DATASET):
                sample, other = choose.choice(samples), choose.choice(samples)
                data = sample.read_bytes()
                for _ in range(choose.choice((1, 1, 2, 3))):
                    data = choose.choice(BENDS)(choose, data, other.read_bytes())
                home.put(f"{dataset}/{count:03} {sample.name}", data)
        with watched(capfd):
            received, taken = home.night()
        assert home.disagreements == ()
        lying = {path.relative_to(home.landing).as_posix() for path in _files(home.landing)}
        assert set(taken) | {path for path, _ in received.duplicates} == lying
        for path, one in taken.items():
            try:
                check(one, CONTRACTS[path.split("/")[0]])
            except AssertionError as error:
                raise AssertionError(f"{home.landing / path}: {error}") from error


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("**/*") if path.is_file())


# ── Tables, made up ───────────────────────────────────────────────────────────────────────────

#: What people type, well or badly, by value form; and what stands in any cell by mistake.
TYPED = {
    "date": ("20/01/2558", "2015-01-20", "20 ม.ค. 58", "๒๐/๐๑/๒๕๕๘", "31/02/2558", "42024", "x"),
    "money": ("1,200.50", "(5)", "1.25 ล้านบาท", "๑๐๐", "1200", "1.2.3", "-", "มาก", "1e3"),
    "integer": ("12", "1,200", "12.5", "-1", "สิบ", ""),
    "fiscal_year": ("2558", "2015", "58", "2700", "ปี"),
    "quarter": ("1", "2", "Q3", "ไตรมาส 4", "5", "x"),
    "province": ("เลย", "42", "จ.อุดรธานี", "Bangkok", "แดนไกล"),
    "enterprise_id": ("0105558000014", "105558000014", "4-57-01-01/1-0001", "0105558000015", "1"),
    "identifier": ("C01", "c 02", "A-1", "A-2", "C3", "01110"),
    "firm_name": ("บริษัท ไหมไทย จำกัด", "บจก.ไหมไทย", "หจก. ก้าวหน้า", "(x", "ร้าน"),
    "text": ("ผ้าทอ", "a,b", 'ผ้า 5"', "สอง\nบรรทัด", "a;b|c", "=1+1", "'x", "  ก  ", "\ufeffก"),
}
ANYTHING = ("", " ", "-", "n/a", "\u200b", "ไม่มี", "#N/A", '"', ",", "๑", "\u00a0x", "TRUE")
TOTALS = ("รวม", "รวมทั้งสิ้น", "Total", "ยอดรวม:")


@dataclass(frozen=True)
class Made:
    """A file that was made up.

    Attributes:
        dataset: which it is sent for.
        name: says how it was written.
        content: its bytes.
        rows: the numbers of the rows that are records.
        totals: how many rows are sums.
        headers: how many say the header again.
    """

    dataset: str
    name: str
    content: bytes = field(repr=False)
    rows: frozenset[int]
    totals: int
    headers: int


def _text(rows: Sequence[Sequence[str]], delimiter: str, encoding: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                if text:
                    sheet.write_string(row, column, text)
    return file.getvalue()


def _records(rows: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    header, *body = rows
    return [dict(zip(header, cells, strict=True)) for cells in body]


def _parquet(rows: Sequence[Sequence[str]]) -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(_records(rows)), file)
    return file.getvalue()


GRIDS: dict[str, Callable[[Sequence[Sequence[str]]], bytes]] = {
    "comma": lambda rows: _text(rows, ",", "utf-8"),
    "semicolon with mark": lambda rows: _text(rows, ";", "utf-8-sig"),
    "tab unicode": lambda rows: _text(rows, "\t", "utf-16"),
    "pipe": lambda rows: _text(rows, "|", "utf-8"),
    "xlsx": _workbook,
    "xls": lambda rows: excel97.workbook(
        {"Sheet1": [[text or None for text in cells] for cells in rows]}
    ),
    "ods": lambda rows: ods_bytes({"Sheet1": [[text or None for text in row] for row in rows]}),
}
NAMED: dict[str, Callable[[Sequence[Sequence[str]]], bytes]] = {
    "parquet": _parquet,
    "json lines": lambda rows: "\n".join(map(json.dumps, _records(rows))).encode(),
    "json array": lambda rows: json.dumps(_records(rows), ensure_ascii=False).encode(),
}


def _typed(draw: st.DrawFn, column: Column) -> str:
    spellings = tuple(spelling for code in column.codes for spelling in code.spellings)
    usual = spellings or TYPED[column.form]
    if column.required and draw(st.integers(0, 9)) < 8:
        return draw(st.sampled_from(usual))
    return draw(st.sampled_from((*usual, *ANYTHING)))


@st.composite
def made(draw: st.DrawFn) -> Made:
    """A file of any dataset and format, well and badly filled in."""
    contract = CONTRACTS[draw(st.sampled_from(sorted(CONTRACTS)))]
    optional = [column for column in contract.columns if not column.required]
    columns = [*contract.required, *draw(st.lists(st.sampled_from(optional), unique_by=id))]
    columns = draw(st.permutations(columns))
    header = [draw(st.sampled_from(column.spellings)) for column in columns] + ["หมายเหตุ"]
    kinds = ("row",) * 8 + ("blank", "total", "header")
    body: list[list[str]] = []
    records: set[int] = set()
    passed_over = {"total": 0, "header": 0}
    for index in range(draw(st.integers(1, 14))):
        kind = draw(st.sampled_from(kinds)) if index else "row"
        if kind == "row":
            cells = [_typed(draw, column) for column in columns]
            # Somewhere a record says something, whatever its cells turn out to mean.
            body.append([*cells, draw(st.sampled_from(("ดี", "x,y", "1")))])
            records.add(index)
        elif kind == "header":
            body.append(list(header))
            passed_over["header"] += 1
        else:
            cells = [""] * len(header)
            if kind == "total":
                cells[draw(st.integers(0, len(cells) - 1))] = draw(st.sampled_from(TOTALS))
                passed_over["total"] += 1
            body.append(cells)
    form = draw(st.sampled_from((*GRIDS, *NAMED)))
    titles: list[list[str]] = []
    if form in GRIDS:
        titles = draw(st.lists(st.sampled_from((["รายงาน ปี 2558"], [""], ["a", "b"])), max_size=3))
    write = (GRIDS | NAMED)[form]
    content = write([*titles, header, *body])
    packed = draw(st.booleans())
    first = len(titles) + 2 if form in GRIDS else 1
    return Made(
        contract.dataset,
        f"{form}{' packed' if packed else ''}",
        gzip.compress(content) if packed else content,
        frozenset(index + first for index in records),
        passed_over["total"],
        passed_over["header"],
    )


def _numbers(taken: Taken) -> list[int]:
    return sorted([*(row["row_number"] for row in taken.rows), *taken.quarantined_rows])


def test_every_row_of_a_made_up_table_is_accounted_for(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], fuzz_rounds: int
) -> None:
    homes = iter(range(1_000_000))

    @settings(
        max_examples=5 * fuzz_rounds,
        derandomize=fuzz_rounds == 1,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # a night is too long to be run a hundred times to shrink it
        database=None,
    )
    @given(st.lists(made(), min_size=TABLES_A_NIGHT, max_size=TABLES_A_NIGHT))
    def run(files: list[Made]) -> None:
        home = WatchedHome(tmp_path / f"home-{next(homes)}")
        paths = {f"{one.dataset}/{n:02} {one.name}": one for n, one in enumerate(files)}
        for path, one in paths.items():
            home.put(path, one.content)
        with watched(capfd):
            received, taken = home.night()
        assert home.disagreements == ()
        assert set(taken) | {path for path, _ in received.duplicates} == set(paths)
        for path, outcome in taken.items():
            one = paths[path]
            check(outcome, CONTRACTS[one.dataset])
            details: dict[str, Any] = dict(outcome.outcome.details)
            assert _numbers(outcome) == sorted(one.rows), path
            assert details.get("total_rows_passed_over", 0) == one.totals, path
            assert details.get("header_rows_passed_over", 0) == one.headers, path

    run()
