with participants as (
    select * from {{ ref('int_activity_participants') }}
    where is_known
),

final as (
    select
        activity_id,
        enterprise_key
    from participants
)

select * from final
