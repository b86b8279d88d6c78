"""The page a cluster: who it is, its scorecards, its quarters, what is to be followed up.

Every query is asked once for all clusters, and its rows are dealt out by cluster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.report import charts
from orchestration.report.asking import ask
from orchestration.report.charts import Chart
from orchestration.report.edition import Edition
from orchestration.report.figures import Figure, Trace
from orchestration.report.language import Text
from orchestration.report.page import Document, Sheet
from orchestration.report.tables import Column, Table
from orchestration.report.words import (
    ACTIVITY_TYPES,
    BRANCHES,
    MATTERS,
    MEASURES,
    STATUSES,
    called,
)

#: Of a cluster: a year and two quarters fit on a phone, and three years on paper.
QUARTERS_TOLD = 12
#: Matters of a cluster, those with the most baht first; `warehouse query` has all.
MATTERS_TOLD = 50

_YEARS_SQL = "select * from reports.rpt_cluster_scorecard order by fiscal_year_be desc"
_PROVINCES_SQL = """
select
    bridge.cluster_code, provinces.province_name_th, provinces.province_name_en
from marts.bridge_cluster_province as bridge
join marts.dim_province as provinces using (province_code)
order by bridge.cluster_code, provinces.province_code
"""
#: Quarters that are due, or of which something came, with all that is known of each.
_QUARTERS_SQL = f"""
with amounts as (
    select
        cluster_code, fiscal_year_be, fiscal_quarter,
        sum(amount) filter (
            where programme_measure = 'economic_expansion'
        ) as economic_expansion_baht,
        sum(amount) filter (where programme_measure = 'cost_reduction') as cost_reduction_baht,
        sum(amount) filter (where measure = 'jobs_created')::bigint as jobs_created
    from marts.fct_financial_outcome group by all
)
select
    cluster_code, fiscal_year_be, fiscal_quarter, due_on, members_expected, members_on_time,
    members_late, members_missing, completeness_ratio, economic_expansion_baht,
    cost_reduction_baht, jobs_created
from reports.rpt_reporting_completeness
full join amounts using (cluster_code, fiscal_year_be, fiscal_quarter)
where is_due or economic_expansion_baht is not null or cost_reduction_baht is not null
    or jobs_created is not null
qualify row_number() over (
    partition by cluster_code order by fiscal_year_be desc, fiscal_quarter desc
) <= {QUARTERS_TOLD}
order by cluster_code, fiscal_year_be, fiscal_quarter
"""
_MATTERS_SQL = f"""
select
    cluster_code, kind, path, row_count, amount_baht, nights_open, what_th, what_en, action_th,
    action_en, count(*) over (partition by cluster_code) as of_all
from reports.rpt_follow_up
where state <> 'resolved' and cluster_code is not null
qualify row_number() over (
    partition by cluster_code order by amount_baht desc nulls last, opened_on, matter_id
) <= {MATTERS_TOLD}
order by cluster_code, amount_baht desc nulls last, opened_on, matter_id
"""
_ACTIVITIES_SQL = """
select
    cluster_code, fiscal_year_be, activity_type, count(*) as activities,
    sum(participants_people)::bigint as people, sum(budget_baht) as budget_baht,
    sum(spent_baht) as spent_baht
from marts.fct_activity
group by all
order by cluster_code, fiscal_year_be desc, activities desc, activity_type
"""


@dataclass(frozen=True)
class _Facts:
    """What is known of one cluster; `scorecard` is its row on the list of all."""

    scorecard: Mapping[str, Any]
    years: Sequence[Mapping[str, Any]]
    provinces: Sequence[Mapping[str, Any]]
    quarters: Sequence[Mapping[str, Any]]
    matters: Sequence[Mapping[str, Any]]
    activities: Sequence[Mapping[str, Any]]
    registered_on: Any


def path_of(cluster_code: str) -> str:
    """Where a cluster's page is; a code is a letter and two digits, as its contract says."""
    return f"clusters/{cluster_code}.html"


def name_of(row: Mapping[str, Any]) -> Text:
    """What a cluster is called; by its Thai name where it has no English one."""
    return Text(row["cluster_name_th"], row["cluster_name_en"] or row["cluster_name_th"])


def programme_trace(fiscal_year_be: int, fiscal_quarter: int, column: str) -> Trace:
    """What explains a count of clusters of a quarter."""
    keys = {"fiscal_year_be": fiscal_year_be, "fiscal_quarter": fiscal_quarter}
    return Trace("rpt_programme_completeness", keys, column)


