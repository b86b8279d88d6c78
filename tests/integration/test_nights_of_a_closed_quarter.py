"""A quarter is closed, and what comes after: seven nights of one home.

publishes          the quarter's reports, one of them held
close Q1
late               a correction, a late file, a withdrawal, a version that lacks a record, and a
                   registration that releases the held row
waits              a great correction, which moves a figure too far
replaced           the night after, greater still, waits in its place, and is approved
reopen Q1
open               nothing comes
"""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.settings import Home as Paths
from orchestration.trace import trace
from sources.sampling.world import juristic_id
from tests.integration.conftest import Home

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from tests.integration.conftest import Done, Night, Record

pytestmark = pytest.mark.night

ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT = (juristic_id(n) for n in range(201, 209))
OUTCOMES = "financial_outcomes"
SALES, SAVED = "economic_expansion", "cost_reduction"
BOUND = {"WAREHOUSE_APPROVAL_SHARE": "0.2"}


@dataclass(frozen=True)
class Story:
    """What each night and each command left behind."""

    home: Home
    first: Night
    too_early: Done
    closed: Done
    closed_again: Done
    late: Night
    status_late: Done
    waits: Night
    status_waits: Done
    waiting_modes: dict[str, int]
    replaced: Night
    waiting_after: list[Path]
    refused: Done
    approved: Done
    approved_digest: str | None
    approved_tables: dict[str, list[dict[str, Any]]]
    approved_again: Done
    reopened: Done
    reopened_again: Done
    last: Night
    as_of_first: dict[str, list[dict[str, Any]]]
    as_of_approved: dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def story(
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Story:
    home = new_home("closed")
    home.csv("cluster_registrations/clusters.csv", [cluster("C01"), cluster("C02")])
    known = (ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN)
    home.csv("member_registrations/members.csv", [member("C01", one) for one in known])
    too_early = home.run("close", "2558", "Q1", "--by", "กองแผนงาน")
    home.csv(f"{OUTCOMES}/corrected.csv", [outcome("C01", ONE, 1000), outcome("C01", TWO, 2000)])
    home.csv(f"{OUTCOMES}/withdrawn.csv", [outcome("C01", THREE, 300)])
    home.csv(
        f"{OUTCOMES}/shortened.csv",
        [outcome("C01", FOUR, 40), outcome("C01", FIVE, 50), outcome("C01", FIVE, 9, quarter="2")],
    )
    home.csv(f"{OUTCOMES}/held.csv", [outcome("C01", EIGHT, "800.25")])
    home.csv(
        f"{OUTCOMES}/saved.csv",
        [
            outcome("C01", ONE, 5000, measure="cost_reduction"),
            outcome("C01", ONE, 7, measure="jobs_created"),
        ],
    )
    first = home.night()
    assert first.exit_code == 0, first.said
    closed = home.run("close", "2558", "q1", "--by", "กองแผนงาน", "--note", "ส่งครบ", "--json")
    closed_again = home.run("close", "2558", "1", "--by", "กองแผนงาน")

    home.csv(f"{OUTCOMES}/corrected.csv", [outcome("C01", ONE, 1100), outcome("C01", TWO, 2000)])
    home.csv(f"{OUTCOMES}/late.csv", [outcome("C01", SIX, "60.50")])
    home.csv(
        f"{OUTCOMES}/shortened.csv",
        [outcome("C01", FIVE, 50), outcome("C01", FIVE, 9, quarter="2")],
    )
    home.csv("member_registrations/eighth.csv", [member("C01", EIGHT)])
    home.run("withdraw", f"{OUTCOMES}/withdrawn.csv")
    late = home.night()
    assert late.exit_code == 0, late.said
    status_late = home.run("status", "--json")

    home.csv(
        f"{OUTCOMES}/saved.csv",
        [
            outcome("C01", ONE, 9000, measure="cost_reduction"),
            outcome("C01", ONE, 7, measure="jobs_created"),
        ],
    )
    waits = home.night(**BOUND)
    status_waits = home.run("status")
    waiting_modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (home.root / "waiting").rglob("*")
    }
    home.csv(
        f"{OUTCOMES}/other year.csv",
        [outcome("C01", TWO, 77, measure="cost_reduction", fiscal_year="2559")],
    )
    replaced = home.night(**BOUND)
    waiting_after = sorted((home.root / "waiting").iterdir())
    refused = home.run("approve", waits.report["run_id"], "--by", "ผู้อำนวยการ")
    approved = home.run("approve", replaced.report["run_id"][:8], "--by", "ผู้อำนวยการ", "--json")
    digest, tables = home.digest(), home.tables()
    approved_again = home.run("approve", replaced.report["run_id"], "--by", "ผู้อำนวยการ")

    reopened = home.run("reopen", "2558", "Q1", "--by", "กองแผนงาน")
    reopened_again = home.run("reopen", "2558", "Q1", "--by", "กองแผนงาน")
    last = home.night(**BOUND)
    published_at = {
        row["run_id"]: row["published_at"] for row in last.tables["audit.published_run"]
    }
    earlier = [rebuilt(home, published_at[night.report["run_id"]]) for night in (first, replaced)]
    return Story(
        home, first, too_early, closed, closed_again, late, status_late, waits, status_waits,
        waiting_modes, replaced, waiting_after, refused, approved, digest, tables, approved_again,
        reopened, reopened_again, last, *earlier,
    )  # fmt: skip


