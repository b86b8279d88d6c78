"""A lakehouse whose files lie in an object store: a real S3 protocol, on loopback."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest
from lakehouse import everything, lake_home, published
from object_store import SECRET, object_store
from postgres import Postgres

from orchestration import querying
from orchestration.doctor.lake import lake as examine
from orchestration.lake import upkeep
from orchestration.lake.attaching import LAKE, LakeFailed, attached


def test_nights_are_published_read_tidied_and_guarded_in_an_object_store(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = postgres.database("lake_in_a_store")
    with object_store() as store:
        for name, value in store.environment.items():
            monkeypatch.setenv(name, value)
        data = f"{store.bucket('lakes')}/clusters"
        home = lake_home(tmp_path / "home", catalog, data)
        published(home, "run-a", 3000)
        published(home, "run-b", 3100, "delete from marts.fct_outcome where outcome_id < 50")
        with duckdb.connect(str(home.root / "run-b.duckdb"), read_only=True) as db:
            expected = everything(db, "run-b")
        with attached(home) as db:
            assert everything(db, LAKE) == expected
        reader = lake_home(tmp_path / "reader", catalog, None)
        with querying.opened(reader, "run-a") as db:
            assert querying.ask(db, "select count(*) from marts.fct_outcome").rows == [(3000,)]
            assert SECRET not in str(db.execute("from duckdb_secrets()").fetchall())
            for sql in (f"copy (select 1) to '{data}/x.csv'", "from 's3://lakes/other.parquet'"):
                with pytest.raises(duckdb.Error):
                    querying.ask(db, sql)
            with pytest.raises(duckdb.Error):  # by the settings alone
                db.execute("copy (select 1) to 's3://lakes/other.csv'")
        assert {finding.status for finding in examine(home)} == {"ok"}
        upkeep.keep_up(home, dt.datetime.now(dt.UTC) + dt.timedelta(days=400))
        with querying.opened(home) as db:
            assert querying.ask(db, "select count(*) from marts.fct_outcome").rows == [(3050,)]
        keys = [one["Key"] for one in store.client.list_objects_v2(Bucket="lakes")["Contents"]]
        assert all(key.startswith("clusters/") for key in keys)
    with pytest.raises(LakeFailed) as told:
        published(home, "run-c", 4000)
    assert SECRET not in str(told.value)
