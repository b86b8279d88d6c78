"""The arithmetic that must hold over a built warehouse: what was read against what became of it."""

from __future__ import annotations

from typing import Any

import duckdb

from sources.sql import records

#: Rows and control totals of every file, as read, against what became of them.
RECONCILIATION_SQL = """
select
    dataset, path, status, rows_read, rows_current, rows_superseded, rows_quarantined,
    cast(control_total_read as varchar) as control_total_read,
    cast(
        control_total_current + control_total_superseded + control_total_quarantined as varchar
    ) as control_total_accounted
from audit.load_file
where
    rows_read <> rows_current + rows_superseded + rows_quarantined
    or control_total_read
    <> control_total_current + control_total_superseded + control_total_quarantined
order by all
"""


def differences(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The files whose rows or control totals do not add up; none where all is well."""
    return records(db, RECONCILIATION_SQL)
