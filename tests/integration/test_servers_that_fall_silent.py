"""A PostgreSQL that keeps its connections and answers nothing: whoever waits is told, in time.

Once its processes are stopped where they stand, as on a machine that hangs, and once the network
before it takes everything and gives nothing back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
import sqlalchemy as sa
from lakehouse import LAST_STATEMENT, at, lake_home, published
from object_store import Relay
from postgres import Postgres
from small_home import home_at

from orchestration.lake import committing
from orchestration.lake.attaching import LakeFailed, LakeUnsure
from orchestration.lake.reading import nights
from orchestration.mirror import server as mirror
from sources import silence
from sources.ledger import Ledger
from sources.ledger_engine import LedgerUnreachable

#: In these tests, seconds.
PATIENCE = 3
#: Nobody may wait longer: patience, the tries around it, a busy machine.
BOUND = 60


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "PATIENCE_SECONDS", PATIENCE)
    monkeypatch.setitem(silence.NOTICED, "connect_timeout", 2)  # type: ignore[arg-type]


def through(relay: Relay, server: Postgres, name: str) -> str:
    """The URL of a new database, reached over the relay."""
    return server.database(name).replace(f":{server.port}/", f":{relay.port}/")


@contextmanager
def soon_over(seconds: float = BOUND) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + BOUND
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_ledger_whose_server_stands_still_is_given_up_in_a_sentence(mortal: Postgres) -> None:
    said = r"does not answer \(no word from it for 3 s"
    with closing(Ledger(mortal.database("stands_still"))) as ledger:
        with mortal.standing_still(), soon_over(), pytest.raises(LedgerUnreachable, match=said):
            ledger.record_run("run-a", "started")
        ledger.record_run("run-b", "started")  # and is there again
        assert [event["run_id"] for event in ledger.runs_without_an_end()] == ["run-b"]


def test_a_server_that_was_given_up_is_called_silent_until_it_answers(
    mortal: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "PATIENCE_SECONDS", 0.2)
    silent = threading.Event()
    silent.set()

    def connect() -> psycopg2.extensions.connection:
        if silent.is_set():
            time.sleep(0.2)
            raise psycopg2.OperationalError("timeout expired")
        return psycopg2.connect(host="127.0.0.1", port=mortal.port, user="postgres")

    watch = silence.Watch("a server", connect)
    with closing(psycopg2.connect(host="127.0.0.1", port=mortal.port, user="postgres")) as one:
        watch.begin(one)
        until(lambda: watch.gave_up is not None)
        end = time.monotonic() + 2
        while time.monotonic() < end:
            assert watch.gave_up
            time.sleep(0.01)
        silent.clear()
        until(lambda: watch.gave_up is None)
    watch.end()


def test_a_transaction_whose_server_falls_silent_is_given_up(
    mortal: Postgres, relay: Relay
) -> None:
    with (
        closing(Ledger(through(relay, mortal, "in_a_transaction"))) as ledger,
        soon_over(),
        pytest.raises(LedgerUnreachable, match="no word from it"),
        ledger.alone() as one,
    ):
        relay.fall_silent()
        one.execute(sa.text("select 1"))


def test_a_statement_that_takes_long_is_not_taken_for_silence(mortal: Postgres) -> None:
    with closing(Ledger(mortal.database("takes_long"))) as ledger, ledger.alone() as one:
        assert one.scalar(sa.text(f"select 1 from pg_sleep({2 * PATIENCE})")) == 1


def test_nobody_asks_any_more_once_a_ledger_is_closed(mortal: Postgres) -> None:
    with closing(Ledger(mortal.database("is_closed"))) as ledger:
        ledger.runs_without_an_end()
        asking = [thread for thread in threading.enumerate() if thread.name == "silence"]
        assert asking
    for thread in asking:
        thread.join(BOUND)
        assert not thread.is_alive()


def test_a_lake_whose_catalog_falls_silent_publishes_nothing_and_says_so(
    mortal: Postgres, relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = through(relay, mortal, "lake_falls_silent")
    home = lake_home(tmp_path / "home", catalog, tmp_path / "files")
    published(home, "run-a", 3000)
    at(monkeypatch, "fct_outcome", relay.fall_silent)
    with soon_over(), pytest.raises(LakeFailed, match=r"catalog .* does not answer") as told:
        published(home, "run-b", 9000)
    assert not isinstance(told.value, LakeUnsure)
    with soon_over(), pytest.raises(LakeFailed, match=r"catalog .* does not answer"):
        nights(home)
    relay.mend()
    published(home, "run-c", 9000)
    assert [one.run_id for one in nights(home)] == ["run-a", "run-c"]


def test_a_catalog_that_falls_silent_over_a_commit_is_asked_again_and_what_it_did_is_not_guessed(
    mortal: Postgres, relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committing, "_ANSWER_SECONDS", 0)
    catalog = through(relay, mortal, "silent_over_a_commit")
    home = lake_home(tmp_path / "home", catalog, tmp_path / "files")
    published(home, "run-a", 3000)
    relay.silent_at = LAST_STATEMENT
    with soon_over(), pytest.raises(LakeUnsure, match="does not say whether it did"):
        published(home, "run-b", 9000)
    relay.mend()
    published(home, "run-c", 9000)
    assert [one.run_id for one in nights(home)] == ["run-a", "run-c"]


def test_a_mirror_whose_server_stands_still_is_given_up(mortal: Postgres) -> None:
    url = mortal.database("mirror_stands_still")
    with (
        mirror.session(url) as session,
        session.cursor() as cursor,
        mortal.standing_still(),
        soon_over(),
        pytest.raises(psycopg2.OperationalError) as told,
    ):
        cursor.execute("select 1")
    assert mirror.can_pass(told.value)
    assert "does not answer" in mirror.in_words(told.value, url)


def test_dagsters_database_that_falls_silent_is_given_up_and_named(
    mortal: Postgres, relay: Relay, tmp_path: Path
) -> None:
    from dagster_postgres.utils import DagsterPostgresException

    from orchestration.night import _what_gave_way
    from orchestration.postgres_storage import PooledPostgresStorage

    url = through(relay, mortal, "dagster_falls_silent")
    storage = PooledPostgresStorage(url)
    assert not storage.run_storage.has_run("run-a")
    relay.fall_silent()
    with soon_over(120), pytest.raises(DagsterPostgresException) as told:
        storage.run_storage.has_run("run-a")
    home = home_at(tmp_path / "home", dagster_url=url.replace("postgres@", "postgres:hush@"))
    said = _what_gave_way(home, told.value)
    assert said is not None
    assert "/dagster_falls_silent does not answer" in said
    assert "WAREHOUSE_DAGSTER_URL" in said
    assert "hush" not in said
