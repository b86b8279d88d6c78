with events as (
    select * from {{ ref('int_matter_events') }}
),

final as (
    select
        event_id,
        matter_id,
        run_id,
        night_number,
        occurred_at,
        event_kind,
        kind,
        cluster_code,
        sender,
        dataset,
        path,
        column_name,
        reason,
        waits_for,
        fiscal_year_be,
        fiscal_quarter,
        row_count,
        cast(amount_baht as decimal(38, 2)) as amount_baht,
        what_th,
        what_en,
        action_th,
        action_en
    from events
)

select * from final
order by event_id
