with unusual as (
    select * from {{ ref('int_unusual_amounts') }}
    where measure != 'jobs_created'
),

-- Typed as baht what is thousands or millions of baht, or the reverse.
as_if as (
    select
        *,
        case when abs(deviation) >= 1.5 * ln(1000) then 1000000 else 1000 end as times,
        abs(deviation)
        - ln(case when abs(deviation) >= 1.5 * ln(1000) then 1000000 else 1000 end)
            as deviation_without
    from unusual
),

slips as (
    select
        *,
        {{ put_right('amount', 'times', 'deviation') }} as likely_amount
    from as_if
    where
        -- How much likelier the value is as a slip than as it is: normal densities of one scale.
        (deviation * deviation - deviation_without * deviation_without) / (2 * scale * scale)
        >= {{ var('unit_slip_min_log_likelihood_ratio') }}
        and abs(deviation_without) <= least(3 * scale, ln({{ var('unit_slip_max_factor') }}))
        -- Of a million times a large amount nobody can have meant the product.
        and (deviation > 0 or abs(amount) < 10000000000)
),

told as (
    select
        *,
        abs(amount - likely_amount) as baht_at_stake,
        {{ amount_text('amount', 'measure', 'en') }}
        || case
            when deviation > 0 then ' is about ' || {{ number_text('times', 0) }} || ' times'
            else ' is about 1/' || {{ number_text('times', 0) }} || ' of'
        end
        || {{ usual_text('en') }}
        || '; it probably meant ' || {{ number_text('likely_amount') }} || '.' as evidence_en,
        {{ amount_text('amount', 'measure', 'th') }} || ' เป็นประมาณ '
        || case
            when deviation > 0 then {{ number_text('times', 0) }} || ' เท่า'
            else '1/' || {{ number_text('times', 0) }}
        end
        || {{ usual_text('th') }}
        || ' น่าจะหมายถึง ' || {{ number_text('likely_amount') }} || ' บาท' as evidence_th
    from slips
)

select * from told
