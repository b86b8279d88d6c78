with source as (
    select * from {{ source('ledger', 'published_run') }}
),

renamed as (
    select
        -- ids
        run_id,
        git_sha,

        -- numbers
        files_loaded,
        rows_loaded,

        -- times
        started_at,
        published_at
    from source
)

select * from renamed
