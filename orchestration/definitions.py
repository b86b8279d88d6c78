"""All there is, for Dagster to load: assets by contract, dbt's models, checks, the night."""

from __future__ import annotations

from dagster import AssetKey, Definitions, mem_io_manager

from orchestration import settings
from orchestration.automation import every_night, nightly, tell_of_a_failed_run
from orchestration.checks import reconciles
from orchestration.loads import build_inputs_asset, load_asset, submissions
from orchestration.publish import publish_asset
from orchestration.resources import Warehouse
from orchestration.transform import dbt_models_asset
from sources.contracts import discover

settings.load()

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
        publish_asset(_models),
    ],
    asset_checks=[reconciles],
    jobs=[nightly],
    schedules=[every_night],
    sensors=[tell_of_a_failed_run],
    resources={
        "warehouse": Warehouse(),
        "io_manager": mem_io_manager,
    },
)
