with suspicions as (
    select * from {{ ref('int_suspicions') }}
),

final as (
    select
        suspicion_id,
        rule,
        cluster_code,
        other_cluster_code,
        enterprise_key,
        other_enterprise_key,
        activity_id,
        fiscal_year_be,
        fiscal_quarter,
        measure,
        case
            when measure in ('sales_increase', 'new_investment') then 'economic_expansion'
            when measure = 'cost_reduction' then 'cost_reduction'
        end as programme_measure,
        amount,
        likely_amount,
        baht_at_stake,
        left_out_baht,
        evidence_th,
        evidence_en,
        dataset,
        file_id,
        path,
        sheet_name,
        row_number
    from suspicions
)

select * from final
order by suspicion_id
