"""Alerts over a real ledger, told to a real mail server and a real webhook: once a matter."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from postgres import free_port
from receivers import Mailbox, Webhook, mailbox, webhook

from orchestration.alerts import facts
from orchestration.alerts.book import Book, Entry
from orchestration.alerts.delivery import channels, check_urls, send, send_test
from orchestration.alerts.heartbeat import beat
from orchestration.alerts.kinds import CHECK_FAILING, DAEMON_DEAD, FILE_REJECTED, NOT_PUBLISHED
from orchestration.alerts.message import LONGEST_SUBJECT, MOST_TOLD, compose
from orchestration.alerts.telling import Failed, tell
from orchestration.lock import working_on
from orchestration.settings import Home, SettingsError
from sources.clock import utc_now
from sources.ledger import Ledger
from sources.ledger_tables import run_event

NOW = dt.datetime(2015, 1, 20, 18, 45)
APPLES = "apples/ผู้ประสานงาน 01/ผลลัพธ์.csv"


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with webhook() as receiver:
        yield receiver


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox(free_port()) as box:
        yield box


@pytest.fixture
def home(tmp_path: Path, hook: Webhook) -> Home:
    """A prepared home that tells one webhook."""
    root = tmp_path / "home"
    made = Home(
        root=root,
        landing=root / "landing",
        landing_is_set=False,
        ledger_url=f"sqlite:///{root / 'ledger.sqlite'}",
        keep_versions=1,
        report_due_days=15,
        key_secret=b"secret of the home",
        alerts=(hook.url,),
        ui_url="https://warehouse.example.org",
    )
    made.prepare()
    return made


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = Ledger(home.ledger_url)
    yield opened
    opened.close()


def file_came(ledger: Ledger, kind: str, file_id: str, path: str = APPLES, **values: Any) -> None:
    ledger.record_file(
        {
            "event_kind": kind,
            "dataset": "apples",
            "path": path,
            "file_id": file_id,
            "contract_version": "1",
            "occurred_at": NOW,
            "run_id": "night",
            "control_total": "0.00",
            **values,
        }
    )


def file_rejected(ledger: Ledger, file_id: str, path: str = APPLES) -> None:
    file_came(
        ledger, "rejected", file_id, path, reason="missing_column", message="It lacks amount."
    )


def checked(ledger: Ledger, run_id: str, **passed: bool) -> None:
    ledger.record_checks(
        {
            "run_id": run_id,
            "checked_at": NOW,
            "tool": "great_expectations",
            "dataset_or_model": "apples",
            "check_name": name,
            "severity": "warn",
            "passed": well,
            "observed": "3 of 40 rows in 1 files",
            "unexpected_count": 0 if well else 3,
        }
        for name, well in passed.items()
    )


def subjects(hook: Webhook) -> list[str]:
    """What arrived since it was last asked."""
    said = [message.subject for message in hook.received]
    hook.received.clear()
    return said


# ── Once a matter ─────────────────────────────────────────────────────────────────────────────


def test_a_night_that_fails_the_same_way_is_told_once_and_told_when_it_is_well(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    told = []
    for night, seconds in (("one", 12), ("two", 31)):
        ledger.record_run(night, "started")
        ledger.record_run(night, "not_published", reason=f"dbt_models: it took {seconds} s")
        tell(home)
        told.append(subjects(hook))
    ledger.record_run("three", "started")
    ledger.record_run("three", "published")
    tell(home)
    told.append(subjects(hook))
    said = "Not published: dbt_models: it took 12 s"
    assert told == [[f"[warehouse] {said}"], [], [f"[warehouse] Well again: {said}"]]


def test_another_failure_than_last_nights_is_told(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    for night, reason in (("one", "dbt_models: broken"), ("two", "landing__submissions: gone")):
        ledger.record_run(night, "not_published", reason=reason)
        tell(home)
    assert subjects(hook) == [
        "[warehouse] Not published: dbt_models: broken",
        "[warehouse] Not published: landing__submissions: gone",
    ]


def test_a_failure_is_told_by_its_first_step_with_what_to_type_where_to_read_and_a_link(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    for reason in ("store__apples: the disk is full", "publish: it depends on that"):
        ledger.record_run("one", "not_published", reason=reason)
    tell(home)
    (message,) = hook.received
    assert message.kind == "failure"
    assert message.text.splitlines()[0] == "Not published: store__apples: the disk is full"
    assert "https://warehouse.example.org/runs/one" in message.text
    assert "Type: warehouse status" in message.text
    assert 'docs/operations.md, "Not published"' in message.text


def test_a_rejected_file_is_told_once_in_thai_too_and_so_is_its_correction(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    file_rejected(ledger, "a1")
    tell(home)
    tell(home)
    (message,) = hook.received
    assert message.subject == "[warehouse] 1 file rejected"
    assert f"File rejected: {APPLES}" in message.text
    assert "missing_column: It lacks amount." in message.text
    assert "ไฟล์ขาดคอลัมน์ที่จำเป็น" in message.text
    file_came(ledger, "loaded", "a2")
    tell(home)
    assert hook.received[1].subject == f"[warehouse] Well again: File rejected: {APPLES}"
    assert hook.received[1].kind == "success"
    assert "It was corrected" in hook.received[1].text


def test_a_correction_that_is_rejected_as_well_is_told(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    for file_id in ("a1", "a2"):
        file_rejected(ledger, file_id)
        tell(home)
    assert subjects(hook) == ["[warehouse] 1 file rejected"] * 2


def test_checks_are_told_when_they_begin_to_fail_and_when_they_are_well(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    told = []
    for night, results in (
        ("one", {"core": False, "skin": True}),
        ("two", {"core": False, "skin": True}),
        ("three", {"core": True, "skin": False}),
    ):
        checked(ledger, night, **results)
        ledger.record_run(night, "published")
        tell(home)
        told.append(subjects(hook))
    assert told == [
        ["[warehouse] 1 check newly failing"],
        [],
        ["[warehouse] 1 check newly failing"],
    ]


def test_a_check_that_a_failed_night_did_not_reach_stays_as_it_was(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    checked(ledger, "one", core=False)
    ledger.record_run("one", "published")
    tell(home)
    checked(ledger, "two", skin=True)
    ledger.record_run("two", "not_published", reason="store__apples: gone")
    tell(home)
    assert "Well again" not in "".join(message.text for message in hook.received)


def test_a_check_that_is_made_no_more_is_over(home: Home, ledger: Ledger, hook: Webhook) -> None:
    checked(ledger, "one", core=False)
    ledger.record_run("one", "published")
    tell(home)
    checked(ledger, "two", skin=True)
    ledger.record_run("two", "published")
    tell(home)
    assert subjects(hook)[1] == "[warehouse] Well again: Check fails: apples.core"


def test_what_a_night_found_is_one_message_the_worst_first(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    file_rejected(ledger, "a1")
    checked(ledger, "one", core=False)
    ledger.record_run("one", "not_published", reason="dbt_models: broken")
    tell(home)
    (message,) = hook.received
    assert message.subject == "[warehouse] Not published: dbt_models: broken (and 2 more)"
    places = [message.text.index(kind.title) for kind in (NOT_PUBLISHED, FILE_REJECTED)]
    assert places == sorted(places)
    assert places[1] < message.text.index("Check fails: apples.core")


def test_a_night_that_waits_is_told_once_while_the_same_figures_wait(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    moved = {"figure": "2558 cost_reduction", "before_baht": 10.0, "after_baht": 99.0}
    for night, after in (("night-one", 99.0), ("night-two", 99.0), ("night-three", 7.0)):
        ledger.record_run(
            night, "waiting", reason="far", details={"moved": [{**moved, "after_baht": after}]}
        )
        tell(home)
    assert subjects(hook) == [
        "[warehouse] A night waits for approval: run night-on",
        "[warehouse] A night waits for approval: run night-th",
    ]


# ── Runs that end without a word ──────────────────────────────────────────────────────────────


def test_a_night_that_was_killed_is_told(home: Home, ledger: Ledger, hook: Webhook) -> None:
    ledger.record_run("abcdefgh-1", "started")
    gone = os.fork()
    if gone == 0:
        with working_on(home, "abcdefgh-1"):
            os._exit(0)
    os.waitpid(gone, 0)
    tell(home)
    (said,) = subjects(hook)
    assert said.startswith("[warehouse] A night ended without a word: run abcdefgh, begun ")


def test_a_night_that_was_cut_short_is_told_once_whoever_found_it(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    ledger.record_run("abcdefgh-1", "started")
    tell(home)
    ledger.record_run("abcdefgh-1", "cut_short", reason="it was cut short")
    tell(home)
    assert [said.split(",")[0] for said in subjects(hook)] == [
        "[warehouse] A night ended without a word: run abcdefgh"
    ]
    ledger.record_run("next", "started")
    ledger.record_run("next", "published")
    tell(home)
    assert subjects(hook)[0].startswith("[warehouse] Well again: ")


def test_while_a_night_runs_nothing_is_told_of_what_it_finds(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    ledger.record_run("one", "started")
    with working_on(home, "one"):
        file_rejected(ledger, "a1")
        tell(home)
        assert subjects(hook) == []
    ledger.record_run("one", "published")
    tell(home)
    assert subjects(hook) == ["[warehouse] 1 file rejected"]


def test_a_run_that_could_not_say_why_it_failed_is_told_and_entered_in_the_ledger(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    for _ in range(2):
        tell(home, failed=Failed("one", "the key cannot be read"))
    assert subjects(hook) == ["[warehouse] Not published: the key cannot be read"]
    last = ledger.last_run()
    assert last is not None
    assert (last["run_id"], last["event_kind"]) == ("one", "not_published")


def test_each_night_that_could_not_begin_is_told_with_its_own_reason_and_no_page(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    for reason in ("the landing zone is not there", "no space is left on the device"):
        tell(home, failed=Failed(None, reason))
    said = list(hook.received)
    assert [message.subject for message in said] == [
        "[warehouse] Not published: the landing zone is not there",
        "[warehouse] Not published: no space is left on the device",
    ]
    assert "/runs/" not in said[0].text


def test_a_run_that_published_and_failed_after_it_is_not_entered_as_unpublished(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    ledger.record_run("one", "started")
    with duckdb.connect(str(home.warehouse)) as db:
        db.execute("create schema audit")
        db.execute(
            "create table audit.published_run as "
            "select 'one' as run_id, timestamp '2026-11-22 01:50:00' as published_at"
        )
    tell(home, failed=Failed("one", "the ledger gave way"))
    assert [event["event_kind"] for event in ledger.runs_without_an_end()] == ["started"]


def test_a_failure_under_a_wrong_clock_is_told_and_does_not_get_the_clock_accepted(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    ahead = utc_now() + dt.timedelta(days=1)
    with ledger.engine.begin() as connection:
        connection.execute(
            run_event.insert().values(
                run_id="one", event_kind="published", occurred_at=ahead, details={}
            )
        )
    tell(home, failed=Failed(None, "the clock says yesterday"))
    assert "[warehouse] Not published: the clock says yesterday" in subjects(hook)
    assert ledger.last_event_at() == ahead
    ledger.record_run("two", "not_published", reason="entered by a wrong clock")
    assert ledger.last_event_at() == ahead


def test_telling_makes_no_key_in_the_place_of_one_that_was_lost(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    without_key = replace(home, key_secret=None)
    tell(without_key, failed=Failed(None, "the key is missing"))
    assert subjects(hook) == ["[warehouse] Not published: the key is missing"]
    assert not without_key.key_file.exists()


def test_the_sensor_has_a_failed_run_of_any_job_told_once_and_its_success_too(
    home: Home, ledger: Ledger, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dagster import DagsterInstance, build_run_status_sensor_context, job, op

    from orchestration.automation import tell_of_a_failed_run

    assert home.key_secret
    setting = {"HOME": str(home.root), "ALERTS": hook.url, "KEY_SECRET": home.key_secret.decode()}
    for name, value in setting.items():
        monkeypatch.setenv(f"WAREHOUSE_{name}", value)
    succeeds = {"now": False}

    @op
    def tidy() -> None:
        if not succeeds["now"]:
            raise OSError("no space is left")

    @job
    def housekeeping() -> None:
        tidy()

    with DagsterInstance.from_config(str(instance_of(home))) as instance:
        for _ in range(2):
            result = housekeeping.execute_in_process(instance=instance, raise_on_error=False)
            run = instance.get_run_by_id(result.run_id)
            assert run is not None
            context = build_run_status_sensor_context(
                sensor_name=tell_of_a_failed_run.name,
                dagster_event=result.get_run_failure_event(),
                dagster_instance=instance,
                dagster_run=run,
            )
            tell_of_a_failed_run(context.for_run_failure())
        failed = subjects(hook)
        succeeds["now"] = True
        housekeeping.execute_in_process(instance=instance)
    tell(home)
    assert [each.split(",")[0] for each in failed] == ["[warehouse] A run failed: housekeeping"]
    assert subjects(hook)[0].startswith("[warehouse] Well again: A run failed: housekeeping")


def test_a_failed_run_that_somebody_started_by_hand_is_his_to_look_at(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    from dagster import DagsterInstance, DagsterRun, DagsterRunStatus

    with DagsterInstance.from_config(str(instance_of(home))) as instance:
        for job in ("__ASSET_JOB", "quarantine_workbooks"):
            instance.add_run(DagsterRun(job_name=job, status=DagsterRunStatus.FAILURE))
    tell(home)
    (subject,) = subjects(hook)
    assert subject.startswith("[warehouse] A run failed: quarantine_workbooks")


def instance_of(home: Home) -> Path:
    """Dagster's instance of a home, with its storage in SQLite."""
    (home.dagster / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    return home.dagster


# ── By the hour ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("published_at", "now", "is_late"),
    [
        # Times are UTC: 06:00 in Bangkok is 23:00 of the day before.
        (dt.datetime(2015, 1, 19, 18, 40), dt.datetime(2015, 1, 20, 22, 59), False),
        (dt.datetime(2015, 1, 19, 18, 40), dt.datetime(2015, 1, 20, 23, 1), True),
        (dt.datetime(2015, 1, 20, 18, 40), dt.datetime(2015, 1, 20, 23, 1), False),
        (dt.datetime(2015, 1, 21, 1, 0), dt.datetime(2015, 1, 21, 2, 0), False),
    ],
    ids=["before six", "after six", "published in the night", "published later"],
)
def test_a_night_is_late_when_nothing_was_published_by_six_in_bangkok(
    home: Home, ledger: Ledger, published_at: dt.datetime, now: dt.datetime, is_late: bool
) -> None:
    ledger.record_run("one", "published")
    with ledger.engine.begin() as connection:
        connection.execute(sa.text("update run_event set occurred_at = :at"), {"at": published_at})
        assert bool(facts.nothing_published(connection, home, now)) is is_late


