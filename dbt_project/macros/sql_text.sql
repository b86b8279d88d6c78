{# A text as a literal of SQL, its ends trimmed; null where there is none. #}
{% macro sql_text(value) -%}
    cast({{ "'" ~ value | trim | replace("'", "''") ~ "'" if value else 'null' }} as string)
{%- endmacro %}
