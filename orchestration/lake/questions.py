"""What may be asked of a lake: questions alone, by functions that only compute.

`copy … to`, `explain analyze copy …`, functions that reach a PostgreSQL server or put the lake's
files together: DuckDB's settings do not forbid them all, for the lake itself needs its folder and
its catalog. So a statement is taken apart by DuckDB's own parser, as `warehouse serve` does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.serving.guard import refused_names

if TYPE_CHECKING:
    import duckdb

#: Functions of DuckLake that tell of the lake and change nothing.
_HARMLESS = frozenset(
    {
        "ducklake_current_snapshot", "ducklake_snapshots", "ducklake_table_changes",
        "ducklake_table_deletions", "ducklake_table_info", "ducklake_table_insertions",
        "summary",  # how `summarize` is run
    }
)  # fmt: skip
_NAMES_SQL = """
with parsed as (select json_serialize_sql(?)::json as tree)
select tree ->> '$.error' = 'false',
    json_extract_string(tree, '$..function_name') || json_extract_string(tree, '$..table_name')
from parsed
"""


def refuse_more_than_questions(db: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Lets nothing pass but queries that name no function which reaches beyond the lake.

    Args:
        db: a connection to a lake.
        sql: what somebody asks; may be several statements.

    Raises:
        duckdb.PermissionException: it is more than that.
    """
    import duckdb

    said = db.execute(_NAMES_SQL, [sql]).fetchone()
    is_query, names = said or (False, [])
    if not is_query:
        db.extract_statements(sql)  # one that is misspelt says so itself
        raise duckdb.PermissionException(
            "A lakehouse is asked questions: a statement that begins with select, from, with, "
            "describe, show or summarize. Anything else is refused here; attach the lake in "
            "DuckDB itself to work with temporary tables and files of your own."
        )
    named = {str(name).lower() for name in names if name is not None}
    if refused := sorted(named & (refused_names(db) - _HARMLESS)):
        raise duckdb.PermissionException(
            f"{', '.join(refused)}: this reaches beyond the published tables and is refused."
        )
