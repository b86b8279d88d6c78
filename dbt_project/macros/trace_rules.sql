{#
Rows of `values`, over every published model: the rules of its `config.meta.trace`: where its rows come from.
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
    {%- set rows = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() | sort(attribute='unique_id')
            if node.resource_type == 'model' and node.schema in ('marts', 'reports', 'audit') -%}
            {%- for rule in node.config.meta.get('trace', []) -%}
                {%- set through = rule.get('through') -%}
                {%- set target = graph.nodes.values()
                    | selectattr('resource_type', 'equalto', 'model')
                    | selectattr('name', 'equalto', through) | first if through else none -%}
                {%- set row -%}
        (
            '{{ node.schema }}.{{ node.name }}',
            {{ loop.index }},
            {{ sql_text(rule.get('explains', []) | join(', ')) }},
            {{ sql_text(rule.get('dataset')) }},
            {{ sql_text(rule.get('dataset_in')) }},
            {{ sql_text(target.schema ~ '.' ~ target.name if target) }},
            {{ sql_text(rule.get('where')) }},
            {{ sql_text(rule.get('amount')) }},
            {{ sql_text(rule.get('reference')) }}
        )
                {%- endset -%}
                {%- do rows.append(row) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(rows | join(',\n') if rows else '(null)') }}
{%- endmacro %}
