"""The sample's activity reports: what the clusters did, as each coordinator types it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sources.sampling.forms import SATANG, Column, random_of
from sources.sampling.world import UNKNOWN_CLUSTER, Activity, World
from sources.sampling.writers import (
    REJECTED,
    Problem,
    Row,
    Sheet,
    Slip,
    Submission,
    mistyped,
    misvalued,
    sent_twice_in_a_file,
    sheets_of,
    slips_for,
    with_slips,
)

DATASET = Path(__file__).parent.name

ACTIVITY_TYPES = {
    "capability_building": "พัฒนาศักยภาพ",
    "market_promotion": "ส่งเสริมการตลาด",
    "market_innovation": "นวัตกรรมการตลาด",
    "business_matching": "จับคู่ธุรกิจ",
    "study_visit": "ศึกษาดูงาน",
    "linkage": "เชื่อมโยงเครือข่าย",
}
PARTNER_TYPES = {
    "research": "วิจัย",
    "education": "การศึกษา",
    "marketing": "การตลาด",
    "government": "ราชการ",
    "finance": "การเงิน",
    "none": "ไม่มี",
}
COLUMNS = (
    Column("activity_id", "รหัสกิจกรรม"),
    Column("cluster_code", "รหัสคลัสเตอร์", "cluster"),
    Column("activity_type", "ประเภทกิจกรรม", "code", ACTIVITY_TYPES),
    Column("title", "ชื่อกิจกรรม"),
    Column("start_date", "วันที่เริ่ม", "date"),
    Column("end_date", "วันที่สิ้นสุด", "date"),
    Column("province", "จังหวัด", "place"),
    Column("participant_ids", "เลขทะเบียนผู้เข้าร่วม", "ids"),
    Column("participants_people", "จำนวนผู้เข้าร่วม", "integer"),
    Column("partner_name", "หน่วยงานเชื่อมโยง"),
    Column("partner_type", "ประเภทหน่วยงาน", "code", PARTNER_TYPES),
    Column("budget_baht", "งบประมาณ", "money"),
    Column("spent_baht", "ใช้จริง", "money"),
    Column("submitted_on", "วันที่ส่งข้อมูล", "date"),
)


def _ends_before_it_starts(row: Row) -> list[Row]:
    values = {**row.values, "end_date": row.values["start_date"] - timedelta(days=3)}
    return [replace(row, values=values, problems=(Problem("end_date", "end_before_start"),))]


def _in_an_unknown_cluster(row: Row) -> list[Row]:
    values = {**row.values, "cluster_code": UNKNOWN_CLUSTER}
    problem = Problem("cluster_code", "unknown_cluster", held=True)
    return [replace(row, values=values, problems=(problem,))]


SLIPS: tuple[Slip, ...] = (
    mistyped("start_date", "missing_required", ""),
    mistyped("start_date", "bad_date", "31/02/2558", "๓๑ เม.ย. ๕๘"),
    mistyped("budget_baht", "bad_number", "ประมาณสองแสนบาท", "ตามจริง"),
    mistyped("activity_type", "bad_code", "ประชุมใหญ่"),
    mistyped("province", "bad_province", "จังหวัดสมมติ"),
    misvalued("spent_baht", "out_of_range", -5_000 * SATANG),
    _ends_before_it_starts,
    sent_twice_in_a_file,
    _in_an_unknown_cluster,
)


def _slips(world: World) -> tuple[Slip, ...]:
    (stranger,) = world.strangers(DATASET, 1, world.clusters[0])

    def with_an_unknown_participant(row: Row) -> list[Row]:
        known = row.values["participant_ids"] or ()
        values = {**row.values, "participant_ids": (*known, stranger.enterprise.id)}
        problem = Problem("participant_ids", "unregistered_enterprise", held=True, keeps_row=True)
        return [replace(row, values=values, problems=(problem,))]

    return (*SLIPS, with_an_unknown_participant)


def submissions(world: World) -> Iterator[Submission]:
    """Yield each coordinator's report of activities, and a file without a row."""
    by_cluster: dict[str, list[Row]] = {cluster.code: [] for cluster in world.clusters}
    for activity in world.activities:
        by_cluster[activity.cluster.code].append(_row(activity))
    slips = _slips(world)
    coordinators = world.plan.coordinators
    for place, coordinator in enumerate(coordinators):
        codes = [world.clusters[cluster].code for cluster in coordinator.clusters]
        groups = {code: by_cluster[code] for code in codes}
        random = random_of(world.plan.seed, DATASET, coordinator.number)
        size = sum(map(len, groups.values()))
        chosen = slips_for(slips, random, size, world.plan.bad_share, (place, len(coordinators)))
        longest = max(codes, key=lambda code: len(by_cluster[code]))
        groups[longest] = with_slips(groups[longest], chosen, random)
        if size:
            yield Submission(
                path=f"{DATASET}/{coordinator.folder}/รายงานกิจกรรม{coordinator.layout.ending}",
                columns=COLUMNS,
                sheets=sheets_of(groups, coordinator.layout),
                habit=coordinator.habit,
                layout=coordinator.layout,
                title="รายงานกิจกรรมคลัสเตอร์",
            )
    if world.plan.bad_share is None:
        last = coordinators[-1]
        yield Submission(
            path=f"{DATASET}/{last.folder}/แบบฟอร์มเปล่า.csv",
            columns=COLUMNS,
            sheets=(Sheet("", ()),),
            fate=REJECTED,
            reason="empty",
        )


def _row(activity: Activity) -> Row:
    return Row(
        values={
            "activity_id": activity.id,
            "cluster_code": activity.cluster.code,
            "activity_type": activity.activity_type,
            "title": activity.title,
            "start_date": activity.start_date,
            "end_date": activity.end_date,
            "province": activity.province,
            "participant_ids": tuple(m.enterprise.id for m in activity.participants) or None,
            "participants_people": activity.people,
            "partner_name": activity.partner_name,
            "partner_type": activity.partner_type,
            "budget_baht": activity.budget,
            "spent_baht": activity.spent,
            "submitted_on": activity.submitted_on,
        },
        key=(activity.id,),
        submitted_on=activity.submitted_on,
    )
