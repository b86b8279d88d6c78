{# Whole days from one date to a later one; negative where it is earlier. #}
{% macro days_from_to(first_date, last_date) -%}
    {{ adapter.dispatch('days_from_to')(first_date, last_date) }}
{%- endmacro %}

{% macro default__days_from_to(first_date, last_date) -%}
    datediff({{ last_date }}, {{ first_date }})
{%- endmacro %}

{% macro duckdb__days_from_to(first_date, last_date) -%}
    cast({{ last_date }} - {{ first_date }} as integer)
{%- endmacro %}
