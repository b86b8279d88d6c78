with source as (
    select * from {{ source('ledger', 'file_event') }}
),

renamed as (
    select
        -- ids
        event_id,
        run_id,
        dataset,
        path,
        file_id,
        contract_version,

        -- text
        event_kind,
        reason,
        message,

        -- numbers
        rows_read,
        rows_accepted,
        rows_quarantined,
        control_total,

        -- times
        occurred_at
    from source
)

select * from renamed
