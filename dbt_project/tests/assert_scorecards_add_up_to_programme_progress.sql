-- Harmed when this fails: the programme's directors: the clusters' figures and the programme's,
-- read side by side, would contradict each other.
{{ config(
    meta={
        'dagster': {'ref': {'name': 'rpt_programme_progress'}},
        'action_th': 'แจ้งผู้ดูแลระบบ: ยอดของคลัสเตอร์รวมกันไม่เท่ายอดของโครงการ',
        'action_en': 'Report it to whoever looks after the models: the clusters do not add up to ' ~
            'the programme.',
    }
) }}

with scorecards as (
    select
        fiscal_year_be,
        sum(economic_expansion_baht) as economic_expansion_baht,
        sum(cost_reduction_baht) as cost_reduction_baht
    from {{ ref('rpt_cluster_scorecard') }}
    group by fiscal_year_be
)

select
    progress.fiscal_year_be,
    progress.measure,
    progress.actual_baht
from {{ ref('rpt_programme_progress') }} as progress
left join scorecards
    on progress.fiscal_year_be = scorecards.fiscal_year_be
where
    progress.actual_baht != coalesce(
        case progress.measure
            when 'economic_expansion' then scorecards.economic_expansion_baht
            else scorecards.cost_reduction_baht
        end, 0
    )
