"""The nights that pass over the bench's zones, and whether what came of them is right.

A series is every row of the table once. Its nights have homes of their own; the new files of the
third night are laid into the zone for that night alone.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.bench.measure import Cost, Measured, measure, watch
from tests.bench.readers import Asked, Readers, sizes
from tests.bench.stages import by_stage, steps_of
from tests.bench.targets import Target
from tests.bench.zones import NEW_SHARE, Answer, Totals, Zones

PROJECT = Path(__file__).parents[2]
WAREHOUSE = Path(sys.executable).with_name("warehouse")


class WrongFigures(RuntimeError):
    """A night or the SQL by hand came to other figures than the simulated programme has."""


@dataclass(frozen=True)
class Row:
    """A row of the table.

    Attributes:
        name: what the JSON calls it.
        group: what `--only` calls it and those measured with it.
        title: what it is.
    """

    name: str
    group: str
    title: str


ROWS = (
    Row("startup_first", "startup", "start-up: first night of a tiny zone"),
    Row("startup_again", "startup", "start-up: a tiny zone, nothing new"),
    Row("full", "full", "(a) a full night"),
    Row("nothing_new", "nights", "(b) a night with nothing new"),
    Row("some_new", "nights", f"(c) a night with {NEW_SHARE:.0%} new"),
    Row("trace", "nights", "warehouse trace of a programme figure"),
    Row("exports", "readers", "exports: Parquet, CSV and the workbook of (a)"),
    Row("by_hand", "by_hand", "SQL by hand: reads, types, joins"),
)
GROUPS = tuple(dict.fromkeys(row.group for row in ROWS))


class Bench:
    """The zones, made once, and the series of measurements over them.

    Args:
        folder: an empty folder; the nights' homes are below it.
        zones: what the nights take in.
        target: where nights build and publish.
    """

    def __init__(self, folder: Path, zones: Zones, target: Target) -> None:
        self.folder = folder
        self.zones = zones
        # No .env of a developer, no setting of this shell: the settings are the bench's own.
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("WAREHOUSE_")
        }
        self.environment |= target.environment
        self.readers: Readers | None = None
        #: Row → stage → cost, of the nights of the last series.
        self.stages: dict[str, dict[str, Cost]] = {}

    def make_zones(self, groups: Collection[str]) -> None:
        """Writes the zones that these groups of rows need and that are not there yet."""
        self.answers = self.zones.make(groups)

    def warm_up(self) -> None:
        """Has the manifest made where the dbt project changed, which is not every night's work."""
        self.folder.mkdir(parents=True, exist_ok=True)
        program = (
            "from orchestration import settings; settings.load().prepare(); "
            "from orchestration.manifest import prepare_manifest; prepare_manifest()"
        )
        self._run([sys.executable, "-c", program], home=self.folder / "warm-up")

    def series(self, groups: Collection[str]) -> Iterator[tuple[str, Cost]]:
        """Yields each row's name and cost, once its figures were found right.

        Raises:
            CommandFailed: a night publishes nothing, or the SQL by hand fails.
            WrongFigures: it comes to wrong figures.
        """
        zones, answers = self.zones, self.answers
        if "startup" in groups:
            home = self._fresh("home-tiny")
            for name in ("startup_first", "startup_again"):
                yield name, self._night(name, home, zones.tiny, answers["tiny"])
        home = self.folder / "home"
        if {"full", "nights", "readers"} & set(groups):
            yield "full", self._night("full", self._fresh("home"), zones.full, answers["full"])
        if "readers" in groups:
            yield "exports", self._read(home / "published" / "warehouse.duckdb")
        if "nights" in groups:
            yield "nothing_new", self._night("nothing_new", home, zones.full, answers["full"])
            laid = _lay(zones.new, zones.full)
            try:
                yield "some_new", self._night("some_new", home, zones.full, answers["grown"])
            finally:
                for file in laid:
                    file.unlink()
            figure = ["rpt_programme_progress", "fiscal_year_be=2558", "measure=cost_reduction"]
            traced = self._run([str(WAREHOUSE), "trace", *figure, "--json"], home=home)
            yield "trace", traced.cost
        if "by_hand" in groups:
            command = [sys.executable, "-m", "tests.bench.by_hand", str(zones.full)]
            cost, said = measure(command, cwd=PROJECT, env=self.environment)
            _check_by_hand(json.loads(said), answers["full"])
            yield "by_hand", cost

    def _read(self, warehouse: Path) -> Cost:
        """Writes the exports of a warehouse, asks it the cookbook's questions, and keeps both."""
        folder = self._fresh("exports")
        program = (
            "import sys; from pathlib import Path; "
            "from orchestration.exports import write_exports; "
            "write_exports(Path(sys.argv[1]), Path(sys.argv[2]))"
        )
        command = [sys.executable, "-c", program, str(warehouse), str(folder)]
        cost = self._run(command, home=folder).cost
        command = [sys.executable, "-m", "tests.bench.readers", str(warehouse)]
        _, said = measure(command, cwd=PROJECT, env=self.environment)
        self.readers = Readers([Asked(**one) for one in json.loads(said)], sizes(warehouse, folder))
        return cost

    def _fresh(self, name: str) -> Path:
        home = self.folder / name
        shutil.rmtree(home, ignore_errors=True)
        return home

    def _night(self, name: str, home: Path, landing: Path, answer: Answer) -> Cost:
        measured = self._run([str(WAREHOUSE), "run", "--json"], home=home, landing=landing)
        _check_published(home / "published" / "warehouse.duckdb", answer)
        steps = steps_of(home, json.loads(measured.said)["run_id"])
        self.stages[name] = by_stage(measured.looks, steps, measured.cost)
        return measured.cost

    def _run(self, command: list[str], *, home: Path, landing: Path | None = None) -> Measured:
        environment = {**self.environment, "WAREHOUSE_HOME": str(home)}
        if landing:
            environment["WAREHOUSE_LANDING"] = str(landing)
        return watch(command, cwd=self.folder, env=environment)


