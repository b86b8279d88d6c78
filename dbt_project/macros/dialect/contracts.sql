{#
Contracts are written in DuckDB's types. What dbt asks of an engine to enforce one is answered here
for Spark, whose tables take the types of their query and refuse no null.
#}

{# A contract's type by its name in Spark; there text has no length and a time no zone. #}
{% macro spark_type(data_type) -%}
    {{- {'varchar': 'string', 'timestamp': 'timestamp_ntz'}.get(data_type, data_type) -}}
{%- endmacro %}

{# No rows of a contract's columns, to compare a query's types with. #}
{% macro spark__get_empty_schema_sql(columns) -%}
    select
    {%- for column in columns.values() %}
        cast(null as {{ spark_type(column.data_type) }}) as {{ column.name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro spark__get_column_names() -%}
    {{ held_to_contract(model.name, model.columns.values()) }}
{%- endmacro %}

{# The columns of a table, by name; a null in one that its contract lets have none is an error. #}
{% macro held_to_contract(table_name, columns) -%}
    {%- for column in columns %}
        {%- if column.constraints | selectattr('type', 'equalto', 'not_null') | list %}
        coalesce(
            {{ column.name }},
            raise_error('{{ table_name }}.{{ column.name }} is null against its contract')
        ) as {{ column.name }}
        {%- else %}
        {{ column.name }}
        {%- endif %}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# Nothing: Spark's Parquet tables keep no constraint; the query that fills them does. #}
{% macro spark__persist_constraints(relation, model) -%}
{%- endmacro %}
