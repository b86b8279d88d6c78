with versions as (
    select * from {{ ref('int_file_versions') }}
),

quarantined_rows as (
    select * from {{ ref('int_quarantined_rows') }}
),

members as (
    select * from {{ ref('int_member_registrations') }}
    where row_status = 'held'
),

activities as (
    select * from {{ ref('int_activity_reports') }}
),

participants as (
    select * from {{ ref('int_activity_participants') }}
    where not is_known
),

outcomes as (
    select * from {{ ref('int_financial_outcomes') }}
    where row_status = 'held'
),

corrections as (
    select * from {{ ref('int_corrections') }}
),

bad_row_problems as (
    select
        receipt_id,
        sheet_name,
        row_number,
        row_sequence,
        control_total,
        {{ unnest_list('problems') }} as problem
    from quarantined_rows
),

problems as (
    select
        receipt_id,
        sheet_name,
        row_number,
        row_sequence,
        {{ struct_field('problem', 'column_name') }} as column_name,
        {{ struct_field('problem', 'reason') }} as reason,
        {{ struct_field('problem', 'raw_value') }} as raw_value,
        false as is_held,
        control_total
    from bad_row_problems

    union all

    select
        receipt_id,
        sheet_name,
        row_number,
        row_sequence,
        'cluster_code' as column_name,
        'unknown_cluster' as reason,
        {{ shown_code('cluster_code') }} as raw_value,
        true as is_held,
        control_total
    from members

    union all

    select
        receipt_id,
        sheet_name,
        row_number,
        row_sequence,
        'cluster_code' as column_name,
        'unknown_cluster' as reason,
        {{ shown_code('cluster_code') }} as raw_value,
        true as is_held,
        control_total
    from activities
    where row_status = 'held'

    union all

    select
        participants.receipt_id,
        activities.sheet_name,
        activities.row_number,
        participants.row_sequence,
        'participant_ids' as column_name,
        'unregistered_enterprise' as reason,
        coalesce(participants.juristic_id, {{ masked_id() }}) as raw_value,
        true as is_held,
        cast(null as decimal(18, 2)) as control_total
    from participants
    inner join activities
        on
            participants.receipt_id = activities.receipt_id
            and participants.row_sequence = activities.row_sequence

    union all

    select
        receipt_id,
        sheet_name,
        row_number,
        row_sequence,
        'cluster_code' as column_name,
        'unknown_cluster' as reason,
        {{ shown_code('cluster_code') }} as raw_value,
        true as is_held,
        case when measure != 'jobs_created' then control_total end as control_total
    from outcomes
    where not has_known_cluster

    union all

    select
        receipt_id,
        sheet_name,
        row_number,
        row_sequence,
        'juristic_id' as column_name,
        'unregistered_enterprise' as reason,
        coalesce(juristic_id, {{ masked_id() }}) as raw_value,
        true as is_held,
        case when measure != 'jobs_created' then control_total end as control_total
    from outcomes
    where not has_known_membership
),

final as (
    select
        problems.receipt_id,
        problems.sheet_name,
        problems.row_number,
        problems.row_sequence,
        cast(
            row_number() over (
                partition by problems.receipt_id, problems.row_sequence
                order by
                    problems.column_name asc nulls last,
                    problems.reason asc,
                    problems.raw_value asc nulls last
            ) as integer
        ) as problem_number,
        problems.column_name,
        problems.reason,
        problems.raw_value,
        problems.is_held,
        coalesce(versions.receipt_id < corrections.receipt_id, false) as is_sent_again,
        problems.control_total
    from problems
    inner join versions
        on problems.receipt_id = versions.receipt_id
    left join corrections
        on
            versions.dataset = corrections.dataset
            and corrections.corrects
            = substr(versions.file_id, 1, 16) || ':' || cast(problems.row_sequence as string)
)

select * from final
