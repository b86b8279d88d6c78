"""What `warehouse status` says of a landing zone, also where that cannot be read whole."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from small_home import home_at

from orchestration import status
from orchestration.ledger import open_ledger
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
