with closed_figures as (
    select * from {{ ref('int_closed_figures') }}
),

final as (
    select
        fiscal_year_be,
        fiscal_quarter,
        cluster_code,
        measure,
        amount,
        enterprises
    from closed_figures
)

select * from final
order by fiscal_year_be, fiscal_quarter, cluster_code, measure
