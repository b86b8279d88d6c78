with places as (
    select metric_columns.*
    from (
        values
        {{ metric_places() }}
    ) as metric_columns (table_name, column_name, metric_name, grain, query)
)

select * from places
order by table_name, column_name
