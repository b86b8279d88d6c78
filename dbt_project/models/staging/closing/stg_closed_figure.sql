with source as (
    select * from {{ source('ledger', 'closed_figure') }}
),

renamed as (
    select
        -- ids
        event_id,
        cluster_code,
        measure,

        -- numbers
        amount,
        enterprises
    from source
)

select * from renamed
