-- Fiscal years 2550 to 2600: those an outcome may be reported for.
with days as (
    select {{ days_between('2006-10-01', '2057-09-30') }} as date_day
),

calendar as (
    select
        date_day,
        cast(extract(year from date_day) + 543 as integer) as year_be,
        {{ thai_month_name('date_day') }} as month_name_th,
        {{ fiscal_year_be('date_day') }} as fiscal_year_be,
        {{ fiscal_quarter('date_day') }} as fiscal_quarter
    from days
),

final as (
    select
        date_day,
        year_be,
        month_name_th,
        fiscal_year_be,
        fiscal_quarter,
        min(date_day) over (partition by fiscal_year_be, fiscal_quarter)
            as fiscal_quarter_starts_on,
        max(date_day) over (partition by fiscal_year_be, fiscal_quarter)
            as fiscal_quarter_ends_on
    from calendar
)

select * from final
order by date_day
