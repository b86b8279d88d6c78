"""What the dbt project's seeds call things that the warehouse publishes by their codes alone."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from orchestration.report.language import Text
from sources.reference import SEEDS


@cache
def province_groups() -> Mapping[str, Text]:
    """The 18 province groups by their codes."""
    return _named("province_groups", "code", "name")


@cache
def suspicion_rules() -> Mapping[str, Text]:
    """The rules by which a row is doubted, by their codes."""
    return _named("suspicion_rule", "rule", "label")


def _named(seed: str, key: str, name: str) -> Mapping[str, Text]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return {
            row[key]: Text(row[f"{name}_th"], row[f"{name}_en"]) for row in csv.DictReader(file)
        }
