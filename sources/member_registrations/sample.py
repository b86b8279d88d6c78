"""The sample's member registrations: invented enterprises, as each coordinator types them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sources.sampling.forms import SATANG, Column, Habit, random_of
from sources.sampling.world import UNKNOWN_CLUSTER, Coordinator, Membership, World
from sources.sampling.writers import (
    DUPLICATE,
    Layout,
    Problem,
    Row,
    Sheet,
    Submission,
    mistyped,
    mistyped_id,
    misvalued,
    sent_twice_in_a_file,
    sheets_of,
    slips_for,
)

DATASET = Path(__file__).parent.name

LEGAL_FORMS = {
    "limited_company": "บริษัทจำกัด",
    "public_company": "บริษัทมหาชนจำกัด",
    "partnership": "ห้างหุ้นส่วน",
    "community_enterprise": "วิสาหกิจชุมชน",
    "cooperative": "สหกรณ์",
    "sole_proprietor": "บุคคลธรรมดา",
}
BUSINESS_TYPES = {"manufacturing": "ผลิต", "trade": "ค้า", "service": "บริการ"}
ROLES = {"lead": "แกนนำ", "member": "สมาชิก", "supporting": "สนับสนุน"}
STATUSES = {"active": "ปกติ", "withdrawn": "ถอนตัว"}
COLUMNS = (
    Column("cluster_code", "รหัสคลัสเตอร์", "cluster"),
    Column("juristic_id", "เลขทะเบียนนิติบุคคล", "id"),
    Column("enterprise_name", "ชื่อวิสาหกิจ"),
    Column("legal_form", "รูปแบบกิจการ", "code", LEGAL_FORMS),
    Column("province", "จังหวัด", "place"),
    Column("business_type", "ประเภทกิจการ", "code", BUSINESS_TYPES),
    Column("tsic_code", "รหัส TSIC", "tsic"),
    Column("role", "บทบาท", "code", ROLES),
    Column("employees", "จำนวนพนักงาน", "integer"),
    Column("annual_revenue_baht", "รายได้ต่อปี", "money"),
    Column("fixed_assets_baht", "สินทรัพย์ถาวร", "money"),
    Column("registered_on", "วันที่ขึ้นทะเบียน", "date"),
    Column("submitted_on", "วันที่ส่งข้อมูล", "date"),
    Column("status", "สถานะ", "code", STATUSES),
    Column("contact_name", "ผู้ติดต่อ"),
    Column("contact_phone", "โทรศัพท์"),
    Column("contact_email", "อีเมล"),
)
# One member in so many sends new figures later.
CHANGES_EVERY = 60


def _in_an_unknown_cluster(row: Row) -> list[Row]:
    values = {**row.values, "cluster_code": UNKNOWN_CLUSTER}
    problem = Problem("cluster_code", "unknown_cluster", held=True)
    return [replace(row, values=values, problems=(problem,))]


SLIPS = (
    mistyped("enterprise_name", "missing_required", "", "  "),
    mistyped("registered_on", "bad_date", "31/02/2558", "30 ก.พ. 58"),
    mistyped("employees", "bad_number", "ประมาณยี่สิบคน", "หลายคน"),
    mistyped_id("juristic_id"),
    mistyped("legal_form", "bad_code", "มูลนิธิ"),
    mistyped("province", "bad_province", "จังหวัดสมมติ", "เมืองตัวอย่าง"),
    misvalued("annual_revenue_baht", "out_of_range", -1_200 * SATANG),
    sent_twice_in_a_file,
    _in_an_unknown_cluster,
    mistyped("employees", "out_of_range", "-3"),
)


def submissions(world: World) -> Iterator[Submission]:
    """Yield each coordinator's register of members, changes to it, and a copy of a file."""
    plan = world.plan
    coordinators = plan.coordinators
    for place, coordinator in enumerate(coordinators):
        groups = {
            world.clusters[cluster].code: [_row(m, world) for m in world.members_of(cluster)]
            for cluster in coordinator.clusters
        }
        groups = _with_mistaken_strangers(world, coordinator, groups, (place, len(coordinators)))
        if coordinator.file_per_cluster:
            for code, rows in groups.items():
                yield _submission(coordinator, f"สมาชิก {code}", {code: rows})
        else:
            yield _submission(coordinator, "ทะเบียนสมาชิก", groups)
    if plan.bad_share is None:
        yield from _changes(world)
        first = coordinators[0]
        path = f"{DATASET}/{first.folder}/ทะเบียนสมาชิก"
        yield Submission(
            path=f"{path}_สำเนา{first.layout.ending}",
            copy_of=f"{path}{first.layout.ending}",
            fate=DUPLICATE,
        )


