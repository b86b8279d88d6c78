"""`docs/analysts.md` as an analyst follows it: every query and program on the page, run.

The cookbook's answers are those of the bundled sample. How long a question takes is measured by
`make bench`; here is held what makes one slow: a step that makes more rows than were read.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from tests.cookbook import ANALYSTS, Question, answer, answers, questions

if TYPE_CHECKING:
    from tests.integration.conftest import Sample

pytestmark = pytest.mark.night

PAGE = ANALYSTS.read_text(encoding="utf-8")
QUESTIONS = questions()
OTHERS = [
    block
    for block in re.findall(r"^```sql\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    if block not in {question.sql for question in QUESTIONS}
    and "attach 'ducklake:" not in block  # tests/integration/test_lakehouse.py has a lakehouse
]
PROGRAMS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
#: Joins over four quarters make the most; a join without its condition makes hundreds of times.
ROWS_MADE_A_ROW_READ = 4

Change = Callable[..., duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module")
def published(sample: Sample) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample's warehouse as `warehouse query` opens it."""
    with duckdb.connect(str(sample.home.published), read_only=True) as db:
        db.execute("set enable_external_access = false")
        yield db


@pytest.fixture
def changed(sample: Sample, tmp_path: Path) -> Iterator[Change]:
    """Copies the sample's warehouse and changes the copy."""
    path = tmp_path / "warehouse.duckdb"
    shutil.copyfile(sample.home.published, path)
    with duckdb.connect(str(path)) as db:

        def change(*statements: str) -> duckdb.DuckDBPyConnection:
            for statement in statements:
                db.execute(statement)
            return db

        yield change


def of(number: int) -> Question:
    """A question by its number."""
    return QUESTIONS[number - 1]


def rows(db: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """What a query answers, a row by its columns' names."""
    cursor = db.execute(sql)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def steps(db: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[str, int, int]]:
    """Kind, rows made and rows read of every step that DuckDB took for a query."""
    ((_, plan),) = db.execute(f"explain (analyze, format json) {sql}").fetchall()
    found, left = [], [json.loads(plan)]
    while left:
        step = left.pop()
        left += step["children"]
        if "operator_type" in step:
            made, read = step["operator_cardinality"], step["operator_rows_scanned"]
            found.append((step["operator_type"], made, read))
    return found


def rows_made_a_row_read(db: duckdb.DuckDBPyConnection, sql: str) -> float:
    """The most rows that any step of a query makes, for each row that it reads from tables."""
    taken = steps(db, sql)
    read = sum(read for _, _, read in taken)
    assert read > 0
    return max(made for _, made, _ in taken) / read


# ── The cookbook ──────────────────────────────────────────────────────────────────────────────


def test_the_cookbook_asks_fifteen_questions_numbered_in_order() -> None:
    assert [question.number for question in QUESTIONS] == list(range(1, 16))
    assert len({question.title for question in QUESTIONS}) == len(QUESTIONS)
    assert sorted(answers()) == list(range(1, 16))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: str(question.number))
def test_a_question_has_the_answer_that_the_page_shows(
    question: Question, published: duckdb.DuckDBPyConnection
) -> None:
    assert answer(published, question) == answers()[question.number]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: str(question.number))
def test_a_question_answers_in_one_order_always(
    question: Question, published: duckdb.DuckDBPyConnection
) -> None:
    published.execute("set threads = 1")
    alone = published.execute(question.sql).fetchall()
    published.execute("set threads = 4")
    assert published.execute(question.sql).fetchall() == alone


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: str(question.number))
def test_no_step_of_a_question_makes_many_more_rows_than_it_reads(
    question: Question, published: duckdb.DuckDBPyConnection
) -> None:
    assert rows_made_a_row_read(published, question.sql) <= ROWS_MADE_A_ROW_READ


def test_a_join_without_its_condition_makes_many_more_rows_than_it_reads(
    published: duckdb.DuckDBPyConnection,
) -> None:
    slow = "select count(*) from marts.fct_membership as a, marts.fct_activity as b"
    assert rows_made_a_row_read(published, slow) > 10 * ROWS_MADE_A_ROW_READ


# ── What the page says about its answers ──────────────────────────────────────────────────────


def test_neither_target_is_met_and_both_would_be_had_all_reported_alike(
    published: duckdb.DuckDBPyConnection,
) -> None:
    for line in rows(published, of(1).sql):
        assert not line["is_target_met"]
        assert line["low_baht"] < line["actual_baht"] < line["target_baht"] < line["high_baht"]


