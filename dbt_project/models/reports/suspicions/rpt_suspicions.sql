with suspicions as (
    select * from {{ ref('fct_suspicion') }}
),

progress as (
    select * from {{ ref('rpt_programme_progress') }}
),

rules as (
    select * from {{ ref('suspicion_rule') }}
),

final as (
    select
        suspicions.suspicion_id,
        suspicions.rule,
        suspicions.cluster_code,
        suspicions.other_cluster_code,
        suspicions.enterprise_key,
        suspicions.other_enterprise_key,
        suspicions.activity_id,
        suspicions.fiscal_year_be,
        suspicions.fiscal_quarter,
        suspicions.measure,
        suspicions.amount,
        suspicions.likely_amount,
        suspicions.baht_at_stake,
        suspicions.evidence_th,
        suspicions.evidence_en,
        rules.action_th,
        rules.action_en,
        progress.measure as figure_measure,
        progress.actual_baht as figure_baht,
        cast(progress.actual_baht - suspicions.amount as decimal(38, 2)) as figure_without_baht,
        suspicions.file_id,
        suspicions.path,
        suspicions.sheet_name,
        suspicions.row_number
    from suspicions
    left join progress
        on
            suspicions.fiscal_year_be = progress.fiscal_year_be
            and suspicions.programme_measure = progress.measure
    left join rules
        on suspicions.rule = rules.rule
)

select * from final
order by baht_at_stake desc, suspicion_id asc
