with activities as (
    select * from {{ ref('int_activity_reports') }}
    where row_status = 'current'
),

known_enterprises as (
    select distinct enterprise_key from {{ ref('int_member_registrations') }}
    where row_status = 'current'
),

versions as (
    select * from {{ ref('int_file_versions') }}
    where dataset = 'activity_reports' and is_accepted
),

-- Read from the store: the lists would cost more to keep with the activities than to read again.
named as (
    select
        activities.activity_id,
        activities.receipt_id,
        activities.row_sequence,
        {{ unnest_list(list_distinct('submissions.participants')) }} as participant
    from {{ ref('stg_activity_reports') }} as submissions
    inner join versions
        on
            submissions.file_id = versions.file_id
            and submissions.contract_version = versions.contract_version
    inner join activities
        on
            versions.receipt_id = activities.receipt_id
            and submissions.row_sequence = activities.row_sequence
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
        participants.activity_id,
        participants.receipt_id,
        participants.row_sequence,
        participants.enterprise_key,
        -- Only of an enterprise that is waited for is the id shown.
        case when known_enterprises.enterprise_key is null then participants.juristic_id end
            as juristic_id,
        known_enterprises.enterprise_key is not null as is_known
    from participants
    left join known_enterprises
        on participants.enterprise_key = known_enterprises.enterprise_key
)

select * from judged
