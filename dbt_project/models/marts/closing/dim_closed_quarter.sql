with closed_quarters as (
    select * from {{ ref('int_closed_quarters') }}
),

final as (
    select
        fiscal_year_be,
        fiscal_quarter,
        closed_at,
        closed_by,
        run_id,
        published_at,
        snapshot_id
    from closed_quarters
)

select * from final
order by fiscal_year_be, fiscal_quarter
