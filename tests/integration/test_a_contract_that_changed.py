"""A contract gains a code; the archive is judged again; the next night takes it over.

By a copy of the software with the changed contract, as an operator has it after an upgrade, over a
copy of the sample's home.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.conftest import NIGHT_SECONDS, Home
from tests.integration.test_rebuilding_an_earlier_time import _differences as differences

if TYPE_CHECKING:
    from tests.integration.conftest import Sample

pytestmark = pytest.mark.night

PROJECT = Path(__file__).parents[2]
PROGRAM = "from orchestration.cli import main; main()"
#: What the sample's coordinator 4 reported and no contract knew.
NEW = "ประชุมใหญ่"


@dataclass
class Upgraded:
    """A home under software whose contract knows one code more."""

    home: Home
    software: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *arguments],
            env=self.home.environment(PYTHONPATH=str(self.software)),
            cwd=self.software,
            capture_output=True,
            text=True,
            timeout=NIGHT_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def stored(self) -> list[str]:
        return sorted(path.name for path in (self.home.root / "store").rglob("*.parquet"))


@pytest.fixture(scope="module")
def upgraded(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    folder = tmp_path_factory.mktemp("upgraded")
    shutil.copytree(sample.home.root, folder / "home")
    for room in ("sources", "orchestration", "dbt_project"):
        shutil.copytree(
            PROJECT / room,
            folder / "software" / room,
            ignore=shutil.ignore_patterns("__pycache__", "target", "logs"),
        )
    contract = folder / "software" / "sources" / "activity_reports" / "contract.odcs.yaml"
    text = contract.read_text(encoding="utf-8")
    known = "          - value: capability_building\n"
    assert text.count(known) == 1
    code = f"          - value: conference\n            label: {NEW}\n"
    contract.write_text(text.replace(known, code + known), encoding="utf-8")
    home = Home(folder / "home", folder / "home" / "landing", landing_is_default=True)
    shutil.copy(home.published, folder / "before.duckdb")
    return Upgraded(home, folder / "software")


@pytest.fixture(scope="module")
def story(upgraded: Upgraded) -> dict[str, Any]:
    """What was seen at each step, in order."""
    stored = upgraded.stored()
    shown = upgraded.run("rejudge", "activity_reports", "--dry-run")
    after_dry_run = [name for name in upgraded.stored() if not name.startswith("empty.")]
    before_rejudging = dt.datetime.now(dt.UTC)
    published = upgraded.home.digest()
    taken = json.loads(upgraded.run("rejudge", "activity_reports", "--json").stdout)
    again = upgraded.run("rejudge", "activity_reports")
    still_published = upgraded.home.digest()
    upgraded.run("run", "--json")
    earlier = upgraded.home.root.parent / "earlier.duckdb"
    upgraded.run("run", "--as-of", before_rejudging.isoformat(), "--out", str(earlier))
    return {
        "stored": [name for name in stored if not name.startswith("empty.")],
        "shown": " ".join(shown.stdout.split()),
        "after_dry_run": after_dry_run,
        "taken": taken,
        "again": " ".join(again.stdout.split()),
        "published": (published, still_published),
        "earlier": earlier,
    }


def test_what_changes_is_shown_and_a_dry_run_leaves_nothing(story: dict[str, Any]) -> None:
    assert "quarantined: activity_type bad_code" in story["shown"]
    assert "Nothing was taken over" in story["shown"]
    assert story["after_dry_run"] == story["stored"]


def test_programs_are_told_the_same(story: dict[str, Any]) -> None:
    (dataset,) = story["taken"]["datasets"]
    (row,) = dataset["rows"]
    assert (row["before"], row["after"]) == ("quarantined: activity_type bad_code", "accepted")
    assert row["rows"] == 1
    assert story["taken"]["taken_over"] == dataset["files_judged"] > 1
    assert dataset["values"] == []


def test_a_second_time_there_is_nothing_to_judge(story: dict[str, Any]) -> None:
    assert "Every file was judged by this version already." in story["again"]


def test_what_analysts_see_changes_with_the_next_night_only(
    story: dict[str, Any], upgraded: Upgraded, sample: Sample
) -> None:
    before, still = story["published"]
    assert before == still != upgraded.home.digest()
    assert upgraded.home.rows(
        "select count(*) from marts.fct_activity where activity_type = 'conference'"
    ) == [(1,)]
    (was,) = sample.second.where("audit.quarantined_row", raw_value=NEW)
    assert upgraded.home.rows("select * from audit.quarantined_row where raw_value = ?", NEW) == []
    ((rows_read, current, superseded, quarantined, receipts),) = upgraded.home.rows(
        "select sum(rows_read), sum(rows_current), sum(rows_superseded), sum(rows_quarantined), "
        "count(*) from audit.load_file where path = ?",
        was["path"],
    )
    (file,) = sample.second.where("audit.load_file", path=was["path"])
    assert receipts == 1
    assert rows_read == current + superseded + quarantined == file["rows_read"]
    assert quarantined == file["rows_quarantined"] - 1


def test_nothing_else_changed(upgraded: Upgraded, story: dict[str, Any], sample: Sample) -> None:
    tables = upgraded.home.tables()
    for name in ("marts.fct_financial_outcome", "marts.dim_enterprise", "marts.fct_membership"):
        assert tables[name] == sample.second.tables[name]
    kept = [row for row in tables["marts.fct_activity"] if row["activity_type"] != "conference"]
    assert kept == sample.second.tables["marts.fct_activity"]


def test_the_time_before_is_still_built_as_it_was_published(
    story: dict[str, Any], upgraded: Upgraded
) -> None:
    assert differences(story["earlier"], upgraded.home.root.parent / "before.duckdb") == {}
