"""What the workbook calls sheets and columns, in Thai and English.

Columns that hold a metric are called what the metric is called (`reports.metric_definition`). Here
stand the others, each name once, for it means the same in every report.
"""

from __future__ import annotations

from typing import NamedTuple


class Label(NamedTuple):
    """What a thing is called in both languages."""

    th: str
    en: str


#: The reports in the order in which a reader asks; what is not named here comes after them.
SHEETS = {
    "rpt_programme_progress": Label("ความก้าวหน้าของโครงการ", "Progress of the programme"),
    "rpt_cluster_scorecard": Label("ผลงานรายคลัสเตอร์", "Scorecards of the clusters"),
    "rpt_programme_completeness": Label(
        "ความครบถ้วนของรายงานทั้งโครงการ", "Completeness, all clusters"
    ),
    "rpt_reporting_completeness": Label("ความครบถ้วนของรายงานรายคลัสเตอร์", "Completeness by cluster"),
    "rpt_participation_outcomes": Label(
        "ผลของผู้ที่เข้าร่วมและไม่ได้เข้าร่วมกิจกรรม", "Those who took part, and those who did not"
    ),
    "rpt_suspicions": Label("ข้อสังเกต", "Suspicions"),
    "rpt_follow_up": Label("เรื่องที่ต้องติดตาม", "Matters to follow up"),
    "rpt_follow_up_trend": Label("แนวโน้มเรื่องที่ต้องติดตาม", "Matters, night by night"),
    "rpt_quarter_closing": Label("ยอดของไตรมาสที่ปิดแล้ว", "Closed quarters"),
    "rpt_quarter_adjustment": Label("ยอดปรับหลังปิดไตรมาส", "Adjustments since closing"),
    "metric_definition": Label("นิยามของตัวเลข", "What the figures mean"),
    "metric_column": Label("สูตรของแต่ละคอลัมน์", "The formula of each column"),
}

COLUMNS = {
    "action_en": Label("สิ่งที่ต้องทำ (อังกฤษ)", "What to do, in English"),
    "action_th": Label("สิ่งที่ต้องทำ", "What to do, in Thai"),
    "activity_id": Label("รหัสกิจกรรม", "Activity"),
    "activity_type": Label("ประเภทกิจกรรม", "Type of activity"),
    "appears_in": Label("อยู่ในคอลัมน์", "Appears in"),
    "began_on": Label("วันที่เริ่มคืน", "Night began on"),
    "bound": Label("ขอบเขต", "Bound"),
    "branch": Label("สาขาอุตสาหกรรม", "Branch"),
    "closed_at": Label("ปิดไตรมาสเมื่อ", "Closed at"),
    "closed_by": Label("ผู้ปิดไตรมาส", "Closed by"),
    "cluster_code": Label("รหัสคลัสเตอร์", "Cluster"),
    "cluster_name_th": Label("ชื่อคลัสเตอร์", "Name of the cluster, in Thai"),
    "column_name": Label("คอลัมน์", "Column"),
    "dataset": Label("ชุดข้อมูล", "Dataset"),
    "due_on": Label("กำหนดส่งรายงาน", "Reports due on"),
    "enterprise_key": Label("รหัสแทนวิสาหกิจ", "Enterprise"),
    "evidence_en": Label("เหตุที่สงสัย (อังกฤษ)", "Why it is doubted, in English"),
    "evidence_th": Label("เหตุที่สงสัย", "Why it is doubted, in Thai"),
    "figure_measure": Label("ตัวเลขที่เกี่ยวข้อง", "Figure it touches"),
    "file_id": Label("รหัสไฟล์ (SHA-256)", "File (SHA-256)"),
    "first_seen_on": Label("วันที่พบครั้งแรก", "First seen on"),
    "fiscal_quarter": Label("ไตรมาส", "Fiscal quarter"),
    "fiscal_year_be": Label("ปีงบประมาณ (พ.ศ.)", "Fiscal year (Buddhist era)"),
    "formula": Label("สูตร", "Formula"),
    "grain": Label("แยกได้ตาม", "May be split by"),
    "is_due": Label("ถึงกำหนดแล้ว", "Due"),
    "is_resolved_tonight": Label("แก้แล้วในคืนนี้", "Resolved tonight"),
    "is_target_met": Label("ถึงเป้าหมาย", "Target met"),
    "kind": Label("ประเภทของเรื่อง", "Kind of matter"),
    "label_en": Label("ชื่อภาษาอังกฤษ", "Label in English"),
    "label_th": Label("ชื่อภาษาไทย", "Label in Thai"),
    "last_submitted_on": Label("วันที่ส่งครั้งล่าสุด", "Last submitted on"),
    "matter_id": Label("รหัสเรื่อง", "Matter"),
    "measure": Label("ตัวชี้วัด", "Measure"),
    "metric_name": Label("ตัวเลข", "Metric"),
    "name": Label("รหัสของตัวเลข", "Metric"),
    "night_number": Label("คืนที่", "Night"),
    "opened_on": Label("วันที่เปิดเรื่อง", "Opened on"),
    "other_cluster_code": Label("รหัสคลัสเตอร์อีกแห่ง", "The other cluster"),
    "other_enterprise_key": Label("รหัสแทนวิสาหกิจอีกแห่ง", "The other enterprise"),
    "path": Label("ไฟล์", "File"),
    "programme_measure": Label("ตัวชี้วัดของเป้าหมาย", "Measure of the targets"),
    "query": Label("คำสั่ง SQL", "SQL"),
    "reason": Label("เหตุผล", "Reason"),
    "resolved_on": Label("วันที่แก้แล้ว", "Resolved on"),
    "row_number": Label("แถวที่", "Row in the file"),
    "rule": Label("กฎ", "Rule"),
    "run_id": Label("รหัสรอบการประมวลผล", "Run"),
    "sender": Label("ผู้ส่ง", "Sender"),
    "sheet_name": Label("ชีต", "Sheet"),
    "state": Label("สถานะ", "State"),
    "suspicion_id": Label("รหัสข้อสังเกต", "Suspicion"),
    "table_name": Label("ตาราง", "Table"),
    "text_en": Label("ความหมาย (อังกฤษ)", "Meaning, in English"),
    "text_th": Label("ความหมาย", "Meaning, in Thai"),
    "unit": Label("หน่วย", "Unit"),
    "value_of_nothing": Label("ค่าเมื่อไม่มีข้อมูล", "Value of nothing"),
    "waits_for": Label("รออะไร", "Waits for"),
    "warning_en": Label("ข้อควรระวัง (อังกฤษ)", "Warning, in English"),
    "warning_th": Label("ข้อควรระวัง", "Warning, in Thai"),
    "what_en": Label("เรื่อง (อังกฤษ)", "What is the matter, in English"),
    "what_th": Label("เรื่อง", "What is the matter, in Thai"),
    "why": Label("เพราะอะไร", "Why"),
}

#: What a metric's unit is called above its column; others say nothing that the label does not.
UNITS = {
    "baht": Label("บาท", "baht"),
    "people": Label("คน", "people"),
    "days": Label("วัน", "days"),
}
