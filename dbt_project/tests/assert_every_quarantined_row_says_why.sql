-- Harmed when this fails: coordinators: their row is not taken in, and nobody can tell them why. A
-- reason without its sentence in the seed reason_code is as bad. It warns only: a missing sentence
-- is no reason to keep everybody's figures back.
{{ config(
    severity='warn',
    meta={
        'dagster': {'ref': {'name': 'quarantined_row'}},
        'action_th': 'เพิ่มข้อความของรหัสเหตุผลที่ขาดใน seed reason_code',
        'action_en': 'Add the missing sentence to the seed reason_code, or report the file it ' ~
            'lists.',
    }
) }}

with told as (
    select
        receipt_id,
        count(distinct row_sequence) as rows_told
    from {{ ref('quarantined_row') }}
    where not held or column_name != 'participant_ids'
    group by receipt_id
)

select
    cast(load_file.receipt_id as string) as found_at,
    load_file.rows_quarantined,
    told.rows_told
from {{ ref('load_file') }} as load_file
left join told
    on load_file.receipt_id = told.receipt_id
where load_file.rows_quarantined != coalesce(told.rows_told, 0)

union all

select
    'reason ' || reason as found_at,
    count(*) as rows_quarantined,
    0 as rows_told
from {{ ref('quarantined_row') }}
where message is null
group by reason
