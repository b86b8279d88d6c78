"""What may be asked over the network: questions alone, put to functions that only compute.

Quack hands every statement to a function of ours before it runs. That one has DuckDB's own parser
take the statement apart: what is no query (`set`, `attach`, `copy`, `call`, `create` …) has no tree
and is refused, and so is a query that names a function or a view which reaches beyond the
published tables. The settings of the engine forbid most of it a second time; what they do not
forbid, such as `quack_stop`, is forbidden here alone.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

#: How Quack calls it; the file is attached under this name.
CATALOG = "guard"
FUNCTION = f"{CATALOG}.main.may_be_asked"

#: Table functions that compute, or describe the published tables. Every other one that DuckDB and
#: its extensions bring is refused by its name, so that a new one is refused until it stands here.
HARMLESS = frozenset(
    {
        "duckdb_columns", "duckdb_constraints", "duckdb_functions", "duckdb_indexes",
        "duckdb_keywords", "duckdb_schemas", "duckdb_tables", "duckdb_types", "duckdb_views",
        "generate_series", "histogram", "histogram_values", "json_each", "json_tree",
        "pg_timezone_names", "pragma_table_info", "pragma_version", "range", "repeat",
        "repeat_row", "unnest", "version",
    }
)  # fmt: skip
#: What else tells of the server or does something besides computing.
REFUSED_BESIDES = (
    "current_query",
    "current_setting",
    "json_deserialize_sql",
    "json_serialize_plan",
    "pg_settings",  # a view
    "pg_sleep",
    "pragma_database_list",  # a view: where the files lie
    "sleep_ms",
    "write_log",
)


def write_guard(file: Path, loaded: duckdb.DuckDBPyConnection) -> None:
    """Writes the function into a database of its own, to be attached read-only.

    Args:
        file: where to; not there yet.
        loaded: a connection that has every extension of the engine: the names come from it.
    """
    refused = sorted(refused_names(loaded))
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in refused)
    with duckdb.connect(str(file)) as db:
        # Quack gives the session and the statement. What goes wrong in here is a refusal, too.
        db.execute(
            f"""
            create macro may_be_asked(session_id, statement) as (
                with parsed as (select json_serialize_sql(statement::varchar)::json as tree)
                select (tree ->> '$.error') = 'false'
                    and not list_has_any(
                        list_transform(
                            json_extract_string(tree, '$..function_name')
                            || json_extract_string(tree, '$..table_name'),
                            lambda name: lower(name)
                        ),
                        [{names}]
                    )
                from parsed
            )
            """
        )


def refused_names(loaded: duckdb.DuckDBPyConnection) -> set[str]:
    """The functions and views, in small letters, that a question may not name.

    Args:
        loaded: a connection that has every extension which questions meet.
    """
    rows = loaded.execute(
        "select distinct lower(function_name) from duckdb_functions() "
        "where function_type in ('table', 'table_macro', 'pragma') "
        "or function_name like 'quack%'"
    ).fetchall()
    return ({name for (name,) in rows} - HARMLESS) | set(REFUSED_BESIDES)
