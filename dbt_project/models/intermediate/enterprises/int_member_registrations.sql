with submissions as (
    {{ latest_wins(
        'member_registrations',
        columns=[
            'file_id', 'sheet_name', 'row_number', 'control_total',
            'juristic_id', 'is_natural_person', 'enterprise_name', 'enterprise_core_name',
            'legal_form_in_name', 'legal_form', 'province_code', 'business_type', 'tsic_code', 'role', 'status',
            'employees', 'annual_revenue_baht', 'fixed_assets_baht', 'registered_on',
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
        known_clusters.cluster_code is not null as has_known_cluster,
        case
            when not submissions.is_latest then 'superseded'
            when known_clusters.cluster_code is null then 'held'
            else 'current'
        end as row_status
    from submissions
    left join known_clusters
        on submissions.cluster_code = known_clusters.cluster_code
),

numbered as (
    select
        *,
        -- A current membership's place among all, by cluster and enterprise: a million rows are
        -- joined and put in order by it in less time and room than by the two texts.
        case
            when row_status = 'current'
                then cast(
                    row_number() over (
                        partition by row_status
                        order by cluster_code, enterprise_key
                    ) as integer
                )
        end as membership_number
    from judged
)

select * from numbered
