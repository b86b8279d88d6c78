with unusual as (
    select * from {{ ref('int_unusual_amounts') }}
),

unit_slips as (
    select
        receipt_id,
        row_sequence
    from {{ ref('int_unit_slips') }}
),

out_of_line as (
    select
        unusual.*,
        -- A decimal point, where the amount would fit without it.
        case
            when abs(abs(unusual.deviation) - ln(10)) <= {{ point_tolerance() }} then 10
            when abs(abs(unusual.deviation) - ln(100)) <= {{ point_tolerance() }} then 100
        end as times
    from unusual
    left join unit_slips
        on
            unusual.receipt_id = unit_slips.receipt_id
            and unusual.row_sequence = unit_slips.row_sequence
    where
        unit_slips.receipt_id is null
        and abs(unusual.deviation) >= {{ var('out_of_line_min_scales') }} * unusual.scale
        and abs(unusual.deviation) >= round(ln(
            case unusual.measure
                when 'jobs_created' then {{ var('out_of_line_min_factor_people') }}
                else {{ var('out_of_line_min_factor_baht') }}
            end
        ), 12)
        -- One other quarter says too little of what is usual to doubt more than the unit.
        and (not unusual.is_by_own or unusual.other_quarters > 1)
),

with_likely as (
    select
        *,
        {{ put_right('amount', 'times', 'deviation') }} as likely_amount
    from out_of_line
),

told as (
    select
        *,
        case
            when measure = 'jobs_created' then 0
            else abs(amount - coalesce(likely_amount, usual_amount))
        end as baht_at_stake,
        {{ amount_text('amount', 'measure', 'en') }}
        || case
            when deviation > 0 then ' is about ' || {{ factor_text('deviation') }} || ' times'
            else ' is about 1/' || {{ factor_text('deviation') }} || ' of'
        end
        || {{ usual_text('en') }}
        || coalesce(
            '; a decimal point may be in the wrong place: '
            || {{ amount_text('likely_amount', 'measure', 'en') }} || '.', '.'
        ) as evidence_en,
        {{ amount_text('amount', 'measure', 'th') }} || ' เป็นประมาณ '
        || case
            when deviation > 0 then {{ factor_text('deviation') }} || ' เท่า'
            else '1/' || {{ factor_text('deviation') }}
        end
        || {{ usual_text('th') }}
        || coalesce(
            ' จุดทศนิยมอาจผิดที่ น่าจะเป็น '
            || {{ amount_text('likely_amount', 'measure', 'th') }}, ''
        ) as evidence_th
    from with_likely
)

select * from told
