"""The dictionary as CSV and JSON: what comes in by real contracts, what is published."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from orchestration.dictionary.files import as_csv, as_json
from orchestration.dictionary.incoming import IncomingDataset, incoming_datasets
from orchestration.dictionary.published import Claim, Column, Described, Origin, Table
from sources.contracts import discover

TABLE = Table(
    schema="marts",
    name="fct_thing",
    description=Described("One row per thing.", "หนึ่งแถวต่อสิ่งของ"),
    grain=("place", "thing_id"),
    columns=(
        Column("thing_id", "varchar", Described("=1+1", "รหัส"), True, None, None),
        Column("spent_baht", "decimal(18,2)", Described("Spent.", None), False, "baht", "spent"),
    ),
    origins=(
        Origin((), "things", None, None, None, None),
        Origin(("spent_baht",), None, None, "marts.dim_other", "source.a = cell.a", None),
    ),
    tests=(Claim("primary key: thing_id", True),),
)


@pytest.fixture(scope="module")
def datasets() -> tuple[IncomingDataset, ...]:
    return incoming_datasets(discover().values())


@pytest.fixture(scope="module")
def rows(datasets: tuple[IncomingDataset, ...]) -> dict[str, dict[str, str]]:
    """`table.column` → its row of the CSV."""
    text = as_csv(datasets, [TABLE])
    assert text.startswith("\ufeff"), "Excel reads Thai by the BOM"
    read = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return {f"{row['table']}.{row['column']}": row for row in read}


@pytest.fixture(scope="module")
def document(datasets: tuple[IncomingDataset, ...]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(as_json(datasets, [TABLE]))
    return read


def test_every_column_of_every_contract_is_there_once(rows: dict[str, dict[str, str]]) -> None:
    of_contracts = [
        f"{contract.dataset}.{column.name}"
        for contract in discover().values()
        for column in contract.columns
    ]
    assert [name for name, row in rows.items() if row["part"] == "incoming"] == of_contracts


def test_a_code_has_its_thai_label_and_a_header_its_synonyms(
    rows: dict[str, dict[str, str]],
) -> None:
    measure = rows["financial_outcomes.measure"]
    assert "cost_reduction (ลดต้นทุน)" in measure["codes"].split("; ")
    assert (measure["label_th"], measure["key_position"]) == ("ตัวชี้วัด", "5")
    assert "ผลลัพธ์" in measure["synonyms"].split("; ")


def test_a_bound_is_told_in_both_languages(document: dict[str, Any]) -> None:
    (outcomes,) = [d for d in document["datasets"] if d["name"] == "financial_outcomes"]
    quarter = next(column for column in outcomes["columns"] if column["name"] == "quarter")
    assert (quarter["allowed_en"], quarter["allowed_th"]) == ("1 to 4", "1 ถึง 4")
    assert outcomes["key"] == ["cluster_code", "juristic_id", "fiscal_year", "quarter", "measure"]


def test_what_is_personal_is_said_and_has_no_example(rows: dict[str, dict[str, str]]) -> None:
    phone, name, title, juristic = (
        rows[f"{place}"]
        for place in (
            "member_registrations.contact_phone", "member_registrations.enterprise_name",
            "activity_reports.title", "financial_outcomes.juristic_id",
        )
    )  # fmt: skip
    assert (phone["personal"], phone["example"]) == ("always", "")
    assert (name["personal"], juristic["personal"]) == ("natural_person", "natural_person")
    assert title["personal"] == "never"


def test_a_published_column_says_its_place_in_the_key_and_all_that_it_comes_from(
    rows: dict[str, dict[str, str]], document: dict[str, Any]
) -> None:
    thing, spent = rows["marts.fct_thing.thing_id"], rows["marts.fct_thing.spent_baht"]
    assert (thing["key_position"], thing["comes_from"]) == ("2", "files of things")
    assert spent["comes_from"] == "files of things; marts.dim_other where source.a = cell.a"
    assert (spent["unit"], spent["metric"], spent["required"]) == ("baht", "spent", "no")
    (table,) = document["tables"]
    assert table["comes_from"][0]["columns"] == ["thing_id", "spent_baht"]
    assert table["tests"] == [{"claim_en": "primary key: thing_id", "every_night": True}]


def test_no_spreadsheet_takes_a_text_for_a_formula(rows: dict[str, dict[str, str]]) -> None:
    assert rows["marts.fct_thing.thing_id"]["description_en"] == "'=1+1"
