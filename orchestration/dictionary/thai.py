"""The Thai of the published tables and columns, read from `dbt_project/dictionary_th.yml`.

Thai that stands elsewhere is not repeated there: `{dataset.column.label}` and
`{dataset.column.codes}` are what the contract says of a column, `{seeds.seed.codes}` are the codes
of a seed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from orchestration.settings import DBT_PROJECT
from sources.contracts import contract_of
from sources.reference import SEEDS

GLOSSARY_FILE = DBT_PROJECT / "dictionary_th.yml"
#: What is said of a column in all models that are not named.
OTHERS = "others"
_PLACEHOLDER = re.compile(r"\{(\w+)\.(\w+)\.(\w+)\}")


@dataclass(frozen=True)
class Glossary:
    """What the file says.

    Attributes:
        tables: model → what a row of it is.
        columns: column → what it is: everywhere, or by the names of models (a space between two).
    """

    tables: Mapping[str, str]
    columns: Mapping[str, str | Mapping[str, str]]

    def of_table(self, model: str) -> str | None:
        """What a row of a table is; None where nobody has written it."""
        said = self.tables.get(model)
        return None if said is None else in_words(said)

    def of_column(self, model: str, column: str) -> str | None:
        """What a column of a table is; None where nobody has written it."""
        if (entry := self.entry_of(model, column)) is None:
            return None
        said = self.columns[column]
        return in_words(said if isinstance(said, str) else said[entry[1]])

    def entry_of(self, model: str, column: str) -> tuple[str, str] | None:
        """The column and the key under which a column of a table is described; None where none."""
        said = self.columns.get(column, {})
        if isinstance(said, str):
            return column, OTHERS
        named = next((models for models in said if model in models.split()), OTHERS)
        return (column, named) if named in said else None

    @property
    def entries(self) -> set[tuple[str, str]]:
        """Every column and key that there is."""
        return {
            (column, key)
            for column, said in self.columns.items()
            for key in ([OTHERS] if isinstance(said, str) else said)
        }


@cache
def read_glossary(path: Path = GLOSSARY_FILE) -> Glossary:
    """Reads the file."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    said = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both safe
    return Glossary(said["tables"], said["columns"])


def in_words(text: str) -> str:
    """A text on one line, with what its placeholders stand for.

    Where no contract or seed has it any more, the name of the column or seed stands in its place:
    a night must not fail for a word.
    """
    return " ".join(_PLACEHOLDER.sub(_stands_for, text).split())


def _stands_for(found: re.Match[str]) -> str:
    home, name, what = found.groups()
    if home == "seeds":
        return _codes_of_seed(SEEDS / f"{name}.csv") or name
    contract = contract_of(home)
    column = next((c for c in contract.columns if c.name == name), None) if contract else None
    if column is None:
        return name
    if what == "label":
        return column.label
    return _listed({code.value: code.label for code in column.codes}) or name


def _codes_of_seed(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        key = (rows.fieldnames or [""])[0]
        return _listed({row[key]: row["label_th"] for row in rows})


def _listed(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{code} ({label})" for code, label in labels.items())
