{# The date so many whole days after a date. #}
{% macro days_after(date_expression, days) -%}
    {{ adapter.dispatch('days_after')(date_expression, days) }}
{%- endmacro %}

{% macro default__days_after(date_expression, days) -%}
    date_add({{ date_expression }}, {{ days }})
{%- endmacro %}

{% macro duckdb__days_after(date_expression, days) -%}
    ({{ date_expression }} + {{ days }})
{%- endmacro %}