def documents(
    db: duckdb.DuckDBPyConnection, edition: Edition, scorecards: Sequence[Mapping[str, Any]]
) -> Iterable[Document]:
    """A document a cluster.

    Args:
        db: the open warehouse.
        edition: whose.
        scorecards: the clusters, as the list of all has them.
    """
    del edition
    years, provinces, quarters, matters, activities = (
        _dealt(ask(db, sql))
        for sql in (_YEARS_SQL, _PROVINCES_SQL, _QUARTERS_SQL, _MATTERS_SQL, _ACTIVITIES_SQL)
    )
    registered = {
        row["cluster_code"]: row["registered_on"]
        for row in ask(db, "select cluster_code, registered_on from marts.dim_cluster")
    }
    for row in scorecards:
        code = row["cluster_code"]
        facts = _Facts(
            row, years[code], provinces[code], quarters[code], matters[code], activities[code],
            registered[code],
        )  # fmt: skip
        yield Document(path_of(code), name_of(row), "cluster.jinja", _Filling(facts))


def _dealt(rows: Iterable[Mapping[str, Any]]) -> defaultdict[str, list[Mapping[str, Any]]]:
    """Rows by their cluster."""
    dealt: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        dealt[row["cluster_code"]].append(row)
    return dealt


@dataclass(frozen=True)
class _Filling:
    facts: _Facts

    def __call__(self, sheet: Sheet) -> Mapping[str, Any]:
        facts = self.facts
        row = facts.scorecard
        return {
            "row": row,
            "branch": sheet.say(called(BRANCHES, row["branch"])),
            "status": sheet.say(called(STATUSES, row["status"])),
            "registered_on": facts.registered_on,
            "provinces": [
                sheet.t(place["province_name_th"], place["province_name_en"])
                for place in facts.provinces
            ],
            "figures": sheet.figures(_figures(facts)),
            "charts": [sheet.chart(_by_quarter(sheet, facts, measure)) for measure in MEASURES],
            "years": sheet.table(_years(facts)),
            "quarters": sheet.table(_quarters(sheet, facts)),
            "matters": sheet.table(_matters(facts)),
            "activities": sheet.table(_activities(facts)),
        }


def _figures(facts: _Facts) -> list[Figure]:
    """The headline figures of the year in focus; none where the cluster has no scorecard of it."""
    row = facts.scorecard
    if row["fiscal_year_be"] is None:
        return []
    keys = {"cluster_code": row["cluster_code"], "fiscal_year_be": row["fiscal_year_be"]}

    def figure(label: Text, key: str, kind: str, metric: str, note: Text | None = None) -> Figure:
        trace = Trace("rpt_cluster_scorecard", keys, key)
        return Figure(label, row[key], kind, metric, trace, note)

    return [
        figure(
            Text("ขยายตัวในระบบเศรษฐกิจ", "Economic expansion"),
            "economic_expansion_baht", "million", "economic_expansion",
        ),
        figure(
            Text("ลดต้นทุน", "Cost reduction"), "cost_reduction_baht", "million", "cost_reduction"
        ),
        figure(Text("จ้างงานเพิ่ม (คน)", "Jobs created"), "jobs_created", "count", "jobs_created"),
        figure(
            Text("สมาชิกที่รายงาน", "Members who reported"),
            "completeness_ratio", "ratio", "completeness_in_year",
            Text(
                f"{row['members_reported']:,} จาก {row['members_expected']:,} ราย "
                "รายงานอย่างน้อยหนึ่งไตรมาส",
                f"{row['members_reported']:,} of {row['members_expected']:,} "
                "in at least one quarter",
            ),
        ),
        figure(
            Text("น่าสงสัย", "Doubtful"), "suspicious_baht", "million", "suspicious_amount",
            Text("นับรวมอยู่ในยอด", "counted in the figures"),
        ),
        figure(
            Text("ใช้จ่ายในกิจกรรม", "Spent on activities"), "spent_baht", "million",
            "activity_spending",
        ),
    ]  # fmt: skip


def _by_quarter(sheet: Sheet, facts: _Facts, measure: str) -> Chart:
    key, name = f"{measure}_baht", MEASURES[measure]
    rows = [
        {
            "quarter": sheet.language.quarter(row["fiscal_year_be"], row["fiscal_quarter"]),
            key: row[key],
        }
        for row in facts.quarters
    ]
    drawn = [
        {"quarter": row["quarter"], "million": float(row[key] or 0) / 1e6}
        for row in rows
        if any(other[key] is not None for other in rows)
    ]
    said = "; ".join(f"{row['quarter']}: {sheet.language.million(row[key], 2)}" for row in rows)
    return Chart(
        measure.replace("_", "-"),
        sheet.t(f"{name.th} รายไตรมาส", f"{name.en} by quarter"),
        f"{sheet.say(name)}. {said}",
        charts.bars(
            "quarter", "million", sheet.t("ล้านบาท", "million baht"),
            charts.BLUE if measure == "economic_expansion" else charts.GREEN,
        ),
        drawn,
        Table(
            measure.replace("_", "-"),
            Text(f"{name.th} รายไตรมาส", f"{name.en} by quarter"),
            (
                Column("quarter", Text("ไตรมาส", "Quarter")),
                Column(key, Text("บาท", "Baht"), "baht", measure),
            ),
            rows,
            is_sortable=False,
        ),
    )  # fmt: skip


