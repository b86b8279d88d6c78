"""How well the doubts about amounts find what was planted, and how seldom they find what was not.

A simulated year of 100,000 outcomes goes through the real models, from the relations that dbt reads
on; nothing of reading files is at stake here. Clean data must raise next to nothing, also where
amounts vary wildly, not at all, or are few; of 200 planted mistakes most must be found. What was
measured is printed: `pytest -s`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from sources.sampling.bench import bench_world
from sources.sampling.world import COSTS, INVESTMENT, JOBS, MEASURES, SALES, World

pytestmark = pytest.mark.night

DBT = Path(sys.executable).with_name("dbt")
DBT_PROJECT = Path(__file__).parents[2] / "dbt_project"
OUTCOMES, MEMBERS = 100_000, 7_600
#: What is planted → how many, by what an amount is multiplied, which rule is to find it.
PLANTED = {
    "thousands typed as baht": (35, 1_000, "unit_slip"),
    "baht typed as thousands": (35, 0.001, "unit_slip"),
    "millions typed as baht": (35, 1_000_000, "unit_slip"),
    "a decimal point lost": (30, 10, "amount_out_of_line"),
    "two digits too many": (30, 100, "amount_out_of_line"),
    "the same in two clusters": (35, None, "counted_twice"),
}

Key = tuple[str, str, int, str]
Found = dict[str, set[Key]]


def world_of(members: int, outcomes: int, seed: int = 2558) -> World:
    return bench_world(members=members, activities=0, outcomes=outcomes, bad=0.0, seed=seed)


def cells_of(world: World) -> list[np.ndarray]:
    """Member, period, measure and amount (satang, or people) of what is sent."""
    return [column[: world.plan.outcomes].copy() for column in world._cells]


def keys_of(world: World, cells: list[np.ndarray]) -> list[Key]:
    member, period, measure, _ = cells
    return [
        (m.cluster.code, m.enterprise.id, p + 1, MEASURES[k])
        for m, p, k in zip(
            [world.memberships[m] for m in member], period.tolist(), measure.tolist(), strict=True
        )
    ]


def dbt(folder: Path, *command: str) -> None:
    """Runs dbt over a build in the folder; always the same one, so that it parses once."""
    places = ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    done = subprocess.run(
        [DBT, *command, *places],
        cwd=DBT_PROJECT,
        env={**os.environ, "WAREHOUSE_BUILD": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to build in, with the relations that dbt reads, empty."""
    folder = tmp_path_factory.mktemp("planted")
    dbt(folder, "run-operation", "create_empty_sources")
    (folder / "scratch.duckdb").rename(folder / "empty.duckdb")
    return folder


def doubts_about(folder: Path, world: World, cells: list[np.ndarray]) -> Found:
    """Rule → keys of the outcomes that the models doubt."""
    shutil.copy(folder / "empty.duckdb", folder / "scratch.duckdb")
    (folder / "warehouse.duckdb").unlink(missing_ok=True)
    with duckdb.connect(str(folder / "scratch.duckdb")) as db:
        lay_out(db, world, cells)
    dbt(
        folder, "build", "--exclude-resource-type", "unit_test", "test", "--select",
        "+fct_suspicion",
    )  # fmt: skip
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as db:
        found: Found = {}
        for rule, *key in db.execute(
            "select rule, cluster_code, enterprise_key, fiscal_quarter, measure "
            "from marts.fct_suspicion"
        ).fetchall():
            found.setdefault(rule, set()).add(tuple(key))
    return found


def lay_out(db: duckdb.DuckDBPyConnection, world: World, cells: list[np.ndarray]) -> None:
    """Fills the relations that dbt reads with one file a dataset, its rows those of the world."""
    member, period, measure, amount = cells
    members = world.memberships
    tables: dict[str, dict[str, Any]] = {
        "cluster_registrations": {
            "cluster_code": [c.code for c in world.clusters],
            "cluster_name_th": [c.name_th for c in world.clusters],
            "branch": [c.branch for c in world.clusters],
            "registered_on": [c.registered_on for c in world.clusters],
            "submitted_on": [c.submitted_on for c in world.clusters],
        },
        "member_registrations": {
            "cluster_code": [m.cluster.code for m in members],
            "enterprise_key": [m.enterprise.id for m in members],
            "is_natural_person": [m.enterprise.legal_form == "sole_proprietor" for m in members],
            "enterprise_name": [m.enterprise.name for m in members],
            "legal_form": [m.enterprise.legal_form for m in members],
            "province": [m.enterprise.province for m in members],
            "business_type": [m.enterprise.business_type for m in members],
            "employees": [m.enterprise.employees for m in members],
            "registered_on": [m.registered_on for m in members],
            "submitted_on": [m.submitted_on for m in members],
        },
        "financial_outcomes": {
            "cluster_code": np.array([m.cluster.code for m in members])[member],
            "enterprise_key": np.array([m.enterprise.id for m in members])[member],
            "fiscal_year": np.full(len(member), 2558),
            "quarter": period + 1,
            "measure": np.array(MEASURES)[measure],
            "amount": np.where(measure == JOBS, amount * 100, amount),
            "submitted_on": [world.clusters[0].submitted_on] * len(member),
        },
    }
    for number, (dataset, columns) in enumerate(tables.items(), start=1):
        batch = pa.table({**columns, "row_number": np.arange(len(columns["cluster_code"])) + 2})
        db.register("batch", batch)
        given = ", ".join(columns).replace("amount,", "amount / 100 as amount,")
        db.execute(
            f"insert into store.{dataset} by name select {given}, row_number, "
            f"row_number as row_sequence, '{dataset}' as file_id, '1' as contract_version "
            "from batch"
        )
        db.execute(
            "insert into ledger.file_event by name select ? as event_id, 'loaded' as event_kind, "
            "? as dataset, ? as path, ? as file_id, '1' as contract_version, ? as rows_read, "
            "timestamp '2015-01-20' as occurred_at",
            [number, dataset, f"{dataset}/all.csv", dataset, batch.num_rows],
        )
    db.execute("update store.member_registrations set status = 'active'")
    db.execute(
        "insert into ledger.this_night by name select timestamp '2015-10-20' as began_at, "
        "date '2015-10-20' as began_on"
    )