def rebuilt(home: Home, published_at: dt.datetime) -> dict[str, list[dict[str, Any]]]:
    """The tables of the warehouse as of the moment a night published, built again."""
    elsewhere = Home(home.root.parent / f"as of {published_at:%H%M%S%f}", home.landing)
    done = home.run(
        "run", "--as-of", f"{published_at.isoformat()}+00:00", "--out", str(elsewhere.published)
    )
    assert done.exit_code == 0, done.said
    return elsewhere.tables()


def progress(night: Night, measure: str, year: int = 2558) -> dict[str, Any]:
    (row,) = night.where("reports.rpt_programme_progress", fiscal_year_be=year, measure=measure)
    return row


def figure_lines(tables: dict[str, list[dict[str, Any]]], run_id: str) -> list[dict[str, Any]]:
    return [
        row
        for row in tables["audit.night_difference"]
        if row["run_id"] == run_id and row["kind"] == "figure"
    ]


def parts(night: Night, measure: str, year: int = 2558) -> dict[str | None, Decimal]:
    """Path → what the file changed of a figure in that night."""
    key = f"fiscal_year_be={year}, measure={measure}"
    return {
        row["path"]: row["figure_change_baht"]
        for row in figure_lines(night.tables, night.report["run_id"])
        if row["figure_key"] == key and row["line"] == "file"
    }


# ── Closing ───────────────────────────────────────────────────────────────────────────────────


def test_a_quarter_cannot_be_closed_before_anything_is_published(story: Story) -> None:
    assert story.too_early.exit_code == 1
    assert "Nothing is published" in story.too_early.said


def test_closing_fixes_the_figures_that_are_published(story: Story) -> None:
    assert story.closed.exit_code == 0, story.closed.said
    told = story.closed.json()
    assert told["totals"] == {"sales_increase": 3390, "cost_reduction": 5000, "jobs_created": 7}
    assert told["run_id"] == story.first.report["run_id"]
    assert (told["decided_by"], told["note"]) == ("กองแผนงาน", "ส่งครบ")


def test_a_closed_quarter_is_not_closed_again(story: Story) -> None:
    assert story.closed_again.exit_code == 1
    assert "was closed by กองแผนงาน" in story.closed_again.said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("2600", "Q4"), "ends on 2057-09-30"),
        (("2015", "Q1"), "There is no quarter 2015 Q1"),
        (("2558", "Q5"), "'Q5' is no quarter"),
        (("2558", "Q2", "--by", " "), "--by takes a name"),
    ],
)
def test_what_cannot_be_closed_is_said_in_a_sentence(
    story: Story, arguments: tuple[str, ...], says: str
) -> None:
    done = story.home.run("close", "--by", "กองแผนงาน", *arguments)
    assert done.exit_code == 1
    assert says in done.said
    assert "Traceback" not in done.said


