{# A text as a literal of SQL. #}
{% macro text_literal(value) -%}
    {{ adapter.dispatch('text_literal')(value) }}
{%- endmacro %}

{% macro default__text_literal(value) -%}
    '{{ value | replace("\\", "\\\\") | replace("'", "\\'") }}'
{%- endmacro %}

{% macro duckdb__text_literal(value) -%}
    '{{ value | replace("'", "''") }}'
{%- endmacro %}
