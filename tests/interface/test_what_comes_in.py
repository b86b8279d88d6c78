"""Section 1 of the interface page, line by line: what comes in.

Everything that this module lays down while it is collected comes in one night, by settings of a
`.env` file alone; the tests look at what that night published. The last part looks into the store,
for values that are never published.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from intake_home import Home as IntakeHome

from sources.contracts import discover
from sources.sampling.world import community_code, juristic_id, natural_id
from tests.integration.conftest import Home
from tests.interface import page, writers
from tests.interface.landing import CLUSTER, Landing, Place, Seen, be, cells, csv_of

if TYPE_CHECKING:
    from tests.integration.conftest import Record

CLUSTERS, MEMBERS, ACTIVITIES, OUTCOMES = page.DATASETS
LANDING = Landing()
DAY = dt.date(2015, 1, 20)
SECRET = "ความลับของการทดสอบ"


class HomeByEnvFile(Home):
    """A home that only a `.env` file in the folder of its landing zone names."""

    def environment(self, **more: str) -> dict[str, str]:
        named = super().environment(**more)
        return {name: text for name, text in named.items() if not name.startswith("WAREHOUSE_")}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("page") / "บ้าน"
    root.mkdir()
    (root / ".env").write_text(
        f"WAREHOUSE_HOME='{root}'\nWAREHOUSE_KEY_SECRET={SECRET}\n", encoding="utf-8"
    )
    (root / "landing").mkdir()
    return HomeByEnvFile(root, root / "landing", landing_is_default=True)


@pytest.fixture(scope="module")
def seen(home: Home) -> Seen:
    LANDING.write(home)
    night = home.night()
    assert night.exit_code == 0, night.said
    return Seen(night)


def test_everything_of_this_page_is_one_published_night(seen: Seen) -> None:
    assert seen.night.report["published"] is True
    assert len(seen.versions) > 200


pytestmark = pytest.mark.night

# ── One folder a dataset, any sub-folder, any file name ───────────────────────────────────────

NAMES = (
    "plain.csv",
    "in/a/sub-folder/plain.csv",
    "โฟลเดอร์ ของ ภาคเหนือ/ปี ๒๕๕๘/รายงาน ฉบับที่ 1 (แก้ไข).csv",
    "  spaces  around.csv",
    "no ending",
    "a 'quoted' \"name\" & more; $x, #1.csv",
    "UPPER.CSV",
)
NAMED = {
    (dataset, name): LANDING.file(
        f"{dataset}/ชื่อไฟล์/{name}", csv_of([LANDING.good(dataset, **{"submitted_on": "2015-03-01"})])
    )
    for dataset in page.DATASETS
    for name in NAMES
    if dataset != CLUSTERS or "/" in name  # there are only a hundred cluster codes
}


@pytest.mark.parametrize(("dataset", "name"), NAMED)
def test_one_folder_a_dataset_files_in_any_sub_folder_any_file_name(
    seen: Seen, dataset: str, name: str
) -> None:
    file = seen.file(NAMED[dataset, name])
    assert (file["dataset"], file["status"]) == (dataset, "loaded")
    assert seen.only_row(NAMED[dataset, name])["submitted_on"] == dt.date(2015, 3, 1)


# ── Formats, told by content and not by name alone; each also gzipped ─────────────────────────


def _formats() -> Iterator[tuple[str, str, bool]]:
    for dataset in page.DATASETS:
        for form in writers.FORMATS:
            yield from ((dataset, form, False), (dataset, form, True))


def _written(dataset: str, form: str, gzipped: bool) -> tuple[str, Record]:
    ending, write = writers.FORMATS[form]
    changes: Record = {"submitted_on": "2015-04-01"}
    if dataset == CLUSTERS:  # one cluster for all of them: there are only a hundred codes
        changes["cluster_code"] = "C09"
        changes["cluster_name_en"] = f"{form} {gzipped}"
    row = LANDING.good(dataset, **changes)
    content = write(cells([row], page.LABELS[dataset]))
    path = f"{dataset}/รูปแบบ/{form}{ending}"
    if gzipped:
        return LANDING.file(f"{path}.gz", writers.packed(content)), row
    return LANDING.file(path, content), row


FORMATTED = {key: _written(*key) for key in _formats()}
#: Column of a row → what the published row of it says.
SAID = {
    CLUSTERS: {},
    MEMBERS: {
        "enterprise_name": "บริษัท ตัวอย่าง จำกัด", "legal_form": "limited_company",
        "province_code": "50", "tsic_code": "13110", "role": "member", "status": "active",
        "registered_on": dt.date(2014, 11, 1),
    },
    ACTIVITIES: {
        "activity_type": "linkage", "start_date": DAY, "province_code": "50",
        "participants_people": 20, "partner_name": "สถาบันตัวอย่าง", "partner_type": "research",
        "budget_baht": 100_000, "spent_baht": 90_000,
    },
    OUTCOMES: {"fiscal_year_be": 2558, "fiscal_quarter": 1, "measure": "sales_increase",
               "amount": 1_000},
}  # fmt: skip


@pytest.mark.parametrize(
    ("dataset", "form", "gzipped"),
    [
        pytest.param(*key, id=f"{key[0]}, {key[1]}{', gzipped' if key[2] else ''}")
        for key in FORMATTED
    ],
)
def test_formats_csv_tsv_txt_every_delimiter_and_encoding_xlsx_xls_ods_parquet_json_lines_gzipped(
    seen: Seen, dataset: str, form: str, gzipped: bool
) -> None:
    path, _ = FORMATTED[dataset, form, gzipped]
    file = seen.file(path)
    assert (file["status"], file["rows_read"], file["rows_quarantined"]) == ("loaded", 1, 0)
    if SAID[dataset]:
        row = seen.only_row(path)
        assert {name: row[name] for name in SAID[dataset]} == SAID[dataset]


#: What it is → what its name says.
MISNAMED = {
    "xlsx": ".csv",
    "xls": ".xlsx",
    "ods": ".xls",
    "parquet": ".txt",
    "json lines": ".csv",
    "comma utf8": ".xlsx",
    "semicolon cp874": ".parquet",
    "tab utf16": ".csv",
    "pipe utf8 with bom": ".jsonl",
}


def _misnamed(form: str, ending: str, gzipped: bool) -> str:
    content = writers.FORMATS[form][1](cells([LANDING.good(OUTCOMES, amount="77")]))
    path = f"{OUTCOMES}/ชื่อไม่ตรง/{form}{' gz' if gzipped else ''}{ending}"
    return LANDING.file(path, writers.packed(content) if gzipped else content)


BY_CONTENT = {
    (form, ending, gzipped): _misnamed(form, ending, gzipped)
    for form, wrong in MISNAMED.items()
    for ending in (wrong, "")
    for gzipped in (False, True)
}


@pytest.mark.parametrize("key", BY_CONTENT, ids=lambda key: f"{key[0]} as {key[1] or 'nothing'}")
def test_formats_are_told_by_content_and_not_by_name_alone(
    seen: Seen, key: tuple[str, str, bool]
) -> None:
    assert seen.only_row(BY_CONTENT[key])["amount"] == 77


# ── The header ────────────────────────────────────────────────────────────────────────────────


def _synonyms(dataset: str) -> dict[str, str]:
    return {column.name: column.synonyms[-1] for column in discover()[dataset].columns}


def _loud(text: str) -> str:
    return f"  {text.upper()} "


HEADERS: dict[str, Callable[[str], dict[str, str]]] = {
    "English names": lambda dataset: {name: name for name in page.LABELS[dataset]},
    "Thai labels": lambda dataset: page.LABELS[dataset],
    "synonyms": _synonyms,
    "English names in capitals amid spaces": lambda dataset: {
        name: _loud(name) for name in page.LABELS[dataset]
    },
    "Thai labels amid spaces": lambda dataset: {
        name: f"\u00a0{label}  " for name, label in page.LABELS[dataset].items()
    },
    "synonyms in capitals amid spaces": lambda dataset: {
        name: _loud(synonym) for name, synonym in _synonyms(dataset).items()
    },
    "English and Thai side by side": lambda dataset: {
        name: label if place % 2 else name
        for place, (name, label) in enumerate(page.LABELS[dataset].items())
    },
}


def _headed(dataset: str, header: str, backwards: bool) -> str:
    row = LANDING.good(dataset, submitted_on="2015-05-01")
    if backwards:
        row = dict(reversed(row.items()))
    path = f"{dataset}/หัวตาราง/{header}{' backwards' if backwards else ''}.csv"
    return LANDING.file(path, csv_of([row], HEADERS[header](dataset)))


HEADED = {
    (dataset, header, backwards): _headed(dataset, header, backwards)
    for dataset in page.DATASETS
    for header in HEADERS
    for backwards in (False, True)
    if dataset != CLUSTERS or not backwards
}


@pytest.mark.parametrize(
    ("dataset", "header", "backwards"),
    [
        pytest.param(*key, id=f"{key[0]}, {key[1]}{', in another order' if key[2] else ''}")
        for key in HEADED
    ],
)
def test_a_header_names_a_column_by_english_name_thai_label_or_synonym_in_any_order_ignoring_case_and_space(  # noqa: E501 - the page's line
    seen: Seen, dataset: str, header: str, backwards: bool
) -> None:
    row = seen.only_row(HEADED[dataset, header, backwards])
    assert row["submitted_on"] == dt.date(2015, 5, 1)
    assert {name: row[name] for name in SAID[dataset]} == SAID[dataset]


EXTRA = "หมายเหตุของผู้ส่ง"
WITH_EXTRA = LANDING.file(
    f"{ACTIVITIES}/ช่องที่ไม่รู้จัก.csv",
    csv_of(
        [
            {**LANDING.good(ACTIVITIES), EXTRA: "ส่งช้า", "Column9": ""},
            {**LANDING.good(ACTIVITIES, activity_type="?"), EXTRA: "ขอแก้ภายหลัง", "Column9": "ก"},
        ]
    ),
)


def test_unknown_extra_columns_are_never_an_error(seen: Seen) -> None:
    file = seen.file(WITH_EXTRA)
    assert (file["status"], file["rows_current"], file["rows_quarantined"]) == ("loaded", 1, 1)


def test_unknown_extra_columns_are_reported(seen: Seen) -> None:
    assert seen.file(WITH_EXTRA)["unknown_columns"] == f"{EXTRA}, Column9"
    told = [note for note in seen.night.report["notes"] if WITH_EXTRA in note]
    assert any(EXTRA in note and "Column9" in note for note in told), told
    assert seen.file(NAMED[ACTIVITIES, "plain.csv"])["unknown_columns"] is None


def test_unknown_extra_columns_are_kept_with_the_raw_row(seen: Seen, home: Home) -> None:
    """Looks into the store: the raw row is never published."""
    file_id = seen.file(WITH_EXTRA)["file_id"]
    (stored,) = (home.root / "store").rglob(f"quarantined/{file_id}*.parquet")
    ((original,),) = duckdb.execute(f"select original from '{stored}'").fetchall()
    assert json.loads(original)["extra"] == {EXTRA: "ขอแก้ภายหลัง", "Column9": "ก"}


# ── Workbooks, total rows ─────────────────────────────────────────────────────────────────────


def _sheet(labels: dict[str, str], *rows: Record | None, total: Sequence[Any]) -> Any:
    """A sheet as coordinators make it: titles, a gap, the table, a gap in it, the total."""
    header, *body = cells([row for row in rows if row], labels)
    lines = iter(body)
    return [
        ["รายงานผลลัพธ์ของคลัสเตอร์"],
        ["หน่วย: บาท", None, "ปีงบประมาณ 2558"],
        [],
        header,
        *([] if row is None else next(lines) for row in rows),
        total,
    ]


_O = page.LABELS[OUTCOMES]
_SHEETS = {
    "อ่านก่อน": [["วิธีกรอก"], ["ส่งภายในวันที่ 15"]],
    "ไตรมาส 1": _sheet(
        _O, LANDING.good(OUTCOMES, amount="10"), None, LANDING.good(OUTCOMES, amount="20"),
        total=["รวม", None, None, None, None, "30"],
    ),
    "ไตรมาส 2": _sheet(
        {}, LANDING.good(OUTCOMES, amount="40"), total=[None, None, None, None, "Total", "40"]
    ),
    "งบดุล": [["สินทรัพย์", "หนี้สิน"], ["1", "2"]],
}  # fmt: skip


def _two_sheets(first_total: str, second_total: str) -> dict[str, Any]:
    rows = [LANDING.good(OUTCOMES, amount=amount) for amount in ("10", "20", "40")]
    blank = [None] * 4
    return {
        "1": _sheet(_O, rows[0], None, rows[1], total=[first_total, *blank, 30]),
        "2": _sheet({}, rows[2], total=[second_total, *blank, 40]),
    }


WORKBOOKS = {
    "xlsx": LANDING.file(f"{OUTCOMES}/สมุดงาน/ทุกไตรมาส.xlsx", writers.xlsx(_SHEETS)),
    "xls": LANDING.file(
        f"{OUTCOMES}/สมุดงาน/ทุกไตรมาส.xls", writers.xls(_two_sheets("รวม", "total"))
    ),
    "ods": LANDING.file(
        f"{OUTCOMES}/สมุดงาน/ทุกไตรมาส.ods", writers.ods(_two_sheets("รวมทั้งสิ้น", "TOTAL"))
    ),
}


@pytest.mark.parametrize("form", WORKBOOKS)
def test_a_workbook_may_have_title_rows_above_the_header_empty_rows_a_total_row_and_several_sheets(
    seen: Seen, home: Home, form: str
) -> None:
    file = seen.file(WORKBOOKS[form])
    assert (file["status"], file["rows_read"], file["rows_current"]) == ("loaded", 3, 3)
    found = home.rows(
        "select row_number, amount from marts.fct_financial_outcome where file_id = ? order by 2",
        file["file_id"],
    )
    assert found == [(5, 10), (7, 20), (5, 40)]


def _with_total(name: str, total: Record) -> str:
    rows = [LANDING.good(OUTCOMES), LANDING.good(OUTCOMES)]
    blank = dict.fromkeys(rows[0], "")
    return LANDING.file(f"{OUTCOMES}/ยอดรวม/{name}.csv", csv_of([*rows, {**blank, **total}]))


TOTALS = {
    word: _with_total(f"{place}", {column: word, "amount": "2,000"})
    for place, (word, column) in enumerate(
        {
            "รวม": "cluster_code", "รวมทั้งสิ้น": "evidence_ref", "total": "measure",
            "Total": "juristic_id", "TOTAL": "cluster_code", " รวม ": "quarter",
            "ยอดรวม": "fiscal_year", "Grand Total": "cluster_code",
        }.items()
    )
}  # fmt: skip
NO_TOTAL = _with_total("ไม่ใช่ยอดรวม", {"amount": "2,000"})


@pytest.mark.parametrize("word", TOTALS)
def test_a_total_row_is_no_row_it_is_skipped_and_its_number_reported(seen: Seen, word: str) -> None:
    file = seen.file(TOTALS[word])
    assert (file["rows_read"], file["rows_current"], file["rows_quarantined"]) == (2, 2, 0)
    assert (file["total_rows"], file["total_row_numbers"]) == (1, "4")
    told = [note for note in seen.night.report["notes"] if TOTALS[word] in note]
    assert any("row 4" in note for note in told), told


def test_total_rows_of_several_sheets_are_reported_by_sheet(seen: Seen) -> None:
    file = seen.file(WORKBOOKS["xlsx"])
    assert (file["total_rows"], file["total_row_numbers"]) == (2, "ไตรมาส 1: 8, ไตรมาส 2: 6")


def test_a_row_without_a_key_and_without_the_word_is_no_total_row(seen: Seen) -> None:
    file = seen.file(NO_TOTAL)
    assert (file["rows_read"], file["rows_quarantined"], file["total_rows"]) == (3, 1, 0)
    assert ("cluster_code", "missing_required") in seen.reasons(Place(NO_TOTAL, 4))


_ids = (juristic_id(7_001), juristic_id(7_002))
LANDING.registered.update(_ids)
_combined = [
    LANDING.good(OUTCOMES, juristic_id=f"{_ids[0][0]}-{_ids[0][1:3]} {_ids[0][3:]}",
                 fiscal_year="๒๕๕๘", quarter="๑", amount="๑,๒๓๔.๕๐", measure=" ยอดขายเพิ่ม ",
                 submitted_on="๒๐ มกราคม พ.ศ. ๒๕๕๘"),
    LANDING.good(OUTCOMES, juristic_id=_ids[1], fiscal_year="2015", quarter="4",
                 amount="(1.25 ล้านบาท)", measure="COST_REDUCTION", submitted_on="20.01.2558"),
]  # fmt: skip
COMBINED = LANDING.file(
    f"{OUTCOMES}/ภาค ตะวันออก/ไตรมาส ๔/ผลลัพธ์ (ฉบับจริง).CSV.GZ",
    writers.packed(
        writers.text(
            [
                ["ผลลัพธ์ทางการเงิน"],
                [],
                *cells(_combined, _O),
                ["รวม", "", "", "", "", "-1,248,765.50", "", ""],
            ],
            ";",
            "cp874",
        )
    ),
)


def test_a_gzipped_semicolon_cp874_file_with_thai_digits_titles_and_a_total_row_in_a_thai_folder(
    seen: Seen,
) -> None:
    file = seen.file(COMBINED)
    assert (file["rows_read"], file["rows_current"], file["total_row_numbers"]) == (2, 2, "6")
    one, other = seen.row(Place(COMBINED, 4)), seen.row(Place(COMBINED, 5))
    assert (one["juristic_id"], one["amount"]) == (_ids[0], Decimal("1234.50"))
    assert (one["fiscal_quarter"], one["measure"]) == (1, "sales_increase")
    assert (other["fiscal_year_be"], other["fiscal_quarter"]) == (2558, 4)
    assert (other["measure"], other["amount"]) == ("cost_reduction", Decimal(-1_250_000))
    assert one["submitted_on"] == other["submitted_on"] == DAY


# ── The table: required, optional, defaults ───────────────────────────────────────────────────

EVERY_REQUIRED = [
    (dataset, column) for dataset in page.DATASETS for column in page.REQUIRED[dataset]
]
EVERY_OPTIONAL = [
    (dataset, column)
    for dataset in page.DATASETS
    for column in page.LABELS[dataset]
    if column not in page.REQUIRED[dataset]
]


def _without(row: Record, column: str) -> Record:
    return {name: cell for name, cell in row.items() if name != column}


EMPTY_CELL = {
    (dataset, column): LANDING.bad(dataset, **{column: ""}) for dataset, column in EVERY_REQUIRED
}
LACKING = {
    (dataset, column): LANDING.file(
        f"{dataset}/ขาดช่อง/{column}.csv",
        csv_of([_without(LANDING.good(dataset, cluster_code="C02"), column)]),
    )
    for dataset, column in EVERY_REQUIRED
}


@pytest.mark.parametrize(("dataset", "column"), EVERY_REQUIRED)
def test_a_required_column_is_never_empty(seen: Seen, dataset: str, column: str) -> None:
    assert (column, "missing_required") in seen.reasons(EMPTY_CELL[dataset, column])
    assert not seen.is_published(EMPTY_CELL[dataset, column])


@pytest.mark.parametrize(("dataset", "column"), EVERY_REQUIRED)
def test_a_required_column_is_in_every_file(seen: Seen, dataset: str, column: str) -> None:
    file = seen.file(LACKING[dataset, column])
    assert (file["status"], file["reason"]) == ("rejected", "missing_column")
    assert page.LABELS[dataset][column] in file["message"]


NOTHING_OPTIONAL = {
    dataset: LANDING.file(
        f"{dataset}/ไม่มีช่องเสริม.csv",
        csv_of(
            [
                {
                    column: cell
                    for column, cell in LANDING.good(dataset).items()
                    if column in page.REQUIRED[dataset]
                }
            ]
        ),
    )
    for dataset in page.DATASETS
}
EMPTY_OPTIONAL = {
    (dataset, column): LANDING.row(dataset, **{column: ""}) for dataset, column in EVERY_OPTIONAL
}


@pytest.mark.parametrize("dataset", page.DATASETS)
def test_a_file_of_nothing_but_the_required_columns_loads(seen: Seen, dataset: str) -> None:
    assert seen.file(NOTHING_OPTIONAL[dataset])["rows_current"] == 1
    row = seen.only_row(NOTHING_OPTIONAL[dataset])
    for (of, column), default in page.DEFAULTS.items():
        if of == dataset:
            assert row[column] == default


@pytest.mark.parametrize(("dataset", "column"), EVERY_OPTIONAL)
def test_an_optional_column_may_be_empty(seen: Seen, dataset: str, column: str) -> None:
    row = seen.row(EMPTY_OPTIONAL[dataset, column])
    published = {"province": "province_code"}.get(column, column)
    if column == "end_date":
        assert row["end_date"] == row["start_date"]
    elif published in row:
        assert row[published] == page.DEFAULTS.get((dataset, column))


# ── The table: codes ──────────────────────────────────────────────────────────────────────────


def _spellings(dataset: str, column: str, code: str, label: str) -> Iterator[str]:
    (known,) = [one for one in discover()[dataset].column(column).codes if one.value == code]
    yield from (code, f"  {code.upper()} ", label, f" {label}\u00a0")
    # There are only a hundred cluster codes, so there one synonym stands for all.
    yield from known.synonyms[:1] if dataset == CLUSTERS else known.synonyms


SPELLED = {
    (dataset, column, code, spelling): LANDING.row(dataset, **{column: spelling})
    for (dataset, column), codes in page.CODES.items()
    for code, label in codes.items()
    for spelling in _spellings(dataset, column, code, label)
}
NO_CODE = {
    (dataset, column): LANDING.bad(dataset, **{column: "ไม่มีในรายการ"})
    for dataset, column in page.CODES
}


@pytest.mark.parametrize(("dataset", "column", "code", "spelling"), SPELLED)
def test_codes_the_code_its_thai_label_or_a_synonym_ignoring_case_and_surrounding_space(
    seen: Seen, dataset: str, column: str, code: str, spelling: str
) -> None:
    assert seen.row(SPELLED[dataset, column, code, spelling])[column] == code


@pytest.mark.parametrize(("dataset", "column"), page.CODES)
def test_a_code_is_one_of_the_pages_list(seen: Seen, dataset: str, column: str) -> None:
    assert seen.reasons(NO_CODE[dataset, column]) == {(column, "bad_code")}


# ── The table: cluster registrations ──────────────────────────────────────────────────────────

NO_CLUSTER_CODE = [
    LANDING.bad(CLUSTERS, cluster_code=code) for code in ("C1", "C001", "D01", "01", "คลัสเตอร์ 1")
]


def test_cluster_code_is_c_and_two_digits(seen: Seen) -> None:
    for place in NO_CLUSTER_CODE:
        assert seen.reasons(place) == {("cluster_code", "bad_code")}, place


PROVINCES = {
    "": [None],
    "เชียงใหม่": ["50"],
    "Chiang Mai": ["50"],
    "จังหวัดเชียงใหม่": ["50"],
    "จ.เชียงใหม่": ["50"],
    "50": ["50"],
    "กทม.": ["10"],
    "โคราช; อุดรธานี ;จ. เลย": ["30", "41", "42"],
    "ลำพูน;Lamphun;51": ["51"],
}
COVERED = {typed: LANDING.row(CLUSTERS, provinces=typed) for typed in PROVINCES}
NO_PROVINCES = LANDING.bad(CLUSTERS, provinces="เชียงใหม่;แอตแลนติส")


@pytest.mark.parametrize("typed", PROVINCES)
def test_provinces_a_list_of_thai_or_english_names_with_or_without_the_word_variants_or_codes(
    seen: Seen, typed: str
) -> None:
    code = seen.row(COVERED[typed])["cluster_code"]
    rows = seen.night.where("marts.bridge_cluster_province", cluster_code=code)
    assert sorted(row["province_code"] or "" for row in rows) == [
        one or "" for one in PROVINCES[typed]
    ]
    assert sum(row["weight"] for row in rows) == pytest.approx(1)


def test_provinces_are_optional_a_national_network_has_none(seen: Seen) -> None:
    code = seen.row(COVERED[""])["cluster_code"]
    (row,) = seen.night.where("marts.bridge_cluster_province", cluster_code=code)
    assert (row["province_code"], row["weight"]) == (None, 1)


def test_provinces_each_is_a_province(seen: Seen) -> None:
    assert seen.reasons(NO_PROVINCES) == {("provinces", "bad_province")}


def test_cluster_names_the_thai_name_is_required_the_english_is_not(seen: Seen) -> None:
    row = seen.row(EMPTY_OPTIONAL[CLUSTERS, "cluster_name_en"])
    assert (row["cluster_name_th"], row["cluster_name_en"]) == ("คลัสเตอร์ตัวอย่าง", None)


# ── The table: member registrations ───────────────────────────────────────────────────────────

_A = juristic_id(8_001)
IDS = {
    juristic_id(8_000): juristic_id(8_000),
    f"{_A[0]}-{_A[1:5]}-{_A[5:10]}-{_A[10:12]}-{_A[12]}": _A,
    " ".join(juristic_id(8_002)): juristic_id(8_002),
    community_code(3): community_code(3),
    community_code(4).replace("/", " / "): community_code(4),
}
MEMBERS_BY_ID = {typed: LANDING.row(MEMBERS, juristic_id=typed) for typed in IDS}
#: Excel made these numbers: one lost its zero.
_NUMBERS = [juristic_id(8_010), juristic_id(8_011)]
NUMBERS = LANDING.file(
    f"{MEMBERS}/ตัวเลข.xlsx",
    writers.xlsx(
        {
            "Sheet1": cells(
                [
                    LANDING.good(MEMBERS, juristic_id=int(_NUMBERS[0]), tsic_code=1111,
                                 province=50, employees=12, annual_revenue_baht=1_200_000.5),
                    LANDING.good(MEMBERS, juristic_id=float(_NUMBERS[1]), tsic_code=13110.0),
                ]
            )
        }
    ),
)  # fmt: skip
PERSON, PERSONS_NAME = natural_id(8_020), "นางสาวสมมติ ไม่ควรเห็น"
NATURAL = LANDING.row(
    MEMBERS, juristic_id=PERSON, enterprise_name=PERSONS_NAME, legal_form="บุคคลธรรมดา",
    contact_name="นายติดต่อ ห้ามเผยแพร่", contact_phone="081-234-5678",
    contact_email="secret@example.com",
)  # fmt: skip
_wrong = juristic_id(8_030)[:-1] + str((int(juristic_id(8_030)[-1]) + 1) % 10)
NO_IDS = {
    typed: LANDING.bad(MEMBERS, juristic_id=typed)
    for typed in (
        _wrong, "12345", "9" + juristic_id(8_031)[1:], "1.05558E+11", "ไม่ทราบ", "4-57-01-01-1-0001",
    )
}  # fmt: skip
SAME_MEMBER = LANDING.file(
    f"{MEMBERS}/คลัสเตอร์อื่น.csv",
    csv_of(
        [LANDING.good(MEMBERS, juristic_id=juristic_id(8_000), cluster_code="C09", role="lead")]
    ),
)


@pytest.mark.parametrize("typed", IDS)
def test_juristic_id_13_digits_dashes_and_spaces_allowed_or_a_community_enterprises_code(
    seen: Seen, typed: str
) -> None:
    assert seen.row(MEMBERS_BY_ID[typed])["juristic_id"] == IDS[typed]


@pytest.mark.parametrize("place", [0, 1])
def test_juristic_id_excel_may_have_made_it_a_number(seen: Seen, place: int) -> None:
    assert seen.row(Place(NUMBERS, 2 + place))["juristic_id"] == _NUMBERS[place]


@pytest.mark.parametrize("typed", NO_IDS)
def test_juristic_id_has_a_valid_check_digit(seen: Seen, typed: str) -> None:
    assert seen.reasons(NO_IDS[typed]) == {("juristic_id", "bad_id")}


def test_juristic_id_first_digit_0_a_juristic_person(seen: Seen) -> None:
    row = seen.row(MEMBERS_BY_ID[juristic_id(8_000)])
    assert (row["juristic_id"][0], row["enterprise_name"]) == ("0", "บริษัท ตัวอย่าง จำกัด")


def test_juristic_id_first_digit_1_to_8_a_natural_persons_national_id_personal_data(
    seen: Seen,
) -> None:
    row = seen.row(NATURAL)
    assert (row["juristic_id"], row["enterprise_name"]) == (None, None)
    assert row["legal_form"] == "sole_proprietor"


def test_member_registrations_cluster_code_and_juristic_id_are_the_key_together(seen: Seen) -> None:
    key = seen.row(MEMBERS_BY_ID[juristic_id(8_000)])["enterprise_key"]
    rows = seen.night.where("marts.fct_membership", enterprise_key=key, is_current=True)
    assert {(row["cluster_code"], row["role"]) for row in rows} == {
        (CLUSTER, "member"), ("C09", "lead"),
    }  # fmt: skip
    assert len(seen.night.where("marts.dim_enterprise", enterprise_key=key)) == 1


NO_PROVINCE = LANDING.bad(MEMBERS, province="แอตแลนติส")
TSIC = {"13110": "13110", "01111": "01111", "1111": "01111"}
CLASSIFIED = {typed: LANDING.row(MEMBERS, tsic_code=typed) for typed in TSIC}
BAD_TSIC = [LANDING.bad(MEMBERS, tsic_code=typed) for typed in ("131100", "1311A")]


def test_province_of_a_member_is_a_place(seen: Seen) -> None:
    assert seen.reasons(NO_PROVINCE) == {("province", "bad_province")}
    assert seen.row(Place(NUMBERS, 2))["province_code"] == "50"


@pytest.mark.parametrize("typed", TSIC)
def test_tsic_code_five_digits_a_leading_zero_lost_to_a_number_is_put_back(
    seen: Seen, typed: str
) -> None:
    assert seen.row(CLASSIFIED[typed])["tsic_code"] == TSIC[typed]


def test_tsic_code_lost_its_zero_in_a_number_cell(seen: Seen) -> None:
    assert seen.row(Place(NUMBERS, 2))["tsic_code"] == "01111"
    assert seen.row(Place(NUMBERS, 3))["tsic_code"] == "13110"


def test_tsic_code_of_anything_else_is_none(seen: Seen) -> None:
    for place in BAD_TSIC:
        assert seen.reasons(place) == {("tsic_code", "bad_code")}


# ── The table: whole numbers, money and their ranges ──────────────────────────────────────────

COUNTED = [(MEMBERS, "employees"), (ACTIVITIES, "participants_people")]
NOT_NEGATIVE = [
    *COUNTED,
    (MEMBERS, "annual_revenue_baht"),
    (MEMBERS, "fixed_assets_baht"),
    (ACTIVITIES, "budget_baht"),
    (ACTIVITIES, "spent_baht"),
]
ZERO = {key: LANDING.row(key[0], **{key[1]: "0"}) for key in NOT_NEGATIVE}
NEGATIVE = {key: LANDING.bad(key[0], **{key[1]: "-1"}) for key in NOT_NEGATIVE}
NO_NUMBER = {key: LANDING.bad(key[0], **{key[1]: "หลาย"}) for key in NOT_NEGATIVE}
FRACTION = {key: LANDING.bad(key[0], **{key[1]: "12.5"}) for key in COUNTED}


@pytest.mark.parametrize(("dataset", "column"), NOT_NEGATIVE)
def test_an_integer_or_money_column_is_0_or_more(seen: Seen, dataset: str, column: str) -> None:
    assert seen.is_published(ZERO[dataset, column])
    assert seen.reasons(NEGATIVE[dataset, column]) == {(column, "out_of_range")}
    assert seen.reasons(NO_NUMBER[dataset, column]) == {(column, "bad_number")}


@pytest.mark.parametrize(("dataset", "column"), COUNTED)
def test_an_integer_column_is_whole(seen: Seen, dataset: str, column: str) -> None:
    assert seen.reasons(FRACTION[dataset, column]) == {(column, "bad_number")}


# ── The table: activity reports ───────────────────────────────────────────────────────────────

_known = [juristic_id(9_001), juristic_id(9_002), community_code(9), natural_id(9_003)]
LANDING.registered.update(_known)
TAKING_PART = LANDING.row(
    ACTIVITIES, participant_ids=f"{_known[0]}; {_known[1]};{_known[2]};{_known[3]}"
)
BAD_PARTICIPANT = LANDING.bad(ACTIVITIES, participant_ids=f"{_known[0]};123")
ONE_DAY = LANDING.row(ACTIVITIES, start_date="2015-01-20", end_date="2015-01-20")
BACKWARDS = LANDING.bad(ACTIVITIES, start_date="2015-01-20", end_date="2015-01-19")
NOWHERE = LANDING.bad(ACTIVITIES, province="แอตแลนติส")


def test_end_date_on_or_after_start_date_default_start(seen: Seen) -> None:
    assert seen.row(ONE_DAY)["end_date"] == DAY
    assert seen.reasons(BACKWARDS) == {("end_date", "end_before_start")}
    assert seen.row(EMPTY_OPTIONAL[ACTIVITIES, "end_date"])["end_date"] == DAY


def test_province_of_an_activity_is_a_place_or_empty(seen: Seen) -> None:
    assert seen.reasons(NOWHERE) == {("province", "bad_province")}
    assert seen.row(EMPTY_OPTIONAL[ACTIVITIES, "province"])["province_code"] is None


def test_participant_ids_a_list_of_ids_of_enterprises(seen: Seen) -> None:
    activity = seen.row(TAKING_PART)["activity_id"]
    keys = {
        row["enterprise_key"]
        for row in seen.night.where("marts.fct_activity_participation", activity_id=activity)
    }
    assert len(keys) == 4
    ids = {
        row["juristic_id"]
        for row in seen.night.tables["marts.dim_enterprise"]
        if row["enterprise_key"] in keys
    }
    assert ids == {*_known[:3], None}
    assert seen.reasons(BAD_PARTICIPANT) == {("participant_ids", "bad_id")}


def test_partner_type_none_is_a_code_and_not_missing(seen: Seen) -> None:
    assert seen.row(SPELLED[ACTIVITIES, "partner_type", "none", "ไม่มี"])["partner_type"] == "none"


# ── The table: financial outcomes ─────────────────────────────────────────────────────────────

YEARS = {"2558": 2558, "2015": 2558, "๒๕๕๘": 2558, "2550": 2550, "2600": 2600, "2007": 2550}
IN_YEAR = {typed: LANDING.row(OUTCOMES, fiscal_year=typed) for typed in YEARS}
OUT_OF_YEARS = [LANDING.bad(OUTCOMES, fiscal_year=typed) for typed in ("2549", "2601", "2006")]
NO_YEAR = LANDING.bad(OUTCOMES, fiscal_year="ปีนี้")
IN_QUARTER = {typed: LANDING.row(OUTCOMES, quarter=typed) for typed in ("1", "2", "3", "4")}
OUT_OF_QUARTERS = [LANDING.bad(OUTCOMES, quarter=typed) for typed in ("0", "5", "-1")]
JOBS = LANDING.row(OUTCOMES, measure="jobs_created", amount="1,200")
PART_OF_A_JOB = LANDING.bad(OUTCOMES, measure="jobs_created", amount="1.5")
SATANG = LANDING.row(OUTCOMES, measure="cost_reduction", amount="1.5")
NO_AMOUNT = LANDING.bad(OUTCOMES, amount="มาก")
_one = LANDING.good(OUTCOMES)
ALL_KEYS = LANDING.file(
    f"{OUTCOMES}/กุญแจ.csv",
    csv_of(
        [
            _one,
            {**_one, "measure": "cost_reduction"},
            {**_one, "quarter": "2"},
            {**_one, "fiscal_year": "2559"},
        ]
    ),
)


@pytest.mark.parametrize("typed", YEARS)
def test_fiscal_year_be_or_ce_2550_to_2600_be(seen: Seen, typed: str) -> None:
    assert seen.row(IN_YEAR[typed])["fiscal_year_be"] == YEARS[typed]


def test_fiscal_year_beyond_2550_to_2600_is_out_of_range(seen: Seen) -> None:
    for place in OUT_OF_YEARS:
        assert seen.reasons(place) == {("fiscal_year", "out_of_range")}
    assert seen.reasons(NO_YEAR) == {("fiscal_year", "bad_number")}


@pytest.mark.parametrize("typed", IN_QUARTER)
def test_quarter_1_to_4(seen: Seen, typed: str) -> None:
    assert seen.row(IN_QUARTER[typed])["fiscal_quarter"] == int(typed)


def test_quarter_beyond_1_to_4_is_out_of_range(seen: Seen) -> None:
    for place in OUT_OF_QUARTERS:
        assert seen.reasons(place) == {("quarter", "out_of_range")}


@pytest.mark.parametrize(
    ("day", "year", "quarter"),
    [
        (dt.date(2014, 10, 1), 2558, 1),
        (dt.date(2014, 12, 31), 2558, 1),
        (dt.date(2015, 1, 1), 2558, 2),
        (dt.date(2015, 9, 30), 2558, 4),
        (dt.date(2015, 10, 1), 2559, 1),
    ],
)
def test_the_thai_fiscal_year_october_to_september_is_named_by_the_year_it_ends_in(
    seen: Seen, day: dt.date, year: int, quarter: int
) -> None:
    (row,) = seen.night.where("marts.dim_date", date_day=day)
    assert (row["fiscal_year_be"], row["fiscal_quarter"]) == (year, quarter)


def test_measure_jobs_created_people_a_whole_number_for_jobs(seen: Seen) -> None:
    assert seen.row(JOBS)["amount"] == 1_200
    assert seen.reasons(PART_OF_A_JOB) == {("amount", "bad_number")}
    assert seen.row(SATANG)["amount"] == Decimal("1.50")


def test_amount_is_money(seen: Seen) -> None:
    assert seen.reasons(NO_AMOUNT) == {("amount", "bad_number")}


def test_cluster_juristic_id_fiscal_year_quarter_and_measure_are_the_key_together(
    seen: Seen,
) -> None:
    assert seen.file(ALL_KEYS)["rows_current"] == 4


# ── Values as people type them: dates ─────────────────────────────────────────────────────────

DATES = (
    "2015-01-20", "20/01/2558", "20-1-2558", "20.01.2558", "20 ม.ค. 58", "20 มกราคม 2558",
    "20 มกราคม พ.ศ. 2558", "20 Jan 2015", "๒๐/๐๑/๒๕๕๘", "42024", "2015-01-20 08:30:00",
    "20/01/2558 08:30", "2015-01-20T08:30:00", "2558-01-20", "20/01/58", "20-1-58", "20/1/2015",
    "๒๐ ม.ค. ๕๘",
)  # fmt: skip
DATED = {typed: LANDING.row(ACTIVITIES, start_date=typed) for typed in DATES}
#: A date in every date column of every dataset, each of them published.
DATE_COLUMNS = [
    (CLUSTERS, "registered_on"), (CLUSTERS, "submitted_on"), (MEMBERS, "registered_on"),
    (MEMBERS, "submitted_on"), (ACTIVITIES, "start_date"), (ACTIVITIES, "end_date"),
    (ACTIVITIES, "submitted_on"), (OUTCOMES, "submitted_on"),
]  # fmt: skip
IN_EVERY_COLUMN = {
    key: LANDING.row(
        key[0],
        **{key[1]: "20 ม.ค. 58", **({"start_date": "20/01/2558"} if key[1] == "end_date" else {})},
    )
    for key in DATE_COLUMNS
}
NO_DATE = {key: LANDING.bad(key[0], **{key[1]: "31/02/2558"}) for key in DATE_COLUMNS}
DATE_CELLS: dict[str, Any] = {
    "a date cell": DAY,
    "a date cell that holds the year 2558": be(DAY),
    "a date cell with a time": dt.datetime(2015, 1, 20, 8, 30),
    "a date cell with a time in the year 2558": dt.datetime(2558, 1, 20, 8, 30),
    "a serial number": 42_024,
    "a serial number with a time": 42_024.354,
    "text in a cell": "20 ม.ค. 58",
}
WORKBOOK_OF_DATES = {
    "xlsx": LANDING.file(
        f"{ACTIVITIES}/วันที่.xlsx",
        writers.xlsx(
            {
                "1": cells(
                    [LANDING.good(ACTIVITIES, start_date=cell) for cell in DATE_CELLS.values()]
                )
            }
        ),
    ),
    "ods": LANDING.file(
        f"{ACTIVITIES}/วันที่.ods",
        writers.ods(
            {
                "1": cells(
                    [LANDING.good(ACTIVITIES, start_date=cell) for cell in DATE_CELLS.values()]
                )
            }
        ),
    ),
}
DAY_FIRST = LANDING.row(ACTIVITIES, start_date="03/04/2558", end_date="05/06/2558")


@pytest.mark.parametrize("typed", DATES)
def test_dates_as_people_type_them(seen: Seen, typed: str) -> None:
    assert seen.row(DATED[typed])["start_date"] == DAY


@pytest.mark.parametrize("form", WORKBOOK_OF_DATES)
@pytest.mark.parametrize("place", range(len(DATE_CELLS)), ids=list(DATE_CELLS))
def test_dates_a_workbooks_date_cell_a_serial_number_a_date_with_a_time(
    seen: Seen, form: str, place: int
) -> None:
    assert seen.row(Place(WORKBOOK_OF_DATES[form], 2 + place))["start_date"] == DAY


@pytest.mark.parametrize(("dataset", "column"), DATE_COLUMNS)
def test_dates_in_every_date_column(seen: Seen, dataset: str, column: str) -> None:
    assert seen.row(IN_EVERY_COLUMN[dataset, column])[column] == DAY


def test_dates_day_before_month(seen: Seen) -> None:
    row = seen.row(DAY_FIRST)
    assert (row["start_date"], row["end_date"]) == (dt.date(2015, 4, 3), dt.date(2015, 6, 5))


@pytest.mark.parametrize(("dataset", "column"), DATE_COLUMNS)
def test_dates_31_02_2558_is_no_date(seen: Seen, dataset: str, column: str) -> None:
    assert (column, "bad_date") in seen.reasons(NO_DATE[dataset, column])


# ── Values as people type them: money ─────────────────────────────────────────────────────────

MONEY = {
    "1234567.5": "1234567.50",
    "1,234,567.50": "1234567.50",
    "๑,๒๓๔.๕๐": "1234.50",
    "฿1,200": "1200.00",
    "1,200 บาท": "1200.00",
    "(1,200)": "-1200.00",
    "1.25 ล้านบาท": "1250000.00",
    "1.25 ลบ.": "1250000.00",
    "500 พันบาท": "500000.00",
    "1.2M": "1200000.00",
    "-1,200": "-1200.00",
    # What a double cannot hold, or holds only until it is multiplied.
    "90071992547409.93": "90071992547409.93",
    "9,999,999,999,999.99": "9999999999999.99",
    "4.35 ล้านบาท": "4350000.00",
    "1.00000029 ล้านบาท": "1000000.29",
}
PAID = {typed: LANDING.row(OUTCOMES, amount=typed) for typed in MONEY}
OPTIONAL_MONEY = {
    (dataset, column): LANDING.row(dataset, **{column: "1.25 ล้านบาท"})
    for dataset, column in NOT_NEGATIVE
    if column.endswith("_baht")
}
MONEY_CELLS = {
    1_234_567.5: "1234567.50",
    0.29: "0.29",
    -1_200: "-1200.00",
    4_350_000.07: "4350000.07",
}
WORKBOOK_OF_MONEY = LANDING.file(
    f"{OUTCOMES}/เงิน.xlsx",
    writers.xlsx({"1": cells([LANDING.good(OUTCOMES, amount=cell) for cell in MONEY_CELLS])}),
)
COLUMNAR_MONEY = LANDING.file(
    f"{OUTCOMES}/เงิน.parquet",
    writers.columnar(cells([LANDING.good(OUTCOMES, amount=float(cell)) for cell in MONEY_CELLS])),
)
JSON_MONEY = LANDING.file(
    f"{OUTCOMES}/เงิน.jsonl",
    writers.json_lines(cells([LANDING.good(OUTCOMES, amount=cell) for cell in MONEY_CELLS])),
)
MISSING = ("-", "n/a", "N/A", "ไม่มี", "", "  ")
NO_BUDGET = {
    typed: LANDING.row(ACTIVITIES, budget_baht=typed, participants_people=typed)
    for typed in MISSING
}
NO_OUTCOME = {typed: LANDING.bad(OUTCOMES, amount=typed) for typed in MISSING}


@pytest.mark.parametrize("typed", MONEY)
def test_money_as_people_type_it_exact_to_the_satang(seen: Seen, typed: str) -> None:
    assert seen.row(PAID[typed])["amount"] == Decimal(MONEY[typed])


@pytest.mark.parametrize(
    ("path", "first"), [(WORKBOOK_OF_MONEY, 2), (COLUMNAR_MONEY, 1), (JSON_MONEY, 1)]
)
def test_money_of_number_cells_is_exact_to_the_satang(seen: Seen, path: str, first: int) -> None:
    found = [seen.row(Place(path, first + place))["amount"] for place in range(len(MONEY_CELLS))]
    assert found == [Decimal(amount) for amount in MONEY_CELLS.values()]


@pytest.mark.parametrize("column", ["budget_baht", "spent_baht"])
def test_money_in_every_money_column(seen: Seen, column: str) -> None:
    assert seen.row(OPTIONAL_MONEY[ACTIVITIES, column])[column] == 1_250_000


@pytest.mark.parametrize("typed", MISSING)
def test_money_dash_n_a_mai_mi_and_empty_are_missing(seen: Seen, typed: str) -> None:
    row = seen.row(NO_BUDGET[typed])
    assert (row["budget_baht"], row["participants_people"]) == (None, None)
    assert seen.reasons(NO_OUTCOME[typed]) == {("amount", "missing_required")}


# ── What each outcome means ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("measure", "made_of", "target"),
    [
        ("economic_expansion", ("sales_increase", "new_investment"), 530_000_000),
        ("cost_reduction", ("cost_reduction",), 65_000_000),
    ],
)
def test_economic_expansion_is_sales_and_investment_and_targets_of_2558_are_floors_never_filled_from_actuals(  # noqa: E501 - the page's line
    seen: Seen, measure: str, made_of: tuple[str, ...], target: int
) -> None:
    for year in (2550, 2558, 2600):
        (row,) = seen.night.where(
            "reports.rpt_programme_progress", fiscal_year_be=year, measure=measure
        )
        actual = sum(
            outcome["amount"]
            for outcome in seen.night.where("marts.fct_financial_outcome", fiscal_year_be=year)
            if outcome["measure"] in made_of
        )
        assert row["actual_baht"] == actual
        assert row["target_baht"] == (target if year == 2558 else None)


# ── No personal data, wherever it was put ─────────────────────────────────────────────────────

_persons = [natural_id(number) for number in range(9_101, 9_110)]
_dashed = "-".join(
    _persons[0][start:end] for start, end in ((0, 1), (1, 5), (5, 10), (10, 12), (12, 13))
)
_mistyped = _persons[1][:-1] + str((int(_persons[1][-1]) + 5) % 10)
PLANTED = {
    "a bad row's id": (LANDING.bad(MEMBERS, juristic_id=_mistyped), _mistyped),
    "a held outcome's id": (LANDING.row(OUTCOMES, juristic_id=_persons[2]), _persons[2]),
    "an unknown participant": (LANDING.row(ACTIVITIES, participant_ids=_persons[3]), _persons[3]),
    "a list with a bad id": (
        LANDING.bad(ACTIVITIES, participant_ids=f"{_persons[4]};1"), _persons[4]
    ),
    "the cluster of a held row": (LANDING.row(MEMBERS, cluster_code=_persons[5]), _persons[5]),
    "a code": (LANDING.bad(ACTIVITIES, activity_type=_dashed), _persons[0]),
    "an amount": (LANDING.bad(OUTCOMES, amount=_persons[6]+" บาทถ้วน ๆ"), _persons[6]),
    "a partner's name": (
        LANDING.row(ACTIVITIES, partner_name=f"กลุ่มของ {_persons[7]}"), _persons[7]
    ),
    "a firm's name": (
        LANDING.row(MEMBERS, enterprise_name=f"ร้าน {_persons[8]}"), _persons[8]
    ),
    "a natural person's id": (NATURAL, PERSON),
    "a natural person's name": (NATURAL, PERSONS_NAME),
    "a contact's name": (NATURAL, "ห้ามเผยแพร่"),
    "a contact's telephone": (NATURAL, "081-234-5678"),
    "a contact's address": (NATURAL, "secret@example.com"),
    "a coordinator": (LANDING.row(CLUSTERS, coordinator_name="นายประสาน ห้ามเห็น"), "ห้ามเห็น"),
}  # fmt: skip


@pytest.mark.parametrize("where", PLANTED)
def test_personal_data_is_published_nowhere(seen: Seen, home: Home, where: str) -> None:
    place, text = PLANTED[where]
    assert seen.file(place.path)["rows_read"] > 0
    found = [
        (name, column)
        for name, rows in seen.night.tables.items()
        for row in rows
        for column, value in row.items()
        if text in str(value) or text in str(value).replace("-", "").replace(" ", "")
    ]
    assert found == []
    assert text.encode() not in home.published.read_bytes()
    assert text not in seen.night.said


def test_the_enterprise_key_is_keyed_by_the_secret_of_the_env_file(seen: Seen, home: Home) -> None:
    assert not (home.root / "key_secret").exists()
    key = seen.row(MEMBERS_BY_ID[juristic_id(8_000)])["enterprise_key"]
    told = home.run("trace", "dim_enterprise", f"juristic_id={juristic_id(8_000)}", "--json").json()
    assert [row["enterprise_key"] for row in told["rows"]] == [key]


# ── What is kept and never published ──────────────────────────────────────────────────────────

WHOLE_ROWS: dict[str, dict[str, tuple[Any, Any]]] = {
    CLUSTERS: {
        "cluster_code": ("C33", "C33"),
        "cluster_name_th": (" ผ้าไหม ", "ผ้าไหม"),
        "cluster_name_en": ("Silk", "Silk"),
        "branch": ("แฟชั่น", "fashion"),
        "provinces": ("อุดรธานี;เลย", ["41", "42"]),
        "coordinator_name": ("นายสมมติ", "นายสมมติ"),
        "registered_on": ("20/01/2558", DAY),
        "submitted_on": ("20 ม.ค. 58", DAY),
        "status": ("ถอนตัว", "withdrawn"),
    },
    MEMBERS: {
        "cluster_code": ("C33", "C33"),
        "juristic_id": (juristic_id(1), juristic_id(1)),
        "enterprise_name": ("บริษัท ไหม จำกัด", "บริษัท ไหม จำกัด"),
        "legal_form": ("บริษัทจำกัด", "limited_company"),
        "province": ("จ.เลย", "42"),
        "business_type": ("ผลิต", "manufacturing"),
        "tsic_code": ("1111", "01111"),
        "role": ("แกนนำ", "lead"),
        "employees": ("๑,๒๐๐", 1_200),
        "annual_revenue_baht": ("1.25 ล้านบาท", Decimal(1_250_000)),
        "fixed_assets_baht": ("500 พันบาท", Decimal(500_000)),
        "registered_on": ("20.01.2558", DAY),
        "submitted_on": ("2015-01-20", DAY),
        "status": ("ปกติ", "active"),
        "contact_name": ("นางติดต่อ", "นางติดต่อ"),
        "contact_phone": ("081-000-0000", "081-000-0000"),
        "contact_email": ("a@example.com", "a@example.com"),
    },
    ACTIVITIES: {
        "activity_id": ("A-1", "A-1"),
        "cluster_code": ("C33", "C33"),
        "activity_type": ("ศึกษาดูงาน", "study_visit"),
        "title": ("ดูงาน", "ดูงาน"),
        "start_date": ("20/01/2558", DAY),
        "end_date": ("", DAY),
        "province": ("เลย", "42"),
        "participants_people": ("20", 20),
        "partner_name": ("", None),
        "partner_type": ("วิจัย", "research"),
        "budget_baht": ("-", None),
        "spent_baht": ("1.2M", Decimal(1_200_000)),
        "submitted_on": ("20 Jan 2015", DAY),
    },
    OUTCOMES: {
        "cluster_code": ("C33", "C33"),
        "juristic_id": (juristic_id(1), juristic_id(1)),
        "fiscal_year": ("2015", 2558),
        "quarter": ("2", 2),
        "measure": ("ลดต้นทุน", "cost_reduction"),
        "amount": ("(1,200)", Decimal(-1_200)),
        "evidence_ref": ("แฟ้ม 7/2558", "แฟ้ม 7/2558"),
        "submitted_on": ("๒๐/๐๑/๒๕๕๘", DAY),
    },
}


@pytest.mark.parametrize("dataset", WHOLE_ROWS)
def test_every_column_of_a_dataset_is_kept_as_it_was_meant(
    dataset: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    row = WHOLE_ROWS[dataset]
    assert set(row) | {"participant_ids"} >= set(page.LABELS[dataset])
    intake = IntakeHome(tmp_path_factory.mktemp("kept") / "home")
    typed = {name: text for name, (text, _) in row.items()}
    intake.put(f"{dataset}/ทั้งแถว.csv", csv_of([typed], page.LABELS[dataset]))
    _, taken = intake.night()
    (one,) = taken.values()
    assert one.problems == set()
    assert {name: one.rows[0][name] for name in row} == {
        name: meant for name, (_, meant) in row.items()
    }