def test_a_quarter_closed_says_closed_adjusted_and_current(story: Story) -> None:
    (row,) = story.late.where(
        "reports.rpt_quarter_closing", cluster_code="C01", measure="sales_increase"
    )
    assert row["closed_amount"] == 3390
    # +100 corrected, +60.50 late, -300 withdrawn, -40 no longer in its file, +800.25 released
    assert row["adjustment_amount"] == Decimal("620.75")
    assert row["current_amount"] == Decimal("4010.75")
    assert (row["closed_enterprises"], row["current_enterprises"]) == (5, 5)
    assert (row["closed_by"], row["unit"]) == ("กองแผนงาน", "baht")
    (jobs,) = story.late.where(
        "reports.rpt_quarter_closing", cluster_code="C01", measure="jobs_created"
    )
    assert (jobs["closed_amount"], jobs["adjustment_amount"], jobs["unit"]) == (7, 0, "people")
    assert len(story.late.tables["reports.rpt_quarter_closing"]) == 2 * 4


def test_every_adjustment_names_its_file_and_why(story: Story) -> None:
    told = {
        (row["path"].removeprefix(f"{OUTCOMES}/"), row["why"]): row["adjustment_amount"]
        for row in story.late.tables["reports.rpt_quarter_adjustment"]
    }
    assert told == {
        ("corrected.csv", "corrected"): 100,
        ("late.csv", "new"): Decimal("60.50"),
        ("withdrawn.csv", "withdrawn"): -300,
        ("shortened.csv", "removed"): -40,
        ("held.csv", "released"): Decimal("800.25"),
    }


def test_the_programmes_progress_shows_closed_and_adjusted_beside_the_current_figure(
    story: Story,
) -> None:
    before = progress(story.first, SALES)
    assert (before["actual_baht"], before["closed_baht"], before["adjustment_baht"]) == (
        3399, None, None,
    )  # fmt: skip
    after = progress(story.late, SALES)
    assert after["actual_baht"] == Decimal("4019.75")
    assert (after["closed_baht"], after["adjustment_baht"]) == (3390, Decimal("620.75"))


def test_the_nights_summary_says_that_a_closed_quarter_has_adjustments(story: Story) -> None:
    assert story.late.report["adjustments"] == [
        {
            "fiscal_year_be": 2558,
            "fiscal_quarter": 1,
            "measure": "sales_increase",
            "figures": 1,
            "adjustment": 620.75,
        }
    ]


def test_what_is_behind_an_adjustment_can_be_traced(story: Story) -> None:
    paths = Paths(
        root=story.home.root,
        landing=story.home.landing,
        landing_is_set=True,
        ledger_url="",
        keep_versions=7,
        report_due_days=15,
        key_secret=None,
    )
    # The last night reopened the quarter, so this looks at the version that was approved.
    (version,) = (story.home.root / "published" / "versions").glob(
        f"*-{story.replaced.report['run_id'][:8]}"
    )
    (paths_root := story.home.root.parent / "approved" / "published").mkdir(parents=True)
    (paths_root / "warehouse.duckdb").symlink_to(version / "warehouse.duckdb")
    paths = Paths(**{**paths.__dict__, "root": paths_root.parent})
    for table, keys, column in (
        ("rpt_programme_progress", ["fiscal_year_be=2558", f"measure={SALES}"], "adjustment_baht"),
        (
            "rpt_quarter_closing",
            ["cluster_code=C01", "measure=sales_increase"],
            "adjustment_amount",
        ),
        ("rpt_quarter_adjustment", ["measure=sales_increase"], "adjustment_amount"),
    ):
        found = trace(paths, table, keys, column)
        (origin,) = [origin for origin in found.origins if not origin.reference]
        assert origin.amount == Decimal("620.75"), table
        assert len(origin.files) == 5


# ── Night to night ────────────────────────────────────────────────────────────────────────────


def test_a_figures_change_is_the_sum_of_what_its_files_changed(story: Story) -> None:
    nights = (story.first, story.late, story.last)
    for night in nights:
        lines = figure_lines(night.tables, night.report["run_id"])
        totals = {r["figure_key"]: r["figure_change_baht"] for r in lines if r["line"] == "total"}
        assert totals
        for key, change in totals.items():
            of_files = [
                row["figure_change_baht"]
                for row in lines
                if row["line"] == "file" and row["figure_key"] == key
            ]
            if night is not story.first:
                assert sum(of_files) == change, key


