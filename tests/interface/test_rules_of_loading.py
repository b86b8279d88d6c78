"""Section 2 of the interface page, bullet by bullet: the rules of loading.

Over the nights of `tests.interface.story`: what each left behind for analysts and operators.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.interface import page
from tests.interface import story as told
from tests.interface.landing import Seen
from tests.interface.story import ACTIVITIES, MEMBERS, OUTCOMES, Story

if TYPE_CHECKING:
    from tests.integration.conftest import Night, Record

pytestmark = pytest.mark.night

SALES = "sales_increase"
A = f"{OUTCOMES}/a.csv"
PUBLISHED = ("empty", "first", "second", "third")


def amount(story: Story, night: str, enterprise: str, cluster: str = "C01") -> Decimal | None:
    """An enterprise's first outcome of sales; None where it is not published."""
    (key,) = [
        row["enterprise_key"]
        for row in story.night(night).where("marts.dim_enterprise", juristic_id=enterprise)
    ] or [None]
    found = story.night(night).where(
        "marts.fct_financial_outcome",
        enterprise_key=key, cluster_code=cluster, fiscal_quarter=1, measure=SALES,
    )  # fmt: skip
    return found[0]["amount"] if found else None


def rows(night: Night, path: str, status: str = "loaded") -> tuple[int, int, int, int]:
    """Rows read, current, superseded and quarantined of a version."""
    (file,) = night.where("audit.load_file", path=path, status=status)
    return (
        file["rows_read"], file["rows_current"], file["rows_superseded"], file["rows_quarantined"],
    )  # fmt: skip


def held(night: Night, path: str) -> set[tuple[int, str, str]]:
    """(row number, column, reason) of what waits in a file."""
    return {
        (row, column, reason) for row, column, reason, waits in night.quarantined(path) if waits
    }


# ── The same bytes ────────────────────────────────────────────────────────────────────────────


def test_a_file_is_known_by_the_sha_256_of_its_bytes(story: Story) -> None:
    import hashlib

    content = (story.home.landing / told.COPY).read_bytes()
    (file,) = story.night("first").where("audit.load_file", path=A)
    assert file["file_id"] == hashlib.sha256(content).hexdigest()


def test_the_same_bytes_again_under_any_name_load_nothing_twice_duplicate(story: Story) -> None:
    night = story.night("first")
    assert night.files(told.COPY) == [("duplicate", None)]
    assert rows(night, told.COPY, "duplicate")[1:] == (0, 0, 0)
    assert [amount(story, "first", one) for one in (told.ONE, told.TWO)] == [100, 200]


def test_the_same_bytes_in_another_datasets_folder_are_no_duplicate_but_judged_there(
    story: Story,
) -> None:
    assert story.night("first").files(told.COPY_ELSEWHERE) == [("rejected", "missing_column")]
    assert story.night("first").files(A) == [("loaded", None)]


def test_the_same_bytes_of_a_superseded_version_under_a_new_name_load_nothing(
    story: Story,
) -> None:
    assert story.night("second").files(told.OLD_BYTES) == [("duplicate", None)]
    assert amount(story, "second", told.THREE) is None


# ── The same path ─────────────────────────────────────────────────────────────────────────────


def test_the_same_path_with_new_bytes_is_a_correction_it_replaces_every_row_superseded(
    story: Story,
) -> None:
    assert story.night("second").files(A) == [("superseded", None), ("loaded", None)]
    assert amount(story, "second", told.ONE) == 110
    assert rows(story.night("second"), A, "superseded") == (3, 0, 3, 0)


def test_a_correction_replaces_rows_also_with_an_earlier_submitted_on(story: Story) -> None:
    assert amount(story, "second", told.TWO) == 220


def test_a_correction_replaces_also_those_it_no_longer_has(story: Story) -> None:
    assert amount(story, "first", told.THREE) == 300
    assert amount(story, "second", told.THREE) is None


# ── The same key ──────────────────────────────────────────────────────────────────────────────


def test_across_files_one_keys_latest_submitted_on_wins_though_it_was_received_earlier(
    story: Story,
) -> None:
    assert amount(story, "first", told.FOUR) == 400


def test_across_files_then_the_latest_received_wins(story: Story) -> None:
    assert amount(story, "first", told.FIVE) == 500


