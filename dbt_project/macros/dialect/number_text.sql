{# A number as a sentence shows it, 12,000.00: thousands grouped, so many decimals. #}
{% macro number_text(expression, decimals=2) -%}
    {{ adapter.dispatch('number_text')(expression, decimals) }}
{%- endmacro %}

{% macro default__number_text(expression, decimals) -%}
    format_number({{ expression }}, {{ decimals }})
{%- endmacro %}

{% macro duckdb__number_text(expression, decimals) -%}
    format('{:,.{{ decimals }}f}', cast({{ expression }} as double))
{%- endmacro %}
