"""Three nights of corrections: the same path again, the same bytes again, the same key again.

First night: what everybody sent first. Second: corrections, copies and a tie, while an analyst
has the warehouse open. Third: files vanish and move, and a correction is taken back in part.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from sources.sampling.world import juristic_id

if TYPE_CHECKING:
    from tests.integration.conftest import Home, Night, Record

pytestmark = pytest.mark.night

ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT = (juristic_id(n) for n in range(101, 109))
SALES = "sales_increase"
FOLDER = "financial_outcomes"

#: An analyst's session: answers every line of SQL by a line of JSON, in one connection.
READER = """
import json, sys
import duckdb
with duckdb.connect(sys.argv[1], read_only=True) as db:
    print(json.dumps("open"), flush=True)
    for line in sys.stdin:
        print(json.dumps(db.execute(line).fetchall(), default=str), flush=True)
"""
FIGURE = (
    "select actual_baht from reports.rpt_programme_progress where measure = 'economic_expansion'"
)
#: Asked only once the new warehouse is there: pages that the session has not read before.
UNREAD = "select path, status, rows_current, rows_superseded from audit.load_file order by all"


@dataclass
class Reader:
    """The session, in a process of its own."""

    process: subprocess.Popen[str]

    def ask(self, sql: str) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(sql + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextlib.contextmanager
def reading(home: Home) -> Iterator[Reader]:
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(home.published)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == "open"
        yield Reader(process)


@dataclass(frozen=True)
class Story:
    """The three nights, and what the analyst saw in one session over the second and third."""

    home: Home
    first: Night
    second: Night
    third: Night
    before: Any
    during: list[Any]
    unread: Any


@pytest.fixture(scope="module")
def story(
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Story:
    home = new_home("corrections")
    everybody = (ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN)
    home.csv("cluster_registrations/clusters.csv", [cluster("C01"), cluster("C02")])
    home.csv(
        "member_registrations/members.csv",
        [member("C01", one) for one in everybody] + [member("C02", EIGHT)],
    )
    first_version = home.csv(
        f"{FOLDER}/a.csv",
        [outcome("C01", ONE, 100), outcome("C01", TWO, 200), outcome("C01", THREE, 300)],
    ).read_bytes()
    home.csv(f"{FOLDER}/later.csv", [outcome("C01", FOUR, 400, submitted_on="2015-01-20")])
    home.csv(f"{FOLDER}/earlier.csv", [outcome("C01", FOUR, 999, submitted_on="2015-01-05")])
    home.csv(
        f"{FOLDER}/twice.csv",
        [outcome("C01", FIVE, 1), outcome("C01", SIX, 600), outcome("C01", FIVE, 500)],
    )
    home.csv(f"{FOLDER}/lacking.csv", [outcome("C01", SEVEN, 700)])
    home.csv(f"{FOLDER}/mostly bad.csv", [outcome("C01", SEVEN, 70, measure="cost_reduction")])
    misplaced = [outcome("C02", EIGHT, 800)]
    home.csv("activity_reports/misplaced.csv", misplaced)
    first = home.night()
    with reading(home) as reader:
        before = reader.ask(FIGURE)

        # A row less, one changed, one said to be submitted earlier than the version it corrects.
        home.csv(
            f"{FOLDER}/a.csv",
            [outcome("C01", ONE, 110), outcome("C01", TWO, 220, submitted_on="2015-01-01")],
        )
        home.write(f"{FOLDER}/สำเนาของ a.csv", first_version)
        home.csv(f"{FOLDER}/tie.csv", [outcome("C01", FOUR, 450, submitted_on="2015-01-20")])
        lacking = {k: v for k, v in outcome("C01", SEVEN, 1).items() if k != "amount"}
        home.csv(f"{FOLDER}/lacking.csv", [lacking])
        bad = [outcome("C01", one, "มาก", measure="cost_reduction") for one in (ONE, TWO)]
        good = outcome("C01", SEVEN, 71, measure="cost_reduction")
        home.csv(f"{FOLDER}/mostly bad.csv", [*bad, good])
        home.csv(f"{FOLDER}/placed.csv", misplaced)
        home.csv(
            "member_registrations/roles.csv",
            [member("C01", ONE, role="lead", submitted_on="2015-02-01")],
        )
        second = home.night()
        during = [reader.ask(FIGURE)]

        home.write(f"{FOLDER}/a.csv", first_version)
        (home.landing / FOLDER / "later.csv").unlink()
        (home.landing / FOLDER / "twice.csv").rename(home.landing / FOLDER / "twice moved.csv")
        home.csv(f"{FOLDER}/tie.csv", [outcome("C01", FOUR, 45, quarter="2")])
        home.csv(f"{FOLDER}/lacking.csv", [outcome("C01", SEVEN, 777)])
        third = home.night()
        during.append(reader.ask(FIGURE))
        unread = reader.ask(UNREAD)
    return Story(home, first, second, third, before, during, unread)


def test_every_night_publishes(story: Story) -> None:
    for night in (story.first, story.second, story.third):
        assert night.exit_code == 0, night.said


def test_rows_are_accounted_for_file_by_file_on_every_night(story: Story) -> None:
    for night in (story.first, story.second, story.third):
        for row in night.tables["audit.load_file"]:
            fates = row["rows_current"] + row["rows_superseded"] + row["rows_quarantined"]
            assert row["rows_read"] == fates, row["path"]


# ── The same path with new bytes ──────────────────────────────────────────────────────────────


def test_a_correction_replaces_every_row_of_the_earlier_version(story: Story) -> None:
    assert story.first.amounts()[ONE, 1, SALES] == 100
    assert story.second.amounts()[ONE, 1, SALES] == 110


def test_a_row_that_a_correction_no_longer_has_is_gone(story: Story) -> None:
    assert story.first.amounts()[THREE, 1, SALES] == 300
    assert (THREE, 1, SALES) not in story.second.amounts()


def test_a_correction_counts_also_where_it_says_an_earlier_day_of_submission(
    story: Story,
) -> None:
    assert story.second.amounts()[TWO, 1, SALES] == 220


def test_the_corrected_version_is_superseded_with_all_its_rows(story: Story) -> None:
    assert story.second.files(f"{FOLDER}/a.csv") == [("superseded", None), ("loaded", None)]
    old, new = sorted(
        story.second.where("audit.load_file", path=f"{FOLDER}/a.csv"),
        key=lambda row: row["received_at"],
    )
    assert (old["rows_read"], old["rows_current"], old["rows_superseded"]) == (3, 0, 3)
    assert (new["rows_read"], new["rows_current"], new["rows_superseded"]) == (2, 2, 0)


def test_a_row_taken_out_by_a_correction_gives_way_to_another_files(story: Story) -> None:
    """The key's row of the other file was superseded, and is current again."""
    assert story.second.amounts()[FOUR, 1, SALES] == 450
    assert story.third.amounts()[FOUR, 1, SALES] == 400
    assert story.third.amounts()[FOUR, 2, SALES] == 45


