{#
What a figure is, from the metrics (`models/semantic/*.yml`), and which columns of reports hold it.

A simple metric is a measure of a semantic model over a mart, filtered:
    aggregation(expression) from mart where filter
Where a definition takes several marts, the metric says so itself in `config.meta.formula`
(expression, source, filter, grain: dimension → its SQL; `with`, the SQL of a source that has a name
of its own), and its measure is the report's column.
A ratio or derived metric is arithmetic over other metrics by name.

A column of a report names its metric in `config.meta.metric`. A column of a report's grain is the
dimension of the same name, or the one named in `config.meta.dimension`.
#}

{# name → metric. #}
{% macro metrics_by_name() -%}
    {%- set found = {} -%}
    {%- for metric in graph.metrics.values() | sort(attribute='name') -%}
        {%- do found.update({metric.name: metric}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{# The parts of a simple metric: expression, source, filter (or none), grain: dimension → SQL. #}
{% macro metric_parts(metric) -%}
    {%- set stated = metric.config.meta.get('formula') -%}
    {%- if stated -%}
        {{ return({
            'expression': stated.expression,
            'source': stated.source | trim,
            'with': stated.get('with'),
            'filter': stated.get('filter'),
            'grain': stated.grain,
        }) }}
    {%- endif -%}
    {%- set wanted = metric.type_params.measure.name -%}
    {%- for semantic_model in graph.semantic_models.values() -%}
        {%- for measure in semantic_model.measures if measure.name == wanted -%}
            {%- set dimensions = {} -%}
            {%- for dimension in semantic_model.dimensions if dimension.type == 'categorical' -%}
                {%- do dimensions.update({dimension.name: dimension.expr or dimension.name}) -%}
            {%- endfor -%}
            {{ return({
                'expression': aggregation(measure.agg, measure.expr or measure.name),
                'source': semantic_model.node_relation.schema_name ~ '.'
                    ~ semantic_model.node_relation.alias,
                'filter': metric_filter(metric, dimensions),
                'grain': dimensions,
            }) }}
        {%- endfor -%}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error(metric.name ~ ': no semantic model has its measure') }}
{%- endmacro %}

{# An aggregation of the semantic layer as SQL. #}
{% macro aggregation(kind, expression) -%}
    {%- set sql = {
        'sum': 'sum(' ~ expression ~ ')',
        'count': 'count(' ~ expression ~ ')',
        'count_distinct': 'count(distinct ' ~ expression ~ ')',
        'sum_boolean': 'sum(case when ' ~ expression ~ ' then 1 else 0 end)',
        'average': 'avg(' ~ expression ~ ')',
        'median': 'median(' ~ expression ~ ')',
        'min': 'min(' ~ expression ~ ')',
        'max': 'max(' ~ expression ~ ')',
    }.get(kind) -%}
    {%- if not sql -%}
        {{ exceptions.raise_compiler_error('no SQL is known for the aggregation ' ~ kind) }}
    {%- endif -%}
    {{ return(sql) }}
{%- endmacro %}

{# A metric's filter with its dimensions as SQL; none where it has none. #}
{% macro metric_filter(metric, dimensions) -%}
    {%- if not metric.filter -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set texts = [] -%}
    {%- for part in metric.filter.where_filters -%}
        {%- set text = {'of': part.where_sql_template} -%}
        {%- for name, sql in dimensions.items() -%}
            {%- do text.update({
                'of': modules.re.sub(
                    "\{\{\s*Dimension\('\w+__" ~ name ~ "'\)\s*\}\}", sql, text.of
                )
            }) -%}
        {%- endfor -%}
        {%- do texts.append(text.of) -%}
    {%- endfor -%}
    {{ return(texts | join(' and ')) }}
{%- endmacro %}

{# A metric over other metrics as arithmetic; `names` says how each of them is written. #}
{% macro arithmetic(metric, names) -%}
    {%- set parameters = metric.type_params -%}
    {%- if metric.type == 'ratio' -%}
        {%- set whole = names[parameters.denominator.name] -%}
        {{ return(names[parameters.numerator.name] ~ ' / nullif(' ~ whole ~ ', 0)') }}
    {%- endif -%}
    {%- set text = {'of': parameters.expr} -%}
    {%- for input in parameters.metrics -%}
        {%- do text.update({
            'of': modules.re.sub('\\b' ~ input.name ~ '\\b', names[input.name], text.of)
        }) -%}
    {%- endfor -%}
    {{ return(text.of) }}
{%- endmacro %}

{# The names of the metrics that a ratio or derived metric is made of. #}
{% macro metric_inputs(metric) -%}
    {%- set parameters = metric.type_params -%}
    {%- if metric.type == 'ratio' -%}
        {{ return([parameters.numerator.name, parameters.denominator.name]) }}
    {%- endif -%}
    {{ return(parameters.metrics | map(attribute='name') | list) }}
{%- endmacro %}

{# The formula as a person reads it. #}
{% macro metric_formula(metric) -%}
    {%- if metric.type == 'simple' -%}
        {%- set parts = metric_parts(metric) -%}
        {{ return(
            parts.expression ~ ' from ' ~ parts.source
            ~ (' where ' ~ parts.filter if parts.filter else '')
        ) }}
    {%- endif -%}
    {%- set names = {} -%}
    {%- for name in metric_inputs(metric) -%}
        {%- do names.update({name: name}) -%}
    {%- endfor -%}
    {{ return(arithmetic(metric, names)) }}
{%- endmacro %}

{#
The dimensions a metric may be split by, in order: of arithmetic those that all of it has, or what
`config.meta.grain` states where one of them is the same for every value of a dimension.
#}
{% macro metric_grain(metric, metrics) -%}
    {%- if metric.config.meta.get('grain') -%}
        {{ return(metric.config.meta.grain) }}
    {%- endif -%}
    {%- if metric.type == 'simple' -%}
        {{ return(metric_parts(metric).grain.keys() | list) }}
    {%- endif -%}
    {%- set common = [] -%}
    {%- set inputs = metric_inputs(metric) -%}
    {%- for dimension in metric_grain(metrics[inputs[0]], metrics) -%}
        {%- set missing = [] -%}
        {%- for name in inputs if dimension not in metric_grain(metrics[name], metrics) -%}
            {%- do missing.append(name) -%}
        {%- endfor -%}
        {%- if not missing -%}
            {%- do common.append(dimension) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(common) }}
{%- endmacro %}

{# Every column of a report that holds a metric, as {node, column, metric}. #}
{% macro metric_columns() -%}
    {%- set metrics = metrics_by_name() -%}
    {%- set found = [] -%}
    {%- for node in graph.nodes.values() | sort(attribute='unique_id')
        if node.resource_type == 'model' and node.schema == 'reports' -%}
        {%- for column in node.columns.values() if column.config.meta.get('metric') -%}
            {%- set metric = metrics.get(column.config.meta.metric) -%}
            {%- if not metric -%}
                {{ exceptions.raise_compiler_error(
                    node.name ~ '.' ~ column.name ~ ' is of no metric there is: '
                    ~ column.config.meta.metric
                ) }}
            {%- endif -%}
            {%- do found.append({'node': node, 'column': column, 'metric': metric}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{# SQL that computes a column of a report anew: from marts, or from the report's own columns. #}
{% macro metric_query(node, column, metric) -%}
    {%- set keys = [] -%}
    {%- if metric.type == 'simple' -%}
        {%- set parts = metric_parts(metric) -%}
        {%- for key in node.config.meta.grain -%}
            {%- set dimension = node.columns[key].config.meta.get('dimension', key) -%}
            {%- if dimension in parts.grain -%}
                {%- set sql = parts.grain[dimension] -%}
                {%- do keys.append(sql if sql == key else sql ~ ' as ' ~ key) -%}
            {%- endif -%}
        {%- endfor -%}
        {{ return(
            ('with ' ~ parts.source ~ ' as (\n' ~ parts.with | trim ~ '\n)\n' if parts.with else '')
            ~ 'select ' ~ keys | join(', ') ~ ', ' ~ parts.expression ~ ' as ' ~ column.name
            ~ ' from ' ~ parts.source
            ~ (' where ' ~ parts.filter if parts.filter else '')
            ~ ' group by all'
        ) }}
    {%- endif -%}
    {%- set names = {} -%}
    {%- for own in node.columns.values() | list | reverse if own.config.meta.get('metric') -%}
        {%- do names.update({own.config.meta.metric: own.name}) -%}
    {%- endfor -%}
    {%- for name in metric_inputs(metric) if name not in names -%}
        {{ exceptions.raise_compiler_error(
            node.name ~ '.' ~ column.name ~ ' is made of ' ~ name ~ ', which is not in the report'
        ) }}
    {%- endfor -%}
    {{ return(
        'select ' ~ node.config.meta.grain | join(', ') ~ ', ' ~ arithmetic(metric, names)
        ~ ' as ' ~ column.name ~ ' from ' ~ node.schema ~ '.' ~ node.name
    ) }}
{%- endmacro %}

{# Rows of every metric: what it is, in which words, by which formula. #}
{% macro metric_definitions() -%}
    {%- if not execute -%}
        {{ return('(null)') }}
    {%- endif -%}
    {%- set metrics = metrics_by_name() -%}
    {%- set places = {} -%}
    {%- for one in metric_columns() -%}
        {%- do places.setdefault(one.metric.name, []).append(
            one.node.name ~ '.' ~ one.column.name
        ) -%}
    {%- endfor -%}
    {%- for metric in metrics.values() -%}
        {%- set measure = metric.type_params.measure -%}
        {%- set nothing = none if measure is none else measure.fill_nulls_with -%}
        (
            {{ sql_text(metric.name) }},
            {{ sql_text(metric.config.meta.get('label_th')) }},
            {{ sql_text(metric.label) }},
            {{ sql_text(metric_formula(metric)) }},
            {{ sql_text(metric.config.meta.get('unit')) }},
            {{ sql_text(metric_grain(metric, metrics) | join(', ')) }},
            {{ sql_text(metric.config.meta.get('bound')) }},
            cast({{ 'null' if nothing is none else nothing }} as integer),
            {{ sql_text(metric.config.meta.get('text_th')) }},
            {{ sql_text(metric.description) }},
            {{ sql_text(places.get(metric.name, []) | join(', ')) }}
        ){{ ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}

{# Rows of every column of a report that holds a metric, with SQL that computes it anew. #}
{% macro metric_places() -%}
    {%- if not execute -%}
        {{ return('(null)') }}
    {%- endif -%}
    {%- for one in metric_columns() -%}
        (
            {{ sql_text(one.node.schema ~ '.' ~ one.node.name) }},
            {{ sql_text(one.column.name) }},
            {{ sql_text(one.metric.name) }},
            {{ sql_text(one.node.config.meta.grain | join(', ')) }},
            {{ sql_text(metric_query(one.node, one.column, one.metric)) }}
        ){{ ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}
