{# A text as a literal of SQL, its ends trimmed; null where there is none. #}
{% macro sql_text(value) -%}
    cast({{ text_literal(value | trim) if value else 'null' }} as string)
{%- endmacro %}