def _lay(new: Path, zone: Path) -> list[Path]:
    """Lays new files into a zone and returns where."""
    laid = []
    for file in sorted(path for path in new.rglob("*") if path.is_file()):
        target = zone / file.relative_to(new)
        if target.exists():
            raise FileExistsError(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)
        laid.append(target)
    return laid


# --- whether the figures are right -----------------------------------------------------------


def _same(what: str, found: Mapping[Any, Any], wanted: Mapping[Any, Any]) -> None:
    if dict(found) != dict(wanted):
        wrong = {
            key: (found.get(key), wanted.get(key))
            for key in sorted({*found, *wanted}, key=str)
            if found.get(key) != wanted.get(key)
        }
        raise WrongFigures(f"{what}, found and wanted: {wrong}")


def _of_programme(totals: Totals) -> Totals:
    """The programme's two figures a fiscal year; sales and investment are one, jobs are none."""
    figures: Totals = {}
    for (year, measure_name), amount in totals.items():
        for figure in ("economic_expansion", "cost_reduction"):
            figures.setdefault((year, figure), Decimal(0))
        if measure_name in ("sales_increase", "new_investment"):
            figures[year, "economic_expansion"] += amount
        elif measure_name == "cost_reduction":
            figures[year, "cost_reduction"] += amount
    return figures


def _check_published(warehouse: Path, answer: Answer) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as db:
        totals = db.execute(
            "select fiscal_year_be, measure, sum(amount) from marts.fct_financial_outcome "
            "group by all"
        ).fetchall()
        _same(
            "totals of the warehouse",
            {(year, name): amount for year, name, amount in totals},
            answer.totals,
        )
        progress = db.execute(
            "select fiscal_year_be, measure, actual_baht from reports.rpt_programme_progress "
            # A year with a target and no outcome yet has a row too.
            "where actual_baht <> 0"
        ).fetchall()
        _same(
            "reports.rpt_programme_progress",
            {(year, name): amount for year, name, amount in progress},
            {key: amount for key, amount in _of_programme(answer.totals).items() if amount},
        )
        rows = db.execute(
            "select dataset, sum(rows_read)::bigint, sum(rows_current)::bigint, "
            "sum(rows_superseded)::bigint, sum(rows_quarantined)::bigint from audit.load_file "
            "where status = 'loaded' group by dataset"
        ).fetchall()
    names = ("read", "current", "superseded", "quarantined")
    if answer.rows:
        _same(
            "rows of the warehouse",
            {dataset: dict(zip(names, counts, strict=True)) for dataset, *counts in rows},
            {dataset: dict(counts) for dataset, counts in answer.rows.items()},
        )


def _check_by_hand(said: Mapping[str, list[list[Any]]], answer: Answer) -> None:
    _same(
        "totals by hand",
        {(year, name): Decimal(str(amount)) for year, name, amount in said["totals"]},
        answer.totals,
    )
    _same(
        "rows by hand",
        {dataset: (read, current) for dataset, read, current in said["rows"]},
        {dataset: (counts["read"], counts["current"]) for dataset, counts in answer.rows.items()},
    )
