with cluster_provinces as (
    select * from {{ ref('int_cluster_provinces') }}
),

final as (
    select
        cluster_code,
        province_code,
        province_group_code,
        weight
    from cluster_provinces
)

select * from final
order by cluster_code, province_code
