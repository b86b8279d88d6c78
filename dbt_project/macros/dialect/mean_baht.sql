{#
So much baht for each of so many, to the satang: their quotient as a double, then half a satang away
from nothing. Null where there is none to share it.
#}
{% macro mean_baht(total, number) -%}
    {{ adapter.dispatch('mean_baht')(total, number) }}
{%- endmacro %}

{# Spark would divide decimals to six places, and round a double as it is written. #}
{% macro default__mean_baht(total, number) -%}
    cast(
        cast(
            round(100 * (cast({{ total }} as double) / nullif({{ number }}, 0))) as decimal(36, 0)
        ) * 0.01 as decimal(38, 2)
    )
{%- endmacro %}

{% macro duckdb__mean_baht(total, number) -%}
    cast({{ total }} / nullif({{ number }}, 0) as decimal(38, 2))
{%- endmacro %}
