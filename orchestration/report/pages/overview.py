"""Overview: are the two promises kept, how sure is that, and what changed since the last night."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from orchestration.report import charts
from orchestration.report.asking import ask
from orchestration.report.charts import Chart
from orchestration.report.edition import Edition
from orchestration.report.figures import Figure, Trace
from orchestration.report.language import ENGLISH, THAI, Text
from orchestration.report.pace import Pace
from orchestration.report.page import Document, Page, Sheet
from orchestration.report.tables import Column, Table
from orchestration.report.words import MEASURES

PATH = "index.html"
TITLE = Text("ภาพรวม", "Overview")

#: Files named behind a moved figure, and tables whose rows moved.
FILES_TOLD = 8

_PROGRESS_SQL = """
select * from reports.rpt_programme_progress
order by fiscal_year_be desc, measure = 'cost_reduction', measure
"""
#: Every quarter of the year in focus, with what was reported of it and added up so far.
_QUARTERS_SQL = """
with measures as (
    select measure from reports.rpt_programme_progress where fiscal_year_be = $year
),
amounts as (
    select fiscal_quarter, programme_measure as measure, sum(amount) as reported_baht
    from marts.fct_financial_outcome
    where fiscal_year_be = $year and programme_measure is not null
    group by all
)
select
    measures.measure, quarters.fiscal_quarter, quarters.is_due, quarters.due_on,
    amounts.reported_baht,
    sum(coalesce(amounts.reported_baht, 0)) over (
        partition by measures.measure order by quarters.fiscal_quarter
    ) as cumulative_baht
