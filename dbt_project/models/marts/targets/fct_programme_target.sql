with targets as (
    select * from {{ ref('fiscal_year_target') }}
),

final as (
    select
        fiscal_year_be,
        measure as programme_measure,
        cast(target_baht as decimal(18, 2)) as target_baht,
        provenance
    from targets
)

select * from final
order by fiscal_year_be, programme_measure
