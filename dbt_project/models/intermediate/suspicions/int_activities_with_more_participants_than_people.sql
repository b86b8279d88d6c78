with activities as (
    select
        *,
        {{ fiscal_year_be('start_date') }} as fiscal_year_be,
        {{ fiscal_quarter('start_date') }} as fiscal_quarter
    from {{ ref('int_activity_reports') }}
    where row_status = 'current' and participants_people is not null
),

-- Known or not: an enterprise that is a member of no cluster still sent somebody.
named as (
    select
        activity_id,
        count(*) as enterprises
    from {{ ref('int_activity_participants') }}
    group by activity_id
),

told as (
    select
        activities.receipt_id,
        activities.row_sequence,
        activities.activity_id,
        activities.cluster_code,
        activities.fiscal_year_be,
        activities.fiscal_quarter,
        cast(0 as decimal(38, 2)) as baht_at_stake,
        'The activity names ' || cast(named.enterprises as string)
        || ' enterprises that took part, but says that '
        || cast(activities.participants_people as string) || ' people did.' as evidence_en,
        'กิจกรรมระบุวิสาหกิจที่เข้าร่วม ' || cast(named.enterprises as string)
        || ' ราย แต่ระบุจำนวนผู้เข้าร่วมเพียง '
        || cast(activities.participants_people as string) || ' คน' as evidence_th,
        activities.sheet_name,
        activities.row_number
    from activities
    inner join named
        on activities.activity_id = named.activity_id
    where named.enterprises > activities.participants_people
)

select * from told
