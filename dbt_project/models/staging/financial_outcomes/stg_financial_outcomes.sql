with source as (
    select * from {{ source('store', 'financial_outcomes') }}
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
        enterprise_key,
        juristic_id,

        -- text
        measure,

        -- numbers
        fiscal_year as fiscal_year_be,
        quarter as fiscal_quarter,
        amount,
        control_total,

        -- dates
        submitted_on
    from source
)

select * from renamed
