"""Contracts: what is read of the documents, and that a wrong one says what is wrong with it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sources.contracts import CONTRACT_FILE, Contract, ContractError, discover, read_contract
from sources.rules import derive
from sources.text import spelling_key

DATASETS = sorted(discover())
CONTRACT = discover()["financial_outcomes"]
#: The reason codes of the interface page, section 2, that a row can get from a contract's rules.
REASONS = {
    "missing_required",
    "bad_date",
    "bad_number",
    "bad_id",
    "bad_code",
    "bad_province",
    "out_of_range",
    "end_before_start",
    "duplicate_in_file",
    "unreadable",
}
#: dataset → required columns and key, as the interface page has them.
INTERFACE = {
    "cluster_registrations": (
        {"cluster_code", "cluster_name_th", "branch", "registered_on", "submitted_on"},
        ("cluster_code",),
    ),
    "member_registrations": (
        {
            "cluster_code",
            "juristic_id",
            "enterprise_name",
            "province",
            "registered_on",
            "submitted_on",
        },
        ("cluster_code", "juristic_id"),
    ),
    "activity_reports": (
        {"activity_id", "cluster_code", "activity_type", "start_date", "submitted_on"},
        ("activity_id",),
    ),
    "financial_outcomes": (
        {
            "cluster_code",
            "juristic_id",
            "fiscal_year",
            "quarter",
            "measure",
            "amount",
            "submitted_on",
        },
        ("cluster_code", "juristic_id", "fiscal_year", "quarter", "measure"),
    ),
}


def test_the_contracts_are_those_of_the_interface() -> None:
    assert set(DATASETS) == set(INTERFACE)
    for dataset, (required, key) in INTERFACE.items():
        contract = discover()[dataset]
        assert {column.name for column in contract.required} == required
        assert tuple(column.name for column in contract.key) == key


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_rule_has_a_reason_code_of_the_interface(dataset: str) -> None:
    rules = derive(discover()[dataset])
    assert {rule.reason for rule in rules} <= REASONS
    assert len({rule.name for rule in rules}) == len(rules)


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_column_and_code_is_named_and_described_in_words(dataset: str) -> None:
    contract = discover()[dataset]
    for column in contract.columns:
        assert column.label, column.name
        assert column.description.endswith("."), column.name
        for code in column.codes:
            assert code.label, (column.name, code.value)
    assert contract.grain.startswith("One row per")


@pytest.mark.parametrize("dataset", DATASETS)
def test_no_spelling_stands_for_two_codes(dataset: str) -> None:
    for column in discover()[dataset].columns:
        seen: dict[str, set[str]] = {}
        for code in column.codes:
            for spelling in code.spellings:
                seen.setdefault(spelling_key(spelling), set()).add(code.value)
        assert {s: codes for s, codes in seen.items() if len(codes) > 1} == {}


@pytest.mark.parametrize("dataset", DATASETS)
def test_references_and_row_rules_name_columns_that_exist(dataset: str) -> None:
    contract = discover()[dataset]
    for reference in contract.references:
        for name in reference.columns:
            contract.column(name)
        for name in reference.to_columns:
            discover()[reference.to_dataset].column(name)
        assert reference.held_as in {"unknown_cluster", "unregistered_enterprise"}
    for rule in contract.row_rules:
        for name in (*rule.columns, rule.column):
            contract.column(name)


def test_the_version_says_when_the_contract_changed(tmp_path: Path) -> None:
    folder = tmp_path / "financial_outcomes"
    folder.mkdir()
    text = (CONTRACT.folder / CONTRACT_FILE).read_text(encoding="utf-8")
    path = folder / CONTRACT_FILE
    path.write_text(text, encoding="utf-8")
    assert read_contract(path).version == CONTRACT.version
    path.write_text(text + "\n# changed\n", encoding="utf-8")
    changed = read_contract(path).version
    assert changed != CONTRACT.version
    assert changed.startswith("1.0.0-")


def test_a_column_that_is_not_there_is_named(contracts: dict[str, Contract]) -> None:
    with pytest.raises(KeyError, match="financial_outcomes has no column 'nothing'"):
        contracts["financial_outcomes"].column("nothing")


def test_datasets_are_discovered_by_their_folders(tmp_path: Path) -> None:
    for name in ("pears", "apples"):
        (tmp_path / name).mkdir()
        document = _document()
        document["schema"][0]["name"] = name
        _write(tmp_path / name / CONTRACT_FILE, document)
    (tmp_path / "no_contract").mkdir()
    assert list(discover(tmp_path)) == ["apples", "pears"]


# ── Wrong ones ────────────────────────────────────────────────────────────────────────────────


def _document() -> Any:
    return copy.deepcopy(
        yaml.safe_load((CONTRACT.folder / CONTRACT_FILE).read_text(encoding="utf-8"))
    )


def _write(path: Path, document: Any) -> None:
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")


def _column(document: Any, name: str) -> Any:
    return next(c for c in document["schema"][0]["properties"] if c["name"] == name)


def _custom(column: Any, name: str, value: Any) -> None:
    column["customProperties"] = [
        *(p for p in column.get("customProperties", []) if p["property"] != name),
        {"property": name, "value": value},
    ]


def _two_datasets(d: Any) -> None:
    d["schema"].append(d["schema"][0])


def _other_name(d: Any) -> None:
    d["schema"][0]["name"] = "plums"


def _unknown_form(d: Any) -> None:
    _custom(_column(d, "amount"), "valueForm", "gold")


def _no_form(d: Any) -> None:
    _column(d, "amount")["customProperties"] = []


def _pattern_without_reason(d: Any) -> None:
    _column(d, "evidence_ref")["logicalTypeOptions"] = {"pattern": "^x$"}


def _relationship_to_two(d: Any) -> None:
    d["schema"][0]["relationships"][0]["to"] = ["a.b", "c.d"]


def _rule_on_no_column(d: Any) -> None:
    d["schema"][0]["quality"][0]["implementation"]["kwargs"]["column"] = "nothing"


def _default_from_no_column(d: Any) -> None:
    _custom(_column(d, "evidence_ref"), "defaultFrom", "nothing")


def _no_key(d: Any) -> None:
    for column in d["schema"][0]["properties"]:
        column.pop("primaryKey", None)


def _code_without_codes(d: Any) -> None:
    _column(d, "measure").pop("enum")


def _unknown_default(d: Any) -> None:
    _custom(_column(d, "measure"), "default", "profit")


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (_two_datasets, "exactly one dataset"),
        (_other_name, "'plums'"),
        (_unknown_form, "'amount' has valueForm 'gold'"),
        (_no_form, "'amount' has valueForm None"),
        (_pattern_without_reason, "'evidence_ref' has a pattern"),
        (_relationship_to_two, "one dataset"),
        (_rule_on_no_column, "nothing"),
        (_default_from_no_column, "nothing"),
        (_no_key, "key"),
        (_code_without_codes, "measure"),
        (_unknown_default, "profit"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_wrong_contract_says_what_is_wrong_with_it(
    tmp_path: Path, break_it: Callable[[Any], None], said: str
) -> None:
    document = _document()
    break_it(document)
    folder = tmp_path / "financial_outcomes"
    folder.mkdir()
    _write(folder / CONTRACT_FILE, document)
    with pytest.raises(ContractError) as caught:
        read_contract(folder / CONTRACT_FILE)
    assert said in str(caught.value)


def test_one_column_of_all_contracts_names_who_answers_for_a_key() -> None:
    found = [(c, column) for c in discover().values() for column in c.columns]
    answering = [(c, column) for c, column in found if column.answers_for_key]
    ((contract, column),) = answering
    assert column.is_personal
    assert len(contract.key) == 1
    for other in discover().values():
        leads = [(r.to_dataset, r.to_columns) for r in other.references]
        assert other is contract or (contract.dataset, (contract.key[0].name,)) in leads


def changed(tmp_path: Path, old: str, new: str) -> Contract:
    """The contract of outcomes with one text of it replaced."""
    folder = tmp_path / "financial_outcomes"
    folder.mkdir()
    text = (CONTRACT.folder / CONTRACT_FILE).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / CONTRACT_FILE).write_text(text.replace(old, new), encoding="utf-8")
    return read_contract(folder / CONTRACT_FILE)


#: The contract says of one rule how bad it is; a column's entry and the dataset's say nothing.
_OF_THE_RULE = "        severity: warning\n"
_DATASET = "    quality:\n      - name: jobs_are_whole_numbers\n"


@pytest.mark.parametrize("dataset", DATASETS)
def test_no_rule_of_the_contracts_keeps_a_night_from_publishing(dataset: str) -> None:
    assert {rule.severity for rule in derive(discover()[dataset])} == {"warning"}


def test_a_rule_over_columns_says_how_bad_it_is(tmp_path: Path) -> None:
    contract = changed(tmp_path, _OF_THE_RULE, "        severity: error\n")
    assert [rule.name for rule in derive(contract) if rule.severity == "error"] == [
        "jobs_are_whole_numbers__bad_number"
    ]


def test_a_columns_severity_is_that_of_its_own_rules(tmp_path: Path) -> None:
    contract = changed(
        tmp_path,
        "          - property: valueForm\n            value: quarter\n",
        "          - property: valueForm\n            value: quarter\n"
        "          - property: severity\n            value: info\n",
    )
    assert {rule.column.name for rule in derive(contract) if rule.severity == "info"} == {"quarter"}
    assert {rule.kind for rule in derive(contract) if rule.severity == "info"} == {
        "missing", "unread", "range",
    }  # fmt: skip


def test_what_says_nothing_is_as_bad_as_the_dataset_says(tmp_path: Path) -> None:
    contract = changed(
        tmp_path,
        _DATASET,
        "    customProperties:\n      - property: severity\n        value: error\n" + _DATASET,
    )
    assert {rule.name for rule in derive(contract) if rule.severity != "error"} == {
        "jobs_are_whole_numbers__bad_number"
    }


def test_a_severity_that_the_standard_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="'fatal'; use one of error, warning, info"):
        changed(tmp_path, _OF_THE_RULE, "        severity: fatal\n")
