with closed_quarters as (
    select * from {{ ref('int_closed_quarters') }}
),

figures as (
    select * from {{ ref('stg_closed_figure') }}
),

closed_figures as (
    select
        closed_quarters.fiscal_year_be,
        closed_quarters.fiscal_quarter,
        figures.cluster_code,
        figures.measure,
        figures.amount,
        figures.enterprises
    from figures
    inner join closed_quarters
        on figures.event_id = closed_quarters.event_id
)

select * from closed_figures
