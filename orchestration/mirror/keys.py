"""The keys of published tables, as far as a test keeps a night from publishing that broke them.

Read from dbt's manifest: `primary_key` and `refers_to` (`dbt_project/macros/tests`). What no test
proves is no key here, or a night that may publish could not be mirrored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: The schemas that are published.
SCHEMAS = ("marts", "reports", "audit")
_REF = re.compile(r"""ref\(\s*['"](\w+)['"]\s*\)""")


@dataclass(frozen=True)
class Key:
    """What tells a table's rows apart.

    Attributes:
        columns: together.
        nullable: those of them in which null is a value of its own.
    """

    columns: tuple[str, ...]
    nullable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """Columns whose values, unless one is null, occur in those of the same names elsewhere.

    Attributes:
        columns: together.
        schema: of the table referred to.
        table: its name.
    """

    columns: tuple[str, ...]
    schema: str
    table: str


@dataclass(frozen=True)
class Keys:
    """The keys of all tables, by `(schema, table)`."""

    keys: Mapping[tuple[str, str], Key] = field(default_factory=dict)
    references: Mapping[tuple[str, str], tuple[Reference, ...]] = field(default_factory=dict)


def proven_keys() -> Keys:
    """The keys that this software's models are tested for.

    Raises:
        orchestration.manifest.BuildFailed: dbt cannot parse its project.
    """
    from orchestration.manifest import load_manifest

    return keys_of(load_manifest())


def keys_of(manifest: Mapping[str, Any]) -> Keys:
    """The keys that a manifest's tests prove of every row, whenever a night publishes."""
    published = {
        unique_id: (str(node["schema"]), str(node["alias"]))
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] in SCHEMAS
    }
    by_name = {unique_id.split(".")[2]: table for unique_id, table in published.items()}
    keys: dict[tuple[str, str], Key] = {}
    references: dict[tuple[str, str], tuple[Reference, ...]] = {}
    for node in manifest["nodes"].values():
        test = node.get("test_metadata") or {}
        table = published.get(node.get("attached_node") or "")
        if table is None or not _holds_for_every_row(node):
            continue
        said = test["kwargs"]
        if test["name"] == "primary_key":
            keys[table] = Key(tuple(said["columns"]), tuple(said.get("nullable", ())))
        elif test["name"] == "refers_to":
            named = _REF.search(said["to"])
            if named and (parent := by_name.get(named[1])):
                one = Reference(tuple(said["columns"]), *parent)
                references[table] = (*references.get(table, ()), one)
    return Keys(keys, references)


def _holds_for_every_row(node: Mapping[str, Any]) -> bool:
    config = node["config"]
    return (
        node["resource_type"] == "test"
        and bool(node.get("test_metadata"))
        and str(config["severity"]).lower() == "error"
        and not config.get("where")
        and not config.get("limit")
    )
