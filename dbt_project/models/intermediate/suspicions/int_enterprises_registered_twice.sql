with lookalikes as (
    select * from {{ ref('int_lookalike_enterprises') }}
),

memberships as (
    select
        *,
        row_number() over (
            partition by enterprise_key
            order by submitted_on desc, receipt_id desc, row_sequence desc
        ) as newest_first,
        min(registered_on) over (partition by enterprise_key) as first_registered_on
    from {{ ref('int_member_registrations') }}
    where row_status = 'current'
),

latest as (
    select * from memberships
    where newest_first = 1
),

alike as (
    select enterprise_key from lookalikes
    union distinct
    select other_enterprise_key from lookalikes
),

reported as (
    select
        outcomes.enterprise_key,
        outcomes.fiscal_year_be,
        outcomes.fiscal_quarter,
        outcomes.measure,
        sum(outcomes.amount) as amount
    from {{ ref('int_financial_outcomes') }} as outcomes
    inner join alike
        on outcomes.enterprise_key = alike.enterprise_key
    where outcomes.row_status = 'current' and outcomes.measure != 'jobs_created'
    group by
        outcomes.enterprise_key,
        outcomes.fiscal_year_be,
        outcomes.fiscal_quarter,
        outcomes.measure
),

-- What both report for a quarter may be one thing told twice: at most the smaller of the two.
reported_by_both as (
    select
        lookalikes.enterprise_key,
        lookalikes.other_enterprise_key,
        sum(greatest(least(one.amount, other.amount), 0)) as amount
    from lookalikes
    inner join reported as one
        on lookalikes.enterprise_key = one.enterprise_key
    inner join reported as other
        on
            lookalikes.other_enterprise_key = other.enterprise_key
            and one.fiscal_year_be = other.fiscal_year_be
            and one.fiscal_quarter = other.fiscal_quarter
            and one.measure = other.measure
    group by lookalikes.enterprise_key, lookalikes.other_enterprise_key
),

pairs as (
    select
        lookalikes.enterprise_key as one_key,
        lookalikes.other_enterprise_key as another_key,
        coalesce(reported_by_both.amount, 0) as baht_at_stake,
        one.first_registered_on > another.first_registered_on as is_one_later
    from lookalikes
    inner join latest as one
        on lookalikes.enterprise_key = one.enterprise_key
    inner join latest as another
        on lookalikes.other_enterprise_key = another.enterprise_key
    left join reported_by_both
        on
            lookalikes.enterprise_key = reported_by_both.enterprise_key
            and lookalikes.other_enterprise_key = reported_by_both.other_enterprise_key
),

-- The suspicion stands at the later registration: that is the one to be taken back.
ordered as (
    select
        *,
        case when is_one_later then one_key else another_key end as enterprise_key,
        case when is_one_later then another_key else one_key end as other_enterprise_key
    from pairs
),

told as (
    select
        later.receipt_id,
        later.row_sequence,
        ordered.one_key,
        ordered.another_key,
        ordered.enterprise_key,
        ordered.other_enterprise_key,
        later.cluster_code,
        earlier.cluster_code as other_cluster_code,
        ordered.baht_at_stake,
        later.enterprise_name || ' (' || later.cluster_code || ') and '
        || earlier.enterprise_name || ' (' || earlier.cluster_code
        || ') are in one province and look like one enterprise under two ids; both report up to '
        || {{ number_text('ordered.baht_at_stake') }} || ' baht for the same quarters.'
            as evidence_en,
        later.enterprise_name || ' (' || later.cluster_code || ') กับ '
        || earlier.enterprise_name || ' (' || earlier.cluster_code
        || ') อยู่จังหวัดเดียวกันและดูเหมือนเป็นวิสาหกิจเดียวกันที่ใช้เลขทะเบียนสองเลข '
        || 'จำนวนที่รายงานในไตรมาสเดียวกันซ้ำกันได้ถึง '
        || {{ number_text('ordered.baht_at_stake') }} || ' บาท' as evidence_th,
        later.sheet_name,
        later.row_number
    from ordered
    inner join latest as later
        on ordered.enterprise_key = later.enterprise_key
    inner join latest as earlier
        on ordered.other_enterprise_key = earlier.enterprise_key
)

select * from told
