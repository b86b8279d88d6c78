"""Data quality: what is missing, held back, refused, doubted, and whether it gets better.

Each part is a section. Values of rows are never shown, only how many rows, why,
whose and since when; what a reason means is said in the words that coordinators are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
from markupsafe import Markup

from orchestration.report import charts
from orchestration.report.charts import Chart
from orchestration.report.edition import Edition
from orchestration.report.figures import Figure, Trace
from orchestration.report.grids import grid, lying_counts
from orchestration.report.language import Text
from orchestration.report.page import Document, Page, Sheet
from orchestration.report.quality_facts import LISTED, quality_of
from orchestration.report.seeds import suspicion_rules
from orchestration.report.tables import Column, Table
from orchestration.report.words import MATTERS, MEASURES, called, with_page
from sources.contracts import discover
from sources.sentences import Level, Said, reasons

PATH = "quality.html"
TITLE = Text("คุณภาพข้อมูล", "Data quality")

Rows = Sequence[Mapping[str, Any]]


def _dataset(name: str) -> Text:
    """A dataset by the label of its contract; one that has none any more is its own name."""
    contract = discover().get(name)
    return Text(name if contract is None else contract.label, name)


def _reason(code: str, level: Level) -> tuple[Said, Said]:
    """What a reason means and what to do, as coordinators are told; an unknown code is itself."""
    known = reasons().get((code, level))
    return (known.meaning, known.action) if known else (Said(code, code), Said("", ""))


def _text(said: Said) -> Text:
    return Text(said.thai, said.english)


def _quarter(number: int) -> Text:
    return Text(f"ไตรมาส {number}", f"Q{number}")


# ── What is missing ───────────────────────────────────────────────────────────────────────────────


def _completeness(sheet: Sheet, rows: Rows, quarters: Rows) -> Chart:
    drawn = [
        {
            "cluster": row["cluster_code"],
            "quarter": sheet.say(_quarter(row["fiscal_quarter"])),
            "ratio": row["completeness_ratio"],
            "said": sheet.language.percent(row["completeness_ratio"], 0),
        }
        for row in rows
        if row["is_due"] and row["completeness_ratio"] is not None
    ]
    said = " · ".join(
        f"{sheet.say(_quarter(row['fiscal_quarter']))}: "
        f"{sheet.language.percent(row['completeness_ratio'])}"
        for row in quarters
        if row["is_due"]
    )
    return Chart(
        "completeness",
        sheet.t("ความครบถ้วนรายคลัสเตอร์และไตรมาส", "Completeness by cluster and quarter"),
        sheet.t(
            f"สัดส่วนสมาชิกที่รายงานแล้วของทั้งโครงการ {said} ยิ่งเข้มยิ่งครบ",
            f"Share of members who have reported, all clusters: {said}. The darker the more.",
        ),
        grid("quarter", "cluster", "ratio", sheet.t("รายงานแล้ว", "reported"),
             tuple(dict.fromkeys(row["cluster"] for row in drawn)), 1.0, shown="said"),
        drawn,
        Table(
            "completeness",
            Text("ความครบถ้วนรายคลัสเตอร์และไตรมาส", "Completeness by cluster and quarter"),
            (
                Column("cluster", Text("คลัสเตอร์", "Cluster"), link="path"),
                Column("quarter", Text("ไตรมาส", "Quarter")),
                Column("members_expected", Text("ต้องรายงาน", "Expected"), "count",
                       "members_expected"),
                Column("members_reported", Text("รายงานแล้ว", "Reported"), "count",
                       "members_reported"),
                Column("members_missing", Text("ยังไม่รายงาน", "Missing"), "count",
                       "members_missing"),
                Column("completeness_ratio", Text("ครบถ้วน", "Complete"), "ratio", "completeness"),
                Column("on_time_ratio", Text("ตรงเวลา", "On time"), "ratio", "timeliness"),
            ),
            [{**row, **with_page(row), "quarter": _quarter(row["fiscal_quarter"])} for row in rows],
            flagged="is_silent",
        ),
    )  # fmt: skip


def _silent(rows: Rows) -> Table:
    return Table(
        "silent",
        Text("คลัสเตอร์ที่เงียบ", "Silent clusters"),
        (
            Column("cluster", Text("คลัสเตอร์", "Cluster"), link="path"),
            Column("quarter", Text("ไตรมาส", "Quarter")),
            Column("members_expected", Text("สมาชิกที่ต้องรายงาน", "Members expected"), "count",
                   "members_expected"),
        ),
        [
            {**row, **with_page(row), "quarter": _quarter(row["fiscal_quarter"])}
            for row in rows
            if row["is_silent"]
        ],
    )  # fmt: skip


# ── What is held back ─────────────────────────────────────────────────────────────────────────────


def _by_reason(sheet: Sheet, rows: Rows) -> Chart:
    sums: dict[str, int] = {}
    for row in rows:
        sums[row["reason"]] = sums.get(row["reason"], 0) + row["row_count"]
    ordered = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    drawn = [{"reason": sheet.say(_short(reason)), "row_count": count} for reason, count in ordered]
    said = " · ".join(f"{row['reason']}: {row['row_count']:,}" for row in drawn)
    table_rows = []
    for row in rows:
        meaning, action = _reason(row["reason"], "row")
        table_rows.append(
            {**row, "meaning": _text(meaning), "action": _text(action),
             "dataset_name": _dataset(row["dataset"]),
                "waits": _YES if row["held"] else _NO}
        )  # fmt: skip
    return Chart(
        "by-reason",
        sheet.t("แถวที่ยังไม่เข้าคลัง ตามเหตุผล", "Rows not taken in, by reason"),
        sheet.t(f"จำนวนแถวตามเหตุผล {said}", f"Rows by reason: {said}"),
        lying_counts("reason", "row_count", sheet.t("แถว", "rows"), len(drawn), charts.ORANGE),
        drawn,
        Table(
            "by-reason",
            Text("แถวที่ยังไม่เข้าคลัง ตามเหตุผล", "Rows not taken in, by reason"),
            (
                Column("meaning", Text("ความหมาย", "Meaning")),
                Column("dataset_name", Text("ชุดข้อมูล", "Dataset")),
                Column("row_count", Text("แถว", "Rows"), "count"),
                Column("files", Text("ไฟล์", "Files"), "count"),
                Column("since_at", Text("ตั้งแต่", "Since"), "instant"),
                Column("waits", Text("รอข้อมูลอื่น", "Waits for another record")),
                Column("action", Text("ต้องทำอะไร", "What to do")),
                Column("reason", Text("รหัส", "Code"), "code"),
            ),
            table_rows,
        ),
    )  # fmt: skip


def _short(reason: str) -> Text:
    """A reason in few words: its Thai sentence up to the first bracket or break; its code."""
    meaning, _ = _reason(reason, "row")
    thai = meaning.thai.removeprefix("รออยู่: ").split(" (")[0]
    return Text(thai, reason.replace("_", " "))


def _by_sender(rows: Rows) -> Table:
    return Table(
        "by-sender",
        Text("เรื่องที่ต้องติดตาม ตามผู้ส่งหรือคลัสเตอร์", "Matters to follow up, by sender or cluster"),
        (
            Column("sender", Text("ผู้ส่ง (โฟลเดอร์) หรือคลัสเตอร์", "Sender (folder) or cluster")),
            Column("kind_name", Text("เรื่อง", "Kind")),
            Column("matters", Text("จำนวนเรื่อง", "Matters"), "count", "matters_open"),
            Column("row_count", Text("แถว", "Rows"), "count", "matter_rows"),
            Column("opened_on", Text("ตั้งแต่", "Since"), "day"),
            Column("nights_open", Text("ค้างมากี่คืน", "Nights open"), "count", "nights_open"),
        ),
        [
            {
                **row,
                "sender": (row["sender"] or "").rstrip("/") or Text("ไม่ระบุ", "Not told"),
                "kind_name": called(MATTERS, row["kind"]),
            }
            for row in rows[:LISTED]
        ],
        note=_left_out(len(rows)),
    )


def _left_out(count: int) -> Text | None:
    if count <= LISTED:
        return None
    return Text(
        f"ไม่ได้แสดงอีก {count - LISTED:,} รายการ", f"{count - LISTED:,} further lines are not shown."
    )


def _rejected(rows: Rows) -> Table:
    listed = []
    for row in rows[:LISTED]:
        meaning, action = _reason(row["reason"], "file")
        listed.append(
            {**row, "meaning": _text(meaning), "action": _text(action),
             "dataset_name": _dataset(row["dataset"])}
        )  # fmt: skip
    return Table(
        "rejected",
        Text("ไฟล์ที่ถูกปฏิเสธ", "Rejected files"),
        (
            Column("path", Text("ไฟล์", "File")),
            Column("dataset_name", Text("ชุดข้อมูล", "Dataset")),
            Column("meaning", Text("เพราะ", "Because")),
            Column("action", Text("ต้องทำอะไร", "What to do")),
            Column("opened_on", Text("ตั้งแต่", "Since"), "day"),
            Column("nights_open", Text("ค้างมากี่คืน", "Nights open"), "count", "nights_open"),
        ),
        listed,
        note=_left_out(len(rows)),
    )


# ── What is doubted ───────────────────────────────────────────────────────────────────────────────


def _effect(rows: Rows) -> Table:
    return Table(
        "effect",
        Text("ตัวเลขของโครงการเมื่อไม่นับสิ่งที่น่าสงสัย", "The programme's figures without what is doubted"),
        (
            Column("name", Text("ตัวชี้วัด", "Measure")),
            Column("actual_baht", Text("ตามที่เผยแพร่ (บาท)", "As published (baht)"), "baht",
                   "programme_actual"),
            Column("suspicious_baht", Text("น่าสงสัย (บาท)", "Doubtful (baht)"), "baht",
                   "suspicious_amount"),
            Column("actual_without_suspicions_baht", Text("เมื่อไม่นับ (บาท)", "Without it (baht)"),
                   "baht", "actual_without_suspicions"),
        ),
        [{**row, "name": called(MEASURES, row["measure"])} for row in rows],
    )  # fmt: skip


def _suspicions(rows: Rows) -> Table:
    return Table(
        "suspicions",
        Text("ข้อสังเกต", "Suspicions"),
        (
            Column("rule_name", Text("ข้อสังเกต", "What is doubted")),
            Column("cluster", Text("คลัสเตอร์", "Cluster"), link="path"),
            Column("quarter", Text("ไตรมาส", "Quarter")),
            Column("baht_at_stake", Text("จำนวนเงินที่เกี่ยวข้อง (บาท)", "At stake (baht)"), "baht",
                   "baht_at_stake"),
            Column("effect_baht", Text("ผลต่อตัวเลขโครงการหากไม่นับ (บาท)",
                                       "The programme's figure would change by (baht)"), "baht"),
            Column("evidence", Text("เพราะ", "Because")),
            Column("action", Text("ต้องทำอะไร", "What to do")),
        ),
        [
            {
                **row,
                **with_page(row),
                "rule_name": suspicion_rules().get(row["rule"], row["rule"]),
                "quarter": None
                if row["fiscal_quarter"] is None
                else Text(
                    f"ไตรมาส {row['fiscal_quarter']}/{row['fiscal_year_be']}",
                    f"Q{row['fiscal_quarter']} {row['fiscal_year_be']}",
                ),
                "evidence": Text(row["evidence_th"], row["evidence_en"]),
                "action": Text(row["action_th"], row["action_en"]),
            }
            for row in rows
        ],
        note=_left_out(rows[0]["suspicions"] if rows else 0),
    )  # fmt: skip


# ── Whether it gets better ────────────────────────────────────────────────────────────────────────

_KIND_COLOURS = (charts.BLUE, charts.ORANGE, charts.GREEN, charts.VERMILION, charts.PURPLE)


def _trend(sheet: Sheet, rows: Rows) -> Chart:
    names = {kind: sheet.say(words) for kind, words in MATTERS.items()}
    drawn = [
        {
            "night": f"{row['night_number']}",
            "series": names.get(row["kind"], row["kind"]),
            "matters": row["matters_open"],
        }
        for row in rows
    ]
    last = rows[-1]["night_number"] if rows else None
    said = " · ".join(
        f"{names.get(row['kind'], row['kind'])} {row['matters_open']:,}"
        for row in rows
        if row["night_number"] == last
    )
    return Chart(
        "trend",
        sheet.t("เรื่องที่ค้าง เมื่อสิ้นแต่ละคืน", "Matters open at the end of each night"),
        sheet.t(f"เรื่องที่ค้างเมื่อสิ้นคืนล่าสุด {said}", f"Open after the last night: {said}"),
        charts.lines(
            "night", "matters", "series", sheet.t("เรื่อง", "matters"), tuple(names.values()),
            _KIND_COLOURS,
        ),
        drawn,
        Table(
            "trend",
            Text("เรื่องที่ค้าง ทีละคืน", "Matters open, night by night"),
            (
                Column("night_number", Text("คืนที่", "Night"), "count"),
                Column("began_on", Text("วันที่", "Day"), "day"),
                Column("kind_name", Text("เรื่อง", "Kind")),
                Column("matters_opened", Text("พบใหม่", "Opened"), "count", "matters_opened"),
                Column("matters_resolved", Text("หมดไป", "Resolved"), "count", "matters_resolved"),
                Column("matters_open", Text("ค้าง", "Open"), "count", "matters_open"),
            ),
            [{**row, "kind_name": called(MATTERS, row["kind"])} for row in reversed(rows)],
        ),
    )  # fmt: skip


def _trend_of(sheet: Sheet, rows: Rows) -> Markup:
    """The trend as a chart; as a table alone where there is only one night."""
    chart = _trend(sheet, rows)
    is_one = len({row["night_number"] for row in rows}) == 1
    return sheet.table(chart.table) if is_one else sheet.chart(chart)


_YES, _NO = Text("ใช่", "yes"), Text("ไม่ใช่", "no")
_TOOLS = {
    "great_expectations": Text("กฎของข้อมูลที่ส่งมา", "Rule of what arrives"),
    "dbt": Text("กฎของคลังข้อมูล", "Rule of the warehouse"),
}


def _checks(rows: Rows) -> Table:
    return Table(
        "checks",
        Text("การตรวจที่ไม่ผ่าน", "Checks that fail"),
        (
            Column("check_name", Text("การตรวจ", "Check"), "code"),
            Column("of", Text("ของ", "Of")),
            Column("tool_name", Text("ชนิด", "Kind")),
            Column("unexpected_count", Text("แถวที่ผิด", "Rows"), "count"),
            Column("failing_since_at", Text("ไม่ผ่านตั้งแต่", "Failing since"), "instant"),
            Column("nights_failing", Text("กี่คืน", "Nights"), "count"),
            Column("blocks", Text("คืนไม่เผยแพร่", "Blocks publication")),
            Column("action", Text("ต้องทำอะไร", "What to do")),
        ),
        [
            {
                **row,
                "of": _dataset(row["dataset_or_model"]),
                "tool_name": _TOOLS.get(row["tool"], row["tool"]),
                "blocks": _YES if row["effect"] == "blocks publication" else _NO,
                "action": Text(row["action_th"], row["action_en"]) if row["action_th"] else None,
            }
            for row in rows
        ],
    )


def _reconciled(rows: Rows, unit: str) -> Table:
    """What became of what was read, in one unit: `rows` or `baht`."""
    kind, called_th, called_en = (
        ("count", "แถว", "rows") if unit == "rows" else ("baht", "บาท", "baht")
    )
    parts = (
        ("read", Text("อ่าน", "Read")),
        ("current", Text("ใช้อยู่", "Current")),
        ("superseded", Text("ถูกแทนที่", "Superseded")),
        ("quarantined", Text("กักไว้", "Quarantined")),
        ("rest", Text("ต่างกัน", "Difference")),
    )
    return Table(
        f"reconciled-{unit}",
        Text(f"กระทบยอดตามชุดข้อมูล ({called_th})", f"Reconciliation by dataset ({called_en})"),
        (
            Column("dataset_name", Text("ชุดข้อมูล", "Dataset")),
            Column("files", Text("ไฟล์ที่อ่าน", "Files read"), "count"),
            *(Column(f"{unit}_{part}", heading, kind) for part, heading in parts),
        ),
        [{**row, "dataset_name": _dataset(row["dataset"])} for row in rows],
        is_sortable=False,
    )


# ── The page ──────────────────────────────────────────────────────────────────────────────────────


def _headline(found: Mapping[str, Any], year: int | None) -> list[Figure]:
    due = [row for row in found["quarters"] if row["is_due"]]
    figures = []
    if due:
        last = due[-1]
        keys = {"fiscal_year_be": year, "fiscal_quarter": last["fiscal_quarter"]}
        place = _quarter(last["fiscal_quarter"])
        figures = [
            Figure(Text(f"รายงานแล้ว {place.th}", f"Reported, {place.en}"),
                   last["completeness_ratio"], "ratio", "completeness",
                   Trace("rpt_programme_completeness", keys, "completeness_ratio"),
                   Text("ไตรมาสล่าสุดที่ครบกำหนด", "the latest quarter that is due")),
            Figure(Text(f"คลัสเตอร์ที่เงียบ {place.th}", f"Silent clusters, {place.en}"),
                   last["clusters_silent"], "count", "clusters_silent",
                   Trace("rpt_programme_completeness", keys, "clusters_silent")),
        ]  # fmt: skip
    return [
        *figures,
        Figure(Text("แถวที่กักไว้", "Rows in quarantine"), found["quarantine"]["quarantined"],
               "count", note=Text("ต้องแก้แล้วส่งใหม่", "to be mended and sent again")),
        Figure(Text("แถวที่รอข้อมูลอื่น", "Rows that wait"), found["quarantine"]["held"], "count",
               note=Text("เข้าเองเมื่อข้อมูลนั้นมา", "come in by themselves")),
        Figure(Text("ไฟล์ที่ถูกปฏิเสธ", "Rejected files"), len(found["rejected"]), "count"),
        Figure(Text("เรื่องที่ต้องติดตาม", "Matters to follow up"), found["open"]["matters"],
               "count", "matters_open"),
        Figure(Text("การตรวจที่ไม่ผ่าน", "Checks that fail"), found["check_total"]["failing"],
               "count", note=Text(f"จาก {found['check_total']['checks']:,} การตรวจ",
                                  f"of {found['check_total']['checks']:,}")),
    ]  # fmt: skip


def documents(db: duckdb.DuckDBPyConnection, edition: Edition) -> Iterable[Document]:
    """The one document."""
    found = quality_of(db, edition.year)

    def fill(sheet: Sheet) -> Mapping[str, Any]:
        return {
            "figures": sheet.figures(_headline(found, edition.year)),
            "completeness": sheet.chart(
                _completeness(sheet, found["completeness"], found["quarters"])
            ),
            "is_silent": any(row["is_silent"] for row in found["completeness"]),
            "silent": sheet.table(_silent(found["completeness"])),
            "is_held_back": bool(found["by_reason"]),
            "by_reason": sheet.chart(_by_reason(sheet, found["by_reason"])),
            "is_to_follow_up": bool(found["matters"]),
            "by_sender": sheet.table(_by_sender(found["matters"])),
            "is_rejected": bool(found["rejected"]),
            "rejected": sheet.table(_rejected(found["rejected"])),
            "is_doubted": bool(found["suspicions"]),
            "effect": sheet.table(_effect(found["effect"])),
            "suspicions": sheet.table(_suspicions(found["suspicions"])),
            "nights": len({row["night_number"] for row in found["trend"]}),
            "trend": _trend_of(sheet, found["trend"]),
            "is_failing": bool(found["checks"]),
            "checks": sheet.table(_checks(found["checks"])),
            "check_total": found["check_total"],
            "reconciles": not any(
                row["rows_rest"] or row["baht_rest"] for row in found["reconciled"]
            ),
            "reconciled": [
                sheet.table(_reconciled(found["reconciled"], unit)) for unit in ("rows", "baht")
            ],
        }

    yield Document(PATH, TITLE, "quality.jinja", fill)


PAGE = Page(PATH, TITLE, documents)
