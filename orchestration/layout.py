"""A build's beginning: an empty database whose sources are views on the store and the ledger.

The files are named one by one from the ledger, so that a file in the store without its event does
not exist, and an earlier time is the same with a shorter list. Those of a store in an object store
are read from copies kept on this machine (`sources.objects.kept`): a build reads each of them
several times, a file never changes, and so dbt needs neither the network nor credentials.
"""

from __future__ import annotations

import datetime as dt
import shutil
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
    with duckdb.connect(str(folder / "scratch.duckdb")) as db:
        db.execute("create schema store")
        db.execute("create schema ledger")
        bad: list[Path] = []
        every: dict[str, list[Path]] = {}
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
            bad += refused
            every[dataset] = [*good, *refused]
        db.execute(f"create view store.quarantined as {intake.public_quarantined_sql(bad)}")
        db.execute(f"create view store.correction as {intake.corrections_sql(every)}")
        snapshots = closings.Snapshots(home.store)
        closed = kept([snapshots.path(s) for s in ledger.snapshots(as_of, within)]).values()
        db.execute(f"create view store.closed_outcome as {closings.rows_sql([*closed])}")
        relations = write_relations(ledger, folder / "ledger", night, as_of, within)
        for relation, path in relations.items():
            db.execute(f"create view ledger.{relation} as from read_parquet('{path}')")
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
