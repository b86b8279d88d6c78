{#
A value of a unit test as a type. Spark casts no text to a list or a struct, but reads it as JSON, in
which a text may stand in single quotes.
#}
{% macro spark__safe_cast(field, type) -%}
    {%- if cast_from_string_unsupported_for(type) and field != 'null' -%}
    from_json({{ field }}, '{{ type }}')
    {%- else -%}
    cast({{ field }} as {{ type }})
    {%- endif -%}
{%- endmacro %}
