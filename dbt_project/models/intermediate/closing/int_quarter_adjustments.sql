with quarters as (
    select * from {{ ref('int_closed_quarters') }}
),

versions as (
    select * from {{ ref('int_file_versions') }}
    where dataset = 'financial_outcomes' and is_accepted
),

closed_outcomes as (
    select
        closed_rows.fiscal_year_be,
        closed_rows.fiscal_quarter,
        closed_rows.cluster_code,
        closed_rows.enterprise_key,
        closed_rows.measure,
        closed_rows.amount,
        closed_rows.file_id
    from {{ ref('stg_closed_outcome') }} as closed_rows
    inner join quarters
        on closed_rows.snapshot_id = quarters.snapshot_id
),

current_outcomes as (
    select
        outcomes.fiscal_year_be,
        outcomes.fiscal_quarter,
        outcomes.cluster_code,
        outcomes.enterprise_key,
        outcomes.measure,
        outcomes.amount,
        outcomes.receipt_id
    from {{ ref('int_financial_outcomes') }} as outcomes
    inner join quarters
        on
            outcomes.fiscal_year_be = quarters.fiscal_year_be
            and outcomes.fiscal_quarter = quarters.fiscal_quarter
    where outcomes.row_status = 'current'
),

differing as (
    select
        coalesce(closed_outcomes.fiscal_year_be, current_outcomes.fiscal_year_be)
            as fiscal_year_be,
        coalesce(closed_outcomes.fiscal_quarter, current_outcomes.fiscal_quarter)
            as fiscal_quarter,
        coalesce(closed_outcomes.cluster_code, current_outcomes.cluster_code) as cluster_code,
        coalesce(closed_outcomes.enterprise_key, current_outcomes.enterprise_key)
            as enterprise_key,
        coalesce(closed_outcomes.measure, current_outcomes.measure) as measure,
        closed_outcomes.amount as amount_before,
        current_outcomes.amount as amount_after,
        closed_outcomes.file_id as closed_file_id,
        current_outcomes.receipt_id as current_receipt_id
    from closed_outcomes
    full outer join current_outcomes
        on
            closed_outcomes.fiscal_year_be = current_outcomes.fiscal_year_be
            and closed_outcomes.fiscal_quarter = current_outcomes.fiscal_quarter
            and closed_outcomes.cluster_code = current_outcomes.cluster_code
            and closed_outcomes.enterprise_key = current_outcomes.enterprise_key
            and closed_outcomes.measure = current_outcomes.measure
    where closed_outcomes.amount is distinct from current_outcomes.amount
),

-- What became of the file that a closed row stood in: the last version that came at its path.
newest_at_path as (
    select
        receipt_id,
        file_id,
        file_status,
        first_value(receipt_id) over at_path as newest_receipt_id,
        first_value(file_status) over at_path as newest_status,
        row_number() over (partition by file_id order by receipt_id) as receipt_of_file
    from versions
    window at_path as (partition by path order by receipt_id desc)
),

placed as (
    select
        differing.*,
        closed_file.receipt_id as closed_receipt_id,
        closed_file.newest_receipt_id,
        closed_file.newest_status,
        coalesce(current_file.received_at > quarters.published_at, false) as is_late,
        coalesce(closed_file.file_status = 'loaded', false) as is_closed_file_loaded
    from differing
    inner join quarters
        on
            differing.fiscal_year_be = quarters.fiscal_year_be
            and differing.fiscal_quarter = quarters.fiscal_quarter
    left join newest_at_path as closed_file
        on
            differing.closed_file_id = closed_file.file_id
            and closed_file.receipt_of_file = 1
    left join versions as current_file
        on differing.current_receipt_id = current_file.receipt_id
),

caused as (
    select
        *,
        case
            when amount_before is null and is_late then 'new'
            when amount_before is null then 'released'
            when amount_after is not null and (is_late or is_closed_file_loaded) then 'corrected'
            when newest_status = 'withdrawn' then 'withdrawn'
            when newest_receipt_id = closed_receipt_id then 'held'
            when amount_after is null then 'removed'
            else 'corrected'
        end as why,
        -- What stands now says why, unless it had come before: then what took the closed row away.
        case
            when
                amount_before is null
                or (amount_after is not null and (is_late or is_closed_file_loaded))
                then current_receipt_id
            else newest_receipt_id
        end as by_receipt_id
    from placed
),

adjustments as (
    select
        caused.fiscal_year_be,
        caused.fiscal_quarter,
        caused.cluster_code,
        caused.enterprise_key,
        caused.measure,
        caused.why,
        versions.file_id,
        versions.path,
        coalesce(caused.amount_before, 0) as amount_before,
        coalesce(caused.amount_after, 0) as amount_after,
        coalesce(caused.amount_after, 0) - coalesce(caused.amount_before, 0) as adjustment_amount
    from caused
    left join versions
        on caused.by_receipt_id = versions.receipt_id
)

select * from adjustments
