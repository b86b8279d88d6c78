{#
A night builds into a new, empty database, so on DuckDB a table or a view is created under its own
name, by one statement. dbt's own way creates it beside, begins a transaction, renames, commits and
drops what was there before: four statements more a model, for what is not there. One that is there
after all, as when a developer runs a model again, is dropped first.
#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ drop_relation_if_exists(load_cached_relation(this)) }}
    {% call statement('main', language=model['language']) -%}
        {{ create_table_as(false, target_relation, compiled_code, model['language']) }}
    {%- endcall %}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {{ drop_relation_if_exists(load_cached_relation(this)) }}
    {% call statement('main') -%}
        {{ get_create_view_as_sql(target_relation, sql) }}
    {%- endcall %}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
