"""dbt's documentation as one file: what of the manifest goes in, what the page is kept from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import dbt_docs
from orchestration.dictionary.published import Column, Described, Table

PAGE = (
    '<!doctype html><head><meta charset="utf-8"><link rel="shortcut icon" '
    "href=\"${require('./assets/favicons/favicon.ico')}\"/></head><script>"
    'var n={manifest:"MANIFEST.JSON INLINE DATA",catalog:"CATALOG.JSON INLINE DATA"}</script>'
)
MODEL = "model.w.fct_thing"
MANIFEST: dict[str, Any] = {
    "metadata": {
        "project_name": "w", "dbt_version": "1", "generated_at": "2026-01-01", "user_id": "me",
        "send_anonymous_usage_stats": True, "invocation_id": "this-one",
    },
    "nodes": {
        MODEL: {
            "resource_type": "model", "schema": "marts", "name": "fct_thing", "alias": "fct_thing",
            "created_at": 12.5, "root_path": "/somewhere", "description": "One row per thing.",
            "raw_code": "select '</script><script>alert(1)</script>'",
            "columns": {"thing_id": {"name": "thing_id", "description": "Its id."}},
        }
    },
    "macros": {"macro.w.ours": {"package_name": "w"}, "macro.dbt.theirs": {"package_name": "dbt"}},
    "docs": {"doc.dbt.__overview__": {"package_name": "dbt", "block_contents": "Buy dbt!"}},
    "disabled": {},
}  # fmt: skip
TABLE = Table(
    "marts", "fct_thing", Described("One row per thing.", "หนึ่งแถวต่อสิ่งของ"), ("thing_id",),
    (Column("thing_id", "varchar", Described("Its id.", "รหัส"), True, None, None),), (), (),
)  # fmt: skip


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    db = duckdb.connect()
    db.execute("create schema marts; create table marts.fct_thing (thing_id varchar)")
    db.execute("insert into marts.fct_thing values ('a'), ('b')")
    return db


@pytest.fixture
def page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warehouse: duckdb.DuckDBPyConnection
) -> str:
    file = tmp_path / "index.html"
    file.write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(dbt_docs, "_page", lambda: file)
    return dbt_docs.dbt_docs(warehouse, MANIFEST, [TABLE])


def inlined(page: str, name: str) -> dict[str, Any]:
    decoder = json.JSONDecoder()
    value: dict[str, Any] = decoder.raw_decode(page, page.index(f"{name}:") + len(name) + 1)[0]
    return value


def test_nothing_of_one_machine_person_or_moment_is_in_it(page: str) -> None:
    manifest = inlined(page, "manifest")
    assert manifest["metadata"] == {
        "dbt_schema_version": None,
        "dbt_version": "1",
        "project_name": "w",
        "adapter_type": None,
        "send_anonymous_usage_stats": False,
    }
    assert not {"created_at", "root_path"} & set(manifest["nodes"][MODEL])


def test_what_dbt_itself_brings_is_left_out(page: str) -> None:
    manifest = inlined(page, "manifest")
    assert set(manifest["macros"]) == {"macro.w.ours"}
    assert "Buy dbt!" not in page


def test_thai_stands_below_the_english(page: str) -> None:
    node = inlined(page, "manifest")["nodes"][MODEL]
    assert node["description"] == "One row per thing.\n\nหนึ่งแถวต่อสิ่งของ"
    assert node["columns"]["thing_id"]["description"] == "Its id.\n\nรหัส"


def test_the_catalog_says_the_columns_and_rows_of_the_published_file(page: str) -> None:
    table = inlined(page, "catalog")["nodes"][MODEL]
    assert table["columns"]["thing_id"]["type"] == "VARCHAR"
    assert table["stats"]["rows"]["value"] == 2


def test_code_of_a_model_cannot_end_the_pages_script(page: str) -> None:
    assert len(re.findall("</script>", page)) == 1
    assert "</script>" in inlined(page, "manifest")["nodes"][MODEL]["raw_code"]


def test_the_page_may_ask_nobody_for_anything(page: str) -> None:
    assert "default-src 'none'" in page
    assert "favicon.ico" not in page


def test_the_manifest_that_was_given_stays_as_it_was(page: str) -> None:
    assert page
    assert MANIFEST["nodes"][MODEL]["description"] == "One row per thing."
    assert "doc.dbt.__overview__" in MANIFEST["docs"]


def test_another_page_of_a_later_dbt_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warehouse: duckdb.DuckDBPyConnection
) -> None:
    file = tmp_path / "index.html"
    file.write_text(PAGE.replace("MANIFEST.JSON INLINE DATA", "elsewhere"), encoding="utf-8")
    monkeypatch.setattr(dbt_docs, "_page", lambda: file)
    with pytest.raises(dbt_docs.NoPage, match="MANIFEST"):
        dbt_docs.dbt_docs(warehouse, MANIFEST, [])
