"""From any cell of a mart or report to the files, the rows and the text behind it."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from orchestration.settings import Home as Paths
from orchestration.trace import MASKED, Origin, Trace, trace
from sources.contracts import discover
from sources.store import Archive
from sources.typed import Workbench

if TYPE_CHECKING:
    from tests.integration.conftest import Sample

pytestmark = pytest.mark.night

#: Report → the columns that identify a row, and the figures that are sums or counts of rows.
FIGURES = {
    "reports.rpt_programme_progress": (
        ("fiscal_year_be", "measure"),
        ("actual_baht", "members_expected", "suspicious_baht"),
    ),
    "reports.rpt_cluster_scorecard": (
        ("cluster_code", "fiscal_year_be"),
        (
            "members", "activities", "linkages", "spent_baht", "economic_expansion_baht",
            "cost_reduction_baht", "jobs_created", "members_expected", "suspicions",
            "suspicious_baht",
        ),
    ),
    "reports.rpt_reporting_completeness": (
        ("cluster_code", "fiscal_year_be", "fiscal_quarter"),
        ("members_expected",),
    ),
    "reports.rpt_programme_completeness": (
        ("fiscal_year_be", "fiscal_quarter"),
        ("members_expected",),
    ),
    "reports.rpt_participation_outcomes": (
        ("activity_type", "fiscal_year_be", "fiscal_quarter", "measure"),
        ("total_took_part_baht", "total_did_not_baht"),
    ),
    "reports.rpt_follow_up": (("matter_id",), ("row_count", "amount_baht")),
    "reports.rpt_suspicions": (("suspicion_id",), ("baht_at_stake",)),
}  # fmt: skip
#: Reports that have rows only where a quarter is closed, with their keys; a closed quarter's story
#: (test_nights_of_a_closed_quarter) traces their figures.
OF_CLOSED_QUARTERS = {
    "reports.rpt_quarter_closing": (
        "fiscal_year_be", "fiscal_quarter", "cluster_code", "measure",
    ),
    "reports.rpt_quarter_adjustment": (
        "fiscal_year_be", "fiscal_quarter", "cluster_code", "measure", "file_id", "why",
    ),
}  # fmt: skip
#: Figures that count rows although their rule also adds something.
COUNTED = {"activities", "suspicions"}


@pytest.fixture(scope="module")
def paths(sample: Sample) -> Paths:
    """The sample's home as the software sees it; tracing only reads it."""
    home = sample.home
    return Paths(
        root=home.root,
        landing=home.landing,
        landing_is_set=False,
        ledger_url="",
        keep_versions=7,
        report_due_days=15,
        key_secret=None,
    )


def behind(found: Trace, column: str) -> Origin:
    """The origin that explains a column by rows of files; of several, the one that has some."""
    able = [o for o in found.origins if column in o.explains and not o.reference]
    (origin,) = [o for o in able if o.files] or able
    return origin


@pytest.mark.parametrize("table", sorted(FIGURES))
def test_what_is_behind_a_figure_adds_up_to_it(sample: Sample, paths: Paths, table: str) -> None:
    keys, figures = FIGURES[table]
    rows = sample.second.tables[table]
    assert rows
    for row in rows:
        found = trace(paths, table, [f"{key}={row[key]}" for key in keys], limit=0)
        assert len(found.rows) == 1
        for figure in figures:
            if row[figure] is None:
                continue
            origin = behind(found, figure)
            amount = origin.amount if figure not in COUNTED else None
            shown = origin.row_count if amount is None else amount
            assert Decimal(str(row[figure] or 0)) == (shown or 0), (row, figure)
            assert sum(file.rows for file in origin.files) == origin.row_count


def test_every_column_of_every_published_table_is_explained(sample: Sample) -> None:
    with duckdb.connect(str(sample.home.published), read_only=True) as db:
        columns = db.execute(
            "select table_schema || '.' || table_name, list(column_name) "
            "from information_schema.columns group by all"
        ).fetchall()
        rules: dict[str, list[str]] = {}
        for table, explains in db.execute(
            "select table_name, explains from audit.trace_rule"
        ).fetchall():
            rules.setdefault(table, []).append(explains or "")
    assert {table for table, _ in columns} == set(rules)
    unexplained = {}
    for table, names in columns:
        if "" in rules[table]:
            continue
        spoken_of = {name.strip() for explains in rules[table] for name in explains.split(",")}
        keys = set(OF_CLOSED_QUARTERS.get(table) or FIGURES.get(table, ((), ()))[0])
        unexplained[table] = set(names) - spoken_of - keys
        assert spoken_of <= set(names), table
    assert {table: names for table, names in unexplained.items() if names} == {}


def test_the_text_shown_is_what_the_amount_was_read_from_in_every_format(
    sample: Sample, paths: Paths
) -> None:
    outcomes = sample.second.tables["marts.fct_financial_outcome"]
    one_a_file = {row["file_id"]: row for row in outcomes}
    assert len(one_a_file) > 10
    contract = discover()["financial_outcomes"]
    endings = set()
    for row in one_a_file.values():
        key = ("cluster_code", "enterprise_key", "fiscal_year_be", "fiscal_quarter", "measure")
        found = trace(paths, "fct_financial_outcome", [f"{name}={row[name]}" for name in key])
        (source,) = found.origins[0].rows
        assert (source.file_id, source.row_number) == (row["file_id"], row["row_number"])
        assert source.original is not None, source.path
        text = source.original[contract.column("amount").label]
        with Workbench(contract, b"secret") as bench:
            bench.db.execute("create table asked as select ? as text", [text])
            (value,) = bench.db.execute("select value from read_money('asked')").fetchone() or (0,)
        # A header may state a unit for bare numbers: 1.5 under 'ล้านบาท'.
        assert value in (row["amount"], row["amount"] / 1_000_000), (source.path, text)
        endings.add(source.path.rsplit(".", 1)[-1])
    assert endings >= {"csv", "xlsx", "gz", "tsv", "txt"}


