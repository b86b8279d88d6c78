"""The sample's cluster registrations: the programme's own clusters, as one office types them.

``clusters.csv`` beside this module is the roster; its ``provenance`` column says which attributes
the ministry's release states and which are inferred. Days and coordinators are made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from sources.sampling.forms import Column, Habit, random_of
from sources.sampling.world import Cluster, World
from sources.sampling.writers import (
    Layout,
    Row,
    Sheet,
    Submission,
    mistyped,
    sent_twice_in_a_file,
    with_slips,
)

DATASET = Path(__file__).parent.name

BRANCHES = {
    "fashion": "แฟชั่น",
    "household_decor": "เครื่องใช้และของตกแต่งบ้าน",
    "agro_processing": "เกษตรแปรรูป",
    "other": "อื่น ๆ",
}
STATUSES = {"active": "ปกติ", "withdrawn": "ถอนตัว"}
COLUMNS = (
    Column("cluster_code", "รหัสคลัสเตอร์", "cluster"),
    Column("cluster_name_th", "ชื่อคลัสเตอร์"),
    Column("cluster_name_en", "ชื่อภาษาอังกฤษ"),
    Column("branch", "สาขาอุตสาหกรรม", "code", BRANCHES),
    Column("provinces", "จังหวัด", "places"),
    Column("coordinator_name", "ผู้ประสานงาน"),
    Column("registered_on", "วันที่ขึ้นทะเบียน", "date"),
    Column("submitted_on", "วันที่ส่งข้อมูล", "date"),
    Column("status", "สถานะ", "code", STATUSES),
)
SLIPS = (
    mistyped("branch", "bad_code", "ท่องเที่ยว"),
    mistyped("provinces", "bad_province", "จังหวัดสมมติ"),
    mistyped("registered_on", "bad_date", "31/02/2558"),
    mistyped("cluster_name_th", "missing_required", ""),
)
# Codes of clusters that are none, to make these mistakes with: every true one registers well.
_FIRST_PRETENDED = 91


def submissions(world: World) -> Iterator[Submission]:
    """Yield the register, and what was sent again for two clusters."""
    rows = [_row(cluster) for cluster in world.clusters]
    habit = Habit(usual={"date": "cell", "code": "label"}, messy=0.3, headers="thai")
    layout = Layout(workbook=True, titles=True, total=False, blank_row=True)
    if world.plan.bad_share is not None:
        yield Submission(
            path=f"{DATASET}/ทะเบียนคลัสเตอร์.csv", columns=COLUMNS, sheets=(Sheet("", rows),)
        )
        return
    pretended = [_pretended(number, world) for number in range(len(SLIPS))]
    random = random_of(world.plan.seed, DATASET)
    twice = random.randrange(len(rows))
    rows[twice : twice + 1] = sent_twice_in_a_file(rows[twice])
    rows += with_slips(pretended, SLIPS, random)
    yield Submission(
        path=f"{DATASET}/ทะเบียนคลัสเตอร์ 2558.xlsx",
        columns=COLUMNS,
        sheets=(Sheet("ทะเบียน", rows),),
        habit=habit,
        layout=layout,
        title="ทะเบียนคลัสเตอร์ (ชื่อตามข่าวกระทรวงอุตสาหกรรม 20 ม.ค. 2558 สาขาและจังหวัดบางส่วนอนุมาน)",
    )
    again = [
        _row(
            cluster,
            submitted_on=cluster.submitted_on + timedelta(days=120),
            coordinator_name=f"{cluster.coordinator_name} (คนใหม่)",
        )
        for cluster in world.clusters[3:5]
    ]
    yield Submission(
        path=f"{DATASET}/เปลี่ยนผู้ประสานงาน.csv",
        columns=COLUMNS,
        sheets=(Sheet("", again),),
        habit=Habit(usual={"date": "slash", "code": "label"}, headers="thai"),
        layout=Layout(encoding="utf-8-sig"),
    )


def _row(cluster: Cluster, *, submitted_on: date | None = None, coordinator_name: str = "") -> Row:
    sent = submitted_on or cluster.submitted_on
    return Row(
        values={
            "cluster_code": cluster.code,
            "cluster_name_th": cluster.name_th,
            "cluster_name_en": cluster.name_en,
            "branch": cluster.branch,
            "provinces": cluster.provinces or None,
            "coordinator_name": coordinator_name or cluster.coordinator_name,
            "registered_on": cluster.registered_on,
            "submitted_on": sent,
            "status": "active" if cluster.position % 3 else None,
        },
        key=(cluster.code,),
        submitted_on=sent,
    )


def _pretended(number: int, world: World) -> Row:
    """Return the registration of a cluster that is none, and says so."""
    row = _row(world.clusters[0])
    code = f"C{_FIRST_PRETENDED + number}"
    row.values |= {
        "cluster_code": code,
        "cluster_name_th": f"คลัสเตอร์ตัวอย่าง (สังเคราะห์) {number + 1}",
        "cluster_name_en": f"Synthetic Example Cluster {number + 1}",
    }
    row.key = (code,)
    return row
