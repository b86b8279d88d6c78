with published_runs as (
    select * from {{ ref('stg_published_run') }}
),

final as (
    select
        run_id,
        started_at,
        published_at,
        git_sha,
        files_loaded,
        rows_loaded
    from published_runs
)

select * from final
order by published_at, run_id
