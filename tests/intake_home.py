"""A landing zone of a test's own, whose files are taken in for real.

A night here goes through the whole intake, from the survey of the landing zone to the store and the
ledger, with both judges. It costs half a second, so a module gives many files to one night.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from sources.contracts import Contract, discover
from sources.intake import Disagreement, FileOutcome, Intake, Received
from sources.leases import Leases
from sources.ledger import Ledger
from sources.store import Archive, Store

SECRET = b"a secret of the tests"
#: When the first file was last changed (2015-01-20, in seconds); each further one a minute later.
LONG_AGO = 1_421_712_000


@dataclass(frozen=True)
class Taken:
    """One file after the night: what became of it, what lies in the store of it.

    Attributes:
        outcome: as the intake reports it.
        rows: its accepted rows.
        shown: (row number, column, reason) of a quarantined row → the raw value shown of it.
        quarantined_rows: the numbers of its quarantined rows.
    """

    outcome: FileOutcome
    rows: list[dict[str, Any]]
    shown: dict[tuple[int, str | None, str], str | None]
    quarantined_rows: tuple[int, ...] = ()

    @property
    def quarantined(self) -> int:
        """How many of its rows lie in quarantine."""
        return len(self.quarantined_rows)

    @property
    def accepted(self) -> dict[int, dict[str, Any]]:
        """The accepted rows of a file of one table, by row number."""
        return {row["row_number"]: row for row in self.rows}

    @property
    def problems(self) -> set[tuple[int, str | None, str]]:
        """(row number, column, reason) of every problem."""
        return set(self.shown)


@dataclass
class Home:
    """A warehouse's intake with a landing zone of its own; nights pass in it one after another."""

    root: Path
    contracts: Mapping[str, Contract] = field(default_factory=discover)
    disagreements: tuple[Disagreement, ...] = ()
    clock: int = LONG_AGO

    def __post_init__(self) -> None:
        """Makes the landing zone."""
        self.landing.mkdir(parents=True)
        self.archive, self.store = Archive(self.root / "archive"), Store(self.root / "store")
        self.ledger = Ledger(f"sqlite:///{self.root / 'ledger.sqlite'}")

    @property
    def landing(self) -> Path:
        """The landing zone."""
        return self.root / "landing"

    def put(self, path: str, content: bytes | str) -> Path:
        """Lays a file into the landing zone that nobody is writing any more."""
        full = self.landing / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(content.encode() if isinstance(content, str) else content)
        self.clock += 60
        os.utime(full, (self.clock, self.clock))
        return full

    def intake(self) -> Intake:
        """The intake of one night."""
        scratch = self.root / "scratch"
        scratch.mkdir(exist_ok=True)
        return Intake(
            contracts=self.contracts,
            landing=self.landing,
            archive=self.archive,
            store=self.store,
            ledger=self.ledger,
            secret=SECRET,
            run_id="night",
            scratch=scratch,
        )

    def night(self) -> tuple[Received, dict[str, Taken]]:
        """Takes in what is new; path → what became of it."""
        leases = Leases(self.ledger, "night")
        intake = replace(self.intake(), leases=leases)
        taken = {}
        with leases.renewed():
            received = intake.receive()
            for dataset in self.contracts:
                receipts = [receipt for receipt in received.new if receipt.dataset == dataset]
                if not receipts:
                    continue
                loaded = intake.load(dataset, receipts)
                self.disagreements += loaded.disagreements
                for outcome in loaded.outcomes:
                    taken[outcome.path] = self._taken(dataset, outcome)
        return received, taken

    def _taken(self, dataset: str, outcome: FileOutcome) -> Taken:
        version = self.contracts[dataset].version
        rows: dict[str, list[dict[str, Any]]] = {}
        for verdict in ("accepted", "quarantined"):
            file = self.store.path(dataset, verdict, outcome.file_id, version)
            relation = duckdb.sql(f"from read_parquet('{file}')") if file.exists() else None
            rows[verdict] = (
                [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
                if relation is not None
                else []
            )
        shown = {
            (row["row_number"], problem["column_name"], problem["reason"]): problem["raw_value"]
            for row in rows["quarantined"]
            for problem in row["problems"]
        }
        numbers = tuple(row["row_number"] for row in rows["quarantined"])
        return Taken(outcome, rows["accepted"], shown, numbers)
