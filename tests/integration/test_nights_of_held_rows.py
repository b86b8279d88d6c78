"""Three nights of rows that come before what they need.

First night: members, outcomes and activities of a cluster that nobody has registered. Second: the
cluster comes. Third: a late registration comes, and one that was there is taken back. The files
with the held rows stay as they are all the while: nobody sends anything twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from sources.sampling.world import juristic_id, natural_id

if TYPE_CHECKING:
    from tests.integration.conftest import Home, Night, Record

pytestmark = pytest.mark.night

FIRM, OTHER, LATE, ELSEWHERE = (juristic_id(number) for number in range(201, 205))
PERSON = natural_id(77)
MEMBERS = "member_registrations/สมาชิก.csv"
OUTCOMES = "financial_outcomes/ผลลัพธ์.csv"
ACTIVITIES = "activity_reports/กิจกรรม.csv"
SALES = "sales_increase"

# Where each enterprise's outcome stands in its file.
FIRMS_ROW, OTHERS_ROW, LATE_ROW, PERSONS_ROW, ELSEWHERE_ROW = range(2, 7)


@dataclass(frozen=True)
class Story:
    """The three nights."""

    home: Home
    first: Night
    second: Night
    third: Night


@pytest.fixture(scope="module")
def story(
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    activity: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Story:
    home = new_home("held")
    home.csv(MEMBERS, [member("C05", FIRM), member("C05", OTHER), member("C06", ELSEWHERE)])
    home.csv(
        OUTCOMES,
        [
            outcome("C05", FIRM, 1_000),
            outcome("C05", OTHER, 200),
            outcome("C05", LATE, 30),
            outcome("C05", PERSON, 4),
            outcome("C05", ELSEWHERE, 50_000),
        ],
    )
    home.csv(
        ACTIVITIES,
        [
            activity("ACT-1", "C05", participant_ids=f"{FIRM};{LATE};{PERSON}"),
            activity("ACT-2", "C05"),
        ],
    )
    first = home.night()

    home.csv("cluster_registrations/clusters.csv", [cluster("C05"), cluster("C06")])
    second = home.night()

    home.csv(
        "member_registrations/มาช้า.csv",
        [
            member("C05", LATE, submitted_on="2015-03-01"),
            member("C05", PERSON, legal_form="sole_proprietor", enterprise_name="นายสมมติ นามสมมุติ"),
        ],
    )
    home.csv(MEMBERS, [member("C05", OTHER), member("C06", ELSEWHERE)])
    third = home.night()
    return Story(home, first, second, third)


def fates(night: Night, path: str) -> tuple[int, int, int, int]:
    """Rows read, current, superseded and quarantined of the version that is loaded at a path."""
    (row,) = night.where("audit.load_file", path=path, status="loaded")
    return (
        row["rows_read"], row["rows_current"], row["rows_superseded"], row["rows_quarantined"],
    )  # fmt: skip


def held(night: Night, path: str) -> set[tuple[int, str]]:
    """(row number, reason) of a file's held rows."""
    return {(row, reason) for row, _, reason, waits in night.quarantined(path) if waits}


def actual(night: Night) -> float:
    (row,) = night.where("reports.rpt_programme_progress", measure="economic_expansion")
    return float(row["actual_baht"])


def test_every_night_publishes(story: Story) -> None:
    for night in (story.first, story.second, story.third):
        assert night.exit_code == 0, night.said


def test_rows_are_accounted_for_file_by_file_on_every_night(story: Story) -> None:
    for night in (story.first, story.second, story.third):
        for row in night.tables["audit.load_file"]:
            accounted = row["rows_current"] + row["rows_superseded"] + row["rows_quarantined"]
            assert row["rows_read"] == accounted, row["path"]


# ── Before the cluster ────────────────────────────────────────────────────────────────────────


def test_a_file_whose_every_row_is_held_is_loaded_and_not_rejected(story: Story) -> None:
    assert fates(story.first, MEMBERS) == (3, 0, 0, 3)
    assert fates(story.first, OUTCOMES) == (5, 0, 0, 5)
    assert fates(story.first, ACTIVITIES) == (2, 0, 0, 2)


def test_members_before_their_cluster_are_held(story: Story) -> None:
    assert held(story.first, MEMBERS) == {(row, "unknown_cluster") for row in (2, 3, 4)}
    assert story.first.tables["marts.fct_membership"] == []


def test_activities_before_their_cluster_are_held(story: Story) -> None:
    rows = held(story.first, ACTIVITIES)
    assert {(2, "unknown_cluster"), (3, "unknown_cluster")} <= rows
    assert story.first.tables["marts.fct_activity"] == []


def test_outcomes_before_their_cluster_are_held(story: Story) -> None:
    rows = held(story.first, OUTCOMES)
    assert {(row, "unknown_cluster") for row in range(2, 7)} <= rows
    assert story.first.tables["marts.fct_financial_outcome"] == []


def test_held_rows_are_not_called_bad(story: Story) -> None:
    rows = story.first.tables["audit.quarantined_row"]
    assert rows
    assert all(row["held"] for row in rows)