def test_the_hour_is_a_setting(home: Home) -> None:
    at_noon = replace(home, publish_by=dt.time(12))
    assert facts.last_due(at_noon.publish_by, NOW) == dt.datetime(2015, 1, 20, 5)


def test_a_home_that_was_made_today_is_not_late(home: Home, ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        assert facts.nothing_published(connection, home, utc_now()) == []
        tomorrow = utc_now() + dt.timedelta(days=2)
        (late,) = facts.nothing_published(connection, home, tomorrow)
    assert "nothing ever was" in late.headline


# ── The daemon ────────────────────────────────────────────────────────────────────────────────


def daemon_said(home: Home, at: dt.datetime, *parts: str) -> None:
    """As Dagster's run storage keeps it."""
    file = home.dagster / "history" / "runs.db"
    file.parent.mkdir(exist_ok=True)
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(
            sa.text("create table if not exists daemon_heartbeats (daemon_type, body)")
        )
        connection.execute(sa.text("delete from daemon_heartbeats"))
        for part in parts:
            body = json.dumps({"timestamp": at.replace(tzinfo=dt.UTC).timestamp()})
            connection.execute(
                sa.text("insert into daemon_heartbeats values (:part, :body)"),
                {"part": part, "body": body},
            )
    engine.dispose()


def test_a_silent_daemon_is_told_once_and_so_is_that_it_lives(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    now = utc_now()
    daemon_said(home, now - dt.timedelta(minutes=6), *facts.DAEMON_PARTS)
    found = [beat(home, now=now)[0] for _ in range(2)]
    assert [(each.healthy, each.daemon) for each in found] == [(False, "silent")] * 2
    (said,) = subjects(hook)
    assert said.startswith("[warehouse] Dagster's daemon is not running: not heard of since")
    daemon_said(home, now, *facts.DAEMON_PARTS)
    found_well, _ = beat(home, now=now)
    assert (found_well.healthy, found_well.daemon) == (True, "running")
    assert subjects(hook)[0].startswith("[warehouse] Well again: Dagster's daemon")


def test_a_daemon_without_its_scheduler_is_told(home: Home) -> None:
    daemon_said(home, NOW, "QUEUED_RUN_COORDINATOR", "SENSOR")
    with facts.dagster_storage(home) as storage:
        (matter,) = facts.daemon(storage, NOW)
    assert "Silent: SCHEDULER." in matter.details[0]


def test_without_a_daemon_to_look_for_none_is_missed(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    found, _ = beat(home, expects_daemon=False)
    assert (found.healthy, found.daemon, subjects(hook)) == (True, "not asked for", [])


def test_a_daemon_that_is_missed_no_longer_is_over(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    assert beat(home)[0].daemon == "silent"
    tell(home)  # the end of a night does not look for it
    found, _ = beat(home, expects_daemon=False)
    assert found.healthy
    assert [each.split(":")[0] for each in subjects(hook)] == [
        "[warehouse] Dagster's daemon is not running",
        "[warehouse] Well again",
    ]


# ── What cannot be read or reached ────────────────────────────────────────────────────────────


def test_a_ledger_that_cannot_be_read_is_told_once_and_so_is_that_it_can_be_again(
    home: Home, hook: Webhook
) -> None:
    lost = replace(home, ledger_url="postgresql+psycopg2://u:S3cretWord@127.0.0.1:1/ledger")
    for _ in range(2):
        found, _ = beat(lost, expects_daemon=False)
        assert not found.healthy
    (message,) = hook.received
    assert message.subject.startswith("[warehouse] The ledger cannot be read: ")
    assert "S3cretWord" not in message.text
    found, _ = beat(home, expects_daemon=False)
    assert found.healthy
    assert hook.received[1].subject.startswith("[warehouse] Well again: The ledger cannot be read")


def test_a_dagster_storage_that_cannot_be_reached_is_told_once(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    lost = replace(home, dagster_url="postgresql+psycopg2://u:S3cretWord@127.0.0.1:1/dagster")
    for _ in range(2):
        found, _ = beat(lost)
        assert (found.healthy, found.daemon) == (False, "unknown")
    (message,) = hook.received
    assert message.subject.startswith("[warehouse] Dagster's storage cannot be read: ")
    assert "S3cretWord" not in message.text


def test_a_published_file_that_is_damaged_is_told(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    home.warehouse.write_bytes(b"no warehouse" * 1000)
    tell(home)
    assert subjects(hook)[0].startswith("[warehouse] The published warehouse cannot be read: ")


def test_where_there_is_no_home_the_heartbeat_says_so(home: Home) -> None:
    with pytest.raises(SettingsError, match="There is no warehouse in"):
        beat(replace(home, root=home.root / "gone"))


def test_a_home_that_cannot_be_written_does_not_keep_a_night_from_telling(
    home: Home, hook: Webhook
) -> None:
    beneath_a_file = home.root / "a file"
    beneath_a_file.write_text("")
    lost = replace(home, root=beneath_a_file / "home")
    told = tell(lost, failed=Failed(None, "The home cannot be written"))
    assert subjects(hook) == ["[warehouse] Not published: The home cannot be written"]
    assert "cannot be kept" in told.complaints()[0]


def test_what_could_not_be_delivered_is_told_after_all_and_to_others_not_again(
    home: Home, ledger: Ledger, hook: Webhook, post: Mailbox
) -> None:
    port = free_port()
    both = replace(home, alerts=(post.url, f"json://operator:S3cretWord@127.0.0.1:{port}/hook"))
    file_rejected(ledger, "a1")
    told = tell(both)
    assert list(told.undelivered) == ["address 2 (json://…)"]
    assert not told.healthy
    assert "S3cretWord" not in " ".join(told.complaints())
    with webhook(port) as late:
        assert tell(both).healthy
        tell(both)
    assert [message.subject for message in late.received] == ["[warehouse] 1 file rejected"]
    assert [message.subject for message in post.received] == ["[warehouse] 1 file rejected"]


def test_what_came_and_went_undelivered_is_no_news(home: Home, ledger: Ledger) -> None:
    port = free_port()
    deaf = replace(home, alerts=(f"json://127.0.0.1:{port}/hook",))
    file_rejected(ledger, "a1")
    tell(deaf)
    file_came(ledger, "loaded", "a2")
    with webhook(port) as late:
        tell(deaf)
    assert late.received == []


# ── The message ───────────────────────────────────────────────────────────────────────────────


def rejected(number: int) -> Entry:
    path = f"apples/{number}.csv"
    return Entry(path, FILE_REJECTED, True, "", f"File rejected: {path}", "empty")


def test_a_long_list_is_cut_and_counted() -> None:
    message = compose([rejected(number) for number in range(MOST_TOLD + 7)])
    assert message.subject == f"[warehouse] {MOST_TOLD + 7} files rejected"
    assert message.text.count("File rejected: apples/") == MOST_TOLD
    assert "… and 7 more." in message.text


def test_a_subject_is_one_line_of_bounded_length_that_still_counts() -> None:
    worst = Entry("n", NOT_PUBLISHED, True, "", "Not published: " + "so long\n" * 99, "")
    subject = compose([worst, rejected(1)]).subject
    assert len(subject) <= LONGEST_SUBJECT
    assert "\n" not in subject
    assert subject.endswith("… (and 1 more)")


def test_a_mail_is_plain_text_with_thai_that_can_be_read(home: Home, post: Mailbox) -> None:
    (channel,) = channels(replace(home, alerts=(post.url,)))
    thai = Entry("k", FILE_REJECTED, True, "", f"File rejected: {APPLES}", "ไฟล์ขาดคอลัมน์ น้ำ")
    over = Entry("l", CHECK_FAILING, False, "", "Check fails: apples.core", "")
    assert send(channel, compose([thai, over])) is None
    (mail,) = post.received
    assert (mail.subject, mail.kind) == ("[warehouse] 1 file rejected", "text/plain")
    assert f"File rejected: {APPLES}" in mail.text
    assert "ไฟล์ขาดคอลัมน์ น้ำ" in mail.text
    assert "Well again: Check fails: apples.core" in mail.text


def test_a_test_message_reaches_every_address_or_says_why_not(
    home: Home, hook: Webhook, post: Mailbox
) -> None:
    nobody = f"json://operator:S3cretWord@127.0.0.1:{free_port()}/hook"
    results = send_test(replace(home, alerts=(hook.url, post.url, nobody)))
    assert [why is None for why in results.values()] == [True, True, False]
    assert "S3cretWord" not in str(results)
    assert subjects(hook) == ["[warehouse] Test message"]


def test_an_address_that_is_not_understood_is_named_by_its_place(
    home: Home, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = replace(home, alerts=(home.alerts[0], "slak://S3cretWord/T1", "S3cretWord"))
    first, second = check_urls(wrong)
    assert "address 2 (slak://…) is not an address" in first
    assert "address 3 is not an address" in second
    assert "S3cretWord" not in first + second + "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("Could not convert string 'นายสมชาย ใจดี' to INT32", "Could not convert string '…' to"),
        ("row of 1-1037-02071-81-1 broke it", "row of … broke it"),
        ("call 081 234 5678 or a@b.example.org", "call … or …"),
        ("no postgresql://user:pw@host/db", "no postgresql://…@host/db"),
        ("since 2015-01-20 18:30:00 UTC", "since 2015-01-20 18:30:00 UTC"),
        ("run 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "run 3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
        ("530,000,000 baht in a.csv", "530,000,000 baht in a.csv"),
    ],
    ids=["cell", "national id", "phone and mail", "password", "time", "run", "baht"],
)
def test_a_reason_that_leaves_the_house_names_nobody(reason: str, kept: str) -> None:
    assert kept in facts.fit_to_send(reason)


# ── The book ──────────────────────────────────────────────────────────────────────────────────


def test_the_book_keeps_no_address_and_no_event_is_changed(
    home: Home, ledger: Ledger, hook: Webhook
) -> None:
    file_rejected(ledger, "a1")
    tell(home)
    file_came(ledger, "loaded", "a2")
    tell(home)
    with ledger.engine.connect() as connection:
        rows = connection.execute(sa.text("select * from alert_event order by event_id")).all()
    assert [row.event_kind for row in rows] == ["opened", "told", "resolved", "told"]
    assert "S3cretWord" not in str(rows)
    assert "127.0.0.1" not in str(rows)


def test_a_matter_that_nobody_looked_at_stays_open(ledger: Ledger) -> None:
    book = Book(ledger.engine)
    silent = Entry("d", DAEMON_DEAD, True, "", "Dagster's daemon is not running", "")
    book.observe([silent], [DAEMON_DEAD], NOW, {})
    book.observe([], [FILE_REJECTED], NOW, {})
    assert list(book.open_matters()) == ["d"]
    book.observe([], [DAEMON_DEAD], NOW, {})
    assert book.open_matters() == {}
