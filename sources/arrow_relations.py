"""What a Python model reads and gives, as Arrow: on DuckDB and on Spark."""

from __future__ import annotations

from typing import Any

import pyarrow as pa


def as_arrow(relation: Any) -> pa.Table:
    """Returns the rows of DuckDB's relation or of Spark's data frame, all of them, in memory."""
    return relation.toArrow() if hasattr(relation, "toArrow") else relation.to_arrow_table()


def of_arrow(session: Any, table: pa.Table) -> Any:
    """Returns the rows as what the engine's dbt adapter makes a table of.

    Args:
        session: of Spark, or DuckDB's connection, whose adapter takes Arrow as it is.
        table: the rows.
    """
    return session.createDataFrame(table) if hasattr(session, "createDataFrame") else table
