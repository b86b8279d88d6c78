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
        unknown_columns,
        total_row_numbers,

        -- numbers
        rows_read,
        rows_accepted,
        rows_quarantined,
        control_total,
        total_rows,

        -- times
        occurred_at
    from source
)

select * from renamed
