{#
Begins a common table expression that is put in wherever its name stands. DuckDB would compute one
that stands twice once and keep all its rows; reading a store's files or a table's columns again is
cheaper, for then each place reads only the columns it needs. Spark does so by itself.
#}
{% macro inlined(name) -%}
    {{ adapter.dispatch('inlined')(name) }}
{%- endmacro %}

{% macro default__inlined(name) -%}
    {{ name }} as
{%- endmacro %}

{% macro duckdb__inlined(name) -%}
    {{ name }} as not materialized
{%- endmacro %}
