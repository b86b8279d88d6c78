with source as (
    select * from {{ source('store', 'cluster_registrations') }}
),

renamed as (
    select
        -- ids
        file_id,
        contract_version,
        sheet_name,
        row_number,
        row_sequence,
        cluster_code,

        -- text
        cluster_name_th,
        cluster_name_en,
        branch,
        status,
        provinces as province_codes,

        -- numbers
        control_total,

        -- dates
        registered_on,
        submitted_on
    from source
)

select * from renamed
