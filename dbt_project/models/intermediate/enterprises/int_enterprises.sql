with memberships as (
    select * from {{ ref('int_member_registrations') }}
    where row_status = 'current'
),

size_limits as (
    select * from {{ ref('enterprise_size_limit') }}
),

-- One row a rule and kind of activity; the 2002 rule has no micro class and leaves its limits null.
limits as (
    select
        rule,
        activity_kind,
        max(case when size_class = 'micro' then max_employees end) as micro_employees,
        max(case when size_class = 'small' then max_employees end) as small_employees,
        max(case when size_class = 'medium' then max_employees end) as medium_employees,
        max(case when size_class = 'micro' then max_baht end) as micro_baht,
        max(case when size_class = 'small' then max_baht end) as small_baht,
        max(case when size_class = 'medium' then max_baht end) as medium_baht
    from size_limits
    group by rule, activity_kind
),

ranked as (
    select
        *,
        row_number() over (
            partition by enterprise_key
            order by submitted_on desc, receipt_id desc, row_sequence desc
        ) as newest_first
    from memberships
),

latest as (
    select
        *,
        -- TSIC 2009: division 47 is retail trade; trade that does not say so counts as wholesale.
        case
            when business_type != 'trade' then business_type
            when business_type = 'trade' and tsic_code like '47%' then 'retail'
            when business_type = 'trade' then 'wholesale'
        end as activity_kind_2002
    from ranked
    where newest_first = 1
),

ranks as (
    select
        latest.*,
        {{ size_rank('latest.employees', 'limits_2019', 'employees') }} as employees_rank_2019,
        {{ size_rank('latest.annual_revenue_baht', 'limits_2019', 'baht') }} as revenue_rank_2019,
        {{ size_rank('latest.employees', 'limits_2002', 'employees') }} as employees_rank_2002,
        {{ size_rank('latest.fixed_assets_baht', 'limits_2002', 'baht') }} as assets_rank_2002
    from latest
    left join limits as limits_2019
        on
            latest.business_type = limits_2019.activity_kind
            and limits_2019.rule = '2019'
    left join limits as limits_2002
        on
            latest.activity_kind_2002 = limits_2002.activity_kind
            and limits_2002.rule = '2002'
),

enterprises as (
    select
        enterprise_key,
        juristic_id,
        enterprise_name,
        enterprise_core_name,
        legal_form,
        legal_form_in_name,
        business_type,
        tsic_code,
        province_code,
        -- The regulation of 2019: where employees and revenue differ, revenue decides.
        {{ size_class_name('coalesce(revenue_rank_2019, employees_rank_2019)') }} as size_class,
        -- The regulation of 2002: where employees and fixed assets differ, the lower class governs.
        {{ size_class_name(
            'least('
            ~ 'coalesce(employees_rank_2002, assets_rank_2002), '
            ~ 'coalesce(assets_rank_2002, employees_rank_2002))'
        ) }} as size_class_2002,
        is_natural_person,
        submitted_on
    from ranks
)

select * from enterprises
