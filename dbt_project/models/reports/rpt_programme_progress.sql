with outcomes as (
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

measures as (
    select 'economic_expansion' as measure
    union all
    select 'cost_reduction' as measure
),

actuals as (
    select
        fiscal_year_be,
        programme_measure as measure,
        sum(amount) as actual_baht,
        count(distinct cluster_code) as clusters_reporting
    from outcomes
    where programme_measure is not null
    group by fiscal_year_be, programme_measure
),

closings as (
    select
        fiscal_year_be,
        programme_measure as measure,
        sum(closed_amount) as closed_baht,
        sum(adjustment_amount) as adjustment_baht
    from {{ ref('rpt_quarter_closing') }}
    where programme_measure is not null
    group by fiscal_year_be, programme_measure
),

suspicions as (
    select
        fiscal_year_be,
        programme_measure as measure,
        sum(left_out_baht) as suspicious_baht
    from {{ ref('fct_suspicion') }}
    group by fiscal_year_be, programme_measure
),

progress as (
    select
        fiscal_years.fiscal_year_be,
        measures.measure,
        targets.target_baht,
        coalesce(actuals.actual_baht, 0) as actual_baht,
        coalesce(actuals.clusters_reporting, 0) as clusters_reporting,
        closings.closed_baht,
        closings.adjustment_baht,
        coalesce(suspicions.suspicious_baht, 0) as suspicious_baht
    from fiscal_years
    cross join measures
    left join targets
        on
            fiscal_years.fiscal_year_be = targets.fiscal_year_be
            and measures.measure = targets.measure
    left join actuals
        on
            fiscal_years.fiscal_year_be = actuals.fiscal_year_be
            and measures.measure = actuals.measure
    left join closings
        on
            fiscal_years.fiscal_year_be = closings.fiscal_year_be
            and measures.measure = closings.measure
    left join suspicions
        on
            fiscal_years.fiscal_year_be = suspicions.fiscal_year_be
            and measures.measure = suspicions.measure
),

member_years as (
    select * from {{ ref('fct_member_year') }}
),

members as (
    select
        fiscal_year_be,
        'economic_expansion' as measure,
        count(*) as members_expected,
        sum(case when is_economic_expansion_reported then 1 else 0 end) as members_reported
    from member_years
    group by fiscal_year_be
    union all
    select
        fiscal_year_be,
        'cost_reduction' as measure,
        count(*) as members_expected,
        sum(case when is_cost_reduction_reported then 1 else 0 end) as members_reported
    from member_years
    group by fiscal_year_be
),

final as (
    select
        progress.fiscal_year_be,
        progress.measure,
        cast(progress.target_baht as decimal(18, 2)) as target_baht,
        cast(progress.actual_baht as decimal(38, 2)) as actual_baht,
        cast(progress.actual_baht as double) / nullif(cast(progress.target_baht as double), 0)
            as progress_ratio,
        progress.actual_baht >= progress.target_baht as is_target_met,
        progress.clusters_reporting,
        coalesce(members.members_expected, 0) as members_expected,
        cast(coalesce(members.members_reported, 0) as bigint) as members_reported,
        cast(members.members_reported as double) / members.members_expected as completeness_ratio,
        cast(progress.closed_baht as decimal(38, 2)) as closed_baht,
        cast(progress.adjustment_baht as decimal(38, 2)) as adjustment_baht,
        cast(progress.suspicious_baht as decimal(38, 2)) as suspicious_baht,
        cast(progress.actual_baht - progress.suspicious_baht as decimal(38, 2))
            as actual_without_suspicions_baht
    from progress
    left join members
        on
            progress.fiscal_year_be = members.fiscal_year_be
            and progress.measure = members.measure
)

select * from final
order by fiscal_year_be, measure
