with differences as (
    select * from {{ ref('stg_night_difference') }}
),

final as (
    select
        run_id,
        difference_number,
        previous_run_id,
        kind,
        line,
        table_name,
        figure_key,
        file_id,
        path,
        files,
        rows_before,
        rows_after,
        rows_added,
        rows_changed,
        rows_removed,
        figure_before_baht,
        figure_after_baht,
        figure_change_baht,
        remark
    from differences
)

select * from final
order by run_id, difference_number
