{#
Contracts are written in DuckDB's types. What dbt asks of an engine to enforce one is answered here
for Spark, whose tables take the types of their query and refuse no null.
#}

{# A contract's type by its name in Spark; there text has no length and a time no zone. #}
{% macro spark_type(data_type) -%}
    {{ return(
        {'varchar': 'string', 'timestamp': 'timestamp_ntz'}.get(data_type | lower, data_type)
    ) }}
{%- endmacro %}

{# No rows of a contract's columns, to compare a query's types with. #}
{% macro spark__get_empty_schema_sql(columns) -%}
    select
    {%- for column in columns.values() %}
        cast(null as {{ spark_type(column.data_type) }}) as {{ column.name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# The columns of a contract, by name; the build fails where one that may not be null is. #}
{% macro spark__get_column_names() -%}
    {%- for column in model.columns.values() %}
        {%- if column.constraints | selectattr('type', 'equalto', 'not_null') | list %}
        coalesce(
            {{ column.name }},
            raise_error('{{ model.name }}.{{ column.name }} is null against its contract')
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
