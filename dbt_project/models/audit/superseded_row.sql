with superseded_rows as (
    select * from {{ ref('int_superseded_rows') }}
),

versions as (
    select * from {{ ref('int_file_versions') }}
),

final as (
    select
        superseded_rows.receipt_id,
        replaced.file_id,
        superseded_rows.dataset,
        replaced.path,
        superseded_rows.sheet_name,
        superseded_rows.row_number,
        superseded_rows.row_sequence,
        superseded_rows.record_key,
        superseded_rows.superseded_why,
        case superseded_rows.superseded_why
            when 'file_withdrawn' then replaced.withdrawn_at
            when 'file_corrected' then replaced.superseded_at
            else greatest(replaced.received_at, standing.received_at)
        end as superseded_at,
        superseded_rows.submitted_on,
        superseded_rows.control_total,
        standing.file_id as by_file_id,
        standing.path as by_path,
        superseded_rows.by_sheet_name,
        superseded_rows.by_row_number,
        superseded_rows.by_submitted_on,
        superseded_rows.by_control_total
    from superseded_rows
    inner join versions as replaced
        on superseded_rows.receipt_id = replaced.receipt_id
    left join versions as standing
        on superseded_rows.by_receipt_id = standing.receipt_id
)

select * from final
order by receipt_id, row_sequence