# ── The same bytes again ──────────────────────────────────────────────────────────────────────


def test_the_same_bytes_under_another_name_are_a_duplicate_and_load_nothing(
    story: Story,
) -> None:
    path = f"{FOLDER}/สำเนาของ a.csv"
    assert [status for status, _ in story.second.files(path)] == ["duplicate"]
    (row,) = story.second.where("audit.load_file", path=path)
    (first,) = story.first.where("audit.load_file", path=f"{FOLDER}/a.csv")
    assert row["file_id"] == first["file_id"]
    assert (row["rows_current"], row["rows_superseded"], row["rows_quarantined"]) == (0, 0, 0)
    assert story.second.report["files"]["duplicate"] == 1


def test_an_earlier_versions_bytes_at_their_own_path_again_load_nothing_twice(
    story: Story,
) -> None:
    assert [status for status, _ in story.third.files(f"{FOLDER}/a.csv")] == [
        "superseded", "loaded", "duplicate",
    ]  # fmt: skip
    assert story.third.amounts()[ONE, 1, SALES] == 110
    assert (THREE, 1, SALES) not in story.third.amounts()


def test_a_file_that_goes_back_to_an_earlier_version_is_told(story: Story) -> None:
    told = [note for note in story.third.report["notes"] if "is again as it once came" in note]
    assert [note.split(" is again")[0] for note in told] == [f"{FOLDER}/a.csv"]


def test_a_renamed_file_is_a_duplicate_and_its_rows_stay(story: Story) -> None:
    assert [status for status, _ in story.third.files(f"{FOLDER}/twice moved.csv")] == ["duplicate"]
    assert [status for status, _ in story.third.files(f"{FOLDER}/twice.csv")] == ["loaded"]
    assert story.third.amounts()[FIVE, 1, SALES] == 500


def test_a_file_that_is_gone_from_the_landing_zone_changes_nothing(story: Story) -> None:
    assert story.third.files(f"{FOLDER}/later.csv") == [("loaded", None)]
    (row,) = story.third.where("audit.load_file", path=f"{FOLDER}/later.csv")
    assert row["rows_current"] == 1


def test_bytes_rejected_in_the_wrong_datasets_folder_load_in_the_right_one(story: Story) -> None:
    wrong, right = "activity_reports/misplaced.csv", f"{FOLDER}/placed.csv"
    assert story.first.files(wrong) == [("rejected", "missing_column")]
    assert story.second.files(wrong) == [("rejected", "missing_column")]
    assert story.second.files(right) == [("loaded", None)]
    assert story.second.amounts()[EIGHT, 1, SALES] == 800


