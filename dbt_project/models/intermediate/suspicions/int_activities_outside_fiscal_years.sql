with activities as (
    select
        *,
        {{ fiscal_year_be('start_date') }} as fiscal_year_be,
        {{ fiscal_quarter('start_date') }} as fiscal_quarter,
        {{ fiscal_year_be('coalesce(end_date, start_date)') }} as ends_in_year_be
    from {{ ref('int_activity_reports') }}
    where row_status = 'current'
),

targets as (
    select * from {{ ref('fiscal_year_target') }}
),

memberships as (
    select
        cluster_code,
        enterprise_key
    from {{ ref('int_member_registrations') }}
    where row_status = 'current' and status = 'active'
),

reporting as (
    select
        outcomes.fiscal_year_be,
        count(distinct outcomes.cluster_code || '|' || outcomes.enterprise_key) as members
    from {{ ref('int_financial_outcomes') }} as outcomes
    inner join memberships
        on
            outcomes.cluster_code = memberships.cluster_code
            and outcomes.enterprise_key = memberships.enterprise_key
    where outcomes.row_status = 'current'
    group by outcomes.fiscal_year_be
),

active as (
    select count(*) as members from memberships
),

-- One mistyped year of one outcome makes no year of the programme.
fiscal_years as (
    select fiscal_year_be from targets
    union distinct
    select reporting.fiscal_year_be
    from reporting
    cross join active
    where reporting.members >= {{ var('programme_year_min_reporting_ratio') }} * active.members
),

span as (
    select
        min(fiscal_year_be) as first_year_be,
        max(fiscal_year_be) as last_year_be
    from fiscal_years
),

outside as (
    select
        activities.*,
        span.first_year_be,
        span.last_year_be
    from activities
    cross join span
    left join fiscal_years as years_of_start
        on activities.fiscal_year_be = years_of_start.fiscal_year_be
    left join fiscal_years as years_of_end
        on activities.ends_in_year_be = years_of_end.fiscal_year_be
    where years_of_start.fiscal_year_be is null or years_of_end.fiscal_year_be is null
),

told as (
    select
        receipt_id,
        row_sequence,
        activity_id,
        cluster_code,
        fiscal_year_be,
        fiscal_quarter,
        spent_baht as amount,
        coalesce(spent_baht, budget_baht, 0) as baht_at_stake,
        'The activity lasts from ' || cast(start_date as string) || ' to '
        || cast(coalesce(end_date, start_date) as string) || ', outside the fiscal years of the '
        || 'programme (' || cast(first_year_be as string)
        || case
            when last_year_be > first_year_be then ' to ' || cast(last_year_be as string) else ''
        end
        || ', October to September); a year may be mistyped.' as evidence_en,
        'กิจกรรมเริ่ม ' || cast(start_date as string) || ' สิ้นสุด '
        || cast(coalesce(end_date, start_date) as string) || ' (ค.ศ.) อยู่นอกปีงบประมาณของโครงการ ('
        || cast(first_year_be as string)
        || case
            when last_year_be > first_year_be then '–' || cast(last_year_be as string) else ''
        end
        || ') อาจพิมพ์ปีผิด' as evidence_th,
        sheet_name,
        row_number
    from outside
)

select * from told