def test_a_members_personal_data_is_masked_in_the_text(sample: Sample, paths: Paths) -> None:
    contract = discover()["member_registrations"]
    personal = {column.label for column in contract.columns if column.is_personal}
    with duckdb.connect(str(sample.home.published), read_only=True) as db:
        natural, juristic = (
            db.execute(
                "select enterprise_key from marts.dim_enterprise where is_natural_person = ? "
                "order by 1 limit 1",
                [is_natural],
            ).fetchone()
            for is_natural in (True, False)
        )
    assert natural
    assert juristic
    of_natural = trace(paths, "dim_enterprise", [f"enterprise_key={natural[0]}"])
    of_juristic = trace(paths, "dim_enterprise", [f"enterprise_key={juristic[0]}"])
    rows = [row for origin in of_natural.origins for row in origin.rows]
    assert rows
    for row in rows:
        assert row.original is not None
        hidden = {*personal, "เลขทะเบียนนิติบุคคล", "ชื่อวิสาหกิจ"}
        assert {row.original[name] for name in hidden if name in row.original} == {MASKED}
    seen = [row.original or {} for origin in of_juristic.origins for row in origin.rows]
    assert all(original["ชื่อวิสาหกิจ"] != MASKED for original in seen)
    assert {o[name] for o in seen for name in personal if name in o} <= {MASKED}


def test_an_enterprise_may_be_named_by_its_id(sample: Sample, paths: Paths) -> None:
    (enterprise,) = [
        row for row in sample.second.tables["marts.dim_enterprise"] if row["juristic_id"]
    ][:1]
    found = trace(paths, "fct_membership", [f"juristic_id={enterprise['juristic_id']}"], limit=0)
    assert {row["enterprise_key"] for row in found.rows} == {enterprise["enterprise_key"]}


def test_a_quarantined_row_is_traced_to_its_text(sample: Sample, paths: Paths) -> None:
    (bad,) = sample.second.where("audit.quarantined_row", raw_value="มูลนิธิ")
    found = trace(paths, "quarantined_row", ["raw_value=มูลนิธิ"])
    (source,) = found.origins[0].rows
    assert source.path == bad["path"]
    assert source.original is not None
    assert source.original["รูปแบบกิจการ"] == "มูลนิธิ"


@pytest.mark.parametrize(
    ("table", "keys", "says"),
    [
        ("rpt_progress", ["fiscal_year_be=2558"], "There is no table 'rpt_progress'"),
        ("rpt_programme_progress", ["year=2558"], "has no column 'year'; it has fiscal_year_be"),
        ("rpt_programme_progress", ["fiscal_year_be"], "is no KEY=VALUE"),
        ("rpt_programme_progress", ["fiscal_year_be=2401"], "No row of reports.rpt_programme"),
        ("rpt_programme_progress", ["measure=x' or 'y'='y"], "No row of"),
        ("fct_financial_outcome", ["fiscal_year_be=2558"], "More than 1,000 rows"),
    ],
)  # fmt: skip
def test_what_cannot_be_traced_is_said_in_a_sentence(
    sample: Sample, table: str, keys: list[str], says: str
) -> None:
    done = sample.home.run("trace", table, *keys)
    assert done.exit_code == 1
    assert says in done.said
    assert "Traceback" not in done.said


def test_the_command_shows_files_rows_and_text_to_people_and_programs(sample: Sample) -> None:
    key = ("fiscal_year_be=2558", "measure=cost_reduction")
    (row,) = sample.second.where(
        "reports.rpt_programme_progress", fiscal_year_be=2558, measure="cost_reduction"
    )
    told: dict[str, Any] = sample.home.run(
        "trace", "rpt_programme_progress", *key, "--column", "actual_baht", "--json"
    ).json()
    (origin,) = told["origins"]
    assert Decimal(str(origin["amount"])) == Decimal(str(row["actual_baht"]))
    assert len(origin["rows"]) == 20
    done = sample.home.run("trace", "rpt_programme_progress", *key)
    assert done.exit_code == 0
    for file in origin["files"]:
        assert file["path"] in done.stdout
    for source in origin["rows"]:
        assert source["original"]["จำนวน"].strip() in done.stdout


def test_a_file_that_left_the_archive_is_said_and_the_rest_still_shown(
    sample: Sample, paths: Paths, tmp_path: Path
) -> None:
    (tmp_path / "published").symlink_to(sample.home.root / "published")
    elsewhere = dataclasses.replace(paths, root=tmp_path)
    found = trace(elsewhere, "dim_cluster", ["cluster_code=C01"])
    (source,) = found.origins[0].rows
    assert source.original is None
    assert source.path
    assert source.not_shown == "its bytes are not in the archive any more"


def test_a_file_that_todays_contract_refuses_says_so_in_place_of_its_text(
    sample: Sample, paths: Paths, tmp_path: Path
) -> None:
    (tmp_path / "published").symlink_to(sample.home.root / "published")
    elsewhere = dataclasses.replace(paths, root=tmp_path)
    (source,) = trace(paths, "dim_cluster", ["cluster_code=C01"]).origins[0].rows
    archived = Archive(elsewhere.archive).path(source.file_id)
    archived.parent.mkdir(parents=True)
    archived.write_text("a,b\n1,2\n")
    (source,) = trace(elsewhere, "dim_cluster", ["cluster_code=C01"]).origins[0].rows
    assert source.original is None
    assert "names a column of cluster_registrations" in str(source.not_shown)
