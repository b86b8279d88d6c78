"""What the page of activities and partners tells, asked of the warehouse.

Lists that grow with the data are cut here, in SQL, and counted whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.report.asking import ask

#: Pairs of cluster and partner told line by line, and partners drawn.
LINKS_LISTED, PARTNERS_DRAWN = 200, 15

_TOTAL = """
select
    count(*) as activities, count(*) filter (where activity_type = 'linkage') as linkages,
    sum(participants_people) as people, sum(budget_baht) as budget_baht,
    sum(spent_baht) as spent_baht, count(participants_people) as people_known,
    count(budget_baht) as budget_known, count(spent_baht) as spent_known
from marts.fct_activity
where fiscal_year_be = $year
"""
_ENTERPRISES = """
select count(distinct participations.enterprise_key) as enterprises
from marts.fct_activity_participation as participations
inner join marts.fct_activity as activities using (activity_id)
where activities.fiscal_year_be = $year
"""
_SUMS = """
    count(*) as activities, count(*) filter (where activity_type = 'linkage') as linkages,
    sum(participants_people) as people, sum(budget_baht) as budget_baht,
    sum(spent_baht) as spent_baht
from marts.fct_activity
where fiscal_year_be = $year
"""
_BY_TYPE = f"select activity_type, {_SUMS} group by activity_type order by activities desc, 1"
_BY_QUARTER = f"""
select fiscal_quarter, activity_type, {_SUMS} group by all order by fiscal_quarter, activity_type
"""
_BY_CLUSTER = f"""
with activities as (select cluster_code, {_SUMS} group by cluster_code)
select
    clusters.cluster_code, clusters.cluster_name_th, clusters.cluster_name_en,
    coalesce(activities.activities, 0) as activities, coalesce(activities.linkages, 0) as linkages,
    activities.people, activities.budget_baht, activities.spent_baht
from marts.dim_cluster as clusters
left join activities using (cluster_code)
order by clusters.cluster_code
"""
#: An activity has a partner where it names one or says of what kind it is.
_LINKED = """
from marts.fct_activity as activities
left join marts.dim_cluster as clusters using (cluster_code)
where
    activities.fiscal_year_be = $year
    and (activities.partner_name is not null or activities.partner_type <> 'none')
"""
_BY_PARTNER_TYPE = f"""
select cluster_code, partner_type, count(*) as activities, sum(spent_baht) as spent_baht
{_LINKED} group by all order by cluster_code, partner_type
"""
_PARTNERS = f"""
select
    partner_name, partner_type, count(*) as activities,
    count(distinct cluster_code) as clusters, sum(spent_baht) as spent_baht
{_LINKED} and partner_name is not null
group by all order by activities desc, partner_name, partner_type
limit {PARTNERS_DRAWN}
"""
#: The cells of the partners that are drawn.
_CELLS = f"""
with partners as ({_PARTNERS})
select
    activities.cluster_code, activities.partner_name, activities.partner_type,
    count(*) as activities
from marts.fct_activity as activities
inner join partners
    on activities.partner_name = partners.partner_name
    and activities.partner_type is not distinct from partners.partner_type
where activities.fiscal_year_be = $year
group by activities.cluster_code, activities.partner_name, activities.partner_type
"""
_LINKS = f"""
select
    cluster_code, any_value(clusters.cluster_name_th) as cluster_name_th,
    any_value(clusters.cluster_name_en) as cluster_name_en, partner_name, partner_type,
    count(*) as activities, sum(spent_baht) as spent_baht, count(*) over () as links
{_LINKED}
group by cluster_code, partner_name, partner_type
order by activities desc, cluster_code, partner_name, partner_type
limit $listed
"""
_OUTCOMES = """
select * from reports.rpt_participation_outcomes
where fiscal_year_be = $year
order by measure, activity_type <> 'any', activity_type, fiscal_quarter
"""

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Activities:
    """The activities of a fiscal year.

    Attributes:
        total: all of them, and how many told what.
        enterprises: that took part in any.
        by_type: sums by type, those with the most activities first.
        by_quarter: sums by quarter and type.
        by_cluster: sums by cluster, those without any included.
        kinds: activities with a partner, by cluster and the partner's type.
        partners: those with the most activities, as many as are drawn.
        cells: these by cluster.
        links: pairs of cluster and partner, as many as are listed; `links` counts all.
        outcomes: those who took part beside those who did not.
    """

    total: Mapping[str, Any]
    enterprises: int
    by_type: Rows
    by_quarter: Rows
    by_cluster: Rows
    kinds: Rows
    partners: Rows
    cells: Rows
    links: Rows
    outcomes: Rows


def activities_of(db: duckdb.DuckDBPyConnection, year: int) -> Activities:
    """The activities of a fiscal year (BE)."""
    (total,) = ask(db, _TOTAL, year=year)
    (taking_part,) = ask(db, _ENTERPRISES, year=year)
    return Activities(
        total,
        taking_part["enterprises"],
        by_type=ask(db, _BY_TYPE, year=year),
        by_quarter=ask(db, _BY_QUARTER, year=year),
        by_cluster=ask(db, _BY_CLUSTER, year=year),
        kinds=ask(db, _BY_PARTNER_TYPE, year=year),
        partners=ask(db, _PARTNERS, year=year),
        cells=ask(db, _CELLS, year=year),
        links=ask(db, _LINKS, year=year, listed=LINKS_LISTED),
        outcomes=ask(db, _OUTCOMES, year=year),
    )
