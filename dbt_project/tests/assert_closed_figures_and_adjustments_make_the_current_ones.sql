-- Harmed when this fails: the programme's directors: a closed quarter would have changed without an
-- adjustment that says by which file.
{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_quarter_closing'}},
        'action_th': 'ดูไตรมาสและคลัสเตอร์ที่แสดง แล้วแจ้งผู้ดูแลระบบ',
        'action_en': 'Look at the quarters and clusters it lists and report it.',
    }
) }}

with adjustments as (
    select
        fiscal_year_be,
        fiscal_quarter,
        cluster_code,
        measure,
        sum(adjustment_amount) as adjustment_amount
    from {{ ref('rpt_quarter_adjustment') }}
    group by fiscal_year_be, fiscal_quarter, cluster_code, measure
)

select
    coalesce(closing.fiscal_year_be, adjustments.fiscal_year_be) as fiscal_year_be,
    coalesce(closing.fiscal_quarter, adjustments.fiscal_quarter) as fiscal_quarter,
    coalesce(closing.cluster_code, adjustments.cluster_code) as cluster_code,
    coalesce(closing.measure, adjustments.measure) as measure,
    closing.closed_amount,
    closing.adjustment_amount,
    closing.current_amount,
    adjustments.adjustment_amount as adjustment_by_files_amount
from {{ ref('rpt_quarter_closing') }} as closing
full outer join adjustments
    on
        closing.fiscal_year_be = adjustments.fiscal_year_be
        and closing.fiscal_quarter = adjustments.fiscal_quarter
        and closing.cluster_code = adjustments.cluster_code
        and closing.measure = adjustments.measure
where
    closing.closed_amount + closing.adjustment_amount is distinct from closing.current_amount
    or closing.adjustment_amount is distinct from coalesce(adjustments.adjustment_amount, 0)
