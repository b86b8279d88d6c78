"""Writes the samples that no text editor can: workbooks, Parquet, compressed and damaged files.

    python tests/sources/make_binary_samples.py

The files it writes are committed; run it again only to change one. One is not written here:
`financial_outcomes/workbooks/workbook_xls.xls` came from `xlwt`, which is no longer kept up.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import xlsxwriter
from pyarrow import parquet

sys.path.insert(0, str(Path(__file__).parents[1]))

from file_writers import (
    COVERED,
    HERE,
    Error,
    Serial,
    Spanned,
    as_parquet,
    compound,
    inline,
    keep_openpyxl,
    ods,
    packed,
    plain_xlsx,
    plain_xlsx_bytes,
    xls,
    xlsx,
    zipped,
)

MEMBERS = [
    "cluster_code",
    "juristic_id",
    "enterprise_name",
    "province",
    "registered_on",
    "submitted_on",
]
OUTCOMES_TH = [
    "รหัสคลัสเตอร์",
    "เลขทะเบียนนิติบุคคล",
    "ปีงบประมาณ",
    "ไตรมาส",
    "ตัวชี้วัด",
    "จำนวน",
    "วันที่ส่งข้อมูล",
]
OUTCOMES = [
    "cluster_code",
    "juristic_id",
    "fiscal_year",
    "quarter",
    "measure",
    "amount",
    "submitted_on",
]
ACTIVITIES_TH = [
    "รหัสกิจกรรม",
    "รหัสคลัสเตอร์",
    "ประเภทกิจกรรม",
    "วันที่เริ่ม",
    "วันที่สิ้นสุด",
    "งบประมาณ",
    "วันที่ส่งข้อมูล",
]
CLUSTERS_TH = ["รหัสคลัสเตอร์", "ชื่อคลัสเตอร์", "สาขาอุตสาหกรรม", "จังหวัด", "วันที่ขึ้นทะเบียน", "วันที่ส่งข้อมูล"]

OUTCOME_MEASURES = ("sales_increase", "cost_reduction")


def outcome(quarter: Any = 1, amount: Any = "1,000.00", **other: Any) -> list[Any]:
    """A row of financial outcomes."""
    row = {
        "cluster": "C01",
        "id": "0105558000014",
        "year": "2558",
        "measure": "ยอดขายเพิ่ม",
        "sent": "01/02/2558",
        **other,
    }
    return [row["cluster"], row["id"], row["year"], quarter, row["measure"], amount, row["sent"]]


def write_workbooks() -> None:
    """The workbooks."""
    xlsx(
        "financial_outcomes/workbooks/title_rows_thai_headers_and_total.xlsx",
        {
            "ไตรมาส 1": [
                ["ผลลัพธ์ทางการเงิน ปีงบประมาณ 2558"],
                ["หน่วย: บาท"],
                [],
                OUTCOMES_TH,
                outcome(1, 1200.5),
                [],
                outcome(2, "(300)"),
                ["รวม", None, None, None, None, 900.5, None],
            ]
        },
    )
    xlsx(
        "financial_outcomes/workbooks/several_sheets.xlsx",
        {
            "คำอธิบาย": [["โปรดกรอกทีละไตรมาส"]],
            "ไตรมาส 1": [OUTCOMES_TH, outcome(1), ["รวมทั้งสิ้น", None, None, None, None, 1000]],
            "ไตรมาส 2": [["หัวเรื่อง"], OUTCOMES, outcome(2, "2,000.00")],
            "ไตรมาส 3": [OUTCOMES_TH, outcome(1, "3,000.00"), outcome(3), outcome(4, "x")],
        },
    )
    xlsx(
        "financial_outcomes/workbooks/cells_of_numbers_and_dates.xlsx",
        {
            "Sheet1": [
                OUTCOMES,
                outcome(1, 0.29, id=105558000014, year=2558, sent=dt.date(2015, 2, 1)),
                outcome(2, 1234567.89, id=1101700230708, year=2015, sent=dt.date(2558, 2, 1)),
                outcome(3, -42, id=105558000014, year=2558, sent=42036),
                outcome(4, 5, id=105558000014, year=2558, sent=dt.datetime(2015, 2, 1, 14, 5)),
            ]
        },
    )
    sheet = {"Sheet1": [OUTCOMES_TH, outcome(1, 1200.5, sent=dt.date(2015, 2, 1)), outcome(2, "-")]}
    sheet["Sheet1"] += [outcome(3), outcome(4)]
    ods("financial_outcomes/workbooks/workbook_ods.ods", sheet)
    xlsx("financial_outcomes/files/header_without_rows.xlsx", {"Sheet1": [OUTCOMES_TH]})
    xlsx("financial_outcomes/files/empty_workbook.xlsx", {"Sheet1": [], "Sheet2": []})
    xlsx(
        "financial_outcomes/files/missing_column.xlsx",
        {"Sheet1": [OUTCOMES_TH[:-1], outcome()[:-1]]},
    )
    whole = (HERE / "financial_outcomes/workbooks/several_sheets.xlsx").read_bytes()
    (HERE / "financial_outcomes/files/damaged_workbook.xlsx").write_bytes(whole[: len(whole) // 2])
    xlsx(
        "financial_outcomes/money/money_header_with_unit.xlsx",
        {
            "Sheet1": [
                [*OUTCOMES_TH[:5], "จำนวน (ล้านบาท)", OUTCOMES_TH[6]],
                outcome(1, 1.25),
                outcome(2, "500 พันบาท"),
                outcome(3, "(0.5)"),
            ]
        },
    )
    xlsx(
        "cluster_registrations/workbooks/thai_workbook.xlsx",
        {
            "ทะเบียน": [
                ["ทะเบียนคลัสเตอร์"],
                CLUSTERS_TH,
                ["C01", "ผ้าทอ", "แฟชั่น", "จ.เลย; Udon Thani;39", dt.date(2558, 1, 20), "1 ก.พ. 58"],
                ["C02", "เครือข่ายแห่งชาติ", "อื่น ๆ", None, "20/01/2558", "1 ก.พ. 58"],
                ["C03", "เซรามิก", "เครื่องใช้และของตกแต่งบ้าน", 52, 42024, "1 ก.พ. 58"],
                ["รวม", "3 คลัสเตอร์"],
            ]
        },
    )
    xlsx(
        "member_registrations/workbooks/numbers_that_lost_their_zero.xlsx",
        {
            "Sheet1": [
                [*MEMBERS, "tsic_code", "employees", "contact_phone"],
                [
                    "C01",
                    105558000014,
                    "บจก. หนึ่ง",
                    "เลย",
                    dt.date(2015, 1, 20),
                    "1/2/58",
                    1110,
                    12,
                    812345678,
                ],
                [
                    "C01",
                    1101700230708,
                    "นายสมชาย",
                    "เลย",
                    dt.date(2015, 1, 20),
                    "1/2/58",
                    13111,
                    3.0,
                    812345679,
                ],
                [
                    "C01",
                    105558000015,
                    "บจก. สอง",
                    "เลย",
                    dt.date(2015, 1, 20),
                    "1/2/58",
                    13111,
                    2.5,
                    None,
                ],
                [
                    "C02",
                    105558000014,
                    "บจก. หนึ่ง",
                    42,
                    dt.date(2015, 1, 20),
                    "1/2/58",
                    131115,
                    1,
                    None,
                ],
                [
                    "C03",
                    105558000014,
                    "บจก. หนึ่ง",
                    42,
                    dt.date(2015, 1, 20),
                    "1/2/58",
                    None,
                    None,
                    None,
                ],
            ]
        },
    )
    xlsx(
        "activity_reports/workbooks/workbook_with_titles_and_total.xlsx",
        {
            "กิจกรรม": [
                ["รายงานกิจกรรม", "", ""],
                [],
                ACTIVITIES_TH,
                [
                    "A-1",
                    "C01",
                    "อบรม",
                    dt.date(2015, 3, 1),
                    dt.date(2015, 3, 2),
                    150000,
                    "1 เม.ย. 58",
                ],
                ["A-2", "C01", "ศึกษาดูงาน", dt.date(2558, 3, 5), None, "1.5 แสนบาท", "1 เม.ย. 58"],
                [None, None, None, None, "รวมเป็นเงิน", 300000, None],
            ]
        },
    )


def write_typed() -> None:
    """The Parquet and the compressed files."""
    as_parquet(
        "financial_outcomes/formats/typed_columns.parquet",
        {
            "cluster_code": ["C01", "C01", "C01"],
            "juristic_id": pa.array([105558000014] * 3, pa.int64()),
            "fiscal_year": pa.array([2558, 2015, 2600], pa.int32()),
            "quarter": pa.array([1, 2, 3], pa.int8()),
            "measure": ["sales_increase", "jobs_created", "cost_reduction"],
            "amount": pa.array([0.1 + 0.2, 7.0, -1234.565]),
            "submitted_on": pa.array([dt.date(2015, 2, 1)] * 3),
        },
    )
    as_parquet(
        "financial_outcomes/files/no_rows.parquet",
        {name: pa.array([], pa.string()) for name in OUTCOMES},
    )
    as_parquet(
        "activity_reports/files/missing_column.parquet", {"activity_id": ["A-1"], "amount": [1]}
    )
    as_parquet(
        "member_registrations/formats/lists_and_dates.parquet",
        {
            **{name: ["C01"] for name in MEMBERS[:1]},
            "juristic_id": ["0105558000014"],
            "enterprise_name": ["บจก. หนึ่ง"],
            "province": ["42"],
            "registered_on": pa.array([dt.datetime(2015, 1, 20)], pa.timestamp("ns")),
            "submitted_on": pa.array([dt.datetime(2015, 2, 1, 8, 0)], pa.timestamp("us")),
            "annual_revenue_baht": pa.array([1234567.891], pa.float64()),
        },
    )
    file = io.BytesIO()
    parquet.write_table(pa.table({name: ["x" * 50] * 30 for name in OUTCOMES}), file)
    damaged = bytearray(file.getvalue())
    damaged[40:80] = b"\xff" * 40
    (HERE / "financial_outcomes/files/damaged_pages.parquet").write_bytes(bytes(damaged))
    rows = "\n".join("\t".join(map(str, row)) for row in [OUTCOMES_TH, outcome(1), outcome(2)])
    packed("financial_outcomes/formats/tab_separated.tsv.gz", rows, "cp874")
    packed("financial_outcomes/files/nothing_packed.csv.gz", "")
    whole = gzip.compress(rows.encode(), mtime=0)
    (HERE / "financial_outcomes/files/cut_off.csv.gz").write_bytes(whole[:-30])
    broken = bytearray(whole)
    broken[20:40] = b"\x00" * 20
    (HERE / "activity_reports/files/damaged_inside.csv.gz").write_bytes(bytes(broken))


def write_cells_of_no_value() -> None:
    """Workbooks with hidden sheets, error cells and formulas."""
    where = "financial_outcomes/workbooks"
    with xlsxwriter.Workbook(HERE / where / "hidden_sheet.xlsx") as book:
        book.set_properties({"created": dt.datetime(2015, 1, 20)})
        for name, quarter in (("เปิด", 1), ("ซ่อน", 2), ("ซ่อนลึก", 3)):
            sheet = book.add_worksheet(name)
            for row, cells in enumerate([OUTCOMES_TH, outcome(quarter)]):
                sheet.write_row(row, 0, cells)
            if name == "ซ่อน":
                sheet.hide()
            elif name == "ซ่อนลึก":
                sheet.very_hidden()
            sheet.set_row(1, None, None, {"hidden": True})
            sheet.set_column(5, 5, None, None, {"hidden": True})
    with xlsxwriter.Workbook(HERE / where / "error_cells.xlsx") as book:
        book.set_properties({"created": dt.datetime(2015, 1, 20)})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*OUTCOMES_TH, "หลักฐาน"])
        for row in range(1, 7):
            sheet.write_row(row, 0, [*outcome(row % 4 + 1, 100 * row), f"E-{row}"])
        sheet.write_formula(2, 5, "=NA()", None, "#N/A")
        sheet.write_formula(3, 7, "=Sheet2!A1", None, "#REF!")
        sheet.write_formula(4, 5, "=10*40", None, 400)
    book = openpyxl.Workbook()
    for cells in [OUTCOMES, outcome(1), outcome(2), outcome(3)]:
        book.active.append(cells)
    for row in (2, 3):
        book.active.cell(row, 6).value = f"=C{row}*2"
    keep_openpyxl(book, f"{where}/formulas_never_calculated.xlsx")
    book = openpyxl.Workbook()
    for cells in [OUTCOMES, outcome(1, 100), outcome(2, 200)]:
        book.active.append(cells)
    book.active.append(["รวม", None, None, None, None, "=SUM(F2:F3)"])
    keep_openpyxl(book, f"{where}/total_never_calculated.xlsx")


def write_numbers_as_something_else() -> None:
    """Workbooks whose numbers are shown as dates, percentages and truths."""
    where = "financial_outcomes/workbooks"
    with xlsxwriter.Workbook(
        HERE / where / "dates_from_1904.xlsx",
        {"date_1904": True, "default_date_format": "dd/mm/yyyy"},
    ) as book:
        book.set_properties({"created": dt.datetime(2015, 1, 20)})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, OUTCOMES)
        sheet.write_row(1, 0, outcome(1, sent=dt.datetime(2015, 2, 1)))
        sheet.write_row(2, 0, outcome(2, sent=dt.datetime(2558, 2, 1)))
    with xlsxwriter.Workbook(HERE / where / "formatted_numbers.xlsx") as book:
        book.set_properties({"created": dt.datetime(2015, 1, 20)})
        date, percent = (book.add_format({"num_format": f}) for f in ("d mmm yyyy", "0.00%"))
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, OUTCOMES)
        for row in range(1, 8):
            sheet.write_row(row, 0, outcome(row % 4 + 1, row, measure=OUTCOME_MEASURES[row // 4]))
        sheet.write_number(1, 6, 240373, date)
        sheet.write_number(2, 6, 42036.6, date)
        sheet.write_number(3, 5, 0.25, percent)
        sheet.write_boolean(4, 5, True)
        sheet.write_number(5, 5, 1200, date)
        sheet.write_number(6, 6, 3_000_000, date)
        sheet.write_number(7, 1, 105558000014.0)


def write_merged_cells() -> None:
    """Workbooks in which one cell stands for several rows or columns."""
    where = "member_registrations/workbooks"
    with xlsxwriter.Workbook(HERE / where / "merged_down.xlsx") as book:
        book.set_properties({"created": dt.datetime(2015, 1, 20)})
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 5, "ทะเบียนสมาชิก")
        sheet.write_row(1, 0, MEMBERS)
        ids = ("0105558000014", "0985531000008", "0985532000001", "0985533000005")
        for row, one in enumerate(ids, start=2):
            sheet.write_row(row, 1, [one, f"บจก. {row}"])
        sheet.merge_range(2, 0, 4, 0, "C01")
        sheet.write(5, 0, "C02")
        sheet.merge_range(2, 3, 9, 3, "เลย")
        sheet.merge_range(2, 4, 5, 4, "20/01/2558")
        sheet.merge_range(2, 5, 3, 5, "01/02/2558")
        sheet.merge_range(4, 5, 5, 5, "02/02/2558")
        sheet.merge_range(6, 0, 6, 2, "รวม")
        sheet.write(6, 4, 4)
    first = ["C01", "0105558000014", "บจก. หนึ่ง", "เลย", dt.date(2015, 1, 20), "1/2/58"]
    second = [None, "0985531000008", "บจก. สอง", None, dt.date(2558, 1, 20), "1/2/58"]
    xls(
        f"{where}/merged_down_97.xls",
        {"Sheet1": [MEMBERS, first, second, ["C02", *second[1:3], "เลย", *second[4:]]]},
        merged=[(1, 0, 2, 0), (1, 3, 2, 3)],
    )


def write_excel_97() -> None:
    """Workbooks of Excel 97 with hidden sheets, errors and a Macintosh's dates."""
    where = "activity_reports/workbooks"
    activity = ["A-1", "C01", "อบรม", dt.date(2015, 3, 1), None, 150000, "1 เม.ย. 58"]
    activities = [[f"A-{n}", *activity[1:]] for n in range(1, 7)]
    activities[1][5] = Error("#DIV/0!")
    activities[2][3] = Serial(240401)
    activities[3][6] = True
    xls(
        f"{where}/hidden_sheet_with_errors.xls",
        {
            "ว่าง": [],
            "ซ่อน": [ACTIVITIES_TH, *activities],
        },
        hidden=["ซ่อน"],
    )
    xls(
        f"{where}/dates_from_1904.xls",
        {"Sheet1": [ACTIVITIES_TH, [*activity[:3], Serial(40600), None, 1, "1 เม.ย. 58"]]},
        from_1904=True,
    )


