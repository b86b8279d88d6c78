with registrations as (
    select * from {{ ref('int_member_registrations') }}
    where file_status = 'loaded' and has_known_cluster
),

versions as (
    select
        *,
        row_number() over membership as version_number,
        lead(submitted_on) over membership as next_submitted_on
    from registrations
    window membership as (
        partition by cluster_code, enterprise_key
        order by submitted_on, receipt_id, row_sequence
    )
),

final as (
    select
        cluster_code,
        enterprise_key,
        cast(version_number as integer) as version_number,
        role,
        status,
        is_latest as is_current,
        registered_on,
        submitted_on as valid_from,
        next_submitted_on as valid_to,
        submitted_on,
        file_id,
        sheet_name,
        row_number
    from versions
)

select * from final
order by cluster_code, enterprise_key, version_number
