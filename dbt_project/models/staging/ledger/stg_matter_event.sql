with source as (
    select * from {{ source('ledger', 'matter_event') }}
),

renamed as (
    select
        -- ids
        event_id,
        matter_id,
        run_id,
        cluster_code,
        sender,
        dataset,
        path,
        column_name,

        -- text
        event_kind,
        kind,
        reason,
        waits_for,
        what_th,
        what_en,
        action_th,
        action_en,

        -- numbers
        fiscal_year_be,
        fiscal_quarter,
        row_count,
        amount_baht,

        -- times
        occurred_at
    from source
)

select * from renamed
