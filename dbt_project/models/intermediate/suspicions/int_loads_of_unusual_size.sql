-- A band and never a count: members come and go, and a sender's files differ by as much.
with files as (
    select
        versions.receipt_id,
        versions.dataset,
        versions.path,
        clusters.cluster_code,
        clusters.sender,
        versions.rows_read,
        {{ log_of('versions.rows_read') }} as log_rows
    from {{ ref('int_file_versions') }} as versions
    inner join {{ ref('int_file_clusters') }} as clusters
        on versions.receipt_id = clusters.receipt_id
    where versions.file_status = 'loaded' and versions.rows_read > 0
),

row_counts as (
    select * from {{ ref('int_file_row_counts') }}
),

senders as (
    select
        dataset,
        sender,
        {{ sorted_list('log_rows') }} as log_row_counts,
        count(*) - 1 as other_files
    from files
    group by dataset, sender
    having count(*) > {{ var('load_size_min_files') }}
),

compared as (
    select
        files.*,
        senders.other_files,
        (
            {{ element_among_others(
                'senders.log_row_counts', 'files.log_rows',
                whole_part('senders.other_files + 1', 2)
            ) }}
            + {{ element_among_others(
                'senders.log_row_counts', 'files.log_rows',
                whole_part('senders.other_files', 2) ~ ' + 1'
            ) }}
        ) / 2 as log_usual,
        {{ element_among_others(
            'senders.log_row_counts', 'files.log_rows',
            'senders.other_files + 1 - ' ~ whole_part('senders.other_files + 3', 4)
        ) }}
        - {{ element_among_others(
            'senders.log_row_counts', 'files.log_rows',
            whole_part('senders.other_files + 3', 4)
        ) }} as log_span
    from files
    inner join senders
        on
            files.dataset = senders.dataset
            and files.sender = senders.sender
),

unusual as (
    select
        *,
        cast(round(exp(log_usual), 0) as bigint) as usual_rows
    from compared
    where
        abs(log_rows - log_usual) >= {{ log_of(var('load_size_min_factor')) }}
        -- A sender whose files always differ: farther than twice what they span.
        and abs(log_rows - log_usual) >= 2 * log_span
        and abs(rows_read - exp(log_usual)) >= {{ var('load_size_min_rows') }}
),

told as (
    select
        unusual.receipt_id,
        unusual.dataset,
        unusual.path,
        unusual.cluster_code,
        case
            when unusual.dataset = 'financial_outcomes'
                then abs(coalesce(row_counts.control_total_current, 0))
            else 0
        end as baht_at_stake,
        'The file has ' || {{ number_text('unusual.rows_read', 0) }}
        || ' rows; the other ' || cast(unusual.other_files as string)
        || ' files of this sender usually have about ' || {{ number_text('unusual.usual_rows', 0) }}
        || case
            when unusual.log_rows < unusual.log_usual then '. Rows may be missing.'
            else '. Rows may be of other quarters or clusters.'
        end as evidence_en,
        'ไฟล์มี ' || {{ number_text('unusual.rows_read', 0) }}
        || ' แถว แต่ไฟล์อื่น ' || cast(unusual.other_files as string)
        || ' ไฟล์ของผู้ส่งนี้ปกติมีประมาณ ' || {{ number_text('unusual.usual_rows', 0) }} || ' แถว '
        || case
            when unusual.log_rows < unusual.log_usual then 'อาจส่งไม่ครบ'
            else 'อาจมีข้อมูลของไตรมาสหรือคลัสเตอร์อื่นปนมา'
        end as evidence_th
    from unusual
    left join row_counts
        on unusual.receipt_id = row_counts.receipt_id
)

select * from told
