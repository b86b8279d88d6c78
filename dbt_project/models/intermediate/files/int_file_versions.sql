with events as (
    select * from {{ ref('stg_file_event') }}
),

-- Judged again under a changed contract, the same bytes keep their receipt: its place in order and
-- its time are the first judgement's, everything else the last one's.
judgements as (
    select
        *,
        min(event_id) over receipt as first_event_id,
        first_value(occurred_at) over (
            partition by dataset, path, file_id
            order by event_id
        ) as first_occurred_at,
        max(case when event_kind = 'loaded' then event_id end) over receipt as last_loaded_event_id,
        max(case when event_kind = 'rejected' then event_id end) over receipt
            as last_rejected_event_id
    from events
    where event_kind in ('loaded', 'rejected')
    window receipt as (partition by dataset, path, file_id)
),

loaded as (
    select
        *,
        lead(file_id) over arrival as superseded_by_file_id,
        lead(first_event_id) over arrival as superseded_by_receipt_id,
        lead(first_occurred_at) over arrival as superseded_at
    from judgements
    where event_id = last_loaded_event_id
    window arrival as (partition by dataset, path order by first_event_id)
),

-- A rejection that a later judgement of the same bytes has lifted is no receipt any more; one that
-- came after they were loaded is a receipt of its own and leaves what is loaded.
rejected as (
    select
        *,
        case when last_loaded_event_id is null then first_event_id else event_id end as receipt_id,
        case when last_loaded_event_id is null then first_occurred_at else occurred_at end
            as received_at
    from judgements
    where
        event_id = last_rejected_event_id
        and event_id > coalesce(last_loaded_event_id, -1)
),

withdrawals as (
    select
        dataset,
        path,
        file_id,
        event_kind,
        occurred_at,
        row_number() over (partition by dataset, path, file_id order by event_id desc)
            as newest_first
    from events
    where event_kind in ('withdrawn', 'reinstated')
),

withdrawn as (
    select
        dataset,
        path,
        file_id,
        occurred_at as withdrawn_at
    from withdrawals
    where newest_first = 1 and event_kind = 'withdrawn'
),

versions as (
    select
        loaded.first_event_id as receipt_id,
        loaded.dataset,
        loaded.path,
        loaded.file_id,
        loaded.contract_version,
        case
            when withdrawn.file_id is not null then 'withdrawn'
            when loaded.superseded_by_file_id is not null then 'superseded'
            else 'loaded'
        end as file_status,
        loaded.reason,
        loaded.message,
        loaded.superseded_by_file_id,
        loaded.superseded_by_receipt_id,
        loaded.superseded_at,
        withdrawn.withdrawn_at,
        loaded.rows_read,
        loaded.control_total,
        loaded.unknown_columns,
        loaded.total_rows,
        loaded.total_row_numbers,
        true as is_accepted,
        loaded.first_occurred_at as received_at,
        loaded.occurred_at as judged_at
    from loaded
    left join withdrawn
        on
            loaded.dataset = withdrawn.dataset
            and loaded.path = withdrawn.path
            and loaded.file_id = withdrawn.file_id

    union all

    select
        receipt_id,
        dataset,
        path,
        file_id,
        contract_version,
        'rejected' as file_status,
        reason,
        message,
        null as superseded_by_file_id,
        null as superseded_by_receipt_id,
        null as superseded_at,
        null as withdrawn_at,
        rows_read,
        control_total,
        unknown_columns,
        total_rows,
        total_row_numbers,
        false as is_accepted,
        received_at,
        occurred_at as judged_at
    from rejected

    union all

    select
        event_id as receipt_id,
        dataset,
        path,
        file_id,
        contract_version,
        'duplicate' as file_status,
        reason,
        message,
        null as superseded_by_file_id,
        null as superseded_by_receipt_id,
        null as superseded_at,
        null as withdrawn_at,
        rows_read,
        control_total,
        unknown_columns,
        total_rows,
        total_row_numbers,
        false as is_accepted,
        occurred_at as received_at,
        occurred_at as judged_at
    from events
    where event_kind = 'duplicate'
)

select * from versions
