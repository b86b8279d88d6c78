with quarantined as (
    select * from {{ ref('stg_quarantined') }}
),

versions as (
    select * from {{ ref('int_file_versions') }}
    where file_status != 'duplicate'
),

quarantined_rows as (
    select
        versions.receipt_id,
        quarantined.sheet_name,
        quarantined.row_number,
        quarantined.row_sequence,
        quarantined.control_total,
        quarantined.problems
    from quarantined
    inner join versions
        on
            quarantined.dataset = versions.dataset
            and quarantined.file_id = versions.file_id
            and quarantined.contract_version = versions.contract_version
)

select * from quarantined_rows
