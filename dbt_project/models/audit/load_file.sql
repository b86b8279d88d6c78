with versions as (
    select * from {{ ref('int_file_versions') }}
),

row_counts as (
    select * from {{ ref('int_file_row_counts') }}
),

final as (
    select
        versions.receipt_id,
        versions.file_id,
        versions.dataset,
        versions.path,
        versions.contract_version,
        versions.received_at,
        versions.file_status as status,
        versions.reason,
        versions.message,
        versions.superseded_by_file_id,
        cast(coalesce(versions.rows_read, 0) as bigint) as rows_read,
        cast(coalesce(row_counts.rows_current, 0) as bigint) as rows_current,
        cast(coalesce(row_counts.rows_superseded, 0) as bigint) as rows_superseded,
        cast(coalesce(row_counts.rows_quarantined, 0) as bigint) as rows_quarantined,
        cast(coalesce(versions.control_total, 0) as decimal(38, 2)) as control_total_read,
        cast(coalesce(row_counts.control_total_current, 0) as decimal(38, 2))
            as control_total_current,
        cast(coalesce(row_counts.control_total_superseded, 0) as decimal(38, 2))
            as control_total_superseded,
        cast(coalesce(row_counts.control_total_quarantined, 0) as decimal(38, 2))
            as control_total_quarantined,
        versions.unknown_columns,
        cast(coalesce(versions.total_rows, 0) as bigint) as total_rows,
        versions.total_row_numbers
    from versions
    left join row_counts
        on versions.receipt_id = row_counts.receipt_id
)

select * from final
order by receipt_id
