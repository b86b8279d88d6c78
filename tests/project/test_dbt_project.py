"""The dbt project: its layers, its grains, its contracts, and the interface it must keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orchestration import dbt_sources
from orchestration import manifest as dbt_manifest
from orchestration.manifest import prepare_manifest

#: layer → the layers it may read. `reference` is the seeds, `source` what the intake wrote.
MAY_READ = {
    "staging": {"source", "reference"},
    "intermediate": {"staging", "intermediate", "reference"},
    "marts": {"intermediate", "marts", "reference"},
    "reports": {"marts", "reports", "reference"},
    "audit": {"staging", "intermediate", "marts", "audit", "reference"},
}
PUBLISHED = ("marts", "reports", "audit")

#: The tables of the interface page, section 3, with the columns they have at least.
INTERFACE = {
    "marts.dim_cluster": "cluster_code cluster_name_th cluster_name_en branch registered_on status",
    "marts.bridge_cluster_province": "cluster_code province_code province_group_code weight",
    "marts.dim_enterprise": "enterprise_key juristic_id enterprise_name legal_form business_type "
    "province_code size_class size_class_2002",
    "marts.dim_province": "province_code province_name_th province_name_en region "
    "province_group_code",
    "marts.dim_date": "date_day year_be fiscal_year_be fiscal_quarter month_name_th",
    "marts.fct_membership": "cluster_code enterprise_key role status registered_on valid_from "
    "valid_to is_current",
    "marts.fct_activity": "activity_id cluster_code activity_type start_date end_date "
    "province_code participants_people partner_name partner_type budget_baht spent_baht "
    "submitted_on file_id row_number",
    "marts.fct_activity_participation": "activity_id enterprise_key",
    "marts.fct_financial_outcome": "cluster_code enterprise_key fiscal_year_be fiscal_quarter "
    "measure amount submitted_on file_id row_number",
    "reports.rpt_programme_progress": "fiscal_year_be measure target_baht actual_baht "
    "progress_ratio clusters_reporting",
    "reports.rpt_cluster_scorecard": "cluster_code fiscal_year_be members activities linkages "
    "spent_baht economic_expansion_baht cost_reduction_baht jobs_created",
    "reports.rpt_reporting_completeness": "cluster_code fiscal_year_be fiscal_quarter "
    "members_expected members_reported completeness_ratio on_time_ratio",
    "audit.load_file": "file_id dataset path received_at status reason rows_read rows_current "
    "rows_superseded rows_quarantined",
    "audit.quarantined_row": "file_id dataset path row_number column_name reason raw_value held",
    "audit.check_result": "run_id checked_at tool dataset_or_model check_name severity passed "
    "observed unexpected_count",
    "audit.published_run": "run_id started_at published_at git_sha files_loaded rows_loaded",
}
#: Columns that hold what must never be published.
PERSONAL = {
    "coordinator_name",
    "contact_name",
    "contact_phone",
    "contact_email",
    "original",
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """What dbt makes of the project."""
    parsed: dict[str, Any] = json.loads(prepare_manifest().read_text(encoding="utf-8"))
    return parsed


@pytest.fixture(scope="module")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Node id → model."""
    return {
        name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"
    }


def layer_of(manifest: dict[str, Any], name: str) -> str:
    """The layer of a node: its first folder, `reference` for a seed, `source` for a source."""
    if name.startswith("source."):
        return "source"
    node = manifest["nodes"][name]
    return "reference" if node["resource_type"] == "seed" else str(node["fqn"][1])


def test_a_layer_reads_only_the_layers_it_may(
    manifest: dict[str, Any], models: dict[str, Any]
) -> None:
    wrong = {
        f"{node['name']} ({layer}) reads {read.split('.')[-1]} ({layer_of(manifest, read)})"
        for name, node in models.items()
        for layer in [layer_of(manifest, name)]
        for read in node["depends_on"]["nodes"]
        if layer_of(manifest, read) not in MAY_READ[layer]
    }
    assert wrong == set()


