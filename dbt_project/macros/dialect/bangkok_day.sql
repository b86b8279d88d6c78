{# The day in Bangkok (UTC+7, no summer time) of an instant in UTC. #}
{% macro bangkok_day(instant) -%}
    {{ adapter.dispatch('bangkok_day')(instant) }}
{%- endmacro %}

{% macro default__bangkok_day(instant) -%}
    cast({{ instant }} + interval 7 hours as date)
{%- endmacro %}

{% macro duckdb__bangkok_day(instant) -%}
    cast({{ instant }} + interval '7 hours' as date)
{%- endmacro %}
