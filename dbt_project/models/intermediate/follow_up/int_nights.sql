with this_night as (
    select * from {{ ref('int_this_night') }}
),

published_runs as (
    select * from {{ ref('stg_published_run') }}
),

-- A night that is built again is in the ledger already; it is told once, as this night.
earlier as (
    select
        published_runs.run_id,
        published_runs.started_at as began_at
    from published_runs
    cross join this_night
    where published_runs.run_id != this_night.run_id
),

nights as (
    select
        run_id,
        began_at,
        {{ bangkok_day('began_at') }} as began_on,
        false as is_this_night
    from earlier

    union all

    select
        run_id,
        began_at,
        began_on,
        true as is_this_night
    from this_night
),

numbered as (
    select
        cast(row_number() over (order by is_this_night, began_at, run_id) as integer)
            as night_number,
        *
    from nights
)

select * from numbered
