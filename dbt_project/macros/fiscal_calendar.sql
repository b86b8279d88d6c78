{#
The Thai fiscal year runs from October to September and is named by the Buddhist-era year it ends
in: 1 October 2014 (2557) opens fiscal year 2558, whose first quarter is October to December.
#}
{% macro fiscal_year_be(date_expression) -%}
    cast(
        extract(year from {{ date_expression }}) + 543
        + case when extract(month from {{ date_expression }}) >= 10 then 1 else 0 end
        as integer
    )
{%- endmacro %}

{% macro fiscal_quarter(date_expression) -%}
    cast(
        case
            when extract(month from {{ date_expression }}) >= 10 then 1
            when extract(month from {{ date_expression }}) <= 3 then 2
            when extract(month from {{ date_expression }}) <= 6 then 3
            else 4
        end as integer
    )
{%- endmacro %}

{% macro fiscal_year_ends_on(fiscal_year_be) -%}
    {{ date_from_parts(fiscal_year_be ~ ' - 543', 9, 30) }}
{%- endmacro %}
