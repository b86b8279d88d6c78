-- Harmed when this fails: whoever watches the trend to see whether matters get mended: it would
-- not say what the follow-up lists.
{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_follow_up_trend'}},
        'action_th': 'แจ้งผู้ดูแลระบบ: แนวโน้มไม่ตรงกับรายการติดตาม',
        'action_en': 'Report it to whoever looks after the models: the ledger lacks matters that ' ~
            'nights opened or resolved.',
    }
) }}

with listed as (
    select
        kind,
        count(*) as matters_open
    from {{ ref('rpt_follow_up') }}
    where state != 'resolved'
    group by kind
),

this_night as (
    select * from {{ ref('dim_night') }}
    where is_this_night
)

select
    trend.kind,
    trend.matters_open as of_the_trend,
    listed.matters_open as of_the_list
from {{ ref('rpt_follow_up_trend') }} as trend
inner join this_night
    on trend.night_number = this_night.night_number
left join listed
    on trend.kind = listed.kind
where trend.matters_open != coalesce(listed.matters_open, 0)
