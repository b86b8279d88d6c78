"""Clusters: the scorecards of the year in focus side by side, and a page a cluster.

The page a cluster is in `orchestration.report.pages.cluster`. A cluster is quiet when members are
expected to report the latest quarter that is due, and none has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from orchestration.report import charts
from orchestration.report.asking import ask
from orchestration.report.charts import Chart
from orchestration.report.edition import Edition
from orchestration.report.figures import Figure
from orchestration.report.language import Text
from orchestration.report.page import Document, Page, Sheet
from orchestration.report.pages import cluster
from orchestration.report.tables import Column, Table
from orchestration.report.words import BRANCHES, MEASURES, STATUSES, called

PATH = "clusters.html"
TITLE = Text("คลัสเตอร์", "Clusters")

#: Bars in a chart; the table has all clusters.
DRAWN = 30

#: Every cluster, also one without a scorecard of the year; with the latest quarter that is due.
_SCORECARDS_SQL = """
with latest as (
    select max(fiscal_quarter) as fiscal_quarter from marts.dim_fiscal_quarter
    where fiscal_year_be = $year and is_due
),
latest_quarter as (
    select cluster_code, members_expected > 0 and members_reported = 0 as is_quiet,
        completeness_ratio as quarter_completeness_ratio
    from reports.rpt_reporting_completeness join latest using (fiscal_quarter)
    where fiscal_year_be = $year
),
open_matters as (
    select cluster_code, count(*) as open_matters from reports.rpt_follow_up
    where state <> 'resolved' group by all
)
select
    clusters.cluster_code, clusters.cluster_name_th, clusters.cluster_name_en, clusters.branch,
    clusters.status, scorecards.* exclude (cluster_code, cluster_name_th, branch),
    latest_quarter.quarter_completeness_ratio,
    coalesce(latest_quarter.is_quiet, false) as is_quiet,
    coalesce(open_matters.open_matters, 0) as open_matters
from marts.dim_cluster as clusters
left join reports.rpt_cluster_scorecard as scorecards
    on clusters.cluster_code = scorecards.cluster_code and scorecards.fiscal_year_be = $year
left join latest_quarter on clusters.cluster_code = latest_quarter.cluster_code
left join open_matters on clusters.cluster_code = open_matters.cluster_code
order by clusters.cluster_code
"""
_BRANCHES_SQL = """
select
    branch, count(*) as clusters, sum(members)::bigint as members,
    sum(activities)::bigint as activities, sum(spent_baht) as spent_baht,
    sum(economic_expansion_baht) as economic_expansion_baht,
    sum(cost_reduction_baht) as cost_reduction_baht,
    sum(jobs_created)::bigint as jobs_created
from reports.rpt_cluster_scorecard where fiscal_year_be = $year
group by all order by economic_expansion_baht desc nulls last, branch
"""
_YEAR_SQL = """
select fiscal_year_be, clusters_expected, clusters_reported, clusters_silent, fiscal_quarter
from reports.rpt_programme_completeness
where fiscal_year_be = $year and is_due order by fiscal_quarter desc limit 1
"""


def documents(db: duckdb.DuckDBPyConnection, edition: Edition) -> Iterable[Document]:
    """The list of all clusters, then each one's own."""
    scorecards = [
        {**row, "name": cluster.name_of(row), "place": cluster.path_of(row["cluster_code"])}
        for row in ask(db, _SCORECARDS_SQL, year=edition.year)
    ]
    branches = ask(db, _BRANCHES_SQL, year=edition.year)
    latest = ask(db, _YEAR_SQL, year=edition.year)
    yield Document(
        PATH, TITLE, "clusters.jinja", lambda sheet: _values(sheet, scorecards, branches, latest)
    )
    yield from cluster.documents(db, edition, scorecards)


def _values(
    sheet: Sheet,
    scorecards: Sequence[Mapping[str, Any]],
    branches: Sequence[Mapping[str, Any]],
    latest: Sequence[Mapping[str, Any]],
) -> Mapping[str, Any]:
    quiet = [row for row in scorecards if row["is_quiet"]]
    return {
        "figures": sheet.figures(_figures(latest)),
        "quiet": quiet,
        "charts": [
            sheet.chart(_by_cluster(sheet, measure, scorecards))
            for measure in MEASURES
            if any(row[f"{measure}_baht"] is not None for row in scorecards)
        ],
        "scorecards": sheet.table(_scorecards(sheet, scorecards)),
        "branches": sheet.table(_branches(branches)),
    }


