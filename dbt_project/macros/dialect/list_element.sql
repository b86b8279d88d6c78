{# The element of a list at a place, from 1. #}
{% macro list_element(list_column, place) -%}
    {{ adapter.dispatch('list_element')(list_column, place) }}
{%- endmacro %}

{% macro default__list_element(list_column, place) -%}
    element_at({{ list_column }}, cast({{ place }} as integer))
{%- endmacro %}

{% macro duckdb__list_element(list_column, place) -%}
    list_extract({{ list_column }}, cast({{ place }} as bigint))
{%- endmacro %}
