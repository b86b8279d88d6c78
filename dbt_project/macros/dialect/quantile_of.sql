{# The quantile of a group at a share from 0 to 1, between two values where it falls there. #}
{% macro quantile_of(expression, share) -%}
    {{ adapter.dispatch('quantile_of')(expression, share) }}
{%- endmacro %}

{% macro default__quantile_of(expression, share) -%}
    percentile({{ expression }}, {{ share }})
{%- endmacro %}

{% macro duckdb__quantile_of(expression, share) -%}
    quantile_cont({{ expression }}, {{ share }})
{%- endmacro %}
