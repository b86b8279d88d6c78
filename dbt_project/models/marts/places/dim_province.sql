with provinces as (
    select * from {{ ref('provinces') }}
),

final as (
    select
        province_code,
        name_th as province_name_th,
        name_en as province_name_en,
        region,
        province_group_code
    from provinces
)

select * from final
order by province_code