def write_header_in_two_rows() -> None:
    """A group's title over two columns, the others merged over both rows of the header."""
    where = "activity_reports/workbooks"
    with xlsxwriter.Workbook(HERE / where / "header_in_two_rows.xlsx") as book:
        book.set_properties({"created": dt.datetime(2015, 1, 20)})
        sheet = book.add_worksheet()
        for column, name in enumerate([*ACTIVITIES_TH[:4], ACTIVITIES_TH[6]]):
            sheet.merge_range(1, column, 2, column, name)
        sheet.merge_range(1, 5, 1, 6, "งบประมาณ (พันบาท)")
        sheet.write_row(2, 5, ["ตั้งไว้", "ใช้จริง"])
        sheet.write_row(3, 0, ["A-1", "C01", "อบรม", "1/3/58", "1/4/58", 150, 149.5])
        sheet.write_row(4, 0, ["A-2", "C01", "อบรม", "1/3/58", "1/4/58", 90, "80,000 บาท"])


def write_packages_of_other_programs() -> None:
    """Workbooks as programs other than Excel write them."""
    where = "cluster_registrations/workbooks"
    cluster = ["C01", "ผ้าทอ", "แฟชั่น", "เลย", "20/01/2558", "01/02/2558"]
    plain_xlsx(f"{where}/inline_strings.xlsx", inline([["ทะเบียน"], [], CLUSTERS_TH, cluster]))
    plain_xlsx(f"{where}/strict.xlsx", inline([CLUSTERS_TH, cluster]), strict=True)
    plain_xlsx(f"{where}/with_macros.xlsm", inline([CLUSTERS_TH, cluster]), macros=True)
    xls(f"{where}/of_excel_97.xls", {"ทะเบียน": [CLUSTERS_TH, cluster]})
    ods(
        f"{where}/merged_and_errors.ods",
        {
            "ทะเบียน": [
                CLUSTERS_TH,
                [*cluster[:2], Spanned("แฟชั่น", 3), "เลย", "20/01/2558", "01/02/2558"],
                ["C02", "ผ้าไหม", COVERED, "เลย", "20/01/2558", "01/02/2558"],
                ["C03", "ผ้าฝ้าย", COVERED, Error("#N/A"), "20/01/2558", "01/02/2558"],
                ["C04", Error("#REF!"), "อื่น ๆ", "เลย", "20/01/2558", "01/02/2558"],
                ["C05", "เซรามิก", "อื่น ๆ", "เลย", dt.date(2558, 1, 20), dt.date(2015, 2, 1)],
            ]
        },
    )


