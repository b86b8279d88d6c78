with clusters as (
    select * from {{ ref('dim_cluster') }}
),

activities as (
    select * from {{ ref('fct_activity') }}
),

outcomes as (
    select * from {{ ref('fct_financial_outcome') }}
),

targets as (
    select * from {{ ref('fiscal_year_target') }}
),

cluster_activities as (
    select
        cluster_code,
        fiscal_year_be,
        count(*) as activities,
        sum(case when activity_type = 'linkage' then 1 else 0 end) as linkages,
        sum(spent_baht) as spent_baht
    from activities
    group by cluster_code, fiscal_year_be
),

cluster_outcomes as (
    select
        cluster_code,
        fiscal_year_be,
        sum(case when programme_measure = 'economic_expansion' then amount end)
            as economic_expansion_baht,
        sum(case when programme_measure = 'cost_reduction' then amount end) as cost_reduction_baht,
        sum(case when measure = 'jobs_created' then amount end) as jobs_created
    from outcomes
    group by cluster_code, fiscal_year_be
),

fiscal_years as (
    select fiscal_year_be from targets
    union distinct
    select fiscal_year_be from cluster_activities
    union distinct
    select fiscal_year_be from cluster_outcomes
),

member_years as (
    select * from {{ ref('fct_member_year') }}
),

members_of_years as (
    select
        cluster_code,
        fiscal_year_be,
        count(*) as members_expected,
        sum(case when is_reported then 1 else 0 end) as members_reported
    from member_years
    group by cluster_code, fiscal_year_be
),

cluster_suspicions as (
    select
        cluster_code,
        fiscal_year_be,
        count(*) as suspicions,
        sum(left_out_baht) as suspicious_baht
    from {{ ref('fct_suspicion') }}
    group by cluster_code, fiscal_year_be
),

final as (
    select
        clusters.cluster_code,
        fiscal_years.fiscal_year_be,
        clusters.cluster_name_th,
        clusters.branch,
        coalesce(members_of_years.members_expected, 0) as members,
        coalesce(cluster_activities.activities, 0) as activities,
        cast(coalesce(cluster_activities.linkages, 0) as bigint) as linkages,
        cast(coalesce(cluster_activities.spent_baht, 0) as decimal(38, 2)) as spent_baht,
        cast(coalesce(cluster_outcomes.economic_expansion_baht, 0) as decimal(38, 2))
            as economic_expansion_baht,
        cast(coalesce(cluster_outcomes.cost_reduction_baht, 0) as decimal(38, 2))
            as cost_reduction_baht,
        cast(coalesce(cluster_outcomes.jobs_created, 0) as bigint) as jobs_created,
        coalesce(members_of_years.members_expected, 0) as members_expected,
        cast(coalesce(members_of_years.members_reported, 0) as bigint) as members_reported,
        cast(members_of_years.members_reported as double) / members_of_years.members_expected
            as completeness_ratio,
        coalesce(cluster_suspicions.suspicions, 0) as suspicions,
        cast(coalesce(cluster_suspicions.suspicious_baht, 0) as decimal(38, 2)) as suspicious_baht
    from clusters
    cross join fiscal_years
    left join cluster_activities
        on
            clusters.cluster_code = cluster_activities.cluster_code
            and fiscal_years.fiscal_year_be = cluster_activities.fiscal_year_be
    left join cluster_outcomes
        on
            clusters.cluster_code = cluster_outcomes.cluster_code
            and fiscal_years.fiscal_year_be = cluster_outcomes.fiscal_year_be
    left join members_of_years
        on
            clusters.cluster_code = members_of_years.cluster_code
            and fiscal_years.fiscal_year_be = members_of_years.fiscal_year_be
    left join cluster_suspicions
        on
            clusters.cluster_code = cluster_suspicions.cluster_code
            and fiscal_years.fiscal_year_be = cluster_suspicions.fiscal_year_be
)

select * from final
order by cluster_code, fiscal_year_be
