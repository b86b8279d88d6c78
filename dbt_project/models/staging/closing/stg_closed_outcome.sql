with source as (
    select * from {{ source('store', 'closed_outcome') }}
),

renamed as (
    select
        -- ids
        snapshot_id,
        cluster_code,
        enterprise_key,
        fiscal_year_be,
        fiscal_quarter,
        measure,
        file_id,
        sheet_name,
        row_number,

        -- numbers
        amount,

        -- dates
        submitted_on
    from source
)

select * from renamed
