"""dbt's own documentation of the project, as one HTML file that asks nobody for anything.

`dbt docs generate --static` would do it, by a second dbt of some seconds a night that looks into a
database. Its page is a file of dbt with two places for JSON; both are filled here: the manifest,
without what belongs to one machine or moment, and a catalog made from the published file. So every
night has it anew, and the same warehouse and software make the same bytes.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.dictionary.published import SCHEMAS, Table

#: dbt's page, in the package of this environment; found without importing dbt.
_PAGE = ("task", "docs", "index.html")
_MANIFEST_PLACE, _CATALOG_PLACE = '"MANIFEST.JSON INLINE DATA"', '"CATALOG.JSON INLINE DATA"'
#: What the page itself would ask for; the first is a file that dbt does not bring.
_ICON = "\"${require('./assets/favicons/favicon.ico')}\""
#: An address that the page's script has yet to fill in; as it stands it would be asked for.
_UNFILLED = ' xlink:href="{{', ' ng-attr-xlink:href="{{'
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data:; font-src data:; base-uri 'none'; form-action 'none'\">"
)
_HEAD = '<meta charset="utf-8">'
#: Of the manifest's metadata; the rest is of one parse, one user or one machine.
_METADATA = ("dbt_schema_version", "dbt_version", "project_name", "adapter_type")
#: Of a node, likewise.
_OF_ONE_PARSE = frozenset({"created_at", "root_path", "build_path", "compiled_path"})
#: What the page opens with, in place of dbt's own words.
_OVERVIEW = "doc.dbt.__overview__"
_WELCOME = """\
# คลังข้อมูลคลัสเตอร์ · Cluster warehouse

แบบจำลองทั้งหมดที่สร้างคลังข้อมูล พร้อม SQL และที่มาของแต่ละตาราง นักวิเคราะห์ดูพจนานุกรมข้อมูลในรายงานได้ง่ายกว่า

Every model that builds the warehouse, with its SQL and what it is built from. For the published
tables alone, the report's data dictionary is easier to read.
"""
_TABLES_SQL = f"""
select t.schema_name, t.table_name, t.estimated_size, c.column_name, c.data_type, c.column_index
from duckdb_tables() as t join duckdb_columns() as c using (table_oid)
where t.schema_name in ({", ".join(f"'{schema}'" for schema in SCHEMAS)})
order by t.schema_name, t.table_name, c.column_index
"""


class NoPage(RuntimeError):
    """dbt's page is not as this module knows it; the message says what is missing."""


def dbt_docs(
    db: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], tables: Iterable[Table]
) -> str:
    """The whole page.

    Args:
        db: a published warehouse, open; its columns and row counts are shown.
        manifest: dbt's, of the project.
        tables: what is published, for its Thai, which stands below the English.

    Raises:
        NoPage: the dbt of this environment has another page.
    """
    page = _page().read_text(encoding="utf-8")
    for place in (_MANIFEST_PLACE, _CATALOG_PLACE, _HEAD):
        if place not in page:
            raise NoPage(f"dbt's page has no {place}")
    page = page.replace(_HEAD, _HEAD + _POLICY, 1).replace(_ICON, '"data:,"').replace(*_UNFILLED)
    shown = in_both_languages(without_the_machine(manifest), tables)
    page = page.replace(_MANIFEST_PLACE, _in_script(shown), 1)
    return page.replace(_CATALOG_PLACE, _in_script(catalog(db, manifest)), 1)


def _page() -> Path:
    found = importlib.util.find_spec("dbt")
    for folder in found.submodule_search_locations or [] if found else []:
        if (page := Path(folder, *_PAGE)).is_file():
            return page
    raise NoPage("dbt-core is not installed, or brings no page of its documentation")


def without_the_machine(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The project's part of a manifest, without times, users, paths and what dbt itself brings."""
    project = manifest["metadata"]["project_name"]
    metadata = {key: manifest["metadata"].get(key) for key in _METADATA}
    kept: dict[str, Any] = {"metadata": {**metadata, "send_anonymous_usage_stats": False}}
    for kind, things in manifest.items():
        if kind in ("macros", "docs"):
            own = {name: each for name, each in things.items() if each["package_name"] == project}
            kept[kind] = _without(own)
        elif kind != "metadata":
            kept[kind] = _without(things) if isinstance(things, Mapping) else things
    kept["docs"][_OVERVIEW] = {"name": "__overview__", "block_contents": _WELCOME}
    return kept


def _without(things: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {key: value for key, value in thing.items() if key not in _OF_ONE_PARSE}
        if isinstance(thing, Mapping)
        else thing
        for name, thing in things.items()
    }


def in_both_languages(manifest: dict[str, Any], tables: Iterable[Table]) -> dict[str, Any]:
    """A manifest whose published tables and columns are described in Thai below the English."""
    described = {table.name: table for table in tables}
    nodes = dict(manifest["nodes"])
    for name, node in nodes.items():
        table = described.get(node["name"]) if node["resource_type"] == "model" else None
        if table is None:
            continue
        columns = {column.name: column for column in table.columns}
        nodes[name] = {
            **node,
            "description": _paragraphs(table.description.comment),
            "columns": {
                key: {**raw, "description": _paragraphs(columns[key].description.comment)}
                for key, raw in node["columns"].items()
            },
        }
    return {**manifest, "nodes": nodes}


def _paragraphs(comment: str) -> str:
    return comment.replace("\n", "\n\n")


def catalog(db: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What dbt's catalog says of the tables of an open warehouse: their columns, types and rows."""
    nodes: dict[str, Any] = {}
    ids = {
        (node["schema"], node["alias"]): name
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    }
    for schema, table, rows, column, sql_type, index in db.execute(_TABLES_SQL).fetchall():
        if (name := ids.get((schema, table))) is None:
            continue
        node = nodes.setdefault(
            name,
            {
                "unique_id": name,
                "metadata": {"type": "BASE TABLE", "schema": schema, "name": table,
                             "database": "warehouse", "comment": None, "owner": None},
                "stats": {"rows": {"id": "rows", "label": "Rows", "value": rows, "include": True,
                                   "description": "Rows of the published table."},
                          "has_stats": {"id": "has_stats", "label": "Has stats?", "value": True,
                                        "include": False, "description": ""}},
                "columns": {},
            },
        )  # fmt: skip
        node["columns"][column] = {
            "name": column, "type": sql_type, "index": index, "comment": None,
        }  # fmt: skip
    return {"metadata": {}, "nodes": nodes, "sources": {}, "errors": None}


def _in_script(value: Mapping[str, Any]) -> str:
    """As JSON that may stand in a script: nothing in it ends the script or opens a comment."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
