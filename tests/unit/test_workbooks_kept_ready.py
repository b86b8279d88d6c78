"""The folder of workbooks for coordinators: its files change, the folder itself stays."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from small_home import home_at

from orchestration import workbooks
from orchestration.settings import Home


def test_the_workbooks_are_renewed_in_the_same_private_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_at(tmp_path)
    home.quarantine.mkdir(mode=0o755)
    folder = home.quarantine.stat().st_ino
    for name in ("C05.xlsx", "C99.xlsx"):
        (home.quarantine / name).write_bytes(b"of yesterday")

    def write(_: Home, out: Path) -> list[workbooks.Workbook]:
        assert (home.quarantine / "C05.xlsx").read_bytes() == b"of yesterday"
        (out / "C05.xlsx").write_bytes(b"of today")
        return []

    monkeypatch.setattr(workbooks, "write_workbooks", write)
    workbooks.renew(home)
    assert [path.name for path in home.quarantine.iterdir()] == ["C05.xlsx"]
    assert (home.quarantine / "C05.xlsx").read_bytes() == b"of today"
    assert home.quarantine.stat().st_ino == folder
    assert stat.S_IMODE(home.quarantine.stat().st_mode) == 0o700