# ── The same key again ────────────────────────────────────────────────────────────────────────


def test_across_files_the_latest_submission_of_a_key_counts(story: Story) -> None:
    assert story.first.amounts()[FOUR, 1, SALES] == 400
    (later,) = story.first.where("audit.load_file", path=f"{FOLDER}/later.csv")
    (earlier,) = story.first.where("audit.load_file", path=f"{FOLDER}/earlier.csv")
    assert (later["rows_current"], later["rows_superseded"]) == (1, 0)
    assert (earlier["rows_current"], earlier["rows_superseded"]) == (0, 1)
    assert earlier["status"] == "loaded"


def test_of_two_submissions_of_one_day_the_latest_received_counts(story: Story) -> None:
    assert story.second.amounts()[FOUR, 1, SALES] == 450


def test_a_key_twice_in_a_file_counts_by_its_later_row(story: Story) -> None:
    assert story.first.amounts()[FIVE, 1, SALES] == 500
    assert story.first.amounts()[SIX, 1, SALES] == 600


def test_the_earlier_row_of_a_key_twice_in_a_file_is_quarantined(story: Story) -> None:
    rows = story.first.where("audit.quarantined_row", path=f"{FOLDER}/twice.csv")
    assert [(row["row_number"], row["reason"], row["held"]) for row in rows] == [
        (2, "duplicate_in_file", False)
    ]
    (file,) = story.first.where("audit.load_file", path=f"{FOLDER}/twice.csv")
    assert (file["rows_read"], file["rows_current"], file["rows_quarantined"]) == (3, 2, 1)


def test_a_member_that_sends_a_new_role_has_two_versions_of_the_membership(story: Story) -> None:
    (enterprise,) = story.second.where("marts.dim_enterprise", juristic_id=ONE)
    versions = sorted(
        story.second.where("marts.fct_membership", enterprise_key=enterprise["enterprise_key"]),
        key=lambda row: row["valid_from"],
    )
    assert [(row["role"], row["is_current"]) for row in versions] == [
        ("member", False), ("lead", True),
    ]  # fmt: skip
    assert versions[0]["valid_to"] == versions[1]["valid_from"]
    assert versions[1]["valid_to"] is None
    assert len(story.first.where("marts.fct_membership", is_current=True)) == 8
    assert len(story.second.where("marts.fct_membership", is_current=True)) == 8


# ── A correction that cannot be taken ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "reason", "key", "amount"),
    [
        ("lacking.csv", "missing_column", (SEVEN, 1, SALES), 700),
        ("mostly bad.csv", "too_many_bad_rows", (SEVEN, 1, "cost_reduction"), 70),
    ],
)
def test_a_rejected_correction_leaves_the_earlier_version(
    story: Story, name: str, reason: str, key: tuple[str, int, str], amount: int
) -> None:
    assert story.second.files(f"{FOLDER}/{name}") == [("loaded", None), ("rejected", reason)]
    assert story.second.amounts()[key] == amount


def test_nothing_of_a_file_rejected_for_its_bad_rows_loads(story: Story) -> None:
    rejected = story.second.where(
        "audit.load_file", path=f"{FOLDER}/mostly bad.csv", status="rejected"
    )
    assert [(row["rows_read"], row["rows_current"]) for row in rejected] == [(3, 0)]
    assert [row["rows_quarantined"] for row in rejected] == [3]


def test_a_good_correction_after_a_rejected_one_counts(story: Story) -> None:
    assert story.third.files(f"{FOLDER}/lacking.csv") == [
        ("superseded", None), ("rejected", "missing_column"), ("loaded", None),
    ]  # fmt: skip
    assert story.third.amounts()[SEVEN, 1, SALES] == 777


# ── Who reads meanwhile ───────────────────────────────────────────────────────────────────────


def test_a_session_open_over_two_nights_keeps_seeing_what_it_opened(story: Story) -> None:
    assert [float(actual) for (actual,) in story.before] == [2_800]
    assert story.during == [story.before, story.before]


def test_a_session_open_over_two_nights_reads_on_from_the_file_it_opened(story: Story) -> None:
    wanted = sorted(
        [row["path"], row["status"], row["rows_current"], row["rows_superseded"]]
        for row in story.first.tables["audit.load_file"]
    )
    assert story.unread == wanted


def test_a_new_session_sees_the_new_figures(story: Story) -> None:
    # The 70 baht are of cost reduction; the figure is of economic expansion.
    assert story.home.rows(FIGURE) == [(sum(story.third.amounts().values()) - 70,)]
    assert story.home.rows(FIGURE) == [(110 + 220 + 400 + 45 + 500 + 600 + 777 + 800,)]
