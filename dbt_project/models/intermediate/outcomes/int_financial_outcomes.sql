with submissions as (
    {{ latest_wins(
        'financial_outcomes',
        columns=['sheet_name', 'row_number', 'control_total', 'juristic_id', 'amount'],
    ) }}
),

known_clusters as (
    select cluster_code from {{ ref('int_cluster_registrations') }}
    where row_status = 'current'
),

known_memberships as (
    select
        cluster_code,
        enterprise_key,
        membership_number
    from {{ ref('int_member_registrations') }}
    where row_status = 'current'
),

judged as (
    select
        submissions.*,
        known_memberships.membership_number,
        known_clusters.cluster_code is not null as has_known_cluster,
        known_memberships.enterprise_key is not null as has_known_membership,
        case
            when not submissions.is_latest then 'superseded'
            when known_memberships.enterprise_key is null then 'held'
            else 'current'
        end as row_status
    from submissions
    left join known_clusters
        on submissions.cluster_code = known_clusters.cluster_code
    left join known_memberships
        on
            submissions.cluster_code = known_memberships.cluster_code
            and submissions.enterprise_key = known_memberships.enterprise_key
),

-- The largest table of the scratch file: texts cost most to write, so those that nobody asks for
-- are left out (file_status stands in int_file_versions).
final as (
    select
        receipt_id,
        row_sequence,
        sheet_name,
        row_number,
        cluster_code,
        enterprise_key,
        membership_number,
        -- Only of a held row is the id shown that is waited for.
        case when row_status = 'held' then juristic_id end as juristic_id,
        fiscal_year_be,
        fiscal_quarter,
        measure,
        amount,
        control_total,
        submitted_on,
        first_submitted_on,
        is_latest,
        has_known_cluster,
        has_known_membership,
        row_status
    from judged
)

select * from final
