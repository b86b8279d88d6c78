"""The contracts: what a dataset is, read from its Open Data Contract Standard document.

Everything the rest of this package knows of a dataset it gets here, as plain values; adding a
dataset is adding a folder with a ``contract.odcs.yaml`` (the format: docs/contracts.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from sources.text import spelling_key

HERE = Path(__file__).parent
CONTRACT_FILE = "contract.odcs.yaml"
#: What turns text into values and verdicts beside the contract: with another text of one of these
#: the same file may come out otherwise.
JUDGING = (
    "coded.py", "contracts.py", "header_units.py", "headers.py", "lists.py", "reading/*.py",
    "reference.py", "returned.py", "rules.py", "text.py", "typed.py", "value_forms.sql",
)  # fmt: skip

#: A value form → the DuckDB type its values have, and the reason code of a text it cannot read.
VALUE_FORMS: dict[str, tuple[str, str | None]] = {
    "text": ("varchar", None),
    "firm_name": ("varchar", None),
    "identifier": ("varchar", None),
    "code": ("varchar", "bad_code"),
    "date": ("date", "bad_date"),
    "money": ("decimal(18, 2)", "bad_number"),
    "integer": ("integer", "bad_number"),
    "fiscal_year": ("integer", "bad_number"),
    "quarter": ("integer", "bad_number"),
    "province": ("varchar", "bad_province"),
    "enterprise_id": ("varchar", "bad_id"),
}

#: A value form whose texts say more than their value → what more: the reader's column, its DuckDB
#: type and what it is. In the store it stands beside the column, as ``<column>_<what more>``.
SAID_BESIDES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "firm_name": (
        ("core", "varchar", "without the words for a legal form, to compare by"),
        ("legal_form", "varchar", "the legal form that its words say; null where they say none"),
    ),
}

#: How bad it is when a rule is broken. error: the night does not publish; warning: it warns; info:
#: it is told and nothing else. The words are those of the standard's quality rules.
SEVERITIES = ("error", "warning", "info")
DEFAULT_SEVERITY = "warning"


class ContractError(ValueError):
    """A contract document says something this warehouse cannot act on."""


@dataclass(frozen=True)
class Code:
    """One allowed value of a coded column, with what people write for it."""

    value: str
    label: str
    synonyms: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """The code itself, its Thai label and its synonyms."""
        return (self.value, self.label, *self.synonyms)


@dataclass(frozen=True)
class Reference:
    """Columns that must be found in another dataset; until then the row is held."""

    columns: tuple[str, ...]
    to_dataset: str
    to_columns: tuple[str, ...]
    held_as: str


@dataclass(frozen=True)
class RowRule:
    """A rule over several columns of a row, stated as a Great Expectations expectation."""

    name: str
    description: str
    expectation: str
    kwargs: dict[str, Any]
    reason: str
    column: str
    severity: str
    only_where: tuple[str, str] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the rule looks at."""
        named = [value for name, value in self.kwargs.items() if name.startswith("column")]
        return (*named, *([self.only_where[0]] if self.only_where else []))


@dataclass(frozen=True)
class Besides:
    """What a column's texts say besides their value: a column of its own in the store."""

    name: str
    said: str
    sql_type: str
    description: str