def test_across_files_the_earlier_ones_stay_as_history(story: Story) -> None:
    night = story.night("first")
    assert rows(night, f"{OUTCOMES}/ส่งก่อน.csv") == (1, 0, 1, 0)
    assert rows(night, f"{OUTCOMES}/เสมอ 1.csv") == (1, 0, 1, 0)
    history = night.where("audit.superseded_row", path=f"{OUTCOMES}/ส่งก่อน.csv")
    assert [(row["row_number"], row["by_path"]) for row in history] == [
        (2, f"{OUTCOMES}/ส่งทีหลัง.csv")
    ]


def test_the_same_key_twice_inside_one_file_the_later_row_wins_the_earlier_is_duplicate_in_file(
    story: Story,
) -> None:
    night = story.night("first")
    assert amount(story, "first", told.SIX) == 600
    assert amount(story, "first", told.SEVEN) == 700
    assert {
        (row, reason, waits) for row, _, reason, waits in night.quarantined(f"{OUTCOMES}/ซ้ำ.csv")
    } == {(2, "duplicate_in_file", False)}
    assert rows(night, f"{OUTCOMES}/ซ้ำ.csv") == (3, 2, 0, 1)


# ── Gone, withdrawn ───────────────────────────────────────────────────────────────────────────


def test_a_file_gone_from_the_landing_zone_changes_nothing(story: Story) -> None:
    path = f"{OUTCOMES}/หายไป.csv"
    assert not (story.home.landing / path).exists()
    assert story.night("second").files(path) == [("loaded", None)]
    assert amount(story, "second", told.TEN) == 1_000


@pytest.mark.parametrize(
    ("path", "enterprise", "amount_before"),
    [(told.TAKEN_OUT, told.ELEVEN, 1_100), (told.TAKEN_OUT_BY_ID, told.TWELVE, 1_200)],
)
def test_withdraw_takes_a_files_rows_out_on_purpose(
    story: Story, path: str, enterprise: str, amount_before: int
) -> None:
    assert amount(story, "second", enterprise) == amount_before
    assert amount(story, "third", enterprise) is None
    assert story.night("third").files(path) == [("withdrawn", None)]
    assert rows(story.night("third"), path, "withdrawn") == (1, 0, 1, 0)


def test_withdrawing_the_path_of_a_correction_brings_no_earlier_version_back(story: Story) -> None:
    assert amount(story, "second", told.THIRTEEN) == 1_300
    assert amount(story, "third", told.THIRTEEN) is None
    assert [status for status, _ in story.night("third").files(told.TAKEN_OUT_WHOLE)] == [
        "withdrawn", "withdrawn",
    ]  # fmt: skip


def test_withdraw_can_be_undone(story: Story) -> None:
    found = dict(
        story.rebuilt_rows(
            "undone",
            "select path, status from audit.load_file where path like '%/ถอน/%' "
            "and rows_current > 0",
        )
    )
    assert found == {told.TAKEN_OUT: "loaded", told.TAKEN_OUT_BY_ID: "loaded"}


# ── Bad rows, bad files ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reason", told.BAD)
def test_a_bad_row_is_quarantined_with_its_reason_code_and_its_original_text(
    story: Story, reason: str
) -> None:
    _, column, text = told.BAD[reason]
    place = story.reason_places[reason]
    found = [
        row
        for row in story.night("first").where("audit.quarantined_row", path=place.path)
        if row["row_number"] == place.row_number
    ]
    assert [(row["column_name"], row["reason"], row["held"]) for row in found] == [
        (column, reason, False)
    ]
    assert found[0]["raw_value"] == (text or None)


@pytest.mark.parametrize("reason", told.BAD)
def test_the_rest_of_a_file_with_a_bad_row_loads(story: Story, reason: str) -> None:
    seen = Seen(story.night("first"))
    place = story.reason_places[reason]
    assert seen.file(place.path)["status"] == "loaded"
    assert not seen.is_published(place)
    assert seen.is_published(told.Place(place.path, place.row_number + 1))


def test_every_reason_code_of_rows_is_seen(story: Story) -> None:
    found = {row["reason"] for row in story.night("first").tables["audit.quarantined_row"]}
    assert found == {*page.ROW_REASONS, "too_many_bad_rows"}


