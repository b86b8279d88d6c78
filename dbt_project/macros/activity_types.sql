{# The types of an activity, as the contract of activity_reports lists them (a test holds it). #}
{% macro activity_types() -%}
    {{ return([
        'capability_building',
        'market_promotion',
        'market_innovation',
        'business_matching',
        'study_visit',
        'linkage',
    ]) }}
{%- endmacro %}
