with source as (
    select * from {{ source('ledger', 'this_night') }}
),

renamed as (
    select
        -- ids
        run_id,

        -- dates
        began_on,

        -- times
        began_at
    from source
)

select * from renamed
