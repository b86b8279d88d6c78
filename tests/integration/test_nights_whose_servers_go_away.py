"""Whole nights of a home on several machines' servers, each of which goes away in the middle.

Archive and store lie in an object store, the ledger in PostgreSQL, and the home publishes in a
lakehouse and is served. The object store is cut off when the build begins to read it; the ledger's
server and the lakehouse's catalog fall silent, one a night and one the next: connections stay, and
nobody answers. Each such night ends with a sentence, the night before stays readable, and a plain
rerun publishes what is right. Between them a quarter is closed; it is reopened at the end.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from forked_nights import Ended, Nights
from lakehouse import LAST_STATEMENT
from object_store import Relay, object_store
from postgres import Postgres, free_port
from quack_client import Client, Refused, wait_until

from orchestration.serving.server import answers
from sources.sampling.world import juristic_id

if TYPE_CHECKING:
    from tests.integration.conftest import Home, Record

pytestmark = pytest.mark.night

#: No night that lost a server may take longer (seconds); one that did is let go on, and fails.
BOUND_SECONDS = 240
#: How long a silent server is borne with in these nights (seconds).
PATIENCE_SECONDS = 4
TOTAL = "select sum(amount)::bigint as baht from marts.fct_financial_outcome"
TOKEN = "a-token-of-these-tests"


@dataclass(frozen=True)
class Seen:
    """What people see at one time.

    Attributes:
        lake: what `warehouse query` says of the outcomes' baht in the lake, or complains of.
        served: the same, of a client of `warehouse serve`.
        file: the digest of the published file.
    """

    lake: str
    served: str
    file: str | None


@dataclass(frozen=True)
class Fault:
    """A night that lost a server.

    Attributes:
        before: what was published.
        night: how it ended.
        seconds: how long it took.
        meanwhile: what was published while the server was away.
    """

    before: Seen
    night: Ended
    seconds: float
    meanwhile: Seen

    @property
    def reason(self) -> str:
        """Why the night did not publish, as it says itself."""
        return str(json.loads(self.night.stdout)["reason"])


@dataclass
class Story:
    """The home and what became of it.

    Attributes:
        another_file: has one more enterprise report 1,000 baht.
        faults: the server that went away → what followed.
        healed: the same → the rerun's exit code, and what was published after it.
        done: name → other command.
    """

    home: Home
    server: Nights
    environment: dict[str, str]
    another_file: Callable[[], None]
    client: Client
    faults: dict[str, Fault] = field(default_factory=dict)
    healed: dict[str, tuple[int, Seen]] = field(default_factory=dict)
    done: dict[str, Ended] = field(default_factory=dict)

    def run(self, *arguments: str) -> Ended:
        """Types a command."""
        return self.server.run(
            *arguments, environment=self.environment, patience_seconds=PATIENCE_SECONDS
        )

    def seen(self) -> Seen:
        """What people see now."""
        asked = self.run("query", TOTAL, "--format", "csv")
        try:
            served = str(self.client.ask(TOTAL)[0][0])
        except Refused as refused:
            served = str(refused)
        lake = asked.stdout.split()[-1] if asked.exit_code == 0 else asked.stderr
        return Seen(lake, served, self.home.digest())

    def lose(self, name: str, relay: Relay) -> None:
        """Lets a night pass in which a server goes away, which is back afterwards."""
        before = self.seen()
        self.another_file()
        letting_go = threading.Timer(BOUND_SECONDS, relay.mend)
        letting_go.start()
        began = time.monotonic()
        night = self.run("run", "--json")
        seconds = time.monotonic() - began
        letting_go.cancel()
        self.faults[name] = Fault(before, night, seconds, self.seen())
        relay.mend()

    def heal(self, name: str) -> None:
        """Runs the night again."""
        rerun = self.run("run", "--json")
        time.sleep(3)  # who serves looks every two seconds
        self.healed[name] = (rerun.exit_code, self.seen())


@contextmanager
def served(home: Home, environment: dict[str, str]) -> Iterator[Client]:
    """A client of `warehouse serve`, which runs as long as the block."""
    port = environment["WAREHOUSE_SERVE_PORT"]
    serving = home.start("serve", "--host", "127.0.0.1", **environment)
    try:
        with Client(f"127.0.0.1:{port}", TOKEN) as client:
            wait_until(lambda: answers("127.0.0.1", int(port)), 60)
            yield client
    finally:
        serving.terminate()
        serving.wait(60)


@pytest.fixture(scope="module")
def story(
    night_server: Nights,
    new_home: Callable[[str], Home],
    postgres: Postgres,
    tmp_path_factory: pytest.TempPathFactory,
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Iterator[Story]:
    home = new_home("servers")
    known = [juristic_id(number) for number in range(701, 709)]
    home.csv("cluster_registrations/clusters.csv", [cluster("C01")])
    home.csv("member_registrations/members.csv", [member("C01", one) for one in known])
    silent = iter(known)

    def another_file() -> None:
        one = next(silent)
        home.csv(f"financial_outcomes/{one}.csv", [outcome("C01", one, 1_000)])

    def through(relay: Relay, url: str) -> str:
        relay.mend()
        return url.replace(f":{postgres.port}/", f":{relay.port}/")

    ledger, catalog = Relay(postgres.port), Relay(postgres.port)
    with object_store() as store:
        bucket = store.bucket("warehouse")
        environment = home.environment(
            **store.environment,
            WAREHOUSE_ARCHIVE=f"{bucket}/archive",
            WAREHOUSE_STORE=f"{bucket}/store",
            WAREHOUSE_LEDGER_URL=through(ledger, postgres.database("ledger_going_away")),
            WAREHOUSE_TARGET="ducklake",
            WAREHOUSE_LAKE_CATALOG=through(catalog, postgres.database("lake_going_away")),
            WAREHOUSE_LAKE_DATA=str(tmp_path_factory.mktemp("lake")),
            WAREHOUSE_SERVE_TOKEN=TOKEN,
            WAREHOUSE_SERVE_PORT=str(free_port()),
        )
        another_file()
        first = night_server.run("run", "--json", environment=environment)
        assert first.exit_code == 0, first.stderr
        with served(home, environment) as client:
            story = Story(home, night_server, environment, another_file, client)
            store.relay.cut_at = b"GET /warehouse/store/"
            story.lose("store", store.relay)
            story.heal("store")
            ledger.silent_at = b"INSERT INTO check_result"
            story.lose("ledger", ledger)
            story.done["close"] = story.run("close", "2558", "Q1", "--by", "ผู้ทดสอบ", "--json")
            catalog.silent_at = LAST_STATEMENT
            story.lose("catalog", catalog)
            story.heal("ledger and catalog")
        closing = "select sum(adjustment_amount)::bigint as baht from reports.rpt_quarter_closing"
        story.done["adjusted"] = story.run("query", closing, "--format", "csv")
        story.done["reopen"] = story.run("reopen", "2558", "Q1", "--by", "ผู้ทดสอบ", "--json")
        story.done["status"] = story.run("status", "--json")
        ledger.cut()
        catalog.cut()
        yield story


@pytest.fixture(params=["store", "ledger", "catalog"])
def fault(story: Story, request: pytest.FixtureRequest) -> Fault:
    """Each of the three."""
    return story.faults[request.param]


def test_a_night_that_loses_a_server_ends_in_time_and_publishes_nothing(fault: Fault) -> None:
    assert fault.night.exit_code == 1
    assert fault.seconds < BOUND_SECONDS
    assert "Traceback" not in fault.night.stdout + fault.night.stderr


def test_it_says_which_server_does_not_answer_and_what_to_do(story: Story) -> None:
    store, ledger, catalog = (story.faults[name].reason for name in ("store", "ledger", "catalog"))
    assert "The object store does not answer at s3://warehouse/store" in store
    assert "(WAREHOUSE_STORE)" in store
    assert "The ledger's database 127.0.0.1" in ledger
    assert "no word from it for 4 seconds" in ledger
    assert "WAREHOUSE_LEDGER_URL" in ledger
    # It fell silent over the commit.
    assert "The lake's catalog 127.0.0.1" in catalog
    assert "does not say whether it did" in catalog


def test_what_was_published_is_read_while_a_server_is_away(story: Story) -> None:
    for name in ("store", "ledger"):
        assert story.faults[name].meanwhile == story.faults[name].before
    fault = story.faults["catalog"]
    assert fault.meanwhile.served == fault.before.served
    assert fault.meanwhile.file == fault.before.file
    assert "does not answer" in fault.meanwhile.lake


def test_a_plain_rerun_publishes_what_is_right_in_the_lake_and_to_clients(story: Story) -> None:
    for name, baht in {"store": "2000", "ledger and catalog": "4000"}.items():
        exit_code, after = story.healed[name]
        assert (exit_code, after.lake, after.served) == (0, baht, baht)
    befores = [story.faults[name].before.lake for name in ("store", "ledger", "catalog")]
    assert befores == ["1000", "2000", "2000"]
    assert json.loads(story.done["status"].stdout)["lake"] is not None


def test_a_quarter_is_closed_and_reopened_and_the_lake_shows_what_came_to_it(story: Story) -> None:
    assert story.done["close"].exit_code == 0, story.done["close"].stderr
    assert story.done["adjusted"].stdout.split() == ["baht", "2000"]
    assert story.done["reopen"].exit_code == 0, story.done["reopen"].stderr


def test_nothing_half_written_is_left(story: Story) -> None:
    left = [path for path in story.home.root.rglob("*") if path.name.endswith(".part")]
    assert left == []
    assert not list((story.home.root / "objects").glob(".fetched.*"))
