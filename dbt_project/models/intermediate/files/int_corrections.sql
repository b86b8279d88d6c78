with references_to_rows as (
    select * from {{ ref('stg_correction') }}
),

versions as (
    select
        *,
        row_number() over (partition by dataset, path order by receipt_id desc) as newest_first
    from {{ ref('int_file_versions') }}
    where file_status != 'duplicate'
),

-- A file's references count while it stands: loaded, or refused with nothing after it at its path.
standing as (
    select * from versions
    where file_status = 'loaded' or (file_status = 'rejected' and newest_first = 1)
),

corrections as (
    select
        standing.dataset,
        references_to_rows.corrects,
        max(standing.receipt_id) as receipt_id
    from references_to_rows
    inner join standing
        on
            references_to_rows.dataset = standing.dataset
            and references_to_rows.file_id = standing.file_id
            and references_to_rows.contract_version = standing.contract_version
    group by standing.dataset, references_to_rows.corrects
)

select * from corrections
