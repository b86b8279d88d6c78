"""What the unit tests share: value forms asked directly, and rows of a dataset with good values."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from sources.contracts import Contract, discover
from sources.typed import Workbench

SECRET = b"a secret of the tests"
Read = Callable[[str, Iterable[str]], dict[str, Any]]

#: A row of each dataset in which nothing is wrong and no optional value is given.
GOOD_ROWS: dict[str, dict[str, str]] = {
    "cluster_registrations": {
        "cluster_code": "C01",
        "cluster_name_th": "คลัสเตอร์ผ้าทอ",
        "branch": "fashion",
        "registered_on": "2015-01-20",
        "submitted_on": "2015-02-01",
    },
    "member_registrations": {
        "cluster_code": "C01",
        "juristic_id": "0105558000014",
        "enterprise_name": "บริษัท ตัวอย่าง จำกัด",
        "province": "42",
        "registered_on": "2015-01-20",
        "submitted_on": "2015-02-01",
    },
    "activity_reports": {
        "activity_id": "A-1",
        "cluster_code": "C01",
        "activity_type": "linkage",
        "start_date": "2015-01-20",
        "submitted_on": "2015-02-01",
    },
    "financial_outcomes": {
        "cluster_code": "C01",
        "juristic_id": "0105558000014",
        "fiscal_year": "2558",
        "quarter": "1",
        "measure": "sales_increase",
        "amount": "1000.00",
        "submitted_on": "2015-02-01",
    },
}


def as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """The rows as comma-separated text with a header of all columns that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture(scope="session")
def contracts() -> Mapping[str, Contract]:
    """The project's own contracts."""
    return discover()


@pytest.fixture(scope="session")
def bench(contracts: Mapping[str, Contract]) -> Iterator[Workbench]:
    """A workbench whose macros may be asked."""
    with Workbench(contracts["member_registrations"], SECRET) as bench:
        yield bench


@pytest.fixture(scope="session")
def read(bench: Workbench) -> Read:
    """Reads texts by a value form; text → value, None where it stands for none."""

    def values(form: str, texts: Iterable[str]) -> dict[str, Any]:
        db = bench.db
        db.execute(
            "create or replace temp table asked as select distinct unnest(?::varchar[]) as text",
            [list(texts)],
        )
        pad = ", 5" if form == "identifier" else ""
        return dict(db.execute(f"select text, value from read_{form}('asked'{pad})").fetchall())

    return values


@pytest.fixture(scope="session")
def say(bench: Workbench) -> Callable[[str, Iterable[str]], list[Any]]:
    """Asks a scalar macro of value_forms.sql about texts, in their order."""

    def answers(macro: str, texts: Iterable[str]) -> list[Any]:
        return [
            row[0]
            for row in bench.db.execute(
                f"select {macro}(text) from (select unnest($1::varchar[]) as text, "
                "generate_subscripts($1::varchar[], 1) as position) order by position",
                [list(texts)],
            ).fetchall()
        ]

    return answers
