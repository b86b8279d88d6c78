"""The definition of every figure, computed: each published query against its report's column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.conftest import Sample

pytestmark = pytest.mark.night


@pytest.fixture(scope="module")
def published(sample: Sample) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample's warehouse, read-only as an analyst has it."""
    with duckdb.connect(str(sample.home.published), read_only=True) as db:
        yield db


def figures(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Every column of a report that holds a metric."""
    answer = db.execute(
        "select c.*, d.value_of_nothing from reports.metric_column as c "
        "join reports.metric_definition as d on c.metric_name = d.name order by all"
    )
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def mismatches(db: duckdb.DuckDBPyConnection, figure: dict[str, Any], query: str) -> int:
    """How many rows of the report hold another value than the query gives for their grain."""
    table, column = figure["table_name"], figure["column_name"]
    (kind,) = db.execute(
        "select data_type from duckdb_columns() "
        "where schema_name || '.' || table_name = ? and column_name = ?",
        [table, column],
    ).fetchone() or ("",)
    given = [name[0] for name in db.execute(f"from ({query}) limit 0").description]
    keys = [key for key in figure["grain"].split(", ") if key in given]
    assert keys, figure
    nothing = figure["value_of_nothing"]
    (wrong,) = db.execute(
        f"select count(*) from {table} as report left join ({query}) as computed on "
        + " and ".join(f"report.{key} = computed.{key}" for key in keys)
        + f" where report.{column} is distinct from "
        f"cast(coalesce(computed.{column}, {'null' if nothing is None else nothing}) as {kind})"
    ).fetchone() or (None,)
    return int(wrong)


def test_every_figure_is_what_its_definition_computes_from_the_marts(
    published: duckdb.DuckDBPyConnection,
) -> None:
    found = figures(published)
    assert len(found) > 40
    assert {
        (figure["table_name"], figure["column_name"]): wrong
        for figure in found
        if (wrong := mismatches(published, figure, figure["query"]))
    } == {}


def test_a_definition_that_counts_otherwise_would_be_found_out(
    published: duckdb.DuckDBPyConnection,
) -> None:
    """The comparison itself is tested: a query that leaves one quarter out agrees nowhere."""
    (actual,) = [
        figure
        for figure in figures(published)
        if (figure["table_name"], figure["column_name"])
        == ("reports.rpt_programme_progress", "actual_baht")
    ]
    query = actual["query"].replace(" where ", " where fiscal_quarter <> 4 and ")
    assert query != actual["query"]
    assert mismatches(published, actual, query) == 2


def test_queries_read_marts_and_what_is_arithmetic_reads_its_own_report(
    published: duckdb.DuckDBPyConnection,
) -> None:
    for figure in figures(published):
        is_of_report = f"from {figure['table_name']}" in figure["query"]
        assert is_of_report != ("marts." in figure["query"]), figure
        assert is_of_report or "reports." not in figure["query"], figure


def test_every_definition_says_where_it_is_shown(published: duckdb.DuckDBPyConnection) -> None:
    places = published.execute(
        "select d.name, d.appears_in, "
        "string_agg(split_part(c.table_name, '.', 2) || '.' || c.column_name, ', ' "
        "order by c.table_name, c.column_name) "
        "from reports.metric_definition as d "
        "left join reports.metric_column as c on c.metric_name = d.name group by all"
    ).fetchall()
    assert places
    for name, said, found in places:
        assert set(said.split(", ")) == set((found or "").split(", ")), name


def test_an_analyst_reads_a_definition_at_the_prompt(sample: Sample) -> None:
    done = sample.home.run(
        "query", "from reports.metric_definition where name in ('programme_target', 'completeness')"
    )
    assert done.exit_code == 0, done.said
    for said in (
        "sum(target_baht) from marts.fct_programme_target",
        "members_reported / nullif(members_expected, 0)",
        "floor",
        "ไม่น้อยกว่า",
        "rpt_reporting_completeness.completeness_ratio",
    ):
        assert said in done.stdout


def test_the_comparison_of_those_who_took_part_says_on_every_row_that_it_is_no_cause(
    published: duckdb.DuckDBPyConnection,
) -> None:
    rows = published.execute(
        "select warning_th, warning_en, activity_type, measure, members_took_part, "
        "members_reporting_took_part, total_took_part_baht "
        "from reports.rpt_participation_outcomes"
    ).fetchall()
    assert {(row[2], row[3]) for row in rows} == {
        (of, measure)
        for of in (
            "capability_building", "market_promotion", "market_innovation", "business_matching",
            "study_visit", "linkage", "any",
        )
        for measure in ("economic_expansion", "cost_reduction")
    }  # fmt: skip
    for row in rows:
        assert "ไม่ได้แสดงว่ากิจกรรมเป็นสาเหตุ" in row[0]
        assert "does not show that the activities are its cause" in row[1]
        assert (row[6] is None) == (row[5] == 0)


def test_both_sides_of_the_comparison_together_are_what_expected_members_reported(
    published: duckdb.DuckDBPyConnection,
) -> None:
    wrong = published.execute(
        """
        with compared as (
            select
                activity_type, fiscal_year_be, fiscal_quarter, measure,
                members_took_part + members_did_not as members,
                coalesce(total_took_part_baht, 0) + coalesce(total_did_not_baht, 0) as total_baht
            from reports.rpt_participation_outcomes
        ),

        expected as (
            select
                fiscal_year_be, fiscal_quarter,
                count(distinct enterprise_key) as members,
                sum(economic_expansion_baht) as economic_expansion,
                sum(cost_reduction_baht) as cost_reduction
            from marts.fct_expected_report
            group by all
        )

        from compared join expected using (fiscal_year_be, fiscal_quarter)
        where compared.members <> expected.members or compared.total_baht <>
            case measure when 'cost_reduction' then cost_reduction else economic_expansion end
        """
    ).fetchall()
    assert wrong == []


def test_who_is_expected_is_in_time_late_or_missing_once_a_quarter_is_due(sample: Sample) -> None:
    tables = sample.second.tables
    for name in ("reports.rpt_reporting_completeness", "reports.rpt_programme_completeness"):
        due = [row for row in tables[name] if row["is_due"] and row["members_expected"]]
        assert any(row["members_late"] for row in due)
        assert any(row["members_missing"] for row in due)
        for row in due:
            parts = ("members_on_time", "members_late", "members_missing")
            assert sum(row[part] for part in parts) == row["members_expected"], row
            assert row["members_on_time"] + row["members_late"] == row["members_reported"], row
            assert (row["days_late_max"] is None) == (row["members_late"] == 0), row


def test_clusters_that_went_quiet_are_counted_as_silent(sample: Sample) -> None:
    for quarter in (1, 2, 3, 4):
        (row,) = sample.second.where(
            "reports.rpt_programme_completeness", fiscal_year_be=2558, fiscal_quarter=quarter
        )
        quiet = [place for place, of in sample.world.quiet if of == quarter]
        assert row["clusters_silent"] == len(quiet)
    assert sample.world.quiet
