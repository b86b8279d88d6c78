"""Nights with a PostgreSQL mirror: it follows what is published, and never undoes a night.

The server is stopped during the second night, which publishes all the same; then the mirror is
told to be behind, once, until `warehouse mirror` renews it. A run that waited is approved.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg2
import pytest
from postgres import Postgres
from receivers import Webhook, webhook

from orchestration import publication
from orchestration.settings import Home as Paths
from sources.ledger import Ledger
from sources.sampling.world import juristic_id

if TYPE_CHECKING:
    from tests.integration.conftest import Done, Home, Night, Record

pytestmark = pytest.mark.night

ONE = juristic_id(101)
PASSWORD = "s3cret%2Fs3cret"
WAITED = "aaaabbbb-0000-4000-8000-000000000000"


@dataclass
class Story:
    """What each step of the story said, and what the mirror showed after it."""

    home: Home
    url: str
    done: dict[str, Done] = field(default_factory=dict)
    shown: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    told: dict[str, list[str]] = field(default_factory=dict)
    nights: list[Night] = field(default_factory=list)


@pytest.fixture(scope="module")
def hook() -> Iterator[Webhook]:
    with webhook() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def mirrored(
    mortal: Postgres,
    hook: Webhook,
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Story:
    home = new_home("mirrored")
    url = mortal.database("mirror").replace("postgres@", f"postgres:{PASSWORD}@")
    settings = {
        "WAREHOUSE_PUBLISH_POSTGRES": url.replace("+psycopg2", ""),
        "WAREHOUSE_ALERTS": hook.url,
    }
    tale = Story(home, url)

    def after(step: str, done: Done | None = None) -> None:
        if done is not None:
            tale.done[step] = done
        tale.told[step] = [m.subject for m in hook.received if "ostgre" in m.subject]
        hook.received.clear()

    home.csv("cluster_registrations/a.csv", [cluster("C01")])
    home.csv("member_registrations/a.csv", [member("C01", ONE)])
    home.csv("financial_outcomes/a.csv", [outcome("C01", ONE, "100.25")])
    tale.nights.append(home.night(**settings))
    after("first night", tale.nights[0])
    tale.shown["first night"] = shown(url)

    home.csv("financial_outcomes/a.csv", [outcome("C01", ONE, "250.75")])
    mortal.stop()
    tale.nights.append(home.night(**settings))
    after("night without a server", tale.nights[1])
    after("status", home.run("status", "--json", **settings))
    after("heartbeat", home.run("heartbeat", "--no-daemon", **settings))
    after("doctor", home.run("doctor", **settings))
    mortal.start()
    tale.shown["server started"] = shown(url)
    after("doctor of one behind", home.run("doctor", **settings))
    after("mirror", home.run("mirror", "--json", **settings))
    tale.shown["mirror"] = shown(url)
    after("status of one renewed", home.run("status", **settings))
    after("doctor of one renewed", home.run("doctor", "--json", **settings))

    a_run_waits(home)
    after("approve", home.run("approve", WAITED, "--by", "the office", **settings))
    tale.shown["approve"] = shown(url)
    return tale


def shown(url: str) -> tuple[Any, ...]:
    """The run that the mirror shows, and the outcome of the one enterprise."""
    connection = psycopg2.connect(url.replace("+psycopg2", ""))
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select (select run_id from audit.published_run order by published_at desc limit 1), "
            "(select amount::text from marts.fct_financial_outcome)"
        )
        found = cursor.fetchone()
    connection.close()
    return tuple(found or ())


def a_run_waits(home: Home) -> None:
    """Has a finished warehouse wait for approval, as a night leaves it: a copy of what is out."""
    paths = Paths(
        root=home.root, landing=home.landing, landing_is_set=True, keep_versions=7,
        ledger_url=f"sqlite:///{home.root / 'ledger.sqlite'}", report_due_days=15, key_secret=None,
    )  # fmt: skip
    built = home.root / "build" / "night" / "warehouse.duckdb"
    built.parent.mkdir(exist_ok=True)
    built.unlink(missing_ok=True)  # it is what is published, under another name
    shutil.copyfile(home.published, built)
    ledger = Ledger(paths.ledger_url)
    ledger.record_run(WAITED, "started")
    finished = publication.finished_from(built, WAITED, "0" * 40)
    publication.keep_waiting(paths, ledger, finished, [])
    ledger.close()


def test_a_night_mirrors_what_it_published(mirrored: Story) -> None:
    night = mirrored.nights[0]
    assert night.exit_code == 0, night.said
    assert mirrored.shown["first night"] == (night.report["run_id"], "100.25")
    assert mirrored.told["first night"] == []


def test_a_night_publishes_though_the_mirror_cannot_be_reached_and_says_so(
    mirrored: Story,
) -> None:
    night = mirrored.nights[1]
    assert night.exit_code == 0, night.said
    assert night.report["published"]
    assert night.amounts()[ONE, 1, "sales_increase"] == Decimal("250.75")
    (note,) = [note for note in night.report["notes"] if "mirror" in note]
    assert f"behind since run {night.report['run_id'][:8]}" in note
    assert "does not answer" in note
    assert mirrored.shown["server started"] == mirrored.shown["first night"]


def test_operators_are_told_once_and_once_more_when_it_is_well(mirrored: Story) -> None:
    run = mirrored.nights[1].report["run_id"][:8]
    (told,) = mirrored.told["night without a server"]
    assert f"The PostgreSQL mirror is behind: since run {run}" in told
    assert mirrored.told["heartbeat"] == []
    assert mirrored.done["heartbeat"].exit_code == 1
    (well,) = mirrored.told["mirror"]
    assert "Well again" in well


def test_status_says_since_which_run_the_mirror_is_behind(mirrored: Story) -> None:
    status = mirrored.done["status"]
    assert status.exit_code == 1
    late = status.json()["mirror_behind"]
    assert late["since_run"] == mirrored.nights[1].report["run_id"]
    assert late["mirrored_run"] == mirrored.nights[0].report["run_id"]
    assert mirrored.done["status of one renewed"].exit_code == 0


def test_the_doctor_says_what_is_the_matter_with_the_mirror(mirrored: Story) -> None:
    assert "does not answer" in mirrored.done["doctor"].said
    assert "behind since run" in mirrored.done["doctor of one behind"].said
    findings = mirrored.done["doctor of one renewed"].json()["findings"]
    assert [one["status"] for one in findings if one["about"] == "mirror"] == ["ok", "ok"]


def test_the_command_renews_a_mirror_that_was_left_behind(mirrored: Story) -> None:
    done = mirrored.done["mirror"]
    assert done.exit_code == 0, done.said
    run_id = mirrored.nights[1].report["run_id"]
    assert (done.json()["mirrored"], done.json()["run_id"]) == (True, run_id)
    assert mirrored.shown["mirror"] == (run_id, "250.75")


def test_an_approval_is_mirrored(mirrored: Story) -> None:
    assert mirrored.done["approve"].exit_code == 0, mirrored.done["approve"].said
    assert mirrored.shown["approve"] == (WAITED, "250.75")


def test_the_password_stands_nowhere(mirrored: Story) -> None:
    assert not [step for step, done in mirrored.done.items() if "s3cret" in done.said]
    held = [path for path in mirrored.home.root.rglob("*") if path.is_file()]
    assert len(held) > 10
    assert not [path for path in held if b"s3cret" in path.read_bytes()]


def test_a_home_without_a_mirror_says_so_and_does_nothing(
    new_home: Callable[[str], Home], tmp_path: Path
) -> None:
    done = new_home("unset").run("mirror")
    assert done.exit_code == 1
    assert "WAREHOUSE_PUBLISH_POSTGRES is not set" in done.said