@dataclass(frozen=True)
class Column:
    """One column: what it is called, what values it takes, what is wrong with others."""

    name: str
    label: str
    description: str
    form: str
    is_list: bool = False
    required: bool = False
    key_position: int | None = None
    synonyms: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    is_personal: bool = False
    personal_when_natural_in: str | None = None
    answers_for_key: bool = False
    default: str | None = None
    default_from: str | None = None
    pad_to_length: int = 0
    contradicts_unit_from: int | None = None
    counted_where: tuple[str, str] | None = None
    unread_reason: str | None = None
    severity: str = DEFAULT_SEVERITY
    examples: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every header that names this column."""
        return (self.name, self.label, *self.synonyms)

    @property
    def sql_type(self) -> str:
        """The DuckDB type of one value (of one element, for a list)."""
        return VALUE_FORMS[self.form][0]

    @property
    def is_free_text(self) -> bool:
        """Whether its values may be published and are whatever people write."""
        may_be = VALUE_FORMS[self.form] == ("varchar", None) and self.form != "identifier"
        return may_be and not self.is_personal and self.key_position is None

    @property
    def also(self) -> tuple[Besides, ...]:
        """What its texts say besides their value; a list says nothing besides."""
        if self.is_list:
            return ()
        return tuple(
            Besides(f"{self.name}_{said}", said, sql_type, f"{self.name}: {description}.")
            for said, sql_type, description in SAID_BESIDES.get(self.form, ())
        )


@dataclass(frozen=True)
class Contract:
    """One dataset's contract."""

    dataset: str
    label: str
    description: str
    grain: str
    version: str
    columns: tuple[Column, ...]
    row_rules: tuple[RowRule, ...] = ()
    references: tuple[Reference, ...] = ()
    severity: str = DEFAULT_SEVERITY
    folder: Path = field(default=HERE, compare=False)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.dataset} has no column {name!r}")

    @cached_property
    def columns_by_spelling(self) -> Mapping[str, str]:
        """What `spelling_key` makes of a header → the column that it names.

        A column's own name and label win over another's synonym.
        """
        named: dict[str, str] = {}
        for column in self.columns:
            for spelling in column.synonyms:
                named[spelling_key(spelling)] = column.name
        for column in self.columns:
            named[spelling_key(column.label)] = column.name
        for column in self.columns:
            named[spelling_key(column.name)] = column.name
            named.setdefault(spelling_key(column.name.replace("_", "")), column.name)
        return named

    @property
    def key(self) -> tuple[Column, ...]:
        """The primary key's columns, in order."""
        keyed = [column for column in self.columns if column.key_position]
        return tuple(sorted(keyed, key=lambda column: column.key_position or 0))

    @property
    def required(self) -> tuple[Column, ...]:
        """The columns without which a file is refused."""
        return tuple(column for column in self.columns if column.required)

    @property
    def money(self) -> tuple[Column, ...]:
        """The money columns, whose sum over a file is its control total."""
        return tuple(column for column in self.columns if column.form == "money")


def _custom(thing: Any) -> dict[str, Any]:
    return {p.property: p.value for p in (thing.customProperties or [])}


