{# The elements of a list column, each once. #}
{% macro list_distinct(list_column) -%}
    {{ adapter.dispatch('list_distinct')(list_column) }}
{%- endmacro %}

{% macro default__list_distinct(list_column) -%}
    array_distinct({{ list_column }})
{%- endmacro %}

{% macro duckdb__list_distinct(list_column) -%}
    list_distinct({{ list_column }})
{%- endmacro %}
