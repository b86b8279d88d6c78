"""All there is, for Dagster to load: assets by contract, dbt's models, checks, the night."""

from __future__ import annotations

from dagster import AssetKey, Definitions, in_process_executor, mem_io_manager

from orchestration import settings
from orchestration.automation import (
    every_morning,
    every_night,
    housekeeping,
    nightly,
    tell_of_a_failed_run,
)
from orchestration.checks import reconciles
from orchestration.loading_ahead import load_submissions
from orchestration.loads import build_inputs_asset, load_asset, submissions
from orchestration.mirror.asset import mirror_asset
from orchestration.new_files import new_files
from orchestration.publish import publish_asset
from orchestration.rebuilding import first_day, rebuilt_asset
from orchestration.resources import Warehouse
from orchestration.transform import dbt_models_asset
from orchestration.workbooks import quarantine_changed, quarantine_workbooks, workbooks_job
from sources.contracts import discover

_home = settings.load()

_contracts = discover()
_dbt_models = dbt_models_asset()
_published_groups = ("marts", "reports", "audit")
_models: list[AssetKey] = [
    key for key, group in _dbt_models.group_names_by_key.items() if group in _published_groups
]

defs = Definitions(
    assets=[
        submissions,
        *(load_asset(contract) for contract in _contracts.values()),
        build_inputs_asset(list(_contracts)),
        _dbt_models,
        publish_asset(_models, _home.publish_by),
        *([mirror_asset()] if _home.publish_postgres else []),
        quarantine_workbooks,
        rebuilt_asset(first_day(_home)),
    ],
    asset_checks=[reconciles],
    jobs=[nightly, housekeeping, load_submissions, workbooks_job],
    schedules=[every_night, every_morning],
    sensors=[new_files, quarantine_changed, tell_of_a_failed_run],
    # Days rebuilt from an asset's page too: a process a step would import everything again.
    executor=in_process_executor,
    resources={
        "warehouse": Warehouse(),
        "io_manager": mem_io_manager,
    },
)
