{#
Selects, over every dataset of the source `store` that accounted_datasets() does not name, what
counting its rows needs. A dataset has its contract's label. A dataset's key is its source table's `meta.primary_key`; without one each
row is a record of its own.
#}
{% macro unmodelled_rows() -%}
    {%- set selects = [] -%}
    {%- if execute -%}
        {%- for table in graph.sources.values() | sort(attribute='name')
            if table.source_name == 'store'
            and (table.config.get('meta') or table.meta).get('label')
            and table.name not in accounted_datasets() -%}
            {%- set key = (table.config.get('meta') or table.meta).get('primary_key')
                or ['file_id', 'row_sequence'] -%}
            {%- set select_rows -%}
    select
        '{{ table.name }}' as dataset,
        file_id,
        contract_version,
        row_sequence,
        {% for column in key -%}
        coalesce(cast({{ column }} as string), '') || '|' ||{{ ' ' }}
        {%- endfor %} '' as row_key,
        {{ 'submitted_on' if 'submitted_on' in table.columns else 'cast(null as date)' }}
            as submitted_on,
        control_total
    from {{ table.relation_name }}
            {%- endset -%}
            {%- do selects.append(select_rows) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if selects -%}
    {{ selects | join('\n    union all\n') }}
    {%- else -%}
    select
        cast(null as string) as dataset,
        cast(null as string) as file_id,
        cast(null as string) as contract_version,
        cast(null as integer) as row_sequence,
        cast(null as string) as row_key,
        cast(null as date) as submitted_on,
        cast(null as decimal(38, 2)) as control_total
    where false
    {%- endif -%}
{%- endmacro %}
