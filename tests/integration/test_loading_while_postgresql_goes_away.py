"""The ledger's PostgreSQL dies in the middle of loading: nothing is lost, a plain rerun heals."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import NIGHT_SECONDS, Done, Home, Record
from loads_on_their_way import begun, recording_kept_waiting, wait_for_a_recorder
from postgres import NEEDED, PROGRAMS, postgres_server

from sources.ledger import Ledger
from sources.ledger_tables import file_event
from sources.sampling.world import juristic_id

pytestmark = pytest.mark.night


@dataclass(frozen=True)
class Story:
    """A load that its ledger failed, and the one after it."""

    broken: Done
    rerun: Done
    events: list[Any]


@pytest.fixture(scope="module")
def story(
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
) -> Iterator[Story]:
    """PostgreSQL stops as a machine without power does while a file's event is being recorded."""
    if PROGRAMS is None:
        pytest.skip(NEEDED)
    home = new_home("ledger-goes-away")
    home.csv("cluster_registrations/a.csv", [cluster("C01"), cluster("C02")])
    home.csv("member_registrations/b.csv", [member("C01", juristic_id(101))])
    with postgres_server() as server:
        settings = {
            "WAREHOUSE_LEDGER_URL": server.database("ledger"),
            "WAREHOUSE_LEASE_SECONDS": "20",
        }
        ledger = Ledger(settings["WAREHOUSE_LEDGER_URL"], patience_seconds=30)
        loading = begun(home.environment(**settings), home.landing.parent)
        with recording_kept_waiting(ledger):  # so the load stands still in the middle
            wait_for_a_recorder(ledger)
            server.stop("immediate")
            time.sleep(2)
            server.start()
        said, complained = loading.communicate(timeout=NIGHT_SECONDS)
        broken = Done(loading.returncode, said, complained, 0)
        time.sleep(20)  # what could not be given back runs out
        rerun = home.run("load", "--json", **settings)
        with ledger.engine.connect() as connection:
            events = list(connection.execute(sa.select(file_event)))
        ledger.close()
        yield Story(broken, rerun, events)


def test_a_load_whose_ledger_went_away_says_so_and_fails(story: Story) -> None:
    assert story.broken.exit_code == 1, story.broken.said
    report = story.broken.json()
    assert report["complete"] is False
    assert "ledger" in report["reason"]


def test_a_plain_rerun_loads_the_rest_and_every_file_is_recorded_once(story: Story) -> None:
    assert story.rerun.exit_code == 0, story.rerun.said
    assert story.rerun.json()["complete"] is True
    recorded = Counter((event.path, event.event_kind) for event in story.events)
    assert recorded == {
        ("cluster_registrations/a.csv", "loaded"): 1,
        ("member_registrations/b.csv", "loaded"): 1,
    }
