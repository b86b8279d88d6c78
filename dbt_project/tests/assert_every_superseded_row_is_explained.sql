-- Harmed when this fails: whoever asks why a row no longer counts, and finds it listed twice or not
-- at all.
{{ config(
    meta={
        'dagster': {'ref': {'name': 'superseded_row'}},
        'action_th': 'ดูไฟล์ที่แสดง แล้วแจ้งผู้ดูแลระบบ',
        'action_en': 'Look at the files it lists and report it to whoever looks after the models.',
    }
) }}

with explained as (
    select
        receipt_id,
        count(*) as rows_explained
    from {{ ref('superseded_row') }}
    group by receipt_id
),

counted as (
    select
        receipt_id,
        path,
        rows_superseded
    from {{ ref('load_file') }}
    where
        dataset in (
            {%- for dataset in accounted_datasets() %}
            '{{ dataset }}'{{ ',' if not loop.last }}
            {%- endfor %}
        )
)

select
    counted.path,
    counted.rows_superseded,
    explained.rows_explained
from counted
left join explained
    on counted.receipt_id = explained.receipt_id
where counted.rows_superseded <> coalesce(explained.rows_explained, 0)
