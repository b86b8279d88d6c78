with adjustments as (
    select * from {{ ref('int_quarter_adjustments') }}
),

final as (
    select
        fiscal_year_be,
        fiscal_quarter,
        cluster_code,
        enterprise_key,
        measure,
        why,
        file_id,
        path,
        cast(amount_before as decimal(18, 2)) as amount_before,
        cast(amount_after as decimal(18, 2)) as amount_after,
        cast(adjustment_amount as decimal(38, 2)) as adjustment_amount
    from adjustments
)

select * from final
order by fiscal_year_be, fiscal_quarter, cluster_code, enterprise_key, measure
