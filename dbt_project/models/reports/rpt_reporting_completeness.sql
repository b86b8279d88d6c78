with clusters as (
    select * from {{ ref('dim_cluster') }}
),

fiscal_quarters as (
    select * from {{ ref('dim_fiscal_quarter') }}
),

memberships as (
    select * from {{ ref('fct_membership') }}
    where is_current and status = 'active'
),

outcomes as (
    select * from {{ ref('fct_financial_outcome') }}
),

targets as (
    select * from {{ ref('fiscal_year_target') }}
),

enterprise_quarters as (
    select
        cluster_code,
        enterprise_key,
        fiscal_year_be,
        fiscal_quarter,
        min(first_submitted_on) as first_submitted_on
    from outcomes
    group by cluster_code, enterprise_key, fiscal_year_be, fiscal_quarter
),

fiscal_years as (
    select fiscal_year_be from targets
    union distinct
    select fiscal_year_be from enterprise_quarters
),

quarters as (
    select fiscal_quarters.*
    from fiscal_quarters
    inner join fiscal_years
        on fiscal_quarters.fiscal_year_be = fiscal_years.fiscal_year_be
),

expected as (
    select
        memberships.cluster_code,
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        count(*) as members_expected,
        count(enterprise_quarters.enterprise_key) as members_reported,
        sum(
            case when enterprise_quarters.first_submitted_on <= quarters.due_on then 1 else 0 end
        ) as members_on_time
    from memberships
    inner join quarters
        on memberships.registered_on <= quarters.ends_on
    left join enterprise_quarters
        on
            memberships.cluster_code = enterprise_quarters.cluster_code
            and memberships.enterprise_key = enterprise_quarters.enterprise_key
            and quarters.fiscal_year_be = enterprise_quarters.fiscal_year_be
            and quarters.fiscal_quarter = enterprise_quarters.fiscal_quarter
    group by memberships.cluster_code, quarters.fiscal_year_be, quarters.fiscal_quarter
),

final as (
    select
        clusters.cluster_code,
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        coalesce(expected.members_expected, 0) as members_expected,
        coalesce(expected.members_reported, 0) as members_reported,
        cast(coalesce(expected.members_on_time, 0) as bigint) as members_on_time,
        cast(expected.members_reported as double) / expected.members_expected
            as completeness_ratio,
        cast(expected.members_on_time as double) / expected.members_expected as on_time_ratio,
        quarters.due_on,
        quarters.is_due
    from clusters
    cross join quarters
    left join expected
        on
            clusters.cluster_code = expected.cluster_code
            and quarters.fiscal_year_be = expected.fiscal_year_be
            and quarters.fiscal_quarter = expected.fiscal_quarter
)

select * from final
order by cluster_code, fiscal_year_be, fiscal_quarter