def _listed(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _severity(said: str | None, otherwise: str, source: Path, what: str) -> str:
    severity = said or otherwise
    if severity not in SEVERITIES:
        raise ContractError(
            f"{source}: {what} has severity {severity!r}; use one of {', '.join(SEVERITIES)}"
        )
    return severity


def _column(raw: Any, source: Path, severity: str) -> Column:
    custom = _custom(raw)
    form = custom.get("valueForm")
    if form not in VALUE_FORMS:
        raise ContractError(
            f"{source}: column {raw.name!r} has valueForm {form!r}; "
            f"use one of {', '.join(sorted(VALUE_FORMS))}"
        )
    options = raw.logicalTypeOptions or {}
    counted = custom.get("countedWhere")
    if options.get("pattern") and not custom.get("failsAs"):
        raise ContractError(f"{source}: column {raw.name!r} has a pattern but no failsAs reason")
    return Column(
        name=raw.name,
        label=raw.businessName,
        description=raw.description,
        form=form,
        is_list=raw.logicalType == "array",
        required=bool(raw.required),
        key_position=raw.primaryKeyPosition if raw.primaryKey else None,
        synonyms=tuple(s.synonym for s in raw.synonyms or []),
        codes=tuple(
            Code(str(e.value), e.label, tuple(_custom(e).get("synonyms") or ()))
            for e in raw.enum or []
        ),
        pattern=options.get("pattern"),
        minimum=options.get("minimum"),
        maximum=options.get("maximum"),
        is_personal=raw.classification == "personal",
        personal_when_natural_in=custom.get("personalWhenNaturalPersonIn"),
        answers_for_key=bool(custom.get("answersForKey")),
        default=custom.get("default"),
        default_from=custom.get("defaultFrom"),
        pad_to_length=int(custom.get("padToLength") or 0),
        contradicts_unit_from=custom.get("contradictsUnitFrom"),
        counted_where=(counted["column"], counted["equals"]) if counted else None,
        unread_reason=custom.get("failsAs") or VALUE_FORMS[form][1],
        severity=_severity(custom.get("severity"), severity, source, f"column {raw.name!r}"),
        examples=tuple(str(example) for example in raw.examples or []),
    )


def _reference(columns: list[str], to: list[str], custom: dict[str, Any]) -> Reference:
    datasets = {target.split(".")[0] for target in to}
    if len(datasets) != 1:
        raise ContractError(f"a relationship must lead to one dataset, not {sorted(datasets)}")
    return Reference(
        columns=tuple(columns),
        to_dataset=datasets.pop(),
        to_columns=tuple(target.split(".")[1] for target in to),
        held_as=custom["heldAs"],
    )


def _row_rule(raw: Any, source: Path, severity: str) -> RowRule:
    custom = _custom(raw)
    condition = custom.get("onlyWhere")
    return RowRule(
        name=raw.name,
        description=raw.description,
        expectation=raw.implementation["type"],
        kwargs=dict(raw.implementation["kwargs"]),
        reason=custom["reason"],
        column=custom["column"],
        severity=_severity(raw.severity, severity, source, f"rule {raw.name!r}"),
        only_where=(condition["column"], condition["equals"]) if condition else None,
    )


def read_contract(path: Path) -> Contract:
    """Reads one contract document.

    Raises:
        ContractError: it names a value form, a default or a rule that cannot be acted on.
    """
    import yaml
    from open_data_contract_standard.model import OpenDataContractStandard

    text = path.read_text(encoding="utf-8")
    # libyaml reads the four documents in 0.01 s, the standard's own `from_string` in 0.1 s.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = OpenDataContractStandard(**yaml.load(text, Loader=loader))  # noqa: S506 - both safe
    if not document.schema_ or len(document.schema_) != 1:
        raise ContractError(f"{path}: a contract describes exactly one dataset")
    schema = document.schema_[0]
    if schema.name != path.parent.name:
        raise ContractError(f"{path}: describes {schema.name!r} but stands in {path.parent.name!r}")
    severity = _severity(
        _custom(schema).get("severity"), DEFAULT_SEVERITY, path, f"dataset {schema.name!r}"
    )
    columns = tuple(_column(raw, path, severity) for raw in schema.properties or [])
    references = [
        _reference([str(raw.name)], _listed(r.to), _custom(r))
        for raw in schema.properties or []
        for r in raw.relationships or []
    ] + [
        _reference(_listed(r.from_), _listed(r.to), _custom(r)) for r in schema.relationships or []
    ]
    contract = Contract(
        dataset=schema.name,
        label=schema.businessName or schema.name,
        description=schema.description or "",
        grain=schema.dataGranularityDescription or "",
        version=f"{document.version}-{_fingerprint(text)}",
        columns=columns,
        row_rules=tuple(
            _row_rule(q, path, severity) for q in schema.quality or [] if q.type == "custom"
        ),
        references=tuple(references),
        severity=severity,
        folder=path.parent,
    )
    _check(contract, path)
    return contract


def judging_files() -> list[Path]:
    """The files of `JUDGING`, each pattern's in order of their names."""
    return [path for pattern in JUDGING for path in sorted(HERE.glob(pattern))]


def _fingerprint(contract: str) -> str:
    """Eight hex digits of all that a judgement depends on: no two kinds of it share a version."""
    from sources.reference import SEEDS_READ

    digest = hashlib.sha256(contract.encode())
    for path in (*judging_files(), *SEEDS_READ):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _check(contract: Contract, source: Path) -> None:
    """Finds what the document says of columns and codes that it does not have."""
    names = {column.name for column in contract.columns}
    wrong = [] if contract.key else ["it has no primary key"]
    for rule in contract.row_rules:
        wrong += [f"rule {rule.name!r} looks at {n!r}" for n in rule.columns if n not in names]
    for column in contract.columns:
        codes = {code.value for code in column.codes}
        counted_by = column.counted_where[0] if column.counted_where else None
        for other in (column.default_from, column.personal_when_natural_in, counted_by):
            if other and other not in names:
                wrong.append(f"column {column.name!r} refers to {other!r}")
        if column.form == "code" and not codes:
            wrong.append(f"column {column.name!r} is a code without an enum")
        if column.form == "code" and column.default and column.default not in codes:
            wrong.append(f"column {column.name!r} has the default {column.default!r}")
    if wrong:
        raise ContractError(f"{source}: {'; '.join(wrong)}: no such thing is in the contract")
    for taken in names & {also.name for column in contract.columns for also in column.also}:
        raise ContractError(f"{source}: {taken!r} is what a name says besides its value; rename it")


@cache
def discover(root: Path = HERE) -> dict[str, Contract]:
    """Every dataset that has a contract below `root`, by name in alphabetical order."""
    return {
        path.parent.name: read_contract(path) for path in sorted(root.glob(f"*/{CONTRACT_FILE}"))
    }


@cache
def contract_of(dataset: str) -> Contract | None:
    """The contract of one dataset, without a look at the others; None where it has none."""
    path = HERE / dataset / CONTRACT_FILE
    return read_contract(path) if path.is_file() else None
