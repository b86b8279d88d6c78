{#
The datasets whose rows an intermediate model int_<dataset> judges against other records. Any other
dataset of the store is counted by its contract's key alone, through stg_unmodelled_rows, so that
adding one needs no edit here.
#}
{% macro accounted_datasets() -%}
    {{ return([
        'cluster_registrations',
        'member_registrations',
        'activity_reports',
        'financial_outcomes',
    ]) }}
{%- endmacro %}
