{#
The median of a group's baht; between two amounts the satang that is nearer to nothing. An aggregate
over `decimal(38, 2)`.
#}
{% macro median_baht(expression) -%}
    {{ adapter.dispatch('median_baht')(expression) }}
{%- endmacro %}

{# Spark's is a double: twice its satang is a whole number again, up to 45 trillion baht. #}
{% macro default__median_baht(expression) -%}
    cast(cast(round(200 * median({{ expression }})) as bigint) div 2 as decimal(20, 0)) * 0.01
{%- endmacro %}

{% macro duckdb__median_baht(expression) -%}
    median({{ expression }})
{%- endmacro %}
