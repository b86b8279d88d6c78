with tests_of_models as (
    {{ check_instructions() }}
),

stated as (
    select * from {{ ref('check_instruction') }}
),

instructions as (
    select
        'dbt' as tool,
        check_name,
        action_th,
        action_en
    from tests_of_models

    union all

    select
        tool,
        check_name,
        action_th,
        action_en
    from stated
)

select * from instructions