def test_shares_of_clusters_and_baht_of_places_add_up_to_the_programmes_figures(
    published: duckdb.DuckDBPyConnection,
) -> None:
    actual = dict(
        published.execute(
            "select measure, actual_baht from reports.rpt_programme_progress "
            "where fiscal_year_be = 2558"
        ).fetchall()
    )
    clusters = rows(published, of(2).sql)
    assert sum(line["economic_expansion_baht"] for line in clusters) == actual["economic_expansion"]
    assert sum(line["share_ratio"] for line in clusters) == pytest.approx(1, abs=0.01)
    branches = {line["branch"]: line["branch_share_ratio"] for line in clusters}
    assert sum(branches.values()) == pytest.approx(1, abs=0.002)
    places = rows(published, of(3).sql)
    for measure, total in actual.items():
        # each place is rounded to the satang once
        found = sum(line[f"{measure}_baht"] for line in places)
        assert abs(found - total) <= Decimal("0.01") * len(places)


def test_the_pace_ends_where_the_programme_stands(published: duckdb.DuckDBPyConnection) -> None:
    ends = {line["measure"]: line["so_far_baht"] for line in rows(published, of(5).sql)}
    assert ends == {line["measure"]: line["actual_baht"] for line in rows(published, of(1).sql)}


def test_money_of_activities_counts_once_however_many_took_part(
    published: duckdb.DuckDBPyConnection,
) -> None:
    spent = published.execute(
        "select sum(spent_baht) from marts.fct_activity where fiscal_year_be = 2558"
    ).fetchall()
    assert [(sum(line["spent_baht"] for line in rows(published, of(6).sql)),)] == spent


def test_five_of_the_eight_differences_of_those_who_took_part_are_negative(
    published: duckdb.DuckDBPyConnection,
) -> None:
    found = rows(published, of(8).sql)
    assert len(found) == 8
    assert sum(line["median_difference_baht"] < 0 for line in found) == 5
    largest = sorted(found, key=lambda line: abs(line["median_difference_baht"]))[-2:]
    assert sorted(line["members_reporting_did_not"] for line in largest) == [15, 17]


def test_the_largest_amount_of_the_cluster_is_the_one_in_thousands(
    published: duckdb.DuckDBPyConnection,
) -> None:
    largest = rows(published, of(11).sql)[0]
    slip = rows(published, "from reports.rpt_suspicions where rule = 'unit_slip'")[0]
    assert (slip["path"], slip["row_number"]) == (largest["path"], largest["row_number"])
    assert slip["likely_amount"] * 1000 == largest["amount"]


def test_size_classes_hold_every_enterprise_once(published: duckdb.DuckDBPyConnection) -> None:
    found = rows(published, of(13).sql)
    ((enterprises,),) = published.execute("select count(*) from marts.dim_enterprise").fetchall()
    assert sum(line["enterprises"] for line in found) == enterprises


# ── Questions whose answer is not in the sample ───────────────────────────────────────────────

NIGHT_AFTER = "published_at + interval 1 day"


def test_a_night_that_moved_a_figure_names_the_files_that_did(changed: Change) -> None:
    db = changed(
        f"insert into audit.published_run select 'moved', started_at, {NIGHT_AFTER}, git_sha, 1, 1 "
        "from audit.published_run order by published_at limit 1",
        f"insert into audit.published_run select 'quiet', started_at, {NIGHT_AFTER}, git_sha, 0, 1 "
        "from audit.published_run where run_id = 'moved'",
        "insert into audit.night_difference by name select 'moved' as run_id, "
        "unnest([1, 2, 3]) as difference_number, 'figure' as kind, "
        "'reports.rpt_programme_progress' as table_name, "
        "unnest(['total', 'file', 'file']) as line, 'measure=cost_reduction' as figure_key, "
        "unnest([null, 'a.csv', 'same.csv']) as path, unnest([null, 2, 3]) as rows_changed, "
        "unnest([100, null, null]) as figure_before_baht, "
        "unnest([130, null, null]) as figure_after_baht, "
        "unnest([30, 30, 0]) as figure_change_baht",
    )
    found = rows(db, of(9).sql)
    assert [(line["file"], line["figure_change_baht"]) for line in found] == [
        ("all files", 30),
        ("a.csv", 30),
    ]
    assert (found[0]["figure_before_baht"], found[0]["figure_after_baht"]) == (100, 130)


