"""A build's beginning: an empty database whose sources are views on the store and the ledger.

The files are named one by one from the ledger, so that a file in the store without its event does
not exist, and an earlier time is the same with a shorter list. The list itself stays beside the
database, for an engine that reads the files by itself. Those of a store in an object store are read
from copies kept on this machine (`sources.objects.kept`): a build reads each of them several times,
a file never changes, and so dbt needs neither the network nor credentials.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import sqlalchemy as sa

from orchestration.settings import Home
from sources import closings, intake
from sources.clock import utc_now
from sources.contracts import discover
from sources.ledger import Ledger
from sources.ledger_relations import RELATIONS, THIS_NIGHT, ThisNight, write_relations
from sources.objects import kept
from sources.store import Store

LEDGER_RELATIONS = (*RELATIONS, THIS_NIGHT)
#: What only this software reads need not be readable by DuckDB 1.0, as the published file is: texts
#: are packed in less time and room.
_SCRATCH: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.3.0"
}
_INPUTS = "inputs.json"


@dataclass(frozen=True)
class Inputs:
    """The files that a build reads.

    Attributes:
        accepted: dataset → its files of accepted rows; the first has no row and every column of
            the contract as it is now.
        quarantined: the same of quarantined rows.
        closed: what counted in quarters that were closed, a file a closing.
        ledger: relation → its file.
    """

    accepted: Mapping[str, Sequence[str]]
    quarantined: Mapping[str, Sequence[str]]
    closed: Sequence[str]
    ledger: Mapping[str, str]

    def write(self, folder: Path) -> None:
        """Keeps the list beside the database of a build."""
        (folder / _INPUTS).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @staticmethod
    def of(folder: Path) -> Inputs:
        """The list of the build that was laid out in `folder`."""
        return Inputs(**json.loads((folder / _INPUTS).read_text(encoding="utf-8")))


def night_of(ledger: Ledger, as_of: dt.datetime) -> ThisNight:
    """The night whose warehouse was in force at a time: the last that had published by then.

    What is built as of that time is that night built again. Before any night it is nobody's.
    """
    run = ledger.published_run_at(as_of)
    return ThisNight(None, min(as_of, utc_now())) if run is None else ThisNight(*run)


def lay_out(
    home: Home,
    ledger: Ledger,
    folder: Path,
    night: ThisNight,
    as_of: dt.datetime | None = None,
    within: sa.Connection | None = None,
) -> dict[str, int]:
    """Begins a build in `folder`, emptied before: `scratch.duckdb` with the sources of dbt.

    Args:
        home: whose store to read.
        ledger: what happened.
        folder: where to build.
        night: the night that is built.
        as_of: leaves out what happened later (UTC); None leaves out nothing.
        within: the moment of the ledger to read (`Ledger.one_moment`), so that of a file that is
            recorded meanwhile nothing is seen, or all; None for one of its own.

    Returns:
        `schema.relation` of what is not a dataset → its rows.
    """
    if within is None:
        with ledger.one_moment() as moment:
            return lay_out(home, ledger, folder, night, as_of, moment)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    store = Store(home.store)
    stored = ledger.stored_files(as_of, within)
    with duckdb.connect(str(folder / "scratch.duckdb"), config=_SCRATCH) as db:
        db.execute("create schema store")
        db.execute("create schema ledger")
        accepted_files: dict[str, list[Path]] = {}
        refused_files: dict[str, list[Path]] = {}
        for dataset, contract in discover().items():
            empty = intake.empty_relations(contract, store, home.secret())
            accepted_at, refused_at = [empty["accepted"]], [empty["quarantined"]]
            for of, file_id, version, accepted, quarantined in stored:
                if of != dataset:
                    continue
                if accepted:
                    accepted_at.append(store.path(dataset, "accepted", file_id, version))
                if quarantined:
                    refused_at.append(store.path(dataset, "quarantined", file_id, version))
            good, refused = list(kept(accepted_at).values()), list(kept(refused_at).values())
            db.execute(f"create view store.{dataset} as {intake.public_rows_sql(contract, good)}")
            accepted_files[dataset], refused_files[dataset] = good, refused
        bad = [path for paths in refused_files.values() for path in paths]
        every = {of: [*paths, *refused_files[of]] for of, paths in accepted_files.items()}
        db.execute(f"create view store.quarantined as {intake.public_quarantined_sql(bad)}")
        db.execute(f"create view store.correction as {intake.corrections_sql(every)}")
        snapshots = closings.Snapshots(home.store)
        snapped = [snapshots.path(snapshot) for snapshot in ledger.snapshots(as_of, within)]
        closed = list(kept(snapped).values())
        db.execute(f"create view store.closed_outcome as {closings.rows_sql(closed)}")
        relations = write_relations(ledger, folder / "ledger", night, as_of, within)
        for relation, path in relations.items():
            db.execute(f"create view ledger.{relation} as from read_parquet('{path}')")
        Inputs(
            {of: [str(path) for path in paths] for of, paths in accepted_files.items()},
            {of: [str(path) for path in paths] for of, paths in refused_files.items()},
            [str(path) for path in closed],
            {relation: str(path) for relation, path in relations.items()},
        ).write(folder)
        names = [
            "store.quarantined",
            "store.correction",
            "store.closed_outcome",
            *(f"ledger.{relation}" for relation in LEDGER_RELATIONS),
        ]
        return {
            name: count
            for name in names
            for (count,) in db.execute(f"select count(*) from {name}").fetchall()
        }
