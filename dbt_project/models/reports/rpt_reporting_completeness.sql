with clusters as (
    select * from {{ ref('dim_cluster') }}
),

fiscal_quarters as (
    select * from {{ ref('dim_fiscal_quarter') }}
),

expected_reports as (
    select * from {{ ref('fct_expected_report') }}
),

outcomes as (
    select * from {{ ref('fct_financial_outcome') }}
),

targets as (
    select * from {{ ref('fiscal_year_target') }}
),

fiscal_years as (
    select fiscal_year_be from targets
    union distinct
    select fiscal_year_be from outcomes
),

quarters as (
    select fiscal_quarters.*
    from fiscal_quarters
    inner join fiscal_years
        on fiscal_quarters.fiscal_year_be = fiscal_years.fiscal_year_be
),

expected as (
    select
        cluster_code,
        fiscal_year_be,
        fiscal_quarter,
        count(*) as members_expected,
        sum(case when is_reported then 1 else 0 end) as members_reported,
        sum(case when is_on_time then 1 else 0 end) as members_on_time,
        sum(case when is_late then 1 else 0 end) as members_late,
        sum(case when is_missing then 1 when not is_missing then 0 end) as members_missing,
        avg(days_late) as days_late_mean,
        max(days_late) as days_late_max,
        max(last_submitted_on) as last_submitted_on
    from expected_reports
    group by cluster_code, fiscal_year_be, fiscal_quarter
),

final as (
    select
        clusters.cluster_code,
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        coalesce(expected.members_expected, 0) as members_expected,
        cast(coalesce(expected.members_reported, 0) as bigint) as members_reported,
        cast(coalesce(expected.members_on_time, 0) as bigint) as members_on_time,
        cast(expected.members_reported as double) / expected.members_expected
            as completeness_ratio,
        cast(expected.members_on_time as double) / expected.members_expected as on_time_ratio,
        quarters.due_on,
        quarters.is_due,
        cast(coalesce(expected.members_late, 0) as bigint) as members_late,
        cast(expected.members_missing as bigint) as members_missing,
        expected.days_late_mean,
        expected.days_late_max,
        expected.last_submitted_on
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
