with submissions as (
    {{ latest_wins(
        'activity_reports',
        columns=[
            'file_id', 'sheet_name', 'row_number', 'control_total',
            'cluster_code', 'activity_type', 'province_code', 'start_date', 'end_date',
            'partner_name', 'partner_type', 'participants_people',
            'budget_baht', 'spent_baht',
        ],
    ) }}
),

known_clusters as (
    select cluster_code from {{ ref('int_cluster_registrations') }}
    where row_status = 'current'
),

judged as (
    select
        submissions.*,
        case
            when not submissions.is_latest then 'superseded'
            when known_clusters.cluster_code is null then 'held'
            else 'current'
        end as row_status
    from submissions
    left join known_clusters
        on submissions.cluster_code = known_clusters.cluster_code
)

select * from judged
