{#
The values of a group as a list, the least first; an aggregate. Of values none of which is null.
`where` leaves out rows; of none there is an empty list, or none.
#}
{% macro sorted_list(expression, where='true') -%}
    {{ adapter.dispatch('sorted_list')(expression, where) }}
{%- endmacro %}

{% macro default__sorted_list(expression, where) -%}
    sort_array(collect_list({{ expression }}) filter (where {{ where }}))
{%- endmacro %}

{% macro duckdb__sorted_list(expression, where) -%}
    list_sort(list({{ expression }}) filter (where {{ where }}))
{%- endmacro %}
