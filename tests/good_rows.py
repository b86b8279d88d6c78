"""Rows in which nothing is wrong, for tests to break."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

#: A row of each dataset in which nothing is wrong and no optional value is given.
GOOD_ROWS: dict[str, dict[str, str]] = {
    "cluster_registrations": {
        "cluster_code": "C01",
        "cluster_name_th": "คลัสเตอร์ผ้าทอ",
        "branch": "fashion",
        "registered_on": "2015-01-20",
        "submitted_on": "2015-02-01",
    },
    "member_registrations": {
        "cluster_code": "C01",
        "juristic_id": "0105558000014",
        "enterprise_name": "บริษัท ตัวอย่าง จำกัด",
        "province": "42",
        "registered_on": "2015-01-20",
        "submitted_on": "2015-02-01",
    },
    "activity_reports": {
        "activity_id": "A-1",
        "cluster_code": "C01",
        "activity_type": "linkage",
        "start_date": "2015-01-20",
        "submitted_on": "2015-02-01",
    },
    "financial_outcomes": {
        "cluster_code": "C01",
        "juristic_id": "0105558000014",
        "fiscal_year": "2558",
        "quarter": "1",
        "measure": "sales_increase",
        "amount": "1000.00",
        "submitted_on": "2015-02-01",
    },
}


def as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """The rows as comma-separated text with a header of all columns that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
