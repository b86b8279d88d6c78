{# Turns a list column into one row per element; to be the only such call of a select list. #}
{% macro unnest_list(list_column) -%}
    {{ adapter.dispatch('unnest_list')(list_column) }}
{%- endmacro %}

{% macro default__unnest_list(list_column) -%}
    explode({{ list_column }})
{%- endmacro %}

{% macro duckdb__unnest_list(list_column) -%}
    unnest({{ list_column }})
{%- endmacro %}