def test_every_model_lies_in_a_layer(manifest: dict[str, Any], models: dict[str, Any]) -> None:
    assert {layer_of(manifest, name) for name in models} == set(MAY_READ)


def test_every_models_first_sentence_is_its_grain(models: dict[str, Any]) -> None:
    assert [
        node["name"]
        for node in models.values()
        if not node["description"].startswith("One row per")
    ] == []


def test_every_published_column_is_described_and_typed(
    manifest: dict[str, Any], models: dict[str, Any]
) -> None:
    assert [
        f"{node['name']}.{column['name']}"
        for name, node in models.items()
        if layer_of(manifest, name) in PUBLISHED
        for column in node["columns"].values()
        if not (column["description"] and column["data_type"])
    ] == []


def test_every_published_model_enforces_its_contract_and_names_its_grain(
    manifest: dict[str, Any], models: dict[str, Any]
) -> None:
    for name, node in models.items():
        if layer_of(manifest, name) in PUBLISHED:
            assert node["config"]["contract"]["enforced"], node["name"]
            assert node["config"]["materialized"] == "table", node["name"]
            grain = node["config"]["meta"].get("grain")
            assert grain, node["name"]
            assert set(grain) <= set(node["columns"]), node["name"]


def test_the_grain_of_every_mart_and_report_is_tested_as_its_primary_key(
    manifest: dict[str, Any], models: dict[str, Any]
) -> None:
    keys = {
        node["attached_node"]: node["test_metadata"]["kwargs"]["columns"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and (node.get("test_metadata") or {}).get("name") == "primary_key"
    }
    for name, node in models.items():
        if layer_of(manifest, name) in {"marts", "reports"}:
            assert sorted(keys.get(name, [])) == sorted(node["config"]["meta"]["grain"]), name


def test_the_published_tables_have_at_least_the_columns_of_the_interface(
    manifest: dict[str, Any], models: dict[str, Any]
) -> None:
    published = {
        f"{layer_of(manifest, name)}.{node['name']}": set(node["columns"])
        for name, node in models.items()
        if layer_of(manifest, name) in PUBLISHED
    }
    assert {
        table: set(columns.split()) - published.get(table, set())
        for table, columns in INTERFACE.items()
        if set(columns.split()) - published.get(table, set())
    } == {}


def test_money_is_an_exact_decimal_and_is_named_by_its_unit(
    manifest: dict[str, Any], models: dict[str, Any]
) -> None:
    for name, node in models.items():
        if layer_of(manifest, name) not in PUBLISHED:
            continue
        for column in node["columns"].values():
            if column["name"].endswith("_baht") or column["name"] == "amount":
                assert column["data_type"].startswith("decimal("), (node["name"], column["name"])
            assert column["data_type"] not in {"float", "real"}, (node["name"], column["name"])


def test_no_published_column_is_of_a_personal_kind(
    manifest: dict[str, Any], models: dict[str, Any]
) -> None:
    for name, node in models.items():
        if layer_of(manifest, name) in PUBLISHED:
            assert set(node["columns"]) & PERSONAL == set(), node["name"]


def test_every_test_says_what_to_do_when_it_fails_in_both_languages(
    manifest: dict[str, Any],
) -> None:
    silent = [
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and not all(node["config"]["meta"].get(f"action_{language}") for language in ("th", "en"))
    ]
    assert silent == []


def test_the_sources_file_is_what_the_contracts_say() -> None:
    assert dbt_sources.SOURCES_FILE.read_text(encoding="utf-8") == dbt_sources.render()


def test_nothing_is_incremental_or_a_snapshot(manifest: dict[str, Any]) -> None:
    kinds = {node["resource_type"] for node in manifest["nodes"].values()}
    materialised = {
        node["config"]["materialized"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    assert "snapshot" not in kinds
    assert materialised <= {"view", "table", "ephemeral"}


def test_a_python_model_that_changed_makes_dbt_parse_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dbt_manifest, "DBT_PROJECT", tmp_path)
    model = tmp_path / "model.py"
    model.write_text("a")
    before = dbt_manifest.project_fingerprint()
    model.write_text("b")
    assert dbt_manifest.project_fingerprint() != before
