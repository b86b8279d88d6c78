with matters as (
    select * from {{ ref('int_file_matters') }}
),

versions as (
    select * from {{ ref('int_file_versions') }}
),

final as (
    select
        matters.matter_id,
        matters.kind,
        matters.cluster_code,
        matters.sender,
        matters.dataset,
        matters.path,
        versions.file_id,
        matters.receipt_id,
        matters.column_name,
        matters.reason,
        matters.waits_for,
        matters.row_count,
        cast(matters.amount_baht as decimal(38, 2)) as amount_baht
    from matters
    inner join versions
        on matters.receipt_id = versions.receipt_id
)

select * from final
order by dataset, path, kind, column_name, reason, waits_for
