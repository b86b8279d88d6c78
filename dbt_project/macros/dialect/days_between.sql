{# One row per day from the first to the last, both included; dates as 'YYYY-MM-DD'. #}
{% macro days_between(first_day, last_day) -%}
    {{ adapter.dispatch('days_between')(first_day, last_day) }}
{%- endmacro %}

{% macro default__days_between(first_day, last_day) -%}
    explode(sequence(date '{{ first_day }}', date '{{ last_day }}', interval 1 day))
{%- endmacro %}

{% macro duckdb__days_between(first_day, last_day) -%}
    cast(
        unnest(generate_series(date '{{ first_day }}', date '{{ last_day }}', interval 1 day))
        as date
    )
{%- endmacro %}
