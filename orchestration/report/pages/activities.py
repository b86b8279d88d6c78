"""Activities and partners: what was done, with whom, and what those who took part report.

One document of three parts. The partners are as the files name them, told apart by name and kind.
Lists that grow with the data are cut, and say how much they leave out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from orchestration.report import charts
from orchestration.report.activity_facts import Rows, activities_of
from orchestration.report.charts import Chart
from orchestration.report.edition import Edition
from orchestration.report.figures import Figure, Trace
from orchestration.report.grids import grid, paired_bars, paired_lying_bars
from orchestration.report.language import Text
from orchestration.report.page import Document, Page, Sheet
from orchestration.report.tables import Column, Table
from orchestration.report.words import (
    ACTIVITY_TYPES,
    MEASURES,
    PARTNER_TYPES,
    called,
    with_page,
)

PATH = "activities.html"
TITLE = Text("กิจกรรมและหน่วยงานเชื่อมโยง", "Activities and partners")

_PARTNER_HEADING = Text("หน่วยงาน (ตามที่พิมพ์ในไฟล์)", "Partner (as typed in files)")
_PARTNER_NOT_TOLD = Text("ไม่ระบุประเภท", "Kind not told")
_TYPE_COLOURS = (
    charts.BLUE, charts.ORANGE, charts.GREEN, charts.VERMILION, charts.SKY, charts.PURPLE,
)  # fmt: skip


# ── What was done ─────────────────────────────────────────────────────────────────────────────────

_MONEY_COLUMNS = (
    Column("activities", Text("กิจกรรม", "Activities"), "count", "activities", bar=True),
    Column("people", Text("ผู้เข้าร่วม (คน)", "People"), "count"),
    Column("budget_baht", Text("งบประมาณ (บาท)", "Budget (baht)"), "baht"),
    Column("spent_baht", Text("ใช้จริง (บาท)", "Spent (baht)"), "baht", "activity_spending"),
)


def _headline(total: Mapping[str, Any], enterprises: int, year: int) -> list[Figure]:
    def known(count: int) -> Text:
        return Text(
            f"ระบุไว้ใน {count:,} จาก {total['activities']:,} กิจกรรม",
            f"told by {count:,} of {total['activities']:,} activities",
        )

    def trace(column: str) -> Trace:
        return Trace("rpt_cluster_scorecard", {"fiscal_year_be": year}, column)

    activities = Trace("fct_activity", {"fiscal_year_be": year})
    return [
        Figure(Text("กิจกรรม", "Activities"), total["activities"], "count", "activities",
               trace("activities")),
        Figure(Text("เชื่อมโยงเครือข่าย", "Linkage activities"), total["linkages"], "count",
               "linkages", trace("linkages")),
        Figure(Text("วิสาหกิจที่เข้าร่วม", "Enterprises that took part"), enterprises, "count",
               note=Text("ตามเลขทะเบียนที่ระบุ", "those listed by their id")),
        Figure(Text("ผู้เข้าร่วม (คน)", "People who took part"), total["people"], "count",
               trace=activities, note=known(total["people_known"])),
        Figure(Text("งบประมาณ", "Budget"), total["budget_baht"], "million",
               trace=activities, note=known(total["budget_known"])),
        Figure(Text("ใช้จริง", "Spent"), total["spent_baht"], "million", "activity_spending",
               trace("spent_baht"), known(total["spent_known"])),
    ]  # fmt: skip


def _type_chart(sheet: Sheet, by_quarter: Rows, by_type: Rows) -> Chart:
    names = {code: sheet.say(words) for code, words in ACTIVITY_TYPES.items()}
    drawn = [
        {
            "place": sheet.t(f"ไตรมาส {row['fiscal_quarter']}", f"Q{row['fiscal_quarter']}"),
            "series": names.get(row["activity_type"], row["activity_type"]),
            "activities": row["activities"],
        }
        for row in by_quarter
    ]
    said = " · ".join(
        f"{sheet.say(called(ACTIVITY_TYPES, row['activity_type']))} {row['activities']:,}"
        for row in by_type
    )
    rows = [
        {
            "type": called(ACTIVITY_TYPES, row["activity_type"]),
            "quarter": Text(f"ไตรมาส {row['fiscal_quarter']}", f"Q{row['fiscal_quarter']}"),
            **{name: row[name] for name in ("activities", "people", "budget_baht", "spent_baht")},
        }
        for row in by_quarter
    ]
    return Chart(
        "by-quarter",
        sheet.t("กิจกรรมรายไตรมาส ตามประเภท", "Activities by quarter and type"),
        sheet.t(f"จำนวนกิจกรรมทั้งปีตามประเภท {said}", f"Activities of the year by type: {said}"),
        charts.stacked_bars(
            "place", "activities", "series", sheet.t("กิจกรรม", "activities"),
            tuple(names.values()), _TYPE_COLOURS,
        ),
        drawn,
        Table(
            "by-quarter",
            Text("กิจกรรมรายไตรมาส ตามประเภท", "Activities by quarter and type"),
            (
                Column("quarter", Text("ไตรมาส", "Quarter")),
                Column("type", Text("ประเภท", "Type")),
                *_MONEY_COLUMNS,
            ),
            rows,
        ),
    )  # fmt: skip


def _money_chart(sheet: Sheet, by_type: Rows) -> Chart:
    budget, spent = sheet.t("งบประมาณ", "Budget"), sheet.t("ใช้จริง", "Spent")
    drawn = [
        {
            "place": sheet.say(called(ACTIVITY_TYPES, row["activity_type"])),
            "series": name,
            "million": round(float(row[key]) / 1e6, 6),
        }
        for row in by_type
        for name, key in ((budget, "budget_baht"), (spent, "spent_baht"))
        if row[key] is not None
    ]
    said = " · ".join(
        f"{sheet.say(called(ACTIVITY_TYPES, row['activity_type']))}: "
        f"{budget} {sheet.language.million(row['budget_baht'])}, "
        f"{spent} {sheet.language.million(row['spent_baht'])}"
        for row in by_type
    )
    return Chart(
        "by-type",
        sheet.t("งบประมาณและใช้จริง ตามประเภท", "Budget and spending by type"),
        said,
        paired_lying_bars(
            "place",
            "million",
            "series",
            sheet.t("ล้านบาท", "million baht"),
            len(by_type),
            (budget, spent),
            (charts.GREY, charts.BLUE),
        ),
        drawn,
        Table(
            "by-type",
            Text("กิจกรรมตามประเภท", "Activities by type"),
            (Column("type", Text("ประเภท", "Type")), *_MONEY_COLUMNS),
            [{**row, "type": called(ACTIVITY_TYPES, row["activity_type"])} for row in by_type],
        ),
    )


def _cluster_table(by_cluster: Rows) -> Table:
    return Table(
        "by-cluster",
        Text("กิจกรรมรายคลัสเตอร์", "Activities by cluster"),
        (
            Column("cluster", Text("คลัสเตอร์", "Cluster"), link="path"),
            _MONEY_COLUMNS[0],
            Column("linkages", Text("เชื่อมโยงเครือข่าย", "Linkages"), "count", "linkages"),
            *_MONEY_COLUMNS[1:],
        ),
        [{**row, **with_page(row)} for row in by_cluster],
        note=Text("ขีดคือไม่มีกิจกรรมใดระบุไว้", "A dash stands where no activity tells it."),
    )


# ── Partners ──────────────────────────────────────────────────────────────────────────────────────


def _partner_type(code: str | None) -> Text | str | None:
    return _PARTNER_NOT_TOLD if code is None else called(PARTNER_TYPES, code)


def _type_grid(sheet: Sheet, links: Rows) -> Chart:
    order = {code: number for number, code in enumerate(PARTNER_TYPES)}
    kinds = sorted(
        {row["partner_type"] for row in links},
        key=lambda code: (code is None, order.get(code, len(order)), code or ""),
    )
    clusters = sorted({row["cluster_code"] for row in links})
    found = {(row["cluster_code"], row["partner_type"]): row["activities"] for row in links}
    drawn = [
        {
            "cluster": cluster,
            "kind": sheet.say(_partner_type(kind)),
            "activities": found[cluster, kind],
            "said": f"{found[cluster, kind]:,}",
        }
        for kind in kinds
        for cluster in clusters
        if (cluster, kind) in found
    ]
    sums = {
        kind: sum(row["activities"] for row in links if row["partner_type"] == kind)
        for kind in kinds
    }
    said = " · ".join(f"{sheet.say(_partner_type(kind))} {sums[kind]:,}" for kind in kinds)
    return Chart(
        "partner-types",
        sheet.t("คลัสเตอร์กับประเภทหน่วยงาน", "Clusters and kinds of partners"),
        sheet.t(
            f"จำนวนกิจกรรมที่มีหน่วยงานเชื่อมโยง ตามประเภท {said}",
            f"Activities with a partner, by its kind: {said}",
        ),
        grid("kind", "cluster", "activities", sheet.t("กิจกรรม", "activities"), tuple(clusters),
             max((row["activities"] for row in drawn), default=1), shown="said"),
        drawn,
        Table(
            "partner-types",
            Text("คลัสเตอร์กับประเภทหน่วยงาน", "Clusters and kinds of partners"),
            (
                Column("cluster_code", Text("คลัสเตอร์", "Cluster"), "code"),
                Column("kind", Text("ประเภทหน่วยงาน", "Kind of partner")),
                Column("activities", Text("กิจกรรม", "Activities"), "count"),
                Column("spent_baht", Text("ใช้จริง (บาท)", "Spent (baht)"), "baht"),
            ),
            [{**row, "kind": _partner_type(row["partner_type"])} for row in links],
        ),
    )  # fmt: skip


def _partner_grid(sheet: Sheet, partners: Rows, cells: Rows, clusters: Sequence[str]) -> Chart:
    spelt = [row["partner_name"] for row in partners]
    names = {
        (row["partner_name"], row["partner_type"]): (
            row["partner_name"]
            if spelt.count(row["partner_name"]) == 1
            else f"{row['partner_name']} ({sheet.say(_partner_type(row['partner_type']))})"
        )
        for row in partners
    }
    places = {name: number for number, name in enumerate(names)}
    shown = sorted(
        cells,
        key=lambda row: (places[row["partner_name"], row["partner_type"]], row["cluster_code"]),
    )
    drawn = [
        {
            "cluster": row["cluster_code"],
            "partner": names[row["partner_name"], row["partner_type"]],
            "activities": row["activities"],
        }
        for row in shown
    ]
    said = " · ".join(
        f"{names[row['partner_name'], row['partner_type']]}: "
        + sheet.t(
            f"{row['clusters']} คลัสเตอร์ {row['activities']:,} กิจกรรม",
            f"{row['clusters']} clusters, {row['activities']:,} activities",
        )
        for row in partners
    )
    return Chart(
        "partners",
        sheet.t("ใครเชื่อมโยงกับใคร", "Who is linked to whom"),
        said,
        grid(
            "cluster", "partner", "activities", sheet.t("กิจกรรม", "activities"),
            tuple(names.values()), max((row["activities"] for row in drawn), default=1),
            columns=tuple(clusters),
        ),
        drawn,
        Table(
            "partners",
            Text("หน่วยงานเชื่อมโยงที่มีกิจกรรมมากที่สุด", "Partners with the most activities"),
            (
                Column("partner_name", _PARTNER_HEADING),
                Column("kind", Text("ประเภท", "Kind")),
                Column("clusters", Text("คลัสเตอร์", "Clusters"), "count"),
                Column("activities", Text("กิจกรรม", "Activities"), "count"),
                Column("spent_baht", Text("ใช้จริง (บาท)", "Spent (baht)"), "baht"),
            ),
            [{**row, "kind": _partner_type(row["partner_type"])} for row in partners],
        ),
    )  # fmt: skip


def _link_table(links: Rows) -> Table:
    left_out = links[0]["links"] - len(links) if links else 0
    return Table(
        "links",
        Text("คลัสเตอร์กับหน่วยงานเชื่อมโยง", "Clusters and their partners"),
        (
            Column("cluster", Text("คลัสเตอร์", "Cluster"), link="path"),
            Column("partner_name", _PARTNER_HEADING),
            Column("kind", Text("ประเภท", "Kind")),
            Column("activities", Text("กิจกรรม", "Activities"), "count"),
            Column("spent_baht", Text("ใช้จริง (บาท)", "Spent (baht)"), "baht"),
        ),
        [{**row, **with_page(row), "kind": _partner_type(row["partner_type"])} for row in links],
        note=Text(
            f"ไม่ได้แสดงอีก {left_out:,} คู่ที่มีกิจกรรมน้อยกว่า",
            f"{left_out:,} further pairs, with fewer activities, are not shown.",
        )
        if left_out
        else None,
    )


# ── Those who took part ───────────────────────────────────────────────────────────────────────────


def _outcome_chart(sheet: Sheet, rows: Rows, measure: str) -> Chart:
    took, did_not = sheet.t("เข้าร่วม", "took part"), sheet.t("ไม่ได้เข้าร่วม", "did not")
    of_any = [row for row in rows if row["measure"] == measure and row["activity_type"] == "any"]
    sides = ((took, "median_took_part_baht"), (did_not, "median_did_not_baht"))
    drawn = [
        {"place": sheet.t(f"ไตรมาส {row['fiscal_quarter']}", f"Q{row['fiscal_quarter']}"),
         "series": side, "baht": float(row[key])}
        for row in of_any
        for side, key in sides
        if row[key] is not None
    ]  # fmt: skip
    said = " · ".join(
        f"{sheet.t('ไตรมาส ', 'Q')}{row['fiscal_quarter']}: "
        + ", ".join(f"{side} {sheet.language.baht(row[key])}" for side, key in sides)
        for row in of_any
    )
    name = sheet.say(called(MEASURES, measure))
    title = sheet.t(f"{name}: ค่ามัธยฐานต่อวิสาหกิจ", f"{name}: median an enterprise")
    return Chart(
        f"took-part-{measure.replace('_', '-')}",
        title,
        f"{title}. {said}",
        paired_bars("place", "baht", "series", sheet.t("บาท", "baht"), (took, did_not),
                    (charts.BLUE, charts.ORANGE)),
        drawn,
        _outcome_table(f"took-part-{measure.replace('_', '-')}", Text(title, title), of_any,
                       with_type=False),
    )  # fmt: skip


def _outcome_table(name: str, caption: Text, rows: Rows, *, with_type: bool) -> Table:
    first = (
        (
            Column("type", Text("ประเภทกิจกรรม", "Type of activity")),
            Column("measure_name", Text("ตัวชี้วัด", "Measure")),
        )
        if with_type
        else ()
    )
    any_type = Text("ประเภทใดก็ได้", "Any type")
    return Table(
        name,
        caption,
        (
            *first,
            Column("quarter", Text("ไตรมาส", "Quarter")),
            Column("members_reporting_took_part", Text("เข้าร่วม: ที่รายงาน", "Took part: reporting"),
                   "count", "members_reporting_took_part"),
            Column("members_took_part", Text("จากทั้งหมด", "of"), "count", "members_took_part"),
            Column("median_took_part_baht", Text("มัธยฐาน (บาท)", "Median (baht)"), "baht",
                   "median_took_part"),
            Column("members_reporting_did_not", Text("ไม่ได้เข้าร่วม: ที่รายงาน", "Did not: reporting"),
                   "count", "members_reporting_did_not"),
            Column("members_did_not", Text("จากทั้งหมด", "of"), "count", "members_did_not"),
            Column("median_did_not_baht", Text("มัธยฐาน (บาท)", "Median (baht)"), "baht",
                   "median_did_not"),
            Column("median_difference_baht", Text("ต่างกัน (บาท)", "Difference (baht)"), "baht",
                   "median_difference"),
        ),
        [
            {
                **row,
                "type": any_type if row["activity_type"] == "any"
                else called(ACTIVITY_TYPES, row["activity_type"]),
                "measure_name": called(MEASURES, row["measure"]),
                "quarter": Text(f"ไตรมาส {row['fiscal_quarter']}", f"Q{row['fiscal_quarter']}"),
            }
            for row in rows
        ],
    )  # fmt: skip


# ── The page ──────────────────────────────────────────────────────────────────────────────────────


def documents(db: duckdb.DuckDBPyConnection, edition: Edition) -> Iterable[Document]:
    """The one document."""
    year = edition.year
    if year is None:
        yield Document(PATH, TITLE, "activities.jinja", lambda _sheet: {"year": None})
        return
    found = activities_of(db, year)
    linked = sorted({row["cluster_code"] for row in found.kinds})

    def fill(sheet: Sheet) -> Mapping[str, Any]:
        return {
            "year": year,
            "figures": sheet.figures(_headline(found.total, found.enterprises, year)),
            "by_quarter": sheet.chart(_type_chart(sheet, found.by_quarter, found.by_type)),
            "by_type": sheet.chart(_money_chart(sheet, found.by_type)),
            "by_cluster": sheet.table(_cluster_table(found.by_cluster)),
            "has_partners": bool(found.links),
            "partner_types": sheet.chart(_type_grid(sheet, found.kinds)),
            "partners": sheet.chart(_partner_grid(sheet, found.partners, found.cells, linked)),
            "links": sheet.table(_link_table(found.links)),
            "warning": sheet.t(found.outcomes[0]["warning_th"], found.outcomes[0]["warning_en"])
            if found.outcomes
            else None,
            "took_part": [
                sheet.chart(_outcome_chart(sheet, found.outcomes, each)) for each in MEASURES
            ],
            "took_part_by_type": sheet.table(
                _outcome_table(
                    "took-part",
                    Text("ตามประเภทกิจกรรม", "By type of activity"),
                    [row for row in found.outcomes if row["activity_type"] != "any"],
                    with_type=True,
                )
            ),
        }

    yield Document(PATH, TITLE, "activities.jinja", fill)


PAGE = Page(PATH, TITLE, documents)
