{#
Makes the relations of all sources, empty, from their declared columns, where they do not exist:
enough to build every model or run the unit tests without a night's data.
    dbt run-operation create_empty_sources
#}
{% macro create_empty_sources() -%}
    {%- for table in graph.sources.values() -%}
        {%- set columns = [] -%}
        {%- for column in table.columns.values() -%}
            {%- do columns.append(adapter.quote(column.name) ~ ' ' ~ column.data_type) -%}
        {%- endfor -%}
        {%- do run_query('create schema if not exists ' ~ adapter.quote(table.schema)) -%}
        {%- do run_query(
            'create table if not exists ' ~ table.relation_name ~ ' (' ~ columns | join(', ') ~ ')'
        ) -%}
    {%- endfor -%}
{%- endmacro %}
