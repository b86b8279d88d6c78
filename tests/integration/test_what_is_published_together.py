"""The warehouse, its exports and its report are one publication: each version has its own three."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from tests.integration.conftest import Sample

pytestmark = pytest.mark.night


def run_of(warehouse: Path) -> str:
    """The run that published a warehouse."""
    with duckdb.connect(str(warehouse), read_only=True) as db:
        found = db.sql("select run_id from audit.published_run order by published_at desc limit 1")
        (run_id,) = found.fetchone() or ("",)
    return str(run_id)


def test_people_find_the_warehouse_the_exports_and_the_report_of_one_night(sample: Sample) -> None:
    published = sample.home.root / "published"
    run_id = sample.second.report["run_id"]
    assert run_of(published / "warehouse.duckdb") == run_id
    assert json.loads((published / "exports" / "index.json").read_text("utf-8"))["run_id"] == run_id
    for language in ("th", "en"):
        page = (published / "report" / language / "index.html").read_text("utf-8")
        assert run_id[:8] in page


def test_one_link_leads_to_all_of_it(sample: Sample) -> None:
    published = sample.home.root / "published"
    links = {path.name: str(path.readlink()) for path in published.iterdir() if path.is_symlink()}
    current = links.pop("current")
    assert current.startswith("versions/")
    assert links == {name: f"current/{name}" for name in ("warehouse.duckdb", "exports", "report")}


def test_every_kept_version_has_its_own_report_and_exports(sample: Sample) -> None:
    versions = sorted((sample.home.root / "published" / "versions").iterdir())
    assert len(versions) == 2
    for version in versions:
        run_id = run_of(version / "warehouse.duckdb")
        assert version.name.endswith(run_id[:8])
        assert json.loads((version / "exports" / "index.json").read_text("utf-8"))["run_id"] == (
            run_id
        )
        assert run_id[:8] in (version / "report" / "th" / "index.html").read_text("utf-8")
