"""The dictionary for programs: one CSV with a row a column, and the same as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from orchestration.dictionary.incoming import IncomingColumn, IncomingDataset
from orchestration.dictionary.published import Column, Origin, Table

#: Excel takes a CSV for UTF-8 by it.
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
#: How a text begins that a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(datasets: Iterable[IncomingDataset], tables: Iterable[Table]) -> str:
    """The whole dictionary: `datasets` that come in, `tables` that are published."""
    document = {
        "datasets": [_dataset(dataset) for dataset in datasets],
        "tables": [_table(table) for table in tables],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def as_csv(datasets: Iterable[IncomingDataset], tables: Iterable[Table]) -> str:
    """A row a column, incoming first; several values in a cell are separated by `; `."""
    text = io.StringIO(newline="")
    text.write(_BOM)
    rows = [*_incoming_rows(datasets), *_published_rows(tables)]
    writer = csv.DictWriter(text, list(rows[0]) if rows else [], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _safe(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def _dataset(dataset: IncomingDataset) -> dict[str, Any]:
    contract = dataset.contract
    return {
        "name": contract.dataset,
        "label_th": contract.label,
        "description_en": contract.description,
        "grain_en": contract.grain,
        "version": contract.version,
        "key": [column.name for column in contract.key],
        "rules_en": [rule.description for rule in contract.row_rules],
        "waits_for": [
            {"columns": list(reference.columns), "dataset": reference.to_dataset,
             "to_columns": list(reference.to_columns), "reason": reference.held_as}
            for reference in contract.references
        ],
        "columns": [_incoming_column(column) for column in dataset.columns],
    }  # fmt: skip


def _incoming_column(described: IncomingColumn) -> dict[str, Any]:
    column = described.column
    return {
        "name": column.name,
        "label_th": column.label,
        "synonyms": list(column.synonyms),
        "description_en": column.description,
        "how_to_type_en": described.how.english,
        "how_to_type_th": described.how.thai,
        "allowed_en": described.allowed.english,
        "allowed_th": described.allowed.thai,
        "form": column.form,
        "type": column.sql_type,
        "is_list": column.is_list,
        "is_required": column.required,
        "key_position": column.key_position,
        "default": column.default,
        "default_from": column.default_from,
        "pattern": column.pattern,
        "codes": [
            {"code": code.value, "label_th": code.label, "synonyms": list(code.synonyms)}
            for code in column.codes
        ],
        "personal": described.personal,
        "example": described.example,
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "schema": table.schema,
        "name": table.name,
        "description_en": table.description.english,
        "description_th": table.description.thai,
        "grain": list(table.grain),
        "comes_from": [
            {
                "columns": list(origin.explains) or [column.name for column in table.columns],
                "dataset": origin.dataset,
                "dataset_in_column": origin.dataset_in,
                "table": origin.through,
                "where": origin.where,
                "reference_en": origin.reference,
            }
            for origin in table.origins
        ],
        "tests": [{"claim_en": test.text, "every_night": test.every_night} for test in table.tests],
        "columns": [
            {
                "name": column.name,
                "type": column.sql_type,
                "description_en": column.description.english,
                "description_th": column.description.thai,
                "is_required": column.required,
                "key_position": _position(column, table.grain),
                "unit": column.unit,
                "metric": column.metric,
            }
            for column in table.columns
        ],
    }


def _position(column: Column, grain: Sequence[str]) -> int | None:
    return grain.index(column.name) + 1 if column.name in grain else None


def _incoming_rows(datasets: Iterable[IncomingDataset]) -> Iterator[dict[str, str]]:
    for dataset in datasets:
        for described in dataset.columns:
            column = described.column
            yield {
                "part": "incoming",
                "table": dataset.contract.dataset,
                "column": column.name,
                "label_th": column.label,
                "description_en": column.description,
                "description_th": f"{described.how.thai} {described.allowed.thai}".strip(),
                "type": column.sql_type + ("[]" if column.is_list else ""),
                "unit": "baht" if column.form == "money" else "",
                "required": _yes(column.required),
                "key_position": str(column.key_position or ""),
                "personal": described.personal,
                "codes": "; ".join(f"{code.value} ({code.label})" for code in column.codes),
                "synonyms": "; ".join(column.synonyms),
                "example": described.example,
                "metric": "",
                "comes_from": "",
            }


def _published_rows(tables: Iterable[Table]) -> Iterator[dict[str, str]]:
    for table in tables:
        for column in table.columns:
            yield {
                "part": "published",
                "table": table.full_name,
                "column": column.name,
                "label_th": "",
                "description_en": column.description.english,
                "description_th": column.description.thai or "",
                "type": column.sql_type,
                "unit": column.unit or "",
                "required": _yes(column.required),
                "key_position": str(_position(column, table.grain) or ""),
                "personal": "never",
                "codes": "",
                "synonyms": "",
                "example": "",
                "metric": column.metric or "",
                "comes_from": "; ".join(
                    _in_short(origin) for origin in table.origins_of(column.name)
                ),
            }


def _in_short(origin: Origin) -> str:
    if origin.dataset:
        return f"files of {origin.dataset}"
    if origin.dataset_in:
        return f"files of the dataset in {origin.dataset_in}"
    return f"{origin.through} where {origin.where}" if origin.through else origin.reference or ""


def _yes(value: bool) -> str:
    return "yes" if value else "no"