def test_targets_stand_without_any_actuals(story: Story) -> None:
    found = {
        row["measure"]: (row["target_baht"], row["actual_baht"], row["clusters_reporting"])
        for row in story.first.where("reports.rpt_programme_progress", fiscal_year_be=2558)
    }
    assert found == {
        "economic_expansion": (530_000_000, 0, 0),
        "cost_reduction": (65_000_000, 0, 0),
    }


# ── The cluster comes ─────────────────────────────────────────────────────────────────────────


def test_members_are_released_by_themselves_when_their_cluster_comes(story: Story) -> None:
    assert fates(story.second, MEMBERS) == (3, 3, 0, 0)
    assert story.second.quarantined(MEMBERS) == set()
    assert len(story.second.where("marts.fct_membership", is_current=True)) == 3


def test_nothing_is_received_again_for_a_release(story: Story) -> None:
    for path in (MEMBERS, OUTCOMES, ACTIVITIES):
        (one,) = story.first.where("audit.load_file", path=path)
        (other,) = story.second.where("audit.load_file", path=path)
        assert one["file_id"] == other["file_id"]
        assert one["received_at"] == other["received_at"]


def test_outcomes_of_registered_enterprises_are_released(story: Story) -> None:
    assert story.second.amounts() == {(FIRM, 1, SALES): 1_000, (OTHER, 1, SALES): 200}
    assert actual(story.second) == 1_200


def test_outcomes_of_enterprises_not_registered_in_that_cluster_stay_held(story: Story) -> None:
    assert held(story.second, OUTCOMES) == {
        (LATE_ROW, "unregistered_enterprise"),
        (PERSONS_ROW, "unregistered_enterprise"),
        (ELSEWHERE_ROW, "unregistered_enterprise"),
    }
    assert fates(story.second, OUTCOMES) == (5, 2, 0, 3)


def test_a_held_row_names_the_enterprise_it_waits_for(story: Story) -> None:
    (row,) = story.second.where("audit.quarantined_row", path=OUTCOMES, row_number=LATE_ROW)
    assert (row["column_name"], row["raw_value"]) == ("juristic_id", LATE)


def test_a_held_row_does_not_name_a_natural_person(story: Story) -> None:
    rows = story.second.where("audit.quarantined_row", path=OUTCOMES, row_number=PERSONS_ROW)
    rows += story.second.where("audit.quarantined_row", path=ACTIVITIES)
    assert len(rows) == 3
    assert all(PERSON not in str(row) for row in rows)


def test_an_activity_loads_though_a_participant_is_unknown(story: Story) -> None:
    assert fates(story.second, ACTIVITIES) == (2, 2, 0, 0)
    found = {row["activity_id"] for row in story.second.tables["marts.fct_activity"]}
    assert found == {"ACT-1", "ACT-2"}


def test_an_unknown_participant_is_itself_listed_as_held(story: Story) -> None:
    rows = story.second.where("audit.quarantined_row", path=ACTIVITIES)
    assert [
        (row["row_number"], row["column_name"], row["reason"], row["held"]) for row in rows
    ] == [(2, "participant_ids", "unregistered_enterprise", True)] * 2
    assert LATE in {row["raw_value"] for row in rows}


def test_a_known_participant_takes_part(story: Story) -> None:
    assert participants(story.second) == [FIRM]


def participants(night: Night) -> list[str | None]:
    names = {
        row["enterprise_key"]: row["juristic_id"] for row in night.tables["marts.dim_enterprise"]
    }
    rows = night.where("marts.fct_activity_participation", activity_id="ACT-1")
    return sorted((names[row["enterprise_key"]] for row in rows), key=str)


# ── A late registration, and one taken back ───────────────────────────────────────────────────


def test_outcomes_are_released_by_a_late_registration(story: Story) -> None:
    amounts = story.third.amounts()
    assert amounts[LATE, 1, SALES] == 30
    assert amounts[None, 1, SALES] == 4


def test_participants_are_released_by_a_late_registration(story: Story) -> None:
    assert participants(story.third) == sorted([LATE, None], key=str)


def test_outcomes_are_held_again_when_a_correction_takes_the_registration_back(
    story: Story,
) -> None:
    assert (FIRM, 1, SALES) not in story.third.amounts()
    assert held(story.third, OUTCOMES) == {
        (FIRMS_ROW, "unregistered_enterprise"),
        (ELSEWHERE_ROW, "unregistered_enterprise"),
    }
    assert fates(story.third, OUTCOMES) == (5, 3, 0, 2)
    assert actual(story.third) == 234


def test_a_participant_is_held_again_when_its_registration_is_taken_back(story: Story) -> None:
    rows = story.third.where("audit.quarantined_row", path=ACTIVITIES)
    assert [(row["row_number"], row["raw_value"]) for row in rows] == [(2, FIRM)]


def test_a_registration_in_another_cluster_releases_nothing(story: Story) -> None:
    for night in (story.second, story.third):
        assert (ELSEWHERE, 1, SALES) not in night.amounts()
        assert (ELSEWHERE_ROW, "unregistered_enterprise") in held(night, OUTCOMES)
