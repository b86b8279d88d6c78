with definitions as (
    select metrics.*
    from (
        values
        {{ metric_definitions() }}
    ) as metrics (
        name, label_th, label_en, formula, unit, grain, bound, value_of_nothing, text_th, text_en,
        appears_in
    )
)

select * from definitions
order by name
