{#
The place of a number in the order of size classes: 1 micro, 2 small, 3 medium, 4 large; null if
the number or the limits are unknown. `kind` is the column prefix of the limits, employees or baht.
A rule without a class leaves its limit null, and no number is in that class.
#}
{% macro size_rank(number, limits, kind) -%}
    case
        when {{ number }} is null or {{ limits }}.medium_{{ kind }} is null then null
        when {{ number }} <= {{ limits }}.micro_{{ kind }} then 1
        when {{ number }} <= {{ limits }}.small_{{ kind }} then 2
        when {{ number }} <= {{ limits }}.medium_{{ kind }} then 3
        else 4
    end
{%- endmacro %}

{% macro size_class_name(rank_expression) -%}
    case {{ rank_expression }}
        when 1 then 'micro'
        when 2 then 'small'
        when 3 then 'medium'
        when 4 then 'large'
        else 'unknown'
    end
{%- endmacro %}
