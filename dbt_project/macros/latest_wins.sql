{#
The one rule by which a record is chosen among its submissions: of the rows of loaded files that
share a key, the latest submitted_on wins, then the latest received, then the later row of a file.

Gives every accepted row of a dataset with the file version it came in (`receipt_id`,
`file_status`), whether it is the record's latest (`is_latest`), and when the record was first
submitted in any file not withdrawn (`first_submitted_on`). Rows that no receipt of the ledger
knows, or that a judgement under another contract has replaced, are left out. `columns` are those
of the staging model to go with them, beside those that identify a record (accounted_datasets).

Most records are submitted once, so only the contested ones are put in order, in narrow rows. They
are found by a hash of their key, for keys are long and mostly occur once; a key that shares its
hash with another is put in order too, alone, and stays the latest.
#}
{% macro latest_wins(dataset, columns) -%}
    {%- set key = accounted_datasets()[dataset] -%}
    with {{ inlined('received') }} (
        select
            versions.receipt_id,
            versions.file_status,
            submissions.row_sequence,
            submissions.submitted_on,
            {%- for column in key + columns %}
            submissions.{{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('stg_' ~ dataset) }} as submissions
        inner join {{ ref('int_file_versions') }} as versions
            on
                submissions.file_id = versions.file_id
                and submissions.contract_version = versions.contract_version
                and versions.dataset = '{{ dataset }}'
                and versions.is_accepted
    ),

    {{ inlined('hashed') }} (
        select
            *,
            {{ row_hash(key) }} as key_hash
        from received
    ),

    contested_hashes as (
        select key_hash
        from hashed
        group by key_hash
        having count(*) > 1
    ),

    contested as (
        select
            hashed.receipt_id,
            hashed.row_sequence,
            row_number() over (
                partition by {% for column in key %}hashed.{{ column }}, {% endfor -%}
                    hashed.file_status = 'loaded'
                order by
                    hashed.submitted_on desc,
                    hashed.receipt_id desc,
                    hashed.row_sequence desc
            ) as newest_first,
            min(case when hashed.file_status != 'withdrawn' then hashed.submitted_on end) over (
                partition by {% for column in key %}hashed.{{ column }}
                    {{- ', ' if not loop.last }}{% endfor %}
            ) as first_submitted_on
        from hashed
        inner join contested_hashes
            on hashed.key_hash = contested_hashes.key_hash
    )

    select
        received.*,
        received.file_status = 'loaded' and coalesce(contested.newest_first, 1) = 1 as is_latest,
        coalesce(contested.first_submitted_on, received.submitted_on) as first_submitted_on
    from received
    left join contested
        on
            received.receipt_id = contested.receipt_id
            and received.row_sequence = contested.row_sequence
{%- endmacro %}
