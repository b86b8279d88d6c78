"""Judging the archive again: what a changed contract makes of files that are known already."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from good_rows import GOOD_ROWS, as_csv
from intake_home import Home

from sources.contracts import Code, Column, Contract
from sources.rejudging import ArchiveIncomplete, Changes, Rejudging

ACTIVITY = GOOD_ROWS["activity_reports"]
OUTCOME = GOOD_ROWS["financial_outcomes"]
MEMBER = GOOD_ROWS["member_registrations"]


def changed(
    contract: Contract, name: str, change: Callable[[Column], Column], version: str = "2.0.0-test"
) -> Contract:
    """The contract with one column changed, as another version."""
    columns = [change(c) if c.name == name else c for c in contract.columns]
    return dataclasses.replace(contract, columns=tuple(columns), version=version)


def with_code(value: str, *synonyms: str) -> Callable[[Column], Column]:
    """Adds a code that nobody knew before, or synonyms to one that is known."""

    def change(column: Column) -> Column:
        kept = tuple(code for code in column.codes if code.value != value)
        return dataclasses.replace(column, codes=(*kept, Code(value, value, synonyms)))

    return change


def judged_again(home: Home, contract: Contract) -> tuple[Rejudging, Changes]:
    """A new judgement by a contract that is now the home's."""
    home.contracts = {**home.contracts, contract.dataset: contract}
    rejudging = Rejudging(home.intake(), contract)
    return rejudging, rejudging.judge()


def activities(*types: str) -> str:
    """A file of activities of these types, each of an id of its own."""
    return as_csv(
        [
            {**ACTIVITY, "activity_id": f"A-{number}", "activity_type": kind}
            for number, kind in enumerate(types, start=1)
        ]
    )


def everything(home: Home) -> tuple[list[str], list[Any]]:
    """All files of the store, and all that the ledger says of files."""
    return (
        sorted(path.name for path in home.store.root.rglob("*.parquet")),
        home.ledger.judgements("activity_reports"),
    )


def test_a_new_code_takes_rows_out_of_quarantine_and_says_so_beforehand(home: Home) -> None:
    home.put("activity_reports/a.csv", activities("linkage", "linkage", "fair"))
    home.night()
    contract = changed(
        home.contracts["activity_reports"], "activity_type", with_code("trade_fair", "fair")
    )
    rejudging, changes = judged_again(home, contract)
    assert changes.files_judged == 1
    assert [(f.path, f.accepted_before, f.accepted_after) for f in changes.files] == [
        ("activity_reports/a.csv", 2, 3)
    ]
    assert changes.rows == (
        {
            "before": "quarantined: activity_type bad_code",
            "after": "accepted",
            "rows": 1,
            "baht": 0,
            "files": 1,
            "path": "activity_reports/a.csv",
            "sheet_name": None,
            "row_number": 4,
        },
    )
    assert changes.values == ()
    assert rejudging.take_over() == 1
    (judgement,) = home.ledger.judgements("activity_reports")
    assert (judgement.contract_version, judgement.rows_accepted) == ("2.0.0-test", 3)


def test_what_is_not_taken_over_leaves_nothing_behind(home: Home) -> None:
    home.put("activity_reports/a.csv", activities("linkage", "linkage", "fair"))
    home.night()
    before = everything(home)
    contract = changed(
        home.contracts["activity_reports"], "activity_type", with_code("trade_fair", "fair")
    )
    rejudging, changes = judged_again(home, contract)
    assert changes.any
    assert everything(home) != before
    rejudging.discard()
    store, ledger = everything(home)
    assert [name for name in store if not name.startswith("empty.")] == [
        name for name in before[0] if not name.startswith("empty.")
    ]
    assert ledger == before[1]


def test_another_value_of_an_accepted_row_is_shown_before_and_after(home: Home) -> None:
    home.put("activity_reports/a.csv", activities("linkage", "เชื่อมโยงเครือข่าย"))
    home.night()

    def moved(column: Column) -> Column:
        codes = [
            dataclasses.replace(code, label="เชื่อมโยง") if code.value == "linkage" else code
            for code in column.codes
        ]
        study = next(code for code in codes if code.value == "study_visit")
        codes[codes.index(study)] = dataclasses.replace(study, synonyms=("เชื่อมโยงเครือข่าย",))
        return dataclasses.replace(column, codes=tuple(codes))

    contract = changed(home.contracts["activity_reports"], "activity_type", moved)
    _, changes = judged_again(home, contract)
    assert (changes.files, changes.rows) == ((), ())
    (value,) = changes.values
    assert (value["column_name"], value["rows"], value["row_number"]) == ("activity_type", 1, 3)
    assert (value["before"], value["after"]) == ("linkage", "study_visit")


