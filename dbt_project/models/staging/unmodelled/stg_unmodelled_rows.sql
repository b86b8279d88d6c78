with unmodelled_rows as (
    {{ unmodelled_rows() }}
)

select * from unmodelled_rows
