{#
Puts a seed's rows, all texts, into its table. The adapter for Spark binds a value as a text in
quotes: an empty cell would become 'None', and an apostrophe would end the statement.
#}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set rows = [] -%}
    {%- for row in agate_table.rows -%}
        {%- set values = [] -%}
        {%- for name in agate_table.column_names -%}
            {%- set value = 'null' if row[name] is none else text_literal(row[name]) -%}
            {%- do values.append('cast(' ~ value ~ ' as ' ~ model.config.column_types[name] ~ ')') -%}
        {%- endfor -%}
        {%- do rows.append('(' ~ values | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- set statement = 'insert into ' ~ this.render() ~ ' values\n' ~ rows | join(',\n') -%}
    {%- do adapter.add_query(statement, abridge_sql_log=True) -%}
    {{ return(statement) }}
{%- endmacro %}
