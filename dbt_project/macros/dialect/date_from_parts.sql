{# The date of a year (Gregorian), a month and a day, given as whole numbers. #}
{% macro date_from_parts(year, month, day) -%}
    {{ adapter.dispatch('date_from_parts')(year, month, day) }}
{%- endmacro %}

{% macro default__date_from_parts(year, month, day) -%}
    make_date({{ year }}, {{ month }}, {{ day }})
{%- endmacro %}

{% macro duckdb__date_from_parts(year, month, day) -%}
    make_date(
        cast({{ year }} as bigint), cast({{ month }} as bigint), cast({{ day }} as bigint)
    )
{%- endmacro %}
