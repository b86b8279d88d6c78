"""The bundled sample, loaded in one night, then a night that brings nothing.

What must come of it was counted by the generator from the true values it typed
(`sources.sampling.expected`): the published warehouse is held against that, figure by figure.
"""

from __future__ import annotations

import csv
import io
import json
import re
import stat
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from sources.sampling.writers import submissions

if TYPE_CHECKING:
    from tests.integration.conftest import Sample

pytestmark = pytest.mark.night

#: What a night adds to in any case: its own checks, itself.
OF_THE_RUN = {"audit.check_result", "audit.published_run"}

#: Section 3 of the interface page: what an analyst's query may name.
COLUMNS = {
    "marts.dim_cluster": (
        "cluster_code cluster_name_th cluster_name_en branch registered_on status"
    ),
    "marts.bridge_cluster_province": "cluster_code province_code province_group_code weight",
    "marts.dim_enterprise": (
        "enterprise_key juristic_id enterprise_name legal_form business_type province_code "
        "size_class size_class_2002"
    ),
    "marts.dim_province": (
        "province_code province_name_th province_name_en region province_group_code"
    ),
    "marts.dim_date": "date_day year_be fiscal_year_be fiscal_quarter month_name_th",
    "marts.fct_membership": (
        "cluster_code enterprise_key role status registered_on valid_from valid_to is_current"
    ),
    "marts.fct_activity": (
        "activity_id cluster_code activity_type start_date end_date province_code "
        "participants_people partner_name partner_type budget_baht spent_baht submitted_on "
        "file_id row_number"
    ),
    "marts.fct_activity_participation": "activity_id enterprise_key",
    "marts.fct_financial_outcome": (
        "cluster_code enterprise_key fiscal_year_be fiscal_quarter measure amount submitted_on "
        "file_id row_number"
    ),
    "reports.rpt_programme_progress": (
        "fiscal_year_be measure target_baht actual_baht progress_ratio clusters_reporting"
    ),
    "reports.rpt_cluster_scorecard": (
        "cluster_code fiscal_year_be members activities linkages spent_baht "
        "economic_expansion_baht cost_reduction_baht jobs_created"
    ),
    "reports.rpt_reporting_completeness": (
        "cluster_code fiscal_year_be fiscal_quarter members_expected members_reported "
        "completeness_ratio on_time_ratio"
    ),
    "audit.load_file": (
        "file_id dataset path received_at status reason rows_read rows_current rows_superseded "
        "rows_quarantined"
    ),
    "audit.quarantined_row": (
        "file_id dataset path row_number column_name reason raw_value held"
    ),
    "audit.check_result": (
        "run_id checked_at tool dataset_or_model check_name severity passed observed "
        "unexpected_count"
    ),
    "audit.published_run": (
        "run_id started_at published_at git_sha files_loaded rows_loaded"
    ),
}  # fmt: skip

#: Where a dataset's current rows are found, a row a row.
CURRENT_ROWS = {
    "cluster_registrations": "marts.dim_cluster",
    "member_registrations": "marts.fct_membership where is_current",
    "activity_reports": "marts.fct_activity",
    "financial_outcomes": "marts.fct_financial_outcome",
}
DATASETS = sorted(CURRENT_ROWS)
GRAINS = {
    "marts.dim_cluster": "cluster_code",
    "marts.bridge_cluster_province": "cluster_code, province_code",
    "marts.dim_enterprise": "enterprise_key",
    "marts.dim_province": "province_code",
    "marts.dim_date": "date_day",
    "marts.fct_activity": "activity_id",
    "marts.fct_activity_participation": "activity_id, enterprise_key",
    "marts.fct_financial_outcome": (
        "cluster_code, enterprise_key, fiscal_year_be, fiscal_quarter, measure"
    ),
    "reports.rpt_programme_progress": "fiscal_year_be, measure",
    "reports.rpt_cluster_scorecard": "cluster_code, fiscal_year_be",
    "reports.rpt_reporting_completeness": "cluster_code, fiscal_year_be, fiscal_quarter",
}


