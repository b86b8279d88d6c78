with source as (
    select * from {{ source('store', 'quarantined') }}
),

renamed as (
    select
        -- ids
        dataset,
        file_id,
        contract_version,
        sheet_name,
        row_number,
        row_sequence,

        -- text
        problems,

        -- numbers
        control_total
    from source
)

select * from renamed