from marts.dim_fiscal_quarter as quarters
cross join measures
left join amounts using (fiscal_quarter, measure)
where quarters.fiscal_year_be = $year
order by measures.measure, quarters.fiscal_quarter
"""
_COMPLETENESS_SQL = """
select * from reports.rpt_programme_completeness where fiscal_year_be = $year
order by fiscal_quarter
"""
#: What this night moved: the figures, the files behind each, the tables.
_MOVED_SQL = """
select * from audit.night_difference where run_id = $run_id
and (kind = 'figure' or line = 'total') order by difference_number
"""


@dataclass(frozen=True)
class _Facts:
    """What the page tells, as the warehouse has it."""

    edition: Edition
    progress: Sequence[Mapping[str, Any]]
    quarters: Sequence[Mapping[str, Any]]
    completeness: Sequence[Mapping[str, Any]]
    moved: Sequence[Mapping[str, Any]]

    @property
    def in_focus(self) -> list[Mapping[str, Any]]:
        return [row for row in self.progress if row["fiscal_year_be"] == self.edition.year]

    def quarters_of(self, measure: str) -> list[Mapping[str, Any]]:
        return [row for row in self.quarters if row["measure"] == measure]


def documents(db: duckdb.DuckDBPyConnection, edition: Edition) -> Iterable[Document]:
    """The one document."""
    facts = _Facts(
        edition,
        ask(db, _PROGRESS_SQL),
        ask(db, _QUARTERS_SQL, year=edition.year),
        ask(db, _COMPLETENESS_SQL, year=edition.year),
        ask(db, _MOVED_SQL, run_id=edition.run_id),
    )
    yield Document(PATH, TITLE, "overview.jinja", lambda sheet: _values(sheet, facts))


def _values(sheet: Sheet, facts: _Facts) -> Mapping[str, Any]:
    return {
        "targets": [_target(sheet, facts, row) for row in facts.in_focus],
        "cumulative": [sheet.chart(_cumulative(sheet, facts, row)) for row in facts.in_focus],
        "sureness": sheet.figures(_sureness(facts)),
        "completeness": sheet.chart(_completeness(sheet, facts)),
        "moved": _moved(sheet, facts),
        "years": sheet.table(_years(facts)),
    }


# ── The targets ───────────────────────────────────────────────────────────────────────────────


def _target(sheet: Sheet, facts: _Facts, row: Mapping[str, Any]) -> Mapping[str, Any]:
    language = sheet.language
    name = sheet.say(MEASURES[row["measure"]])
    pace = Pace.of(row["target_baht"], facts.quarters_of(row["measure"]))
    progress = None
    if row["progress_ratio"] is not None:
        said = sheet.t(
            f"{name}: ได้ {language.percent(row['progress_ratio'])} ของเป้าหมาย",
            f"{name}: {language.percent(row['progress_ratio'])} of the target",
        )
        progress = sheet.progress(row["progress_ratio"], said, pace.elapsed_ratio)
    return {
        "name": name,
        "row": row,
        "pace": pace,
        "progress": progress,
        "trace": Trace(
            "rpt_programme_progress",
            {"fiscal_year_be": row["fiscal_year_be"], "measure": row["measure"]},
            "actual_baht",
        ),
    }


def _cumulative(sheet: Sheet, facts: _Facts, row: Mapping[str, Any]) -> Chart:
    language, measure = sheet.language, row["measure"]
    name = sheet.say(MEASURES[measure])
    quarters = facts.quarters_of(measure)
    year = row["fiscal_year_be"]
    target = row["target_baht"]
    reported, even = sheet.t("รายงานสะสม", "reported so far"), sheet.t("ก้าวสม่ำเสมอ", "even pace")
    places = [language.quarter(year, quarter["fiscal_quarter"]) for quarter in quarters]
    drawn = []
    for place, quarter in zip(places, quarters, strict=True):
        if quarter["reported_baht"] is not None or quarter["is_due"]:
            drawn.append({
                "place": place, "series": reported, "million": _millions(quarter["cumulative_baht"])
            })  # fmt: skip
        if target is not None:
            share = Decimal(quarter["fiscal_quarter"]) / 4
            drawn.append({"place": place, "series": even, "million": _millions(target * share)})
    rows = [
        {
            "quarter": language.quarter(year, quarter["fiscal_quarter"]),
            "reported_baht": quarter["reported_baht"],
            "cumulative_baht": quarter["cumulative_baht"],
            "share": quarter["cumulative_baht"] / target if target else None,
        }
        for quarter in quarters
    ]
    last = quarters[-1]["cumulative_baht"] if quarters else None
    description = f"{name}. " + "; ".join(
        f"{row['quarter']}: {language.million(row['cumulative_baht'])}" for row in rows
    )
    if target is not None:
        description += sheet.t(
            f" เป้าหมายไม่น้อยกว่า {language.million(target)} รายงานแล้ว {language.million(last)}",
            f". The target is not less than {language.million(target)}; "
            f"reported so far: {language.million(last)}.",
        )
    columns = (
        Column("quarter", Text("ไตรมาส", "Quarter")),
        Column("reported_baht", Text("รายงานในไตรมาส (บาท)", "Of the quarter (baht)"), "baht"),
        Column("cumulative_baht", Text("สะสม (บาท)", "So far (baht)"), "baht"),
        Column("share", Text("ร้อยละของเป้าหมาย", "Of the target"), "ratio"),
    )
    return Chart(
        f"cumulative-{measure.replace('_', '-')}",
        sheet.t(f"{name}: สะสมรายไตรมาส", f"{name}: added up by quarter"),
        description,
        charts.against_target(
            "place", "million", "series", sheet.t("ล้านบาท", "million baht"), reported, even
        ),
        drawn,
        Table(
            f"cumulative-{measure.replace('_', '-')}",
            Text(
                f"{MEASURES[measure].th} รายไตรมาส ปีงบประมาณ {year}",
                f"{MEASURES[measure].en} by quarter, fiscal year {year}",
            ),
            columns,
            rows,
            is_sortable=False,
        ),
    )


def _millions(baht: Any) -> float:
    return round(float(baht) / 1e6, 6)


# ── How sure ──────────────────────────────────────────────────────────────────────────────────


def _sureness(facts: _Facts) -> list[Figure]:
    figures = []
    for row in facts.in_focus:
        name = MEASURES[row["measure"]]
        keys = {"fiscal_year_be": row["fiscal_year_be"], "measure": row["measure"]}
        without = row["actual_without_suspicions_baht"]
        figures += [
            Figure(
                Text(f"สมาชิกที่รายงาน{name.th}", f"Members who reported {name.en.lower()}"),
                row["completeness_ratio"],
                "ratio",
                "completeness_of_measure",
                Trace("rpt_programme_progress", keys, "members_reported"),
                Text(
                    f"{row['members_reported']:,} จาก {row['members_expected']:,} ราย "
                    f"รายงานอย่างน้อยหนึ่งไตรมาส ใน {row['clusters_reporting']:,} คลัสเตอร์",
                    f"{row['members_reported']:,} of {row['members_expected']:,} "
                    f"in at least one quarter; {row['clusters_reporting']:,} clusters",
                ),
            ),
            Figure(
                Text(f"น่าสงสัยใน{name.th}", f"Doubtful in {name.en.lower()}"),
                row["suspicious_baht"],
                "million",
                "suspicious_amount",
                Trace("rpt_programme_progress", keys, "suspicious_baht"),
                Text(
                    f"นับรวมอยู่ในยอด หากไม่นับเหลือ {THAI.million(without)}",
                    f"counted in the figure; without it {ENGLISH.million(without)}",
                ),
            ),
        ]
    return figures


def _completeness(sheet: Sheet, facts: _Facts) -> Chart:
    language = sheet.language
    due = [row for row in facts.completeness if row["is_due"]]
    names = {
        "members_on_time": sheet.t("ตรงเวลา", "on time"),
        "members_late": sheet.t("ช้า", "late"),
        "members_missing": sheet.t("ยังไม่รายงาน", "missing"),
    }
    drawn = [
        {
            "place": language.quarter(row["fiscal_year_be"], row["fiscal_quarter"]),
            "series": name,
            "members": row[key] or 0,
        }
        for row in due
        for key, name in names.items()
    ]
    rows = [
        {**row, "quarter": language.quarter(row["fiscal_year_be"], row["fiscal_quarter"])}
        for row in facts.completeness
    ]
    said = "; ".join(
        f"{row['quarter']}: {language.percent(row['completeness_ratio'])}"
        for row in rows
        if row["is_due"]
    )
    return Chart(
        "completeness",
        sheet.t("สมาชิกที่รายงาน รายไตรมาส", "Members who reported, by quarter"),
        sheet.t(f"สัดส่วนสมาชิกที่รายงานแล้ว {said}", f"Share of members who have reported. {said}."),
        charts.stacked_bars(
            "place", "members", "series", sheet.t("ราย", "members"), tuple(names.values()),
            (charts.BLUE, charts.SKY, charts.ORANGE),
        ),
        drawn,
        Table(
            "completeness",
            Text("ความครบถ้วนของรายงาน", "How complete the reporting is"),
            (
                Column("quarter", Text("ไตรมาส", "Quarter")),
                Column("due_on", Text("ครบกำหนด", "Due on"), "day"),
                Column(
                    "members_expected", Text("ต้องรายงาน", "Expected"), "count", "members_expected"
                ),
                Column(
                    "members_on_time", Text("ตรงเวลา", "On time"), "count", "members_on_time"
                ),
                Column("members_late", Text("ช้า", "Late"), "count", "members_late"),
                Column(
                    "members_missing", Text("ยังไม่รายงาน", "Missing"), "count", "members_missing"
                ),
                Column(
                    "completeness_ratio", Text("ครบถ้วน", "Complete"), "ratio", "completeness"
                ),
                Column("on_time_ratio", Text("ทันเวลา", "In time"), "ratio", "timeliness"),
                Column(
                    "clusters_silent",
                    Text("คลัสเตอร์ที่เงียบ", "Silent clusters"),
                    "count",
                    "clusters_silent",
                ),
            ),
            rows,
            is_sortable=False,
        ),
    )  # fmt: skip


# ── What changed ──────────────────────────────────────────────────────────────────────────────


def _moved(sheet: Sheet, facts: _Facts) -> Mapping[str, Any]:
    """The figures that moved with their files, and the tables; nothing of a first night."""
    figures = []
    lines = [line for line in facts.moved if line["kind"] == "figure"]
    for total in lines:
        if total["line"] != "total":
            continue
        year, measure = _figure_of(total["figure_key"])
        behind = [
            line
            for line in lines
            if line["figure_key"] == total["figure_key"] and line["line"] != "total"
        ]
        if not behind and not total["figure_change_baht"]:
            continue  # every headline figure has its line, changed or not
        told = [line for line in behind if line["line"] == "file"][:FILES_TOLD]
        figures.append({
            "name": sheet.say(MEASURES.get(measure, measure)),
            "year": sheet.language.year(int(year)),
            "line": total,
            "files": told,
            "further": sum(line["files"] or 1 for line in behind) - len(told),
        })  # fmt: skip
    rows = Table(
        "moved-rows",
        Text("ตารางที่มีแถวเปลี่ยน", "Tables whose rows changed"),
        (
            Column("table_name", Text("ตาราง", "Table"), "code"),
            Column("rows_before", Text("แถวเดิม", "Rows before"), "count"),
            Column("rows_after", Text("แถวใหม่", "Rows now"), "count"),
            Column("rows_added", Text("เพิ่ม", "Added"), "count"),
            Column("rows_changed", Text("แก้ไข", "Changed"), "count"),
            Column("rows_removed", Text("หายไป", "Removed"), "count"),
            Column("files", Text("ไฟล์", "Files"), "count"),
        ),
        [line for line in facts.moved if line["kind"] == "rows"],
    )
    return {"figures": figures, "rows": sheet.table(rows) if rows.rows else None}


def _figure_of(key: str) -> tuple[str, str]:
    """Fiscal year and measure of `fiscal_year_be=2558, measure=cost_reduction`."""
    parts = dict(part.split("=", 1) for part in key.split(", "))
    return parts["fiscal_year_be"], parts["measure"]


# ── All years ─────────────────────────────────────────────────────────────────────────────────


def _years(facts: _Facts) -> Table:
    return Table(
        "years",
        Text("ทุกปีงบประมาณ", "All fiscal years"),
        (
            Column("fiscal_year_be", Text("ปีงบประมาณ", "Fiscal year"), "plain"),
            Column("measure_name", Text("ตัวชี้วัด", "Measure")),
            Column(
                "target_baht", Text("เป้าหมายขั้นต่ำ (บาท)", "Target, a floor (baht)"), "baht",
                "programme_target",
            ),
            Column(
                "actual_baht", Text("รายงานแล้ว (บาท)", "Reported (baht)"), "baht",
                "programme_actual",
            ),
            Column("progress_ratio", Text("คืบหน้า", "Progress"), "ratio", "programme_progress"),
            Column(
                "completeness_ratio", Text("สมาชิกที่รายงาน", "Members who reported"), "ratio",
                "completeness_of_measure",
            ),
            Column(
                "suspicious_baht", Text("น่าสงสัย (บาท)", "Doubtful (baht)"), "baht",
                "suspicious_amount",
            ),
            Column(
                "closed_baht", Text("ไตรมาสที่ปิดแล้ว (บาท)", "Closed quarters (baht)"), "baht",
                "programme_closed",
            ),
            Column(
                "adjustment_baht", Text("ปรับภายหลัง (บาท)", "Adjusted since (baht)"), "baht",
                "programme_adjustment",
            ),
        ),
        [{**row, "measure_name": MEASURES[row["measure"]]} for row in facts.progress],
    )  # fmt: skip


PAGE = Page(PATH, TITLE, documents)
