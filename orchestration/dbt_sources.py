"""The dbt sources file, generated from the contracts: `python -m orchestration.dbt_sources`.

It says to dbt what `store.<dataset>` and `ledger.<relation>` hold. A test fails when the file in
the project is not what this module writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from orchestration.settings import DBT_PROJECT
from sources.contracts import Column, Contract, discover

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

_LEDGER: dict[str, tuple[str, dict[str, str]]] = {
    "file_event": (
        "What happened to which file, when; never updated.",
        {
            "event_id": "bigint", "event_kind": "varchar", "dataset": "varchar",
            "path": "varchar", "file_id": "varchar", "contract_version": "varchar",
            "occurred_at": "timestamp", "run_id": "varchar", "reason": "varchar",
            "message": "varchar", "rows_read": "bigint", "rows_accepted": "bigint",
            "rows_quarantined": "bigint", "control_total": "decimal(38, 2)",
            "unknown_columns": "varchar", "total_rows": "bigint", "total_row_numbers": "varchar",
        },
    ),
    "check_result": (
        "What every check found in every run so far.",
        {
            "run_id": "varchar", "checked_at": "timestamp", "tool": "varchar",
            "dataset_or_model": "varchar", "check_name": "varchar", "severity": "varchar",
            "passed": "boolean", "observed": "varchar", "unexpected_count": "bigint",
        },
    ),
    "published_run": (
        "Runs that published a warehouse, before this one.",
        {
            "run_id": "varchar", "started_at": "timestamp", "published_at": "timestamp",
            "git_sha": "varchar", "files_loaded": "integer", "rows_loaded": "bigint",
        },
    ),
}  # fmt: skip


def _columns(columns: dict[str, tuple[str, str]]) -> list[dict[str, Any]]:
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
    document = {
        "version": 2,
        "sources": [
            {
                "name": "store",
                "description": "What the intake wrote: one relation a dataset.",
                "database": "{{ target.database }}",
                "schema": "store",
                "tables": [*(_dataset(c) for c in discover().values()), quarantined, correction],
            },
            {
                "name": "ledger",
                "description": "What happened to the files and runs.",
                "database": "{{ target.database }}",
                "schema": "ledger",
                "tables": [
                    {
                        "name": name,
                        "description": text,
                        "columns": [{"name": c, "data_type": kind} for c, kind in columns.items()],
                    }
                    for name, (text, columns) in _LEDGER.items()
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
