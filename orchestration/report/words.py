"""What the warehouse's codes are called, in both languages, as the programme's own papers do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestration.report.language import Text

#: Of the programme's targets.
MEASURES: Mapping[str, Text] = {
    "economic_expansion": Text("การขยายตัวในระบบเศรษฐกิจ", "Economic expansion"),
    "cost_reduction": Text("การลดต้นทุน", "Cost reduction"),
}
BRANCHES: Mapping[str, Text] = {
    "fashion": Text("แฟชั่น", "Fashion"),
    "household_decor": Text("เครื่องใช้และของตกแต่งบ้าน", "Household goods and decoration"),
    "agro_processing": Text("เกษตรแปรรูป", "Agricultural processing"),
    "other": Text("อื่น ๆ", "Other"),
}
STATUSES: Mapping[str, Text] = {
    "active": Text("ปกติ", "active"),
    "withdrawn": Text("ถอนตัว", "withdrawn"),
}
ACTIVITY_TYPES: Mapping[str, Text] = {
    "capability_building": Text("พัฒนาศักยภาพ", "Capability building"),
    "market_promotion": Text("ส่งเสริมการตลาด", "Market promotion"),
    "market_innovation": Text("นวัตกรรมการตลาด", "Market innovation"),
    "business_matching": Text("จับคู่ธุรกิจ", "Business matching"),
    "study_visit": Text("ศึกษาดูงาน", "Study visit"),
    "linkage": Text("เชื่อมโยงเครือข่าย", "Linkage"),
}
PARTNER_TYPES: Mapping[str, Text] = {
    "research": Text("วิจัย", "Research"),
    "education": Text("การศึกษา", "Education"),
    "marketing": Text("การตลาด", "Marketing"),
    "government": Text("ราชการ", "Government"),
    "finance": Text("การเงิน", "Finance"),
    "none": Text("ไม่มี", "None"),
}
#: Kinds of matters to follow up.
MATTERS: Mapping[str, Text] = {
    "missing_report": Text("ยังไม่ได้รายงาน", "Report missing"),
    "quarantined": Text("ข้อมูลใช้ไม่ได้", "Rows not usable"),
    "held": Text("รอข้อมูลอื่น", "Waits for another record"),
    "rejected": Text("ไฟล์ถูกปฏิเสธ", "File rejected"),
    "suspicious": Text("น่าสงสัย", "Doubtful"),
}


def called(words: Mapping[str, Text], code: str | None) -> Text | str | None:
    """What a code is called; a code that nobody named stands for itself."""
    return None if code is None else words.get(code, code)


def with_page(row: Mapping[str, Any]) -> dict[str, Any]:
    """The name of a row's cluster and the path of its page."""
    code, name = row["cluster_code"], row["cluster_name_th"]
    if name is None:
        return {"cluster": code, "path": None}
    english = row["cluster_name_en"] or name
    return {"cluster": Text(f"{code} {name}", f"{code} {english}"), "path": f"clusters/{code}.html"}
