"""Taking in: what is new, what came twice, what is refused; one bad file never stops another."""

from __future__ import annotations

import errno
import gzip
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from good_rows import GOOD_ROWS, as_csv
from intake_home import Home, Taken

from sources import intake, landing
from sources.landing import LandingMissing
from sources.ledger_tables import file_event
from sources.store import sha256_of

TakeIn = Callable[[str, Mapping[str, bytes | str]], dict[str, Taken]]
ACTIVITY = as_csv([GOOD_ROWS["activity_reports"]])
OTHER = ACTIVITY.replace("A-1", "A-2")


def test_the_same_bytes_again_load_nothing_twice_under_any_name(home: Home) -> None:
    home.put("activity_reports/a.csv", ACTIVITY)
    home.put("activity_reports/sub/สำเนา a.csv", ACTIVITY)
    received, taken = home.night()
    assert [one.outcome.status for one in taken.values()] == ["loaded"]
    assert received.duplicates == (("activity_reports/sub/สำเนา a.csv", "activity_reports/a.csv"),)
    home.put("activity_reports/c.csv", ACTIVITY)
    received, taken = home.night()
    assert (received.new, taken, received.unchanged) == ((), {}, 2)
    assert received.duplicates == (("activity_reports/c.csv", "activity_reports/a.csv"),)
    received, _ = home.night()
    assert (received.duplicates, received.unchanged) == ((), 3)


def test_the_same_bytes_in_another_datasets_folder_are_no_duplicate(home: Home) -> None:
    home.put("activity_reports/a.csv", ACTIVITY)
    home.put("financial_outcomes/a.csv", ACTIVITY)
    received, taken = home.night()
    assert received.duplicates == ()
    assert {path: (one.outcome.status, one.outcome.reason) for path, one in taken.items()} == {
        "activity_reports/a.csv": ("loaded", None),
        "financial_outcomes/a.csv": ("rejected", "missing_column"),
    }


def test_new_bytes_at_a_known_path_are_taken_in_and_old_ones_again_are_a_duplicate(
    home: Home,
) -> None:
    home.put("activity_reports/a.csv", ACTIVITY)
    home.night()
    home.put("activity_reports/a.csv", OTHER)
    _, taken = home.night()
    assert taken["activity_reports/a.csv"].accepted[2]["activity_id"] == "A-2"
    home.put("activity_reports/a.csv", ACTIVITY)
    received, taken = home.night()
    path = "activity_reports/a.csv"
    assert (received.new, received.duplicates) == ((), ((path, path),))
    with home.ledger.engine.connect() as connection:
        told = connection.execute(
            sa.select(file_event.c.message).where(file_event.c.event_kind == "duplicate")
        ).scalar_one()
    assert "To go back to them, change anything in the file" in told


def test_a_rejected_file_sent_again_unchanged_is_not_read_again(home: Home) -> None:
    home.put("activity_reports/a.csv", "x,y\n1,2\n")
    _, taken = home.night()
    assert taken["activity_reports/a.csv"].outcome.status == "rejected"
    received, _ = home.night()
    assert (received.new, received.unchanged) == ((), 1)
    home.put("activity_reports/b.csv", "x,y\n1,2\n")
    received, _ = home.night()
    assert received.duplicates == (("activity_reports/b.csv", "activity_reports/a.csv"),)


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "nothing.csv": (b"", "empty"),
    "header.csv": (ACTIVITY.splitlines()[0].encode() + b"\n", "empty"),
    "totals.csv": ((ACTIVITY.splitlines()[0] + "\nรวม,,,,\n").encode(), "empty"),
    "report.pdf": (b"%PDF-1.7\n", "unreadable"),
    "binary.xlsx": (bytes(range(256)) * 99, "unreadable"),
    "half.xlsx": (b"PK\x03\x04" + b"\x00" * 99, "unreadable"),
    "half.csv.gz": (gzip.compress(ACTIVITY.encode())[:-9], "unreadable"),
    "wrong.csv.gz": (gzip.compress(ACTIVITY.encode())[:20] + b"\xff" * 99, "unreadable"),
    "odd.txt": (ACTIVITY.encode("utf-16")[:-1], "unreadable"),
    "half.parquet": (b"PAR1" + b"\x00" * 50 + b"PAR1", "unreadable"),
    "half.json": (b'{"activity_id": "A-1"', "unreadable"),
    "quote.csv": (ACTIVITY.encode() + b'"A-2,C01,linkage,2015-01-20,2015-02-01\n', "unreadable"),
    "column.csv": (b"activity_id,cluster_code\nA-1,C01\n", "missing_column"),
    "other.csv": (b"a,b\n1,2\n", "missing_column"),
    "bad_rows.csv": (ACTIVITY.replace("linkage", "x").encode(), "too_many_bad_rows"),
}


