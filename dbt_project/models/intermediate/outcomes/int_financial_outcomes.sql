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
        enterprise_key
    from {{ ref('int_member_registrations') }}
    where row_status = 'current'
),

judged as (
    select
        submissions.*,
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
)

select * from judged
