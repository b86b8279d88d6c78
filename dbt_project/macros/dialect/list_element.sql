{# The element of a list at a place, from 1; null where the list is shorter. #}
{% macro list_element(list_column, place) -%}
    {{ adapter.dispatch('list_element')(list_column, place) }}
{%- endmacro %}

{% macro default__list_element(list_column, place) -%}
    get({{ list_column }}, cast({{ place }} as integer) - 1)
{%- endmacro %}

{% macro duckdb__list_element(list_column, place) -%}
    list_extract({{ list_column }}, cast({{ place }} as bigint))
{%- endmacro %}
