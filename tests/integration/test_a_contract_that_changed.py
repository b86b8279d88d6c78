"""A contract gains a code; the archive is judged again; the next night takes it over.

By a copy of the software with the changed contract, as an operator has it after an upgrade, over a
copy of the sample's home, which from then on publishes in a lakehouse, too.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from postgres import NEEDED, PROGRAMS

from tests.integration.conftest import changed_software
from tests.integration.test_rebuilding_an_earlier_time import _differences as differences

if TYPE_CHECKING:
    from tests.integration.conftest import OtherSoftware, Sample

pytestmark = pytest.mark.night

#: What the sample's coordinator 4 reported and no contract knew.
NEW = "ประชุมใหญ่"


@pytest.fixture(scope="module")
def upgraded(
    sample: Sample, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> OtherSoftware:
    """A home under software whose contract knows one code more."""
    known = "          - value: capability_building\n"
    folder = tmp_path_factory.mktemp("upgraded")
    software = changed_software(
        sample.home,
        folder,
        "sources/activity_reports/contract.odcs.yaml",
        known,
        f"          - value: conference\n            label: {NEW}\n{known}",
    )
    shutil.copy(software.home.published, folder / "before.duckdb")
    if PROGRAMS is None:
        return software
    postgres = request.getfixturevalue("postgres")
    catalog = postgres.database("a_contract_that_changed")
    lake = {"WAREHOUSE_TARGET": "ducklake", "WAREHOUSE_LAKE_CATALOG": catalog}
    return replace(software, settings={**lake, "WAREHOUSE_LAKE_DATA": str(folder / "lake")})


def said(software: OtherSoftware, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What a command said that must succeed."""
    done = software.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def stored(software: OtherSoftware) -> list[str]:
    """The names of the files in the store."""
    return sorted(path.name for path in (software.home.root / "store").rglob("*.parquet"))


@pytest.fixture(scope="module")
def story(upgraded: OtherSoftware) -> dict[str, Any]:
    """What was seen at each step, in order."""
    stored_before = stored(upgraded)
    shown = said(upgraded, "rejudge", "activity_reports", "--dry-run")
    after_dry_run = [name for name in stored(upgraded) if not name.startswith("empty.")]
    before_rejudging = dt.datetime.now(dt.UTC)
    published = upgraded.home.digest()
    taken = json.loads(said(upgraded, "rejudge", "activity_reports", "--json").stdout)
    again = said(upgraded, "rejudge", "activity_reports")
    still_published = upgraded.home.digest()
    nothing_yet = upgraded.run("query", "select 1")
    said(upgraded, "run", "--json")
    earlier = upgraded.home.root.parent / "earlier.duckdb"
    said(upgraded, "run", "--as-of", before_rejudging.isoformat(), "--out", str(earlier))
    return {
        "stored": [name for name in stored_before if not name.startswith("empty.")],
        "shown": " ".join(shown.stdout.split()),
        "after_dry_run": after_dry_run,
        "taken": taken,
        "nothing yet": " ".join(nothing_yet.stderr.split()),
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
    story: dict[str, Any], upgraded: OtherSoftware, sample: Sample
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


@pytest.mark.skipif(PROGRAMS is None, reason=NEEDED)
def test_a_lakehouse_shows_what_was_judged_again_with_the_next_night_only(
    story: dict[str, Any], upgraded: OtherSoftware
) -> None:
    assert "Nothing is published in the lake" in story["nothing yet"]
    sql = (
        "select (select count(*) from marts.fct_activity where activity_type = 'conference'), "
        f"(select count(*) from audit.quarantined_row where raw_value = '{NEW}')"
    )
    assert said(upgraded, "query", sql, "--format", "csv").stdout.splitlines()[1] == "1,0"


def test_nothing_else_changed(
    upgraded: OtherSoftware, story: dict[str, Any], sample: Sample
) -> None:
    tables = upgraded.home.tables()
    for name in ("marts.fct_financial_outcome", "marts.dim_enterprise", "marts.fct_membership"):
        assert tables[name] == sample.second.tables[name]
    kept = [row for row in tables["marts.fct_activity"] if row["activity_type"] != "conference"]
    assert kept == sample.second.tables["marts.fct_activity"]


def test_the_time_before_is_still_built_as_it_was_published(
    story: dict[str, Any], upgraded: OtherSoftware
) -> None:
    assert differences(story["earlier"], upgraded.home.root.parent / "before.duckdb") == {}