def expansion(sample: Sample) -> Decimal:
    totals = sample.answer.totals
    return totals[2558, "sales_increase"] + totals[2558, "new_investment"]


# ── The night itself ──────────────────────────────────────────────────────────────────────────


def test_the_first_night_publishes(sample: Sample) -> None:
    assert sample.first.exit_code == 0, sample.first.said
    assert sample.first.report["published"] is True
    assert sample.first.digest


def test_a_program_reads_the_report_from_standard_output(sample: Sample) -> None:
    """Nothing but the JSON stands there, or no program could read it."""
    assert sample.first.json()["run_id"] == sample.first.report["run_id"]


def test_the_report_counts_tonights_files_by_fate(sample: Sample) -> None:
    wanted = Counter(fate for fate, _ in sample.answer.files.values())
    told = {fate: count for fate, count in sample.first.report["files"].items() if count}
    assert told == dict(wanted)


def test_the_report_names_every_rejected_file_with_its_reason(sample: Sample) -> None:
    told = {file["path"]: file["reason"] for file in sample.first.report["rejected"]}
    wanted = {path: reason for path, (fate, reason) in sample.answer.files.items() if reason}
    assert told == wanted
    assert all(file["message"] for file in sample.first.report["rejected"])


# ── Files and rows ────────────────────────────────────────────────────────────────────────────


def test_every_file_has_the_fate_it_was_written_for(sample: Sample) -> None:
    found = {
        row["path"]: (row["status"], row["reason"])
        for row in sample.first.tables["audit.load_file"]
    }
    wanted = dict(sample.answer.files)
    # Of a file and its copy, either may be the one that is loaded.
    for one in submissions(sample.world):
        if one.copy_of and found[one.path][0] == "loaded":
            wanted[one.path], wanted[one.copy_of] = wanted[one.copy_of], wanted[one.path]
    assert found == wanted


def test_a_files_path_is_relative_to_the_landing_zone_and_begins_with_its_dataset(
    sample: Sample,
) -> None:
    for row in sample.first.tables["audit.load_file"]:
        assert (sample.home.landing / row["path"]).is_file()
        assert row["path"].startswith(f"{row['dataset']}/")


@pytest.mark.parametrize("dataset", DATASETS)
def test_rows_by_fate_are_those_that_were_typed(sample: Sample, dataset: str) -> None:
    found = sample.home.rows(
        "select sum(rows_read), sum(rows_current), sum(rows_superseded), sum(rows_quarantined) "
        "from audit.load_file where dataset = ?",
        dataset,
    )
    wanted = sample.answer.rows[dataset]
    assert found == [
        tuple(wanted[fate] for fate in ("read", "current", "superseded", "quarantined"))
    ]


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_mart_has_a_row_for_every_current_row(sample: Sample, dataset: str) -> None:
    found = sample.home.rows(f"select count(*) from {CURRENT_ROWS[dataset]}")
    assert found == [(sample.answer.rows[dataset]["current"],)]


def test_every_files_rows_are_accounted_for(sample: Sample) -> None:
    for night in (sample.first, sample.second):
        for row in night.tables["audit.load_file"]:
            fates = row["rows_current"] + row["rows_superseded"] + row["rows_quarantined"]
            assert row["rows_read"] == fates, row["path"]


def test_quarantined_rows_are_counted_by_reason(sample: Sample) -> None:
    found = {
        (dataset, reason): count
        for dataset, reason, count in sample.home.rows(
            "select dataset, reason, count(*) from audit.quarantined_row group by all"
        )
    }
    assert found == sample.answer.quarantined


