with check_results as (
    select * from {{ ref('check_result') }}
),

instructions as (
    select * from {{ ref('int_check_instructions') }}
),

reason_codes as (
    select * from {{ ref('reason_code') }}
    where level = 'row'
),

lives as (
    select
        tool,
        dataset_or_model,
        check_name,
        min(checked_at) as first_checked_at,
        max(checked_at) as last_checked_at,
        coalesce(max(case when passed then checked_at end), timestamp '0001-01-01')
            as last_passed_at,
        sum(case when passed then 0 else 1 end) as failures
    from check_results
    group by tool, dataset_or_model, check_name
),

-- Most checks never fail, so only those that did are put in order.
ever_failed as (
    select
        check_results.*,
        lives.last_passed_at,
        lag(check_results.passed, 1, true) over (
            partition by
                check_results.tool, check_results.dataset_or_model, check_results.check_name
            order by check_results.checked_at, check_results.run_id
        ) as passed_before
    from check_results
    inner join lives
        on
            check_results.tool = lives.tool
            and check_results.dataset_or_model = lives.dataset_or_model
            and check_results.check_name = lives.check_name
    where lives.failures > 0
),

-- Of each check the nights that found it failing since it last passed: none where it is well.
failing as (
    select
        tool,
        dataset_or_model,
        check_name,
        min(case when checked_at > last_passed_at then checked_at end) as failing_since_at,
        sum(case when checked_at > last_passed_at then 1 else 0 end) as nights_failing,
        sum(case when passed_before and not passed then 1 else 0 end) as times_began_to_fail
    from ever_failed
    group by tool, dataset_or_model, check_name
),

last_runs as (
    select
        tool,
        max(last_checked_at) as last_checked_at
    from lives
    group by tool
),

last_run_ids as (
    select distinct
        check_results.tool,
        check_results.run_id
    from check_results
    inner join last_runs
        on
            check_results.tool = last_runs.tool
            and check_results.checked_at = last_runs.last_checked_at
),

last_results as (
    select
        check_results.tool,
        check_results.dataset_or_model,
        check_results.check_name,
        check_results.severity,
        check_results.passed,
        check_results.observed,
        check_results.unexpected_count,
        check_results.run_id,
        lives.first_checked_at,
        lives.last_checked_at,
        -- The reason code is the last part of a contract rule's name.
        regexp_replace(check_results.check_name, '^.*__', '') as reason
    from check_results
    inner join lives
        on
            check_results.tool = lives.tool
            and check_results.dataset_or_model = lives.dataset_or_model
            and check_results.check_name = lives.check_name
            and check_results.checked_at = lives.last_checked_at
),

began as (
    select
        check_results.tool,
        check_results.dataset_or_model,
        check_results.check_name,
        check_results.run_id,
        failing.failing_since_at
    from check_results
    inner join failing
        on
            check_results.tool = failing.tool
            and check_results.dataset_or_model = failing.dataset_or_model
            and check_results.check_name = failing.check_name
            and check_results.checked_at = failing.failing_since_at
),

final as (
    select
        last_results.tool,
        last_results.dataset_or_model,
        last_results.check_name,
        last_results.severity,
        case last_results.severity
            when 'error' then 'blocks publication'
            when 'warn' then 'warns'
            else 'informs'
        end as effect,
        last_results.first_checked_at,
        last_results.last_checked_at,
        last_run_ids.run_id is not null as is_checked_still,
        last_results.passed,
        began.run_id as failing_since_run_id,
        began.failing_since_at,
        cast(coalesce(failing.nights_failing, 0) as integer) as nights_failing,
        cast(coalesce(failing.times_began_to_fail, 0) as integer) as times_began_to_fail,
        last_results.observed,
        last_results.unexpected_count,
        coalesce(instructions.action_th, reason_codes.action_th) as action_th,
        coalesce(instructions.action_en, reason_codes.action_en) as action_en
    from last_results
    left join last_run_ids
        on
            last_results.tool = last_run_ids.tool
            and last_results.run_id = last_run_ids.run_id
    left join failing
        on
            last_results.tool = failing.tool
            and last_results.dataset_or_model = failing.dataset_or_model
            and last_results.check_name = failing.check_name
    left join began
        on
            last_results.tool = began.tool
            and last_results.dataset_or_model = began.dataset_or_model
            and last_results.check_name = began.check_name
    left join instructions
        on
            last_results.tool = instructions.tool
            and last_results.check_name = instructions.check_name
    left join reason_codes
        on
            last_results.tool = 'great_expectations'
            and last_results.reason = reason_codes.code
)

select * from final
order by tool, dataset_or_model, check_name
