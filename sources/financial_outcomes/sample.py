"""The sample's financial outcomes: what members report a quarter, as each coordinator types it.

One file a coordinator and quarter, sent some days after the quarter's end. Some are first sent as
estimates and again, in a file of their own, as they came out: the later submission counts.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sources.sampling.forms import Column, Count, random_of
from sources.sampling.world import UNKNOWN_CLUSTER, Coordinator, Outcome, World
from sources.sampling.writers import (
    PEOPLE_MEASURES,
    REJECTED,
    Problem,
    Row,
    Sheet,
    Slip,
    Submission,
    mistyped,
    mistyped_id,
    misvalued,
    sent_twice_in_a_file,
    sheets_of,
    slips_for,
    with_slips,
)

DATASET = Path(__file__).parent.name

MEASURES = {
    "sales_increase": "ยอดขายเพิ่ม",
    "new_investment": "การลงทุนเพิ่ม",
    "cost_reduction": "ลดต้นทุน",
    "jobs_created": "การจ้างงานเพิ่ม",
}
COLUMNS = (
    Column("cluster_code", "รหัสคลัสเตอร์", "cluster"),
    Column("juristic_id", "เลขทะเบียนนิติบุคคล", "id"),
    Column("fiscal_year", "ปีงบประมาณ", "year"),
    Column("quarter", "ไตรมาส", "integer"),
    Column("measure", "ตัวชี้วัด", "code", MEASURES),
    Column("amount", "จำนวน", "money"),
    Column("evidence_ref", "หลักฐาน"),
    Column("submitted_on", "วันที่ส่งข้อมูล", "date"),
)
QUARTERS = (1, 2, 3, 4)
# Where each slip is made once, it is made from this quarter on: every cluster has come by then.
FIRST_MISTAKEN_QUARTER = 3
# Which coordinators (by place) send which quarter first as estimates, and of how many rows a
# cluster. The second sends so few again that the file looks as if its rest were missing.
ESTIMATED = {(1, 2): 20, (4, 3): 8}
_REJECTED_ROWS = 12


def _in_an_unknown_cluster(row: Row) -> list[Row]:
    values = {**row.values, "cluster_code": UNKNOWN_CLUSTER}
    problems = (
        Problem("cluster_code", "unknown_cluster", held=True),
        Problem("juristic_id", "unregistered_enterprise", held=True),
    )
    return [replace(row, values=values, key=(UNKNOWN_CLUSTER, *row.key[1:]), problems=problems)]


_BAD_MEASURE = mistyped("measure", "bad_code", "กำไรสุทธิ", "อื่น ๆ")
SLIPS: tuple[Slip, ...] = (
    mistyped("amount", "missing_required", "", "-", "ไม่มี"),
    mistyped("submitted_on", "bad_date", "31/02/2558", "31 เม.ย. 58", "เมื่อวาน"),
    mistyped("amount", "bad_number", "ประมาณหนึ่งแสน", "รอยืนยัน"),
    mistyped_id("juristic_id"),
    _BAD_MEASURE,
    misvalued("quarter", "out_of_range", 5),
    mistyped("fiscal_year", "out_of_range", "2490"),
    sent_twice_in_a_file,
    _in_an_unknown_cluster,
)


def _slips(world: World) -> tuple[Slip, ...]:
    strangers = world.strangers(DATASET, 50, world.clusters[0])

    def of_an_unregistered_enterprise(row: Row) -> list[Row]:
        stranger = strangers[sum(map(ord, row.values["juristic_id"])) % len(strangers)]
        values = {**row.values, "juristic_id": stranger.enterprise.id}
        problem = Problem("juristic_id", "unregistered_enterprise", held=True)
        return [replace(row, values=values, problems=(problem,))]

    return (*SLIPS, of_an_unregistered_enterprise)


def submissions(world: World) -> Iterator[Submission]:
    """Yield each coordinator's file of each quarter, what was sent again, and files that fail."""
    yield from _quarterly(world)
    if world.plan.bad_share is None:
        yield from _sent_again(world)
        yield from _rejected(world)


def increment(world: World, number: int, share: float) -> Iterator[Submission]:
    """Yield the files that bring a share of as many outcomes more, for the number-th time."""
    for coordinator in world.plan.coordinators:
        groups = {
            world.clusters[cluster].code: [
                _row(outcome)
                for quarter in QUARTERS
                for outcome in world.later_outcomes(cluster, quarter, number, share)
            ]
            for cluster in coordinator.clusters
        }
        if any(groups.values()):
            yield _submission(coordinator, f"ส่งเพิ่ม {number:03d}", groups)


