{#
The datasets whose rows an intermediate model int_<dataset> judges against other records, each with
the columns that identify a record. Any other dataset of the store is counted by its contract's key
alone, through stg_unmodelled_rows, so that adding one needs no edit here.
#}
{% macro accounted_datasets() -%}
    {{ return({
        'cluster_registrations': ['cluster_code'],
        'member_registrations': ['cluster_code', 'enterprise_key'],
        'activity_reports': ['activity_id'],
        'financial_outcomes': [
            'cluster_code', 'enterprise_key', 'fiscal_year_be', 'fiscal_quarter', 'measure',
        ],
    }) }}
{%- endmacro %}
