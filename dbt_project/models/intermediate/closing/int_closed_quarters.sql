with events as (
    select * from {{ ref('stg_quarter_event') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by fiscal_year_be, fiscal_quarter
            order by event_id desc
        ) as newest_first
    from events
),

closed_quarters as (
    select
        event_id,
        fiscal_year_be,
        fiscal_quarter,
        occurred_at as closed_at,
        decided_by as closed_by,
        run_id,
        published_at,
        snapshot_id
    from ranked
    where newest_first = 1 and event_kind = 'closed'
)

select * from closed_quarters