def test_each_files_part_is_what_it_brought_or_took_away(story: Story) -> None:
    assert parts(story.late, SALES) == {
        f"{OUTCOMES}/corrected.csv": 100,
        f"{OUTCOMES}/late.csv": Decimal("60.50"),
        f"{OUTCOMES}/withdrawn.csv": -300,
        f"{OUTCOMES}/shortened.csv": -40,
        f"{OUTCOMES}/held.csv": Decimal("800.25"),
    }
    assert parts(story.late, SAVED) == {}


def test_rows_that_came_changed_and_went_are_counted_by_table_and_file(story: Story) -> None:
    lines = [
        row
        for row in story.late.where(
            "audit.night_difference", table_name="marts.fct_financial_outcome"
        )
        if row["run_id"] == story.late.report["run_id"]
    ]
    (total,) = [row for row in lines if row["line"] == "total"]
    counts = ("rows_before", "rows_after", "rows_added", "rows_changed", "rows_removed")
    # Both rows of the corrected file stand in other bytes now; so do two of the shortened one.
    assert [total[name] for name in counts] == [8, 8, 2, 4, 2]
    of_files = {
        row["path"].removeprefix(f"{OUTCOMES}/"): [row[name] for name in counts[2:]]
        for row in lines
        if row["line"] == "file" and row["rows_added"] + row["rows_changed"]
    }
    assert of_files == {
        "corrected.csv": [0, 2, 0],
        "late.csv": [1, 0, 0],
        "shortened.csv": [0, 2, 0],
        "held.csv": [1, 0, 0],
    }
    assert sum(r["rows_removed"] for r in lines if r["line"] == "file") == total["rows_removed"]


def test_the_first_night_has_no_earlier_one(story: Story) -> None:
    lines = story.first.tables["audit.night_difference"]
    assert {row["previous_run_id"] for row in lines} == {None}
    assert {row["remark"] for row in lines if row["kind"] == "rows"} == {"the table is new"}


def test_the_nights_report_names_the_files_behind_its_figures(story: Story) -> None:
    causes = [cause for cause in story.late.report["causes"] if cause["measure"] == SALES]
    assert (causes[0]["path"], causes[0]["change baht"]) == (f"{OUTCOMES}/held.csv", 800.25)


def test_the_history_of_all_nights_is_kept_and_each_tells_the_one_before(story: Story) -> None:
    published = [story.first, story.late, story.replaced, story.last]
    runs = [night.report["run_id"] for night in published]
    previous = {
        row["run_id"]: row["previous_run_id"] for row in story.last.tables["audit.night_difference"]
    }
    assert previous == dict(zip(runs, [None, *runs], strict=False))


# ── Approval ──────────────────────────────────────────────────────────────────────────────────


def test_without_the_setting_no_night_waits(story: Story) -> None:
    assert story.late.exit_code == 0
    assert story.status_late.exit_code == 0, story.status_late.said
    assert story.status_late.json()["waiting"] is None


def test_a_night_that_moves_a_figure_too_far_waits_and_says_what_to_do(story: Story) -> None:
    assert story.waits.exit_code == 1
    report = story.waits.report
    assert not report["published"]
    assert f"warehouse approve {report['run_id'][:8]} --by NAME" in report["reason"]
    (moved,) = report["waiting"]
    assert moved["figure"] == f"fiscal_year_be=2558, measure={SAVED}"
    assert (moved["before_baht"], moved["after_baht"], moved["change_ratio"]) == (5000, 9000, 0.8)
    assert [(f["path"], f["change_baht"]) for f in moved["files"]] == [
        (f"{OUTCOMES}/saved.csv", 4000)
    ]
    assert story.waits.digest == story.late.digest


def test_dagster_has_a_failed_check_and_the_run_says_why(story: Story) -> None:
    """Looks into the instance with Dagster's library, as its webserver does."""
    from dagster import DagsterEventType, DagsterInstance

    with pytest.MonkeyPatch.context() as patch:
        for name, value in story.home.environment().items():
            patch.setenv(name, value)
        patch.setenv("DAGSTER_HOME", str(story.home.root / "dagster"))
        with DagsterInstance.from_config(str(story.home.root / "dagster")) as instance:
            told = {}
            for night in (story.late, story.waits):
                run_id = night.report["run_id"]
                for entry in instance.all_logs(
                    run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION
                ):
                    assert entry.dagster_event
                    check: Any = entry.dagster_event.event_specific_data
                    if check.check_name == "headline_figures_move_within_bounds":
                        told[run_id] = (check.passed, set(check.metadata))
    assert told == {
        story.late.report["run_id"]: (True, {"bound"}),
        story.waits.report["run_id"]: (False, {"bound", "figures that moved", "files behind"}),
    }


