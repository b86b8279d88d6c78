"""Rows as the numbers of their texts: whatever is held when, the same rows come out."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pytest

from sources import coded
from sources.coded import IDENTITY, CodedRows, canonical, rows_with_text, without_empty

TYPES = {"bigint": pa.int64(), "integer": pa.int32(), "varchar": pa.string()}


@pytest.fixture
def rows() -> Iterator[CodedRows]:
    with duckdb.connect(":memory:") as db:
        yield CodedRows(db, ["place", "amount"])


def identity(first: int, count: int, file_no: int) -> pa.Table:
    """What rows have besides their cells."""
    numbers = list(range(first, first + count))
    values = {"row_id": numbers, "row_number": numbers, "row_sequence": numbers}
    values["file_no"] = [file_no] * count
    return pa.table(
        {
            name: pa.array(values.get(name, [None] * count), TYPES[kind])
            for name, kind in IDENTITY.items()
        }
    )


def cells(*texts: str | None) -> pa.DictionaryArray:
    return pa.array(texts, pa.string()).dictionary_encode()


def texts_of_all(rows: CodedRows) -> list[tuple[int, str | None, str | None]]:
    return rows.db.execute(
        "select c.row_id, p.text, a.text from coded as c "
        "left join texts_place as p on c.place = p.code "
        "left join texts_amount as a on c.amount = a.code order by c.row_id"
    ).fetchall()


@pytest.mark.parametrize("held_bytes", [1, coded.HELD_BYTES])
def test_rows_are_the_same_whether_they_are_held_together_or_one_batch_after_another(
    rows: CodedRows, held_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coded, "HELD_BYTES", held_bytes)
    rows.add(1, identity(1, 3, 1), {"place": cells("เลย", None, "ตาก"), "amount": cells(*"121")})
    rows.add(2, identity(4, 2, 2), {"amount": cells("3", "1")})
    rows.add(2, identity(6, 1, 2), {"place": cells("ตาก")})
    rows.flush()
    assert texts_of_all(rows) == [
        (1, "เลย", "1"),
        (2, None, "2"),
        (3, "ตาก", "1"),
        (4, None, "3"),
        (5, None, "1"),
        (6, "ตาก", None),
    ]
    assert rows.db.execute(
        "select count(*), count(distinct code), count(distinct text) from texts_amount"
    ).fetchone() == (3, 3, 3)


@pytest.mark.parametrize("held_bytes", [1, coded.HELD_BYTES])
def test_a_file_is_taken_out_again_whether_its_rows_are_held_or_not(
    rows: CodedRows, held_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coded, "HELD_BYTES", held_bytes)
    rows.add(1, identity(1, 1, 1), {"place": cells("เลย")})
    rows.add(2, identity(2, 1, 2), {"place": cells("ตาก")})
    rows.drop(1)
    rows.flush()
    assert texts_of_all(rows) == [(2, "ตาก", None)]


def test_a_text_that_stands_twice_in_a_dictionary_has_one_code(rows: CodedRows) -> None:
    twice = pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int32()), pa.array(["5 บาท"] * 2))
    rows.add(1, identity(1, 2, 1), {"amount": twice})
    rows.flush()
    assert texts_of_all(rows) == [(1, None, "5 บาท"), (2, None, "5 บาท")]


def test_a_row_is_blank_where_all_its_cells_are_spaces_or_nothing() -> None:
    nothing = pa.nulls(4, pa.string())
    columns = [cells("", " ", "x", None), cells("  ", "y", "", "")]
    kept = rows_with_text(columns, nothing)
    assert kept is not None
    assert kept.to_pylist() == [False, True, True, False]
    beyond = pa.array(["z", None, None, None], pa.string())
    kept = rows_with_text(columns, beyond)
    assert kept is not None
    assert kept.to_pylist() == [True, True, True, False]


def test_a_column_that_is_always_filled_says_that_no_row_is_blank() -> None:
    def columns() -> Iterator[pa.DictionaryArray]:
        yield cells("a", "b")
        raise AssertionError("the next column was asked for")

    assert rows_with_text(columns(), pa.nulls(2, pa.string())) is None


def test_an_empty_text_is_no_text() -> None:
    assert without_empty(cells("", "a", "", None)).to_pylist() == [None, "a", None, None]
    assert without_empty(cells("a", " ")).to_pylist() == ["a", " "]


def test_values_are_shown_to_the_second_judge_as_text_of_one_form() -> None:
    with duckdb.connect(":memory:") as db:
        db.execute("create type branch as enum ('agro', 'other')")
        table = db.execute(
            "select * from (values (date '2015-01-20', -0.5::decimal(18, 2), 2558, "
            "'other'::branch), (null, 1200::decimal(18, 2), null, null), "
            "(date '1801-02-03', 0.07::decimal(18, 2), -1, 'agro')) as v(a, b, c, d)"
        ).to_arrow_table()
    assert [canonical(table[name]).to_pylist() for name in "abcd"] == [
        ["2015-01-20", None, "1801-02-03"],
        ["-0.50", "1200.00", "0.07"],
        ["2558", None, "-1"],
        ["other", None, "agro"],
    ]


def test_no_values_are_shown_as_no_texts() -> None:
    none = pa.table({"a": pa.array([], pa.int32())})["a"]
    assert canonical(none).to_pylist() == canonical(pa.chunked_array([], pa.date32())).to_pylist()
    assert canonical(none).type == pa.string()
