"""Writes the samples that no text editor can: workbooks, Parquet, compressed and damaged files.

    python tests/sources/make_binary_samples.py

The files it writes are committed; run it again only to change one. The `.xls` needs `xlwt`, which
is no dependency of the project: without it that one file is left as it is.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import xlsxwriter
from pyarrow import parquet

HERE = Path(__file__).parent

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

Rows = Sequence[Sequence[Any]]


def xlsx(path: str, sheets: Mapping[str, Rows]) -> None:
    """A workbook; dates are date cells, empty cells are left out."""
    with xlsxwriter.Workbook(HERE / path, {"default_date_format": "dd/mm/yyyy"}) as book:
        book.set_properties({"created": dt.datetime(2015, 1, 20)})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, value in enumerate(cells):
                    if value is not None:
                        sheet.write(row, column, value)


def ods(path: str, sheets: Mapping[str, Rows]) -> None:
    """An OpenDocument spreadsheet that ends, as LibreOffice writes it, in a million empty rows."""

    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, dt.date):
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        elif isinstance(value, int | float):
            kind = f'office:value-type="float" office:value="{value}"'
        else:
            kind = 'office:value-type="string"'
        return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"

    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + f'<table:table-row table:number-rows-repeated="{1_048_576 - len(rows)}">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        for name, rows in sheets.items()
    )
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names} '
        f'office:version="1.2"><office:body><office:spreadsheet>{tables}</office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.2">{entry.format("/", kind)}{entry.format("content.xml", "text/xml")}'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(HERE / path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in {
            "mimetype": kind,
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
        }.items():
            package.writestr(zipfile.ZipInfo(name, (2015, 1, 20, 0, 0, 0)), text)


def xls(path: str, sheets: Mapping[str, Rows]) -> None:
    """A workbook of Excel 97."""
    try:
        import xlwt
    except ImportError:
        return
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, dt.date):
                    sheet.write(row, column, value, day)
                elif value is not None:
                    sheet.write(row, column, value)
    book.save(str(HERE / path))


def as_parquet(path: str, columns: Mapping[str, Any]) -> None:
    """A Parquet file."""
    parquet.write_table(pa.table(dict(columns)), HERE / path)


def packed(path: str, text: str, encoding: str = "utf-8") -> None:
    """A gzipped text file."""
    (HERE / path).write_bytes(gzip.compress(text.encode(encoding), mtime=0))


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
        "financial_outcomes/title_rows_thai_headers_and_total.xlsx",
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
        "financial_outcomes/several_sheets.xlsx",
        {
            "คำอธิบาย": [["โปรดกรอกทีละไตรมาส"]],
            "ไตรมาส 1": [OUTCOMES_TH, outcome(1), ["รวมทั้งสิ้น", None, None, None, None, 1000]],
            "ไตรมาส 2": [["หัวเรื่อง"], OUTCOMES, outcome(2, "2,000.00")],
            "ไตรมาส 3": [OUTCOMES_TH, outcome(1, "3,000.00"), outcome(3), outcome(4, "x")],
        },
    )
    xlsx(
        "financial_outcomes/cells_of_numbers_and_dates.xlsx",
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
    xls("financial_outcomes/workbook_xls.xls", sheet)
    ods("financial_outcomes/workbook_ods.ods", sheet)
    xlsx("financial_outcomes/header_without_rows.xlsx", {"Sheet1": [OUTCOMES_TH]})
    xlsx("financial_outcomes/empty_workbook.xlsx", {"Sheet1": [], "Sheet2": []})
    xlsx("financial_outcomes/missing_column.xlsx", {"Sheet1": [OUTCOMES_TH[:-1], outcome()[:-1]]})
    whole = (HERE / "financial_outcomes/several_sheets.xlsx").read_bytes()
    (HERE / "financial_outcomes/damaged_workbook.xlsx").write_bytes(whole[: len(whole) // 2])
    xlsx(
        "financial_outcomes/money_header_with_unit.xlsx",
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
        "cluster_registrations/thai_workbook.xlsx",
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
        "member_registrations/numbers_that_lost_their_zero.xlsx",
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
        "activity_reports/workbook_with_titles_and_total.xlsx",
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
        "financial_outcomes/typed_columns.parquet",
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
        "financial_outcomes/no_rows.parquet",
        {name: pa.array([], pa.string()) for name in OUTCOMES},
    )
    as_parquet("activity_reports/missing_column.parquet", {"activity_id": ["A-1"], "amount": [1]})
    as_parquet(
        "member_registrations/lists_and_dates.parquet",
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
    (HERE / "financial_outcomes/damaged_pages.parquet").write_bytes(bytes(damaged))
    rows = "\n".join("\t".join(map(str, row)) for row in [OUTCOMES_TH, outcome(1), outcome(2)])
    packed("financial_outcomes/tab_separated.tsv.gz", rows, "cp874")
    packed("financial_outcomes/nothing_packed.csv.gz", "")
    whole = gzip.compress(rows.encode(), mtime=0)
    (HERE / "financial_outcomes/cut_off.csv.gz").write_bytes(whole[:-30])
    broken = bytearray(whole)
    broken[20:40] = b"\x00" * 20
    (HERE / "activity_reports/damaged_inside.csv.gz").write_bytes(bytes(broken))


def main() -> None:
    """Writes all of them."""
    for dataset in (
        "cluster_registrations",
        "member_registrations",
        "activity_reports",
        "financial_outcomes",
    ):
        (HERE / dataset).mkdir(exist_ok=True)
    write_workbooks()
    write_typed()


if __name__ == "__main__":
    main()
