"""Writes files of spreadsheet and data programs, also as no library would: the corpus's own means.

A function that takes a path takes it below the folder of samples. Texts that a program would
choose (a date of creation, say) are fixed, so that a file changes only when what it holds does.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import excel97
import openpyxl
import pyarrow as pa
import xlsxwriter
from excel97 import Error, Serial, compound
from pyarrow import parquet

HERE = Path(__file__).parent / "sources"

__all__ = ["Error", "Serial", "compound"]

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Spanned:
    """A cell of an .ods that is merged down over several rows."""

    text: str
    rows: int


COVERED = Spanned("", 0)


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
    """An OpenDocument spreadsheet."""
    (HERE / path).write_bytes(ods_bytes(sheets))


def ods_bytes(sheets: Mapping[str, Rows]) -> bytes:
    """An OpenDocument spreadsheet that ends, as LibreOffice writes it, in a million empty rows."""

    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if value == COVERED:
            return "<table:covered-table-cell/>"
        text = value.text if isinstance(value, Spanned | Error) else str(value)
        if isinstance(value, Spanned):
            kind = f'office:value-type="string" table:number-rows-spanned="{value.rows}"'
        elif isinstance(value, Error):
            kind = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
        elif isinstance(value, dt.date):
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        elif isinstance(value, int | float):
            kind = f'office:value-type="float" office:value="{value}"'
        else:
            kind = 'office:value-type="string"'
        return f"<table:table-cell {kind}><text:p>{escape(text)}</text:p></table:table-cell>"

    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + f'<table:table-row table:number-rows-repeated="{1_048_576 - len(rows)}">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        for name, rows in sheets.items()
    )
    names = (
        "".join(
            f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
            for short in ("office", "table", "text")
        )
        + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
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
    return zipped_bytes(
        {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}
    )


def xls(path: str, sheets: Mapping[str, Rows], **options: Any) -> None:
    """A workbook of Excel 97 (see tests/excel97.py)."""
    (HERE / path).write_bytes(excel97.workbook(sheets, **options))


def plain_xlsx(path: str, sheet: str, **options: bool) -> None:
    """An .xlsx of one sheet; see `plain_xlsx_bytes`."""
    (HERE / path).write_bytes(plain_xlsx_bytes(sheet, **options))


def plain_xlsx_bytes(sheet: str, *, strict: bool = False, macros: bool = False) -> bytes:
    """An .xlsx of one sheet, its XML given, with no part that it could do without."""
    office = "http://schemas.openxmlformats.org"
    main, relations = f"{office}/spreadsheetml/2006/main", f"{office}/officeDocument/2006"
    if strict:
        main = "http://purl.oclc.org/ooxml/spreadsheetml/main"
        relations = "http://purl.oclc.org/ooxml/officeDocument"
    kind = (
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
        if macros
        else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    )
    package = f"{office}/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
        'Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{relations}/relationships/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}/relationships">'
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{relations}/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData>'
        "</worksheet>",
    }
    if macros:
        parts["xl/vbaProject.bin"] = "not looked at"
    return zipped_bytes({name: f'<?xml version="1.0"?>{text}' for name, text in parts.items()})


def keep_openpyxl(book: openpyxl.Workbook, path: str) -> None:
    """Saves a workbook of openpyxl, which writes formulas without their results."""
    file = io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    saved_at = "docProps/core.xml"
    parts[saved_at] = re.sub(r"[0-9]{4}-[^<]*Z", "2015-01-20T00:00:00Z", parts[saved_at])
    zipped(path, parts)


def zipped(path: str, parts: Mapping[str, str]) -> None:
    """A ZIP archive."""
    (HERE / path).write_bytes(zipped_bytes(parts))


def zipped_bytes(parts: Mapping[str, str]) -> bytes:
    """A ZIP archive whose parts were changed when the programme began."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            part = zipfile.ZipInfo(name, (2015, 1, 20, 0, 0, 0))
            package.writestr(part, text, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def inline(rows: Rows) -> str:
    """Rows as sheet XML without addresses, texts in their cells, as some web programs write."""

    def cell(value: Any) -> str:
        if value is None:
            return "<c/>"
        if isinstance(value, int | float):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'

    return "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)


def as_parquet(path: str, columns: Mapping[str, Any]) -> None:
    """A Parquet file."""
    parquet.write_table(pa.table(dict(columns)), HERE / path)


def packed(path: str, text: str, encoding: str = "utf-8") -> None:
    """A gzipped text file."""
    (HERE / path).write_bytes(gzip.compress(text.encode(encoding), mtime=0))