def test_every_planted_mistake_is_found_at_its_row_and_column(sample: Sample) -> None:
    found = {
        (row["path"], row["row_number"], row["column_name"], row["reason"], row["held"])
        for row in sample.first.tables["audit.quarantined_row"]
    }
    somewhere = {(path, row, None, reason, held) for path, row, _, reason, held in found}
    wanted = {
        (mistake.path, mistake.row_number, mistake.column or None, mistake.reason, mistake.held)
        for mistake in sample.answer.problems
    }
    assert wanted <= found | somewhere
    # And nothing else is, but for the good rows of a file rejected for its bad ones.
    files = {path for path, *_ in wanted}
    rows = {(path, row) for path, row, *_ in wanted}
    others = {entry for entry in found if entry[:2] not in rows}
    assert {path for path, *_ in others} <= files
    assert {reason for *_, reason, _ in others} <= {"too_many_bad_rows"}


def test_a_quarantined_row_gives_the_text_as_it_was_typed(sample: Sample) -> None:
    typed = {
        (one.path, one.layout.row_number(position)): row.typed
        for one in submissions(sample.world)
        for sheet in one.sheets
        for position, row in enumerate(sheet.rows)
        if row.typed
    }
    seen = 0
    for row in sample.first.tables["audit.quarantined_row"]:
        text = typed.get((row["path"], row["row_number"]), {}).get(row["column_name"])
        if isinstance(text, str) and text.strip() and row["column_name"] != "juristic_id":
            assert row["raw_value"] == text
            seen += 1
    assert seen >= 10


# ── The figures ───────────────────────────────────────────────────────────────────────────────


def test_outcomes_by_measure_are_exact_to_the_satang(sample: Sample) -> None:
    found = {
        (year, measure): total
        for year, measure, total in sample.home.rows(
            "select fiscal_year_be, measure, sum(amount) from marts.fct_financial_outcome "
            "group by all"
        )
    }
    assert found == sample.answer.totals


def test_programme_progress_as_csv(sample: Sample) -> None:
    done = sample.home.run(
        "query", "from reports.rpt_programme_progress order by measure", "--format", "csv"
    )
    assert done.exit_code == 0, done.said
    cost, growth = csv.DictReader(io.StringIO(done.stdout))
    assert (cost["measure"], growth["measure"]) == ("cost_reduction", "economic_expansion")
    assert cost["fiscal_year_be"] == growth["fiscal_year_be"] == "2558"
    assert Decimal(cost["target_baht"]) == 65_000_000
    assert Decimal(growth["target_baht"]) == 530_000_000
    assert Decimal(cost["actual_baht"]) == sample.answer.totals[2558, "cost_reduction"]
    assert Decimal(growth["actual_baht"]) == expansion(sample)
    assert float(growth["progress_ratio"]) == pytest.approx(float(expansion(sample)) / 530e6)
    assert cost["clusters_reporting"] == growth["clusters_reporting"] == "17"


def test_programme_progress_as_json(sample: Sample) -> None:
    done = sample.home.run(
        "query", "from reports.rpt_programme_progress order by measure", "--format", "json"
    )
    assert done.exit_code == 0, done.said
    cost, growth = json.loads(done.stdout, parse_float=Decimal, parse_int=Decimal)
    assert (cost["target_baht"], growth["target_baht"]) == (65_000_000, 530_000_000)
    assert cost["actual_baht"] == sample.answer.totals[2558, "cost_reduction"]
    assert growth["actual_baht"] == expansion(sample)
    assert growth["fiscal_year_be"] == 2558


def test_programme_progress_as_a_table(sample: Sample) -> None:
    done = sample.home.run("query", "from reports.rpt_programme_progress", "--format", "table")
    assert done.exit_code == 0, done.said
    plain = done.stdout.replace(",", "")
    for figure in ("530000000", "65000000", expansion(sample), "economic_expansion"):
        assert str(figure) in plain


def test_the_report_sets_beside_each_figure_the_share_of_members_behind_it(sample: Sample) -> None:
    told = {
        (figure["fiscal year"], figure["measure"]): figure["members reporting"]
        for figure in sample.first.report["figures"]
    }
    rows = sample.first.tables["reports.rpt_programme_progress"]
    assert told == {
        (row["fiscal_year_be"], row["measure"]): row["completeness_ratio"] for row in rows
    }
    for row in rows:
        assert 0 < row["members_reported"] <= row["members_expected"]
        assert row["completeness_ratio"] == row["members_reported"] / row["members_expected"]


