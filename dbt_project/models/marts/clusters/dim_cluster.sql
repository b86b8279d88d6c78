with clusters as (
    select * from {{ ref('int_cluster_registrations') }}
    where row_status = 'current'
),

final as (
    select
        cluster_code,
        cluster_name_th,
        cluster_name_en,
        branch,
        status,
        registered_on,
        submitted_on,
        file_id,
        sheet_name,
        row_number
    from clusters
)

select * from final
order by cluster_code
