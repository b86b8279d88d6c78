with source as (
    select * from {{ source('ledger', 'forgetting_event') }}
),

renamed as (
    select
        -- ids
        event_id,

        -- text
        event_kind,

        -- numbers
        files_changed,
        rows_removed,

        -- times
        occurred_at
    from source
)

select * from renamed
