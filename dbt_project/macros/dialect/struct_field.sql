{# One field of a struct column, the field's name given as text. #}
{% macro struct_field(struct_column, field) -%}
    {{ adapter.dispatch('struct_field')(struct_column, field) }}
{%- endmacro %}

{% macro default__struct_field(struct_column, field) -%}
    {{ struct_column }}.{{ field }}
{%- endmacro %}

{% macro duckdb__struct_field(struct_column, field) -%}
    struct_extract({{ struct_column }}, '{{ field }}')
{%- endmacro %}
