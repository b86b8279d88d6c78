"""The interface page's tables as data: what the tests of this package go through line by line.

Typed from the page and not derived from the contracts, so that a contract that drifts from the
page fails here.
"""

from __future__ import annotations

#: Section 1, the table: dataset → column → Thai label, in the page's order.
LABELS: dict[str, dict[str, str]] = {
    "cluster_registrations": {
        "cluster_code": "รหัสคลัสเตอร์",
        "cluster_name_th": "ชื่อคลัสเตอร์",
        "cluster_name_en": "ชื่อภาษาอังกฤษ",
        "branch": "สาขาอุตสาหกรรม",
        "provinces": "จังหวัด",
        "coordinator_name": "ผู้ประสานงาน",
        "registered_on": "วันที่ขึ้นทะเบียน",
        "submitted_on": "วันที่ส่งข้อมูล",
        "status": "สถานะ",
    },
    "member_registrations": {
        "cluster_code": "รหัสคลัสเตอร์",
        "juristic_id": "เลขทะเบียนนิติบุคคล",
        "enterprise_name": "ชื่อวิสาหกิจ",
        "legal_form": "รูปแบบกิจการ",
        "province": "จังหวัด",
        "business_type": "ประเภทกิจการ",
        "tsic_code": "รหัส TSIC",
        "role": "บทบาท",
        "employees": "จำนวนพนักงาน",
        "annual_revenue_baht": "รายได้ต่อปี",
        "fixed_assets_baht": "สินทรัพย์ถาวร",
        "registered_on": "วันที่ขึ้นทะเบียน",
        "submitted_on": "วันที่ส่งข้อมูล",
        "status": "สถานะ",
        "contact_name": "ผู้ติดต่อ",
        "contact_phone": "โทรศัพท์",
        "contact_email": "อีเมล",
    },
    "activity_reports": {
        "activity_id": "รหัสกิจกรรม",
        "cluster_code": "รหัสคลัสเตอร์",
        "activity_type": "ประเภทกิจกรรม",
        "title": "ชื่อกิจกรรม",
        "start_date": "วันที่เริ่ม",
        "end_date": "วันที่สิ้นสุด",
        "province": "จังหวัด",
        "participant_ids": "เลขทะเบียนผู้เข้าร่วม",
        "participants_people": "จำนวนผู้เข้าร่วม",
        "partner_name": "หน่วยงานเชื่อมโยง",
        "partner_type": "ประเภทหน่วยงาน",
        "budget_baht": "งบประมาณ",
        "spent_baht": "ใช้จริง",
        "submitted_on": "วันที่ส่งข้อมูล",
    },
    "financial_outcomes": {
        "cluster_code": "รหัสคลัสเตอร์",
        "juristic_id": "เลขทะเบียนนิติบุคคล",
        "fiscal_year": "ปีงบประมาณ",
        "quarter": "ไตรมาส",
        "measure": "ตัวชี้วัด",
        "amount": "จำนวน",
        "evidence_ref": "หลักฐาน",
        "submitted_on": "วันที่ส่งข้อมูล",
    },
}
DATASETS = tuple(LABELS)

#: The columns that the table calls required; every other is optional.
REQUIRED: dict[str, tuple[str, ...]] = {
    "cluster_registrations": (
        "cluster_code", "cluster_name_th", "branch", "registered_on", "submitted_on",
    ),
    "member_registrations": (
        "cluster_code", "juristic_id", "enterprise_name", "province", "registered_on",
        "submitted_on",
    ),
    "activity_reports": (
        "activity_id", "cluster_code", "activity_type", "start_date", "submitted_on",
    ),
    "financial_outcomes": (
        "cluster_code", "juristic_id", "fiscal_year", "quarter", "measure", "amount",
        "submitted_on",
    ),
}  # fmt: skip

#: (dataset, column) → code → Thai label.
CODES: dict[tuple[str, str], dict[str, str]] = {
    ("cluster_registrations", "branch"): {
        "fashion": "แฟชั่น",
        "household_decor": "เครื่องใช้และของตกแต่งบ้าน",
        "agro_processing": "เกษตรแปรรูป",
        "other": "อื่น ๆ",
    },
    ("cluster_registrations", "status"): {"active": "ปกติ", "withdrawn": "ถอนตัว"},
    ("member_registrations", "legal_form"): {
        "limited_company": "บริษัทจำกัด",
        "public_company": "บริษัทมหาชนจำกัด",
        "partnership": "ห้างหุ้นส่วน",
        "community_enterprise": "วิสาหกิจชุมชน",
        "cooperative": "สหกรณ์",
        "sole_proprietor": "บุคคลธรรมดา",
    },
    ("member_registrations", "business_type"): {
        "manufacturing": "ผลิต",
        "trade": "ค้า",
        "service": "บริการ",
    },
    ("member_registrations", "role"): {
        "lead": "แกนนำ",
        "member": "สมาชิก",
        "supporting": "สนับสนุน",
    },
    ("member_registrations", "status"): {"active": "ปกติ", "withdrawn": "ถอนตัว"},
    ("activity_reports", "activity_type"): {
        "capability_building": "พัฒนาศักยภาพ",
        "market_promotion": "ส่งเสริมการตลาด",
        "market_innovation": "นวัตกรรมการตลาด",
        "business_matching": "จับคู่ธุรกิจ",
        "study_visit": "ศึกษาดูงาน",
        "linkage": "เชื่อมโยงเครือข่าย",
    },
    ("activity_reports", "partner_type"): {
        "research": "วิจัย",
        "education": "การศึกษา",
        "marketing": "การตลาด",
        "government": "ราชการ",
        "finance": "การเงิน",
        "none": "ไม่มี",
    },
    ("financial_outcomes", "measure"): {
        "sales_increase": "ยอดขายเพิ่ม",
        "new_investment": "การลงทุนเพิ่ม",
        "cost_reduction": "ลดต้นทุน",
        "jobs_created": "การจ้างงานเพิ่ม",
    },
}

#: What an empty cell of these columns means.
DEFAULTS = {
    ("cluster_registrations", "status"): "active",
    ("member_registrations", "role"): "member",
    ("member_registrations", "status"): "active",
}

#: Section 2: the reason codes.
ROW_REASONS = (
    "missing_required", "bad_date", "bad_number", "bad_id", "bad_code", "bad_province",
    "out_of_range", "end_before_start", "duplicate_in_file", "unknown_cluster",
    "unregistered_enterprise",
)  # fmt: skip
FILE_REASONS = ("unreadable", "missing_column", "empty", "too_many_bad_rows")
#: Rows with these wait for another record and come in by themselves.
HELD_REASONS = ("unknown_cluster", "unregistered_enterprise")

#: Section 4: the commands, and those of the software beside them.
COMMANDS = (
    "run", "ui", "status", "query", "trace", "quarantine", "withdraw", "template", "sample",
    "rejudge",
)  # fmt: skip
