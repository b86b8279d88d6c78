"""Which files of the landing zone can be taken tonight."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sources import landing
from sources.landing import (
    Found,
    LandingMissing,
    has_changed,
    held_open_for_writing,
    placed,
    survey,
)

DATASETS = ("apples", "pears")
LONG_AGO = 1_421_712_000


def put(root: Path, path: str, content: str = "x", changed: float = LONG_AGO) -> Path:
    """A file in the landing zone."""
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_text(content)
    os.utime(full, (changed, changed))
    return full


def test_files_are_found_in_any_sub_folder_under_any_name(tmp_path: Path) -> None:
    names = ["apples/ก ข/ค.csv", "apples/a b (1).XLSX", "pears/no-suffix", "pears/x/y/z/'q\".csv"]
    for name in names:
        put(tmp_path, name)
    assert sorted(file.path for file in survey(tmp_path, DATASETS).files) == sorted(names)


def test_the_file_changed_last_is_received_last(tmp_path: Path) -> None:
    for age, name in enumerate(["pears/c", "apples/b", "apples/a"]):
        put(tmp_path, name, changed=LONG_AGO + age)
    assert [file.path for file in survey(tmp_path, DATASETS).files] == [
        "pears/c",
        "apples/b",
        "apples/a",
    ]


def test_what_is_no_submission_is_passed_over_and_named(tmp_path: Path) -> None:
    names = [
        "apples/~$a.xlsx",
        "apples/.hidden",
        "apples/a.part",
        "apples/b.CRDOWNLOAD",
        "pears/c.tmp",
        "pears/ก/Thumbs.db",
        "pears/desktop.ini",
    ]
    for name in names:
        put(tmp_path, name)
    found = survey(tmp_path, DATASETS)
    assert (found.files, sorted(found.passed_over)) == ((), sorted(names))


def test_what_belongs_to_no_dataset_is_named(tmp_path: Path) -> None:
    put(tmp_path, "plums/a.csv")
    put(tmp_path, "stray.csv")
    put(tmp_path, ".git/x")
    assert survey(tmp_path, DATASETS).unknown == ("plums/", "stray.csv")


def test_a_dataset_without_a_folder_has_no_files(tmp_path: Path) -> None:
    assert survey(tmp_path, DATASETS).files == ()


def test_a_landing_zone_that_is_not_there_stops_the_night_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(LandingMissing, match="WAREHOUSE_LANDING"):
        survey(tmp_path / "nowhere", DATASETS)
    with pytest.raises(LandingMissing):
        survey(put(tmp_path, "file"), DATASETS)


def test_a_file_that_grows_while_we_look_is_left_for_the_next_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "SETTLE_SECONDS", 0.3)
    put(tmp_path, "apples/settled.csv")
    growing = put(tmp_path, "apples/growing.csv", changed=time.time())
    done = threading.Event()

    def write() -> None:
        while not done.wait(0.02):
            with growing.open("a") as file:
                file.write("more")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = survey(tmp_path, DATASETS)
    finally:
        done.set()
        writer.join()
    assert [file.path for file in found.files] == ["apples/settled.csv"]
    assert found.being_written == ("apples/growing.csv",)
    assert [f.path for f in survey(tmp_path, DATASETS).files] == [
        "apples/settled.csv",
        "apples/growing.csv",
    ]


def test_a_file_that_vanished_has_not_changed(tmp_path: Path) -> None:
    full = put(tmp_path, "apples/a")
    file = Found("apples", "apples/a", full, 1, LONG_AGO * 10**9)
    assert not has_changed(file)
    full.write_text("longer")
    assert has_changed(file)
    full.unlink()
    assert not has_changed(file)


def test_a_file_held_open_for_writing_is_known_and_one_for_reading_is_not(tmp_path: Path) -> None:
    written, read, closed = (put(tmp_path, f"apples/{name}") for name in "wrc")
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; a = open(sys.argv[1], 'a'); b = open(sys.argv[2]); "
            "print(flush=True); sys.stdin.read()",
            written,
            read,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert held_open_for_writing([written, read, closed]) == {written}
    finally:
        holder.communicate(timeout=10)
    assert held_open_for_writing([written, read, closed]) == set()


@pytest.mark.skipif(os.name != "posix", reason="links need a POSIX file system")
def test_a_link_that_leads_nowhere_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "apples").mkdir()
    (tmp_path / "apples/link.csv").symlink_to(tmp_path / "nowhere")
    assert survey(tmp_path, DATASETS).files == ()


def put_bytes(root: Path, name: bytes) -> Path:
    """A file whose name is these bytes, in the folder of the first dataset."""
    full = root / "apples" / os.fsdecode(name)
    try:
        put(root, full.relative_to(root).as_posix())
    except OSError:
        pytest.skip("this file system takes no name that is not UTF-8")
    return full


def test_a_name_of_thai_windows_bytes_reads_as_thai(tmp_path: Path) -> None:
    full = put_bytes(tmp_path, "ไตรมาส 1/สรุป.csv".encode("cp874"))
    (file,) = survey(tmp_path, DATASETS).files
    assert file.path == "apples/ไตรมาส 1/สรุป.csv"
    assert placed(tmp_path, file.path) == full


def test_a_name_of_bytes_that_are_no_text_is_escaped(tmp_path: Path) -> None:
    full = put_bytes(tmp_path, b"a\xff\xfe.csv")
    (file,) = survey(tmp_path, DATASETS).files
    assert file.path == "apples/a\\xff\\xfe.csv"
    assert placed(tmp_path, file.path) == full


def test_two_names_that_read_alike_are_two_files(tmp_path: Path) -> None:
    windows = put_bytes(tmp_path, "ก.csv".encode("cp874"))
    modern = put(tmp_path, "apples/ก.csv")
    found = {file.path: file.full for file in survey(tmp_path, DATASETS).files}
    assert found == {"apples/ก.csv": modern, "apples/\\xa1.csv": windows}
    assert {path: placed(tmp_path, path) for path in found} == found


def test_a_stray_name_that_is_no_text_is_named(tmp_path: Path) -> None:
    put_bytes(tmp_path, b"x")
    (tmp_path / os.fsdecode(b"\xff.csv")).write_text("x")
    assert survey(tmp_path, DATASETS).unknown == ("\\xff.csv",)


def test_a_file_or_folder_that_this_user_may_not_look_into_is_named_and_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "apples/good.csv")
    put(tmp_path, "apples/shut/a.csv")
    bad = put(tmp_path, "pears/bad.csv")
    scandir, is_file = os.scandir, Path.is_file

    # Tests run as root, whom no permission keeps out.
    def refusing(path: str) -> object:
        if Path(path).name == "shut":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    def also_refusing(path: Path) -> bool:
        if path == bad:
            raise PermissionError(13, "Permission denied", str(path))
        return is_file(path)

    monkeypatch.setattr(os, "scandir", refusing)
    monkeypatch.setattr(Path, "is_file", also_refusing)
    found = survey(tmp_path, DATASETS)
    assert [file.path for file in found.files] == ["apples/good.csv"]
    assert found.unreadable == ("apples/shut/", "pears/bad.csv")
