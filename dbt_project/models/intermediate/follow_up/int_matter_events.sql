with events as (
    select * from {{ ref('stg_matter_event') }}
),

nights as (
    select * from {{ ref('int_nights') }}
),

matter_events as (
    select
        events.*,
        nights.night_number
    from events
    inner join nights
        on events.run_id = nights.run_id
)

select * from matter_events
