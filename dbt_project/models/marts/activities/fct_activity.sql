with activities as (
    select * from {{ ref('int_activity_reports') }}
    where row_status = 'current'
),

final as (
    select
        activity_id,
        cluster_code,
        activity_type,
        province_code,
        partner_name,
        partner_type,
        participants_people,
        budget_baht,
        spent_baht,
        {{ fiscal_year_be('start_date') }} as fiscal_year_be,
        {{ fiscal_quarter('start_date') }} as fiscal_quarter,
        start_date,
        end_date,
        submitted_on,
        file_id,
        sheet_name,
        row_number
    from activities
)

select * from final
order by fiscal_year_be, cluster_code, fiscal_quarter, start_date, activity_id
