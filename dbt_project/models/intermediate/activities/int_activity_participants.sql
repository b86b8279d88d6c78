with activities as (
    select * from {{ ref('int_activity_reports') }}
    where row_status = 'current'
),

known_enterprises as (
    select distinct enterprise_key from {{ ref('int_member_registrations') }}
    where row_status = 'current'
),

named as (
    select
        activity_id,
        receipt_id,
        row_sequence,
        {{ unnest_list(list_distinct('participants')) }} as participant
    from activities
),

participants as (
    select
        activity_id,
        receipt_id,
        row_sequence,
        {{ struct_field('participant', 'enterprise_key') }} as enterprise_key,
        {{ struct_field('participant', 'juristic_id') }} as juristic_id
    from named
),

judged as (
    select
        participants.*,
        known_enterprises.enterprise_key is not null as is_known
    from participants
    left join known_enterprises
        on participants.enterprise_key = known_enterprises.enterprise_key
)

select * from judged
