-- Harmed when this fails: the programme's directors: the figure without what is doubted would be
-- too low or too high, by an outcome taken out twice or in part.
{{ config(
    meta={
        'dagster': {'ref': {'name': 'fct_suspicion'}},
        'action_th': 'ดูข้อสังเกตที่แสดง แล้วแจ้งผู้ดูแลระบบ',
        'action_en': 'Look at the suspicions it lists and report it.',
    }
) }}

with left_out as (
    select
        cluster_code,
        enterprise_key,
        fiscal_year_be,
        fiscal_quarter,
        measure,
        sum(left_out_baht) as left_out_baht
    from {{ ref('fct_suspicion') }}
    where left_out_baht != 0
    group by cluster_code, enterprise_key, fiscal_year_be, fiscal_quarter, measure
)

select
    left_out.cluster_code,
    left_out.enterprise_key,
    left_out.fiscal_year_be,
    left_out.fiscal_quarter,
    left_out.measure,
    left_out.left_out_baht
from left_out
left join {{ ref('fct_financial_outcome') }} as outcomes
    on
        left_out.cluster_code = outcomes.cluster_code
        and left_out.enterprise_key = outcomes.enterprise_key
        and left_out.fiscal_year_be = outcomes.fiscal_year_be
        and left_out.fiscal_quarter = outcomes.fiscal_quarter
        and left_out.measure = outcomes.measure
where outcomes.amount is null or left_out.left_out_baht != outcomes.amount