def test_personal_values_are_never_shown(home: Home) -> None:
    natural = {**MEMBER, "juristic_id": "1000000000009", "enterprise_name": "นางสมมติ ตั้งใจ"}
    home.put(
        "member_registrations/a.csv",
        as_csv([{**natural, "contact_name": "นายสมมติ ทดลอง"}, MEMBER]),
    )
    home.night()

    def without_spaces(column: Column) -> Column:
        return dataclasses.replace(column, form="identifier")

    contract = home.contracts["member_registrations"]
    for name in ("contact_name", "enterprise_name"):
        contract = changed(contract, name, without_spaces)
    _, changes = judged_again(home, contract)
    assert {value["column_name"]: (value["rows"], value["after"]) for value in changes.values} == {
        "contact_name": (1, "•••"),
        "enterprise_name": (2, "•••"),
    }
    assert "สมมติ" not in str(changes)


def test_a_file_once_rejected_loads_at_its_place_in_the_order_of_arrival(home: Home) -> None:
    home.put("activity_reports/a.csv", activities("linkage"))
    home.night()
    home.put("activity_reports/a.csv", activities("fair", "fair", "linkage"))
    _, taken = home.night()
    assert taken["activity_reports/a.csv"].outcome.reason == "too_many_bad_rows"
    lying = home.ledger.latest_at_paths()
    contract = changed(
        home.contracts["activity_reports"], "activity_type", with_code("trade_fair", "fair")
    )
    rejudging, changes = judged_again(home, contract)
    assert [(f.before, f.after) for f in changes.files] == [("rejected", "loaded")]
    assert {row["before"]: row["rows"] for row in changes.rows} == {
        "quarantined: activity_type bad_code": 2,
        "quarantined: too_many_bad_rows": 1,
    }
    rejudging.take_over()
    assert [j.rows_accepted for j in home.ledger.judgements("activity_reports")] == [1, 3]
    assert home.ledger.latest_at_paths() == lying
    received, _ = home.night()
    assert (received.new, received.duplicates, received.unchanged) == ((), (), 1)


def test_rule_counts_are_of_the_last_judgement_and_of_each_file_once(home: Home) -> None:
    home.put("activity_reports/a.csv", activities("linkage", "linkage", "fair"))
    home.night()
    first = home.contracts["activity_reports"]
    rule = "activity_type__bad_code"
    assert home.ledger.active_rule_counts("activity_reports")[rule] == (3, 1, 1)
    more = changed(first, "activity_type", with_code("trade_fair", "fair"))
    rejudging, _ = judged_again(home, more)
    rejudging.take_over()
    assert home.ledger.active_rule_counts("activity_reports")[rule] == (3, 0, 0)
    rejudging, changes = judged_again(home, first)
    assert changes.files_judged == 1
    rejudging.take_over()
    assert home.ledger.active_rule_counts("activity_reports")[rule] == (3, 1, 1)


def test_going_back_to_an_earlier_version_and_refusing_it_keeps_its_first_judgement(
    home: Home,
) -> None:
    home.put("activity_reports/a.csv", activities("linkage", "linkage", "fair"))
    home.night()
    first = home.contracts["activity_reports"]
    rejudging, _ = judged_again(
        home, changed(first, "activity_type", with_code("trade_fair", "fair"))
    )
    rejudging.take_over()
    rejudging, _ = judged_again(home, first)
    rejudging.discard()
    for dataset, file_id, version, accepted, _ in home.ledger.stored_files():
        assert accepted
        assert home.store.path(dataset, "accepted", file_id, version).exists()


def test_files_judged_by_the_same_version_are_not_judged_again(home: Home) -> None:
    home.put("activity_reports/a.csv", activities("linkage"))
    home.night()
    _, changes = judged_again(home, home.contracts["activity_reports"])
    assert (changes.files_judged, changes.any) == (0, False)


def test_bytes_missing_from_the_archive_are_named_and_nothing_is_judged(home: Home) -> None:
    for number, kinds in enumerate((("linkage",), ("linkage", "linkage"))):
        home.put(f"activity_reports/{number}.csv", activities(*kinds))
    _, taken = home.night()
    home.archive.path(taken["activity_reports/0.csv"].outcome.file_id).unlink()
    before = everything(home)
    contract = dataclasses.replace(home.contracts["activity_reports"], version="2.0.0-test")
    with pytest.raises(ArchiveIncomplete, match=r"activity_reports/0\.csv"):
        judged_again(home, contract)
    assert everything(home) == before


@pytest.mark.parametrize("changed_file", ["value_forms.sql", "typed.py", "reading/records.py"])
def test_software_that_judges_otherwise_is_another_version(
    changed_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sources import contracts

    home_of_code = tmp_path / "sources"
    home_of_code.mkdir()
    for path in contracts.judging_files():
        copy = home_of_code / path.relative_to(contracts.HERE)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    path = contracts.HERE / "activity_reports" / contracts.CONTRACT_FILE
    before = contracts.read_contract(path).version
    monkeypatch.setattr(contracts, "HERE", home_of_code)
    assert contracts.read_contract(path).version == before
    with (home_of_code / changed_file).open("a") as file:
        file.write("\n")
    assert contracts.read_contract(path).version != before