def _figures(latest: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """What the latest quarter due says of all clusters; nothing before one is due."""
    figures = []
    for row in latest:
        quarter, year = row["fiscal_quarter"], row["fiscal_year_be"]
        note = Text(f"ไตรมาส {quarter}/{year}", f"quarter {quarter} of {year}")
        for key, label in (
            ("clusters_expected", Text("คลัสเตอร์ที่ต้องรายงาน", "Clusters that are to report")),
            ("clusters_reported", Text("คลัสเตอร์ที่รายงานแล้ว", "Clusters that have reported")),
            ("clusters_silent", Text("คลัสเตอร์ที่เงียบ", "Silent clusters")),
        ):
            trace = cluster.programme_trace(year, quarter, key)
            figures.append(Figure(label, row[key], "count", key, trace, note))
    return figures


def _by_cluster(sheet: Sheet, measure: str, scorecards: Sequence[Mapping[str, Any]]) -> Chart:
    key, name = f"{measure}_baht", MEASURES[measure]
    ranked = sorted(
        (row for row in scorecards if row[key] is not None),
        key=lambda row: (-row[key], row["cluster_code"]),
    )
    drawn = [
        {
            "cluster": f"{row['cluster_code']} {sheet.say(row['name'])}",
            "million": float(row[key]) / 1e6,
        }
        for row in ranked[:DRAWN]
    ]
    said = "; ".join(
        f"{sheet.say(row['name'])} {sheet.language.million(row[key])}" for row in ranked[:3]
    )
    return Chart(
        f"by-cluster-{measure.replace('_', '-')}",
        sheet.t(f"{name.th} รายคลัสเตอร์", f"{name.en} by cluster"),
        sheet.t(
            f"{name.th} ของ {len(ranked)} คลัสเตอร์ เรียงจากมากไปน้อย สามอันดับแรก {said}",
            f"{name.en} of {len(ranked)} clusters, the largest first. The first three: {said}.",
        ),
        charts.lying_bars("cluster", "million", sheet.t("ล้านบาท", "million baht"), len(drawn)),
        drawn,
        Table(
            f"by-cluster-{measure.replace('_', '-')}",
            Text(f"{name.th} รายคลัสเตอร์", f"{name.en} by cluster"),
            (
                Column("name", Text("คลัสเตอร์", "Cluster"), link="place"),
                Column("cluster_code", Text("รหัส", "Code"), "code"),
                Column(key, Text("บาท", "Baht"), "baht", measure),
            ),
            ranked,
        ),
    )


def _scorecards(sheet: Sheet, scorecards: Sequence[Mapping[str, Any]]) -> Table:
    rows = [
        {
            **row,
            "branch": called(BRANCHES, row["branch"]),
            "standing": Text("เงียบ", "quiet")
            if row["is_quiet"]
            else called(STATUSES, row["status"]),
        }
        for row in scorecards
    ]
    year = sheet.edition.year
    return Table(
        "scorecards",
        Text(f"ผลงานรายคลัสเตอร์ ปีงบประมาณ {year}", f"Scorecards of fiscal year {year}")
        if year is not None
        else Text("ผลงานรายคลัสเตอร์", "Scorecards"),
        (
            Column("name", Text("คลัสเตอร์", "Cluster"), link="place"),
            Column("cluster_code", Text("รหัส", "Code"), "code"),
            Column("branch", Text("สาขา", "Branch")),
            Column("standing", Text("สถานะ", "Status"), "code"),
            Column(
                "economic_expansion_baht", Text("ขยายตัว (ล้านบาท)", "Expansion (million baht)"),
                "million", "economic_expansion", bar=True,
            ),
            Column(
                "cost_reduction_baht", Text("ลดต้นทุน (ล้านบาท)", "Cost reduction (million baht)"),
                "million", "cost_reduction", bar=True,
            ),
            Column("jobs_created", Text("จ้างงานเพิ่ม (คน)", "Jobs"), "count", "jobs_created"),
            Column("members", Text("สมาชิก", "Members"), "count", "members_of_year"),
            Column(
                "members_reported", Text("รายงานแล้ว", "Reported"), "count",
                "members_reported_in_year",
            ),
            Column(
                "completeness_ratio", Text("ครบถ้วนทั้งปี", "Complete, year"), "ratio",
                "completeness_in_year",
            ),
            Column(
                "quarter_completeness_ratio", Text("ครบถ้วนไตรมาสล่าสุด", "Complete, last quarter"),
                "ratio", "completeness",
            ),
            Column("activities", Text("กิจกรรม", "Activities"), "count", "activities"),
            Column("linkages", Text("เชื่อมโยง", "Linkages"), "count", "linkages"),
            Column(
                "spent_baht", Text("ใช้จริง (ล้านบาท)", "Spent (million baht)"), "million",
                "activity_spending",
            ),
            Column("suspicions", Text("ข้อสงสัย", "Doubts"), "count", "suspicions"),
            Column(
                "suspicious_baht", Text("น่าสงสัย (ล้านบาท)", "Doubtful (million baht)"), "million",
                "suspicious_amount",
            ),
            Column("open_matters", Text("ต้องติดตาม", "To follow up"), "count"),
        ),
        rows,
        flagged="is_quiet",
        note=Text(
            "แถวที่มีสีคือคลัสเตอร์ที่เงียบ ในไตรมาสล่าสุดที่ครบกำหนดยังไม่มีสมาชิกรายงานเลย",
            "A coloured row is a quiet cluster: no member has reported the latest quarter due.",
        )
        if any(row["is_quiet"] for row in scorecards)
        else None,
    )  # fmt: skip


def _branches(branches: Sequence[Mapping[str, Any]]) -> Table:
    return Table(
        "branches",
        Text("ผลงานรายสาขาอุตสาหกรรม", "By branch of industry"),
        (
            Column("name", Text("สาขา", "Branch")),
            Column("clusters", Text("คลัสเตอร์", "Clusters"), "count"),
            Column("members", Text("สมาชิก", "Members"), "count", "members_of_year"),
            Column(
                "economic_expansion_baht", Text("ขยายตัว (ล้านบาท)", "Expansion (million baht)"),
                "million", "economic_expansion", bar=True,
            ),
            Column(
                "cost_reduction_baht", Text("ลดต้นทุน (ล้านบาท)", "Cost reduction (million baht)"),
                "million", "cost_reduction", bar=True,
            ),
            Column("jobs_created", Text("จ้างงานเพิ่ม (คน)", "Jobs"), "count", "jobs_created"),
            Column("activities", Text("กิจกรรม", "Activities"), "count", "activities"),
            Column(
                "spent_baht", Text("ใช้จริง (ล้านบาท)", "Spent (million baht)"), "million",
                "activity_spending",
            ),
        ),
        [{**row, "name": called(BRANCHES, row["branch"])} for row in branches],
    )  # fmt: skip


PAGE = Page(PATH, TITLE, documents)
