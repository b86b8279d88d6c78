with versions as (
    select * from {{ ref('int_file_versions') }}
),

problems as (
    select * from {{ ref('int_row_problems') }}
),

reason_codes as (
    select * from {{ ref('reason_code') }}
    where level = 'row'
),

final as (
    select
        problems.receipt_id,
        versions.file_id,
        versions.dataset,
        versions.path,
        versions.file_status,
        problems.sheet_name,
        problems.row_number,
        problems.row_sequence,
        problems.problem_number,
        problems.column_name,
        problems.reason,
        problems.raw_value,
        problems.is_held as held,
        problems.is_sent_again,
        cast(problems.control_total as decimal(38, 2)) as control_total,
        reason_codes.meaning_th || ' ' || reason_codes.action_th || ' / '
        || reason_codes.meaning_en || ' ' || reason_codes.action_en as message
    from problems
    inner join versions
        on problems.receipt_id = versions.receipt_id
    left join reason_codes
        on problems.reason = reason_codes.code
)

select * from final
order by receipt_id, row_sequence, problem_number
