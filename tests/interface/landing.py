"""A landing zone whose every row knows its place, so that a test can ask what became of it.

Tests lay rows down while they are collected (`Landing.row`, `Landing.bad`, `Landing.file`) and keep
the `Place` they get; one night takes all of it in, and `Seen` tells what was published of a place.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sources.sampling.world import juristic_id
from tests.interface import writers

if TYPE_CHECKING:
    from tests.integration.conftest import Home, Night, Record

#: A cluster that is registered, for rows that need one.
CLUSTER = "C01"

_GOOD: dict[str, Record] = {
    "cluster_registrations": {
        "cluster_code": "", "cluster_name_th": "คลัสเตอร์ตัวอย่าง", "cluster_name_en": "Sample",
        "branch": "fashion", "provinces": "เชียงใหม่", "coordinator_name": "ผู้ประสานงานสมมติ",
        "registered_on": "2014-10-15", "submitted_on": "2014-10-20", "status": "active",
    },
    "member_registrations": {
        "cluster_code": CLUSTER, "juristic_id": "", "enterprise_name": "บริษัท ตัวอย่าง จำกัด",
        "legal_form": "limited_company", "province": "เชียงใหม่",
        "business_type": "manufacturing", "tsic_code": "13110", "role": "member",
        "employees": "12", "annual_revenue_baht": "1200000", "fixed_assets_baht": "500000",
        "registered_on": "2014-11-01", "submitted_on": "2014-11-05", "status": "active",
        "contact_name": "ผู้ติดต่อสมมติ", "contact_phone": "000", "contact_email": "a@example.com",
    },
    "activity_reports": {
        "activity_id": "", "cluster_code": CLUSTER, "activity_type": "linkage",
        "title": "กิจกรรม", "start_date": "2015-01-20", "end_date": "2015-01-21",
        "province": "เชียงใหม่", "participant_ids": "", "participants_people": "20",
        "partner_name": "สถาบันตัวอย่าง", "partner_type": "research", "budget_baht": "100000",
        "spent_baht": "90000", "submitted_on": "2015-02-01",
    },
    "financial_outcomes": {
        "cluster_code": CLUSTER, "juristic_id": "", "fiscal_year": "2558", "quarter": "1",
        "measure": "sales_increase", "amount": "1000", "evidence_ref": "ตัวอย่าง",
        "submitted_on": "2015-01-10",
    },
}  # fmt: skip
#: The column that tells rows of a dataset apart here.
KEY = {
    "cluster_registrations": "cluster_code",
    "member_registrations": "juristic_id",
    "activity_reports": "activity_id",
    "financial_outcomes": "juristic_id",
}


@dataclass(frozen=True)
class Place:
    """Where a row stands: its file, and the number a person sees beside it."""

    path: str
    row_number: int


@dataclass
class Landing:
    """Rows and files for one night."""

    tables: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    files: dict[str, bytes] = field(default_factory=dict)
    registered: set[str] = field(default_factory=set)
    made: int = 0
    clusters: int = 0

    def good(self, dataset: str, **changes: Any) -> Record:
        """A row of its own key in which nothing is wrong but what is changed."""
        self.made += 1
        key = f"A-{self.made:04d}"
        if dataset == "cluster_registrations":
            key = f"C{10 + self.clusters:02d}"
            self.clusters += "cluster_code" not in changes
            assert self.clusters <= 90, "the page has no more cluster codes"
        elif KEY[dataset] == "juristic_id":
            key = juristic_id(self.made)
        row = {**_GOOD[dataset], KEY[dataset]: key, **changes}
        if dataset == "financial_outcomes":
            self.registered.add(key)
        return row

    def row(self, dataset: str, *, table: str = "ค่า ที่ดี", **changes: Any) -> Place:
        """Lays a row into a text table of its dataset."""
        path = f"{dataset}/{table}.csv"
        self.tables[path].append(self.good(dataset, **changes))
        return Place(path, len(self.tables[path]) + 1)

    def bad(self, dataset: str, **changes: Any) -> Place:
        """Lays a row that must not load beside a good one, so that its file is not refused."""
        place = self.row(dataset, table="แถวที่ผิด", **changes)
        self.row(dataset, table="แถวที่ผิด")
        return place

    def file(self, path: str, content: bytes) -> str:
        """Lays a whole file; gives its path."""
        assert path not in self.files, path
        self.files[path] = content
        return path

    def write(self, home: Home) -> None:
        """Puts everything into a home's landing zone, and registers what it needs."""
        for path, rows in self.tables.items():
            home.csv(path, rows)
        for path, content in self.files.items():
            home.write(path, content)
        cluster = {**_GOOD["cluster_registrations"], "cluster_code": CLUSTER}
        home.csv("cluster_registrations/ที่ต้องมี.csv", [cluster])
        members = [
            {**_GOOD["member_registrations"], "juristic_id": one} for one in sorted(self.registered)
        ]
        home.csv("member_registrations/ที่ต้องมี.csv", members)


def cells(rows: Sequence[Mapping[str, Any]], labels: Mapping[str, str] | None = None) -> Any:
    """Rows as a table with a header; by other names where `labels` has them."""
    columns = list(rows[0])
    header = [(labels or {}).get(column, column) for column in columns]
    return [header, *([row[column] for column in columns] for row in rows)]


def csv_of(rows: Sequence[Mapping[str, Any]], labels: Mapping[str, str] | None = None) -> bytes:
    """Rows as comma-separated text."""
    return writers.text(cells(rows, labels))


class Seen:
    """What a night published, by the place it came from."""

    def __init__(self, night: Night) -> None:
        self.night = night
        files: dict[str, list[Record]] = defaultdict(list)
        for one in night.tables["audit.load_file"]:
            files[one["path"]].append(one)
        self.versions = dict(files)
        enterprises = {one["enterprise_key"]: one for one in night.tables["marts.dim_enterprise"]}
        self.rows: dict[tuple[str, int], Record] = {}
        for name in ("dim_cluster", "fct_membership", "fct_activity", "fct_financial_outcome"):
            for row in night.tables[f"marts.{name}"]:
                enterprise = enterprises.get(row.get("enterprise_key"), {})
                self.rows[row["file_id"], row["row_number"]] = {**enterprise, **row}
        self.problems: dict[tuple[str, int], list[Record]] = defaultdict(list)
        for row in night.tables["audit.quarantined_row"]:
            self.problems[row["path"], row["row_number"]].append(row)

    def file(self, path: str) -> Record:
        """The one version that came at a path."""
        (version,) = self.versions[path]
        return version

    def row(self, place: Place) -> Record:
        """What a mart has of a row, an enterprise's columns among it; KeyError where nothing."""
        return self.rows[self.file(place.path)["file_id"], place.row_number]

    def only_row(self, path: str) -> Record:
        """What a mart has of a file with one current row."""
        file_id = self.file(path)["file_id"]
        (row,) = [row for (of, _), row in self.rows.items() if of == file_id]
        return row

    def reasons(self, place: Place) -> set[tuple[str, str]]:
        """(column, reason) of a row in quarantine; empty where it is not there."""
        assert place.path in self.versions, f"{place.path} never came"
        return {
            (row["column_name"], row["reason"])
            for row in self.problems[place.path, place.row_number]
        }

    def is_published(self, place: Place) -> bool:
        """Whether a mart has the row."""
        return (self.file(place.path)["file_id"], place.row_number) in self.rows


def be(day: dt.date) -> dt.date:
    """The same day with its Buddhist year, as a spreadsheet made in Thailand may hold it."""
    return day.replace(year=day.year + 543)