def write_files_refused() -> None:
    """Files that are no workbook, or that hold more than one."""
    (HERE / "activity_reports/files/protected.xlsx").write_bytes(
        compound({"EncryptionInfo": b"\x04\x00\x04\x00", "EncryptedPackage": b"x" * 5000})
    )
    far = f'<row r="1">{"".join(inline([OUTCOMES]))[5:-6]}</row>'
    far += '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    plain_xlsx("financial_outcomes/files/cell_in_the_last_corner.xlsx", far)
    # The directory of the archive says that it lies 5,000 bytes further on than it does.
    bent = bytearray(plain_xlsx_bytes(inline([ACTIVITIES_TH])))
    bent[-6:-2] = (int.from_bytes(bent[-6:-2], "little") + 5000).to_bytes(4, "little")
    (HERE / "activity_reports/files/directory_points_too_far.xlsx").write_bytes(bytes(bent))
    zipped("financial_outcomes/files/archive_of_files.zip", {"a.csv": ",".join(OUTCOMES)})
    zipped(
        "member_registrations/files/letter.docx",
        {"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"},
    )
    (HERE / "member_registrations/files/text_of_another_program.xls").write_bytes(
        compound({"WordDocument": b"x" * 5000})
    )
    (HERE / "cluster_registrations/files/archive.7z").write_bytes(b"7z\xbc\xaf\x27\x1c\0\4rest")
    (HERE / "cluster_registrations/files/cut_off.parquet").write_bytes(b"PAR1" + b"x" * 90)
    (HERE / "activity_reports/files/empty_archive.xlsx").write_bytes(b"PK\5\6" + bytes(18))


