"""The page of activities and partners, over a warehouse of a few rows."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from report_sheets import Written, written

from orchestration.report import activity_facts
from orchestration.report.pages import activities

TABLES = """
create schema marts;
create schema reports;
create table marts.fct_activity (
    activity_id varchar, cluster_code varchar, activity_type varchar, partner_name varchar,
    partner_type varchar, participants_people integer, budget_baht decimal(18, 2),
    spent_baht decimal(18, 2), fiscal_year_be integer, fiscal_quarter integer
);
create table marts.fct_activity_participation (activity_id varchar, enterprise_key varchar);
create table marts.dim_cluster as select * from (values
    ('C01', 'คลัสเตอร์หนึ่ง', 'Cluster One'), ('C02', '<b>สอง</b>', null)
) as c(cluster_code, cluster_name_th, cluster_name_en);
create table reports.rpt_participation_outcomes (
    activity_type varchar, fiscal_year_be integer, fiscal_quarter integer, measure varchar,
    members_took_part bigint, members_did_not bigint, members_reporting_took_part bigint,
    members_reporting_did_not bigint, median_took_part_baht decimal(38, 2),
    median_did_not_baht decimal(38, 2), median_difference_baht decimal(38, 2),
    warning_th varchar, warning_en varchar
);
"""


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        yield connection


def activity(
    db: duckdb.DuckDBPyConnection, name: str, cluster: str = "C01", kind: str = "linkage",
    partner: str | None = None, partner_type: str | None = None, spent: str | None = None,
    year: int = 2558,
) -> None:  # fmt: skip
    db.execute(
        "insert into marts.fct_activity values (?, ?, ?, ?, ?, 20, null, ?, ?, 1)",
        [name, cluster, kind, partner, partner_type, spent and Decimal(spent), year],
    )


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:]


def words(page: Written) -> str:
    return " ".join(
        re.sub(r"<script[^>]*json.*?</script>|<[^>]+>", " ", page.html, flags=re.S).split()
    )


def test_a_sum_says_how_many_activities_told_it(db: duckdb.DuckDBPyConnection) -> None:
    activity(db, "1", spent="1500000.25")
    activity(db, "2", kind="study_visit")
    activity(db, "3", spent="9000000", year=2557)
    page = words(written(db, activities.PAGE)["en"])
    assert "Activities 2 " in page
    assert "Linkage activities 1 " in page
    assert "Spent ฿1.5 million told by 1 of 2 activities" in page
    assert "People who took part 40 told by 2 of 2 activities" in page


def test_who_is_linked_to_whom_with_how_many_activities_and_how_much_money(
    db: duckdb.DuckDBPyConnection,
) -> None:
    activity(db, "1", "C01", partner="สถาบัน ก", partner_type="research", spent="100.50")
    activity(db, "2", "C01", partner="สถาบัน ก", partner_type="research", spent="1.00")
    activity(db, "3", "C02", partner="สถาบัน ก", partner_type="research")
    activity(db, "4", "C02", partner_type="none")
    activity(db, "5", "C02")
    pages = written(db, activities.PAGE)
    assert read(pages["en"].csv("links")) == [
        ["C01 Cluster One", "สถาบัน ก", "Research", "2", "101.50"],
        ["C02 <b>สอง</b>", "สถาบัน ก", "Research", "1", ""],
    ]
    assert read(pages["th"].csv("partners")) == [["สถาบัน ก", "วิจัย", "2", "3", "101.50"]]
    assert "สถาบัน ก: 2 clusters, 3 activities" in pages["en"].html


def test_one_name_of_two_kinds_is_two_partners_told_apart_by_their_kind(
    db: duckdb.DuckDBPyConnection,
) -> None:
    activity(db, "1", partner="สำนักงาน", partner_type="government")
    activity(db, "2", partner="สำนักงาน")
    html = written(db, activities.PAGE)["en"].html
    assert "สำนักงาน (Government)" in html
    assert "สำนักงาน (Kind not told)" in html


def test_a_partner_whose_name_is_code_stays_a_name(db: duckdb.DuckDBPyConnection) -> None:
    hostile = "</script><img src=x onerror=alert(1)>"
    activity(db, "1", "C02", partner=hostile, partner_type="marketing")
    activity(db, "2", "C02", partner="=1+1", partner_type="marketing")
    page = written(db, activities.PAGE)["th"]
    assert "<img" not in page.html
    assert "<b>สอง" not in page.html
    specs = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page.html, re.S)
    partners = [
        row.get("partner") for spec in specs for row in json.loads(spec)["datasets"]["rows"]
    ]
    assert hostile in partners
    assert [row[1] for row in read(page.csv("links")) if "1+1" in row[1]] == ["'=1+1"]


def test_more_pairs_than_fit_are_counted(
    db: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity_facts, "LINKS_LISTED", 2)
    for number in range(5):
        activity(db, str(number), partner=f"หน่วยงาน {number}", partner_type="finance")
    page = written(db, activities.PAGE)["en"]
    assert len(read(page.csv("links"))) == 2
    assert "3 further pairs, with fewer activities, are not shown." in page.html


def test_those_who_took_part_stand_beside_those_who_did_not_under_the_warning(
    db: duckdb.DuckDBPyConnection,
) -> None:
    for kind in ("any", "linkage"):
        db.execute(
            "insert into reports.rpt_participation_outcomes values "
            "(?, 2558, 1, 'cost_reduction', 9, 4, 8, 3, 200, 150, 50, 'ไม่ใช่สาเหตุ', 'no cause')",
            [kind],
        )
    pages = written(db, activities.PAGE)
    assert '<p class="caution"><strong>no cause</strong></p>' in pages["en"].html
    assert '<p class="caution"><strong>ไม่ใช่สาเหตุ</strong></p>' in pages["th"].html
    row = ["Q1", "8", "9", "200.00", "3", "4", "150.00", "50.00"]
    assert read(pages["en"].csv("took-part-cost-reduction")) == [row]
    assert read(pages["en"].csv("took-part")) == [["Linkage", "Cost reduction", *row]]


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (None, "There is no fiscal year with a target or an outcome yet"),
        (2558, "No activity names a partner."),
        (2558, "No member is expected to report yet"),
        (2558, "Activities by quarter and type: nothing to show yet."),
    ],
)
def test_where_there_is_nothing_a_sentence_says_so(
    db: duckdb.DuckDBPyConnection, year: int | None, said: str
) -> None:
    page = written(db, activities.PAGE, year)["en"]
    assert said in words(page)
    assert "data-chart" not in page.html
