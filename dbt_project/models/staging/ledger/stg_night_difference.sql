with source as (
    select * from {{ source('ledger', 'night_difference') }}
),

renamed as (
    select
        -- ids
        run_id,
        difference_number,
        previous_run_id,
        file_id,
        path,

        -- text
        kind,
        line,
        table_name,
        figure_key,
        remark,

        -- numbers
        files,
        rows_before,
        rows_after,
        rows_added,
        rows_changed,
        rows_removed,
        figure_before_baht,
        figure_after_baht,
        figure_change_baht
    from source
)

select * from renamed
