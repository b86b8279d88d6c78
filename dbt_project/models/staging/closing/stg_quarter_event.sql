with source as (
    select * from {{ source('ledger', 'quarter_event') }}
),

renamed as (
    select
        -- ids
        event_id,
        fiscal_year_be,
        fiscal_quarter,
        run_id,
        snapshot_id,

        -- text
        event_kind,
        decided_by,

        -- times
        occurred_at,
        published_at
    from source
)

select * from renamed
