with source as (
    select * from {{ source('ledger', 'check_result') }}
),

renamed as (
    select
        -- ids
        run_id,
        dataset_or_model,
        check_name,

        -- text
        tool,
        severity,
        observed,

        -- numbers
        unexpected_count,

        -- booleans
        passed,

        -- times
        checked_at
    from source
)

select * from renamed