def test_the_status_says_that_a_night_waits(story: Story) -> None:
    assert story.status_waits.exit_code == 1
    assert f"Run {story.waits.report['run_id']} waits for approval" in story.status_waits.said


def test_what_waits_is_open_to_its_owner_alone_until_it_is_published(story: Story) -> None:
    assert story.waiting_modes == {
        story.waits.report["run_id"]: 0o700,
        "warehouse.duckdb": 0o600,
    }
    assert list((story.home.root / "waiting").iterdir()) == []
    assert stat.S_IMODE(story.home.published.stat().st_mode) == 0o644


def test_a_later_night_waits_in_its_place(story: Story) -> None:
    assert story.replaced.exit_code == 1
    assert [path.name for path in story.waiting_after] == [story.replaced.report["run_id"]]
    assert story.refused.exit_code == 1
    assert "can be approved no longer" in story.refused.said


def test_the_first_outcomes_of_a_year_are_no_reason_to_wait(story: Story) -> None:
    (moved,) = story.replaced.report["waiting"]
    assert "2559" not in moved["figure"]
    assert [row["actual_baht"] for row in story.approved_tables["reports.rpt_programme_progress"]
            if row["fiscal_year_be"] == 2559 and row["measure"] == SAVED] == [77]  # fmt: skip


def test_an_approval_publishes_what_waited_and_records_who(story: Story) -> None:
    assert story.approved.exit_code == 0, story.approved.said
    assert story.approved.json()["approved_by"] == "ผู้อำนวยการ"
    assert story.approved_digest != story.late.digest
    run_id = story.replaced.report["run_id"]
    runs = [row["run_id"] for row in story.approved_tables["audit.published_run"]]
    assert runs.count(run_id) == 1
    assert story.waits.report["run_id"] not in runs
    lines = [r for r in figure_lines(story.approved_tables, run_id) if r["line"] == "total"]
    assert {row["previous_run_id"] for row in lines} == {story.late.report["run_id"]}


def test_what_is_published_is_not_approved_again(story: Story) -> None:
    assert story.approved_again.exit_code == 1
    assert "is published already" in story.approved_again.said


def test_a_run_that_never_waited_is_told_so(story: Story) -> None:
    done = story.home.run("approve", "no-such-run", "--by", "ผู้อำนวยการ")
    assert done.exit_code == 1
    assert "No run 'no-such-run' has waited" in done.said


# ── Reopening, and earlier times ──────────────────────────────────────────────────────────────


def test_a_quarter_reopened_has_no_closed_figures_any_more(story: Story) -> None:
    assert story.reopened.exit_code == 0, story.reopened.said
    assert story.reopened_again.exit_code == 1
    assert "is not closed" in story.reopened_again.said
    assert story.last.exit_code == 0, story.last.said
    assert story.last.tables["reports.rpt_quarter_closing"] == []
    assert progress(story.last, SALES)["closed_baht"] is None
    assert progress(story.last, SALES)["actual_baht"] == Decimal("4019.75")


def test_what_was_fixed_stays_in_the_store(story: Story) -> None:
    (snapshot,) = (story.home.root / "store" / "closed").iterdir()
    assert stat.S_IMODE(snapshot.stat().st_mode) == 0o600


def in_some_order(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    return {name: sorted(map(repr, rows)) for name, rows in tables.items()}


def test_before_the_closing_built_again_nothing_is_closed(story: Story) -> None:
    assert story.as_of_first["reports.rpt_quarter_closing"] == []
    assert in_some_order(story.as_of_first) == in_some_order(story.first.tables)


def test_an_approved_night_built_again_is_what_was_approved(story: Story) -> None:
    assert len(story.as_of_approved["reports.rpt_quarter_closing"]) == 2 * 4
    assert in_some_order(story.as_of_approved) == in_some_order(story.approved_tables)
