with outcomes as (
    select * from {{ ref('int_financial_outcomes') }}
    where row_status = 'current' and amount != 0
),

in_many_clusters as (
    select enterprise_key
    from {{ ref('int_member_registrations') }}
    where row_status = 'current'
    group by enterprise_key
    having count(*) > 1
),

copies as (
    select
        outcomes.*,
        row_number() over same as copy_number,
        first_value(outcomes.cluster_code) over same as other_cluster_code
    from outcomes
    inner join in_many_clusters
        on outcomes.enterprise_key = in_many_clusters.enterprise_key
    window same as (
        partition by
            outcomes.enterprise_key,
            outcomes.fiscal_year_be,
            outcomes.fiscal_quarter,
            outcomes.measure,
            outcomes.amount
        order by outcomes.receipt_id, outcomes.row_sequence
    )
),

extra_copies as (
    select * from copies
    where copy_number > 1
),

whole_reports as (
    select
        enterprise_key,
        cluster_code,
        other_cluster_code,
        fiscal_year_be,
        fiscal_quarter
    from extra_copies
    where measure != 'jobs_created'
    group by enterprise_key, cluster_code, other_cluster_code, fiscal_year_be, fiscal_quarter
    having count(*) > 1
),

-- Two clusters may well have led to one job each: small headcounts agree by chance, unless the
-- quarter's whole report was copied.
counted_twice as (
    select extra_copies.*
    from extra_copies
    left join whole_reports
        on
            extra_copies.enterprise_key = whole_reports.enterprise_key
            and extra_copies.cluster_code = whole_reports.cluster_code
            and extra_copies.other_cluster_code = whole_reports.other_cluster_code
            and extra_copies.fiscal_year_be = whole_reports.fiscal_year_be
            and extra_copies.fiscal_quarter = whole_reports.fiscal_quarter
    where
        extra_copies.measure != 'jobs_created'
        or abs(extra_copies.amount) >= {{ var('counted_twice_min_people') }}
        or whole_reports.enterprise_key is not null
),

told as (
    select
        *,
        case when measure = 'jobs_created' then 0 else abs(amount) end as baht_at_stake,
        'The enterprise reports the same ' || {{ amount_text('amount', 'measure', 'en') }}
        || ' of ' || measure || ' for quarter ' || cast(fiscal_quarter as string) || ' of '
        || cast(fiscal_year_be as string) || ' in ' || cluster_code || ' that it reported in '
        || other_cluster_code || ' before; it is counted once too often.' as evidence_en,
        'วิสาหกิจนี้รายงาน' || {{ measure_name_th('measure') }} || ' '
        || {{ amount_text('amount', 'measure', 'th') }} || ' ไตรมาส '
        || cast(fiscal_quarter as string) || ' ปีงบประมาณ ' || cast(fiscal_year_be as string)
        || ' ใน ' || cluster_code || ' เท่ากับที่รายงานไว้แล้วใน ' || other_cluster_code
        || ' จึงถูกนับซ้ำ' as evidence_th
    from counted_twice
)

select * from told
