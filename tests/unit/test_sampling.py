"""The sample and the bench landing zone: the same for a seed, valid where they should be, complete.

What a warehouse makes of the sample is proved by whole nights; here the generator itself is.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import yaml
from stdnum.th import moa, pin

from sources.sampling import (
    COORDINATORS,
    expected,
    sample_world,
    write_bench,
    write_bench_increment,
    write_sample,
)
from sources.sampling.bench import bench_world
from sources.sampling.forms import (
    DATE_FORMS,
    FORMS,
    MONEY_FORMS,
    PLACE_FORMS,
    Column,
    Habit,
    Hand,
    random_of,
)
from sources.sampling.world import (
    COST_REDUCTION_TARGET,
    EXPANSION_TARGET,
    MEASURES,
    World,
    community_code,
    juristic_id,
    natural_id,
    quarter_end,
    quarter_start,
)
from sources.sampling.writers import (
    Expectation,
    Problem,
    Row,
    Sheet,
    Submission,
    Tally,
    samples,
    submissions,
    to_bytes,
)

SOURCES = Path(__file__).parents[2] / "sources"
ROW_REASONS = {
    "missing_required",
    "bad_date",
    "bad_number",
    "bad_id",
    "bad_code",
    "bad_province",
    "out_of_range",
    "end_before_start",
    "duplicate_in_file",
    "unknown_cluster",
    "unregistered_enterprise",
}
FILE_REASONS = {"unreadable", "missing_column", "empty", "too_many_bad_rows"}
MONEY = Column("amount", "จำนวน", "money")
DAY = Column("submitted_on", "วันที่ส่งข้อมูล", "date")
SMALL_BENCH = {"members": 200, "activities": 120, "outcomes": 3_000}


def digests(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def world() -> World:
    return sample_world()


@pytest.fixture(scope="module")
def answer(world: World) -> Expectation:
    return expected(world)


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("landing")
    write_sample(root)
    return root


# --- the same bytes for the same seed --------------------------------------------------------


def test_the_same_seed_writes_the_same_bytes(landing: Path, tmp_path: Path) -> None:
    write_sample(tmp_path)
    assert digests(tmp_path) == digests(landing)


def test_another_seed_writes_another_programme(landing: Path, tmp_path: Path) -> None:
    write_sample(tmp_path, scale=0.2, seed=1)
    write_sample(tmp_path / "again", scale=0.2, seed=2)
    ours, theirs = digests(tmp_path), digests(tmp_path / "again")
    common = {path for path in ours if path in theirs and "แบบฟอร์มเปล่า" not in path}
    changed = {path for path in common if ours[path] != theirs[path]}
    # The file that is no table holds nothing of the programme.
    assert {Path(path).name for path in common - changed} <= {"ไฟล์เสีย.xlsx"}


def test_a_file_does_not_depend_on_the_files_before_it(landing: Path) -> None:
    for submission in reversed(list(submissions(sample_world()))):
        if not submission.copy_of:
            content = to_bytes(submission, seed=2558)
            assert content == (landing / submission.path).read_bytes(), submission.path


# --- the shape of the sample -----------------------------------------------------------------


def test_the_sample_is_quick_to_load(landing: Path, answer: Expectation) -> None:
    assert 40 <= len(digests(landing)) <= 60
    assert set(digests(landing)) == set(answer.files)
    assert sum(rows["read"] for rows in answer.rows.values()) < 4_000


def test_the_clusters_are_the_programmes_own_in_the_releases_order(world: World) -> None:
    (roster,) = SOURCES.glob("*/clusters.csv")
    with roster.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["provenance"] for row in rows)
    assert [c.code for c in world.clusters] == [f"C{n:02d}" for n in range(1, 18)]
    assert [c.name_th for c in world.clusters] == [row["name_th"] for row in rows]


def test_every_cluster_has_one_coordinator(world: World) -> None:
    sent = [cluster for coordinator in COORDINATORS for cluster in coordinator.clusters]
    assert sorted(sent) == list(range(len(world.clusters)))


def test_each_cluster_has_its_dozen_or_two_members(world: World) -> None:
    sizes = [len(world.members_of(cluster.position)) for cluster in world.clusters]
    assert all(12 <= size <= 25 for size in sizes), sizes
    assert sum(sizes) == len(world.memberships) == 310


def test_some_enterprises_are_in_two_clusters_and_none_twice_in_one(world: World) -> None:
    pairs = Counter((m.cluster.code, m.enterprise.id) for m in world.memberships)
    clusters = Counter(m.enterprise.id for m in world.memberships)
    assert max(pairs.values()) == 1
    assert max(clusters.values()) >= 2


def test_members_are_of_every_kind_and_say_that_they_are_invented(world: World) -> None:
    kinds = Counter(m.enterprise.legal_form for m in world.memberships)
    assert 0.04 < kinds["sole_proprietor"] / len(world.memberships) < 0.13
    assert kinds["community_enterprise"] and kinds["partnership"] and kinds["cooperative"]
    assert any(m.withdrawn_on for m in world.memberships)
    for member in world.memberships:
        assert re.search("ตัวอย่าง|สมมติ", member.enterprise.name)
        assert member.enterprise.contact_email.endswith("@example.com")
        assert member.enterprise.contact_phone.startswith("000-")


def test_a_quiet_cluster_reports_nothing_in_its_quarter(world: World) -> None:
    assert world.quiet
    for cluster, quarter in world.quiet:
        assert not list(world.outcomes(cluster, quarter))
        within = (quarter_start(2558, quarter), quarter_end(2558, quarter))
        for activity in world.activities:
            if activity.cluster.position == cluster:
                assert not within[0] <= activity.start_date <= within[1]


def test_outcomes_are_sent_after_their_quarter_and_some_of_them_late(world: World) -> None:
    days = [
        (o.submitted_on - quarter_end(o.fiscal_year, o.quarter)).days
        for cluster in world.clusters
        for quarter in (1, 2, 3, 4)
        for o in world.outcomes(cluster.position, quarter)
    ]
    assert len(days) == 3_000
    assert min(days) > 0
    assert 0 < sum(day > 15 for day in days) < len(days) / 2


def test_the_thai_fiscal_year_starts_in_october() -> None:
    assert quarter_start(2558, 1) == date(2014, 10, 1)
    assert quarter_end(2558, 1) == date(2014, 12, 31)
    assert quarter_end(2558, 4) == date(2015, 9, 30)


# --- ids -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 27, 28, 999, 20_000, 1_600_000])
def test_ids_are_valid_by_their_check_digit_and_of_no_province(number: int) -> None:
    assert moa.is_valid(juristic_id(number))
    assert pin.is_valid(natural_id(number))
    assert juristic_id(number)[0] == "0"
    assert natural_id(number)[0] in "12345678"
    assert juristic_id(number)[1:3] == natural_id(number)[1:3] == "98"
    assert re.fullmatch(r"\d-98-\d\d-\d\d/\d-\d{4}", community_code(number))


def test_ids_are_all_different() -> None:
    for make in (juristic_id, natural_id, community_code):
        assert len({make(number) for number in range(100_000)}) == 100_000


def test_a_wrong_digit_is_one_that_the_check_finds(world: World) -> None:
    typed = [
        row.typed[problem.column]
        for submission in submissions(world)
        for sheet in submission.sheets
        for row in sheet.rows
        for problem in row.problems
        if problem.reason == "bad_id"
    ]
    assert len(typed) >= 2
    assert not any(moa.is_valid(text) or pin.is_valid(text) for text in typed)


# --- mistakes --------------------------------------------------------------------------------


@pytest.mark.parametrize(("scale", "seed"), [(1.0, 2558), (0.1, 2558), (0.3, 1), (2.0, 7)])
def test_every_reason_is_there_at_every_scale(scale: float, seed: int) -> None:
    answer = expected(sample_world(scale, seed))
    assert {reason for _, reason in answer.quarantined} >= ROW_REASONS
    assert {reason for _, reason in answer.files.values() if reason} == FILE_REASONS
    assert Counter(fate for fate, _ in answer.files.values())["duplicate"] == 1


def test_an_unknown_participant_is_held_and_the_activity_stays(answer: Expectation) -> None:
    (found,) = [p for p in answer.problems if p.column == "participant_ids"]
    assert found.reason == "unregistered_enterprise"
    assert found.held


def test_the_copy_has_the_bytes_of_the_file_before_it(landing: Path, answer: Expectation) -> None:
    (copy,) = [path for path, (fate, _) in answer.files.items() if fate == "duplicate"]
    same = [path for path, digest in digests(landing).items() if digest == digests(landing)[copy]]
    assert sorted(same)[-1] == copy
    assert len(same) == 2


def test_the_broken_workbook_cannot_be_opened(landing: Path, answer: Expectation) -> None:
    (broken,) = [path for path, (_, reason) in answer.files.items() if reason == "unreadable"]
    with pytest.raises(Exception, match="zip"):
        openpyxl.load_workbook(landing / broken)


def test_a_tally_refuses_a_file_that_cannot_meet_its_fate() -> None:
    row = Row({}, ("a",), date(2015, 1, 1), problems=(Problem("x", "bad_code"),))
    with pytest.raises(ValueError, match="1 of 1 rows are bad"):
        Tally().add(Submission(path="d/f.csv", sheets=(Sheet("", [row]),)))


def test_a_tally_counts_the_latest_submission_of_a_key() -> None:
    def sent(day: int, baht: int) -> Row:
        return Row({}, ("a",), date(2015, 1, day), adds=(2558, "cost_reduction", baht * 100))

    tally = Tally()
    for day, baht in ((2, 10), (9, 30), (5, 20)):
        tally.add(Submission(path=f"d/{day}.csv", sheets=(Sheet("", [sent(day, baht)]),)))
    answer = tally.expectation()
    assert answer.totals == {(2558, "cost_reduction"): Decimal(30)}
    assert answer.rows == {"d": {"read": 3, "current": 1, "superseded": 2, "quarantined": 0}}


@pytest.mark.parametrize("days", [(2, 9), (9, 2)])
def test_a_tally_counts_the_latest_of_the_rows_of_a_key_that_wait(days: tuple[int, int]) -> None:
    waits = (Problem("cluster_code", "unknown_cluster", held=True),)
    good = Row({}, ("b",), date(2015, 1, 1))
    tally = Tally(keys_are_unique=True)
    for day in days:
        row = Row({}, ("a",), date(2015, 1, day), problems=waits)
        tally.add(Submission(path=f"d/{day}.csv", sheets=(Sheet("", [row, good]),)))
    answer = tally.expectation()
    assert answer.rows["d"]["superseded"] == answer.rows["d"]["quarantined"] == 1
    assert answer.quarantined == {("d", "unknown_cluster"): 1}
    assert [problem.path for problem in answer.problems] == ["d/9.csv"]


# --- what is to be doubted --------------------------------------------------------------------


@pytest.mark.parametrize(("scale", "seed"), [(1.0, 2558), (0.05, 2558), (0.3, 1), (2.0, 7)])
def test_what_is_doubtful_is_there_once_and_small_beside_the_targets(
    scale: float, seed: int
) -> None:
    world = sample_world(scale, seed)
    rules = Counter(doubt.rule for doubt in world.doubted)
    assert set(rules.values()) == {1}
    assert rules["registered_twice"] and rules["spent_above_budget"]
    changed = np.abs(world._cells.amount - world._true_cells.amount)
    assert changed.sum() <= 0.03 * EXPANSION_TARGET * 100


def test_the_usual_sample_has_every_doubt(world: World) -> None:
    assert {doubt.rule for doubt in world.doubted} == {
        "activity_outside_fiscal_year",
        "amount_out_of_line",
        "counted_twice",
        "more_participants_than_people",
        "registered_twice",
        "spent_above_budget",
        "unit_slip",
    }


def test_nothing_of_the_bench_is_doubtful() -> None:
    world = bench_world(members=340, activities=500, outcomes=4_000)
    assert world.doubted == []
    for activity in world.activities:
        assert (
            activity.spent is None or activity.budget is None or activity.spent <= activity.budget
        )
        assert activity.people is None or len(activity.participants) < activity.people
        assert activity.start_date <= (activity.end_date or activity.start_date)


def test_an_enterprise_keeps_its_size_over_its_quarters(world: World) -> None:
    """Half of the quarters' sales lie within a fifth of their enterprise's median."""
    cells = world._true_cells
    rises = (cells.measure == MEASURES.index("sales_increase")) & (cells.amount > 0)
    ratios = []
    for member in np.unique(cells.member[rises]):
        amounts = cells.amount[rises & (cells.member == member)]
        ratios += list(np.abs(np.log(amounts / np.median(amounts))))
    assert 0.05 < float(np.median(ratios)) < 0.2


# --- what must come out ----------------------------------------------------------------------


def test_rows_read_are_current_superseded_or_quarantined(answer: Expectation) -> None:
    assert set(answer.rows) == set(samples())
    for dataset, rows in answer.rows.items():
        others = rows["current"] + rows["superseded"] + rows["quarantined"]
        assert rows["read"] == others, dataset
    assert answer.rows["cluster_registrations"]["current"] == 17


@pytest.mark.parametrize("scale", [0.2, 1.0, 3.0])
@pytest.mark.parametrize("seed", [2558, 1, 2])
def test_both_targets_are_reached_in_a_plausible_share(scale: float, seed: int) -> None:
    totals = expected(sample_world(scale, seed)).totals
    expansion = totals[2558, "sales_increase"] + totals[2558, "new_investment"]
    assert 0.70 <= expansion / EXPANSION_TARGET <= 0.95
    assert 0.80 <= totals[2558, "cost_reduction"] / COST_REDUCTION_TARGET <= 1.05


def test_totals_are_the_worlds_less_what_was_mistyped(world: World, answer: Expectation) -> None:
    for measure in MEASURES:
        of_world = sum(
            o.amount
            for cluster in world.clusters
            for quarter in (1, 2, 3, 4)
            for o in world.outcomes(cluster.position, quarter)
            if o.measure == measure
        )
        divisor = 1 if measure == "jobs_created" else 100
        lost = Decimal(of_world) / divisor - answer.totals[2558, measure]
        assert abs(lost) <= Decimal(of_world) / divisor / 10, measure


def test_a_planted_mistake_is_found_at_the_row_a_person_sees(
    landing: Path, world: World, answer: Expectation
) -> None:
    typed = {
        (problem.column, text)
        for submission in submissions(world)
        for sheet in submission.sheets
        for row in sheet.rows
        for problem in row.problems
        if (text := row.typed.get(problem.column))
    }
    looked_at = 0
    for problem in answer.problems:
        path = landing / problem.path
        if problem.reason not in {"bad_code", "bad_date", "bad_number", "bad_province", "bad_id"}:
            continue
        if path.suffix == ".xlsx":
            sheet = openpyxl.load_workbook(path)[problem.sheet]
            cells = [cell.value for cell in sheet[problem.row_number]]
        else:
            encoding, delimiter = {
                "02": ("utf-8-sig", ","),
                "03": ("cp874", ";"),
                "04": ("utf-8", "\t"),
                "07": ("utf-16", "\t"),
            }.get(path.parent.name[-2:], ("utf-8", ","))
            with path.open(encoding=encoding, newline="") as file:
                cells = list(csv.reader(file, delimiter=delimiter))[problem.row_number - 1]
        assert any((problem.column, cell) in typed for cell in cells), problem
        looked_at += 1
    assert looked_at > 20


# --- forms -----------------------------------------------------------------------------------


def test_a_date_is_typed_in_every_form_of_the_interface() -> None:
    texts = {form(date(2015, 1, 20), DAY) for form in DATE_FORMS.values()}
    assert texts >= {
        "2015-01-20",
        "20/01/2558",
        "20-1-2558",
        "20.01.2558",
        "20 ม.ค. 58",
        "20 มกราคม 2558",
        "20 มกราคม พ.ศ. 2558",
        "20 Jan 2015",
        "๒๐/๐๑/๒๕๕๘",
        "42024",
        date(2558, 1, 20),
        datetime(2015, 1, 20, 16, 45),
    }


@pytest.mark.parametrize(
    ("form", "satang", "text"),
    [
        ("plain", 123_456_750, "1234567.50"),
        ("plain", 5_000, "50"),
        ("grouped", 123_456_750, "1,234,567.50"),
        ("thai_digits", 123_450, "๑,๒๓๔.๕๐"),
        ("baht_sign", 120_000, "฿1,200"),
        ("baht", 120_000, "1,200 บาท"),
        ("parentheses", -120_000, "(1,200)"),
        ("baht", -120_050, "(1,200.50)"),
        ("million", 125_000_000, "1.25 ล้านบาท"),
        ("million_short", 125_000_000, "1.25 ลบ."),
        ("million_english", 120_000_000, "1.2M"),
        ("thousand", 50_000_000, "500 พันบาท"),
    ],
)
def test_money_is_typed_in_the_forms_of_the_interface(form: str, satang: int, text: str) -> None:
    assert MONEY_FORMS[form](satang, MONEY) == text


@pytest.mark.parametrize("form", ["million", "million_short", "million_english", "thousand"])
@pytest.mark.parametrize("satang", [123_456_789, 99, -123_456_700, 0])
def test_money_that_a_unit_would_round_is_typed_in_full(form: str, satang: int) -> None:
    assert MONEY_FORMS[form](satang, MONEY) == MONEY_FORMS["grouped"](satang, MONEY)


def test_the_capital_is_no_changwat() -> None:
    place = Column("province", "จังหวัด", "place")
    assert PLACE_FORMS["changwat"]("10", place) == "กรุงเทพมหานคร"
    assert PLACE_FORMS["changwat_short"]("41", place) == "จ.อุดรธานี"


def test_text_files_have_only_text_in_them() -> None:
    hand = Hand(Habit(messy=1.0), random_of(1))
    cells = {type(hand.write(DAY, date(2015, 1, 20))) for _ in range(500)}
    cells |= {type(hand.write(MONEY, 123_450)) for _ in range(500)}
    assert cells == {str}


def test_a_tidy_hand_types_the_plain_form_only() -> None:
    hand = Hand(Habit(), random_of(1), workbook=True)
    assert {hand.write(MONEY, 123_450) for _ in range(100)} == {"1234.50"}
    assert {hand.write(MONEY, None) for _ in range(100)} == {""}


def test_headers_and_codes_are_those_of_the_contract() -> None:
    for dataset, sample in samples().items():
        contract = yaml.safe_load((SOURCES / dataset / "contract.odcs.yaml").read_text("utf-8"))
        labels = {p["name"]: p["businessName"] for p in contract["schema"][0]["properties"]}
        assert {column.name: column.label for column in sample.COLUMNS} == labels
        text = (SOURCES / dataset / "contract.odcs.yaml").read_text("utf-8")
        for column in sample.COLUMNS:
            assert column.kind in FORMS
            for code, label in column.codes.items():
                assert code in text, (dataset, code)
                assert label in text, (dataset, label)


# --- the bench -------------------------------------------------------------------------------


def test_the_bench_has_the_rows_asked_for(tmp_path: Path) -> None:
    answer = write_bench(tmp_path, **SMALL_BENCH)
    assert set(digests(tmp_path)) == set(answer.files)
    assert {fate for fate, _ in answer.files.values()} == {"loaded"}
    outcomes = answer.rows["financial_outcomes"]
    twice = answer.quarantined.get(("financial_outcomes", "duplicate_in_file"), 0)
    assert outcomes["read"] - twice == SMALL_BENCH["outcomes"]
    assert 0.005 <= outcomes["quarantined"] / outcomes["read"] <= 0.015


def test_the_bench_has_no_key_twice(tmp_path: Path) -> None:
    answer = write_bench(tmp_path, **SMALL_BENCH, bad=0.0)
    assert not answer.quarantined
    world_rows = {name: rows["current"] for name, rows in answer.rows.items()}
    assert world_rows == {
        "cluster_registrations": 17,
        "member_registrations": SMALL_BENCH["members"],
        "activity_reports": SMALL_BENCH["activities"],
        "financial_outcomes": SMALL_BENCH["outcomes"],
    }


def test_an_increment_brings_new_outcomes_in_new_files(tmp_path: Path) -> None:
    tidy = {**SMALL_BENCH, "messy": 0.0, "bad": 0.0}
    write_bench(tmp_path, **tidy)
    before = digests(tmp_path)
    first = write_bench_increment(tmp_path, 0.01, **tidy)
    second = write_bench_increment(tmp_path, 0.01, number=2, **tidy)
    after = digests(tmp_path)
    assert {path: after[path] for path in before} == before
    assert len(after) == len(before) + len(first) + len(second)
    keys: Counter[tuple[str, ...]] = Counter()
    for path in (tmp_path / "financial_outcomes").rglob("*.*"):
        content = path.read_bytes()
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("cp874")
        for line in text.splitlines()[1:]:
            keys[tuple(re.split("[,;\t]", line)[:5])] += 1
    assert max(keys.values()) == 1
    assert sum(keys.values()) == SMALL_BENCH["outcomes"] * 1.02


def test_a_programme_without_more_to_report_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no 999 increments"):
        write_bench_increment(tmp_path, 0.5, number=999, **SMALL_BENCH)
