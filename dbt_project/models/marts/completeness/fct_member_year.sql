with memberships as (
    select * from {{ ref('fct_membership') }}
    where is_current and status = 'active'
),

activities as (
    select * from {{ ref('fct_activity') }}
),

outcomes as (
    select * from {{ ref('fct_financial_outcome') }}
),

targets as (
    select * from {{ ref('fiscal_year_target') }}
),

reports as (
    select
        cluster_code,
        enterprise_key,
        fiscal_year_be,
        max(case when programme_measure = 'economic_expansion' then 1 else 0 end)
            as economic_expansion,
        max(case when programme_measure = 'cost_reduction' then 1 else 0 end) as cost_reduction
    from outcomes
    group by cluster_code, enterprise_key, fiscal_year_be
),

fiscal_years as (
    select fiscal_year_be from targets
    union distinct
    select fiscal_year_be from activities
    union distinct
    select fiscal_year_be from reports
),

final as (
    select
        memberships.cluster_code,
        memberships.enterprise_key,
        fiscal_years.fiscal_year_be,
        reports.enterprise_key is not null as is_reported,
        coalesce(reports.economic_expansion = 1, false) as is_economic_expansion_reported,
        coalesce(reports.cost_reduction = 1, false) as is_cost_reduction_reported
    from memberships
    inner join fiscal_years
        on memberships.registered_on <= {{ fiscal_year_ends_on('fiscal_years.fiscal_year_be') }}
    left join reports
        on
            memberships.cluster_code = reports.cluster_code
            and memberships.enterprise_key = reports.enterprise_key
            and fiscal_years.fiscal_year_be = reports.fiscal_year_be
)

select * from final
order by fiscal_year_be, cluster_code, enterprise_key
