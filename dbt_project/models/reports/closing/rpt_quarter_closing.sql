with quarters as (
    select * from {{ ref('dim_closed_quarter') }}
),

closed_figures as (
    select * from {{ ref('fct_closed_figure') }}
),

outcomes as (
    select * from {{ ref('fct_financial_outcome') }}
),

adjustments as (
    select
        fiscal_year_be,
        fiscal_quarter,
        cluster_code,
        measure,
        sum(adjustment_amount) as adjustment_amount
    from {{ ref('fct_quarter_adjustment') }}
    group by fiscal_year_be, fiscal_quarter, cluster_code, measure
),

current_figures as (
    select
        outcomes.fiscal_year_be,
        outcomes.fiscal_quarter,
        outcomes.cluster_code,
        outcomes.measure,
        sum(outcomes.amount) as amount,
        count(distinct outcomes.enterprise_key) as enterprises
    from outcomes
    inner join quarters
        on
            outcomes.fiscal_year_be = quarters.fiscal_year_be
            and outcomes.fiscal_quarter = quarters.fiscal_quarter
    group by
        outcomes.fiscal_year_be,
        outcomes.fiscal_quarter,
        outcomes.cluster_code,
        outcomes.measure
),

clusters as (
    select cluster_code from {{ ref('dim_cluster') }}
    union distinct
    select cluster_code from closed_figures
),

measures as (
    select
        'sales_increase' as measure,
        'economic_expansion' as programme_measure,
        'baht' as unit
    union all
    select
        'new_investment' as measure,
        'economic_expansion' as programme_measure,
        'baht' as unit
    union all
    select
        'cost_reduction' as measure,
        'cost_reduction' as programme_measure,
        'baht' as unit
    union all
    select
        'jobs_created' as measure,
        null as programme_measure,
        'people' as unit
),

final as (
    select
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        clusters.cluster_code,
        measures.measure,
        measures.programme_measure,
        measures.unit,
        quarters.closed_at,
        quarters.closed_by,
        cast(coalesce(closed_figures.amount, 0) as decimal(38, 2)) as closed_amount,
        cast(coalesce(adjustments.adjustment_amount, 0) as decimal(38, 2)) as adjustment_amount,
        cast(coalesce(current_figures.amount, 0) as decimal(38, 2)) as current_amount,
        cast(coalesce(closed_figures.enterprises, 0) as bigint) as closed_enterprises,
        cast(coalesce(current_figures.enterprises, 0) as bigint) as current_enterprises
    from quarters
    cross join clusters
    cross join measures
    left join closed_figures
        on
            quarters.fiscal_year_be = closed_figures.fiscal_year_be
            and quarters.fiscal_quarter = closed_figures.fiscal_quarter
            and clusters.cluster_code = closed_figures.cluster_code
            and measures.measure = closed_figures.measure
    left join adjustments
        on
            quarters.fiscal_year_be = adjustments.fiscal_year_be
            and quarters.fiscal_quarter = adjustments.fiscal_quarter
            and clusters.cluster_code = adjustments.cluster_code
            and measures.measure = adjustments.measure
    left join current_figures
        on
            quarters.fiscal_year_be = current_figures.fiscal_year_be
            and quarters.fiscal_quarter = current_figures.fiscal_quarter
            and clusters.cluster_code = current_figures.cluster_code
            and measures.measure = current_figures.measure
)

select * from final
order by fiscal_year_be, fiscal_quarter, cluster_code, measure
