"""The page of places: every column adds up to the programme's figure, whatever has no place."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from report_sheets import written

from orchestration.report.language import ENGLISH
from orchestration.report.pages.places import PAGE, in_words, places_of, views_of

TABLES = """
create schema marts;
create table marts.dim_province as select * from (values
    ('10', 'กรุงเทพมหานคร', 'Bangkok', null),
    ('42', 'เลย', 'Loei', 'PG10'),
    ('57', 'เชียงราย', 'Chiang Rai', 'PG16'),
    ('96', 'นราธิวาส', 'Narathiwat', 'PG08')
) as p(province_code, province_name_th, province_name_en, province_group_code);
create table marts.fct_financial_outcome (
    cluster_code varchar, enterprise_key varchar, fiscal_year_be integer,
    programme_measure varchar, amount decimal(18, 2)
);
create table marts.bridge_cluster_province (
    cluster_code varchar, province_code varchar, province_group_code varchar, weight double
);
create table marts.dim_enterprise (enterprise_key varchar, province_code varchar);
create table marts.fct_member_year (
    cluster_code varchar, enterprise_key varchar, fiscal_year_be integer
);
create table marts.fct_activity (
    activity_id varchar, province_code varchar, fiscal_year_be integer
);
"""


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        yield connection


def outcome(
    db: duckdb.DuckDBPyConnection, cluster: str, enterprise: str, amount: str,
    measure: str | None = "economic_expansion", year: int = 2558,
) -> None:  # fmt: skip
    db.execute(
        "insert into marts.fct_financial_outcome values (?, ?, ?, ?, ?)",
        [cluster, enterprise, year, measure, Decimal(amount)],
    )


def covers(db: duckdb.DuckDBPyConnection, cluster: str, *places: tuple[str | None, Any]) -> None:
    for province, group in places:
        db.execute(
            "insert into marts.bridge_cluster_province values (?, ?, ?, ?)",
            [cluster, province, group, 1 / len(places)],
        )


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_shares_that_do_not_divide_leave_a_rest_that_is_told_and_the_total_is_exact(
    db: duckdb.DuckDBPyConnection,
) -> None:
    covers(db, "C01", ("42", "PG10"), ("57", "PG16"), ("96", "PG08"))
    outcome(db, "C01", "a", "100.00")
    places = places_of(db, 2558)
    assert {code: values["expansion"] for code, values in places.by_province.items()} == {
        code: Decimal("33.33") for code in ("42", "57", "96")
    }
    assert places.rest == {"expansion": Decimal("0.01")}
    assert places.total["expansion"] == Decimal("100.00")
    rows = read(written(db, PAGE)["en"].csv("provinces"))
    heading = "Economic expansion by cluster (baht)"
    assert [(row["Province"], row[heading]) for row in rows[-3:]] == [
        ("Not allocated (no province)", ""),
        ("Left over by rounding", "0.01"),
        ("The whole programme", "100.00"),
    ]


def test_a_cluster_without_a_province_and_one_that_nobody_registered_are_not_allocated(
    db: duckdb.DuckDBPyConnection,
) -> None:
    covers(db, "C12", (None, None))
    outcome(db, "C12", "a", "70.10")
    outcome(db, "C99", "a", "0.05")
    places = places_of(db, 2558)
    assert places.by_province == {}
    assert places.nowhere["expansion"] == Decimal("70.15")
    assert places.total["expansion"] == Decimal("70.15")


def test_bangkok_is_a_row_of_the_groups_though_it_is_in_none(
    db: duckdb.DuckDBPyConnection,
) -> None:
    covers(db, "C05", ("10", None))
    outcome(db, "C05", "a", "12.34")
    pages = written(db, PAGE)
    rows = read(pages["en"].csv("groups"))
    assert len(rows) == 18 + 1 + 2
    assert rows[18]["Province group"] == "Bangkok (in no group)"
    assert rows[18]["Economic expansion by cluster (baht)"] == "12.34"
    assert "กรุงเทพมหานคร (ไม่อยู่ในกลุ่มจังหวัด)" in pages["th"].html


def test_a_cluster_counts_in_the_group_of_its_registration_day(
    db: duckdb.DuckDBPyConnection,
) -> None:
    covers(db, "C03", ("42", "PG11"))
    outcome(db, "C03", "a", "5.00")
    db.execute("insert into marts.dim_enterprise values ('a', '42')")
    places = places_of(db, 2558)
    assert places.by_group["PG11"] == {"expansion": Decimal("5.00")}
    assert places.by_group["PG10"] == {"expansionown": Decimal("5.00")}


def test_by_enterprise_a_figure_stands_in_the_enterprises_province_wherever_its_cluster_is(
    db: duckdb.DuckDBPyConnection,
) -> None:
    covers(db, "C03", ("42", "PG10"))
    outcome(db, "C03", "a", "5.00", "cost_reduction")
    outcome(db, "C03", "gone", "2.00", "cost_reduction")
    db.execute("insert into marts.dim_enterprise values ('a', '57')")
    places = places_of(db, 2558)
    assert places.by_province["42"]["reduction"] == Decimal("7.00")
    assert places.by_province["57"]["reductionown"] == Decimal("5.00")
    assert places.nowhere["reductionown"] == Decimal("2.00")


def test_jobs_and_other_years_are_in_no_sum_of_baht(db: duckdb.DuckDBPyConnection) -> None:
    covers(db, "C03", ("42", "PG10"))
    outcome(db, "C03", "a", "5.00", None)
    outcome(db, "C03", "a", "6.00", year=2557)
    assert places_of(db, 2558).total == {}


def test_members_and_activities_are_whole_and_add_up(db: duckdb.DuckDBPyConnection) -> None:
    db.execute("insert into marts.dim_enterprise values ('a', '42'), ('b', '57')")
    db.execute(
        "insert into marts.fct_member_year values "
        "('C01', 'a', 2558), ('C02', 'a', 2558), ('C02', 'b', 2558), ('C02', 'b', 2557)"
    )
    db.execute("insert into marts.fct_activity values ('1', '42', 2558), ('2', null, 2558)")
    places = places_of(db, 2558)
    assert places.by_province == {"42": {"members": 2, "activities": 1}, "57": {"members": 1}}
    assert places.nowhere == {"activities": 1}
    assert places.total == {"members": 3, "activities": 2}


def test_the_map_says_in_words_who_leads_and_how_many_provinces_have_nothing(
    db: duckdb.DuckDBPyConnection,
) -> None:
    covers(db, "C03", ("42", "PG10"))
    outcome(db, "C03", "a", "5250000.00")
    said = in_words(places_of(db, 2558), ENGLISH)
    assert "Economic expansion, by cluster: Loei ฿5.25 million" in said
    assert said.endswith("3 provinces have no data")


def test_a_province_has_a_colour_a_view_and_leads_to_its_row(
    db: duckdb.DuckDBPyConnection,
) -> None:
    covers(db, "C03", ("42", "PG10"))
    outcome(db, "C03", "a", "-5250000.00")
    html = written(db, PAGE)["en"].html
    assert (
        '<a href="#province-42" aria-label="Loei: Economic expansion, by cluster −฿5.25 million'
        in html
    )
    assert '<tr id="province-42">' in html
    assert "--pexpansion:var(--map-below)" in html
    assert html.count("<path d=") == 77
    for view in views_of(places_of(db, 2558), ENGLISH):
        assert f'value="{view.key}"' in html


def test_every_view_of_the_map_has_its_colours_and_its_key_in_the_style_sheet(
    db: duckdb.DuckDBPyConnection,
) -> None:
    from orchestration.report.site import HERE

    style = (HERE / "assets" / "site.css").read_text(encoding="utf-8")
    for view in views_of(places_of(db, None), ENGLISH):
        chosen = f'.map:has([value="{view.key}"]:checked)'
        assert f"{chosen} path:not(.water) {{ fill: var(--{view.key}); }}" in style
        assert f"{chosen} .key-{view.key}" in style


@pytest.mark.parametrize("year", [None, 2558])
def test_where_nothing_was_reported_a_sentence_says_so(
    db: duckdb.DuckDBPyConnection, year: int | None
) -> None:
    pages = written(db, PAGE, year)
    assert "There is no outcome, member or activity to show by place yet." in pages["en"].html
    assert "<svg" not in pages["en"].html
    assert pages["th"].files == {}