def _submission(coordinator: Coordinator, name: str, groups: dict[str, list[Row]]) -> Submission:
    return Submission(
        path=f"{DATASET}/{coordinator.folder}/{name}{coordinator.layout.ending}",
        columns=COLUMNS,
        sheets=sheets_of(groups, coordinator.layout),
        habit=coordinator.habit,
        layout=coordinator.layout,
        title="ทะเบียนสมาชิกคลัสเตอร์",
    )


def _with_mistaken_strangers(
    world: World, coordinator: Coordinator, groups: dict[str, list[Row]], deal: tuple[int, int]
) -> dict[str, list[Row]]:
    """Return the groups with bad rows among the last one's.

    They are of enterprises that nothing else speaks of: a true member's bad row would hold back
    all that the member reports.
    """
    random = random_of(world.plan.seed, DATASET, coordinator.number)
    size = sum(map(len, groups.values()))
    slips = slips_for(SLIPS, random, size, world.plan.bad_share, deal)
    cluster = world.clusters[coordinator.clusters[-1]]
    part = f"{DATASET}/{coordinator.number}"
    mistaken: list[Row] = []
    for slip, stranger in zip(slips, world.strangers(part, len(slips), cluster), strict=True):
        mistaken += slip(_row(stranger, world))
    rows = groups[cluster.code]
    # Among the others, and not at the end: two at a time, for a row sent twice stays together.
    middle = len(rows) // 2
    return {**groups, cluster.code: rows[:middle] + mistaken + rows[middle:]}


def _changes(world: World) -> Iterator[Submission]:
    """Yield what was sent later of members already sent: some withdrew, some grew."""
    rows = []
    for number, member in enumerate(world.memberships, start=1):
        if member.withdrawn_on and _withdraws_later(member, world):
            row = _row(member, world, submitted_on=member.withdrawn_on + timedelta(days=2))
            row.values["status"] = "withdrawn"
            rows.append(row)
        elif not number % CHANGES_EVERY:
            row = _row(member, world, submitted_on=member.submitted_on + timedelta(days=180))
            row.values["employees"] = (member.enterprise.employees or 5) + 2
            rows.append(row)
    yield Submission(
        path=f"{DATASET}/เปลี่ยนแปลงสมาชิก ปี 2558.tsv",
        columns=COLUMNS,
        sheets=(Sheet("", rows),),
        habit=Habit(usual={"date": "thai_short", "code": "label"}, messy=0.2, headers="thai"),
        layout=Layout(delimiter="\t", suffix=".tsv"),
    )


def _withdraws_later(member: Membership, world: World) -> bool:
    """Whether the withdrawal is told by a second row, and not by the only one."""
    return world.plan.bad_share is None and member.role != "supporting"


def _row(member: Membership, world: World, *, submitted_on: date | None = None) -> Row:
    enterprise = member.enterprise
    status: str | None = "active" if len(enterprise.name) % 2 else None
    sent = submitted_on or member.submitted_on
    if submitted_on is None and member.withdrawn_on and not _withdraws_later(member, world):
        status, sent = "withdrawn", member.withdrawn_on
    return Row(
        values={
            "cluster_code": member.cluster.code,
            "juristic_id": enterprise.id,
            "enterprise_name": enterprise.name,
            "legal_form": enterprise.legal_form,
            "province": enterprise.province,
            "business_type": enterprise.business_type,
            "tsic_code": enterprise.tsic_code,
            "role": member.role if member.role != "member" or status else None,
            "employees": enterprise.employees,
            "annual_revenue_baht": enterprise.revenue,
            "fixed_assets_baht": enterprise.assets,
            "registered_on": member.registered_on,
            "submitted_on": sent,
            "status": status,
            "contact_name": enterprise.contact_name,
            "contact_phone": enterprise.contact_phone,
            "contact_email": enterprise.contact_email,
        },
        key=(member.cluster.code, enterprise.id),
        submitted_on=sent,
    )
