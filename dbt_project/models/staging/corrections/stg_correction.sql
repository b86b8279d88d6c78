with source as (
    select * from {{ source('store', 'correction') }}
),

renamed as (
    select
        -- ids
        dataset,
        file_id,
        contract_version,
        corrects
    from source
)

select * from renamed