def test_scorecards_hold_each_clusters_share_of_the_totals(sample: Sample) -> None:
    found = sample.home.rows(
        "select count(*), sum(economic_expansion_baht), sum(cost_reduction_baht), "
        "sum(jobs_created), sum(activities) from reports.rpt_cluster_scorecard "
        "where fiscal_year_be = 2558"
    )
    totals = sample.answer.totals
    activities = sample.answer.rows["activity_reports"]["current"]
    wanted = (
        17, expansion(sample), totals[2558, "cost_reduction"], totals[2558, "jobs_created"],
        activities,
    )  # fmt: skip
    assert found == [wanted]


def test_completeness_has_every_cluster_and_quarter_of_the_programmes_year(sample: Sample) -> None:
    rows = sample.first.where("reports.rpt_reporting_completeness", fiscal_year_be=2558)
    places = {(row["cluster_code"], row["fiscal_quarter"]) for row in rows}
    codes = {cluster.code for cluster in sample.world.clusters}
    assert places == {(code, quarter) for code in codes for quarter in (1, 2, 3, 4)}
    for row in rows:
        assert row["members_reported"] <= row["members_expected"]
        if row["members_expected"]:
            assert 0 <= row["on_time_ratio"] <= row["completeness_ratio"] <= 1
        else:
            assert (row["on_time_ratio"], row["completeness_ratio"]) == (None, None)


def test_a_quiet_quarter_is_shown_as_nothing_reported(sample: Sample) -> None:
    assert sample.world.quiet
    for position, quarter in sample.world.quiet:
        code = sample.world.clusters[position].code
        (row,) = sample.first.where(
            "reports.rpt_reporting_completeness",
            cluster_code=code, fiscal_year_be=2558, fiscal_quarter=quarter,
        )  # fmt: skip
        assert (row["members_reported"], row["completeness_ratio"]) == (0, 0)
        assert row["members_expected"] > 0


def test_a_cluster_spreads_over_its_provinces_and_a_national_network_over_none(
    sample: Sample,
) -> None:
    for cluster in sample.world.clusters:
        rows = sample.first.where("marts.bridge_cluster_province", cluster_code=cluster.code)
        assert {row["province_code"] for row in rows} == set(cluster.provinces or [None])
        assert sum(row["weight"] for row in rows) == pytest.approx(1)


def test_enterprises_are_counted_once_however_many_clusters_they_are_in(sample: Sample) -> None:
    enterprises = {member.enterprise.id for member in sample.world.memberships}
    juristic = {
        row["juristic_id"] for row in sample.first.tables["marts.dim_enterprise"]
    } - {None}  # fmt: skip
    natural = {one for one in enterprises if len(one) == 13 and one[0] != "0"}
    assert natural
    assert enterprises - natural <= juristic
    in_two = len(sample.world.memberships) - len(enterprises)
    assert in_two > 0
    keys = [row["enterprise_key"] for row in sample.first.tables["marts.dim_enterprise"]]
    assert len(keys) == len(set(keys))


# ── What is published ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("table", COLUMNS)
def test_a_published_table_has_its_columns(sample: Sample, table: str) -> None:
    found = {name for name, *_ in sample.home.rows(f"describe {table}")}
    assert set(COLUMNS[table].split()) <= found


@pytest.mark.parametrize("table", GRAINS)
def test_a_published_table_keeps_its_grain(sample: Sample, table: str) -> None:
    twice = sample.home.rows(
        f"select {GRAINS[table]}, count(*) from {table} group by all having count(*) > 1"
    )
    assert twice == []
    assert sample.home.rows(f"select count(*) > 0 from {table}") == [(True,)]