@pytest.fixture(scope="module")
def world() -> World:
    return world_of(MEMBERS, OUTCOMES)


def test_clean_data_is_not_doubted(world: World, build: Path) -> None:
    found = doubts_about(build, world, cells_of(world))
    print(f"\nclean: {told(found)} of {OUTCOMES:,} outcomes")
    assert total(found) <= 5, found


def test_planted_mistakes_are_found(world: World, build: Path) -> None:
    cells = cells_of(world)
    keys = keys_of(world, cells)
    planted = plant(world, cells, np.random.default_rng(200))
    assert sum(map(len, planted.values())) == 200
    found = doubts_about(build, world, cells)
    places = {what: {keys[p] for p in positions} for what, positions in planted.items()}
    everything = set().union(*places.values())
    anywhere = set().union(*found.values())
    print()
    for what, its in places.items():
        rule = PLANTED[what][2]
        by_rule, noticed = len(its & found.get(rule, set())), len(its & anywhere)
        print(f"{what:26} {len(its):3} planted, {by_rule:3} by {rule}, {noticed:3} by any rule")
    for rule, its in sorted(found.items()):
        wanted = set().union(*(places[what] for what in places if PLANTED[what][2] == rule))
        precision = len(its & everything) / len(its)
        recall = len(its & wanted) / len(wanted)
        print(f"{rule:26} precision {precision:.3f}, recall {recall:.3f}")
        assert precision >= 0.95, rule
        assert recall >= {"amount_out_of_line": 0.7}.get(rule, 0.95), rule
    assert set(found) == {"unit_slip", "amount_out_of_line", "counted_twice"}


def test_wild_and_constant_amounts_are_not_doubted(world: World, build: Path) -> None:
    """Sales without an enterprise's size in them, investments wilder still, costs all the same."""
    random = np.random.default_rng(1)
    cells = cells_of(world)
    member, _, measure, amount = cells
    level = random.lognormal(16.0, 1.0, len(world.memberships))[member]
    amount[:] = np.select(
        [measure == SALES, measure == INVESTMENT, measure == COSTS],
        [random.lognormal(16, 1.0, len(member)), random.lognormal(16, 1.5, len(member)), level],
        amount,
    ).astype(np.int64)
    found = doubts_about(build, world, cells)
    print(f"\nwild and constant: {told(found)} of {OUTCOMES:,} outcomes")
    assert total(found) <= 5, found


def test_a_small_programme_is_not_doubted(build: Path) -> None:
    members = 60
    small = world_of(members, members * 13, seed=7)
    found = doubts_about(build, small, cells_of(small))
    print(f"\n{members} members: {told(found)} of {members * 13:,} outcomes")
    assert found == {}


def plant(
    world: World, cells: list[np.ndarray], random: np.random.Generator
) -> dict[str, list[int]]:
    """Makes the mistakes in the amounts and returns their positions."""
    _, _, measure, amount = cells
    in_baht = np.flatnonzero((measure != JOBS) & (amount > 0))
    pairs = in_two_clusters(world, cells)
    planted: dict[str, list[int]] = {}
    taken: set[int] = set()
    for what, (count, times, _) in PLANTED.items():
        if times is None:
            chosen = random.permutation(len(pairs))[:count]
            for first, second in (pairs[place] for place in chosen):
                amount[first] = amount[second]
            # Which of the two came first is the files' matter: the later row is the copy.
            planted[what] = [max(pairs[place]) for place in chosen]
            continue
        places = [p for p in random.permutation(in_baht).tolist() if p not in taken][:count]
        taken |= set(places)
        amount[places] = np.maximum(np.rint(amount[places] * times), 1).astype(np.int64)
        planted[what] = places
    return planted


def in_two_clusters(world: World, cells: list[np.ndarray]) -> list[tuple[int, int]]:
    """Positions of two amounts in baht that one enterprise reports of one quarter and measure."""
    member, period, measure, _ = cells
    by_thing: dict[tuple[str, int, int], list[int]] = {}
    twice = {m.enterprise.id: 0 for m in world.memberships}
    for m in world.memberships:
        twice[m.enterprise.id] += 1
    for position, (m, p, k) in enumerate(
        zip(member.tolist(), period.tolist(), measure.tolist(), strict=True)
    ):
        id_ = world.memberships[m].enterprise.id
        if k != JOBS and twice[id_] == 2:
            by_thing.setdefault((id_, p, k), []).append(position)
    return [(its[0], its[1]) for its in by_thing.values() if len(its) == 2]


def total(found: Found) -> int:
    return sum(map(len, found.values()))


def told(found: Found) -> str:
    counts = ", ".join(f"{len(its)} {rule}" for rule, its in sorted(found.items()))
    return counts or "no doubt"
