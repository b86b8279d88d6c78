{# A text as a literal of SQL. #}
{% macro text_literal(value) -%}
    {{ adapter.dispatch('text_literal')(value) }}
{%- endmacro %}

{# A backslash begins an escape in Spark's literals; a doubled quote is one in both. #}
{% macro default__text_literal(value) -%}
    '{{ value | replace("\\", "\\\\") | replace("'", "''") }}'
{%- endmacro %}

{% macro duckdb__text_literal(value) -%}
    '{{ value | replace("'", "''") }}'
{%- endmacro %}
