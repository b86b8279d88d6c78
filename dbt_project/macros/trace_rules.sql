{#
Selects, over every published model, the rules of its `config.meta.trace`: where its rows come from.
One rule is one of
    dataset: <name>                        its rows are rows of files of that dataset
    dataset_in: <column>                   the same, the dataset stands in a column of its own
    through: <model>, where: <condition>  its rows come from rows `source` of a model that is
                                           traced itself, those that fit the row `cell`; with
                                           `amount`, what each of them adds to the cell
    reference: <text>                      what is not from a file: reference data, the ledger
with `explains`, the columns it speaks of (all when it is left out).
#}
{% macro trace_rules() -%}
    {%- set selects = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() | sort(attribute='unique_id')
            if node.resource_type == 'model' and node.schema in ('marts', 'reports', 'audit') -%}
            {%- for rule in node.config.meta.get('trace', []) -%}
                {%- set through = rule.get('through') -%}
                {%- set target = graph.nodes.values()
                    | selectattr('resource_type', 'equalto', 'model')
                    | selectattr('name', 'equalto', through) | first if through else none -%}
                {%- set select_rule -%}
    select
        '{{ node.schema }}.{{ node.name }}' as table_name,
        {{ loop.index }} as rule_number,
        {{ sql_text(rule.get('explains', []) | join(', ')) }} as explains,
        {{ sql_text(rule.get('dataset')) }} as dataset,
        {{ sql_text(rule.get('dataset_in')) }} as dataset_in,
        {{ sql_text(target.schema ~ '.' ~ target.name if target) }} as through_table,
        {{ sql_text(rule.get('where')) }} as through_condition,
        {{ sql_text(rule.get('amount')) }} as contribution,
        {{ sql_text(rule.get('reference')) }} as reference
                {%- endset -%}
                {%- do selects.append(select_rule) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if selects -%}
    {{ selects | join('\n    union all\n') }}
    {%- else -%}
    select
        cast(null as string) as table_name,
        cast(null as integer) as rule_number,
        cast(null as string) as explains,
        cast(null as string) as dataset,
        cast(null as string) as dataset_in,
        cast(null as string) as through_table,
        cast(null as string) as through_condition,
        cast(null as string) as contribution,
        cast(null as string) as reference
    where false
    {%- endif -%}
{%- endmacro %}