def _years(facts: _Facts) -> Table:
    return Table(
        "years",
        Text("ผลงานรายปี", "Scorecards by year"),
        (
            Column("fiscal_year_be", Text("ปีงบประมาณ", "Fiscal year"), "plain"),
            Column(
                "economic_expansion_baht", Text("ขยายตัว (บาท)", "Expansion (baht)"), "baht",
                "economic_expansion",
            ),
            Column(
                "cost_reduction_baht", Text("ลดต้นทุน (บาท)", "Cost reduction (baht)"), "baht",
                "cost_reduction",
            ),
            Column("jobs_created", Text("จ้างงานเพิ่ม (คน)", "Jobs"), "count", "jobs_created"),
            Column("members", Text("สมาชิก", "Members"), "count", "members_of_year"),
            Column(
                "members_reported", Text("รายงานแล้ว", "Reported"), "count",
                "members_reported_in_year",
            ),
            Column(
                "completeness_ratio", Text("ครบถ้วน", "Complete"), "ratio", "completeness_in_year"
            ),
            Column("activities", Text("กิจกรรม", "Activities"), "count", "activities"),
            Column("linkages", Text("เชื่อมโยง", "Linkages"), "count", "linkages"),
            Column(
                "spent_baht", Text("ใช้จริง (บาท)", "Spent (baht)"), "baht", "activity_spending"
            ),
            Column("suspicions", Text("ข้อสงสัย", "Doubts"), "count", "suspicions"),
            Column(
                "suspicious_baht", Text("น่าสงสัย (บาท)", "Doubtful (baht)"), "baht",
                "suspicious_amount",
            ),
        ),
        facts.years,
    )  # fmt: skip


def _quarters(sheet: Sheet, facts: _Facts) -> Table:
    return Table(
        "quarters",
        Text("ความครบถ้วนรายไตรมาส", "How complete the quarters are"),
        (
            Column("quarter", Text("ไตรมาส", "Quarter")),
            Column("due_on", Text("ครบกำหนด", "Due on"), "day"),
            Column("members_expected", Text("ต้องรายงาน", "Expected"), "count", "members_expected"),
            Column("members_on_time", Text("ตรงเวลา", "On time"), "count", "members_on_time"),
            Column("members_late", Text("ช้า", "Late"), "count", "members_late"),
            Column("members_missing", Text("ยังไม่รายงาน", "Missing"), "count", "members_missing"),
            Column("completeness_ratio", Text("ครบถ้วน", "Complete"), "ratio", "completeness"),
            Column("jobs_created", Text("จ้างงานเพิ่ม (คน)", "Jobs"), "count", "jobs_created"),
        ),
        [
            {**row, "quarter": sheet.language.quarter(row["fiscal_year_be"], row["fiscal_quarter"])}
            for row in facts.quarters
        ],
        is_sortable=False,
    )


def _matters(facts: _Facts) -> Table:
    told = len(facts.matters)
    of_all = facts.matters[0]["of_all"] if facts.matters else 0
    return Table(
        "follow-up",
        Text("เรื่องที่ต้องติดตาม", "To follow up"),
        (
            Column("kind_name", Text("เรื่อง", "Matter")),
            Column("what", Text("รายละเอียด", "What")),
            Column("action", Text("ต้องทำอะไร", "What to do")),
            Column("path", Text("ไฟล์", "File")),
            Column("row_count", Text("แถว", "Rows"), "count", "matter_rows"),
            Column("amount_baht", Text("บาท", "Baht"), "baht", "matter_baht"),
            Column("nights_open", Text("คืนที่ค้าง", "Nights open"), "count", "nights_open"),
        ),
        [
            {
                **row,
                "kind_name": called(MATTERS, row["kind"]),
                "what": Text(row["what_th"], row["what_en"]),
                "action": Text(row["action_th"], row["action_en"]),
            }
            for row in facts.matters
        ],
        note=Text(f"แสดง {told} จาก {of_all} เรื่อง", f"{told} of {of_all} matters are shown.")
        if of_all > told
        else None,
    )


def _activities(facts: _Facts) -> Table:
    return Table(
        "activities",
        Text("กิจกรรมตามประเภท", "Activities by type"),
        (
            Column("type_name", Text("ประเภท", "Type")),
            Column("fiscal_year_be", Text("ปีงบประมาณ", "Fiscal year"), "plain"),
            Column("activities", Text("กิจกรรม", "Activities"), "count", "activities", bar=True),
            Column("people", Text("ผู้เข้าร่วม (คน)", "People"), "count"),
            Column("budget_baht", Text("งบประมาณ (บาท)", "Budget (baht)"), "baht"),
            Column("spent_baht", Text("ใช้จริง (บาท)", "Spent (baht)"), "baht", "activity_spending"),
        ),
        [
            {**row, "type_name": called(ACTIVITY_TYPES, row["activity_type"])}
            for row in facts.activities
        ],
    )
