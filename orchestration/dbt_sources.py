"""The dbt sources file, generated from the contracts: `python -m orchestration.dbt_sources`.

It says to dbt what `store.<dataset>` and `ledger.<relation>` hold. A test fails when the file in
the project is not what this module writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from orchestration.settings import DBT_PROJECT
from sources import closings
from sources.contracts import Column, Contract, discover
from sources.ledger_relations import RELATIONS, THIS_NIGHT, THIS_NIGHT_COLUMNS

SOURCES_FILE = DBT_PROJECT / "models" / "staging" / "_sources.yml"

_HEADER = """\
# Generated from the contracts by `python -m orchestration.dbt_sources`; do not edit.
"""

_ROW_COLUMNS = {
    "file_id": ("varchar", "SHA-256 of the file's bytes."),
    "contract_version": ("varchar", "The contract the row was judged by."),
    "sheet_name": ("varchar", "The workbook's sheet; null for other files."),
    "row_number": ("integer", "The row as a person sees it in the file; the header's row counts."),
    "row_sequence": ("integer", "Order within the file, over all its sheets."),
    "control_total": ("decimal(38, 2)", "Sum of the row's money columns."),
}

_QUARANTINED = {
    "dataset": ("varchar", "The dataset the row was sent for."),
    **_ROW_COLUMNS,
    "problems": (
        "struct(column_name varchar, reason varchar, raw_value varchar)[]",
        "What is wrong with the row: column, reason code and the text as it came, masked where "
        "personal.",
    ),
}

_CORRECTION = {
    "dataset": ("varchar", "The dataset of the correcting file."),
    "file_id": ("varchar", "SHA-256 of the correcting file's bytes."),
    "contract_version": ("varchar", "The contract the correcting row was judged by."),
    "corrects": (
        "varchar",
        "The row that is corrected: the first 16 digits of its file's id, a colon, its place in "
        "the file over all sheets.",
    ),
}


def _columns(columns: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {"name": name, "data_type": kind, "description": text}
        for name, (kind, text) in columns.items()
    ]


def _column_type(column: Column) -> str:
    if column.is_list and column.form == "enterprise_id":
        return "struct(enterprise_key varchar, juristic_id varchar)[]"
    return column.sql_type + ("[]" if column.is_list else "")


def _dataset(contract: Contract) -> dict[str, Any]:
    columns = dict(_ROW_COLUMNS)
    for column in contract.columns:
        if column.is_personal:
            continue
        if column.form == "enterprise_id" and not column.is_list:
            columns["enterprise_key"] = (
                "varchar",
                "Keyed hash of the id: what enterprises join on.",
            )
            columns["is_natural_person"] = ("boolean", "Whether the id is a natural person's.")
        columns[column.name] = (_column_type(column), f"{column.description} ({column.label})")
        columns |= {also.name: (also.sql_type, also.description) for also in column.also}
    key = [
        "enterprise_key" if column.form == "enterprise_id" else column.name
        for column in contract.key
    ]
    return {
        "name": contract.dataset,
        "description": f"{contract.description} Accepted rows of every version of every file.",
        "config": {"meta": {"primary_key": key, "label": contract.label}},
        "columns": _columns(columns),
    }


def render() -> str:
    """The sources file's text."""
    quarantined = {
        "name": "quarantined",
        "description": "Rows of every dataset that were not accepted, with their reasons.",
        "columns": _columns(_QUARANTINED),
    }
    correction = {
        "name": "correction",
        "description": "Rows, accepted or not, that came back in a workbook for coordinators.",
        "columns": _columns(_CORRECTION),
    }
    closed = {
        "name": "closed_outcome",
        "description": "Outcomes that counted in a quarter when it was closed, by each closing.",
        "columns": _columns(closings.COLUMNS),
    }
    document = {
        "version": 2,
        "sources": [
            {
                "name": "store",
                "description": "What the intake wrote: one relation a dataset.",
                "database": "{{ target.database if target.type == 'duckdb' else none }}",
                "schema": "store",
                "tables": [
                    *(_dataset(c) for c in discover().values()),
                    quarantined,
                    correction,
                    closed,
                ],
            },
            {
                "name": "ledger",
                "description": "What happened to the files and runs.",
                "database": "{{ target.database if target.type == 'duckdb' else none }}",
                "schema": "ledger",
                "tables": [
                    {
                        "name": name,
                        "description": relation.description,
                        "columns": _columns(relation.columns),
                    }
                    for name, relation in RELATIONS.items()
                ]
                + [
                    {
                        "name": THIS_NIGHT,
                        "description": "The night that is built, one row.",
                        "columns": _columns(THIS_NIGHT_COLUMNS),
                    }
                ],
            },
        ],
    }
    body = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
    return _HEADER + body


def write(path: Path = SOURCES_FILE) -> Path:
    """Writes the sources file."""
    path.write_text(render(), encoding="utf-8")
    return path


if __name__ == "__main__":
    write()
