with unmodelled_rows as (
    select * from {{ ref('stg_unmodelled_rows') }}
),

versions as (
    select * from {{ ref('int_file_versions') }}
    where is_accepted
),

unmodelled_submissions as (
    select
        versions.receipt_id,
        unmodelled_rows.control_total,
        case
            when
                versions.file_status = 'loaded'
                and row_number() over (
                    partition by
                        unmodelled_rows.dataset,
                        unmodelled_rows.row_key,
                        versions.file_status = 'loaded'
                    order by
                        unmodelled_rows.submitted_on desc,
                        versions.receipt_id desc,
                        unmodelled_rows.row_sequence desc
                ) = 1
                then 'current'
            else 'superseded'
        end as row_status
    from unmodelled_rows
    inner join versions
        on
            unmodelled_rows.dataset = versions.dataset
            and unmodelled_rows.file_id = versions.file_id
            and unmodelled_rows.contract_version = versions.contract_version
),

file_rows as (
    select
        receipt_id,
        row_status,
        control_total
    from unmodelled_submissions

    {% for dataset in accounted_datasets() -%}
    union all

    select
        receipt_id,
        row_status,
        control_total
    from {{ ref('int_' ~ dataset) }}

    {% endfor -%}
    union all

    select
        receipt_id,
        'bad' as row_status,
        control_total
    from {{ ref('int_quarantined_rows') }}
),

status_counts as (
    select
        receipt_id,
        row_status,
        count(*) as row_count,
        sum(control_total) as control_total
    from file_rows
    group by receipt_id, row_status
),

file_counts as (
    select
        receipt_id,
        sum(case when row_status = 'current' then row_count else 0 end) as rows_current,
        sum(case when row_status = 'superseded' then row_count else 0 end) as rows_superseded,
        sum(case when row_status in ('bad', 'held') then row_count else 0 end)
            as rows_quarantined,
        sum(case when row_status = 'current' then control_total else 0 end)
            as control_total_current,
        sum(case when row_status = 'superseded' then control_total else 0 end)
            as control_total_superseded,
        sum(case when row_status in ('bad', 'held') then control_total else 0 end)
            as control_total_quarantined
    from status_counts
    group by receipt_id
)

select * from file_counts