def test_only_tables_of_marts_reports_and_audit_are_published(sample: Sample) -> None:
    found = sample.home.rows(
        "select distinct table_schema, table_type from information_schema.tables order by all"
    )
    assert found == [(s, "BASE TABLE") for s in ("audit", "marts", "reports")]


def test_an_amount_is_a_decimal(sample: Sample) -> None:
    found = {
        name: kind for name, kind, *_ in sample.home.rows("describe marts.fct_financial_outcome")
    }
    assert found["amount"] == "DECIMAL(18,2)"


def test_the_published_file_may_be_read_by_others_and_has_nothing_beside_it(
    sample: Sample,
) -> None:
    assert stat.S_IMODE(sample.home.published.stat().st_mode) & 0o444 == 0o444
    assert not sample.home.published.with_name("warehouse.duckdb.wal").exists()


def test_what_holds_personal_data_is_open_to_its_owner_alone(sample: Sample) -> None:
    for name in ("archive", "store"):
        for path in [sample.home.root / name, *(sample.home.root / name).rglob("*.parquet")]:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    secret = next(sample.home.root.glob("*secret*"))
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_the_run_is_on_record(sample: Sample) -> None:
    (row,) = sample.first.tables["audit.published_run"]
    assert row["run_id"] == sample.first.report["run_id"]
    assert row["started_at"] < row["published_at"]
    assert re.fullmatch(r"[0-9a-f]{40}|unknown", row["git_sha"])
    assert row["files_loaded"] == len(sample.first.where("audit.load_file", status="loaded"))
    assert row["rows_loaded"] == sum(rows["current"] for rows in sample.answer.rows.values())


# ── Checks ────────────────────────────────────────────────────────────────────────────────────


def test_every_dataset_was_judged_by_great_expectations(sample: Sample) -> None:
    rows = sample.first.where("audit.check_result", tool="great_expectations")
    assert {row["dataset_or_model"] for row in rows} == set(DATASETS)
    assert {row["run_id"] for row in rows} == {sample.first.report["run_id"]}


def test_great_expectations_counts_what_the_quarantine_counts(sample: Sample) -> None:
    """By dataset and reason, over the files that were loaded or rejected for their rows."""
    counted: Counter[tuple[str, str]] = Counter()
    for row in sample.first.where("audit.check_result", tool="great_expectations"):
        reason = row["check_name"].rsplit("__", 1)[-1]
        counted[row["dataset_or_model"], reason] += row["unexpected_count"]
        assert row["passed"] == (row["unexpected_count"] == 0)
    of_a_row_alone = {
        (dataset, reason): count
        for (dataset, reason), count in sample.answer.quarantined.items()
        if reason not in ("unknown_cluster", "unregistered_enterprise", "too_many_bad_rows")
    }
    assert {key: count for key, count in counted.items() if count} == of_a_row_alone


def test_every_mart_and_report_was_tested_by_dbt_and_passed(sample: Sample) -> None:
    rows = sample.first.where("audit.check_result", tool="dbt")
    assert all(row["passed"] for row in rows)
    tested = {row["dataset_or_model"] for row in rows}
    for table in COLUMNS:
        schema, model = table.split(".")
        if schema != "audit":
            assert model in tested


# ── Nothing personal, anywhere ────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def personal(sample: Sample) -> dict[str, set[str]]:
    """Every personal value of the sample, of the bad rows too, by kind."""
    found: dict[str, set[str]] = {
        "a contact's name": set(),
        "a phone number": set(),
        "an e-mail address": set(),
        "a coordinator's name": set(),
        "a natural person's id": set(),
        "a natural person's name": set(),
    }
    kinds = {
        "contact_name": "a contact's name",
        "contact_phone": "a phone number",
        "contact_email": "an e-mail address",
        "coordinator_name": "a coordinator's name",
    }
    for one in submissions(sample.world):
        for row in (row for sheet in one.sheets for row in sheet.rows):
            for column, kind in kinds.items():
                found[kind].add(row.values.get(column) or "")
            ids = row.values.get("participant_ids") or [row.values.get("juristic_id", "")]
            natural = [one for one in ids if re.fullmatch("[1-8][0-9]{12}", one)]
            found["a natural person's id"].update(natural)
            if natural and "enterprise_name" in row.values:
                found["a natural person's name"].add(row.values["enterprise_name"])
    return {kind: values - {""} for kind, values in found.items()}


