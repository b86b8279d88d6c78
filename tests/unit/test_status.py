"""What `warehouse status` says of a landing zone, also where that cannot be read whole."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import shutil
from pathlib import Path

import pytest
from small_home import home_at

from orchestration import status
from orchestration.instants import parse_time
from orchestration.ledger import open_ledger
from orchestration.querying import as_json
from orchestration.status import Health


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ENOENT], ids=os.strerror)
def test_a_file_that_cannot_be_read_is_one_that_waits(
    small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    shutil.copytree(small_home, tmp_path / "home")
    home = home_at(tmp_path / "home")
    (home.root / "landing/activity_reports/new.csv").write_text("x", encoding="utf-8")
    real = status.sha256_now

    def refused(found: status.Found, remembered: status.Remembered) -> str:
        # Tests run as root, whom no permission keeps out.
        if found.path.endswith("new.csv"):
            raise OSError(number, os.strerror(number))
        return real(found, remembered)

    monkeypatch.setattr(status, "sha256_now", refused)
    state = Health()
    with open_ledger(home) as ledger:
        status._look_at_landing(state, ledger, home)
    assert (state.files_waiting, state.problems) == (["activity_reports/new.csv"], [])


def test_an_instant_in_json_is_the_one_that_as_of_takes() -> None:
    instant = dt.datetime(2015, 1, 20, 18, 30, 0, 217_235)
    state = Health(published={"published_at": instant}, took_over=[{"at": instant}])
    said = json.loads(as_json(state.as_dict()))
    assert parse_time(said["published"]["published_at"]) == instant
    assert parse_time(said["took_over"][0]["at"]) == instant


def test_json_of_a_query_keeps_the_fraction_of_a_second() -> None:
    instant = dt.datetime(2015, 1, 20, 18, 30, 0, 217_235)
    assert json.loads(as_json([{"published_at": instant}])) == [
        {"published_at": "2015-01-20 18:30:00.217235"}
    ]
