"""The page of privacy: what is personal follows from the contracts, how long from the code."""

from __future__ import annotations

import csv
import inspect
import io
from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest
from report_sheets import written

from orchestration import cli
from orchestration.report.language import Text
from orchestration.report.pages import privacy
from orchestration.report.pages.privacy import PAGE, personal_columns, why_personal
from orchestration.settings import Settings
from sources import contracts
from sources.contracts import discover


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            "create schema marts; "
            "create table marts.dim_enterprise (juristic_id varchar, enterprise_name varchar); "
            "create table marts.fct_activity (partner_name varchar)"
        )
        yield connection


def columns_of(page: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(page.removeprefix("\ufeff"))))[1:]


def test_every_column_that_a_contract_marks_personal_is_listed_by_its_dataset(
    db: duckdb.DuckDBPyConnection,
) -> None:
    marked = {
        (contract.label, column.label)
        for contract in discover().values()
        for column in contract.columns
        if column.is_personal
    }
    rows = columns_of(written(db, PAGE)["th"].csv("personal-columns"))
    always = {(dataset, column) for dataset, column, why, _ in rows if why == "ข้อมูลส่วนบุคคลเสมอ"}
    assert always == marked
    assert len(marked) >= 4


def test_a_column_that_a_contract_comes_to_mark_is_on_the_page_with_no_line_of_code(
    db: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, contract = next(iter(discover().items()))
    new = replace(contract.columns[0], name="home_address", label="ที่อยู่", is_personal=True)
    changed = replace(contract, columns=(*contract.columns, new))
    monkeypatch.setattr(contracts, "discover", lambda: {name: changed})
    rows = columns_of(written(db, PAGE)["en"].csv("personal-columns"))
    assert [name, "home_address", "Always personal", "Not published"] in rows


def test_what_is_published_of_a_column_is_looked_up_in_the_warehouse() -> None:
    def shown(*published: str) -> dict[str, str]:
        return {row["column"].en: row["shown"].en for row in personal_columns(published)}

    assert shown()["enterprise_name"] == "Not published"
    assert shown("enterprise_name")["enterprise_name"].startswith("Published of firms")
    assert shown("contact_phone")["contact_phone"] == "Published"


def test_an_id_may_be_a_natural_persons_and_a_code_is_nobodys() -> None:
    column = next(iter(discover().values())).columns[0]
    plain = replace(column, is_personal=False, personal_when_natural_in=None, codes=())
    assert why_personal(replace(plain, form="enterprise_id")) == Text(
        "เมื่อเป็นของบุคคลธรรมดา", "Where it is a natural person's"
    )
    assert why_personal(replace(plain, form="code")) is None
    assert why_personal(replace(plain, form="money")) is None


def test_how_long_things_are_kept_are_the_defaults_of_the_software(
    db: duckdb.DuckDBPyConnection,
) -> None:
    html = written(db, PAGE)["en"].html
    backups = inspect.signature(cli.backup).parameters["keep"].default
    default = {name: field.default for name, field in Settings.model_fields.items()}
    assert f"The last {backups}, or as many as the operator says (--keep)" in html
    assert f"The last {default['keep_versions']} versions" in html
    assert (
        f"Logs {default['keep_logs_days']} days, "
        f"Dagster&#39;s history {default['keep_runs_days']} days, or as set"
    ) in html


def test_both_languages_say_the_same_places(db: duckdb.DuckDBPyConnection) -> None:
    pages = written(db, PAGE)
    for code in ("th", "en"):
        assert len(columns_of(pages[code].csv("kept"))) == len(privacy._KEPT)
        assert "<code>warehouse forget ID</code>" in pages[code].html
