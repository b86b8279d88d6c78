"""The structured log: lines that programs read, in UTC, with the run and the file, of no person."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources import log
from sources.sampling.world import juristic_id, natural_id


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    log.write_to(tmp_path / "logs")
    yield tmp_path / "logs"
    log.write_to(None)


def lines(folder: Path) -> list[dict[str, object]]:
    (file,) = folder.iterdir()
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_line_says_when_in_utc_what_in_which_run_and_of_which_file(folder: Path) -> None:
    with log.bound(run_id="night-1"):
        log.info("file loaded", file_id="ab12", path="สวัสดี.csv")
    log.error("night not published")
    inside, after = lines(folder)
    assert inside["event"] == "file loaded"
    assert (inside["run_id"], inside["file_id"], inside["path"]) == ("night-1", "ab12", "สวัสดี.csv")
    at = dt.datetime.fromisoformat(str(inside["at"]))
    assert at.utcoffset() == dt.timedelta(0)
    assert abs(dt.datetime.now(dt.UTC) - at) < dt.timedelta(minutes=5)
    assert (after["level"], "run_id" in after) == ("error", False)


def test_a_file_is_named_by_its_utc_day_and_is_its_owners_alone(folder: Path) -> None:
    log.info("anything")
    (file,) = folder.iterdir()
    assert file.name in {
        f"{dt.datetime.now(dt.UTC) - dt.timedelta(minutes=late):%Y-%m-%d}.jsonl" for late in (0, 5)
    }
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


PERSON = natural_id(7)


@pytest.mark.parametrize(
    "said",
    [
        PERSON,
        f"{PERSON[0]}-{PERSON[1:5]}-{PERSON[5:10]}-{PERSON[10:12]}-{PERSON[12]}",
        PERSON.translate({ord(digit): 0x0E50 + int(digit) for digit in "0123456789"}),
        "081-234-5678",
        "0812345678",
        "02 123 4567",
        "someone.else@example.com",
    ],
)
def test_what_identifies_a_person_is_masked(folder: Path, said: str) -> None:
    log.error("failed", reason=f"Could not read '{said}' in row 4")
    (line,) = lines(folder)
    assert line["reason"] == "Could not read '•' in row 4"


@pytest.mark.parametrize(
    "said",
    [
        juristic_id(12),
        "0d9c9a1f-1234-4567-8901-123456789012",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "20261122T013000Z-1234abcd",
        "530,000,000.00 baht",
        "0.0812345678",
        "rows 1234567",
    ],
)
def test_what_identifies_no_person_stays(said: str) -> None:
    assert log.without_persons(said) == said


def test_without_a_folder_nothing_is_written_anywhere(capfd: pytest.CaptureFixture[str]) -> None:
    log.info("nobody listens")
    assert capfd.readouterr() == ("", "")


def test_a_line_that_cannot_be_written_is_told_and_stops_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    log.write_to(tmp_path / "logs")
    try:
        log.info("file loaded", path="a.csv")
    finally:
        log.write_to(None)
    assert '"path": "a.csv"' in capfd.readouterr().err


def test_lines_of_several_processes_stand_whole_in_one_file(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from sources import log\n"
        f"log.write_to(Path({str(folder)!r}))\n"
        "for number in range(200): log.info('x' * 500, number=number, by=sys.argv[1])"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, who]) for who in "abc"]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    said = lines(folder)
    assert len(said) == 600
    for who in "abc":
        assert [line["number"] for line in said if line["by"] == who] == list(range(200))