def test_a_closed_quarter_shows_what_came_after_it_apart(changed: Change) -> None:
    db = changed(
        "insert into reports.rpt_quarter_closing by name select 2558 as fiscal_year_be, "
        "2 as fiscal_quarter, 'C01' as cluster_code, "
        "unnest(['sales_increase', 'new_investment', 'cost_reduction']) as measure, "
        "unnest(['economic_expansion', 'economic_expansion', 'cost_reduction']) "
        "as programme_measure, 'baht' as unit, now() as closed_at, 'x' as closed_by, "
        "unnest([100, 20, 7000]) as closed_amount, unnest([-1.5, 4, 9000]) as adjustment_amount, "
        "unnest([98.5, 24, 16000]) as current_amount, 1 as closed_enterprises, "
        "1 as current_enterprises"
    )
    found = {line["fiscal_quarter"]: line for line in rows(db, of(15).sql)}
    assert found[2]["closed_baht"] == 120
    assert found[2]["adjustment_baht"] == Decimal("2.50")
    assert found[1]["closed_baht"] is None


def test_a_cluster_without_any_activity_comes_first_among_those_without_links(
    changed: Change,
) -> None:
    db = changed("delete from marts.fct_activity where cluster_code = 'C17'")
    assert rows(db, of(7).sql)[0]["cluster_code"] == "C17"


def test_a_quarter_nobody_reported_has_no_upper_figure_and_does_not_stop_the_question(
    changed: Change,
) -> None:
    db = changed(
        "update reports.rpt_programme_completeness set completeness_ratio = 0 "
        "where fiscal_quarter = 4"
    )
    assert all(line["high_baht"] is not None for line in rows(db, of(1).sql))


# ── The rest of the page ──────────────────────────────────────────────────────────────────────


def test_the_page_has_queries_beside_the_cookbook() -> None:
    assert len(OTHERS) >= 5


@pytest.mark.parametrize("sql", OTHERS, ids=range(len(OTHERS)))
def test_every_other_query_of_the_page_runs(sql: str, published: duckdb.DuckDBPyConnection) -> None:
    assert published.execute(sql).description


def program(containing: str) -> str:
    """The program of the page in which a passage stands."""
    (found,) = [text for text in PROGRAMS if containing in text]
    return found


@pytest.fixture
def beside_the_home(sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which `var` is the sample's home, as where the page's programs are typed."""
    (tmp_path / "var").symlink_to(sample.home.root)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_program_for_pandas_has_the_reports_rows(
    beside_the_home: Path,
) -> None:
    names: dict[str, Any] = {}
    exec(compile(program("progress = db"), "analysts.md", "exec"), names)
    assert len(names["progress"]) == 2
    assert names["progress"]["actual_baht"].dtype == "float64"  # as the page warns


def test_the_program_for_arrow_keeps_baht_as_decimals(beside_the_home: Path) -> None:
    names: dict[str, Any] = {}
    exec(compile(program(".arrow()"), "analysts.md", "exec"), names)
    assert str(names["outcomes"].schema.field("amount").type) == "decimal128(18, 2)"
    assert names["outcomes"].num_rows > 1000


def test_the_program_that_compares_nights_finds_nothing_after_a_night_that_brought_nothing(
    beside_the_home: Path,
) -> None:
    names: dict[str, Any] = {}
    exec(compile(program("attach"), "analysts.md", "exec"), names)
    assert names["moved"].empty


def test_the_program_that_compares_nights_finds_the_cluster_whose_figure_moved(
    changed: Change, sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(
        "update reports.rpt_cluster_scorecard set economic_expansion_baht = "
        "economic_expansion_baht - 100 where cluster_code = 'C09'"
    ).close()
    versions = tmp_path / "var" / "published" / "versions"
    for name, file in (("1", tmp_path / "warehouse.duckdb"), ("2", sample.home.published)):
        (versions / name).mkdir(parents=True)
        (versions / name / "warehouse.duckdb").symlink_to(file)
    (versions.parent / "warehouse.duckdb").symlink_to(sample.home.published)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(program("attach"), "analysts.md", "exec"), names)
    moved = names["moved"]
    assert list(zip(moved["cluster_code"], moved["change_baht"], strict=True)) == [("C09", 100)]


def test_the_file_is_of_the_storage_version_that_the_page_says(
    published: duckdb.DuckDBPyConnection,
) -> None:
    ((version,),) = published.execute(
        "select tags['storage_version'] from duckdb_databases() where database_name = 'warehouse'"
    ).fetchall()
    assert version.startswith("v1.0.0")
