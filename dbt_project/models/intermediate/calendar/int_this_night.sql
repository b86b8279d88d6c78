with nights as (
    select * from {{ ref('stg_this_night') }}
)

select * from nights
