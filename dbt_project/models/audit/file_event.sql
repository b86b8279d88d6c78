with events as (
    select * from {{ ref('stg_file_event') }}
),

final as (
    select
        event_id,
        occurred_at,
        event_kind,
        dataset,
        path,
        file_id,
        contract_version,
        run_id,
        reason,
        message,
        rows_read,
        rows_accepted,
        rows_quarantined,
        control_total
    from events
)

select * from final
order by event_id
