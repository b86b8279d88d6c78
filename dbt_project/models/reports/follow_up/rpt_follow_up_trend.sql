with follow_up as (
    select * from {{ ref('rpt_follow_up') }}
),

events as (
    select * from {{ ref('fct_matter_event') }}
),

nights as (
    select * from {{ ref('dim_night') }}
),

kinds as (
    {% for kind in ['quarantined', 'held', 'rejected', 'suspicious', 'missing_report'] -%}
    select '{{ kind }}' as kind
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

-- What this night opens and finds resolved is in the ledger only after it has published.
changes as (
    select
        night_number,
        kind,
        event_kind = 'opened' as is_opened
    from events

    union all

    select
        nights.night_number,
        follow_up.kind,
        follow_up.state = 'new' as is_opened
    from follow_up
    cross join nights
    where
        nights.is_this_night
        and (follow_up.state = 'new' or follow_up.is_resolved_tonight)
),

-- Nights before the first that kept matters would show none, which is not what they had.
kept_nights as (
    select *
    from nights
    where
        is_this_night
        or night_number >= (select min(events.night_number) from events)
),

counted as (
    select
        night_number,
        kind,
        sum(case when is_opened then 1 else 0 end) as matters_opened,
        sum(case when is_opened then 0 else 1 end) as matters_resolved
    from changes
    group by night_number, kind
),

trend as (
    select
        kept_nights.night_number,
        kept_nights.run_id,
        kept_nights.began_on,
        kinds.kind,
        coalesce(counted.matters_opened, 0) as matters_opened,
        coalesce(counted.matters_resolved, 0) as matters_resolved
    from kept_nights
    cross join kinds
    left join counted
        on
            kept_nights.night_number = counted.night_number
            and kinds.kind = counted.kind
),

final as (
    select
        night_number,
        run_id,
        began_on,
        kind,
        cast(matters_opened as bigint) as matters_opened,
        cast(matters_resolved as bigint) as matters_resolved,
        cast(
            sum(matters_opened - matters_resolved) over (
                partition by kind
                order by night_number
                rows between unbounded preceding and current row
            ) as bigint
        ) as matters_open
    from trend
)

select * from final
order by night_number, kind
