{# The values of a group as a list, the least first; an aggregate. Of values none of which is null. #}
{% macro sorted_list(expression) -%}
    {{ adapter.dispatch('sorted_list')(expression) }}
{%- endmacro %}

{% macro default__sorted_list(expression) -%}
    sort_array(collect_list({{ expression }}))
{%- endmacro %}

{% macro duckdb__sorted_list(expression) -%}
    list_sort(list({{ expression }}))
{%- endmacro %}
