{# What stands where a natural person's number would: thirteen bullets for thirteen digits. #}
{% macro masked_id() -%}
    '•••••••••••••'
{%- endmacro %}
