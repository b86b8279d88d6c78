"""Four nights of what must be mended, and of the check that finds it.

First night: a bad row, a held row, a refused file, a member without a report. Second: the file is
corrected without mending the row. Third: all is mended. Fourth: the bad row is back.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sources.sampling.world import juristic_id
from tests.integration.test_rebuilding_an_earlier_time import _as_of, _differences

if TYPE_CHECKING:
    from tests.integration.conftest import Home, Night, Record

pytestmark = pytest.mark.night

FIRM, OTHER, LATE = (juristic_id(number) for number in range(301, 304))
OUTCOMES = "financial_outcomes/ผู้ประสานงาน 05/ผลลัพธ์.csv"
ACTIVITIES = "activity_reports/ผู้ประสานงาน 05/กิจกรรม.csv"
FOLLOW_UP, TREND = "reports.rpt_follow_up", "reports.rpt_follow_up_trend"


@dataclass(frozen=True)
class Story:
    """The nights, and what the second of them published."""

    home: Home
    nights: tuple[Night, ...]
    second: Path

    def matter(self, night: int, **equal: object) -> Record:
        """The one matter of a night (1 is the first) that has these values."""
        (found,) = self.nights[night - 1].where(FOLLOW_UP, **equal)
        return found


@pytest.fixture(scope="module")
def story(
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    activity: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Story:
    home = new_home("follow-up")

    def outcomes(others: str, firms: int = 1_000) -> list[Record]:
        return [
            outcome("C05", FIRM, firms),
            outcome("C05", FIRM, 500, measure="cost_reduction"),
            outcome("C05", FIRM, 2, measure="jobs_created"),
            outcome("C05", OTHER, others),
            outcome("C05", LATE, 30),
        ]

    home.csv("cluster_registrations/clusters.csv", [cluster("C05")])
    home.csv("member_registrations/members.csv", [member("C05", FIRM), member("C05", OTHER)])
    home.csv(OUTCOMES, outcomes("ไม่แน่ใจ"))
    home.csv(ACTIVITIES, [{"activity_id": "ACT-1"}])
    nights = [home.night()]

    home.csv(OUTCOMES, outcomes("ถามใหม่", firms=1_001))
    nights.append(home.night())
    second = home.root.parent / "second.duckdb"
    shutil.copy(home.published, second)

    home.csv(OUTCOMES, outcomes("200"))
    home.csv("member_registrations/late.csv", [member("C05", LATE)])
    home.csv(ACTIVITIES, [activity("ACT-1", "C05")])
    nights.append(home.night())

    home.csv(OUTCOMES, outcomes("ไม่แน่ใจ", firms=1_002))
    nights.append(home.night())
    for night in nights:
        assert night.exit_code == 0, night.said
    return Story(home, tuple(nights), second)


#: What identifies each of the matters that the story is about.
MATTERS = {
    "quarantined": {"kind": "quarantined", "path": OUTCOMES},
    "held": {"kind": "held", "path": OUTCOMES},
    "rejected": {"kind": "rejected", "path": ACTIVITIES},
    "missing_report": {"kind": "missing_report", "fiscal_year_be": 2558, "fiscal_quarter": 1},
}


@pytest.mark.parametrize("kind", MATTERS)
def test_a_matter_is_new_in_the_night_that_finds_it(story: Story, kind: str) -> None:
    matter = story.matter(1, **MATTERS[kind])
    assert (matter["state"], matter["nights_open"], matter["times_opened"]) == ("new", 1, 1)
    assert matter["cluster_code"] == "C05"
    assert all(matter[f"{what}_{tongue}"] for what in ("what", "action") for tongue in ("th", "en"))


def test_a_matter_says_what_it_is_about(story: Story) -> None:
    bad, held, missing = (
        story.matter(1, **MATTERS[kind]) for kind in ("quarantined", "held", "missing_report")
    )
    assert (bad["column_name"], bad["reason"], bad["row_count"]) == ("amount", "bad_number", 1)
    assert bad["sender"] == "ผู้ประสานงาน 05/"
    assert (held["waits_for"], held["row_count"], held["amount_baht"]) == (LATE, 1, 30)
    assert (missing["row_count"], missing["amount_baht"]) == (1, None)
    assert "1 of 2 members" in missing["what_en"]


@pytest.mark.parametrize("kind", MATTERS)
def test_a_correction_that_mends_nothing_leaves_the_matter_open(story: Story, kind: str) -> None:
    matter = story.matter(2, **MATTERS[kind])
    assert matter["matter_id"] == story.matter(1, **MATTERS[kind])["matter_id"]
    assert (matter["state"], matter["nights_open"], matter["times_opened"]) == ("open", 2, 1)


@pytest.mark.parametrize("kind", MATTERS)
def test_what_is_mended_is_resolved_and_stays_listed(story: Story, kind: str) -> None:
    matter = story.matter(3, **MATTERS[kind])
    was = story.matter(1, **MATTERS[kind])
    assert (matter["state"], matter["nights_open"]) == ("resolved", 2)
    assert matter["resolved_on"] >= matter["first_seen_on"] == was["first_seen_on"]
    assert matter["is_resolved_tonight"]
    for told in ("what_th", "what_en", "action_th", "action_en", "row_count", "amount_baht"):
        assert matter[told] == was[told]


@pytest.mark.parametrize("kind", ["held", "rejected"])
def test_what_was_resolved_earlier_stays_so(story: Story, kind: str) -> None:
    matter = story.matter(4, **MATTERS[kind])
    assert (matter["state"], matter["is_resolved_tonight"]) == ("resolved", False)


@pytest.mark.parametrize("kind", ["quarantined", "missing_report"])
def test_what_comes_back_is_new_again_and_known(story: Story, kind: str) -> None:
    matter = story.matter(4, **MATTERS[kind])
    assert matter["matter_id"] == story.matter(1, **MATTERS[kind])["matter_id"]
    assert (matter["state"], matter["nights_open"], matter["times_opened"]) == ("new", 1, 2)
    assert matter["resolved_on"] is None


def test_the_trend_ends_every_night_with_what_the_follow_up_lists(story: Story) -> None:
    for number, night in enumerate(story.nights, 1):
        assert {row["night_number"] for row in night.tables[TREND]} == set(range(1, number + 1))
        for row in night.where(TREND, night_number=number):
            listed = night.where(FOLLOW_UP, kind=row["kind"])
            states = [matter["state"] for matter in listed]
            assert row["matters_open"] == len(states) - states.count("resolved")
            assert row["matters_opened"] == states.count("new")
            assert row["matters_resolved"] == sum(m["is_resolved_tonight"] for m in listed)
            assert row["run_id"] == night.report["run_id"]


def test_a_later_night_tells_the_trend_of_the_earlier_ones_as_they_did(story: Story) -> None:
    for number in (1, 2, 3):
        told_then = story.nights[number - 1].where(TREND, night_number=number)
        assert story.nights[-1].where(TREND, night_number=number) == told_then


def test_a_check_fails_since_the_night_after_it_last_passed(story: Story) -> None:
    history = [
        night.where(
            "audit.check_history",
            dataset_or_model="financial_outcomes",
            check_name="amount__bad_number",
        )[0]
        for night in story.nights
    ]
    assert [
        (check["passed"], check["nights_failing"], check["times_began_to_fail"])
        for check in history
    ] == [(False, 1, 1), (False, 2, 1), (True, 0, 1), (False, 1, 2)]
    first, _, _, fourth = (night.report["run_id"] for night in story.nights)
    assert [check["failing_since_run_id"] for check in history] == [first, first, None, fourth]
    assert history[1]["failing_since_at"] == history[0]["failing_since_at"]


def test_the_history_has_every_check_of_the_night_with_what_to_do(story: Story) -> None:
    night = story.nights[-1]
    checked = {
        (row["tool"], row["dataset_or_model"], row["check_name"]): row["passed"]
        for row in night.where("audit.check_result", run_id=night.report["run_id"])
    }
    history = night.where("audit.check_history", is_checked_still=True)
    assert {tool for tool, _, _ in checked} == {"great_expectations", "dbt"}
    assert checked == {
        (row["tool"], row["dataset_or_model"], row["check_name"]): row["passed"] for row in history
    }
    assert [
        row["check_name"] for row in history if not (row["action_th"] and row["action_en"])
    ] == []


def test_status_counts_open_matters_and_says_since_when_checks_fail(story: Story) -> None:
    told = story.home.run("status", "--json").json()
    assert told["open_matters"]["quarantined"] == {"open": 1, "new": 1}
    assert "held" not in told["open_matters"]
    (failing,) = told["failing_checks"]
    (check,) = story.nights[-1].where("audit.check_history", check_name=failing["check_name"])
    assert failing["nights_failing"] == 1
    assert failing["failing_since"][:19].replace("T", " ") == f"{check['failing_since_at']:%F %T}"
    said = story.home.run("status").said
    assert "quarantined: 1, 1 new" in said
    assert "1 night" in said


def test_as_of_a_night_all_this_is_as_it_published(story: Story) -> None:
    for published, night in ((story.second, story.nights[1]), (story.home.published, None)):
        time = "2100-01-01T00:00"
        if night is not None:
            (run,) = night.where("audit.published_run", run_id=night.report["run_id"])
            time = f"{run['published_at'].isoformat()}+00:00"
        done, out = _as_of(story.home, time)
        assert done.exit_code == 0, done.said
        assert _differences(out, published) == {}
