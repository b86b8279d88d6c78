"""One row per pair of enterprises whose registrations look like one; see `sources.lookalikes`."""

from typing import Any

from sources.lookalikes import lookalikes


def model(dbt: Any, session: Any) -> Any:  # noqa: ARG001 - dbt gives both
    """Finds the pairs among the enterprises that have a name to compare."""
    dbt.config(materialized="table")
    named = dbt.ref("int_enterprises").filter(
        "enterprise_core_name is not null and not is_natural_person"
    )
    return lookalikes(
        named.project("enterprise_key, enterprise_core_name, province_code").to_arrow_table()
    )
