{# The full Thai name of a date's month. #}
{% macro thai_month_name(date_expression) -%}
    case extract(month from {{ date_expression }})
        {%- for month_name in [
            'มกราคม', 'กุมภาพันธ์', 'มีนาคม', 'เมษายน', 'พฤษภาคม', 'มิถุนายน',
            'กรกฎาคม', 'สิงหาคม', 'กันยายน', 'ตุลาคม', 'พฤศจิกายน', 'ธันวาคม',
        ] %}
        when {{ loop.index }} then '{{ month_name }}'
        {%- endfor %}
    end
{%- endmacro %}
