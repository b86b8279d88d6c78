{#
Every accepted row of a dataset that is not what analysts see, with the row that stands instead (none
where the file was withdrawn, or where the corrected file no longer has the record) and why:
    file_withdrawn     its file was withdrawn
    file_corrected     a later version of its file came at the same path
    later_submission   another file has the record with a later submitted_on
    later_receipt      another file has it with the same submitted_on and was received later
#}
{% macro superseded_rows(dataset) -%}
    {%- set key = accounted_datasets()[dataset] %}
    select
        '{{ dataset }}' as dataset,
        {% for column in key -%}
        '{{ ', ' if not loop.first }}{{ column }}=' || cast(replaced.{{ column }} as string) ||{{ ' ' }}
        {%- endfor %} '' as record_key,
        replaced.receipt_id,
        replaced.sheet_name,
        replaced.row_number,
        replaced.row_sequence,
        replaced.submitted_on,
        replaced.control_total,
        case
            when versions.file_status = 'withdrawn' then 'file_withdrawn'
            when versions.file_status = 'superseded' then 'file_corrected'
            when replaced.submitted_on < standing.submitted_on then 'later_submission'
            else 'later_receipt'
        end as superseded_why,
        coalesce(standing.receipt_id, versions.superseded_by_receipt_id) as by_receipt_id,
        standing.sheet_name as by_sheet_name,
        standing.row_number as by_row_number,
        standing.submitted_on as by_submitted_on,
        standing.control_total as by_control_total
    from {{ ref('int_' ~ dataset) }} as replaced
    inner join {{ ref('int_file_versions') }} as versions
        on replaced.receipt_id = versions.receipt_id
    left join {{ ref('int_' ~ dataset) }} as standing
        on
            {%- for column in key %}
            {{ 'and ' if not loop.first }}replaced.{{ column }} = standing.{{ column }}
            {%- endfor %}
            and (
                (versions.file_status = 'loaded' and standing.is_latest)
                or (
                    versions.file_status = 'superseded'
                    and standing.receipt_id = versions.superseded_by_receipt_id
                )
            )
    where replaced.row_status = 'superseded'
{%- endmacro %}
