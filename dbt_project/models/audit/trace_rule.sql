with rules as (
    select trace_rules.*
    from (
        values
        {{ trace_rules() }}
    ) as trace_rules (
        table_name, rule_number, explains, dataset, dataset_in, through_table, through_condition,
        contribution, reference
    )
),

final as (
    select
        table_name,
        cast(rule_number as integer) as rule_number,
        explains,
        dataset,
        dataset_in,
        through_table,
        through_condition,
        contribution,
        reference
    from rules
)

select * from final
order by table_name, rule_number