@pytest.fixture(scope="module")
def among_bad_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Taken]:
    """A night on which good files came between files of every kind of bad."""
    home = Home(tmp_path_factory.mktemp("bad") / "home")
    for number, (name, (content, _)) in enumerate(BAD_FILES.items()):
        home.put(f"activity_reports/{name}", content)
        home.put(f"activity_reports/good{number}.csv", ACTIVITY.replace("A-1", f"B-{number}"))
    _, taken = home.night()
    assert not home.disagreements
    return {path.removeprefix("activity_reports/"): one for path, one in taken.items()}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_rejected_whole_with_a_reason_and_what_to_do(
    among_bad_files: dict[str, Taken], name: str
) -> None:
    outcome = among_bad_files[name].outcome
    assert (outcome.status, outcome.reason) == ("rejected", BAD_FILES[name][1])
    assert outcome.rows_accepted == 0
    assert outcome.message
    assert outcome.message.endswith(".")
    assert "/" not in outcome.message.replace("/n", "")


def test_bad_files_never_stop_the_others(among_bad_files: dict[str, Taken]) -> None:
    good = [one for name, one in among_bad_files.items() if name.startswith("good")]
    assert [one.outcome.status for one in good] == ["loaded"] * len(BAD_FILES)


def test_a_file_that_is_held_open_for_writing_waits_for_the_next_night(home: Home) -> None:
    import subprocess

    held = home.put("activity_reports/a.csv", ACTIVITY)
    home.put("activity_reports/b.csv", OTHER)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; f = open(sys.argv[1], 'a'); print(flush=True); sys.stdin.read()",
            held,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        received, taken = home.night()
    finally:
        holder.communicate(timeout=10)
    assert (list(taken), received.being_written) == (
        ["activity_reports/b.csv"],
        ("activity_reports/a.csv",),
    )
    _, taken = home.night()
    assert list(taken) == ["activity_reports/a.csv"]


def test_lock_files_of_a_spreadsheet_program_are_passed_over(home: Home) -> None:
    home.put("activity_reports/~$a.xlsx", b"\x05user" + b" " * 50)
    received, taken = home.night()
    assert (taken, received.passed_over) == ({}, ("activity_reports/~$a.xlsx",))


def test_a_file_that_vanishes_between_two_looks_is_named_and_changes_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = home.put("activity_reports/a.csv", ACTIVITY)
    later = home.put("activity_reports/b.csv", OTHER)
    home.put("activity_reports/c.csv", ACTIVITY.replace("A-1", "A-3"))

    def hash_and_lose(path: Path) -> str:
        if path == gone:
            gone.unlink()
        digest = sha256_of(path)
        if path == later:
            later.unlink()
        return digest

    monkeypatch.setattr(intake, "sha256_of", hash_and_lose)
    received, taken = home.night()
    assert sorted(received.vanished) == ["activity_reports/a.csv", "activity_reports/b.csv"]
    assert list(taken) == ["activity_reports/c.csv"]


