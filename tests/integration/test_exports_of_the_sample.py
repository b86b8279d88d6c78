"""The exports of the sample's warehouse: every table, every value, a workbook people can read."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import openpyxl
import pytest

from orchestration.exports import write_exports
from orchestration.exports.cells import COMPUTED
from orchestration.exports.labels import SHEETS
from orchestration.manifest import prepare_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.conftest import Sample

pytestmark = pytest.mark.night

#: Not wholly in an order: what a night adds when the build is finished comes last; to sort who took
#: part in what costs a night of a million outcomes 0.3 CPU seconds and speeds no question up.
UNORDERED = {"audit.check_result", "audit.night_difference", "marts.fct_activity_participation"}


@pytest.fixture(scope="module")
def exports(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports") / "exports"
    write_exports(sample.home.published, folder)
    return folder


@pytest.fixture(scope="module")
def published(sample: Sample) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, its rows read in their own order."""
    with duckdb.connect(str(sample.home.published), read_only=True, config={"threads": 1}) as db:
        yield db


def tables(db: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """`schema.table` → its columns and their types."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in db.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where not internal order by schema_name, table_name, column_index"
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def test_every_table_is_there_as_parquet_and_as_csv_and_nothing_else(
    exports: Path, published: duckdb.DuckDBPyConnection
) -> None:
    names = set(tables(published))
    assert len(names) > 40
    assert {path.stem for path in (exports / "parquet").glob("*.parquet")} == names
    assert {path.stem for path in (exports / "csv").glob("*.csv")} == names
    index = json.loads((exports / "index.json").read_text("utf-8"))
    assert {one["table"]: one["rows"] for one in index["tables"]} == {
        name: published.execute(f"select count(*) from {name}").fetchall()[0][0] for name in names
    }


def test_parquet_has_every_row_in_its_order_and_every_type(
    exports: Path, published: duckdb.DuckDBPyConnection
) -> None:
    for name, columns in tables(published).items():
        file = exports / "parquet" / f"{name}.parquet"
        described = published.execute(f"describe from '{file}'").fetchall()
        assert {column: kind for column, kind, *_ in described} == columns, name
        found = published.execute(f"from '{file}'").fetchall()
        assert found == published.execute(f"from {name}").fetchall(), name


def test_csv_has_every_value_and_gives_each_text_back(
    exports: Path, published: duckdb.DuckDBPyConnection
) -> None:
    pattern = COMPUTED.replace("'", "''")
    for name, columns in tables(published).items():
        file = exports / "csv" / f"{name}.csv"
        back = ", ".join(
            f"case when \"{column}\" like '''%' and "
            f"regexp_matches(substr(\"{column}\", 2), '{pattern}') "
            f'then substr("{column}", 2) else "{column}" end'
            if kind == "VARCHAR"
            else f'"{column}"'
            for column, kind in columns.items()
        )
        found = published.execute(
            f"select {back} from read_csv('{file}', columns = {columns!r}, header = true, "
            "quote = '\"', escape = '\"', allow_quoted_nulls = false)"
        ).fetchall()
        assert found == published.execute(f"from {name}").fetchall(), name


def test_a_published_table_is_in_the_order_its_model_says(
    published: duckdb.DuckDBPyConnection,
) -> None:
    manifest: dict[str, Any] = json.loads(prepare_manifest().read_text("utf-8"))
    orders = {
        f"{node['schema']}.{node['alias']}": re.search(
            r"\norder by ([^()]*)\Z", node["raw_code"].rstrip()
        )
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in ("marts", "reports", "audit")
    }
    assert set(orders) == set(tables(published))
    assert {name for name, order in orders.items() if order is None} <= UNORDERED
    for name, order in orders.items():
        if order and name not in UNORDERED:
            ordered = published.execute(f"from {name} order by {order[1]}").fetchall()
            assert published.execute(f"from {name}").fetchall() == ordered, name


@pytest.fixture(scope="module")
def workbook(exports: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(exports / "reports.xlsx")


def test_the_workbook_has_notes_and_then_a_sheet_a_report_in_the_order_of_questions(
    workbook: openpyxl.Workbook, published: duckdb.DuckDBPyConnection
) -> None:
    reports = {name.removeprefix("reports.") for name in tables(published) if "reports." in name}
    assert workbook.sheetnames == ["notes", *SHEETS]
    assert set(SHEETS) == reports


def test_no_cell_is_a_formula_and_every_header_stays_in_sight(
    workbook: openpyxl.Workbook, published: duckdb.DuckDBPyConnection
) -> None:
    for sheet in workbook:
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert kinds <= {"s", "n", "d", "b"}, sheet.title
        if sheet.title != "notes":
            assert sheet.freeze_panes == "A2"
            assert sheet.auto_filter.ref == sheet.dimensions


def test_every_column_has_a_thai_and_an_english_label_and_its_own_name(
    workbook: openpyxl.Workbook, published: duckdb.DuckDBPyConnection
) -> None:
    for name, columns in tables(published).items():
        if not name.startswith("reports."):
            continue
        heads = [cell.value.split("\n") for cell in workbook[name.removeprefix("reports.")][1]]
        assert [head[-1] for head in heads] == list(columns)
        for head in heads:
            assert len(head) == 3, (name, head)
            assert re.search("[\u0e01-\u0e5b]", head[0]), (name, head)
            assert re.search("[A-Za-z]", head[1]), (name, head)


def test_money_in_the_workbook_is_the_warehouses_to_the_satang(
    workbook: openpyxl.Workbook, published: duckdb.DuckDBPyConnection
) -> None:
    for name, columns in tables(published).items():
        money = [column for column, kind in columns.items() if kind.startswith("DECIMAL")]
        if not name.startswith("reports.") or not money:
            continue
        rows = list(workbook[name.removeprefix("reports.")].iter_rows(min_row=2))
        places = [list(columns).index(column) for column in money]
        found = [
            tuple(None if row[at].value is None else Decimal(str(row[at].value)) for at in places)
            for row in rows
        ]
        assert found == published.execute(f"select {', '.join(money)} from {name}").fetchall()
        cells = [row[at] for row in rows for at in places if row[at].value is not None]
        assert {cell.number_format for cell in cells} <= {"#,##0.00"}


def test_the_program_of_the_document_reads_the_exports(exports: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "analysts.md").read_text("utf-8")
    (program,) = re.findall(r"^```py\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert program.count("var/published/exports") == 2
    found: dict[str, Any] = {}
    exec(program.replace("var/published/exports", str(exports)), found)
    assert len(found["outcomes"]) > 1000
    assert isinstance(found["outcomes"]["amount"][0], Decimal)
    assert list(found["clusters"]["cluster_code"]) == [f"C{n:02}" for n in range(1, 18)]
