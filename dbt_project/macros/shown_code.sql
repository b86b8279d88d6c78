{#
A code as it may be shown that no registration knows yet. People write into the wrong column: what
has nine digits (a telephone number, a person's id) or an @ is no code and is not shown.
#}
{% macro shown_code(column) -%}
    case
        when
            length({{ column }}) - length(translate({{ column }}, '0123456789', '')) < 9
            and {{ column }} not like '%@%'
            then {{ column }}
        else {{ masked_id() }}
    end
{%- endmacro %}
