"""One row per pair of enterprises whose registrations look like one; see `sources.lookalikes`."""

from typing import Any

from sources.arrow_relations import as_arrow, of_arrow
from sources.lookalikes import lookalikes


def model(dbt: Any, session: Any) -> Any:
    """Finds the pairs among the enterprises that have a name to compare."""
    dbt.config(materialized="table", file_format="parquet")
    named = dbt.ref("int_enterprises").filter(
        "enterprise_core_name is not null and not is_natural_person"
    )
    compared = named.select("enterprise_key", "enterprise_core_name", "province_code")
    return of_arrow(session, lookalikes(as_arrow(compared)))