def _unusable() -> list[tuple[str, str]]:
    names = {
        "unreadable": ("รายงาน.xlsx", "รายงาน.csv.gz", "ภาพ.csv", "สมุด.xlsx", "ตัวอักษร.csv"),
        "missing_column": ("ขาดจำนวน.csv", "ไม่มีหัวตาราง.csv"),
        "empty": ("ว่าง.csv", "หัวตาราง.csv", "ยอดรวม.csv", "สมุด.xlsx", "บรรทัดว่าง.csv"),
        "too_many_bad_rows": ("ผิดหมด.csv",),
    }
    assert set(names) == set(page.FILE_REASONS)
    return [(reason, f"{OUTCOMES}/{reason}/{name}") for reason in names for name in names[reason]]


@pytest.mark.parametrize(("reason", "path"), _unusable())
def test_a_file_that_cannot_be_read_lacks_a_required_column_or_has_no_data_row_is_rejected_whole(
    story: Story, reason: str, path: str
) -> None:
    night = story.night("first")
    assert night.files(path) == [("rejected", reason)]
    assert rows(night, path, "rejected")[1:3] == (0, 0)
    told_of = {one["path"]: one["reason"] for one in night.report["rejected"]}
    assert told_of[path] == reason


def test_a_file_with_more_than_half_of_its_rows_bad_is_rejected_whole_nothing_of_it_loads(
    story: Story,
) -> None:
    night = story.night("first")
    assert night.files(told.MORE_THAN_HALF) == [("rejected", "too_many_bad_rows")]
    assert rows(night, told.MORE_THAN_HALF, "rejected") == (3, 0, 0, 3)


def test_a_file_with_half_of_its_rows_bad_is_not_rejected(story: Story) -> None:
    assert rows(story.night("first"), told.HALF) == (2, 1, 0, 1)


def test_held_rows_are_not_bad(story: Story) -> None:
    assert rows(story.night("first"), told.HELD) == (3, 0, 0, 3)
    assert rows(story.night("first"), told.MOSTLY_HELD) == (2, 0, 0, 2)


@pytest.mark.parametrize(
    ("name", "reason", "enterprise", "stays"),
    [
        ("ขาดช่อง.csv", "missing_column", told.EIGHT, 800),
        ("ผิดเกินครึ่ง.csv", "too_many_bad_rows", told.NINE, 900),
    ],
)
def test_a_rejected_correction_the_earlier_version_stays(
    story: Story, name: str, reason: str, enterprise: str, stays: int
) -> None:
    path = f"{OUTCOMES}/{name}"
    assert story.night("second").files(path) == [("loaded", None), ("rejected", reason)]
    assert amount(story, "second", enterprise) == stays


def test_every_other_file_still_loads(story: Story) -> None:
    statuses = [row["status"] for row in story.night("first").tables["audit.load_file"]]
    assert statuses.count("rejected") == len(_unusable()) + 2
    assert statuses.count("loaded") > 20


# ── Held and released ─────────────────────────────────────────────────────────────────────────


def test_a_row_of_an_unknown_cluster_is_held(story: Story) -> None:
    night = story.night("first")
    assert held(night, told.HELD_MEMBERS) == {(2, "cluster_code", "unknown_cluster")}
    assert (2, "cluster_code", "unknown_cluster") in held(night, told.HELD)
    assert (3, "cluster_code", "unknown_cluster") in held(night, told.HELD_ACTIVITIES)
    assert amount(story, "first", told.EARLY, "C03") is None


def test_an_outcome_of_an_enterprise_not_registered_in_that_cluster_is_held(story: Story) -> None:
    assert held(story.night("first"), told.HELD) >= {
        (3, "juristic_id", "unregistered_enterprise"),
        (4, "juristic_id", "unregistered_enterprise"),
    }
    assert amount(story, "first", told.ONE) == 100
    assert amount(story, "first", told.ONE, "C02") is None


def test_an_activity_needs_its_cluster(story: Story) -> None:
    found = [row["activity_id"] for row in story.night("first").tables["marts.fct_activity"]]
    assert "ACT-1" in found
    assert "ACT-2" not in found


