with check_results as (
    select * from {{ ref('stg_check_result') }}
),

final as (
    select
        run_id,
        checked_at,
        tool,
        dataset_or_model,
        check_name,
        severity,
        passed,
        observed,
        unexpected_count
    from check_results
)

select * from final
order by run_id, tool, dataset_or_model, check_name