def _quarterly(world: World) -> Iterator[Submission]:
    slips = _slips(world)
    coordinators = world.plan.coordinators
    once = world.plan.bad_share is None
    for quarter in QUARTERS:
        for place, coordinator in enumerate(coordinators):
            groups = {
                world.clusters[cluster].code: list(map(_row, world.outcomes(cluster, quarter)))
                for cluster in coordinator.clusters
            }
            size = sum(map(len, groups.values()))
            if not size:
                continue
            if once and (estimated := ESTIMATED.get((place, quarter))):
                groups = {
                    code: [*map(_estimate, rows[:estimated]), *rows[estimated:]]
                    for code, rows in groups.items()
                }
            random = random_of(world.plan.seed, DATASET, coordinator.number, quarter)
            deal = (
                (quarter - FIRST_MISTAKEN_QUARTER) * len(coordinators) + place,
                2 * len(coordinators),
            )
            chosen = (
                []
                if once and quarter < FIRST_MISTAKEN_QUARTER
                else slips_for(slips, random, size, world.plan.bad_share, deal)
            )
            longest = max(groups.items(), key=lambda group: len(group[1]))[0]
            groups[longest] = with_slips(groups[longest], chosen, random)
            yield _submission(coordinator, f"ผลลัพธ์ ไตรมาส {quarter}", groups)


def _submission(coordinator: Coordinator, name: str, groups: dict[str, list[Row]]) -> Submission:
    return Submission(
        path=f"{DATASET}/{coordinator.folder}/{name}{coordinator.layout.ending}",
        columns=COLUMNS,
        sheets=sheets_of(groups, coordinator.layout),
        habit=coordinator.habit,
        layout=coordinator.layout,
        title="รายงานผลลัพธ์ทางการเงิน",
    )


def _sent_again(world: World) -> Iterator[Submission]:
    for (place, quarter), estimated in ESTIMATED.items():
        coordinator = world.plan.coordinators[place]
        rows = []
        for cluster in coordinator.clusters:
            for outcome in list(world.outcomes(cluster, quarter))[:estimated]:
                later = outcome.submitted_on + timedelta(days=45)
                rows.append(_row(outcome._replace(submitted_on=later)))
        if rows:
            layout = replace(coordinator.layout, workbook=False, gzipped=True)
            yield Submission(
                path=f"{DATASET}/{coordinator.folder}/ไตรมาส {quarter} ตัวเลขจริง{layout.ending}",
                columns=COLUMNS,
                sheets=(Sheet("", rows),),
                habit=coordinator.habit,
                layout=layout,
            )


def _rejected(world: World) -> Iterator[Submission]:
    """Yield a file that cannot be read, one without a column and one with mostly bad rows.

    Their rows were all sent before, so that their rejection takes nothing away.
    """
    coordinator = world.plan.coordinators[0]
    folder = f"{DATASET}/{coordinator.folder}"
    rows = [
        _row(outcome._replace(submitted_on=outcome.submitted_on + timedelta(days=90)))
        for cluster in coordinator.clusters
        for outcome in world.outcomes(cluster, 2)
    ][:_REJECTED_ROWS]
    most = len(rows) * 2 // 3 + 1
    bad = [mistaken for row in rows[:most] for mistaken in _BAD_MEASURE(row)]
    yield Submission(
        path=f"{folder}/ไฟล์เสีย.xlsx", content=_broken(), fate=REJECTED, reason="unreadable"
    )
    yield Submission(
        path=f"{folder}/ไม่มีช่องจำนวน.csv",
        columns=[column for column in COLUMNS if column.name != "amount"],
        sheets=(Sheet("", rows),),
        fate=REJECTED,
        reason="missing_column",
    )
    yield Submission(
        path=f"{folder}/แบบเก่า ตัวชี้วัดผิด.csv",
        columns=COLUMNS,
        sheets=(Sheet("", bad + rows[most:]),),
        fate=REJECTED,
        reason="too_many_bad_rows",
    )


def _broken() -> bytes:
    """Return the first part of a workbook whose sending broke off."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml"), "<Types/>" * 60)
        archive.writestr(zipfile.ZipInfo("xl/workbook.xml"), "<workbook/>" * 60)
    return buffer.getvalue()[:700]


def _estimate(row: Row) -> Row:
    """Return the row with a rough figure, a tenth too low."""
    amount = row.values["amount"]
    # Of baht in whole tens; a number of people is not estimated.
    rough = amount if type(amount) is Count else round(amount * 0.9 / 1_000) * 1_000
    values = {**row.values, "amount": rough, "evidence_ref": "ตัวอย่าง ประมาณการ"}
    return replace(row, values=values, adds=_adds(values))


def _adds(values: dict[str, Any]) -> tuple[int, str, int]:
    return values["fiscal_year"], values["measure"], int(values["amount"])


def _row(outcome: Outcome) -> Row:
    member, year, quarter, measure, amount, submitted_on = outcome
    code, enterprise_id = member.cluster.code, member.enterprise.id
    values = {
        "cluster_code": code,
        "juristic_id": enterprise_id,
        "fiscal_year": year,
        "quarter": quarter,
        "measure": measure,
        "amount": Count(amount) if measure in PEOPLE_MEASURES else amount,
        "evidence_ref": "ตัวอย่าง" if amount % 3 else None,
        "submitted_on": submitted_on,
    }
    return Row(
        values=values,
        key=(code, enterprise_id, year, quarter, measure),
        submitted_on=submitted_on,
        adds=_adds(values),
    )
