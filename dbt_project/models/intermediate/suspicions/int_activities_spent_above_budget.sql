with activities as (
    select
        *,
        {{ fiscal_year_be('start_date') }} as fiscal_year_be,
        {{ fiscal_quarter('start_date') }} as fiscal_quarter
    from {{ ref('int_activity_reports') }}
    where row_status = 'current' and spent_baht > budget_baht
),

told as (
    select
        receipt_id,
        row_sequence,
        activity_id,
        cluster_code,
        fiscal_year_be,
        fiscal_quarter,
        spent_baht as amount,
        spent_baht - budget_baht as baht_at_stake,
        'The activity spent ' || {{ number_text('spent_baht') }} || ' baht, '
        || {{ number_text('spent_baht - budget_baht') }} || ' more than its budget of '
        || {{ number_text('budget_baht') }} || '.' as evidence_en,
        'กิจกรรมใช้จ่าย ' || {{ number_text('spent_baht') }} || ' บาท เกินงบประมาณ '
        || {{ number_text('budget_baht') }} || ' บาท อยู่ '
        || {{ number_text('spent_baht - budget_baht') }} || ' บาท' as evidence_th,
        sheet_name,
        row_number
    from activities
)

select * from told