KINDS = (
    "a contact's name",
    "a phone number",
    "an e-mail address",
    "a coordinator's name",
    "a natural person's id",
    "a natural person's name",
)


@pytest.fixture(scope="module")
def published_text(sample: Sample) -> str:
    """Every text of every column of every published table."""
    texts: set[str] = set()
    for table in sample.second.tables:
        for name, kind, *_ in sample.home.rows(f"describe {table}"):
            if "VARCHAR" in kind or "STRUCT" in kind or "[]" in kind or "MAP" in kind:
                values = sample.home.rows(f"select distinct {name}::varchar from {table}")
                texts.update(value for (value,) in values if value)
    return "\n".join(texts)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_personal_is_in_a_published_table(
    kind: str, personal: dict[str, set[str]], published_text: str
) -> None:
    assert personal[kind]
    assert [value for value in personal[kind] if value in published_text] == []


def test_no_natural_persons_id_is_published_in_another_spelling(
    personal: dict[str, set[str]], published_text: str
) -> None:
    lines = [re.sub(r"[\s-]", "", line) for line in published_text.split("\n")]
    digits = "\n".join(lines).translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789"))
    assert [one for one in personal["a natural person's id"] if one in digits] == []


def test_no_natural_persons_name_is_published_as_the_core_of_a_firms_name(
    sample: Sample, personal: dict[str, set[str]], published_text: str
) -> None:
    joined = published_text.replace(" ", "")
    names = [name.replace(" ", "") for name in personal["a natural person's name"]]
    assert [name for name in names if name in joined] == []
    cores = sample.home.rows(
        "select is_natural_person, count(enterprise_core_name), count(legal_form_in_name), count(*)"
        " from marts.dim_enterprise group by all order by all"
    )
    (_, firms, forms, all_firms), (_, of_persons, forms_of_persons, persons) = cores
    assert firms == all_firms > 0
    assert forms > 0
    assert (of_persons, forms_of_persons) == (0, 0)
    assert persons > 0


def test_no_published_column_is_for_contacts_or_coordinators(sample: Sample) -> None:
    found = sample.home.rows("select lower(column_name) from information_schema.columns")
    assert [name for (name,) in found if re.search("contact|coordinator|phone|mail", name)] == []


def test_nothing_personal_is_left_in_the_bytes_of_what_is_published(
    sample: Sample, personal: dict[str, set[str]]
) -> None:
    for path in sample.home.published.parent.rglob("*.duckdb"):
        content = path.read_bytes()
        for values in personal.values():
            assert [value for value in values if value.encode() in content] == []


def test_nothing_personal_is_in_logs_metadata_or_the_ledger(
    sample: Sample, personal: dict[str, set[str]]
) -> None:
    kept = [sample.home.root / "dagster", *sample.home.root.glob("ledger*")]
    kept += [sample.home.root / "build", sample.home.root / "dbt", sample.home.root / "logs"]
    files = [file for place in kept for file in [place, *place.rglob("*")] if file.is_file()]
    assert files
    said = (sample.first.said + sample.second.said).encode()
    for name, content in [("output", said), *((str(file), file.read_bytes()) for file in files)]:
        for values in personal.values():
            assert [value for value in values if value.encode() in content] == [], name


