with days as (
    select * from {{ ref('dim_date') }}
),

night as (
    select * from {{ ref('int_this_night') }}
),

quarters as (
    select
        fiscal_year_be,
        fiscal_quarter,
        min(date_day) as starts_on,
        max(date_day) as ends_on
    from days
    group by fiscal_year_be, fiscal_quarter
),

final as (
    select
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        quarters.starts_on,
        quarters.ends_on,
        {{ days_after('quarters.ends_on', var('report_due_days')) }} as due_on,
        {{ days_after('quarters.ends_on', var('report_due_days')) }} < night.began_on as is_due
    from quarters
    cross join night
)

select * from final
order by fiscal_year_be, fiscal_quarter
