with versions as (
    select
        *,
        row_number() over (partition by dataset, path order by receipt_id desc) as newest_first
    from {{ ref('int_file_versions') }}
    where file_status != 'duplicate'
),

problems as (
    select * from {{ ref('int_row_problems') }}
),

corrections as (
    select * from {{ ref('int_corrections') }}
),

file_clusters as (
    select * from {{ ref('int_file_clusters') }}
),

-- What a held row waits for is part of what the matter is; what a bad row says is not, or every
-- correction that does not mend it would be a matter of its own. Persons are not told apart.
row_matters as (
    select
        versions.receipt_id,
        case when problems.is_held then 'held' else 'quarantined' end as kind,
        versions.dataset,
        versions.path,
        problems.column_name,
        problems.reason,
        case
            when problems.is_held and problems.raw_value != {{ masked_id() }}
                then problems.raw_value
        end as waits_for,
        count(distinct problems.row_sequence) as row_count,
        sum(problems.control_total) as amount_baht
    from problems
    inner join versions
        on problems.receipt_id = versions.receipt_id
    where
        versions.file_status = 'loaded'
        and not problems.is_sent_again
    group by
        versions.receipt_id,
        problems.is_held,
        versions.dataset,
        versions.path,
        problems.column_name,
        problems.reason,
        waits_for
),

-- The rows of a refused file that came back in workbooks for coordinators.
sent_again as (
    select
        dataset,
        substr(corrects, 1, 16) as file_id_start,
        count(*) as row_count,
        max(receipt_id) as receipt_id
    from corrections
    group by dataset, substr(corrects, 1, 16)
),

rejected_matters as (
    select
        versions.receipt_id,
        'rejected' as kind,
        versions.dataset,
        versions.path,
        cast(null as string) as column_name,
        versions.reason,
        cast(null as string) as waits_for,
        versions.rows_read as row_count,
        case when versions.rows_read > 0 then versions.control_total end as amount_baht
    from versions
    left join sent_again
        on
            versions.dataset = sent_again.dataset
            and substr(versions.file_id, 1, 16) = sent_again.file_id_start
            and versions.receipt_id < sent_again.receipt_id
    where
        versions.file_status = 'rejected'
        and versions.newest_first = 1
        and not (versions.rows_read > 0 and coalesce(sent_again.row_count, 0) >= versions.rows_read)
),

matters as (
    select * from row_matters
    union all
    select * from rejected_matters
),

file_matters as (
    select
        {{ matter_id(
            'matters.kind',
            [
                'matters.dataset', 'matters.path', 'matters.column_name', 'matters.reason',
                'matters.waits_for',
            ],
        ) }} as matter_id,
        matters.*,
        file_clusters.cluster_code,
        file_clusters.sender
    from matters
    left join file_clusters
        on matters.receipt_id = file_clusters.receipt_id
)

select * from file_matters