def test_the_log_says_of_every_file_and_of_the_night_what_became_of_it(sample: Sample) -> None:
    lines = [
        json.loads(line)
        for file in sorted((sample.home.root / "logs").iterdir())
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    told = {(line["event"], line["file_id"]) for line in lines if line.get("file_id")}
    for file in sample.first.tables["audit.load_file"]:
        assert (f"file {file['status'].replace('superseded', 'loaded')}", file["file_id"]) in told
    night = sample.first.report["run_id"]
    of_the_night = [line["event"] for line in lines if line.get("run_id") == night]
    assert of_the_night[0] == "night started"
    assert of_the_night[-1] == "night published"
    assert {"reading", "judging", "building", "check failed"} <= set(of_the_night)
    assert all(line["at"].endswith("Z") for line in lines)


def test_a_natural_person_is_counted_without_id_or_name(
    sample: Sample, personal: dict[str, set[str]]
) -> None:
    members = {
        member.enterprise.id: member.enterprise.legal_form for member in sample.world.memberships
    }
    wanted = sum(form == "sole_proprietor" for form in members.values())
    rows = sample.first.where("marts.dim_enterprise", legal_form="sole_proprietor")
    assert wanted > 0
    assert len(rows) == wanted
    assert {(row["juristic_id"], row["enterprise_name"]) for row in rows} == {(None, None)}
    reported = {row["enterprise_key"] for row in rows} & {
        row["enterprise_key"] for row in sample.first.tables["marts.fct_financial_outcome"]
    }
    assert reported


# ── A night that brings nothing ───────────────────────────────────────────────────────────────


def test_a_night_with_nothing_new_publishes(sample: Sample) -> None:
    assert sample.second.exit_code == 0, sample.second.said
    assert not any(sample.second.report["files"].values())


@pytest.mark.parametrize("table", sorted(set(COLUMNS) - OF_THE_RUN))
def test_a_night_with_nothing_new_changes_no_table(sample: Sample, table: str) -> None:
    assert sample.second.tables[table] == sample.first.tables[table]


def test_a_night_with_nothing_new_keeps_the_exports_of_what_did_not_change(
    sample: Sample,
) -> None:
    first, second = sorted((sample.home.root / "published" / "versions").iterdir())
    names = [path.name for path in (first / "exports" / "csv").iterdir()]
    shared = {
        name.removesuffix(".csv")
        for name in names
        if (first / "exports/csv" / name).samefile(second / "exports/csv" / name)
    }
    assert {"marts.fct_financial_outcome", "marts.dim_enterprise", "marts.dim_date"} <= shared
    assert not {"audit.published_run", "audit.check_result"} & shared


def test_every_night_adds_its_own_checks_and_itself(sample: Sample) -> None:
    runs = [night.report["run_id"] for night in (sample.first, sample.second)]
    assert runs[0] != runs[1]
    published = sorted(
        sample.second.tables["audit.published_run"], key=lambda row: row["published_at"]
    )
    assert [row["run_id"] for row in published] == runs
    for tool in ("great_expectations", "dbt"):
        checks: Any = Counter(
            row["run_id"] for row in sample.second.where("audit.check_result", tool=tool)
        )
        assert checks[runs[0]] == checks[runs[1]] > 0


# ── Looking at it ─────────────────────────────────────────────────────────────────────────────


def test_a_warehouse_with_rejected_files_and_quarantined_rows_is_healthy(sample: Sample) -> None:
    done = sample.home.run("status", "--json")
    state = done.json()
    assert (done.exit_code, state["healthy"]) == (0, True), done.said
    assert state["files_waiting"] == []
    assert state["files_rejected"] == len(sample.first.report["rejected"])


def test_a_query_cannot_change_what_is_published(sample: Sample) -> None:
    before = sample.home.digest()
    for sql in ("create table marts.mine (i integer)", "delete from audit.load_file"):
        done = sample.home.run("query", sql)
        assert done.exit_code != 0
        assert "Traceback" not in done.said
    assert sample.home.digest() == before


def test_anyone_may_open_the_published_file_read_only_at_any_time(sample: Sample) -> None:
    with (
        duckdb.connect(str(sample.home.published), read_only=True) as one,
        duckdb.connect(str(sample.home.published), read_only=True) as other,
    ):
        question = "select count(*) from marts.dim_cluster"
        assert one.execute(question).fetchall() == other.execute(question).fetchall() == [(17,)]


def test_kept_versions_are_whole_warehouses(sample: Sample) -> None:
    kept = sorted(Path(sample.home.published.parent).rglob("versions/*/*.duckdb"))
    assert len(kept) == 2
    with duckdb.connect(str(kept[0]), read_only=True) as db:
        assert db.execute("select count(*) from audit.published_run").fetchall() == [(1,)]


# ── What is doubted ───────────────────────────────────────────────────────────────────────────


def test_exactly_what_was_planted_is_doubted(sample: Sample) -> None:
    """Once each; and a file of the sample that is far smaller than its sender's others."""
    doubted = sample.world.doubted
    rows = {row["rule"]: row for row in sample.first.tables["marts.fct_suspicion"]}
    assert len(rows) == len(sample.first.tables["marts.fct_suspicion"])
    assert set(rows) == {doubt.rule for doubt in doubted} | {"load_size_unusual"}
    ids = {
        row["enterprise_key"]: row["juristic_id"]
        for row in sample.first.tables["marts.dim_enterprise"]
    }
    for doubt in doubted:
        row = rows[doubt.rule]
        assert doubt.clusters <= {row["cluster_code"], row["other_cluster_code"]}
        assert row["activity_id"] == doubt.activity
        assert row["measure"] == doubt.measure
        if doubt.quarter is not None:
            assert (row["fiscal_year_be"], row["fiscal_quarter"]) == doubt.quarter
        # A natural person's id is not published.
        named = {ids.get(row[name]) for name in ("enterprise_key", "other_enterprise_key")}
        assert doubt.enterprises & named == {i for i in doubt.enterprises if i in ids.values()}
    (small,) = sample.first.where(
        "audit.load_file", file_id=rows["load_size_unusual"]["file_id"], status="loaded"
    )
    assert small["path"].endswith("ไตรมาส 3 ตัวเลขจริง.csv.gz")


def test_a_doubt_says_what_was_probably_meant_and_what_is_at_stake(sample: Sample) -> None:
    (slip,) = sample.first.where("reports.rpt_suspicions", rule="unit_slip")
    assert slip["likely_amount"] * 1000 == slip["amount"]
    assert slip["baht_at_stake"] == slip["amount"] - slip["likely_amount"]
    assert f"{slip['amount']:,.2f} baht is about 1,000 times" in slip["evidence_en"]
    assert f"it probably meant {slip['likely_amount']:,.2f}." in slip["evidence_en"]
    assert f"{slip['amount']:,.2f} บาท เป็นประมาณ 1,000 เท่า" in slip["evidence_th"]


def test_what_is_doubted_is_said_beside_the_figures_and_taken_out_of_none(sample: Sample) -> None:
    doubted = sample.first.tables["reports.rpt_suspicions"]
    for row in sample.first.where("reports.rpt_programme_progress", fiscal_year_be=2558):
        its = [one["amount"] for one in doubted if one["figure_measure"] == row["measure"]]
        assert its
        assert row["suspicious_baht"] == pytest.approx(sum(its))
        assert row["actual_without_suspicions_baht"] == pytest.approx(row["actual_baht"] - sum(its))
        for one in doubted:
            if one["figure_measure"] == row["measure"]:
                assert one["figure_baht"] == row["actual_baht"]
                assert one["figure_without_baht"] == pytest.approx(
                    row["actual_baht"] - one["amount"]
                )
    of_year = [one for one in doubted if one["fiscal_year_be"] == 2558]
    cards = sample.first.tables["reports.rpt_cluster_scorecard"]
    assert sum(card["suspicions"] for card in cards) == len(of_year)


def test_a_suspicion_keeps_its_id_from_night_to_night(sample: Sample) -> None:
    first, second = (
        {row["suspicion_id"]: row["rule"] for row in night.tables["marts.fct_suspicion"]}
        for night in (sample.first, sample.second)
    )
    assert first == second
