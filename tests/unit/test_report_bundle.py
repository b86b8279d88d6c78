"""The script that draws charts: made once, kept, and loaded by nothing that only starts."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import vl_convert

from orchestration.report.bundle import put_bundle


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
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, orchestration.report; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "orchestration.report.site" in loaded
    assert {"altair", "vl_convert", "jinja2"} & set(loaded) == set()
