"""What coordinators are told: every reason has its sentences, every column says what it takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_contracts import REASONS

from sources.contracts import VALUE_FORMS, Column, discover
from sources.rules import derive
from sources.sentences import Reason, allowed, example, how_to_type, reasons, what_to_do, why

DOCUMENT = Path(__file__).parents[2] / "docs" / "coordinators.md"
COLUMNS = [
    pytest.param(column, id=f"{contract.dataset}.{column.name}")
    for contract in discover().values()
    for column in contract.columns
]


@pytest.fixture(params=sorted(reasons()), ids="-".join)
def reason(request: pytest.FixtureRequest) -> Reason:
    return reasons()[request.param]


def test_the_reasons_are_those_of_the_interface() -> None:
    assert {code for code, _ in reasons()} == REASONS | {
        "unknown_cluster",
        "unregistered_enterprise",
        "missing_column",
        "empty",
        "too_many_bad_rows",
    }


def test_every_reason_says_in_both_languages_what_it_means_and_what_to_do(reason: Reason) -> None:
    for said in (reason.meaning, reason.action):
        assert any("\u0e01" <= letter <= "\u0e5b" for letter in said.thai)
        assert said.english.isascii()
        assert said.english.endswith(".")


def test_every_reason_that_a_rule_or_a_reference_gives_is_a_reason_of_a_row() -> None:
    for contract in discover().values():
        given = {rule.reason for rule in derive(contract)}
        given |= {reference.held_as for reference in contract.references}
        assert {code for code in given if (code, "row") not in reasons()} == set()


def test_only_what_waits_for_another_record_is_held() -> None:
    held = {reference.held_as for c in discover().values() for reference in c.references}
    assert {code for (code, _), reason in reasons().items() if reason.is_held} == held


def test_the_coordinators_page_lists_every_reason_in_both_languages() -> None:
    thai, english = DOCUMENT.read_text(encoding="utf-8").split("\n# For coordinators\n")
    for code, _ in reasons():
        assert f"| `{code}`" in thai, code
        assert f"| `{code}`" in english, code


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_says_what_to_type(column: Column) -> None:
    said = how_to_type(column)
    assert said.thai
    assert said.english.isascii()
    assert ("separated by ;" in said.english) == column.is_list


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_that_is_no_free_text_has_an_example(column: Column) -> None:
    assert example(column) or (column.form == "text" and not column.required)


def test_every_value_form_says_what_to_type() -> None:
    column = discover()["activity_reports"].column("title")
    for form in VALUE_FORMS:
        assert how_to_type(replace(column, form=form)).thai


def test_a_reason_names_its_column_in_the_language_it_is_said_in() -> None:
    column = discover()["activity_reports"].column("start_date")
    assert why("bad_date", "row", column).thai.startswith("วันที่เริ่ม: ")
    assert why("bad_date", "row", column).english.startswith("start_date: ")


def test_what_to_do_gives_an_example_of_the_column() -> None:
    column = discover()["activity_reports"].column("start_date")
    assert what_to_do("bad_date", "row", column).thai.endswith("เช่น 20/01/2558")


def test_what_to_do_about_a_code_lists_the_labels() -> None:
    column = discover()["financial_outcomes"].column("measure")
    assert "ลดต้นทุน" in what_to_do("bad_code", "row", column).thai
    assert "cost_reduction" in what_to_do("bad_code", "row", column).english


def test_what_to_do_about_a_number_out_of_range_says_the_range() -> None:
    contracts = discover()
    quarter = contracts["financial_outcomes"].column("quarter")
    assert allowed(quarter).thai == "1 ถึง 4"
    assert "1 to 4" in what_to_do("out_of_range", "row", quarter).english
    people = contracts["activity_reports"].column("participants_people")
    assert "0 or more" in what_to_do("out_of_range", "row", people).english


def test_a_row_that_waits_is_not_told_to_type_the_example() -> None:
    column = discover()["financial_outcomes"].column("cluster_code")
    assert what_to_do("unknown_cluster", "row", column) == what_to_do("unknown_cluster")
