"""A lakehouse whose catalog or object store goes away in the middle of a publication.

Readers keep the night before, nothing is half there, a plain rerun publishes, and what the failed
try left among the files goes a day later.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from lakehouse import (
    COMMITTED,
    LAST_STATEMENT,
    at,
    files_of,
    lake_home,
    published,
    write_warehouse,
)
from object_store import ObjectStore, Relay, object_store
from postgres import Postgres

from orchestration import publication, querying
from orchestration.lake import committing, upkeep
from orchestration.lake.attaching import LakeFailed, LakeUnsure
from orchestration.lake.nights import commit_night
from orchestration.lake.reading import nights
from orchestration.settings import Home
from sources.ledger import Ledger


@pytest.fixture(scope="module")
def store() -> Iterator[ObjectStore]:
    """An object store for the lake's files."""
    with object_store() as store:
        yield store


def seen(home: Home) -> tuple[int, str]:
    """Outcomes and run of what the lake shows."""
    with querying.opened(home) as db:
        sql = "select count(*), (select run_id from audit.published_run) from marts.fct_outcome"
        (row,) = querying.ask(db, sql).rows
    return row[0], row[1]


def through(home: Home, relay: Relay, server: Postgres) -> Home:
    """The home as it is when it reaches its catalog over the relay."""
    catalog = str(home.lake_catalog).replace(f":{server.port}/", f":{relay.port}/")
    return lake_home(home.root, catalog, home.lake_data)


# ── The catalog ───────────────────────────────────────────────────────────────────────────────


def test_a_catalog_that_dies_among_the_tables_costs_a_sentence_and_a_rerun(
    mortal: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = tmp_path / "files"
    home = lake_home(tmp_path / "home", mortal.database("dies_among_tables"), files)
    published(home, "run-a", 3000)
    before = files_of(files)
    at(monkeypatch, "fct_outcome", lambda: mortal.stop("immediate"))
    with pytest.raises(LakeFailed, match=r"catalog .* does not answer .* run it again"):
        published(home, "run-b", 9000)
    with pytest.raises(LakeFailed, match="does not answer"):
        seen(home)
    mortal.start()
    assert seen(home) == (3000, "run-a")
    left = files_of(files) - before
    assert left

    published(home, "run-c", 9000)
    assert seen(home) == (9000, "run-c")
    upkeep.keep_up(home, dt.datetime.now(dt.UTC))
    assert files_of(files) >= left  # of whoever may still be writing
    upkeep.keep_up(home, dt.datetime.now(dt.UTC) + dt.timedelta(days=2))
    assert not files_of(files) & left
    assert seen(home) == (9000, "run-c")


def test_a_commit_whose_answer_was_lost_is_asked_for_again(
    mortal: Postgres, relay: Relay, tmp_path: Path
) -> None:
    home = lake_home(tmp_path / "home", mortal.database("answer_lost"), tmp_path / "files")
    published(home, "run-a", 10)
    relay.after, relay.cut_at = LAST_STATEMENT, COMMITTED

    def mend() -> None:
        while not relay.is_cut:
            time.sleep(0.01)
        relay.mend()

    mending = threading.Thread(target=mend)
    mending.start()
    done = published(through(home, relay, mortal), "run-b", 20)
    mending.join()
    assert (done.publication.run_id, done.publication.snapshot) == ("run-b", 2)
    assert seen(home) == (20, "run-b")


def test_a_commit_that_never_reached_the_catalog_is_told_as_such(
    mortal: Postgres, relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = lake_home(tmp_path / "home", mortal.database("never_reached"), tmp_path / "files")
    published(home, "run-a", 10)
    relay.cut_at = LAST_STATEMENT
    # What it was asked over is gone; the server answers who comes another way.
    monkeypatch.setattr(committing, "nights", lambda _: nights(home))
    with pytest.raises(LakeFailed, match="does not answer") as told:
        published(through(home, relay, mortal), "run-b", 20)
    assert not isinstance(told.value, LakeUnsure)
    assert seen(home) == (10, "run-a")


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "lost"])
def test_where_the_lake_does_not_say_whether_it_has_a_night_the_next_one_finds_out(
    mortal: Postgres,
    relay: Relay,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_kept: bool,
) -> None:
    monkeypatch.setattr(committing, "_ANSWER_SECONDS", 0)
    home = lake_home(tmp_path / "home", mortal.database(f"does_not_say_{is_kept}"), tmp_path / "f")
    home.prepare()
    away = through(home, relay, mortal)
    with closing(Ledger(home.ledger_url)) as ledger:

        def publish(home: Home, run_id: str, day: int) -> None:
            file = write_warehouse(tmp_path / f"{run_id}.duckdb", run_id, day)
            when = dt.datetime(2015, 1, day)
            publication.swap_in(
                file, home, when, run_id, None,
                lambda version: commit_night(home, ledger, run_id, when, version),
            )  # fmt: skip

        publish(home, "run-a-01", 1)
        before = publication.current_version(home)
        relay.after, relay.cut_at = LAST_STATEMENT, COMMITTED if is_kept else b"COMMIT"
        with pytest.raises(LakeUnsure, match="does not say whether it did"):
            publish(away, "run-b-02", 2)
        ledger.record_run("run-b-02", "not_published")
        assert publication.current_version(home) == before
        with pytest.raises(LakeFailed, match="does not answer"):
            publication.follow_lake(away, ledger)

        publication.follow_lake(home, ledger)
        shown = "run-b-02" if is_kept else "run-a-01"
        assert publication.last_published(home) == seen(home)[1] == shown
        assert len(list(publication.versions_of(home).iterdir())) == 1 + is_kept


# ── The object store ──────────────────────────────────────────────────────────────────────────


def test_an_object_store_that_dies_in_a_publication_is_named_and_a_rerun_publishes(
    mortal: Postgres, store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in store.environment.items():
        monkeypatch.setenv(name, value)
    home = lake_home(
        tmp_path / "home", mortal.database("store_dies"), f"{store.bucket('lakes')}/clusters"
    )
    published(home, "run-a", 3000)
    before = set(store.contents("lakes"))
    at(monkeypatch, "dim_cluster", store.relay.cut)
    more = "insert into marts.dim_cluster select 'X' || range, null from range(3000)"
    with pytest.raises(
        LakeFailed, match=r"object store does not answer .*AWS_ENDPOINT_URL"
    ) as told:
        published(home, "run-b", 9000, more)
    assert "WAREHOUSE_LAKE_CATALOG" not in str(told.value)
    store.relay.mend()
    assert seen(home) == (3000, "run-a")
    left = set(store.contents("lakes")) - before
    assert left

    published(home, "run-c", 9000, more)
    assert seen(home) == (9000, "run-c")
    upkeep.keep_up(home, dt.datetime.now(dt.UTC) + dt.timedelta(days=2))
    assert not set(store.contents("lakes")) & left
    assert seen(home) == (9000, "run-c")
