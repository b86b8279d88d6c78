{#
The identity of a matter to follow up: its kind and the parts that stay the same until it is mended.
A part may be null; the separator (U+001F) stands in no path, column or code.
#}
{% macro matter_id(kind, parts) -%}
    md5(
        {{ kind }}
        {%- for part in parts %}
        || chr(31) || coalesce(cast({{ part }} as string), '')
        {%- endfor %}
    )
{%- endmacro %}
