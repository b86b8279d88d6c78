with memberships as (
    select * from {{ ref('fct_membership') }}
    where is_current and status = 'active'
),

fiscal_quarters as (
    select * from {{ ref('dim_fiscal_quarter') }}
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
        fiscal_quarter,
        min(first_submitted_on) as first_submitted_on,
        max(submitted_on) as last_submitted_on,
        sum(case when programme_measure = 'economic_expansion' then amount end)
            as economic_expansion_baht,
        sum(case when programme_measure = 'cost_reduction' then amount end) as cost_reduction_baht
    from outcomes
    group by cluster_code, enterprise_key, fiscal_year_be, fiscal_quarter
),

fiscal_years as (
    select fiscal_year_be from targets
    union distinct
    select fiscal_year_be from reports
),

quarters as (
    select fiscal_quarters.*
    from fiscal_quarters
    inner join fiscal_years
        on fiscal_quarters.fiscal_year_be = fiscal_years.fiscal_year_be
),

final as (
    select
        memberships.cluster_code,
        memberships.enterprise_key,
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        reports.first_submitted_on,
        reports.last_submitted_on,
        reports.first_submitted_on is not null as is_reported,
        coalesce(reports.first_submitted_on <= quarters.due_on, false) as is_on_time,
        coalesce(reports.first_submitted_on > quarters.due_on, false) as is_late,
        case when quarters.is_due then reports.first_submitted_on is null end as is_missing,
        case
            when reports.first_submitted_on > quarters.due_on
                then {{ days_from_to('quarters.due_on', 'reports.first_submitted_on') }}
        end as days_late,
        cast(reports.economic_expansion_baht as decimal(38, 2)) as economic_expansion_baht,
        cast(reports.cost_reduction_baht as decimal(38, 2)) as cost_reduction_baht
    from memberships
    inner join quarters
        on memberships.registered_on <= quarters.ends_on
    left join reports
        on
            memberships.cluster_code = reports.cluster_code
            and memberships.enterprise_key = reports.enterprise_key
            and quarters.fiscal_year_be = reports.fiscal_year_be
            and quarters.fiscal_quarter = reports.fiscal_quarter
)

select * from final
order by fiscal_year_be, cluster_code, enterprise_key, fiscal_quarter
