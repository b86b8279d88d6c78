"""The page of data quality, over a warehouse of a few rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import duckdb
import pytest
from report_sheets import Written, written

from orchestration.report.pages import quality

TABLES = """
create schema marts;
create schema reports;
create schema audit;
create table marts.dim_cluster (
    cluster_code varchar, cluster_name_th varchar, cluster_name_en varchar
);
insert into marts.dim_cluster values ('C01', 'หนึ่ง', 'One'), ('C02', 'สอง', 'Two');
create table reports.rpt_programme_completeness (
    fiscal_year_be integer, fiscal_quarter integer, members_expected bigint,
    completeness_ratio double, clusters_silent bigint, is_due boolean
);
create table reports.rpt_reporting_completeness (
    cluster_code varchar, fiscal_year_be integer, fiscal_quarter integer,
    members_expected bigint, members_reported bigint, members_on_time bigint,
    members_missing bigint, completeness_ratio double, on_time_ratio double, is_due boolean
);
create table audit.load_file (
    receipt_id bigint, dataset varchar, path varchar, received_at timestamp,
    rows_read bigint, rows_current bigint, rows_superseded bigint, rows_quarantined bigint,
    control_total_read decimal(38, 2), control_total_current decimal(38, 2),
    control_total_superseded decimal(38, 2), control_total_quarantined decimal(38, 2)
);
create table audit.quarantined_row (
    receipt_id bigint, dataset varchar, path varchar, file_status varchar, row_sequence integer,
    reason varchar, raw_value varchar, held boolean, is_sent_again boolean
);
create table reports.rpt_follow_up (
    kind varchar, state varchar, cluster_code varchar, sender varchar, dataset varchar,
    path varchar, reason varchar, opened_on date, nights_open integer, row_count bigint
);
create table reports.rpt_suspicions (
    suspicion_id varchar, rule varchar, cluster_code varchar, fiscal_year_be integer,
    fiscal_quarter integer, baht_at_stake decimal(38, 2), evidence_th varchar,
    evidence_en varchar, action_th varchar, action_en varchar, figure_measure varchar,
    figure_baht decimal(38, 2), figure_without_baht decimal(38, 2)
);
create table reports.rpt_programme_progress (
    fiscal_year_be integer, measure varchar, actual_baht decimal(38, 2),
    suspicious_baht decimal(38, 2), actual_without_suspicions_baht decimal(38, 2)
);
create table reports.rpt_follow_up_trend (
    night_number integer, began_on date, kind varchar, matters_opened bigint,
    matters_resolved bigint, matters_open bigint
);
create table audit.check_history (
    tool varchar, dataset_or_model varchar, check_name varchar, effect varchar,
    is_checked_still boolean, passed boolean, failing_since_at timestamp,
    nights_failing integer, unexpected_count bigint, action_th varchar, action_en varchar
);
"""


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        yield connection


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:]


def words(page: Written) -> str:
    html = re.sub(r"<script[^>]*json.*?</script>|<[^>]+>", " ", page.html, flags=re.S)
    return " ".join(html.split())


def bad_row(
    db: duckdb.DuckDBPyConnection, row: int, reason: str, *, held: bool = False,
    status: str = "loaded", sent_again: bool = False, raw: str = "ค่าที่พิมพ์มา",
) -> None:  # fmt: skip
    db.execute(
        "insert into audit.quarantined_row values (1, 'things', 'things/a.csv', ?, ?, ?, ?, ?, ?)",
        [status, row, reason, raw, held, sent_again],
    )


def test_rows_in_quarantine_are_told_by_reason_in_words_and_never_by_their_value(
    db: duckdb.DuckDBPyConnection,
) -> None:
    db.execute(
        "insert into audit.load_file values "
        "(1, 'things', 'things/a.csv', '2026-11-20 18:30:00', 9, 5, 0, 4, 0, 0, 0, 0)"
    )
    bad_row(db, 1, "bad_date")
    bad_row(db, 1, "bad_number")
    bad_row(db, 2, "bad_date")
    bad_row(db, 3, "unknown_cluster", held=True)
    bad_row(db, 4, "bad_date", status="rejected")
    bad_row(db, 5, "bad_date", sent_again=True)
    pages = written(db, quality.PAGE)
    assert "Rows in quarantine 2 " in words(pages["en"])
    assert "Rows that wait 1 " in words(pages["en"])
    rows = {row[-1]: row for row in read(pages["en"].csv("by-reason"))}
    assert {reason: row[2] for reason, row in rows.items()} == {
        "bad_date": "2", "bad_number": "1", "unknown_cluster": "1",
    }  # fmt: skip
    assert rows["bad_date"][0] == "The date cannot be read or does not exist."
    assert {reason: row[5] for reason, row in rows.items()} == {
        "bad_date": "no", "bad_number": "no", "unknown_cluster": "yes",
    }  # fmt: skip
    assert rows["bad_date"][4] == "2026-11-20T18:30:00"
    assert "อ่านวันที่ไม่ได้ หรือเป็นวันที่ไม่มีจริง" in pages["th"].html
    for page in pages.values():
        assert "ค่าที่พิมพ์มา" not in page.html + "".join(page.files.values())


def test_a_silent_cluster_is_named_with_the_quarter_and_one_that_is_not_due_is_not(
    db: duckdb.DuckDBPyConnection,
) -> None:
    db.execute(
        "insert into reports.rpt_reporting_completeness values "
        "('C01', 2558, 1, 5, 0, 0, 5, 0, 0, true), ('C01', 2558, 2, 5, 0, 0, null, 0, 0, false), "
        "('C02', 2558, 1, 0, 0, 0, 0, null, null, true), ('C02', 2558, 2, 4, 3, 3, 1, .75, 1, true)"
    )
    page = written(db, quality.PAGE)["en"]
    assert read(page.csv("silent")) == [["C01 One", "Q1", "5"]]
    assert '"said":"75%"' in page.html
    assert page.html.count('"said":') == 2, "no cell where nobody is expected, or nothing is due"


def test_a_rejected_file_says_why_in_the_words_for_coordinators_and_since_when(
    db: duckdb.DuckDBPyConnection,
) -> None:
    db.execute(
        "insert into reports.rpt_follow_up values "
        "('rejected', 'open', null, 'a/', 'things', 'things/a/ว่าง.csv', 'empty', "
        "'2026-11-01', 4, 0), "
        "('rejected', 'resolved', null, 'a/', 'things', 'things/a/b.csv', 'empty', "
        "'2026-11-01', 4, 0)"
    )
    assert read(written(db, quality.PAGE)["en"].csv("rejected")) == [
        ["things/a/ว่าง.csv", "things", "The file holds no data row.",
         "Fill it in and send it under the same name.", "2026-11-01", "4"],
    ]  # fmt: skip


def test_a_doubt_says_what_the_programmes_figure_would_be_without_it(
    db: duckdb.DuckDBPyConnection,
) -> None:
    db.execute(
        "insert into reports.rpt_suspicions values ('s', 'unit_slip', 'C01', 2558, 2, 999.00, "
        "'หลักฐาน', 'evidence', 'ถาม', 'ask', 'cost_reduction', 5000.00, 4000.00)"
    )
    assert read(written(db, quality.PAGE)["en"].csv("suspicions")) == [
        ["Amount in another unit", "C01 One", "Q2 2558", "999.00", "-1000.00", "evidence", "ask"]
    ]


def test_the_trend_is_a_chart_from_the_second_night_on(db: duckdb.DuckDBPyConnection) -> None:
    db.execute("insert into reports.rpt_follow_up_trend values (1, '2026-11-01', 'held', 3, 0, 3)")
    first = written(db, quality.PAGE)["en"]
    assert "This was the first night, so there is no trend yet." in first.html
    assert "data-chart" not in first.html
    db.execute("insert into reports.rpt_follow_up_trend values (2, '2026-11-02', 'held', 0, 2, 1)")
    second = written(db, quality.PAGE)["en"]
    assert 'data-chart="trend-spec"' in second.html
    assert "Open after the last night: Waits for another record 1" in second.html
    assert [row[-1] for row in read(second.csv("trend"))] == ["1", "3"]


def test_a_check_that_fails_says_since_when_and_whether_it_keeps_a_night_from_publishing(
    db: duckdb.DuckDBPyConnection,
) -> None:
    db.execute(
        "insert into audit.check_history values "
        "('dbt', 'fct_x', 'not_null', 'blocks publication', true, false, "
        "'2026-11-20 18:30:00', 3, 7, 'แจ้ง', 'tell'), "
        "('dbt', 'fct_x', 'gone', 'warns', false, false, '2026-11-20 18:30:00', 3, 7, 'ก', 'a'), "
        "('dbt', 'fct_x', 'fine', 'warns', true, true, null, 0, 0, null, null)"
    )
    page = written(db, quality.PAGE)["en"]
    assert read(page.csv("checks")) == [
        ["not_null", "fct_x", "Rule of the warehouse", "7", "2026-11-20T18:30:00", "3", "yes",
         "tell"],
    ]  # fmt: skip
    assert "Failing: 1 of 2 checks; of these keep a night from publishing: 1" in words(page)


@pytest.mark.parametrize(("current", "badge"), [(3, "It holds"), (2, "It does not hold")])
def test_the_reconciliation_is_computed_and_not_asserted(
    db: duckdb.DuckDBPyConnection, current: int, badge: str
) -> None:
    db.execute(
        "insert into audit.load_file values "
        "(1, 'things', 'things/a.csv', '2026-11-20 18:30:00', 5, ?, 1, 1, 10.50, 9.50, 1, 0)",
        [current],
    )
    page = written(db, quality.PAGE)["en"]
    assert badge in re.findall(r'<span class="badge \w+">([^<]+)</span>', page.html)
    assert read(page.csv("reconciled-rows")) == [
        ["things", "1", "5", str(current), "1", "1", str(3 - current)]
    ]
    assert read(page.csv("reconciled-baht")) == [
        ["things", "1", "10.50", "9.50", "1.00", "0.00", "0.00"]
    ]


@pytest.mark.parametrize("year", [None, 2558])
def test_where_all_is_well_sentences_say_so(
    db: duckdb.DuckDBPyConnection, year: int | None
) -> None:
    page = words(written(db, quality.PAGE, year)["en"])
    for said in (
        "No row is in quarantine.", "No refused file is waiting to be mended.",
        "Nothing is doubted.", "No matter is open.", "Every check passed.",
        "No cluster is silent in a quarter that is due.",
    ):  # fmt: skip
        assert said in page
