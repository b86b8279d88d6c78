"""The programme's figures by place, asked of the warehouse: by province, by group, by neither.

Money is allocated twice: by the provinces that a cluster covers, in equal shares, as everywhere in
the warehouse; and by the province of the enterprise that reported it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.report.asking import ask
from orchestration.report.language import Text
from orchestration.report.seeds import province_groups

#: Every figure by the place it belongs to. A null province is none that anybody knows. The shares
#: of an amount are rounded to the satang, what that leaves over is told as `rest`.
_FACTS = """
with amounts as (
    select cluster_code, programme_measure, sum(amount) as baht
    from marts.fct_financial_outcome
    where fiscal_year_be = $year and programme_measure is not null
    group by all
),
shares as (
    select
        amounts.programme_measure, bridge.province_code, bridge.province_group_code,
        cast(round(cast(amounts.baht as double) * coalesce(bridge.weight, 1), 2)
            as decimal(38, 2)) as baht
    from amounts
    left join marts.bridge_cluster_province as bridge using (cluster_code)
),
rests as (
    select programme_measure, sum(baht) as baht from amounts group by all
    union all
    select programme_measure, -sum(baht) as baht from shares group by all
),
own as (
    select
        case outcomes.programme_measure
            when 'economic_expansion' then 'expansionown' else 'reductionown'
        end as figure,
        enterprises.province_code,
        sum(outcomes.amount) as value
    from marts.fct_financial_outcome as outcomes
    left join marts.dim_enterprise as enterprises using (enterprise_key)
    where outcomes.fiscal_year_be = $year and outcomes.programme_measure is not null
    group by all
    union all
    select 'members', enterprises.province_code, count(*)
    from marts.fct_member_year as members
    left join marts.dim_enterprise as enterprises using (enterprise_key)
    where members.fiscal_year_be = $year
    group by all
    union all
    select 'activities', province_code, count(*)
    from marts.fct_activity
    where fiscal_year_be = $year
    group by all
)
select
    case programme_measure when 'economic_expansion' then 'expansion' else 'reduction' end
        as figure,
    province_code, province_group_code as group_code, false as is_rest, sum(baht) as value
from shares
group by all
union all
select
    case programme_measure when 'economic_expansion' then 'expansion' else 'reduction' end,
    null, null, true, sum(baht)
from rests
group by all
union all
select own.figure, own.province_code, provinces.province_group_code, false, own.value
from own
left join marts.dim_province as provinces using (province_code)
"""
_PROVINCES = """
select province_code, province_name_th, province_name_en, province_group_code
from marts.dim_province order by province_code
"""

Values = dict[str, Any]


@dataclass(frozen=True)
class Places:
    """Every figure by place.

    Attributes:
        names: of the provinces by code.
        groups: province → its group as drawn from 2009 to 2017; None for one that is in none.
        by_province: code → figure → value.
        by_group: a group's code, or that of a province that is in none → figure → value.
        nowhere: figure → value of what has no place.
        rest: figure → what rounding left over.
    """

    names: Mapping[str, Text]
    groups: Mapping[str, str | None]
    by_province: Mapping[str, Values]
    by_group: Mapping[str, Values]
    nowhere: Values
    rest: Values

    @property
    def total(self) -> Values:
        """Figure → value of all places, of what has none, and of what rounding left over."""
        total: Values = {}
        for values in (*self.by_province.values(), self.nowhere, self.rest):
            _add(total, values)
        return total

    def group_name(self, key: str) -> Text:
        """A group's name without the word for group, or that of a province that is in none."""
        if key in self.names:
            name = self.names[key]
            return Text(f"{name.th} (ไม่อยู่ในกลุ่มจังหวัด)", f"{name.en} (in no group)")
        name = province_groups().get(key, Text(key, key))
        return Text(name.th.removeprefix("กลุ่มจังหวัด"), name.en.removesuffix(" Provincial Group"))


def places_of(db: duckdb.DuckDBPyConnection, year: int | None) -> Places:
    """The figures of a fiscal year by place.

    Args:
        db: the open warehouse.
        year: BE; None gives no figure.
    """
    provinces = ask(db, _PROVINCES)
    by_province: dict[str, Values] = {}
    by_group: dict[str, Values] = {}
    nowhere: Values = {}
    rest: Values = {}
    for fact in [] if year is None else ask(db, _FACTS, year=year):
        value = {fact["figure"]: fact["value"]}
        province = fact["province_code"]
        if fact["is_rest"]:
            _add(rest, value if fact["value"] else {})
        elif province is None:
            _add(nowhere, value)
        else:
            _add(by_province.setdefault(province, {}), value)
            _add(by_group.setdefault(fact["group_code"] or province, {}), value)
    return Places(
        {p["province_code"]: Text(p["province_name_th"], p["province_name_en"]) for p in provinces},
        {p["province_code"]: p["province_group_code"] for p in provinces},
        by_province, by_group, nowhere, rest,
    )  # fmt: skip


def _add(sums: Values, values: Mapping[str, Any]) -> None:
    for figure, value in values.items():
        sums[figure] = sums.get(figure, 0) + value