def write_typed_traps() -> None:
    """Parquet files of every type that a program may choose for a column."""
    as_parquet(
        "member_registrations/formats/every_type.parquet",
        {
            "cluster_code": pa.array(["C01", "C02", "C01"]).dictionary_encode(),
            "juristic_id": pa.array([105558000014.0, 105558000014.0, 985531000008.0]),
            "enterprise_name": pa.array(["บจก. หนึ่ง", None, "บจก. สาม"], pa.large_string()),
            "province": pa.array([42, 42, 41], pa.int64()),
            "registered_on": pa.array(
                [dt.datetime(2015, 1, 19, 18)] * 3, pa.timestamp("us", "UTC")
            ),
            "submitted_on": pa.array([dt.datetime(2015, 2, 1)] * 3, pa.timestamp("ns")),
            "annual_revenue_baht": pa.array(
                [Decimal("1200.50"), None, Decimal("0.01")], pa.decimal128(38, 2)
            ),
            "fixed_assets_baht": pa.array([0.1 + 0.2, None, float("nan")]),
            "employees": pa.array([3.0, None, 12.0]),
        },
    )
    as_parquet(
        "activity_reports/formats/nested_list.parquet",
        {
            "activity_id": pa.array([b"A-1", b"A-2"], pa.binary()),
            "cluster_code": ["C01", "C01"],
            "activity_type": ["linkage", "linkage"],
            "start_date": pa.array([dt.date(2558, 1, 20), dt.date(2015, 1, 20)], pa.date32()),
            "submitted_on": pa.array([dt.date(2015, 2, 1)] * 2, pa.date64()),
            "participant_ids": pa.array(
                [["0105558000014", "0985531000008"], []], pa.list_(pa.string())
            ),
            "budget_baht": pa.array([Decimal("1E+3"), Decimal("0.0000001")], pa.decimal256(40, 7)),
            "details": pa.array([{"by": "ก"}, None], pa.struct({"by": pa.string()})),
        },
    )
    as_parquet(
        "cluster_registrations/formats/typed_columns.parquet",
        {
            "รหัสคลัสเตอร์": ["C01", "C02"],
            "ชื่อคลัสเตอร์": ["ผ้าทอ", "เซรามิก"],
            "สาขาอุตสาหกรรม": pa.array(["แฟชั่น", "อื่น ๆ"]).dictionary_encode(),
            "จังหวัด": pa.array([["เลย", "อุดรธานี"], None], pa.list_(pa.large_string())),
            "วันที่ขึ้นทะเบียน": pa.array([42024, 42024], pa.int32()),
            "วันที่ส่งข้อมูล": pa.array(["01/02/2558"] * 2, pa.string_view()),
        },
    )
    as_parquet(
        "financial_outcomes/formats/dates_out_of_bounds.parquet",
        {
            **{name: ["C01"] * 3 for name in OUTCOMES[:1]},
            "juristic_id": ["0105558000014"] * 3,
            "fiscal_year": pa.array([2558] * 3, pa.uint16()),
            "quarter": [1, 2, 3],
            "measure": ["sales_increase"] * 3,
            "amount": pa.array([1, 2, 3], pa.float32()),
            "submitted_on": pa.array(
                [1_422_748_800_000, 2**55, 1_422_748_800_000], pa.timestamp("ms")
            ),
        },
    )
    broken = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\x04\0\0\0"), pa.py_buffer(b"a \xc0 ")]
    )
    texts = {name: pa.array(["x"]) for name in MEMBERS}
    as_parquet("member_registrations/files/broken_text.parquet", {**texts, "province": broken})
    records = [dict(zip(OUTCOMES, outcome(quarter), strict=True)) for quarter in (1, 2)]
    packed(
        "financial_outcomes/formats/json_lines_of_utf16.jsonl.gz",
        "\n".join(map(json.dumps, records)),
        "utf-16",
    )
    whole = HERE / "financial_outcomes/workbooks/cells_of_numbers_and_dates.xlsx"
    (HERE / "financial_outcomes/formats/workbook_packed.xlsx.gz").write_bytes(
        gzip.compress(whole.read_bytes(), mtime=0)
    )


def main() -> None:
    """Writes all of them."""
    write_workbooks()
    write_cells_of_no_value()
    write_numbers_as_something_else()
    write_merged_cells()
    write_excel_97()
    write_header_in_two_rows()
    write_packages_of_other_programs()
    write_files_refused()
    write_typed()
    write_typed_traps()


if __name__ == "__main__":
    main()
