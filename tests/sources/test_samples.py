"""Every sample, good and bad: `<dataset>/<group>/<trap>.<ext>` beside `<trap>.expect.yaml`.

Adding one is dropping in two files; the group, a folder for traps of one kind, may be left out.
What a sample may expect::

    fate: loaded | rejected
    reason: too_many_bad_rows              # of a rejected file
    says: part of the message              # to the one who sent it
    format: comma-separated text, utf-8
    rows_read: 3
    accepted: 2
    total_rows: 1                          # passed over; none when it is not said
    header_rows: 1                         # likewise
    remarks: {hidden_sheets_read: [ซ่อน]}  # what else the file's details say; nothing likewise
    unknown_columns: [หมายเหตุ]             # none when it is not said
    cells:                                 # of accepted rows, as text; null where there is none
      - {row: 2, column: amount, value: '1200.50'}     # and sheet: …, in a workbook of several
    quarantined:                           # all of them
      - {row: 4, column: amount, reason: bad_number, shown: x}     # shown may be left out

All samples of a dataset are taken in on one night, so bad ones lie among the good.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from intake_home import Home, Taken

from sources.contracts import discover
from sources.rules import derive

HERE = Path(__file__).parent
EXPECTATIONS = sorted(HERE.glob("*/**/*.expect.yaml"))
REMARKS = (
    "hidden_sheets_read",
    "sheets_almost_fitting",
    "cells_in_error",
    "formulas_never_calculated",
    "sheets_passed_over",
)
SAID = {
    "fate",
    "reason",
    "says",
    "format",
    "rows_read",
    "accepted",
    "total_rows",
    "header_rows",
    "remarks",
    "unknown_columns",
    "cells",
    "quarantined",
}


def sample_of(expectation: Path) -> Path:
    """The sample that an expectation speaks of."""
    trap = expectation.name.removesuffix(".expect.yaml")
    samples = [
        path
        for path in expectation.parent.glob(f"{trap}.*")
        if not path.name.endswith(".expect.yaml")
    ]
    assert len(samples) == 1, f"{expectation.name} needs exactly one sample, found {samples}"
    return samples[0]


def name_of(expectation: Path) -> str:
    """The expectation as `dataset/group/trap`."""
    return expectation.relative_to(HERE).as_posix().removesuffix(".expect.yaml")


def dataset_of(path: Path) -> str:
    """The dataset of a sample or its expectation."""
    return path.relative_to(HERE).parts[0]


def expected_of(expectation: Path) -> dict[str, Any]:
    """What an expectation says."""
    said: dict[str, Any] = yaml.safe_load(expectation.read_text(encoding="utf-8"))
    return said


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Taken]:
    """What became of every sample on one night."""
    home = Home(tmp_path_factory.mktemp("samples") / "home")
    for expectation in EXPECTATIONS:
        sample = sample_of(expectation)
        home.put(sample.relative_to(HERE).as_posix(), sample.read_bytes())
    received, taken = home.night()
    assert received.duplicates == ()
    assert home.disagreements == ()
    return taken


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=name_of)
def test_a_sample_fares_as_it_expects(night: dict[str, Taken], expectation: Path) -> None:
    said = expected_of(expectation)
    assert set(said) <= SAID
    taken = night[sample_of(expectation).relative_to(HERE).as_posix()]
    outcome = taken.outcome
    assert (outcome.status, outcome.reason) == (said["fate"], said.get("reason")), outcome.message
    assert said.get("says", "") in (outcome.message or "")
    assert taken.shown == {
        (problem["row"], problem["column"], problem["reason"]): problem.get(
            "shown", taken.shown.get((problem["row"], problem["column"], problem["reason"]))
        )
        for problem in said.get("quarantined", [])
    }
    assert (outcome.rows_read, outcome.rows_accepted) == (said["rows_read"], said["accepted"])
    assert len(taken.rows) == said["accepted"]
    assert outcome.details.get("format") == said.get("format", outcome.details.get("format"))
    assert outcome.details.get("total_rows_passed_over", 0) == said.get("total_rows", 0)
    assert outcome.details.get("header_rows_passed_over", 0) == said.get("header_rows", 0)
    remarks = {name: outcome.details[name] for name in REMARKS if name in outcome.details}
    assert remarks == said.get("remarks", {})
    assert outcome.details.get("unknown_columns", []) == said.get("unknown_columns", [])
    for cell in said.get("cells", []):
        (row,) = [
            row
            for row in taken.rows
            if row["row_number"] == cell["row"] and cell.get("sheet") in (None, row["sheet_name"])
        ]
        value = row[cell["column"]]
        shown = value if value is None or isinstance(value, list) else str(value)
        assert shown == cell["value"], cell


def test_every_sample_has_its_expectation() -> None:
    spoken_of = {sample_of(expectation) for expectation in EXPECTATIONS}
    samples = {
        path
        for path in HERE.glob("*/**/*")
        if path.is_file()
        and not path.name.endswith((".expect.yaml", ".pyc"))
        and dataset_of(path) in discover()
    }
    assert samples == spoken_of


@pytest.mark.parametrize("dataset", sorted(discover()))
def test_every_reason_of_a_dataset_has_a_sample(dataset: str) -> None:
    shown = {
        problem["reason"]
        for expectation in EXPECTATIONS
        if dataset_of(expectation) == dataset
        for problem in expected_of(expectation).get("quarantined", [])
    }
    reasons = {rule.reason for rule in derive(discover()[dataset]) if rule.kind != "shape"}
    assert reasons - shown == set()


@pytest.mark.parametrize("dataset", sorted(discover()))
@pytest.mark.parametrize("reason", ["unreadable", "missing_column", "empty", "too_many_bad_rows"])
def test_every_reason_of_a_file_has_a_sample_in_every_dataset(dataset: str, reason: str) -> None:
    assert reason in {
        expected_of(expectation).get("reason")
        for expectation in EXPECTATIONS
        if dataset_of(expectation) == dataset
    }
