"""The warehouse of an earlier time, and files taken out of it on purpose.

Over a copy of the sample's home, because withdrawing changes it; no night is run here.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.integration.conftest import Home

if TYPE_CHECKING:
    from tests.integration.conftest import Done, Sample

pytestmark = pytest.mark.night


@pytest.fixture(scope="module")
def home(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("earlier") / "home"
    shutil.copytree(sample.home.root, root)
    return Home(root, root / "landing", landing_is_default=True)


def _as_of(home: Home, time: str, **environment: str) -> tuple[Done, Path]:
    out = home.root.parent / "as of.duckdb"
    return home.run("run", "--as-of", time, "--out", str(out), **environment), out


def _differences(one: Path, other: Path) -> dict[str, int]:
    with duckdb.connect() as db:
        db.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        tables = db.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'other'"
        ).fetchall()
        assert tables
        return {
            name: rows
            for (name,) in tables
            for (rows,) in db.execute(
                f"select count(*) from ((from one.{name} except all from other.{name}) union all "
                f"(from other.{name} except all from one.{name}))"
            ).fetchall()
            if rows
        }


def test_as_of_a_night_that_published_gives_what_it_published(home: Home) -> None:
    done, out = _as_of(home, "2100-01-01T00:00")
    assert done.exit_code == 0, done.said
    assert _differences(out, home.published) == {}


def test_as_of_a_time_before_the_first_night_nothing_had_come(home: Home) -> None:
    digest = home.published.read_bytes()
    done, out = _as_of(home, "2015-01-20T01:30")
    assert done.exit_code == 0, done.said
    with duckdb.connect(str(out), read_only=True) as db:
        assert db.execute("select count(*) from audit.load_file").fetchall() == [(0,)]
        assert db.execute(
            "select sum(actual_baht), sum(target_baht) from reports.rpt_programme_progress"
        ).fetchall() == [(0, 595_000_000)]
    assert home.published.read_bytes() == digest


def test_the_days_a_report_has_are_a_setting_and_it_alone_decides_who_is_late(home: Home) -> None:
    done, out = _as_of(home, "2100-01-01T00:00", WAREHOUSE_REPORT_DUE_DAYS="45")
    assert done.exit_code == 0, done.said
    late_by = (
        "select first_submitted_on - ends_on from marts.fct_expected_report "
        "join marts.dim_fiscal_quarter using (fiscal_year_be, fiscal_quarter) "
        "where is_reported"
    )
    figures = (
        "select sum(members_late), max(days_late_max), "
        "min(due_on - ends_on), max(due_on - ends_on) from reports.rpt_programme_completeness "
        "join marts.dim_fiscal_quarter using (fiscal_year_be, fiscal_quarter, due_on)"
    )
    for path, days in ((home.published, 15), (out, 45)):
        with duckdb.connect(str(path), read_only=True) as db:
            late = [of - days for (of,) in db.execute(late_by).fetchall() if of > days]
            assert late
            assert db.execute(figures).fetchall() == [(len(late), max(late), days, days)]


def test_an_earlier_time_is_not_written_over_what_is_published_or_over_another_file(
    home: Home, tmp_path: Path
) -> None:
    digest = home.published.read_bytes()
    letter = tmp_path / "letter.txt"
    letter.write_text("keep me", encoding="utf-8")
    (home.root.parent / "link").symlink_to(home.root)
    for out, says in (
        (home.published, "Name a file elsewhere"),
        (home.root.parent / "link/published/current/earlier.duckdb", "Name a file elsewhere"),
        (home.root / "build/night/earlier.duckdb", "Name a file elsewhere"),
        (letter, "is no DuckDB file"),
        (home.root / "ledger.sqlite", "is no DuckDB file"),
        (tmp_path, "is a folder"),
    ):
        done = home.run("run", "--as-of", "2015-01-20", "--out", str(out))
        assert (done.exit_code, says in done.said) == (1, True), done.said
    assert home.published.read_bytes() == digest
    assert letter.read_text(encoding="utf-8") == "keep me"


def test_what_is_no_time_is_refused_with_an_example(home: Home) -> None:
    done, _ = _as_of(home, "yesterday")
    assert done.exit_code == 1
    assert "2015-01-20T01:30" in done.said


def test_a_withdrawn_file_is_out_of_the_next_warehouse_and_can_be_put_back(home: Home) -> None:
    path = home.run(
        "query", "--format", "csv",
        "select path from audit.load_file where status = 'loaded' "
        "and dataset = 'financial_outcomes' order by rows_current desc limit 1",
    ).stdout.splitlines()[1]  # fmt: skip
    assert home.run("withdraw", path).exit_code == 0
    again = home.run("withdraw", path)
    assert again.exit_code == 1
    assert "withdrawn already" in again.said
    done, out = _as_of(home, "2100-01-01T00:00")
    assert done.exit_code == 0, done.said
    with duckdb.connect(str(out), read_only=True) as db:
        ((status, read, current, superseded, bad),) = db.execute(
            "select status, rows_read, rows_current, rows_superseded, rows_quarantined "
            "from audit.load_file where path = ?",
            [path],
        ).fetchall()
    assert (status, current, superseded + bad) == ("withdrawn", 0, read)
    assert home.run("withdraw", "--undo", path).exit_code == 0
    done, out = _as_of(home, "2100-01-01T00:00")
    # All is as it was, and that the file was out and in again is on record.
    assert _differences(out, home.published) == {"audit.file_event": 2}
