with submissions as (
    {{ latest_wins(
        'cluster_registrations',
        columns=[
            'file_id', 'sheet_name', 'row_number', 'control_total',
            'cluster_name_th', 'cluster_name_en', 'branch', 'status',
            'province_codes', 'registered_on',
        ],
    ) }}
),

judged as (
    select
        *,
        case when is_latest then 'current' else 'superseded' end as row_status
    from submissions
)

select * from judged
