{#
Selects, over every data test of this project, what to do when it fails: `action_th` and `action_en`
of its `config.meta`, which the generic tests state for all of their kind.
#}
{% macro check_instructions() -%}
    {%- set selects = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() | sort(attribute='unique_id')
            if node.resource_type == 'test' -%}
            {%- set select_instruction -%}
    select
        '{{ node.name }}' as check_name,
        {{ sql_text(node.config.meta.get('action_th')) }} as action_th,
        {{ sql_text(node.config.meta.get('action_en')) }} as action_en
            {%- endset -%}
            {%- do selects.append(select_instruction) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if selects -%}
    {{ selects | join('\n    union all\n') }}
    {%- else -%}
    select
        cast(null as string) as check_name,
        cast(null as string) as action_th,
        cast(null as string) as action_en
    where false
    {%- endif -%}
{%- endmacro %}
