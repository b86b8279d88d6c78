-- Harmed when this fails: whoever traces a figure to its file, and the night's reconciliation: rows
-- counted as current that no mart shows, or shown that nothing counted.
{{ config(
    meta={
        'dagster': {'ref': {'name': 'load_file'}},
        'action_th': 'ดูไฟล์ที่แสดง แล้วแจ้งผู้ดูแลระบบ คืนนี้ไม่เผยแพร่',
        'action_en': 'Look at the files it lists and report it to whoever looks after the models; ' ~
            'nothing is published meanwhile.',
    }
) }}

with mart_rows as (
    select
        'cluster_registrations' as dataset,
        file_id
    from {{ ref('dim_cluster') }}

    union all

    select
        'member_registrations' as dataset,
        file_id
    from {{ ref('fct_membership') }}
    where is_current

    union all

    select
        'activity_reports' as dataset,
        file_id
    from {{ ref('fct_activity') }}

    union all

    select
        'financial_outcomes' as dataset,
        file_id
    from {{ ref('fct_financial_outcome') }}
),

counted_in_marts as (
    select
        dataset,
        file_id,
        count(*) as rows_shown
    from mart_rows
    group by dataset, file_id
),

counted_in_files as (
    select
        dataset,
        file_id,
        sum(rows_current) as rows_current
    from {{ ref('load_file') }}
    where
        rows_current > 0
        and dataset in (
            {%- for dataset in accounted_datasets() %}
            '{{ dataset }}'{{ ',' if not loop.last }}
            {%- endfor %}
        )
    group by dataset, file_id
)

select
    coalesce(counted_in_marts.dataset, counted_in_files.dataset) as dataset,
    coalesce(counted_in_marts.file_id, counted_in_files.file_id) as file_id,
    counted_in_marts.rows_shown,
    counted_in_files.rows_current
from counted_in_marts
full outer join counted_in_files
    on
        counted_in_marts.dataset = counted_in_files.dataset
        and counted_in_marts.file_id = counted_in_files.file_id
where coalesce(counted_in_marts.rows_shown, 0) != coalesce(counted_in_files.rows_current, 0)
