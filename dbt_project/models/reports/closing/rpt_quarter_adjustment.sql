with adjustments as (
    select * from {{ ref('fct_quarter_adjustment') }}
),

final as (
    select
        fiscal_year_be,
        fiscal_quarter,
        cluster_code,
        measure,
        file_id,
        path,
        why,
        count(*) as outcomes,
        cast(sum(amount_before) as decimal(38, 2)) as amount_before,
        cast(sum(amount_after) as decimal(38, 2)) as amount_after,
        cast(sum(adjustment_amount) as decimal(38, 2)) as adjustment_amount
    from adjustments
    group by fiscal_year_be, fiscal_quarter, cluster_code, measure, file_id, path, why
)

select * from final
order by fiscal_year_be, fiscal_quarter, cluster_code, measure, path, file_id, why
