"""Nights whose operators are told by mail and by webhook: once a matter, and when it is over.

A file is rejected while the webhook is down; the landing zone is gone for two nights; the file is
corrected. Then the heartbeat: a real daemon that is killed, and a morning without a new warehouse.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from postgres import free_port
from receivers import Received, mailbox, webhook

if TYPE_CHECKING:
    from tests.integration.conftest import Done, Home, Night, Record

from sources.sampling.world import juristic_id

pytestmark = pytest.mark.night

PROJECT = Path(__file__).parents[2]
REJECTED = "financial_outcomes/ผู้ประสานงาน 01/ผลลัพธ์.csv"
#: An outcome of an enterprise that nobody has registered.
HOLDING = "financial_outcomes/รออยู่.csv"
SECRET = "S3cretWord"


@dataclass
class Story:
    """What was done, one thing after another, and what it made arrive."""

    home: Home
    nights: dict[str, Night] = field(default_factory=dict)
    done: dict[str, Done] = field(default_factory=dict)
    mails: dict[str, list[Received]] = field(default_factory=dict)
    hooks: dict[str, list[Received]] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """All that any command said, and all that is in the home's databases of text."""
        outputs = [each.said for each in (*self.nights.values(), *self.done.values())]
        ledger = (self.home.root / "ledger.sqlite").read_bytes()
        return " ".join(outputs) + ledger.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def story(
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Iterator[Story]:
    home = new_home("told")
    story = Story(home)
    firm = juristic_id(301)
    home.csv("cluster_registrations/clusters.csv", [cluster("C01")])
    home.csv("member_registrations/members.csv", [member("C01", firm)])
    without_amount = outcome("C01", firm, 5)
    del without_amount["amount"]
    home.csv(REJECTED, [without_amount])
    home.csv(HOLDING, [outcome("C01", juristic_id(302), 7)])
    hook_port = free_port()
    with mailbox(free_port()) as post:
        hook_url = f"json://operator:{SECRET}@127.0.0.1:{hook_port}/hook"
        told = {"WAREHOUSE_ALERTS": f"{post.url} {hook_url}"}

        def mails(name: str) -> None:
            story.mails[name] = list(post.received)
            post.received.clear()

        story.nights["rejected"] = home.night(**told)
        mails("rejected")
        with webhook(hook_port) as hook:

            def heard(name: str) -> None:
                mails(name)
                story.hooks[name] = list(hook.received)
                hook.received.clear()

            story.done["late"] = home.run("heartbeat", "--no-daemon", "--json", **told)
            heard("late")
            gone = {"WAREHOUSE_LANDING": str(home.landing / "not mounted")}
            for name in ("gone", "still gone"):
                story.nights[name] = home.night(**told, **gone)
                heard(name)
            story.done["status"] = home.run("status", "--json", **told)
            home.csv(REJECTED, [outcome("C01", firm, 5)])
            story.nights["well"] = home.night(**told)
            heard("well")
            story.done["well"] = home.run("heartbeat", "--no-daemon", **told)
            heard("nothing new")
            _one_morning(story, told)
            heard("morning")
            _a_daemon_is_killed(story, told)
            heard("daemon")
        story.done["test"] = home.run("heartbeat", "--test", **told)
    yield story


def _one_morning(story: Story, told: dict[str, str]) -> None:
    """Lets the heartbeat look two days later, after six in Bangkok."""
    if shutil.which("faketime") is None:
        return
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    warehouse = Path(sys.executable).with_name("warehouse")
    for _ in range(2):
        done = subprocess.run(
            ["faketime", f"{later:%Y-%m-%d} 23:05:00", warehouse, "heartbeat", "--no-daemon"],
            env=story.home.environment(**told, TZ="UTC", WAREHOUSE_ALERT_HELD_DAYS="1"),
            cwd=story.home.landing.parent,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 1, done.stderr


def _a_daemon_is_killed(story: Story, told: dict[str, str]) -> None:
    """Starts Dagster's daemon, lets the heartbeat see it, kills it, and lets five minutes pass."""
    environment = story.home.environment(**told, DAGSTER_HOME=str(story.home.root / "dagster"))
    daemon = subprocess.Popen(
        [Path(sys.executable).with_name("dagster-daemon"), "run", "-w", "workspace.yaml"],
        env=environment,
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 180
        while True:
            story.done["daemon lives"] = done = story.home.run("heartbeat", "--json", **told)
            if done.json()["daemon"] == "running" or time.monotonic() > until:
                break
            time.sleep(1)
    finally:
        os.killpg(daemon.pid, signal.SIGKILL)
        daemon.wait()
    for name in ("daemon dead", "daemon dead still"):
        story.done[name] = _six_minutes_later(story.home, told)


def _six_minutes_later(home: Home, told: dict[str, str]) -> Done:
    """The heartbeat as it looks six minutes from now."""
    from tests.integration.conftest import Done

    asked = (
        "import datetime as dt, json; from orchestration import settings; "
        "from orchestration.alerts.heartbeat import beat; from sources.ledger import utc_now; "
        "found, _ = beat(settings.load(), now=utc_now() + dt.timedelta(minutes=6)); "
        "print(json.dumps({'daemon': found.daemon, 'healthy': found.healthy}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        env=home.environment(**told),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr, 0)


def only(messages: list[Received]) -> Received:
    (message,) = messages
    return message


def test_a_rejected_file_is_told_by_mail_in_one_message_of_that_night(story: Story) -> None:
    assert story.nights["rejected"].exit_code == 0, story.nights["rejected"].said
    mail = only(story.mails["rejected"])
    assert mail.subject.startswith("[warehouse] 1 file rejected")
    assert mail.text.startswith(f"File rejected: {REJECTED}")
    assert "ไฟล์ขาดคอลัมน์ที่จำเป็น" in mail.text


def test_a_webhook_that_was_down_that_night_is_told_by_the_next_heartbeat(story: Story) -> None:
    assert story.done["late"].exit_code == 0, story.done["late"].said
    assert only(story.hooks["late"]).subject == only(story.mails["rejected"]).subject
    assert story.mails["late"] == []


def test_a_run_that_fails_is_told_with_why_and_what_to_type(story: Story) -> None:
    assert story.nights["gone"].exit_code == 1
    for message in (only(story.mails["gone"]), only(story.hooks["gone"])):
        assert message.subject.startswith("[warehouse] Not published: landing__submissions: The ")
        assert "not mounted does not exist" in " ".join(message.text.split())
        assert "Type: warehouse status · warehouse run" in message.text


def test_the_same_failure_of_the_next_night_is_told_no_more(story: Story) -> None:
    assert story.nights["still gone"].exit_code == 1
    assert story.mails["still gone"] == story.hooks["still gone"] == []


def test_the_status_counts_the_alerts_that_are_open(story: Story) -> None:
    alerts = story.done["status"].json()["open_alerts"]
    assert alerts[0].startswith("Not published: ")
    assert f"File rejected: {REJECTED}" in alerts


def test_a_night_that_publishes_again_and_a_file_that_was_corrected_are_told(story: Story) -> None:
    assert story.nights["well"].exit_code == 0, story.nights["well"].said
    message = only(story.hooks["well"])
    assert message.kind == "success"
    assert "Well again: Not published: landing__submissions" in message.text
    assert f"Well again: File rejected: {REJECTED}\n    It was corrected" in message.text


def test_a_heartbeat_without_news_says_nothing_and_is_healthy(story: Story) -> None:
    assert story.done["well"].exit_code == 0, story.done["well"].said
    assert story.mails["nothing new"] == story.hooks["nothing new"] == []


def test_a_morning_without_a_new_warehouse_and_a_row_held_for_days_are_told_once(
    story: Story,
) -> None:
    if shutil.which("faketime") is None:
        pytest.skip("needs Debian's package faketime")
    mail = only(story.mails["morning"])
    assert mail.subject.startswith("[warehouse] Nothing published by 06:00 (Bangkok time)")
    assert f"Rows held for too long: 1 row of {HOLDING}" in mail.text


def test_a_killed_daemon_is_told_once_by_the_heartbeat(story: Story) -> None:
    assert story.done["daemon lives"].json()["daemon"] == "running"
    for name in ("daemon dead", "daemon dead still"):
        assert story.done[name].json() == {"daemon": "silent", "healthy": False}
    subjects = [message.subject for message in story.mails["daemon"]]
    assert sum("Dagster's daemon is not running: not heard of" in each for each in subjects) == 1


def test_a_test_message_says_which_address_it_did_not_reach(story: Story) -> None:
    done = story.done["test"]
    assert done.exit_code == 1
    assert "address 1 (mailto://…): delivered" in done.said
    assert "address 2 (json://…): " in done.said


def test_no_address_nor_its_password_is_said_or_kept_anywhere(story: Story) -> None:
    assert SECRET not in story.said
