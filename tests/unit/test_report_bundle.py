"""What a report keeps for the next: made once, and loaded by nothing that only starts."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import duckdb
import jinja2
import pytest
import vl_convert
from programs import said_by

from orchestration.report.bundle import put_bundle
from orchestration.report.site import write_report


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that an earlier release filled, after one site was written."""
    cache = tmp_path_factory.mktemp("cache")
    (cache / "charts-0.1.js").write_text("of an earlier release")
    put_bundle(cache / "first.js", cache)
    return cache


def test_the_script_brings_all_it_needs_and_is_kept_for_its_release(cache: Path) -> None:
    kept = cache / f"charts-{version('vl-convert-python')}.js"
    text = kept.read_text(encoding="utf-8")
    assert "window.vegaEmbed" in text
    assert (cache / "first.js").read_text(encoding="utf-8") == text
    assert not (cache / "charts-0.1.js").exists()
    assert list(cache.glob("*.half")) == []


def test_a_script_that_is_kept_is_not_made_again(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> str:
        raise AssertionError("the kept script was there")

    monkeypatch.setattr(vl_convert, "javascript_bundle", never)
    put_bundle(tmp_path / "charts.js", cache)
    assert (tmp_path / "charts.js").read_bytes() == (cache / "first.js").read_bytes()


def test_what_starts_up_does_not_pay_for_charts() -> None:
    loaded = said_by("import sys, orchestration.report; print(*sys.modules)").split()
    assert "orchestration.report.site" in loaded
    assert {"altair", "vl_convert", "jinja2"} & set(loaded) == set()


@pytest.fixture
def no_compiling(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it, and from then on no template may be compiled."""

    def never(*_: object, **__: object) -> str:
        raise AssertionError("the compiled template was there")

    return lambda: monkeypatch.setattr(jinja2.Environment, "compile", never)


def test_a_template_that_is_kept_is_not_compiled_again(
    tmp_path: Path, no_compiling: Callable[[], None]
) -> None:
    warehouse, cache = tmp_path / "warehouse.duckdb", tmp_path / "cache"
    with duckdb.connect(str(warehouse)) as db:
        db.execute(
            """
            create schema reports; create schema marts; create schema audit;
            create table reports.rpt_programme_progress (fiscal_year_be int, target_baht int);
            create table marts.dim_night (
                run_id text, began_at timestamp, night_number int, is_this_night boolean
            );
            create table audit.published_run (
                run_id text, published_at timestamp, git_sha text
            );
            """
        )
    cache.mkdir()
    (cache / "page-0.1-root.compiled").write_text("of an earlier Jinja")
    write_report(warehouse, tmp_path / "first", cache=cache, pages=[])
    assert not (cache / "page-0.1-root.compiled").exists()
    no_compiling()
    write_report(warehouse, tmp_path / "second", cache=cache, pages=[])
    first, second = (tmp_path / name / "index.html" for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
    with pytest.raises(AssertionError, match="was there"):
        write_report(warehouse, tmp_path / "third", cache=tmp_path / "empty", pages=[])
