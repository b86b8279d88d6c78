-- Harmed when this fails: whoever reported a quarter as closed: the figures fixed then and the rows
-- kept as their proof contradict each other.
{{ config(
    meta={
        'dagster': {'ref': {'name': 'fct_closed_figure'}},
        'action_th': 'กู้คืนโฟลเดอร์ store/closed และบัญชี (ledger) จากสำเนาสำรองเดียวกัน แล้วแจ้งผู้ดูแลระบบ',
        'action_en': 'Restore store/closed and the ledger from the same back-up, and report it.',
    }
) }}

with kept as (
    select
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        closed_rows.cluster_code,
        closed_rows.measure,
        sum(closed_rows.amount) as amount,
        count(distinct closed_rows.enterprise_key) as enterprises
    from {{ ref('stg_closed_outcome') }} as closed_rows
    inner join {{ ref('int_closed_quarters') }} as quarters
        on closed_rows.snapshot_id = quarters.snapshot_id
    group by
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        closed_rows.cluster_code,
        closed_rows.measure
)

select
    coalesce(kept.fiscal_year_be, fixed.fiscal_year_be) as fiscal_year_be,
    coalesce(kept.fiscal_quarter, fixed.fiscal_quarter) as fiscal_quarter,
    coalesce(kept.cluster_code, fixed.cluster_code) as cluster_code,
    coalesce(kept.measure, fixed.measure) as measure,
    fixed.amount as fixed_amount,
    kept.amount as kept_amount
from kept
full outer join {{ ref('fct_closed_figure') }} as fixed
    on
        kept.fiscal_year_be = fixed.fiscal_year_be
        and kept.fiscal_quarter = fixed.fiscal_quarter
        and kept.cluster_code = fixed.cluster_code
        and kept.measure = fixed.measure
where
    kept.amount is distinct from fixed.amount
    or kept.enterprises is distinct from fixed.enterprises
