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

progress as (
    select
        fiscal_years.fiscal_year_be,
        measures.measure,
        targets.target_baht,
        coalesce(actuals.actual_baht, 0) as actual_baht,
        coalesce(actuals.clusters_reporting, 0) as clusters_reporting
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
),

final as (
    select
        fiscal_year_be,
        measure,
        cast(target_baht as decimal(18, 2)) as target_baht,
        cast(actual_baht as decimal(38, 2)) as actual_baht,
        cast(actual_baht as double) / nullif(cast(target_baht as double), 0) as progress_ratio,
        actual_baht >= target_baht as is_target_met,
        clusters_reporting
    from progress
)

select * from final
order by fiscal_year_be, measure
