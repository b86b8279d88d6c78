with superseded_rows as (
    {% for dataset in accounted_datasets() -%}
    {{ superseded_rows(dataset) }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select * from superseded_rows
