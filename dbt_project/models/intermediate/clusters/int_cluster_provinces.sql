with clusters as (
    select * from {{ ref('int_cluster_registrations') }}
    where row_status = 'current'
),

group_members as (
    select * from {{ ref('province_group_members') }}
),

listed_provinces as (
    select
        cluster_code,
        {{ unnest_list('province_codes') }} as province_code
    from clusters
),

cluster_provinces as (
    select distinct
        cluster_code,
        province_code
    from listed_provinces
    where province_code is not null
),

weighted as (
    select
        clusters.cluster_code,
        cluster_provinces.province_code,
        clusters.registered_on,
        1.0e0 / count(*) over (partition by clusters.cluster_code) as weight
    from clusters
    left join cluster_provinces
        on clusters.cluster_code = cluster_provinces.cluster_code
),

grouped as (
    select
        weighted.cluster_code,
        weighted.province_code,
        group_members.province_group_code,
        weighted.weight
    from weighted
    left join group_members
        on
            weighted.province_code = group_members.province_code
            and weighted.registered_on >= group_members.valid_from
            and (
                group_members.valid_to is null
                or weighted.registered_on < group_members.valid_to
            )
)

select * from grouped