def test_a_file_that_this_user_may_not_read_is_named_and_stops_no_other(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = home.put("activity_reports/a.csv", ACTIVITY)
    home.put("activity_reports/b.csv", OTHER)

    def refused(path: Path) -> str:
        # Tests run as root, whom no permission keeps out.
        if path == private:
            raise PermissionError(13, "Permission denied", str(path))
        return sha256_of(path)

    monkeypatch.setattr(intake, "sha256_of", refused)
    received, taken = home.night()
    assert (list(taken), received.unreadable) == (
        ["activity_reports/b.csv"],
        ("activity_reports/a.csv",),
    )
    monkeypatch.undo()
    _, taken = home.night()
    assert list(taken) == ["activity_reports/a.csv"]


def test_a_disk_that_does_not_give_a_file_stops_the_night_and_names_the_file(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.put("activity_reports/a.csv", ACTIVITY)

    def broken(path: Path) -> str:
        raise OSError(errno.ENXIO, "No such device or address")

    monkeypatch.setattr(intake, "sha256_of", broken)
    with pytest.raises(OSError, match="activity_reports/a") as raised:
        home.night()
    assert raised.value.errno == errno.ENXIO


def test_a_file_whose_name_is_thai_windows_text_is_taken_under_the_name_it_reads_as(
    home: Home,
) -> None:
    try:
        home.put(os.fsdecode(b"activity_reports/" + "กิจกรรม.csv".encode("cp874")), ACTIVITY)
    except OSError:
        pytest.skip("this file system takes no name that is not UTF-8")
    _, taken = home.night()
    assert {path: one.outcome.status for path, one in taken.items()} == {
        "activity_reports/กิจกรรม.csv": "loaded"
    }
    received, taken = home.night()
    assert (taken, received.unchanged) == ({}, 1)


def test_a_file_that_changes_while_it_is_archived_waits_for_the_next_night(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    changing = home.put("activity_reports/a.csv", ACTIVITY)

    def hash_then_change(path: Path) -> str:
        digest = sha256_of(path)
        path.write_text(OTHER, encoding="utf-8")
        return digest

    monkeypatch.setattr(intake, "sha256_of", hash_then_change)
    received, taken = home.night()
    assert (taken, received.being_written) == ({}, ("activity_reports/a.csv",))
    monkeypatch.undo()
    home.put("activity_reports/a.csv", changing.read_bytes())
    _, taken = home.night()
    assert taken["activity_reports/a.csv"].outcome.status == "loaded"


def test_a_file_that_is_gone_from_the_landing_zone_changes_nothing(home: Home) -> None:
    home.put("activity_reports/a.csv", ACTIVITY).unlink()
    home.put("activity_reports/b.csv", OTHER)
    home.night()
    (home.landing / "activity_reports/b.csv").unlink()
    received, taken = home.night()
    assert (received.new, received.vanished, taken) == ((), (), {})
    assert len(home.ledger.known_files()) == 1


def test_without_a_landing_zone_nothing_is_taken_in(home: Home) -> None:
    home.landing.rmdir()
    with pytest.raises(LandingMissing):
        home.night()


def test_a_file_is_archived_before_anything_is_read_of_it(home: Home) -> None:
    content = "no table at all".encode("utf-16")
    home.put("activity_reports/a.csv", content)
    _, taken = home.night()
    (one,) = taken.values()
    assert home.archive.path(one.outcome.file_id).read_bytes() == content


def test_files_are_loaded_in_the_order_they_were_received(home: Home) -> None:
    for number in (3, 1, 2):
        home.put(f"activity_reports/{number}.csv", ACTIVITY.replace("A-1", f"A-{number}"))
    _, taken = home.night()
    assert [Path(path).stem for path in taken] == ["3", "1", "2"]


def test_large_submissions_are_read_in_several_batches(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "BATCH_BYTES", len(ACTIVITY) * 2)
    for number in range(5):
        home.put(f"activity_reports/{number}.csv", ACTIVITY.replace("A-1", f"A-{number}"))
    batches: list[Any] = []
    original = intake.Intake._judge_batch

    def counted(self: Any, contract: Any, receipts: Any, record: Any) -> Any:
        batches.append(len(receipts))
        return original(self, contract, receipts, record)

    monkeypatch.setattr(intake.Intake, "_judge_batch", counted)
    _, taken = home.night()
    assert batches == [2, 2, 1]
    assert [one.outcome.rows_accepted for one in taken.values()] == [1] * 5


def test_a_fresh_file_that_has_settled_is_taken_the_same_night(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    monkeypatch.setattr(landing, "SETTLE_SECONDS", 0.05)
    fresh = home.put("activity_reports/a.csv", ACTIVITY)
    os.utime(fresh, (time.time(), time.time()))
    _, taken = home.night()
    assert list(taken) == ["activity_reports/a.csv"]


def test_every_row_of_a_file_is_accounted_for(take_in: TakeIn) -> None:
    good = GOOD_ROWS["activity_reports"]
    rows = [
        good,
        {**good, "title": "อีกครั้ง"},
        {**good, "activity_id": "A-2", "start_date": "x"},
        {**good, "activity_id": "A-3"},
    ]
    (one,) = take_in("activity_reports", {"a.csv": as_csv(rows)}).values()
    outcome = one.outcome
    assert (outcome.rows_read, outcome.rows_accepted, outcome.rows_quarantined) == (4, 2, 2)
    assert {number for number, _, _ in one.problems} | set(one.accepted) == {2, 3, 4, 5}
