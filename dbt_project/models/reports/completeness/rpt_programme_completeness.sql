with clusters as (
    select * from {{ ref('rpt_reporting_completeness') }}
),

expected_reports as (
    select * from {{ ref('fct_expected_report') }}
),

days_late as (
    select
        fiscal_year_be,
        fiscal_quarter,
        avg(days_late) as days_late_mean,
        max(days_late) as days_late_max
    from expected_reports
    group by fiscal_year_be, fiscal_quarter
),

quarters as (
    select
        fiscal_year_be,
        fiscal_quarter,
        due_on,
        is_due,
        sum(members_expected) as members_expected,
        sum(members_reported) as members_reported,
        sum(members_on_time) as members_on_time,
        sum(members_late) as members_late,
        sum(members_missing) as members_missing,
        sum(case when members_expected > 0 then 1 else 0 end) as clusters_expected,
        sum(case when members_reported > 0 then 1 else 0 end) as clusters_reported
    from clusters
    group by fiscal_year_be, fiscal_quarter, due_on, is_due
),

final as (
    select
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        cast(quarters.members_expected as bigint) as members_expected,
        cast(quarters.members_reported as bigint) as members_reported,
        cast(quarters.members_on_time as bigint) as members_on_time,
        cast(quarters.members_late as bigint) as members_late,
        cast(quarters.members_missing as bigint) as members_missing,
        cast(quarters.members_reported as double) / nullif(quarters.members_expected, 0)
            as completeness_ratio,
        cast(quarters.members_on_time as double) / nullif(quarters.members_expected, 0)
            as on_time_ratio,
        days_late.days_late_mean,
        days_late.days_late_max,
        cast(quarters.clusters_expected as bigint) as clusters_expected,
        cast(quarters.clusters_reported as bigint) as clusters_reported,
        cast(quarters.clusters_expected - quarters.clusters_reported as bigint) as clusters_silent,
        quarters.due_on,
        quarters.is_due
    from quarters
    left join days_late
        on
            quarters.fiscal_year_be = days_late.fiscal_year_be
            and quarters.fiscal_quarter = days_late.fiscal_quarter
)

select * from final
order by fiscal_year_be, fiscal_quarter
