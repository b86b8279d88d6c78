with outcomes as (
    select * from {{ ref('int_financial_outcomes') }}
    where row_status = 'current'
),

versions as (
    select * from {{ ref('int_file_versions') }}
),

final as (
    select
        outcomes.cluster_code,
        outcomes.enterprise_key,
        outcomes.fiscal_year_be,
        outcomes.fiscal_quarter,
        outcomes.measure,
        case
            when outcomes.measure in ('sales_increase', 'new_investment') then 'economic_expansion'
            when outcomes.measure = 'cost_reduction' then 'cost_reduction'
        end as programme_measure,
        outcomes.amount,
        outcomes.submitted_on,
        outcomes.first_submitted_on,
        versions.file_id,
        outcomes.sheet_name,
        outcomes.row_number,
        outcomes.membership_number
    from outcomes
    inner join versions
        on outcomes.receipt_id = versions.receipt_id
)

-- By fiscal year, cluster, enterprise, quarter and measure: memberships are numbered in that order.
select
    cluster_code,
    enterprise_key,
    fiscal_year_be,
    fiscal_quarter,
    measure,
    programme_measure,
    amount,
    submitted_on,
    first_submitted_on,
    file_id,
    sheet_name,
    row_number
from final
order by fiscal_year_be, membership_number, fiscal_quarter, measure