def test_held_rows_are_released_by_themselves_on_the_night_the_other_arrives(story: Story) -> None:
    night = story.night("second")
    assert rows(night, told.HELD_MEMBERS) == (1, 1, 0, 0)
    assert rows(night, told.HELD_ACTIVITIES) == (2, 2, 0, 0)
    assert rows(night, told.HELD) == (3, 2, 0, 1)
    assert rows(night, told.MOSTLY_HELD) == (2, 1, 0, 1)
    assert amount(story, "second", told.EARLY, "C03") == 30
    assert amount(story, "second", told.ONE, "C02") == 20


def test_what_still_waits_is_still_held(story: Story) -> None:
    assert held(story.night("second"), told.HELD) == {(4, "juristic_id", "unregistered_enterprise")}


def test_an_unknown_participant_id_keeps_the_activity_and_is_itself_listed_as_held(
    story: Story,
) -> None:
    night = story.night("first")
    found = night.where("audit.quarantined_row", path=told.HELD_ACTIVITIES, row_number=2)
    assert [(row["column_name"], row["reason"], row["held"]) for row in found] == [
        ("participant_ids", "unregistered_enterprise", True)
    ] * 2
    assert told.STRANGER in {row["raw_value"] for row in found}
    assert told.STRANGE_PERSON not in str(found)
    taking_part = night.where("marts.fct_activity_participation", activity_id="ACT-1")
    (two,) = night.where("marts.dim_enterprise", juristic_id=told.TWO)
    assert [row["enterprise_key"] for row in taking_part] == [two["enterprise_key"]]


def test_a_natural_person_reports_and_takes_part_without_an_id(story: Story) -> None:
    night = story.night("second")
    taking_part = night.where("marts.fct_activity_participation", activity_id="ACT-2")
    (person,) = night.where("marts.dim_enterprise", legal_form="sole_proprietor")
    assert person["juristic_id"] is None
    assert person["enterprise_key"] in {row["enterprise_key"] for row in taking_part}
    reported = night.where("marts.fct_financial_outcome", enterprise_key=person["enterprise_key"])
    assert [row["amount"] for row in reported] == [5]


def test_a_member_in_two_clusters_is_one_enterprise_with_an_outcome_in_each(story: Story) -> None:
    night = story.night("first")
    (two,) = night.where("marts.dim_enterprise", juristic_id=told.TWO)
    memberships = night.where("marts.fct_membership", enterprise_key=two["enterprise_key"])
    assert {(row["cluster_code"], row["role"]) for row in memberships} == {
        ("C01", "member"), ("C02", "lead"),
    }  # fmt: skip
    assert amount(story, "first", told.TWO) == 200
    assert amount(story, "first", told.TWO, "C02") == 2_000


# ── Reconciliation ────────────────────────────────────────────────────────────────────────────


