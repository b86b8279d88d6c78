with events as (
    select * from {{ ref('stg_forgetting_event') }}
    where event_kind = 'forgotten'
),

final as (
    select
        event_id as forgetting_id,
        {{ bangkok_day('occurred_at') }} as forgotten_on,
        files_changed,
        rows_removed
    from events
)

select * from final
order by forgetting_id
