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

{#
Several quantiles of a group as a list, in the order of their shares. Each quantile asked for by
itself would keep all values of its group in memory once more.
#}
{% macro quantiles_of(expression, shares) -%}
    {{ adapter.dispatch('quantiles_of')(expression, shares) }}
{%- endmacro %}

{% macro default__quantiles_of(expression, shares) -%}
    percentile({{ expression }}, array({{ shares | join(', ') }}))
{%- endmacro %}

{% macro duckdb__quantiles_of(expression, shares) -%}
    quantile_cont({{ expression }}, [{{ shares | join(', ') }}])
{%- endmacro %}
