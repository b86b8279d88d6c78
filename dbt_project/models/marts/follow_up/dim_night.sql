with nights as (
    select * from {{ ref('int_nights') }}
),

final as (
    select
        night_number,
        run_id,
        began_at,
        began_on,
        is_this_night
    from nights
)

select * from final
order by night_number