def _files(night: Night) -> list[Record]:
    return night.tables["audit.load_file"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_night_per_file_and_dataset_in_rows_read_is_current_superseded_and_quarantined(
    story: Story, name: str
) -> None:
    for file in _files(story.night(name)):
        fates = file["rows_current"] + file["rows_superseded"] + file["rows_quarantined"]
        assert file["rows_read"] == fates, file["path"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_night_per_file_and_dataset_in_baht_read_is_current_superseded_and_quarantined(
    story: Story, name: str
) -> None:
    for file in _files(story.night(name)):
        fates = sum(
            file[f"control_total_{fate}"] for fate in ("current", "superseded", "quarantined")
        )
        assert file["control_total_read"] == fates, file["path"]


@pytest.mark.parametrize(
    ("night", "path", "status", "read", "current", "superseded", "quarantined"),
    [
        ("first", A, "loaded", 600, 600, 0, 0),
        ("second", A, "superseded", 600, 0, 600, 0),
        ("second", A, "loaded", 330, 330, 0, 0),
        ("first", told.HALF, "loaded", 77, 7, 0, 70),
        ("first", told.MORE_THAN_HALF, "rejected", 888, 0, 0, 888),
        ("first", told.HELD, "loaded", 60, 0, 0, 60),
        ("second", told.HELD, "loaded", 60, 50, 0, 10),
        ("first", f"{OUTCOMES}/ซ้ำ.csv", "loaded", 1_301, 1_300, 0, 1),
        ("third", told.TAKEN_OUT, "withdrawn", 1_100, 0, 1_100, 0),
        ("first", f"{OUTCOMES}/ส่งก่อน.csv", "loaded", 999, 0, 999, 0),
    ],
)
def test_baht_of_a_file_are_those_that_were_typed(
    story: Story, night: str, path: str, status: str,
    read: int, current: int, superseded: int, quarantined: int,
) -> None:  # fmt: skip
    (file,) = story.night(night).where("audit.load_file", path=path, status=status)
    assert [
        file[f"control_total_{fate}"] for fate in ("read", "current", "superseded", "quarantined")
    ] == [read, current, superseded, quarantined]


@pytest.mark.parametrize("name", PUBLISHED)
def test_rows_current_are_the_rows_that_analysts_see(story: Story, name: str) -> None:
    night = story.night(name)
    current = {
        page.DATASETS[0]: night.tables["marts.dim_cluster"],
        MEMBERS: night.where("marts.fct_membership", is_current=True),
        ACTIVITIES: night.tables["marts.fct_activity"],
        OUTCOMES: night.tables["marts.fct_financial_outcome"],
    }
    for dataset, published in current.items():
        counted = sum(file["rows_current"] for file in _files(night) if file["dataset"] == dataset)
        assert counted == len(published), dataset


def test_held_rows_count_as_quarantined_while_held(story: Story) -> None:
    assert rows(story.night("first"), told.HELD_MEMBERS) == (1, 0, 0, 1)
    assert rows(story.night("second"), told.HELD_MEMBERS) == (1, 1, 0, 0)


def test_every_accepted_row_of_a_superseded_or_withdrawn_version_counts_as_superseded(
    story: Story,
) -> None:
    for name in PUBLISHED:
        for file in _files(story.night(name)):
            if file["status"] in ("superseded", "withdrawn"):
                assert file["rows_current"] == 0
                assert file["rows_superseded"] == file["rows_read"] - file["rows_quarantined"]


def test_a_night_that_does_not_reconcile_publishes_nothing(story: Story) -> None:
    failed = story.night("failed")
    assert failed.exit_code == 1
    assert failed.report["published"] is False
    assert "reconcil" in failed.report["reason"]


# ── What analysts see ─────────────────────────────────────────────────────────────────────────


def test_a_failed_night_leaves_last_nights_warehouse_in_place(story: Story) -> None:
    assert story.night("failed").digest == story.night("third").digest


def test_what_analysts_see_changes_all_at_once_or_not_at_all_and_they_are_never_locked_out(
    story: Story,
) -> None:
    def state(name: str) -> list[Any]:
        night = story.night(name)
        outcomes = sum(row["amount"] for row in night.tables["marts.fct_financial_outcome"])
        return [
            str(outcomes),
            len(night.tables["marts.fct_activity"]),
            len(night.tables["marts.dim_cluster"]),
            sum(file["rows_current"] for file in _files(night)),
            len(night.tables["audit.published_run"]),
        ]

    before, after = state("first"), state("second")
    assert before != after
    answers = [answer for (answer,) in story.watched]
    assert len(answers) > 20
    changed = answers.index(after) if after in answers else len(answers)
    assert answers[:changed] == [before] * changed
    assert answers[changed:] == [after] * (len(answers) - changed)


def test_an_empty_landing_zone_publishes_the_targets_and_no_row(story: Story) -> None:
    night = story.night("empty")
    assert night.exit_code == 0, night.said
    assert _files(night) == []
    progress = night.where("reports.rpt_programme_progress", fiscal_year_be=2558)
    assert {
        (row["measure"], int(row["target_baht"]), int(row["actual_baht"])) for row in progress
    } == {
        ("economic_expansion", 530_000_000, 0),
        ("cost_reduction", 65_000_000, 0),
    }


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_night_of_this_story_publishes(story: Story, name: str) -> None:
    assert story.night(name).exit_code == 0, story.night(name).said


def test_nobody_of_this_story_is_named_in_anything_that_is_published(story: Story) -> None:
    content = story.home.published.read_bytes()
    for text in (told.PERSON, told.STRANGE_PERSON, "ห้ามเห็น", "member@example.com"):
        assert text.encode() not in content
