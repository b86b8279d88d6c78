"""What a night changes, told of two small warehouses; and which figures move too far."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import differences, publication
from orchestration.differences import differences_of, record_differences

GRAINS = {
    "marts.dim_cluster": ("cluster_code",),
    "marts.fct_financial_outcome": ("enterprise_key", "measure"),
    "reports.rpt_programme_progress": ("fiscal_year_be", "measure"),
}
FIGURE = "fiscal_year_be=2558, measure=economic_expansion"

Row = tuple[str, str, str, int, int]


def outcome(enterprise: str, amount: int, file_id: str, row: int = 2) -> Row:
    """An outcome: enterprise, measure, file, row, amount."""
    return (enterprise, "sales_increase", file_id, row, amount)


def warehouse(
    path: Path,
    outcomes: list[Row],
    *,
    superseded: tuple[tuple[str, int, str, str | None], ...] = (),
    clusters: tuple[tuple[str, str], ...] = (("C01", "one"),),
    run_id: str = "before",
    more_columns: str = "",
) -> Path:
    """A warehouse with what a comparison reads.

    Args:
        path: the file to write.
        outcomes: see `outcome`.
        superseded: file, row, why, by which file.
        clusters: code and name.
        run_id: the run that published it.
        more_columns: a further column of the clusters, as SQL.
    """
    with duckdb.connect(str(path)) as db:
        db.execute(
            f"""
            create schema marts; create schema reports; create schema audit;
            create table marts.dim_cluster (cluster_code varchar, name varchar{more_columns});
            create table marts.fct_financial_outcome (
                enterprise_key varchar, measure varchar, file_id varchar, row_number integer,
                amount decimal(18, 2), fiscal_year_be integer, programme_measure varchar,
                sheet_name varchar
            );
            create table audit.superseded_row (
                file_id varchar, sheet_name varchar, row_number integer, superseded_why varchar,
                by_file_id varchar
            );
            create table audit.load_file (
                receipt_id bigint, file_id varchar, path varchar, status varchar
            );
            create table audit.published_run (run_id varchar, published_at timestamp);
            create table audit.night_difference (
                run_id varchar, difference_number integer, previous_run_id varchar,
                {differences.LINE_COLUMNS}
            );
            """
        )
        db.executemany(
            "insert into marts.dim_cluster (cluster_code, name) values (?, ?)", list(clusters)
        )
        if outcomes:
            db.executemany(
                "insert into marts.fct_financial_outcome "
                "values (?, ?, ?, ?, ?, 2558, 'economic_expansion', null)",
                outcomes,
            )
        if superseded:
            db.executemany("insert into audit.superseded_row values (?, null, ?, ?, ?)", superseded)
        files = {row[2] for row in outcomes} | {row[0] for row in superseded}
        db.executemany(
            "insert into audit.load_file values (?, ?, ?, 'loaded')",
            [[n, file, f"{file}.csv"] for n, file in enumerate(sorted(files | {"none"}))],
        )
        db.execute("insert into audit.published_run values (?, '2015-01-20')", [run_id])
        db.execute(
            "create table reports.rpt_programme_progress as "
            "select 2558 as fiscal_year_be, 'economic_expansion' as measure, "
            "coalesce(sum(amount), 0)::decimal(38, 2) as actual_baht "
            "from marts.fct_financial_outcome"
        )
    return path


def compared(built: Path, published: Path) -> list[dict[str, Any]]:
    """The lines of a night."""
    with duckdb.connect(str(built)) as db:
        record_differences(db, published, "now", GRAINS)
        return differences_of(db, "now")


def figure_parts(lines: list[dict[str, Any]]) -> dict[str | None, int]:
    """Path → what the file changed of the figure."""
    return {
        line["path"]: int(line["figure_change_baht"])
        for line in lines
        if line["kind"] == "figure" and line["line"] != "total"
    }


def test_a_table_that_is_as_it_was_has_no_line(tmp_path: Path) -> None:
    rows = [outcome("A", 1, "a"), outcome("B", 2, "b")]
    before = warehouse(tmp_path / "before.duckdb", rows)
    lines = compared(warehouse(tmp_path / "now.duckdb", rows[::-1]), before)
    (only,) = lines
    assert (only["kind"], only["line"], only["figure_change_baht"]) == ("figure", "total", 0)
    assert only["previous_run_id"] == "before"


def test_rows_are_counted_by_the_file_they_stand_in_or_stood_in(tmp_path: Path) -> None:
    before = warehouse(
        tmp_path / "before.duckdb",
        [outcome("A", 1, "a"), outcome("B", 2, "b"), outcome("C", 3, "c")],
    )
    now = warehouse(
        tmp_path / "now.duckdb",
        [outcome("A", 1, "a"), outcome("B", 20, "d"), outcome("D", 4, "d", 3)],
        superseded=(("b", 2, "later_submission", "d"), ("c", 2, "file_withdrawn", None)),
    )
    lines = [line for line in compared(now, before) if line["kind"] == "rows"]
    assert {
        (line["table_name"], line["path"]): (
            line["rows_added"],
            line["rows_changed"],
            line["rows_removed"],
        )
        for line in lines
        if line["table_name"] == differences.OUTCOMES
    } == {
        (differences.OUTCOMES, None): (1, 1, 1),
        (differences.OUTCOMES, "c.csv"): (0, 0, 1),
        (differences.OUTCOMES, "d.csv"): (1, 1, 0),
    }


@pytest.mark.parametrize(
    ("why", "rows_now", "superseded", "parts"),
    [
        ("a later file", [("B", 5, "b")], ("a", 2, "later_submission", "b"), {"b.csv": 4}),
        ("a withdrawal", [], ("a", 2, "file_withdrawn", None), {"a.csv": -1}),
        (
            "a withdrawal that lets an older file's row stand again",
            [("B", 7, "old")],
            ("a", 2, "file_withdrawn", None),
            {"a.csv": 6},
        ),
        ("a version without the record", [], ("a", 2, "file_corrected", "a2"), {"a2.csv": -1}),
        ("a registration that is gone", [], None, {"a.csv": -1}),
        ("a better reading of the same bytes", [("B", 3, "a")], None, {"a.csv": 2}),
    ],
)
def test_a_figures_change_belongs_to_the_file_that_caused_it(
    tmp_path: Path,
    why: str,
    rows_now: list[tuple[str, int, str]],
    superseded: tuple[str, int, str, str | None] | None,
    parts: dict[str, int],
) -> None:
    before = warehouse(tmp_path / "before.duckdb", [outcome("B", 1, "a"), outcome("Z", 9, "z")])
    now = warehouse(
        tmp_path / "now.duckdb",
        [outcome(*row) for row in rows_now]
        + [outcome("Z", 9, "z"), outcome("Y", 0, "a2"), outcome("X", 0, "a")],
        superseded=(superseded,) if superseded else (),
    )
    lines = compared(now, before)
    assert figure_parts(lines) == parts, why
    (total,) = [r for r in lines if r["kind"] == "figure" and r["line"] == "total"]
    assert total["figure_change_baht"] == sum(parts.values())


def test_files_beyond_those_told_one_by_one_are_summed(tmp_path: Path) -> None:
    count = differences.FILES_TOLD + 3
    before = warehouse(tmp_path / "before.duckdb", [])
    now = warehouse(
        tmp_path / "now.duckdb", [outcome(f"E{n}", n + 1, f"f{n:04}") for n in range(count)]
    )
    lines = compared(now, before)
    for table in (differences.OUTCOMES, differences.HEADLINES):
        of_files = [r for r in lines if r["table_name"] == table and r["line"] != "total"]
        assert sum(line["line"] == "file" for line in of_files) == differences.FILES_TOLD
        (further,) = [line for line in of_files if line["line"] == "further_files"]
        assert (further["files"], further["file_id"], further["path"]) == (3, None, None)
    # Those that changed least: 1, 2 and 3 baht.
    assert further["figure_change_baht"] == 6
    assert sum(line["figure_change_baht"] for line in of_files) == sum(range(1, count + 1))


def test_a_table_whose_columns_changed_is_told_and_compared_by_the_others(tmp_path: Path) -> None:
    before = warehouse(tmp_path / "before.duckdb", [], clusters=(("C01", "one"), ("C02", "two")))
    now = warehouse(
        tmp_path / "now.duckdb",
        [],
        clusters=(("C01", "one"), ("C02", "deux")),
        more_columns=", colour varchar",
    )
    (line,) = [r for r in compared(now, before) if r["table_name"] == "marts.dim_cluster"]
    assert line["remark"] == "new columns colour"
    assert (line["rows_added"], line["rows_changed"], line["rows_removed"]) == (0, 1, 0)


def test_the_first_night_compares_with_nothing(tmp_path: Path) -> None:
    lines = compared(
        warehouse(tmp_path / "now.duckdb", [outcome("A", 1, "a")]), tmp_path / "none.duckdb"
    )
    assert {line["previous_run_id"] for line in lines} == {None}
    assert {line["remark"] for line in lines if line["kind"] == "rows"} == {"the table is new"}
    (figure,) = [line for line in lines if line["kind"] == "figure"]
    assert (figure["figure_before_baht"], figure["figure_after_baht"]) == (None, Decimal(1))


# ── Too far ───────────────────────────────────────────────────────────────────────────────────


def figure(before: int | None, after: int | None) -> list[dict[str, Any]]:
    """The lines of a night that moved one figure."""
    return [
        {
            "kind": "figure",
            "line": "total",
            "figure_key": FIGURE,
            "figure_before_baht": None if before is None else Decimal(before),
            "figure_after_baht": None if after is None else Decimal(after),
            "figure_change_baht": Decimal((after or 0) - (before or 0)),
        }
    ]


@pytest.mark.parametrize(
    ("before", "after", "moved_too_far"),
    [
        (100, 120, False),
        (100, 121, True),
        (100, 79, True),
        (-100, -121, True),
        (100, None, True),  # the year is gone
        (0, 1_000_000, False),
        (None, 1_000_000, False),
    ],
)
def test_a_figure_moves_too_far_by_more_than_a_share_of_what_was_published(
    before: int | None, after: int | None, moved_too_far: bool
) -> None:
    moved = publication.figures_out_of_bounds(figure(before, after), 0.2)
    assert bool(moved) == moved_too_far


def test_nothing_moves_too_far_where_no_bound_is_set() -> None:
    assert publication.figures_out_of_bounds(figure(100, 1_000_000), None) == []
